# SPDX-License-Identifier: Apache-2.0
"""When is this case due? Computed from its events, for any day of knowledge, with the reasons.

Rules, in the order they are applied:
1. The day of acceptance is not counted (民法典第201条第一款).
2. A pause from day P resumed on day R takes out the days P+1 … R: an event takes effect from
   the day after it, as a term does (by analogy with the same article).
3. A pause that goes on is counted as if resumed on the day of knowledge; the result is
   provisional and moves with every day.
4. An extension adds its days; it must be approved before the limit has run out, not more often
   and not longer than the law lets (行政许可法第42条).
5. A limit in calendar days that ends on a closed day ends on the next day that is worked
   (民法典第203条).
6. The result is provisional when any day it counted or skipped lies in a year whose holiday
   notice is not out yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from yiwang.engines.process.events import ClockError, ClockEvent, Pause, Timeline, read_timeline
from yiwang.engines.process.rules import ClockRules
from yiwang.engines.process.span import CountedDay, SkippedDay, Span
from yiwang.kernel.dates import format_date
from yiwang.kernel.workdays import Half, Limit, Unit, WorkCalendar

__all__ = ["ClockState", "CountedDay", "Due", "SkippedDay", "compute_due"]


class ClockState(StrEnum):
    """What the clock does on the day of knowledge."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Due:
    """When a case is due and why. The reasons and the lists of days are worked out when asked for.

    `remaining` is in the unit of the limit and negative when overdue. `overdue` compares the due
    day with the day of knowledge, or with the day the clock was stopped.
    """

    state: ClockState
    as_known_on: date
    calendar_version: str
    due_date: date | None = None
    due_half: Half | None = None
    provisional: bool = False
    limit: Limit | None = None  # with extensions
    yellow_on: date | None = None
    red_on: date | None = None
    remaining: Decimal = Decimal(0)
    overdue: bool = False
    _found: _Reckoning | None = field(default=None, repr=False, compare=False)

    @property
    def counted(self) -> list[CountedDay]:
        """Each day that counts, up to the due day, with its half units."""
        return self._found.span.counted(self._found.end) if self._found else []

    @property
    def skipped(self) -> list[SkippedDay]:
        """Each day that does not count, up to the due day, with the reason."""
        return self._found.span.skipped(self._found.end) if self._found else []

    @property
    def explanations(self) -> tuple[str, ...]:
        """The reasons in Chinese sentences, with the clauses of the law."""
        return _explain(self._found) if self._found else ("尚未受理，期限没有起算。",)


def compute_due(
    calendar: WorkCalendar,
    limit: Limit,
    events: Sequence[ClockEvent],
    *,
    as_known_on: date,
    rules: ClockRules,
) -> Due:
    """The due day of `limit` by `events` and `calendar`, both as known on `as_known_on`.

    Raises ClockError (or Invalid from the rules) when the events are impossible together or an
    extension goes beyond the law.
    """
    known = calendar.as_known_on(as_known_on)
    timeline = read_timeline(events, known_on=as_known_on, rules=rules)
    if timeline.started is None:
        return Due(ClockState.NOT_STARTED, as_known_on, known.version, limit=limit)
    span = Span(known, timeline.started, _closed(timeline.pauses, as_known_on), limit.unit)
    total = _extended(span, limit, timeline, rules)
    end, half = span.end_of(total)
    return _answer(_Reckoning(known, timeline, span, total, end, half, as_known_on, rules))


@dataclass(frozen=True)
class _Reckoning:
    calendar: WorkCalendar
    timeline: Timeline
    span: Span
    total: Limit
    end: date
    half: Half | None
    known_on: date
    rules: ClockRules

    @property
    def by_calendar(self) -> bool:
        """Whether the result hangs on days not announced yet."""
        return self.calendar.is_provisional(self.span.start, self.end)


