# SPDX-License-Identifier: Apache-2.0
"""Read what runs found: scores per resource and department, how they changed, findings, mendings."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.engines.exchange import Resource, resources
from yiwang.engines.exchange.quality_kinds import Dimension, QualityKind
from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import NotFound

from .domain.runs import RunState, TaskState
from .domain.settings import light_on
from .models import QualityRun, Task
from .parts import is_bureau, provides_for, sees_all

_TREND = 12


@dataclass(frozen=True)
class RunView:
    """One run. Scores out of 100; None: nothing could be judged, or the run is not done."""

    public_id: str
    state: RunState
    asked_at: dt.datetime
    ended_at: dt.datetime | None
    rows: int
    score: Decimal | None
    dimensions: Mapping[Dimension, Decimal]
    why: str


@dataclass(frozen=True)
class FindingView:
    """What came of one rule. `samples` only for whoever mends or watches."""

    says: str
    kind: QualityKind
    dimension: Dimension
    judged: int
    failed: int
    wanted: Decimal
    met: bool
    samples: Sequence[str]

    @property
    def share(self) -> Decimal | None:
        """Percent of judged rows that pass, rounded down to hundredths."""
        if not self.judged:
            return None
        share = Decimal(self.judged - self.failed) * 100 / self.judged
        return share.quantize(Decimal("0.01"), rounding=ROUND_FLOOR)


@dataclass(frozen=True)
class TaskView:
    """What the provider is asked to mend."""

    public_id: str
    resource: str
    resource_name: str
    provider_name: str
    advice: str
    state: TaskState
    due_on: dt.date
    light: Light
    failed: int
    returned: int
    words: str
    may_mend: bool


@dataclass(frozen=True)
class ResourceScore:
    """How a resource stands: its last run that was judged, the one before, the last that was not."""

    resource: str
    name: str
    provider: str
    provider_name: str
    rules: int
    latest: RunView | None
    before: Decimal | None
    trouble: RunView | None
    open_tasks: int

    @property
    def change(self) -> Decimal | None:
        """By how much the score changed since the run before."""
        if self.latest is None or self.latest.score is None or self.before is None:
            return None
        return self.latest.score - self.before

    @property
    def change_down(self) -> Decimal | None:
        """By how much it fell."""
        return None if self.change is None else -self.change


@dataclass(frozen=True)
class DepartmentScore:
    """A department by the mean of its resources' scores; None: none judged yet."""

    provider: str
    provider_name: str
    resources: int
    judged: int
    score: Decimal | None
    open_tasks: int


@dataclass(frozen=True)
class ResourceQuality:
    """A resource's page: `trend` oldest first. `may_run`: whether the reader may ask for a run."""

    standing: ResourceScore
    findings: Sequence[FindingView]
    trend: Sequence[RunView]
    tasks: Sequence[TaskView]
    details: bool
    may_run: bool


def scores(*, provider: str = "") -> list[ResourceScore]:
    """Every resource that has rules (of one department), the worst score first, those never judged last."""
    known = [one for one in resources(current().catalogue).values() if one.quality]
    chosen = [one for one in known if not provider or one.provider == provider]
    waiting = _open_tasks()
    runs: dict[str, list[QualityRun]] = {}
    for run in QualityRun.objects.filter(resource__in=[one.id for one in chosen]).order_by(
        "-asked_at", "-id"
    ):
        runs.setdefault(run.resource, []).append(run)
    found = [_standing(one, runs.get(one.id, []), waiting[one.id]) for one in chosen]
    return sorted(found, key=_worst_first)


def _worst_first(one: ResourceScore) -> tuple[bool, Decimal, str]:
    score = one.latest.score if one.latest else None
    return (score is None, score or Decimal(0), one.name)


def department_scores(found: Sequence[ResourceScore]) -> list[DepartmentScore]:
    """The same by department, the worst first."""
    grouped: dict[str, list[ResourceScore]] = {}
    for one in found:
        grouped.setdefault(one.provider, []).append(one)
    rows = [_department(provider, those) for provider, those in grouped.items()]
    return sorted(rows, key=lambda one: (one.score is None, one.score or Decimal(0), one.provider_name))


def _department(provider: str, those: Sequence[ResourceScore]) -> DepartmentScore:
    known = [one.latest.score for one in those if one.latest is not None and one.latest.score is not None]
    mean = sum(known, Decimal(0)) / len(known) if known else None
    return DepartmentScore(
        provider=provider,
        provider_name=those[0].provider_name,
        resources=len(those),
        judged=len(known),
        score=mean.quantize(Decimal("0.01"), rounding=ROUND_FLOOR) if mean is not None else None,
        open_tasks=sum(one.open_tasks for one in those),
    )


