# SPDX-License-Identifier: Apache-2.0
"""Reads: what may be asked, what was agreed to, how each lookup stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import may_act_for, subjects
from yiwang.apps.journal.public import read_rows
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.evidence import Question
from yiwang.kernel.actor import Matter
from yiwang.kernel.errors import NotFound

from .domain.offers import Granted, Offer, Party, make_offers
from .domain.reading import Outcome
from .domain.settings import ASK_SECONDS, OWN_NUMBERS, listed, span
from .models import Consent, Lookup
from .plugs import exchange


class State(StrEnum):
    """How what was agreed to stands now."""

    ASKING = "asking"
    FOUND = "found"
    NOT_FOUND = "not_found"  # nothing, or nothing that can be told to be theirs
    UNAVAILABLE = "unavailable"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Consented:
    """A consent and how its last lookup stands; no values.

    `answered`: (element or material, id) of what was answered; `may_ask_again`: asking once more makes
    sense now. `lookup` and `receipt` are of the last lookup.
    """

    id: str
    application: str
    subject: str
    resource: str
    org: str
    item: str
    fields: tuple[str, ...]
    elements: tuple[str, ...]
    answered_by: tuple[str, ...]  # the item of the resource for each element
    materials: tuple[str, ...]
    purpose: str
    basis: str
    given_by: str
    recorded_by: str
    at: dt.datetime
    withdrawn_at: dt.datetime | None
    state: State
    words: str
    lookup: str
    answered: frozenset[tuple[str, str]]
    asked_at: dt.datetime | None
    receipt: str
    expires_at: dt.datetime | None

    @property
    def may_ask_again(self) -> bool:
        """Whether asking once more may help."""
        return self.state in (State.NOT_FOUND, State.UNAVAILABLE, State.EXPIRED)


@dataclass(frozen=True)
class Asking:
    """For which application, by the word of which person, what its form says so far, when."""

    application: str
    person: str
    known: Mapping[str, Any]
    now: dt.datetime


def offers(catalogue: Catalogue, questions: Iterable[Question], asking: Asking) -> list[Offer]:
    """What may be asked for an application if this person agrees: about themselves, and about a firm they
    may act for. What is agreed to already is not offered again."""
    open_questions = list(questions)
    own = {
        one
        for one in {q.subject for q in open_questions}
        if may_act_for(asking.person, one, Matter.APPLICATIONS)
    }
    if not own:
        return []
    numbers = listed(catalogue, OWN_NUMBERS)
    parties = {
        key: Party(one.kind, one.number, numbers | _holding(asking.known, one.number))
        for key, one in subjects(own).items()
    }
    taken = [
        (row.resource, row.subject, offer_of(row).answers)
        for row in Consent.objects.filter(application=asking.application, withdrawn_at=None)
    ]

    def grant_of(resource: str, org: str, item: str) -> Granted | None:
        return exchange().grant_of(resource, org, item, at=asking.now)

    return make_offers(catalogue, open_questions, parties, grant_of, taken=taken)


def _holding(known: Mapping[str, Any], number: str) -> frozenset[str]:
    return frozenset(element for element, value in known.items() if value == number)


def offer_of(row: Consent) -> Offer:
    """What was agreed to."""
    return Offer(
        resource=row.resource,
        subject=row.subject,
        grant=row.grant,
        org=row.org,
        item=row.item,
        keys=tuple(row.keys),
        elements=tuple((element, field) for element, field in row.elements),
        materials=tuple(row.materials),
        checks=tuple(row.checks),
        purpose=row.purpose,
        basis=row.basis,
    )


def agreed(application: str) -> frozenset[str]:
    """The digests of the offers that are agreed to and not withdrawn."""
    rows = Consent.objects.filter(application=application, withdrawn_at=None)
    return frozenset(rows.values_list("shown", flat=True))


def consented(application: str, *, now: dt.datetime) -> list[Consented]:
    """Everything agreed to for one application, in the order it was, also what was withdrawn."""
    rows = Consent.objects.filter(application=application).order_by("id").prefetch_related("lookups")
    waits = span(current().catalogue, ASK_SECONDS)
    return [_view(row, _last(row.lookups.all()), now, waits) for row in rows]


def lookups(public_ids: Collection[str]) -> dict[str, Consented]:
    """What stands behind these lookups, by their public ids; others are left out."""
    rows = Lookup.objects.filter(public_id__in=public_ids).select_related("consent")
    if not rows:
        return {}
    waits, now = span(current().catalogue, ASK_SECONDS), dt.datetime.now(dt.UTC)
    return {row.public_id: _view(row.consent, row, now, waits) for row in rows}


def consent_of(application: str, public_id: str) -> Consent:
    """A consent of this application. Raises NotFound for any other."""
    found = Consent.objects.filter(application=application, public_id=public_id).first()
    if found is None:
        raise NotFound("没有这一项查询。", mend="请刷新页面。")
    return found


def kept(application: str) -> list[Lookup]:
    """The answers kept for an application whose consent stands, newest last; also those out of time."""
    if not read_rows(Consent, "WHERE application = %s AND withdrawn_at IS NULL", [application]):
        return []  # as for most applications: known without the cost of building a query
    return list(
        Lookup.objects.filter(
            consent__application=application,
            consent__withdrawn_at=None,
            outcome=Outcome.FOUND,
            values__isnull=False,
        )
        .select_related("consent")
        .order_by("id")
    )


def state_of(row: Consent, last: Lookup | None, now: dt.datetime, waits: dt.timedelta) -> State:
    """How a consent stands. What is under way for longer than `waits` counts as no answer: whoever asked
    was interrupted."""
    if row.withdrawn_at is not None:
        return State.WITHDRAWN
    if last is None:
        return State.UNAVAILABLE
    match Outcome(last.outcome):
        case Outcome.UNDER_WAY:
            return State.ASKING if now - last.began_at < waits else State.UNAVAILABLE
        case Outcome.FAILED | Outcome.NOT_THEIRS:
            return State.UNAVAILABLE
        case Outcome.NOTHING | Outcome.SEVERAL:
            return State.NOT_FOUND
    in_time = last.expires_at is not None and now < last.expires_at
    return State.FOUND if in_time else State.EXPIRED


_WORDS = {
    State.ASKING: "正在查，请稍等",
    State.UNAVAILABLE: "暂时查不到，请自己填",
    State.EXPIRED: "查到的已经过期删除，可以再查一次，或者自己填",
    State.WITHDRAWN: "您已撤回同意，查到的已经删除",
}


def _last(rows: Iterable[Lookup]) -> Lookup | None:
    return max(rows, key=lambda row: row.pk, default=None)


def _view(row: Consent, last: Lookup | None, now: dt.datetime, waits: dt.timedelta) -> Consented:
    state = state_of(row, last, now, waits)
    words = _WORDS.get(state) or Outcome(last.outcome if last else "").words
    answered: Sequence[Sequence[str]] = last.answered if last and state is State.FOUND else []
    return Consented(
        id=row.public_id,
        application=row.application,
        subject=row.subject,
        resource=row.resource,
        org=row.org,
        item=row.item,
        fields=offer_of(row).fields,
        elements=tuple(element for element, _ in row.elements),
        answered_by=tuple(field for _, field in row.elements),
        materials=tuple(row.materials),
        purpose=row.purpose,
        basis=row.basis,
        given_by=row.given_by,
        recorded_by=row.recorded_by,
        at=row.at,
        withdrawn_at=row.withdrawn_at,
        state=state,
        words=words,
        lookup=last.public_id if last else "",
        answered=frozenset((kind, one) for kind, one in answered),
        asked_at=last.began_at if last else None,
        receipt=last.receipt if last else "",
        expires_at=last.expires_at if last else None,
    )
