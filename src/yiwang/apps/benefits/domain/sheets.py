# SPDX-License-Identifier: Apache-2.0
"""How a sheet moves from the village to the city, and what it gives moves to the payee: declared once."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Final

from yiwang.kernel.errors import Invalid

_MONTH: Final = re.compile(r"20[0-9]{2}-[0-9]{2}")


class SheetState(StrEnum):
    """How a sheet stands."""

    SHOWN = "shown"
    CHECKING = "checking"
    RETURNED = "returned"
    PASSED = "passed"

    @property
    def term(self) -> str:
        """In a few words."""
        return _SHEET[self]


class PayoutState(StrEnum):
    """How a payment to a payee stands."""

    READY = "ready"
    FUNDING = "funding"
    ORDERED = "ordered"
    PAID = "paid"
    OFFSET = "offset"

    @property
    def term(self) -> str:
        """In a few words."""
        return _PAYOUT[self]


_SHEET: Final = {
    SheetState.SHOWN: "公示中",
    SheetState.CHECKING: "逐级审核中",
    SheetState.RETURNED: "已退回，等重新核实",
    SheetState.PASSED: "审核通过",
}
_PAYOUT: Final = {
    PayoutState.READY: "等待拨付",
    PayoutState.FUNDING: "上级资金拨付中",
    PayoutState.ORDERED: "拨付中",
    PayoutState.PAID: "已拨付",
    PayoutState.OFFSET: "已抵扣追回款，不另拨付",
}


def read_period(text: str) -> tuple[dt.date, dt.date]:
    """The first and last day of a month written `2020-11`. Raises Invalid."""
    try:
        if not _MONTH.fullmatch(text):
            raise ValueError
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid("月份读不懂。", mend="请写成年-月，例如 2020-11。", field="period") from None
    return first, (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def period_words(period: str) -> str:
    """A month in words."""
    year, month = period.split("-")
    return f"{year}年{int(month)}月"