def _answer(it: _Reckoning) -> Due:
    measured = it.timeline.stopped or it.known_on
    return Due(
        state=_state(it.timeline),
        as_known_on=it.known_on,
        calendar_version=it.calendar.version,
        due_date=it.end,
        due_half=it.half,
        provisional=it.by_calendar or it.timeline.open_pause is not None,
        limit=it.total,
        yellow_on=_light(it.span, it.total, it.rules.yellow),
        red_on=_light(it.span, it.total, it.rules.red),
        remaining=_remaining(it, measured),
        overdue=measured > it.end,
        _found=it,
    )


def _remaining(it: _Reckoning, measured: date) -> Decimal:
    """Days left after `measured`; what a limit leaves unused of its last day is not among them."""
    left = it.span.amount(measured, it.end)
    if measured >= it.end or it.total.unit is Unit.CALENDAR:
        return left
    return left - (it.span.amount(it.span.start, it.end) - it.total.days)


def _state(timeline: Timeline) -> ClockState:
    if timeline.stopped is not None:
        return ClockState.STOPPED
    return ClockState.PAUSED if timeline.open_pause else ClockState.RUNNING


def _closed(pauses: Sequence[Pause], known_on: date) -> list[Pause]:
    """Pauses with the open one ended on the day of knowledge; empty ones left out."""
    ended = [Pause(pause.from_day, pause.to_day or known_on, pause.kind, pause.term) for pause in pauses]
    return [pause for pause in ended if pause.to_day is not None and pause.to_day > pause.from_day]


def _extended(span: Span, limit: Limit, timeline: Timeline, rules: ClockRules) -> Limit:
    """The limit with its extensions. Raises ClockError when the law does not allow one."""
    total = limit
    for number, event in enumerate(timeline.extensions, start=1):
        rule = rules.extension
        if rule is None:
            raise ClockError("这个期限依法不能延长。", mend="请在期限内作出决定。")
        if number > rule.times:
            raise ClockError(
                f"期限最多延长{rule.times}次，不能再延长。", mend=f"依据：{rule.basis}。请尽快作出决定。"
            )
        days = event.days or Decimal(0)
        if days > rule.at_most:
            raise ClockError(
                f"一次最多延长{_number(rule.at_most)}天，现为{_number(days)}天。",
                mend=f"依据：{rule.basis}。请减少延长天数。",
            )
        end, _ = span.end_of(total)
        if event.on > end:
            raise ClockError(
                f"{format_date(event.on)}延长期限时，期限已于{format_date(end)}届满。",
                mend="延长必须在期限届满前批准；请尽快作出决定并说明超期原因。",
            )
        total = Limit(total.days + days, total.unit)
    return total


def _light(span: Span, total: Limit, left: Decimal | None) -> date | None:
    """The first day on which no more than `left` days remain; the start day for a short limit."""
    return None if left is None else span.day_with(total.days - left)


def _explain(it: _Reckoning) -> tuple[str, ...]:
    unit = "个工作日" if it.total.unit is Unit.WORKING else "日"
    first = it.span.start + timedelta(days=1)
    said = [
        f"{format_date(it.span.start)}受理，当日不计入，自{format_date(first)}起算"
        f"（民法典第二百零一条第一款）。",
        f"期限共{_number(it.total.days)}{unit}。",
    ]
    for event in it.timeline.extensions:
        said.append(
            f"{format_date(event.on)}经批准延长{_number(event.days or Decimal(0))}{unit}：{event.reason}。"
        )
    for pause in it.timeline.pauses:
        said.append(_explain_pause(pause, it.known_on))
    if it.half is Half.AM:
        said.append(f"期限到{format_date(it.end)}上午止。")
    if it.total.unit is Unit.CALENDAR:
        said.append("最后一日不是工作日的，顺延到下一个工作日（民法典第二百零三条第一款）。")
    if it.by_calendar:
        said.append("期限跨入放假安排尚未公布的年份，结果是暂定的，公布后重新计算。")
    return tuple(said)


def _explain_pause(pause: Pause, known_on: date) -> str:
    begun = f"{format_date(pause.from_day)}起因{pause.term}中止计时，自次日起不计入"
    if pause.to_day is None:
        return f"{begun}，至今没有恢复；按{format_date(known_on)}恢复暂算。"
    return f"{begun}，{format_date(pause.to_day)}恢复，自次日起继续计算。"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
