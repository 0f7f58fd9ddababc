# SPDX-License-Identifier: Apache-2.0
"""Read requests: one with its history, a department's own, what a provider has to review, the counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.engines.definitions import whole
from yiwang.engines.exchange import Resource, Sharing, resources
from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotAllowed

from ..domain.asking import Move, Side, State, possible
from ..domain.review_clock import REVIEW, Reviewed, Tally, light_on, tally
from ..domain.terms import NewRequest
from ..models import Consent, DataRequest, RequestMove
from ..parts import data_orgs
from ..requests_consents import consent_for
from ..requests_parts import (
    NoSuchRequest,
    asks_for,
    leads,
    may_look_in,
    may_read,
    reads_for,
    sees_all,
)
from ..requests_rows import asked_of


@dataclass(frozen=True)
class RequestRow:
    """A request in a list."""

    public_id: str
    resource: str
    resource_name: str
    provider_name: str
    org: str
    org_name: str
    item_name: str
    purpose: str
    sharing: Sharing
    state: State
    round: int
    asked_at: dt.datetime
    due_on: dt.date
    light: Light
    decided_at: dt.datetime | None


@dataclass(frozen=True)
class MoveView:
    """One line of a request's history."""

    at: dt.datetime
    move: Move
    state: State
    actor_name: str
    words: str


@dataclass(frozen=True)
class ConsentView:
    """A written consent. `holds`: it fits the request as it stands."""

    public_id: str
    third_party: str
    form: str
    words: str
    file: str
    file_name: str
    given_at: dt.datetime
    given_by_name: str
    holds: bool


@dataclass(frozen=True)
class RequestView:
    """A request as its page shows it; `may_…`: what the reader may do with it now."""

    row: RequestRow
    asked: NewRequest
    known: Resource | None
    words: str
    version: int
    history: Sequence[MoveView]
    consents: Sequence[ConsentView]
    grant: str
    may_mend: bool
    may_withdraw: bool
    may_review: bool
    may_consent: bool

    @property
    def consent_missing(self) -> bool:
        """Whether a third party is named and no consent holds yet."""
        return bool(self.asked.third_party) and not any(one.holds for one in self.consents)


def request_view(actor: Actor, request: str) -> RequestView:
    """One request, for both departments, the bureau and auditors. Raises NoSuchRequest."""
    row = _readable(actor, request)
    opened, state = current(), State(row.state)
    own, provides = row.org in asks_for(actor), row.provider in data_orgs(actor)
    asker, provider = possible(state, Side.ASKER), possible(state, Side.PROVIDER)
    grant = getattr(row, "grant", None)
    return RequestView(
        row=_row(row, opened, timezone.localdate()),
        asked=asked_of(row),
        known=resources(opened.catalogue).get(row.resource),
        words=row.words,
        version=row.version,
        history=[_move(one) for one in row.moves.all()],
        consents=_consents(row),
        grant=grant.public_id if grant else "",
        may_mend=own and Move.MEND in asker,
        may_withdraw=own and Move.WITHDRAW in asker,
        may_review=provides and bool(provider) and actor.id not in row.askers,
        may_consent=bool(row.third_party)
        and bool(provider)
        and row.provider in leads(actor)
        and actor.id not in row.askers,
    )


def consent_file(actor: Actor, request: str, consent: str) -> tuple[str, str]:
    """(public id, name) of a consent's document, for who may read the request. Raises NoSuchRequest."""
    row = _readable(actor, request)
    found = row.consents.filter(public_id=consent).exclude(file="").first()
    if found is None:
        raise NoSuchRequest
    return found.file, found.file_name


def own_requests(actor: Actor, *, today: dt.date | None = None) -> list[RequestRow]:
    """What the reader's departments asked for, newest first; for the bureau and auditors all."""
    rows = DataRequest.objects.order_by("-asked_at", "-id")
    if not sees_all(actor):
        rows = rows.filter(org__in=reads_for(actor))
    return _rows(rows[:_LISTED], today)


def to_review(actor: Actor, *, today: dt.date | None = None) -> list[RequestRow]:
    """What waits for review by the reader's departments, the most pressing first; for the bureau and
    auditors everybody's."""
    rows = DataRequest.objects.filter(state=State.ASKED.value).order_by("due_on", "asked_at", "id")
    if not sees_all(actor):
        rows = rows.filter(provider__in={*data_orgs(actor), *leads(actor)})
    return _rows(rows[:_LISTED], today)


