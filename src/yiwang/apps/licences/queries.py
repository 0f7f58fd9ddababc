# SPDX-License-Identifier: Apache-2.0
"""Read licences. Who may read them is decided by the case that asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.errors import NotFound

from .domain.states import Standing, usable
from .models import Licence


@dataclass(frozen=True)
class LicenceView:
    """A licence as others see it."""

    public_id: str
    material: str
    number: str
    holder: str
    issuer: str
    fields: Mapping[str, Any]
    valid_from: dt.date
    valid_until: dt.date | None
    standing: Standing
    case: str
    standing_reason: str = ""

    def usable_on(self, day: dt.date) -> bool:
        """Whether it proves anything on `day`."""
        return usable(self.standing, self.valid_from, self.valid_until, day)


def _view(row: Licence) -> LicenceView:
    return LicenceView(
        public_id=row.public_id,
        material=row.material,
        number=row.number,
        holder=row.holder,
        issuer=row.issuer,
        fields=row.fields,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        standing=Standing(row.standing),
        case=row.case,
        standing_reason=row.standing_reason,
    )


def held_by(holders: Collection[str]) -> list[LicenceView]:
    """Every licence of these people and firms, newest first, whatever its standing."""
    return [_view(row) for row in Licence.objects.filter(holder__in=holders).order_by("-valid_from", "-id")]


def licence(public_id: str) -> LicenceView:
    """One licence. Raises NotFound."""
    row = Licence.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound("没有这个证照。", mend="请核对编号。")
    return _view(row)


def licences(public_ids: Collection[str]) -> list[LicenceView]:
    """Several licences, in no order."""
    return [_view(row) for row in Licence.objects.filter(public_id__in=public_ids)]
