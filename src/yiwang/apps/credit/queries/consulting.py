# SPDX-License-Identifier: Apache-2.0
"""Standards of lists on which the public is asked: for everybody, and for the unit that answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from yiwang.apps.catalogue.public import current, release, releases
from yiwang.engines.credit import CreditBook
from yiwang.engines.definitions import words
from yiwang.kernel.actor import Actor

from ..domain.standards import Standard, changed, standards_of
from ..models import Comment, Consultation
from ..parts import LEAD, NoSuchRecord, orgs_of
from .views import org_name

_DRAFTS, _MOST, _WAITING = 5, 100, ("draft", "reviewed")


@dataclass(frozen=True)
class AnswerView:
    """What the unit answered to one comment, without who said what."""

    taken: bool
    answer: str
    on: dt.date


@dataclass(frozen=True)
class CommentView:
    """A comment as the unit reads it, without a name."""

    id: str
    words: str
    on: dt.date
    answer: AnswerView | None


@dataclass(frozen=True)
class ConsultationView:
    """A standard that is or was put up. `present`: what is in force; None: there is no such list yet."""

    id: str
    name: str
    org_name: str
    why: str
    entering: Sequence[str]
    leaving: Sequence[str]
    present: Standard | None
    put_up_on: dt.date
    until: dt.date
    comments: int
    unanswered: int
    answers: Sequence[AnswerView]

    @property
    def is_open(self) -> bool:
        """Whether comments are taken today."""
        return timezone.localdate() <= self.until


@dataclass(frozen=True)
class ToPutUp:
    """A standard that a drafted release changes and on which nobody was asked yet."""

    entry: str
    release: str
    summary: str
    standard: Standard
    present: Standard | None


def consultations() -> list[ConsultationView]:
    """All that are or were put up, the newest first."""
    return _views(Consultation.objects.order_by("-put_up_at"))


def consultation(public_id: str) -> ConsultationView:
    """One of them. Raises NoSuchRecord."""
    found = _views(Consultation.objects.filter(public_id=public_id))
    if not found:
        raise NoSuchRecord
    return found[0]


def comments_on(actor: Actor, public_id: str) -> list[CommentView]:
    """The comments, for the unit that answers them: never whose they are. Raises NoSuchRecord."""
    row = Consultation.objects.filter(public_id=public_id, org__in=orgs_of(actor)).first()
    if row is None:
        raise NoSuchRecord
    return [_comment(one) for one in row.comments.order_by("id")]


def _comment(row: Comment) -> CommentView:
    answer = _answer(row) if row.answered_at else None
    return CommentView(row.public_id, row.words, timezone.localdate(row.at), answer)


def _answer(row: Comment) -> AnswerView:
    return AnswerView(bool(row.taken), row.answer, timezone.localdate(row.answered_at))


def own_comment(actor: Actor, public_id: str) -> CommentView | None:
    """What the actor said of it, with the answer; None: nothing."""
    row = Comment.objects.filter(of__public_id=public_id, by=actor.id).first()
    return _comment(row) if row else None


def consultations_of(actor: Actor) -> list[ConsultationView]:
    """Those the officer's units answer, the newest first."""
    return _views(Consultation.objects.filter(org__in=orgs_of(actor)).order_by("-put_up_at"))


def standards_to_put_up(actor: Actor) -> list[ToPutUp]:
    """The standards of the officer's units that a drafted or reviewed release would change and that were not
    put up yet. Only the newest few releases are read."""
    own, known = orgs_of(actor), current().catalogue
    waiting = [one for one in releases(limit=20) if one.state in _WAITING][:_DRAFTS] if own else []
    before = standards_of(CreditBook.of(known).entries)
    asked = set(Consultation.objects.values_list("catalogue", "digest"))
    lead = words(known, LEAD)
    return [
        ToPutUp(one.entry, draft.digest, draft.summary, one, before.get(one.entry))
        for draft in waiting
        for one in changed(before, standards_of(CreditBook.of(release(draft.digest).catalogue).entries))
        if own & set(one.orgs or (lead,)) and (one.entry, one.digest) not in asked
    ]


def _views(rows: QuerySet[Consultation]) -> list[ConsultationView]:
    opened = current()
    present = standards_of(CreditBook.of(opened.catalogue).entries)
    counted = rows.annotate(
        said=Count("comments"), left=Count("comments", filter=Q(comments__answered_at=None))
    ).prefetch_related("comments")
    return [
        ConsultationView(
            row.public_id, row.name, org_name(opened, row.org), row.why, row.entering, row.leaving,
            present.get(row.catalogue), timezone.localdate(row.put_up_at), row.until, row.said, row.left,
            [
                _answer(one)
                for one in sorted(row.comments.all(), key=lambda one: one.pk)
                if one.answered_at
            ],
        )
        for row in counted[:_MOST]
    ]  # fmt: skip
