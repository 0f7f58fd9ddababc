# SPDX-License-Identifier: Apache-2.0
"""How a sheet moves from the village to the city, and what it gives moves to the payee: declared once."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from yiwang.kernel.errors import Invalid
from yiwang.kernel.termed import Termed

_MONTH: Final = re.compile(r"20[0-9]{2}-[0-9]{2}")


class SheetState(Termed):
    """How a sheet stands."""

    SHOWN = "shown", "公示中"
    CHECKING = "checking", "逐级审核中"
    RETURNED = "returned", "已退回，等重新核实"
    PASSED = "passed", "审核通过"


class PayoutState(Termed):
    """How a payment to a payee stands."""

    READY = "ready", "等待拨付"
    FUNDING = "funding", "上级资金拨付中"
    ORDERED = "ordered", "拨付中"
    PAID = "paid", "已拨付"
    OFFSET = "offset", "已抵扣追回款，不另拨付"


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
