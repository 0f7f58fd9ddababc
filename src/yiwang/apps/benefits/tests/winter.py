# SPDX-License-Identifier: Apache-2.0
"""The village of `support.winter` in this room's town, with its tables at hand."""

from __future__ import annotations

from support import winter as village
from yiwang.apps.benefits.models import Payout, Sheet
from yiwang.apps.benefits.tests.conftest import Town


class Winter(village.Winter):
    """The first firm of the town makes the coal."""

    def __init__(self, town: Town) -> None:
        self.town = town
        super().__init__(town.bosses[0], town.codes[0], "测试企业0有限公司")

    def begin(self, period: str = "2020-11") -> Sheet:
        """The village sums up and shows."""
        return Sheet.objects.get(public_id=self.sum_up(period))

    def paid(self) -> list[tuple[str, int, str]]:
        """Payments to payees: period, fen, state."""
        return [(row.period, row.fen, row.state) for row in Payout.objects.order_by("id")]
