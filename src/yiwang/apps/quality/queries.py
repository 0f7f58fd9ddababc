# SPDX-License-Identifier: Apache-2.0
"""Read objections: one, those of a person or a department, the provider's worklist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import may_act_for
from yiwang.apps.journal.public import record
from yiwang.apps.materials import public as materials
from yiwang.engines.definitions import whole
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.ids import mask_id_number

from .domain.objections import State, Way
from .domain.provider_says import Said
from .domain.settings import AGAIN_TIMES
from .domain.values import spoken, typed_again
from .listing import ObjectionRow, lists_for, row_of
from .models import Correction, Objection, Round
from .parts import NoSuchObjection, hears_at_counter, hears_units, is_clerk, provides_for, uses_for

_PURPOSE, _FILING, _TELLING = "异议核查", "窗口代为登记异议", "窗口告知异议答复"
_BASIS = "驻政办〔2022〕60号：异议数据核查"


@dataclass(frozen=True)
class CorrectionView:
    """What was corrected. Values are empty for those who only watch."""

    old: str = field(repr=False)
    new: str = field(repr=False)
    evidence: str = field(repr=False)
    way: Way
    at: dt.datetime
    agreed_at: dt.datetime | None
    said: Said
    said_at: dt.datetime | None
    said_words: str = field(repr=False)
    receipt: str


@dataclass(frozen=True)
class RoundView:
    """One check: its clock, how it ended, whether that settled it."""

    number: int
    began_at: dt.datetime
    due_on: dt.date
    first_due_on: dt.date
    extension_reason: str
    answered_at: dt.datetime | None
    answered_name: str
    outcome: State | None
    reasons: str
    remedy: str
    satisfied: bool | None
    feedback: str
    written_by: str
    told_by: str
    late: bool
    correction: CorrectionView | None


@dataclass(frozen=True)
class ObjectionView:
    """An objection as its page shows it. `values`: whether the reader sees what is said of the record;
    `may_note`: whether the reader may write down what the department that raised it says of the answer."""

    row: ObjectionRow
    values: bool
    key: str = field(repr=False)
    says: str = field(repr=False)
    should: str = field(repr=False)
    why: str = field(repr=False)
    files: Sequence[materials.StoredFile]
    rounds: Sequence[RoundView]
    may_check: bool
    may_extend: bool
    may_feedback: bool
    may_note: bool
    left_again: int
    kind: ElementType | None

    def spoken(self, text: str) -> str:
        """A value of the item as people read it."""
        return spoken(text, self.kind)

    def typed_again(self, text: str) -> str:
        """A value of the item as somebody would type it."""
        return typed_again(text, self.kind)


@transaction.atomic
def objection(
    actor: Actor, public_id: str, *, before: str = "", today: dt.date | None = None
) -> ObjectionView:
    """One objection. What is said of the record is shown to who raised it and to the provider only, and
    an officer's look goes into the journal.

    Args:
        before: public id of whoever stands before a clerk, who tells them the answer.

    Raises NoSuchObjection.
    """
    row = _met(actor, public_id, before) if before else _seen(actor, public_id)
    day = today or timezone.localdate()
    shown = bool(before) or sees_values(actor, row, day)
    if shown and actor.kind is ActorKind.OFFICER:
        _note_look(actor, row, _TELLING if before else "")
    rounds = list(row.rounds.select_related("correction").order_by("number"))
    last, state = rounds[-1], State(row.state)
    checks = (
        row.provider in provides_for(actor)
        and state is State.CHECKING
        and actor.id not in (row.raised_by, row.clerk)
    )
    mine = shown and (bool(before) or actor.kind is ActorKind.PERSON or row.raised_org in uses_for(actor))
    is_answered = state in (State.CORRECTED, State.ANSWERED)
    return ObjectionView(
        row=row_of(row, day),
        values=shown,
        key=_key(row) if shown and not before and actor.kind is ActorKind.OFFICER else "",
        says=row.says if shown else "",
        should=row.should if shown else "",
        why=row.why if shown else "",
        files=materials.describe(row.files) if shown else (),
        rounds=[_round(one, day, shown=shown) for one in rounds],
        may_check=checks,
        may_extend=checks and last.extended_at is None and day <= last.due_on,
        may_feedback=mine and is_answered,
        may_note=not mine and is_answered and hears_units(actor, row.raised_org),
        kind=_kind(row),
        left_again=max(0, whole(current().catalogue, AGAIN_TIMES) + 1 - last.number),
    )


def _key(row: Objection) -> str:
    """What the record is found by: whole while it is checked, masked afterwards."""
    whole = row.state == State.CHECKING.value
    return row.record_key if whole else mask_id_number(row.record_key)


def _kind(row: Objection) -> ElementType | None:
    resource = resources(current().catalogue).get(row.resource)
    item = resource.field(row.field) if resource else None
    return item.type if item else None


def _seen(actor: Actor, public_id: str) -> Objection:
    row = lists_for(actor).filter(public_id=public_id).first()
    if row is None:
        raise NoSuchObjection
    return row


def _met(actor: Actor, public_id: str, before: str) -> Objection:
    """An objection of whoever stands before a clerk, or of the firm they act for."""
    row = Objection.objects.filter(public_id=public_id, raised_org="").first()
    if row is None or not hears_at_counter(actor, row.raised_org) or not may_act_for(before, row.subject):
        raise NoSuchObjection
    return row


def sees_values(actor: Actor, row: Objection, today: dt.date) -> bool:
    """Whether the actor has to know what is said of the record: who raised it, the provider; a clerk who
    filed it, on that day, to print the receipt."""
    if actor.kind is ActorKind.PERSON:
        return not row.raised_org and actor.is_subject(row.subject, Matter.DATA)
    if is_clerk(actor) and row.clerk == actor.id and timezone.localdate(row.raised_at) == today:
        return True
    return row.provider in provides_for(actor) or (bool(row.raised_org) and row.raised_org in uses_for(actor))


def _note_look(actor: Actor, row: Objection, purpose: str = "") -> None:
    record(
        actor,
        "objection.look",
        stream=f"objection:{row.public_id}",
        about=row.public_id,
        subject=row.subject or f"index:{row.subject_index[:24]}",
        purpose=purpose or (_FILING if row.clerk == actor.id else _PURPOSE),
        basis=_BASIS,
    )


def _round(one: Round, today: dt.date, *, shown: bool) -> RoundView:
    ended = timezone.localdate(one.answered_at) if one.answered_at else today
    correction = getattr(one, "correction", None)
    return RoundView(
        number=one.number,
        began_at=one.began_at,
        due_on=one.due_on,
        first_due_on=one.first_due_on,
        extension_reason=one.extension_reason,
        answered_at=one.answered_at,
        answered_name=one.answered_name,
        outcome=State(one.outcome) if one.outcome else None,
        reasons=one.reasons if shown else "",
        remedy=one.remedy,
        satisfied=one.satisfied,
        feedback=one.feedback if shown else "",
        written_by=one.feedback_clerk_name,
        told_by=one.feedback_told_by if shown else "",
        late=ended > one.due_on,
        correction=_correction(correction, shown=shown) if correction is not None else None,
    )


def _correction(one: Correction, *, shown: bool) -> CorrectionView:
    return CorrectionView(
        old=one.old if shown else "",
        new=one.new if shown else "",
        evidence=one.evidence if shown else "",
        way=Way(one.way),
        at=one.at,
        agreed_at=one.agreed_at,
        said=Said(one.said),
        said_at=one.said_at,
        said_words=one.said_words if shown else "",
        receipt=one.receipt,
    )


@transaction.atomic
def evidence(actor: Actor, public_id: str, file: str) -> tuple[str, bytes]:
    """Name and content of a file that stands with an objection. Raises NoSuchObjection, Unavailable."""
    row = _seen(actor, public_id)
    if not sees_values(actor, row, timezone.localdate()) or file not in row.files:
        raise NoSuchObjection
    if actor.kind is ActorKind.OFFICER:
        _note_look(actor, row)
    return materials.content_of(file)
