# SPDX-License-Identifier: Apache-2.0
"""Move an item case: the only place where a state changes, a clock event is written, a light is set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from yiwang.engines.process.events import EventKind
from yiwang.engines.process.kinds import ClockEffect, Need

from ..deadlines import deliver_by, due_of
from ..models import ClockRow, ItemCase, Move
from ._context import Context, act_as
from ._promises import lapse_all

_EVENTS = {
    ClockEffect.START: EventKind.START,
    ClockEffect.PAUSE: EventKind.PAUSE,
    ClockEffect.RESUME: EventKind.RESUME,
    ClockEffect.STOP: EventKind.STOP,
}


def move(  # noqa: PLR0913 - a move has this many parts; the caller names each
    context: Context,
    case: ItemCase,
    transition: str,
    *,
    words: str = "",
    given: Collection[Need] = (),
    step: str = "",
    on: dt.date | None = None,
) -> None:
    """Make one move of the process and everything that follows from it for the clock.

    Args:
        words: opinion or reason, kept with the move.
        given: what the actor supplied of what the move needs.
        step: the special step, for moves that begin one; kept with the move.
        on: the day it is true in law (default today).

    Raises:
        IllegalMove, NotAllowed, Invalid: as the process says.
    """
    machine = context.release.machine
    definition = machine.transition(transition)
    taken = set(case.moves.values_list("transition", flat=True))
    after = machine.move(
        case.state, transition, by=act_as(context, case, definition), given=given, taken=taken
    )
    Move.objects.create(
        item_case=case,
        transition=transition,
        before=case.state,
        after=after,
        at=context.now,
        actor=context.actor.id,
        actor_name=context.actor.name,
        words=words,
        step=step,
    )
    if definition.clock in _EVENTS:
        _clock_event(
            context, case, _EVENTS[definition.clock], on=on or context.today, step=step, reason=words
        )
    if machine.is_final(after):
        lapse_all(context)  # an item that has ended waits for nothing
    _arrive(context, case, after)
    context.note("item.moved", about=case.public_id, detail={"transition": transition, "to": after})


def _arrive(context: Context, case: ItemCase, state: str) -> None:
    case.state = state
    case.open = not context.release.machine.is_final(state)
    case.closed_at = None if case.open else context.now
    set_due(context, case)
    case.version += 1
    case.save()


def _clock_event(
    context: Context, case: ItemCase, kind: EventKind, *, on: dt.date, step: str = "", reason: str = ""
) -> None:
    if kind is EventKind.STOP and not case.clock.filter(kind=EventKind.START).exists():
        return  # withdrawn or ended before acceptance: no clock ran
    ClockRow.objects.create(
        item_case=case,
        kind=kind.value,
        on=on,
        recorded_on=context.today,
        step=step,
        reason=reason[:300],
        by=context.actor.id,
    )


def extend_clock(context: Context, case: ItemCase, days: Decimal, reason: str) -> None:
    """Write an extension; the engine refuses one beyond the law (行政许可法第四十二条)."""
    ClockRow.objects.create(
        item_case=case,
        kind=EventKind.EXTEND.value,
        on=context.today,
        recorded_on=context.today,
        days=days,
        reason=reason[:300],
        by=context.actor.id,
    )
    set_due(context, case)
    case.version += 1
    case.save()
    context.note("item.extended", about=case.public_id, detail={"days": str(days)})


def set_due(context: Context, case: ItemCase) -> None:
    """Recompute due dates and lights from the clock rows and the decision."""
    due = due_of(case, context.release, context.today)
    case.due_on, case.provisional = due.due_date, due.provisional
    case.calendar_version = due.calendar_version
    case.yellow_on, case.red_on = due.yellow_on, due.red_on
    case.deliver_by = deliver_by(case, context.release)
