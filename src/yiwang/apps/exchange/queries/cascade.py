# SPDX-License-Identifier: Apache-2.0
"""Read the link with the province: its resources, our requests, what flowed back, how the link is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import undelivered
from yiwang.engines.exchange import Sharing
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotAllowed, NotFound

from ..cascade_platform import CASCADE
from ..domain.cascading import Feed, State
from ..models import (
    ProvinceLink,
    ProvinceMessage,
    ProvincialRequest,
    ProvincialResource,
    ReturnedBatch,
)
from ..requests_parts import may_look_in, may_read, reads_for, sees_all

_LISTED = 300


@dataclass(frozen=True)
class ProvincialResourceView:
    """A resource of the province."""

    code: str
    name: str
    provider: str
    sharing: Sharing
    fields: Mapping[str, str]
    told_at: dt.datetime

    @property
    def may_ask(self) -> bool:
        """Whether it can be asked for."""
        return self.sharing is not Sharing.NOT_SHARED


@dataclass(frozen=True)
class BatchView:
    """Data that flowed back, or will."""

    public_id: str
    number: str
    title: str
    rows: int
    announced_at: dt.datetime
    landed_at: dt.datetime | None
    forgotten_at: dt.datetime | None
    problem: str


@dataclass(frozen=True)
class ProvincialRequestView:
    """A request to the province with its answer."""

    public_id: str
    code: str
    name: str
    org_name: str
    fields: Sequence[str]
    purpose: str
    basis: str
    valid_until: dt.date
    state: State
    asked_at: dt.datetime
    lodged_at: dt.datetime | None
    answered_at: dt.datetime | None
    receipt: str
    words: str
    granted: Sequence[str]
    granted_until: dt.date | None
    batches: Sequence[BatchView]


@dataclass(frozen=True)
class LinkView:
    """How one feed is."""

    feed: Feed
    read_at: dt.datetime | None
    failures: int
    problem: str
    next_at: dt.datetime | None
    taken: int


@dataclass(frozen=True)
class CascadeState:
    """How the link is: feeds, messages that wait to go up, messages that could not be understood."""

    links: Sequence[LinkView]
    waiting: Sequence[Any]
    problems: Sequence[tuple[Feed, str, dt.datetime, str]]


def provincial_resources(words: str = "") -> list[ProvincialResourceView]:
    """The province's resources as its catalogue told last."""
    rows = ProvincialResource.objects.filter(gone=False).order_by("name")
    if words.strip():
        rows = rows.filter(name__icontains=words.strip()[:50])
    return [_resource(row) for row in rows[:_LISTED]]


def provincial_resource(code: str) -> ProvincialResourceView:
    """One of them. Raises NotFound."""
    row = ProvincialResource.objects.filter(code=code, gone=False).first()
    if row is None:
        raise NotFound("省级目录里没有这项资源。", mend="请回到省级资源列表，从中选择。")
    return _resource(row)


def provincial_requests(actor: Actor) -> list[ProvincialRequestView]:
    """What the reader's departments asked of the province; for the bureau and auditors all."""
    rows = ProvincialRequest.objects.select_related("resource").prefetch_related("batches").order_by("-id")
    if not sees_all(actor):
        rows = rows.filter(org__in=reads_for(actor))
    return [_request(row) for row in rows[:_LISTED]]


def provincial_request(actor: Actor, public_id: str) -> ProvincialRequestView:
    """One of them. Raises NotFound."""
    row = ProvincialRequest.objects.select_related("resource").filter(public_id=public_id).first()
    if row is None or not may_read(actor, row.org):
        raise NotFound("没有这份申请，或者您无权查看。", mend="请回到列表，从中选择。")
    return _request(row)


def cascade_state(actor: Actor) -> CascadeState:
    """How the link is. Raises NotAllowed for others than the bureau, auditors and departments' officers."""
    if not may_look_in(actor):
        raise NotAllowed("级联情况由各部门和数据管理部门查看。", mend="请换用有权限的账号登录。")
    kept = {link.feed: link for link in ProvinceLink.objects.all()}
    odd = ProvinceMessage.objects.exclude(problem="").order_by("-id")[:50]
    every = sees_all(actor)
    return CascadeState(
        links=[_link(feed, kept.get(feed.value)) for feed in Feed],
        waiting=[one for one in undelivered(limit=_LISTED) if one.topic == CASCADE] if every else [],
        problems=[(Feed(one.feed), one.number, one.at, one.problem) for one in odd] if every else [],
    )


def _link(feed: Feed, row: ProvinceLink | None) -> LinkView:
    taken = ProvinceMessage.objects.filter(feed=feed.value, problem="").count()
    if row is None:
        return LinkView(feed, None, 0, "", None, taken)
    return LinkView(feed, row.read_at, row.failures, row.problem, row.next_at, taken)


def _resource(row: ProvincialResource) -> ProvincialResourceView:
    return ProvincialResourceView(
        row.code, row.name, row.provider, Sharing(row.sharing), dict(row.fields), row.told_at
    )


def _request(row: ProvincialRequest) -> ProvincialRequestView:
    org = current().catalogue.orgs.get(row.org)
    named = dict(row.resource.fields)
    return ProvincialRequestView(
        public_id=row.public_id,
        code=row.resource.code,
        name=row.resource.name,
        org_name=org.name if org else row.org,
        fields=[named.get(one, one) for one in row.fields],
        purpose=row.purpose,
        basis=row.basis,
        valid_until=row.valid_until,
        state=State(row.state),
        asked_at=row.asked_at,
        lodged_at=row.lodged_at,
        answered_at=row.answered_at,
        receipt=row.receipt,
        words=row.words,
        granted=[named.get(one, one) for one in row.granted_fields],
        granted_until=row.granted_until,
        batches=[_batch(one) for one in row.batches.all()],
    )


def _batch(row: ReturnedBatch) -> BatchView:
    return BatchView(
        public_id=row.public_id,
        number=row.number,
        title=row.title,
        rows=row.rows,
        announced_at=row.announced_at,
        landed_at=row.landed_at,
        forgotten_at=row.forgotten_at,
        problem=row.problem,
    )
