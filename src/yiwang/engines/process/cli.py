# SPDX-License-Identifier: Apache-2.0
"""`yiwang clock`: when is it due, and why. What is wrong ends with code 2 and a Chinese line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from yiwang.engines.definitions.loader import default_directory
from yiwang.engines.process.clock import Due, compute_due
from yiwang.engines.process.event_file import parse_events
from yiwang.engines.process.events import ClockEvent, EventKind
from yiwang.engines.process.load import load_calendar, load_clocks
from yiwang.kernel.dates import format_date, format_weekday, parse_date, today_in_china
from yiwang.kernel.errors import Invalid, YiwangError
from yiwang.kernel.workdays import Half, Limit, Unit

__all__ = ["clock"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


class _Wrong(click.ClickException):
    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(f"错误：{self.message}", err=True)


def _in_chinese(command: Callable[_P, _R]) -> Callable[_P, _R]:
    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except YiwangError as error:
            raise _Wrong(str(error)) from None

    return run


@click.group()
def clock() -> None:
    """推算期限：工作日、节假日、暂停与顺延。"""


@clock.command()
@click.option("--start", help="起算（受理）日期，如 2026-01-04；记录文件里有受理时可省略")
@click.option("--days", help="期限天数，最小到半天，如 20 或 0.5")
@click.option("--unit", default="working", show_default=True, help="working 工作日，calendar 自然日")
@click.option("--events", "events_file", help="计时记录文件（JSON），格式见 docs/formats/clock.md")
@click.option("--as-known-on", help="按这一天已知的情况计算，默认今天（假设的受理日在今后的，为该日）")
@click.option("--rules", "limit_name", default="decision", show_default=True, help="适用哪一项法定期限的规则")
@click.option("--definitions", help="业务定义目录")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@_in_chinese
def due(**given: Any) -> None:
    """推算到期日，并逐日说明哪些天计入、哪些天不计入。"""
    asked = _Asked(**given)
    limit = _limit(asked.days, asked.unit)
    events = _events(asked.start, asked.events_file)
    known_on = _known_on(asked.as_known_on, events)
    root = Path(asked.definitions) if asked.definitions else default_directory()
    begun = next(event.on for event in events if event.kind is EventKind.START)
    rules = load_clocks(root).rules(asked.limit_name, on=begun)
    answer = compute_due(load_calendar(root), limit, events, as_known_on=known_on, rules=rules)
    if asked.as_json:
        click.echo(json.dumps(as_plain(answer), ensure_ascii=False, indent=2))
    else:
        click.echo(_told(answer))


@dataclass(frozen=True)
class _Asked:
    start: str | None
    days: str | None
    unit: str
    events_file: str | None
    as_known_on: str | None
    limit_name: str
    definitions: str | None
    as_json: bool


def as_plain(answer: Due) -> dict[str, Any]:
    """The answer as plain JSON values, every figure as text or whole number."""
    limit = answer.limit
    return {
        "state": answer.state.value,
        "due_date": _iso(answer.due_date),
        "due_half": answer.due_half.value if answer.due_half else None,
        "provisional": answer.provisional,
        "as_known_on": answer.as_known_on.isoformat(),
        "calendar_version": answer.calendar_version,
        "limit": {"days": _number(limit.days), "unit": limit.unit.value} if limit else None,
        "yellow_on": _iso(answer.yellow_on),
        "red_on": _iso(answer.red_on),
        "remaining": _number(answer.remaining),
        "overdue": answer.overdue,
        "counted": [{"date": day.date.isoformat(), "half_units": day.half_units} for day in answer.counted],
        "skipped": [{"date": day.date.isoformat(), "reason": day.reason} for day in answer.skipped],
        "explanations": list(answer.explanations),
    }


def _limit(days: str | None, unit: str) -> Limit:
    if days is None:
        raise Invalid("没有期限天数。", mend="请用 --days 给出天数，例如 --days 20。", field="--days")
    try:
        amount = Decimal(days)
    except InvalidOperation:
        raise Invalid("期限天数不是数字。", mend="请写成例如 20 或 0.5。", field="--days") from None
    if unit not in list(Unit):
        raise Invalid(
            "期限的单位不对。", mend="请写 working（工作日）或 calendar（自然日）。", field="--unit"
        )
    return Limit(amount, Unit(unit))


def _events(start: str | None, path: str | None) -> Sequence[ClockEvent]:
    events = parse_events(_text(path)) if path else []
    begun = [event.on for event in events if event.kind is EventKind.START]
    if start is None:
        if not begun:
            raise Invalid("没有起算日期。", mend="请用 --start 给出受理日期，或写在记录文件里。")
        return events
    first = parse_date(start, field="--start")
    if not begun:
        return [ClockEvent(EventKind.START, first, first), *events]
    if first not in begun:
        raise Invalid("--start 与记录文件里的受理日期不同。", mend="请核对，或去掉 --start。")
    return events


def _known_on(text: str | None, events: Sequence[ClockEvent]) -> date:
    """The day asked for; else today, or later where an event asked about lies ahead."""
    if text:
        return parse_date(text, field="--as-known-on")
    return max(today_in_china(), *(event.recorded_on for event in events))


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Invalid("读不到计时记录文件。", mend="请核对文件位置，文件用 UTF-8 编码。") from None


def _told(answer: Due) -> str:
    if answer.due_date is None:
        return "\n".join(answer.explanations)
    half = "上午" if answer.due_half is Half.AM else ""
    mark = "（暂定）" if answer.provisional else ""
    lines = [
        f"到期日：{format_date(answer.due_date)}{half}（{format_weekday(answer.due_date)}）{mark}",
        f"日历版本：{answer.calendar_version}，按{format_date(answer.as_known_on)}已知的情况计算",
        *answer.explanations,
        f"计入{len(answer.counted)}天，不计入{len(answer.skipped)}天：",
        *(f"  {day.date.isoformat()} {day.reason}" for day in answer.skipped),
    ]
    return "\n".join(lines)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
