# SPDX-License-Identifier: Apache-2.0
"""The clock events of one case: append-only, each with two dates.

`on` is the day it is true in law, `recorded_on` the day it was written down. What was known on
a day is what had been recorded by that day. A wrong entry is not deleted: a `void` event names
the entry it takes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from yiwang.engines.process.rules import ClockRules
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Invalid

__all__ = ["ClockError", "ClockEvent", "EventKind", "Pause", "Timeline", "read_timeline"]


class ClockError(Invalid):
    """The clock events do not make sense together, or go beyond the law."""


class EventKind(StrEnum):
    """What happened to the clock."""

    START = "start"  # 受理: the day is not counted
    PAUSE = "pause"  # 中止计时: the days after it are not counted
    RESUME = "resume"  # 恢复计时: the days after it are counted again
    EXTEND = "extend"  # 延长期限
    STOP = "stop"  # 作出决定或终止办理
    VOID = "void"  # 撤销一条误登记的记录


_TERMS = {
    EventKind.START: "受理",
    EventKind.PAUSE: "中止计时",
    EventKind.RESUME: "恢复计时",
    EventKind.EXTEND: "延长期限",
    EventKind.STOP: "办结",
    EventKind.VOID: "撤销登记",
}


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One entry. `pause_kind` is the special step of a pause; `days` the working days (or, for a
    limit in calendar days, days) an extension adds; `voids` the id of the entry taken back.

    Raises ClockError when a field that the kind needs is missing, or a date is impossible.
    """

    kind: EventKind
    on: date
    recorded_on: date
    pause_kind: str = ""
    reason: str = ""
    days: Decimal | None = None
    by: str = ""
    id: str = ""
    voids: str = ""

    def __post_init__(self) -> None:
        if self.recorded_on < self.on:
            raise ClockError(
                f"“{self.term}”的登记日期（{format_date(self.recorded_on)}）早于发生日期"
                f"（{format_date(self.on)}）。",
                mend="请在事情发生之后登记，或核对日期。",
            )
        if self.kind is EventKind.PAUSE and not self.pause_kind:
            raise ClockError("中止计时没有写明特殊环节。", mend="请写明是哪一个特殊环节，例如听证。")
        if self.kind is EventKind.EXTEND and (self.days is None or not self.reason or not self.by):
            raise ClockError("延长期限必须写明天数、理由和批准人。", mend="延长的理由还应当告知申请人。")
        if self.kind is EventKind.EXTEND and self.days is not None and self.days <= 0:
            raise ClockError("延长的天数必须大于0。", mend="请核对延长天数。")
        if self.kind is EventKind.VOID and not self.voids:
            raise ClockError("撤销登记没有写明撤销哪一条。", mend="请写明被撤销记录的编号。")

    @property
    def term(self) -> str:
        """The Chinese word for the kind."""
        return _TERMS[self.kind]


@dataclass(frozen=True, slots=True)
class Pause:
    """Days after `from_day` up to and with `to_day` are not counted; None: not resumed yet."""

    from_day: date
    to_day: date | None
    kind: str
    term: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events of one case in order and proved consistent."""

    started: date | None
    pauses: tuple[Pause, ...]
    extensions: tuple[ClockEvent, ...]
    stopped: date | None

    @property
    def open_pause(self) -> Pause | None:
        """The pause that goes on, if any."""
        last = self.pauses[-1] if self.pauses else None
        return last if last is not None and last.to_day is None else None


def read_timeline(events: Sequence[ClockEvent], *, known_on: date, rules: ClockRules) -> Timeline:
    """The events recorded by `known_on`, ordered by legal day (equal days: as recorded).

    Raises ClockError for what cannot be: no start or two, a pause before the start, within
    another, for a step that does not stop the clock, a resumption without pause, anything after
    the stop, a void that names nothing. Extensions are checked against the law by the clock.
    """
    known = [event for event in events if event.recorded_on <= known_on]
    ordered = sorted(_without_voided(known), key=lambda event: event.on)
    reader = _Reader(rules)
    for event in ordered:
        reader.take(event)
    return reader.timeline()


def _without_voided(events: Sequence[ClockEvent]) -> list[ClockEvent]:
    ids = [event.id for event in events if event.id]
    if len(ids) != len(set(ids)):
        raise ClockError("有两条计时记录的编号相同。", mend="请核对记录编号。")
    voided = {event.voids for event in events if event.kind is EventKind.VOID}
    if not voided <= set(ids):
        raise ClockError("要撤销的计时记录不存在。", mend="请核对被撤销记录的编号。")
    if any(event.id in voided for event in events if event.kind is EventKind.VOID):
        raise ClockError("撤销登记本身不能再撤销。", mend="请重新登记正确的记录。")
    return [event for event in events if event.kind is not EventKind.VOID and event.id not in voided]


class _Reader:
    """Takes events in legal order, one small rule for each kind."""

    def __init__(self, rules: ClockRules) -> None:
        self.rules = rules
        self.started: date | None = None
        self.stopped: date | None = None
        self.pauses: list[Pause] = []
        self.extensions: list[ClockEvent] = []

    def take(self, event: ClockEvent) -> None:
        """Apply one event. Raises ClockError when it cannot follow what was taken."""
        when = format_date(event.on)
        if self.stopped is not None:
            raise ClockError(
                f"{when}的“{event.term}”发生在办结之后。", mend="办结后计时不再变动，请核对日期。"
            )
        if self.started is None and event.kind is not EventKind.START:
            raise ClockError(f"{when}的“{event.term}”发生在受理之前。", mend="请先登记受理，或核对日期。")
        {
            EventKind.START: self._start,
            EventKind.PAUSE: self._pause,
            EventKind.RESUME: self._resume,
            EventKind.EXTEND: self.extensions.append,
            EventKind.STOP: self._stop,
        }[event.kind](event)

    def _start(self, event: ClockEvent) -> None:
        if self.started is not None:
            raise ClockError("同一办件登记了两次受理。", mend="请撤销其中误登记的一条。")
        self.started = event.on

    def _pause(self, event: ClockEvent) -> None:
        if self._open() is not None:
            raise ClockError(
                f"{format_date(event.on)}中止计时的时候，前一次中止还没有恢复。",
                mend="请先登记前一次中止的恢复日期；两个环节同时进行时只登记一次中止。",
            )
        term = self.rules.require_stop(event.pause_kind)
        self.pauses.append(Pause(event.on, None, event.pause_kind, term))

    def _resume(self, event: ClockEvent) -> None:
        last = self._open()
        if last is None:
            raise ClockError(
                f"{format_date(event.on)}恢复计时，但此前没有中止。", mend="请先登记中止，或核对日期。"
            )
        self.pauses[-1] = Pause(last.from_day, event.on, last.kind, last.term)

    def _stop(self, event: ClockEvent) -> None:
        self.stopped = event.on
        last = self._open()
        if last is not None:
            self.pauses[-1] = Pause(last.from_day, event.on, last.kind, last.term)

    def _open(self) -> Pause | None:
        last = self.pauses[-1] if self.pauses else None
        return last if last is not None and last.to_day is None else None

    def timeline(self) -> Timeline:
        """What was read."""
        return Timeline(self.started, tuple(self.pauses), tuple(self.extensions), self.stopped)