_LISTED = 500


def review_counts(actor: Actor, *, since: dt.date, until: dt.date | None = None) -> list[Tally]:
    """How departments kept the clock with what was asked in a span, both days included: every review
    round counts. The reader's own departments; for the bureau and auditors all.

    Raises NotAllowed for everybody else.
    """
    own = reads_for(actor)
    if not may_look_in(actor):
        raise NotAllowed("这里由各部门和数据管理部门使用。", mend="请换用有权限的账号登录。")
    today = timezone.localdate()
    last = until or today
    rows = RequestMove.objects.filter(at__gte=_start(since), at__lt=_start(last + dt.timedelta(days=1)))
    rows = rows.filter(move__in=[Move.ASK.value, Move.MEND.value])
    if not sees_all(actor):
        rows = rows.filter(request__provider__in=own)
    begun = list(rows.values_list("request_id", "round", "request__provider", "due_on"))
    ended = _ended({one[0] for one in begun})
    found = [
        Reviewed(provider, due, done)
        for key, number, provider, due in begun
        if (done := ended.get((key, number))) is not _WITHDRAWN
    ]
    return tally(found, today)


_WITHDRAWN: Any = object()


def _ended(requests: set[int]) -> dict[tuple[int, int], Any]:
    """When each round of review ended. A request that was taken back in time counts for nobody."""
    found: dict[tuple[int, int], Any] = {}
    ends = [Move.GRANT.value, Move.RETURN.value, Move.WITHDRAW.value]
    rows = RequestMove.objects.filter(request_id__in=requests, move__in=ends).order_by("id")
    for key, number, move, at in rows.values_list("request_id", "round", "move", "at"):
        if move == Move.WITHDRAW.value:
            found.setdefault((key, number), _WITHDRAWN)
        else:
            found[(key, number)] = timezone.localdate(at)
    return found


def _start(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def review_days() -> dict[Sharing, int]:
    """Within how many working days what is shared like this is reviewed."""
    return {sharing: whole(current().catalogue, name) for sharing, name in REVIEW.items()}


def _readable(actor: Actor, request: str) -> DataRequest:
    row = DataRequest.objects.filter(public_id=request).first()
    if row is None or not may_read(actor, row.org, row.provider):
        raise NoSuchRequest
    return row


def _rows(rows: Any, today: dt.date | None) -> list[RequestRow]:
    opened, day = current(), today or timezone.localdate()
    return [_row(row, opened, day) for row in rows]


def _row(row: DataRequest, opened: OpenRelease, today: dt.date) -> RequestRow:
    catalogue = opened.catalogue
    known, state = resources(catalogue).get(row.resource), State(row.state)
    item = catalogue.items.get(row.item)
    return RequestRow(
        public_id=row.public_id,
        resource=row.resource,
        resource_name=known.name if known else row.resource,
        provider_name=_org(opened, row.provider),
        org=row.org,
        org_name=_org(opened, row.org),
        item_name=item.name if item else row.item,
        purpose=row.purpose,
        sharing=Sharing(row.sharing),
        state=state,
        round=row.round,
        asked_at=row.asked_at,
        due_on=row.due_on,
        light=light_on(catalogue, opened.calendar, row.due_on if state is State.ASKED else None, today),
        decided_at=row.decided_at,
    )


def _org(opened: OpenRelease, org: str) -> str:
    known = opened.catalogue.orgs.get(org)
    return known.name if known else org


def _move(row: RequestMove) -> MoveView:
    return MoveView(row.at, Move(row.move), State(row.state), row.actor_name, row.words)


def _consents(row: DataRequest) -> list[ConsentView]:
    holding = consent_for(row) if row.third_party else None
    return [_consent(one, holding) for one in row.consents.all()]


def _consent(one: Consent, holding: Consent | None) -> ConsentView:
    return ConsentView(
        public_id=one.public_id,
        third_party=one.third_party,
        form=one.get_form_display(),
        words=one.words,
        file=one.file,
        file_name=one.file_name,
        given_at=one.given_at,
        given_by_name=one.given_by_name,
        holds=holding is not None and holding.pk == one.pk,
    )
