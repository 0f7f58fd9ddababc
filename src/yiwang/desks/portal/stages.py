# SPDX-License-Identifier: Apache-2.0
"""A plan in figures and steps, as a page tells it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.planning import Plan


@dataclass(frozen=True)
class Saving:
    """One line of “分开办 / 一起办”."""

    what: str
    apart: str
    together: str
    saved: str


@dataclass(frozen=True)
class Summary:
    """The plan in a few figures."""

    items: int
    departments: int
    due: dt.date
    provisional: bool
    documents: int
    questions: int
    fees: int
    savings: Sequence[Saving]


def summary_of(plan: Plan) -> Summary:
    """What to do, until when, and what doing it together saves."""
    times, papers, form = plan.timetable, plan.materials.savings, plan.form.savings
    savings = [
        Saving("填写的信息", f"{form.wanted}处", f"{form.given}处", f"{form.saved}处"),
        Saving("提交的材料", f"{papers.wanted}份", f"{papers.given}份", f"{papers.saved}份"),
        Saving(
            "办理的工作日",
            f"{plain(times.serial)}个",
            f"{plain(times.planned)}个",
            f"{plain(times.serial - times.planned)}个",
        ),
    ]
    visits = plan.visit_savings
    if visits.wanted:
        savings.append(Saving("上门查看", f"{visits.wanted}次", f"{visits.given}次", f"{visits.saved}次"))
    return Summary(
        items=len(plan.included),
        departments=len({item.department for item in plan.included}),
        due=times.due_date,
        provisional=times.provisional,
        documents=papers.given,
        questions=form.given,
        fees=len(plan.fees),
        savings=savings,
    )


@dataclass(frozen=True)
class Work:
    """An item in a stage."""

    name: str
    until: dt.date
    critical: bool


@dataclass(frozen=True)
class StageView:
    """A stage: departments that work side by side, each with its items."""

    departments: Sequence[tuple[str, Sequence[Work]]]


@dataclass(frozen=True)
class VisitPlan:
    """A joint visit and the days in which it falls."""

    place: str
    names: Sequence[str]
    first: dt.date
    last: dt.date


def stages_of(plan: Plan, catalogue: Catalogue) -> dict[str, object]:
    """The stages and the joint visits."""
    windows = {window.item: window for window in plan.timetable.windows}
    critical = set(plan.timetable.critical_path)
    stages = [
        StageView(
            [
                (name, [Work(catalogue.items[i].name, windows[i].ends, i in critical) for i in items])
                for name, items in stage.departments
            ]
        )
        for stage in plan.stages
    ]
    visits = [
        VisitPlan(
            visit.place_name,
            [catalogue.items[i].short_name or catalogue.items[i].name for i in visit.items],
            visit.first_day,
            visit.last_day,
        )
        for visit in plan.visits
    ]
    return {"stages": stages, "visits": visits}


def plain(days: Decimal) -> str:
    """Days without idle zeros: 3, 2.5."""
    return format(days.normalize(), "f")
