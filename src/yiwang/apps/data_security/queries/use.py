# SPDX-License-Identifier: Apache-2.0
"""Read how shared data is used: from daily sums, never from calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Sum

from yiwang.apps.catalogue.public import current
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import Invalid, NotAllowed

from ..domain.powers import homes_of, sees_all
from ..domain.settings import weights_of
from ..domain.use import Evaluation, Figures, UseLine, evaluate, figures_of
from ..domain.words import GoodCaseState
from ..models import GoodCase, RolledDay, SavedDay, UseDay
from .seeing import bodies_now

_LONGEST = 800  # days of one analysis


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included. Raises Invalid when it ends before it begins, or is endless."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Invalid("结束日期早于开始日期。", mend="请改正后再查。", field="last")
        if (self.last - self.first).days > _LONGEST:
            raise Invalid("时间太长。", mend="一次最多看两年。", field="first")


@dataclass(frozen=True)
class UseReport:
    """What a reader sees of a period. `upto`: when the newest day of it was summed."""

    period: Period
    departments: Sequence[Figures]
    resources: Sequence[Figures]
    scenes: Sequence[tuple[str, int]]
    per_day: Sequence[tuple[dt.date, int]]
    evaluations: Sequence[Evaluation]
    workdays: int
    upto: dt.datetime | None


def sees_use_of(actor: Actor) -> frozenset[str] | None:
    """The departments whose use the officer sees; None: all of them."""
    if sees_all(actor, bodies_now()) or actor.has(Role.AUDITOR):
        return None
    return homes_of(actor)


def use_report(actor: Actor, period: Period) -> UseReport:
    """The use of shared data in a period: one's own unit's, or all for supervising bodies and auditors.

    Everybody is evaluated against the whole city. Raises NotAllowed for who is in no unit.
    """
    orgs = sees_use_of(actor)
    if orgs is not None and not orgs:
        raise NotAllowed("这里由各部门和监管部门使用。", mend="请换用有权限的账号登录。")
    lines = _lines(period)
    saved = _saved(period)
    everybody = [_with(one, _saved_by(saved, one.org)) for one in figures_of(lines)]
    mine = [line for line in lines if orgs is None or line.org in orgs]
    workdays = _workdays(period)
    evaluations = evaluate(everybody, weights=weights_of(current().catalogue), workdays=workdays)
    days: dict[dt.date, int] = {}
    items: dict[str, int] = {}
    for line in mine:
        days[line.day] = days.get(line.day, 0) + line.calls
        if line.item:
            items[line.item] = items.get(line.item, 0) + line.calls
    per_resource = figures_of(mine, per_resource=True)
    return UseReport(
        period,
        departments=[one for one in everybody if orgs is None or one.org in orgs],
        resources=[_with(one, saved.get((one.org, one.resource), (0, 0))) for one in per_resource],
        scenes=sorted(items.items(), key=lambda one: (-one[1], one[0])),
        per_day=[(day, days.get(day, 0)) for day in _days(period)],
        evaluations=[one for one in evaluations if orgs is None or one.org in orgs],
        workdays=workdays,
        upto=RolledDay.objects.filter(day__range=(period.first, period.last))
        .order_by("-rolled_at")
        .values_list("rolled_at", flat=True)
        .first(),
    )


def _lines(period: Period) -> list[UseLine]:
    rows = UseDay.objects.filter(day__range=(period.first, period.last)).values_list(
        "day", "org", "resource", "kind", "item", "outcome", "calls", "rows", "ms"
    )
    return [UseLine(*row) for row in rows]


def _saved(period: Period) -> dict[tuple[str, str], tuple[int, int]]:
    rows = SavedDay.objects.filter(day__range=(period.first, period.last)).values("org", "resource")
    added = rows.annotate(asked=Sum("questions"), brought=Sum("documents")).order_by()
    return {(row["org"], row["resource"]): (row["asked"], row["brought"]) for row in added}


def _with(one: Figures, saved: tuple[int, int]) -> Figures:
    return replace(one, questions=saved[0], documents=saved[1])


def _saved_by(saved: Mapping[tuple[str, str], tuple[int, int]], org: str) -> tuple[int, int]:
    own = [one for (whose, _), one in saved.items() if whose == org]
    return sum(one[0] for one in own), sum(one[1] for one in own)


def _days(period: Period) -> list[dt.date]:
    count = (period.last - period.first).days + 1
    return [period.first + dt.timedelta(days=n) for n in range(count)]


def _workdays(period: Period) -> int:
    before = period.first - dt.timedelta(days=1)
    return int(current().calendar.working_days_between(before, period.last))


@dataclass(frozen=True)
class GoodCaseView:
    """A good case as its page shows it."""

    public_id: str
    org: str
    year: int
    title: str
    story: str
    resources: Sequence[str]
    figures: dict[str, int]
    state: GoodCaseState
    words: str
    nominated_at: dt.datetime
    published_at: dt.datetime | None


def good_cases(actor: Actor) -> list[GoodCaseView]:
    """What was published, for everybody; besides, one's own unit's; all for supervising bodies."""
    orgs = sees_use_of(actor)
    rows = GoodCase.objects.order_by("-year", "-nominated_at")
    return [
        _case(row)
        for row in rows
        if orgs is None or row.org in orgs or row.state == GoodCaseState.PUBLISHED.value
    ]


def _case(row: GoodCase) -> GoodCaseView:
    return GoodCaseView(
        row.public_id,
        row.org,
        row.year,
        row.title,
        row.story,
        row.resources,
        row.figures,
        GoodCaseState(row.state),
        row.words,
        row.nominated_at,
        row.published_at,
    )
