# SPDX-License-Identifier: Apache-2.0
"""Clock events as JSON: a list of objects, see docs/formats/clock.md."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError

from yiwang.engines.definitions.kinds import Part
from yiwang.engines.process.events import ClockEvent, EventKind
from yiwang.kernel.errors import Invalid

__all__ = ["dump_events", "parse_events"]

_WRONG = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "enum": "不是可用的值",
    "date_from_datetime_parsing": "不是正确的日期",
    "date_parsing": "不是正确的日期",
    "decimal_parsing": "不是数字",
    "decimal_type": '应写成文字，例如 "10"',
    "list_type": "应是列表",
    "string_type": "应是文字",
}


class _Entry(Part):
    kind: EventKind
    on: dt.date
    recorded_on: dt.date | None = None
    pause_kind: str = ""
    reason: str = ""
    days: Decimal | None = None
    by: str = ""
    id: str = ""
    voids: str = ""


_entries: TypeAdapter[list[_Entry]] = TypeAdapter(list[_Entry])


def parse_events(text: str) -> list[ClockEvent]:
    """The events written in `text`; `recorded_on` left out is the day itself.

    Raises Invalid (ClockError for an event that cannot be) naming the entry, counted from 1.
    """
    try:
        raw = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise Invalid(f"第{error.lineno}行不是正确的 JSON。", mend="请核对括号、引号和逗号。") from None
    try:
        entries = _entries.validate_python(raw)
    except ValidationError as error:
        raise _explain(error) from None
    return [
        ClockEvent(**{**entry.model_dump(), "recorded_on": entry.recorded_on or entry.on})
        for entry in entries
    ]


def dump_events(events: Sequence[ClockEvent]) -> list[dict[str, str]]:
    """The events as plain JSON values; what is empty is left out. `parse_events` reads it back."""
    return [_plain(event) for event in events]


def _plain(event: ClockEvent) -> dict[str, str]:
    written = {
        "kind": event.kind.value,
        "on": event.on.isoformat(),
        "recorded_on": event.recorded_on.isoformat(),
        "pause_kind": event.pause_kind,
        "reason": event.reason,
        "days": f"{event.days:f}" if event.days is not None else "",
        "by": event.by,
        "id": event.id,
        "voids": event.voids,
    }
    return {key: value for key, value in written.items() if value}


def _explain(error: ValidationError) -> Invalid:
    first: Any = error.errors()[0]
    place = list(first["loc"])
    what = _WRONG.get(first["type"], "写法不对")
    if place and isinstance(place[0], int):
        entry, key = place[0] + 1, ".".join(str(part) for part in place[1:])
        return Invalid(
            f"第{entry}条计时记录的“{key}”：{what}。" if key else f"第{entry}条计时记录：{what}。",
            mend="格式见 docs/formats/clock.md。",
        )
    return Invalid(f"计时记录：{what}。", mend="请写成记录的列表，格式见 docs/formats/clock.md。")
