# SPDX-License-Identifier: Apache-2.0
"""Open the item cases of a submitted application, and the site visits they need."""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.apps.journal.public import store
from yiwang.engines.definitions.kinds import Item
from yiwang.engines.definitions.kinds.items import Step, StepKind
from yiwang.engines.planning import Plan
from yiwang.engines.planning.conditions import Judge
from yiwang.kernel.ids import new_public_id

from ..domain.places import starting_place
from ..domain.values import from_json
from ..models import Finding, ItemCase, Move, Visit
from ._context import Context


def open_items(context: Context, planned: Plan) -> None:
    """One case per item: those whose inputs exist are submitted, the others wait for their inputs."""
    application, items = context.application, context.release.catalogue.items
    waits: dict[str, list[str]] = {}
    for edge in planned.edges:
        waits.setdefault(edge.after, []).append(edge.before)
    cases = [
        ItemCase(
            public_id=new_public_id("i"),
            application=application,
            item=item.id,
            org=items[item.id].org,
            place=starting_place(
                waits=item.id in waits,
                receiving=application.receiving_place,
                handling=application.handling_place,
            ),
            state="waiting_earlier" if item.id in waits else "submitted",
            waits_for=sorted(set(waits.get(item.id, ()))),
            created_at=context.now,
        )
        for item in planned.included
    ]
    store(cases)
    store(_first_move(context, case) for case in cases)
    _open_visits(context, planned, {case.item: case for case in cases})


def _first_move(context: Context, case: ItemCase) -> Move:
    return Move(
        item_case=case,
        transition="submit_waiting" if case.waits_for else "submit",
        before="draft",
        after=case.state,
        at=context.now,
        actor=context.actor.id,
        actor_name=context.actor.name,
    )


def _open_visits(context: Context, planned: Plan, made: Mapping[str, ItemCase]) -> None:
    """Joint visits as planned; an item that looks at a place alone gets a visit of its own."""
    alone = dict(made)
    for joint in planned.visits:
        together = [item for item in joint.items if alone.pop(item, None) is not None]
        _open_visit(context, joint.place, [made[item] for item in together])
    surveys = {item: found for item in alone if (found := _surveys(context.release.catalogue.items[item]))}
    if not surveys:
        return
    values = from_json(context.release.catalogue, {**context.application.answers, **context.application.form})
    judge = Judge(context.release.catalogue, values)
    for item, found in surveys.items():
        if place := next((one.visits for one in found if judge.holds(one.when) is not False), None):
            _open_visit(context, place, [alone[item]])


def _surveys(item: Item) -> list[Step]:
    """The site visits that an item may need, each with the place to see."""
    return [one for one in item.steps if one.kind is StepKind.SITE_SURVEY and one.visits]


def _open_visit(context: Context, target: str, cases: list[ItemCase]) -> None:
    if not cases:
        return
    visit = Visit.objects.create(public_id=new_public_id("v"), application=context.application, target=target)
    store(Finding(visit=visit, item_case=case) for case in cases)
