# SPDX-License-Identifier: Apache-2.0
"""What an officer may do with an item case now: the moves of the process, as far as this officer may
make them and this item can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.engines.definitions.kinds.items import StepKind
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor

from .commands.receiving import lies_elsewhere
from .domain.places import handles, within_reach
from .domain.roles import parts_of, takes_in
from .models import ItemCase
from .queries import scope_of

_INTAKE = frozenset({"accept", "refuse_acceptance", "ask_correction", "hand_over"})
_DECIDED_WHERE_HANDLED = frozenset({"accept", "refuse_acceptance"})
_SURVEY = frozenset({"begin_survey", "end_survey"})
_PROPOSE = frozenset({"propose_at_once", "propose_decision"})
_SPECIAL = {"begin_special_paused": True, "begin_special_counted": False}
_OF_THE_WHOLE = frozenset({"supply", "lapse", "make_result", "deliver", "archive"})
"""Moves that happen by themselves, or to the whole application at once."""


@dataclass(frozen=True)
class ActionView:
    """A move an officer may make now."""

    id: str
    term: str
    says: str
    needs: Sequence[str]


def actions_of(actor: Actor, case: ItemCase, opened: OpenRelease) -> list[ActionView]:
    """The moves of the process that this actor may make and this item can make."""
    parts = parts_of(actor, scope_of(case.application, case)) - {Part.SYSTEM, Part.APPLICANT}
    taken = [move.transition for move in case.moves.all()]
    hidden = _hidden(actor, case, opened)
    return [
        ActionView(move.id, move.term, move.says, [need.value for need in move.needs])
        for move in opened.machine.allowed(case.state, taken=taken)
        if parts & set(move.who) and move.id not in hidden
    ]


def _hidden(actor: Actor, case: ItemCase, opened: OpenRelease) -> set[str]:
    """The moves that the state allows and this case or this actor does not."""
    stops = {stopping for _, _, stopping in special_steps_of(case, opened)}
    hidden = set(_OF_THE_WHOLE) | {move for move, stopping in _SPECIAL.items() if stopping not in stops}
    if not takes_in(actor, scope_of(case.application, case)):
        hidden |= _INTAKE
    if lies_elsewhere(case.application, case):
        hidden |= _DECIDED_WHERE_HANDLED
    if not reachable_from(case, opened):
        hidden.add("hand_over")
    finding = getattr(case, "finding", None)
    if finding is not None and finding.at is None:
        return hidden | _PROPOSE  # a site visit first, then the opinion
    to_be_repeated = finding is not None and finding.passed is False
    return hidden if to_be_repeated else hidden | _SURVEY


def special_steps_of(case: ItemCase, opened: OpenRelease) -> list[tuple[str, str, bool]]:
    """The special steps of this item: (kind, term, whether the clock stops)."""
    kinds = opened.clocks.steps
    listed = dict.fromkeys(step.kind.value for step in opened.catalogue.items[case.item].steps)
    survey = StepKind.SITE_SURVEY.value
    return [(k, kinds[k].term, kinds[k].stops_clock) for k in listed if k in kinds and k != survey]


def reachable_from(case: ItemCase, opened: OpenRelease) -> list[tuple[str, str]]:
    """The places the case may be handed over to, the one asked for first: (id, name)."""
    item, places = opened.catalogue.items[case.item], opened.catalogue.places
    found = [
        (place.id, place.name)
        for place in places.values()
        if handles(place) and place.id != case.place and within_reach(item, case.place, place.id, places)
    ]
    return sorted(found, key=lambda place: place[0] != case.application.handling_place)
