# SPDX-License-Identifier: Apache-2.0
"""Read government IT projects and the data-sharing opinions on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.apps.catalogue.public import current
from yiwang.engines.exchange.gates import Judged, gates, judge
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotFound

from ..domain.projects import Opinion, Stage, State
from ..models import ItProject, ProjectOpinion
from ..parts import is_bureau
from ..requests_parts import asks_for, may_read, reads_for, sees_all


@dataclass(frozen=True)
class ProjectView:
    """A project as its page shows it. `judged`: what the rules in force say of its answers now."""

    public_id: str
    name: str
    org: str
    org_name: str
    stage: Stage
    year: int
    money: int
    summary: str
    facts: Sequence[tuple[str, str, bool | None]]
    state: State
    version: int
    judged: Judged
    opinions: Sequence[Opinion]
    may_amend: bool
    may_give: bool


def projects(actor: Actor, *, state: str = "") -> list[ProjectView]:
    """The projects of the reader's departments, newest first; for the bureau and auditors all."""
    rows = ItProject.objects.order_by("-registered_at", "-id")
    if not sees_all(actor):
        rows = rows.filter(org__in=reads_for(actor))
    if state:
        rows = rows.filter(state=state)
    return [_view(actor, row) for row in rows.prefetch_related("opinions")[:_LISTED]]


_LISTED = 300


def project(actor: Actor, public_id: str) -> ProjectView:
    """One project, for its department, the bureau and auditors. Raises NotFound."""
    row = ItProject.objects.filter(public_id=public_id).first()
    if row is None or not may_read(actor, row.org):
        raise NotFound("没有这个项目，或者您无权查看。", mend="请回到列表，从中选择。")
    return _view(actor, row)


def opinion_on(public_id: str) -> Opinion | None:
    """The newest opinion on a project, None before the first: what approval and money depend on.

    Raises NotFound.
    """
    row = ItProject.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound("没有这个项目。", mend="请先在数据共享审核中登记。")
    newest = row.opinions.order_by("-id").first()
    return _opinion(newest) if newest and row.state != State.REGISTERED.value else None


def _view(actor: Actor, row: ItProject) -> ProjectView:
    catalogue, state = current().catalogue, State(row.state)
    gate = next(iter(gates(catalogue).values()))
    org = catalogue.orgs.get(row.org)
    is_open = state is State.REGISTERED
    return ProjectView(
        public_id=row.public_id,
        name=row.name,
        org=row.org,
        org_name=org.name if org else row.org,
        stage=Stage(row.stage),
        year=row.year,
        money=row.money,
        summary=row.summary,
        facts=[(one, catalogue.elements[one].question, row.facts.get(one)) for one in gate.asks],
        state=state,
        version=row.version,
        judged=judge(catalogue, gate, row.facts),
        opinions=[_opinion(one) for one in row.opinions.all()],
        may_amend=row.org in asks_for(actor) and state is not State.PASSED,
        may_give=is_open and is_bureau(actor) and actor.id not in row.fillers,
    )


def _opinion(row: ProjectOpinion) -> Opinion:
    return Opinion(
        state=State(row.state),
        reasons=tuple((one["says"], one["at"]) for one in row.reasons),
        facts=dict(row.facts),
        words=row.words,
        release=row.release,
        given_at=row.given_at,
        given_by=row.given_by_name,
    )
