# SPDX-License-Identifier: Apache-2.0
"""Dates, times and durations of a DMN model: reading, writing, zones (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8).

Years run from 1 to 9999 and seconds have at most six decimals; what lies outside is null.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from yiwang.engines.rules.values import Months, duration_text, read_date

Temporal: TypeAlias = "date | time | timedelta | Months"

_TIME: Final = re.compile(
    r"(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})(?P<fraction>\.\d{1,9})?"
    r"(?P<zone>Z|z|[+-]\d{2}:\d{2}(?::\d{2})?|@[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*)?",
    re.ASCII,
)
_SPAN: Final = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>\d{1,9})D)?"
    r"(?P<clock>T(?:(?P<hours>\d{1,12})H)?(?:(?P<minutes>\d{1,12})M)?(?:(?P<seconds>\d{1,13}(?:\.\d*)?)S)?)?",
    re.ASCII,
)
_PERIOD: Final = re.compile(r"(?P<sign>-?)P(?:(?P<years>\d{1,10})Y)?(?:(?P<months>\d{1,10})M)?", re.ASCII)


def read_zone(text: str) -> tzinfo | None:
    """``Z``, ``+08:00`` or ``@Asia/Shanghai``. Raises ValueError for a zone that does not exist."""
    if not text:
        return None
    if text in ("Z", "z"):
        return UTC
    if text.startswith("@"):
        try:
            return ZoneInfo(text[1:])
        except (KeyError, OSError) as error:
            raise ValueError(text) from error
    parts = [int(part) for part in text[1:].split(":")]
    if parts[0] > 18 or any(part > 59 for part in parts[1:]):
        raise ValueError(text)
    offset = timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2] if len(parts) > 2 else 0)
    return timezone(-offset if text[0] == "-" else offset)


def read_time(text: str) -> time | None:
    """Read ``10:30:00``, with fraction and zone; None if there is no such time."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    micro = int((match["fraction"] or ".0")[1:7].ljust(6, "0"))
    try:
        zone = read_zone(match["zone"] or "")
        return time(int(match["hour"]), int(match["minute"]), int(match["second"]), micro, zone)
    except ValueError:
        return None


def read_date_time(text: str) -> datetime | None:
    """Read ``2026-01-31T10:30:00``; a date alone is its midnight. None if there is no such moment."""
    day, separator, clock = text.partition("T")
    first = read_date(day)
    if first is None:
        return None
    if not separator:
        return datetime.combine(first, time())
    if clock.startswith("24:00:00"):  # the end of a day is the beginning of the next
        midnight = read_time(clock.replace("24", "00", 1))
        return None if midnight is None else datetime.combine(first, midnight) + timedelta(days=1)
    found = read_time(clock)
    return None if found is None else datetime.combine(first, found)


def read_span(text: str) -> timedelta | Months | None:
    """Read a duration of either kind; None if it is neither."""
    match = _PERIOD.fullmatch(text)
    if match and (match["years"] or match["months"]):
        count = int(match["years"] or 0) * 12 + int(match["months"] or 0)
        return Months(-count if match["sign"] else count)
    match = _SPAN.fullmatch(text)
    if not match or not any(match[part] for part in ("days", "hours", "minutes", "seconds")):
        return None
    if match["clock"] == "T":
        return None
    seconds, _, fraction = (match["seconds"] or "0").partition(".")
    try:
        span = timedelta(
            days=int(match["days"] or 0), hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0),
            seconds=int(seconds), microseconds=int((fraction + "000000")[:6]),
        )  # fmt: skip
    except OverflowError:
        return None
    return -span if match["sign"] else span


def read_temporal(text: str) -> Temporal | None:
    """What ``@"…"`` stands for; None if it is nothing of the kind."""
    if "T" in text and not text.lstrip("-").startswith("P"):
        return read_date_time(text)
    return read_date(text) or _clock_or_span(text)


def _clock_or_span(text: str) -> Temporal | None:
    clock = read_time(text)  # midnight is a time too, though Python once held it false
    return read_span(text) if clock is None else clock


def zone_text(zone: tzinfo | None, at: date | time) -> str:
    """How a zone is written."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = offset_of(at) or timedelta()
    if not offset:
        return "Z"
    seconds = int(abs(offset).total_seconds())
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    tail = f":{rest:02d}" if rest else ""
    return f"{'-' if offset < timedelta() else '+'}{hours:02d}:{minutes:02d}{tail}"


def offset_of(value: date | time) -> timedelta | None:
    """The offset from UTC; of a time in a named zone, that of the first day of 1970."""
    if isinstance(value, time):
        if isinstance(value.tzinfo, ZoneInfo):
            return datetime.combine(date(1970, 1, 1), value).utcoffset()
        return value.utcoffset()
    return value.utcoffset() if isinstance(value, datetime) else None


def clock_text(value: time | datetime) -> str:
    """``10:30:00.5+08:00``."""
    fraction = f".{value.microsecond:06d}".rstrip("0") if value.microsecond else ""
    return f"{value:%H:%M:%S}{fraction}{zone_text(value.tzinfo, value)}"


def temporal_text(value: Temporal) -> str:
    """The text of a date, time or duration; the reverse of :func:`read_temporal`."""
    if isinstance(value, datetime):
        return f"{value.date().isoformat()}T{clock_text(value)}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return clock_text(value)
    if isinstance(value, timedelta) and (value.seconds or value.microseconds or not value):
        return _span_text(value)
    return duration_text(value)


def _span_text(value: timedelta) -> str:
    size = abs(value)
    minutes, seconds = divmod(size.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{size.microseconds:06d}".rstrip("0") if size.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction or not size:
        clock += f"{seconds}{fraction}S"
    days = f"{size.days}D" if size.days else ""
    return f"{'-' if value < timedelta() else ''}P{days}{'T' if clock else ''}{clock}"
