# SPDX-License-Identifier: Apache-2.0
"""Sign a letter, take it back before it is handed in, count it as the proof, withdraw it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.identity.public import representatives_of
from yiwang.apps.identity.public import subject as subject_of
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..bars import bar_words, bars
from ..domain.states import LetterState
from ..domain.texts import CommitmentText, authority_words
from ..models import Authority, Letter
from ._chain import go, locked, tell, written

ELECTRONIC_LOGIN = "实名登录后逐份确认"


@dataclass(frozen=True)
class Signing:
    """Whose letter it is: application, applicant, and the person who commits. `release`: of the words."""

    case: str
    subject: str
    agent: str
    release: str


@transaction.atomic
def sign(actor: Actor, who: Signing, text: CommitmentText, *, now: dt.datetime) -> str:
    """The applicant signs the words shown; the letter's public id. An earlier letter for the same document
    that was not handed in yet is dropped. Whoever calls has decided that the actor acts in this application.

    Raises:
        Conflict: a credit record bars commitments, and it is named.
        NotAllowed: somebody commits for the applicant where the law does not let them, or without special
            authority (驻政办〔2021〕8号 L765).
    """
    if found := bars(who.subject, on=timezone.localdate(now)):
        raise Conflict(bar_words(found), mend="请上传材料。", field=text.material)
    authority = _authority(who, text)
    for earlier in Letter.objects.filter(
        case=who.case, material=text.material, state=LetterState.SIGNED.value
    ):  # fmt: skip
        drop(actor, earlier.public_id, now=now)
    letter = Letter.objects.create(
        public_id=new_public_id("lt"), case=who.case, material=text.material, items=list(text.items),
        subject=who.subject, agent=who.agent, authority=authority, release=who.release,
        version=text.version, text=text.words, identity=subject_of(who.subject).number, signed_at=now,
        signed_by=actor.id, state=LetterState.SIGNED.value,
    )  # fmt: skip
    tell(actor, letter, "shown", at=now, about=text.version)
    tell(actor, letter, "signed", at=now, about=authority)
    return letter.public_id


def _authority(who: Signing, text: CommitmentText) -> str:
    """The special authority by which somebody commits for the applicant; empty: they commit themselves."""
    if who.agent == who.subject or _represents(who.agent, who.subject):
        return ""
    if not text.agent_may:
        raise NotAllowed(
            "这一项不能由他人代为承诺。", mend="请由申请人本人或者法定代表人承诺，或者上传材料。"
        )
    found = Authority.objects.filter(case=who.case, material=text.material, agent=who.agent).first()
    if found is None:
        raise NotAllowed(
            "代为承诺要有申请人的特别授权。", mend="请法定代表人登录后在这份申请里授权，或者上传材料。"
        )
    return found.public_id


def _represents(person: str, firm: str) -> bool:
    return representatives_of({firm}).get(firm, ("", ""))[0] == person


@transaction.atomic
def authorise(actor: Actor, who: Signing, text: CommitmentText, *, now: dt.datetime) -> str:
    """The applicant, or the legal representative of a firm, lets the application's agent commit for this one
    document; the letter of authority is kept with its digest. Saying so twice gives the same authority.

    Raises NotAllowed for anybody else, and where the law lets nobody commit for others.
    """
    if actor.id != who.subject and not _represents(actor.id, who.subject):
        raise NotAllowed("特别授权由申请人本人或者法定代表人作出。", mend="请本人登录后授权。")
    if not text.agent_may:
        raise NotAllowed("这一项不能由他人代为承诺。", mend="请本人承诺，或者上传材料。")
    names = [subject_of(one).name for one in (who.subject, who.agent)]
    words = authority_words(names[0], names[1], text, timezone.localdate(now))
    row = Authority(
        public_id=new_public_id("ca"), case=who.case, material=text.material, subject=who.subject,
        agent=who.agent, by=actor.id, at=now, words=words,
        version=hashlib.sha256(words.encode()).hexdigest(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return Authority.objects.get(case=who.case, material=text.material, agent=who.agent).public_id
    return row.public_id


@transaction.atomic
def drop(actor: Actor, public_id: str, *, now: dt.datetime) -> None:
    """Taken back before the application was handed in: it never counted. Raises NotFound, Conflict."""
    letter = locked(public_id)
    go(letter, LetterState.DROPPED)
    tell(actor, letter, "dropped", at=now)


@transaction.atomic
def count(actor: Actor, letters: Collection[str], *, signature: str, now: dt.datetime) -> None:
    """The application was handed in: from now on these letters count as the proof supplied (L765).

    Args:
        signature: the electronic signature over the application form that names them, or how it is signed.
    """
    for public_id in sorted(letters):
        letter = locked(public_id)
        letter.signature = signature or ELECTRONIC_LOGIN
        letter.save(update_fields=["signature"])
        go(letter, LetterState.COUNTED)
        tell(actor, letter, "counted", at=now, about=letter.signature)


@transaction.atomic
def withdraw(actor: Actor, public_id: str, *, reason: str, now: dt.datetime) -> None:
    """The applicant withdraws a letter for good reason (L787): the proof is asked for the ordinary way.
    Whoever calls has seen that nothing resting on it is decided. No record comes of it.

    Raises Invalid without a reason, Conflict when a decision rests on it or it was found untrue.
    """
    letter, why = locked(public_id), written(reason, "撤回承诺的理由", field="reason")
    if letter.checks.exists():
        raise Conflict("凭这份承诺的事项已经办结，不能撤回。", mend="情况有变化的，请告诉办理部门。")
    go(letter, LetterState.WITHDRAWN)
    tell(actor, letter, "withdrawn", at=now, words=why)


def require_standing(letters: Iterable[str]) -> None:
    """Before a grant: lock these letters; raise Conflict unless each of them still counts as proof."""
    for public_id in sorted(letters):
        letter = locked(public_id)
        state = LetterState(letter.state)
        if not state.stands:
            raise Conflict(
                f"代替证明的承诺书现在是“{state.term}”，不能准予。",
                mend="请等申请人补交材料，或者作出不予许可的决定。",
            )
