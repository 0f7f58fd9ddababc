# SPDX-License-Identifier: Apache-2.0
"""Until when something must be done, and how pressing it is.

A received application must be accepted or its corrections asked for within a limit; silence beyond
it counts as acceptance from the day of receipt (行政许可法第三十二条第一款第（四）项). Then the clock
of the decision runs (第四十二条), then that of delivery (第四十四条). Limits come from the release a
case began under, the calendar is always the one in force.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.engines.definitions.kinds import Duration
from yiwang.engines.definitions.kinds.items import ItemKind
from yiwang.engines.process.clock import Due, compute_due
from yiwang.engines.process.events import ClockEvent, EventKind
from yiwang.engines.process.kinds import ClockFlag
from yiwang.engines.process.lights import Light, light_of
from yiwang.engines.process.rules import ClockRules
from yiwang.kernel.workdays import Limit, Unit

from .domain import promises, settings
from .models import Correction, Document, ItemCase

SILENT = ("submitted", "handed_over")
"""The states in which silence counts."""
_RECEIVED = ("submit", "earlier_ready")
_SUPPLIED = ("supply",)
RECEIVING = (*_RECEIVED, *_SUPPLIED)
"""The moves with which documents came: all that `intake_until` looks at."""


def received_on(case: ItemCase) -> dt.date:
    """The day the documents were there: of submission, or when the earlier result came."""
    return _last_move(case, _RECEIVED)


def _last_move(case: ItemCase, transitions: tuple[str, ...]) -> dt.date:
    times = [move.at for move in case.moves.all() if move.transition in transitions]
    return timezone.localdate(max(times, default=case.created_at))


def intake_until(case: ItemCase, opened: OpenRelease | None = None) -> dt.date | None:
    """The last day for accepting or asking; None when nothing is waiting for that. After a correction
    the day is the city's own setting, and silence beyond it means nothing.

    Args:
        opened: the release in force, when the caller has it already.
    """
    opened = opened or current()
    if case.state == "supplied":
        limit: Limit | None = settings.limit_of(opened.catalogue, settings.SUPPLIED_INTAKE)
        since = _last_move(case, _SUPPLIED)
    elif case.state in SILENT:
        since = received_on(case)
        limit = opened.clocks.rules("correction_notice", on=since).limit
    else:
        return None
    return opened.calendar.due(since, limit).date if limit else None


def correction_until(correction: Correction, opened: OpenRelease) -> dt.date:
    """The last day on which the applicant may put right what was asked for."""
    limit = settings.limit_of(opened.catalogue, settings.CORRECTION)
    return current().calendar.due(timezone.localdate(correction.asked_at), limit).date


# -- the clock of the decision


def events_of(case: ItemCase) -> list[ClockEvent]:
    """The clock events of a case, oldest first."""
    return [
        ClockEvent(
            kind=EventKind(row.kind),
            on=row.on,
            recorded_on=row.recorded_on,
            pause_kind=row.step,
            reason=row.reason,
            days=row.days,
            by=row.by,
            id=str(row.pk),
        )
        for row in case.clock.order_by("id")
    ]


def rules_of(case: ItemCase, opened: OpenRelease) -> ClockRules:
    """The rules of the case's decision clock. Only the limit of a licence (行政许可) can be extended:
    第四十二条 says nothing of other items."""
    rules = opened.clocks.rules("decision", on=timezone.localdate(case.created_at))
    licensing = opened.catalogue.items[case.item].kind is ItemKind.LICENSING
    return rules if licensing else replace(rules, extension=None)


def due_of(case: ItemCase, opened: OpenRelease, on: dt.date | None = None) -> Due:
    """When the case is due by the promised limit and why, as known on a day (default today)."""
    return _due(case, opened, opened.catalogue.items[case.item].promised_limit, events_of(case), on)


def legal_due_of(case: ItemCase, opened: OpenRelease, on: dt.date | None = None) -> Due:
    """When the case is due by the limit of the law. An extension that stays within that limit leaves
    it as it is; one that goes beyond moves it along."""
    events = events_of(case)
    plain = [event for event in events if event.kind is not EventKind.EXTEND]
    legal = _due(case, opened, opened.catalogue.items[case.item].legal_limit, plain, on)
    promised = due_of(case, opened, on)
    if legal.due_date is None or promised.due_date is None or promised.due_date <= legal.due_date:
        return legal
    return promised


def _due(
    case: ItemCase, opened: OpenRelease, limit: Duration, events: list[ClockEvent], on: dt.date | None
) -> Due:
    return compute_due(
        current().calendar,
        Limit(limit.days, Unit(limit.unit.value)),
        events,
        as_known_on=on or timezone.localdate(),
        rules=rules_of(case, opened),
    )


def light_now(case: ItemCase, opened: OpenRelease) -> Light:
    """The light of a case today; grey once its clock is stopped."""
    if opened.machine.clock(case.state) is ClockFlag.STOPPED:
        return Light.GREY
    return light_of(case.due_on, case.yellow_on, case.red_on, timezone.localdate())


def stopped_states() -> list[str]:
    """The states in which no clock runs any more."""
    return [state.id for state in current().machine.states if state.clock is ClockFlag.STOPPED]


# -- after the decision, and beside it


def deliver_by(case: ItemCase, opened: OpenRelease) -> dt.date | None:
    """The last day for handing the result over (第四十四条); None unless it lies ready."""
    decision = getattr(case, "decision", None)
    if case.state != "result_made" or decision is None:
        return None
    day = timezone.localdate(decision.at)
    limit = opened.clocks.rules("issue", on=day).limit
    return current().calendar.due(day, limit).date if limit else None


def promise_due(document: Document, opened: OpenRelease) -> dt.date | None:
    """Until when a promised document (容缺) must come: counted from the acceptance of each item that
    waits for it, the earliest counts; None while none is accepted."""
    found = []
    for case in document.application.items.all():
        start = case.clock.filter(kind=EventKind.START.value).first()
        if start is None:
            continue
        for use in promises.uses_of(opened.catalogue, [case.item], document.material):
            if use.deferrable:
                found.append(current().calendar.due(start.on, promises.limit_of(use.deferrable)).date)
    return min(found, default=None)


def special_until(case: ItemCase, opened: OpenRelease) -> dt.date | None:
    """The last day of the special step the case is in (限时办结): the item's own limit, else the list's."""
    begun = case.moves.exclude(step="").order_by("-id").first()
    if begun is None or begun.after != case.state:
        return None
    limit = special_limit(case.item, begun.step, opened)
    return current().calendar.due(timezone.localdate(begun.at), limit).date if limit else None


def special_limit(item: str, step: str, opened: OpenRelease) -> Limit | None:
    """How long a special step of an item may take."""
    for one in opened.catalogue.items[item].steps:
        if one.kind.value == step and one.limit is not None:
            return Limit(one.limit.days, Unit(one.limit.unit.value))
    listed = opened.clocks.steps[step].limit_on(timezone.localdate()) if step in opened.clocks.steps else None
    return Limit(listed.days, listed.unit) if listed else None


def days_ahead(opened: OpenRelease, name: str, day: dt.date) -> dt.date:
    """The day that lies a setting's number of days after `day`."""
    return current().calendar.due(day, settings.limit_of(opened.catalogue, name)).date
