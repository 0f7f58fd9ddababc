# SPDX-License-Identifier: Apache-2.0
"""Dates as people write and read them: ISO in, plain Chinese out.

Only calendar days live here; counting working days is `yiwang.kernel.workdays`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone

from yiwang.kernel.errors import Invalid

__all__ = ["BEIJING", "format_date", "format_weekday", "parse_date", "today_in_china"]

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Chinese legal time: UTC+8, no summer time since 1992."""

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_WEEKDAYS = "一二三四五六日"
_MEND = "请写成“年-月-日”，例如 2026-01-04。"


def parse_date(text: str, *, field: str | None = None) -> date:
    """The day written as `2026-01-04` (full-width digits and outer blanks are forgiven).

    Raises Invalid when the form is another one or there is no such day.
    """
    match = _ISO.fullmatch(unicodedata.normalize("NFKC", str(text)).strip())
    if match is None:
        raise Invalid("日期的写法不对。", mend=_MEND, field=field)
    year, month, day = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        raise Invalid("没有这一天。", mend=f"请核对年、月、日。{_MEND}", field=field) from None


def format_date(day: date) -> str:
    """`2026年1月4日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def format_weekday(day: date) -> str:
    """`星期日`."""
    return f"星期{_WEEKDAYS[day.weekday()]}"


def today_in_china() -> date:
    """Today by Beijing time, wherever the machine stands."""
    return datetime.now(BEIJING).date()
