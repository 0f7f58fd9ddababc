# SPDX-License-Identifier: Apache-2.0
"""Read the samples: for the bureau and auditors all, for a department what it must mend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils import timezone

from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import NotAllowed, NotFound

from .candidates import kept_candidates
from .domain.sampling import draw
from .domain.sampling_states import FindingState
from .models import SampledLicence, Sampling

DEPARTMENT = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.DATA)
"""Who mends for a department."""


@dataclass(frozen=True)
class SamplingView:
    """A drawing and how far its checks are."""

    public_id: str
    name: str
    org: str
    material: str
    seed: str
    size: int
    population: int
    use_weight: int
    complaint_weight: int
    drawn_name: str
    drawn_at: dt.datetime
    states: Mapping[FindingState, int]


@dataclass(frozen=True)
class FindingView:
    """One licence of a sample."""

    id: int
    sampling: str
    licence: str
    material: str
    number: str
    issuer: str
    weight: int
    uses: int
    complaints: int
    state: FindingState
    finding: str
    due_on: dt.date | None
    is_late: bool
    mended_words: str


def samplings(actor: Actor) -> list[SamplingView]:
    """The drawings, the newest first. Raises NotAllowed for others than bureau and auditors."""
    _require_reader(actor)
    return [_view(row) for row in Sampling.objects.order_by("-id")]


def sampling_view(actor: Actor, public_id: str) -> tuple[SamplingView, list[FindingView]]:
    """One drawing with its licences in the order drawn. Raises NotFound."""
    sampling = _sampling(actor, public_id)
    rows = sampling.sampled.select_related("licence", "sampling").order_by("position")
    return _view(sampling), [_finding(row) for row in rows]


def orders_of(actor: Actor) -> list[FindingView]:
    """What the officer's departments must mend or have mended, the most urgent first."""
    rows = _with_licence().filter(licence__issuer__in=departments_of(actor), due_on__isnull=False)
    return [_finding(row) for row in rows.order_by("state", "due_on", "id")]


def departments_of(actor: Actor) -> set[str]:
    """The departments an officer works for; the bureau's officers work for none of them."""
    return {post.org for post in actor.posts if post.role in DEPARTMENT and post.org}


def late_orders(actor: Actor) -> list[FindingView]:
    """What is past its day and not mended, in the whole city. Raises NotAllowed."""
    _require_reader(actor)
    rows = _with_licence().filter(state=FindingState.ORDERED, due_on__lt=timezone.localdate())
    return [_finding(row) for row in rows.order_by("due_on", "id")]


def redraw(actor: Actor, public_id: str) -> bool:
    """Whether the kept candidates, weights and seed give the kept sample, in the kept order.

    Raises NotAllowed, NotFound (also when the kept candidates are gone or were altered).
    """
    sampling = _sampling(actor, public_id)
    again = draw(sampling.seed, kept_candidates(sampling.candidates), size=sampling.size)
    rows = sampling.sampled.order_by("position").values_list("licence__public_id", "weight")
    return [(one.id, one.weight) for one in again] == list(rows)


def _with_licence() -> QuerySet[SampledLicence]:
    return SampledLicence.objects.select_related("licence", "sampling")


def _sampling(actor: Actor, public_id: str) -> Sampling:
    _require_reader(actor)
    row = Sampling.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound("没有这次抽查。", mend="请从抽查列表进入。")
    return row


def require_bureau(actor: Actor) -> None:
    """Raise NotAllowed unless the officer keeps the data of the whole city."""
    if not any(post.role is Role.DATA and not post.org for post in actor.posts):
        raise NotAllowed("质量抽查由数据管理部门办理。", mend="请联系数据管理员。")


def _require_reader(actor: Actor) -> None:
    if not actor.has(Role.AUDITOR):
        require_bureau(actor)


def _view(row: Sampling) -> SamplingView:
    counted = dict(row.sampled.values_list("state").annotate(count=Count("id")).order_by())
    return SamplingView(
        public_id=row.public_id,
        name=row.name,
        org=row.org,
        material=row.material,
        seed=row.seed,
        size=row.size,
        population=row.population,
        use_weight=row.use_weight,
        complaint_weight=row.complaint_weight,
        drawn_name=row.drawn_name,
        drawn_at=row.drawn_at,
        states={state: counted.get(state.value, 0) for state in FindingState},
    )


def _finding(row: SampledLicence) -> FindingView:
    state = FindingState(row.state)
    return FindingView(
        id=row.pk,
        sampling=row.sampling.public_id,
        licence=row.licence.public_id,
        material=row.licence.material,
        number=row.licence.number,
        issuer=row.licence.issuer,
        weight=row.weight,
        uses=row.uses,
        complaints=row.complaints,
        state=state,
        finding=row.finding,
        due_on=row.due_on,
        is_late=state.is_unmended and row.due_on is not None and row.due_on < timezone.localdate(),
        mended_words=row.mended_words,
    )