def resource_quality(actor: Actor, resource: str, *, today: dt.date | None = None) -> ResourceQuality:
    """How one resource stands. Failing rows (concealed) and what is to be mended are for its provider, the
    bureau and auditors. Raises NotFound: no such resource, or it has no rules."""
    known = resources(current().catalogue).get(resource)
    if known is None or not known.quality:
        raise NotFound("没有这个资源的质量规则。", mend="请从质量列表中选择。")
    runs = list(QualityRun.objects.filter(resource=resource).order_by("-asked_at", "-id")[: _TREND * 2])
    done = [one for one in runs if one.state == RunState.DONE.value][:_TREND]
    details = sees_all(actor) or known.provider in provides_for(actor)
    return ResourceQuality(
        standing=_standing(known, runs, _open_tasks()[resource]),
        findings=_findings(done[0], details=details) if done else (),
        trend=[_run(one) for one in reversed(done)],
        tasks=tasks(actor, resource=resource, today=today) if details else (),
        details=details,
        may_run=known.provider in provides_for(actor) or is_bureau(actor),
    )


def tasks(
    actor: Actor, *, resource: str = "", unfinished: bool = False, today: dt.date | None = None
) -> list[TaskView]:
    """Mendings asked of the actor's departments (all, for the bureau and auditors), by their last day."""
    rows = Task.objects.all() if sees_all(actor) else Task.objects.filter(provider__in=provides_for(actor))
    if resource:
        rows = rows.filter(resource=resource)
    if unfinished:
        rows = rows.exclude(state=TaskState.CONFIRMED.value)
    day = today or timezone.localdate()
    found = [_task(actor, one, day) for one in rows.order_by("due_on", "id")[:200]]
    return sorted(found, key=lambda one: one.state is TaskState.CONFIRMED)


def _task(actor: Actor, row: Task, today: dt.date) -> TaskView:
    opened, state = current(), TaskState(row.state)
    known = resources(opened.catalogue).get(row.resource)
    due = row.due_on if state is TaskState.OPEN else None
    return TaskView(
        public_id=row.public_id,
        resource=row.resource,
        resource_name=known.name if known else row.resource,
        provider_name=_org_name(row.provider),
        advice=row.advice,
        state=state,
        due_on=row.due_on,
        light=light_on(opened.catalogue, opened.calendar, due, today),
        failed=row.failed,
        returned=row.returned,
        words=row.words,
        may_mend=state is TaskState.OPEN
        and actor.kind is ActorKind.OFFICER
        and row.provider in provides_for(actor),
    )


def _open_tasks() -> Counter[str]:
    rows = Task.objects.exclude(state=TaskState.CONFIRMED.value)
    return Counter(rows.values_list("resource", flat=True))


def _standing(resource: Resource, runs: Sequence[QualityRun], open_tasks: int) -> ResourceScore:
    done = [one for one in runs if one.state == RunState.DONE.value]
    newest = runs[0] if runs else None
    return ResourceScore(
        resource=resource.id,
        name=resource.name,
        provider=resource.provider,
        provider_name=_org_name(resource.provider),
        rules=len(resource.quality),
        latest=_run(done[0]) if done else None,
        before=_percent(done[1].score) if len(done) > 1 else None,
        trouble=_run(newest) if newest is not None and newest.state != RunState.DONE.value else None,
        open_tasks=open_tasks,
    )


def _run(row: QualityRun) -> RunView:
    return RunView(
        public_id=row.public_id,
        state=RunState(row.state),
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        rows=row.rows,
        score=_percent(row.score),
        dimensions={Dimension(name): Decimal(value) / 100 for name, value in row.dimensions.items()},
        why=row.why,
    )


def _findings(run: QualityRun, *, details: bool) -> list[FindingView]:
    return [
        FindingView(
            says=one.says,
            kind=QualityKind(one.kind),
            dimension=Dimension(one.dimension),
            judged=one.judged,
            failed=one.failed,
            wanted=one.wanted,
            met=one.met,
            samples=one.samples if details else (),
        )
        for one in run.findings.order_by("met", "id")
    ]


def _percent(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths) / 100


def _org_name(org: str) -> str:
    known = current().catalogue.orgs.get(org)
    return known.short_name if known else org
