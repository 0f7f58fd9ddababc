# SPDX-License-Identifier: Apache-2.0
"""Items and answers in, a plan out. Pure: the same inputs give the same plan.

1. The conditions of the whole life event: refuse with reason, clause and way out. 2. Which items
are taken, by answers and choice. 3. The order that holds whatever is known. 4. The one form and
the one set of materials, each with where it comes from. 5. What really waits for what; stages,
dates, joint visits. Nothing here looks at more of the catalogue than the life event names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import LifeEvent
from yiwang.engines.rules.values import Value
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Invalid
from yiwang.kernel.workdays import WorkCalendar

from .conditions import Judge
from .edges import Possible, carriers, edge_words, possible_order, real_edges
from .form import make_form, supplied_elements
from .inquiry import Inquiry, ask, from_facts
from .materials import make_materials
from .model import (
    NO_FACTS,
    AnswerSource,
    Edge,
    Facts,
    Form,
    Materials,
    OpenCondition,
    OpenQuestion,
    Plan,
    PlannedItem,
    Stage,
)
from .needs import Needs, gather
from .order import Order, arrange
from .schedule import Clock, timetable
from .selection import check_eligibility, select
from .visits import joint_visits
from .waivers import free_words


def plan(  # noqa: PLR0913 - the inputs of a plan are these eight, and all by name
    catalogue: Catalogue,
    life_event: LifeEvent | str,
    answers: Mapping[str, Value],
    *,
    start: dt.date,
    calendar: WorkCalendar,
    facts: Facts = NO_FACTS,
    choice: Collection[str] | None = None,
    resolver: Inquiry | None = None,
) -> Plan:
    """Work out what one subject has to do for one life event that starts on `start`.

    `answers` (by element id) decide which items apply; `choice` are the items taken (None: all
    that apply, without the optional ones). `facts` and `resolver` only fill in: they never add
    anything to do. `resolver` stands in for the look into `facts`.

    Raises NotEligible (refused, with the clause and the way out), BoundItems, CycleFound,
    NotFound for an unknown life event, Invalid for answers, a choice or a day that do not fit.
    """
    event = _in_force(catalogue, life_event, start)
    for element in answers:
        if element not in catalogue.elements:
            raise Invalid(f"没有数据元“{element}”。", mend="请用数据元的编号。", field=element)
    judge = Judge(catalogue, answers)
    open_conditions = check_eligibility(event, judge, start)
    items = select(catalogue, event, judge, choice=choice, start=start)
    taken = [item.id for item in items if item.included]
    known = Judge(catalogue, {**facts.elements, **answers})
    needs = gather(catalogue, taken, known, judge)
    guiding = _unanswered(event, judge, answers)
    possible = possible_order(catalogue, taken, judge, {*answers, *guiding})
    supplied = supplied_elements(needs, possible.order, carriers(catalogue, needs, possible.order))
    inquiry = resolver or from_facts(catalogue, facts, start)
    purpose = f"办理“{event.name}”"
    resolved = ask(catalogue, needs, inquiry, answers=answers, supplied=supplied, purpose=purpose)
    form = make_form(catalogue, needs, resolved.elements, guiding)
    left_out = [item.id for item in items if not item.included]
    free = partial(free_words, catalogue, waived=facts.waived)
    materials = make_materials(catalogue, needs, resolved.materials, left_out, free=free)
    edges = _edges(catalogue, needs, possible, form, materials, supplied)
    order = arrange(taken, edges, edge_words(catalogue))
    clock = Clock(calendar, start)
    dates, spans = timetable(clock, order, edges, needs.items, event.promised_limit)
    visits, visit_savings = joint_visits(needs.surveys, order, spans, clock, _place_names(catalogue))
    wanted = _open_names(items, open_conditions, needs, known)
    return Plan(
        catalogue=catalogue.digest,
        life_event=event.id,
        name=event.name,
        start=start,
        items=items,
        questions=_questions(catalogue, event, judge, guiding, form, wanted),
        open_conditions=open_conditions,
        form=form,
        materials=materials,
        fees=needs.fees,
        edges=tuple(edges),
        stages=_stages(order, items),
        visits=visits,
        visit_savings=visit_savings,
        timetable=dates,
    )


def _in_force(catalogue: Catalogue, life_event: LifeEvent | str, start: dt.date) -> LifeEvent:
    event = catalogue.life_event(life_event) if isinstance(life_event, str) else life_event
    if not event.valid_on(start):
        raise Invalid(
            f"“{event.name}”在{format_date(start)}不办理。",
            mend="请核对开始日期，或咨询窗口。",
            field="start",
        )
    return event


def _edges(
    catalogue: Catalogue,
    needs: Needs,
    possible: Possible,
    form: Form,
    materials: Materials,
    supplied: Mapping[str, Sequence[str]],
) -> list[Edge]:
    relied_on = {
        field.element: supplied[field.element]
        for field in form.fields
        if field.source is AnswerSource.EARLIER_STEP
    }
    supplies = {line.material: line.resolution for line in materials.lines}
    return real_edges(catalogue, needs, possible, supplies, relied_on)


def _unanswered(event: LifeEvent, judge: Judge, answers: Mapping[str, Value]) -> list[str]:
    """Guiding questions that may still be asked."""
    return [
        question.element
        for question in event.questions
        if question.element not in answers and judge.holds(question.when) is not False
    ]


def _open_names(
    items: Sequence[PlannedItem],
    conditions: Sequence[OpenCondition],
    needs: Needs,
    known: Judge,
) -> set[str]:
    """Names of elements whose answers would still change this plan."""
    names = {name for item in items if item.included for name in item.undecided_by}
    names.update(name for condition in conditions for name in condition.undecided_by)
    open_rules = [one.use.when for asked in needs.elements.values() for one in asked if one.conditional]
    open_rules += [one.use.when for asked in needs.materials.values() for one in asked if one.conditional]
    for code, item in needs.items.items():
        for output in item.outputs:
            if code in needs.perhaps_makers.get(output.material, ()) and known.holds(output.when) is None:
                open_rules.append(output.when)
    for rule in dict.fromkeys(open_rules):
        names.update(known.judge(rule).missing)
    return names


def _questions(
    catalogue: Catalogue,
    event: LifeEvent,
    judge: Judge,
    guiding: Collection[str],
    form: Form,
    wanted: set[str],
) -> tuple[OpenQuestion, ...]:
    """The guiding questions worth asking now, in the life event's order.

    A question is worth asking when its answer would change the plan, when the form waits for it,
    or when a later question that is worth asking depends on it.
    """
    on_form = {field.element for field in form.fields if field.source is AnswerSource.GUIDING}
    found: list[OpenQuestion] = []
    for question in reversed(event.questions):
        element = catalogue.elements.get(question.element)
        if element is None or question.element not in guiding:
            continue
        if question.element in on_form or element.name in wanted:
            found.append(OpenQuestion(element.id, element.name, element.question, question.why))
            wanted = wanted | set(judge.judge(question.when).missing)
    return tuple(reversed(found))


def _stages(order: Order, items: Sequence[PlannedItem]) -> tuple[Stage, ...]:
    department = {item.id: item.department for item in items}
    stages = []
    for codes in order.stages():
        groups: dict[str, list[str]] = {}
        for code in codes:
            groups.setdefault(department[code], []).append(code)
        stages.append(Stage(codes, tuple((name, tuple(group)) for name, group in groups.items())))
    return tuple(stages)


def _place_names(catalogue: Catalogue) -> Callable[[str], str]:
    def name(place: str) -> str:
        known = catalogue.elements.get(place) or catalogue.materials.get(place)
        return known.name if known else place

    return name
