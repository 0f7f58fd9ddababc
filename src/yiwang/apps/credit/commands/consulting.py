# SPDX-License-Identifier: Apache-2.0
"""The public is asked before the standard of a list changes (驻政〔2018〕85号 L663). The draft is a drafted
release; its review by a second officer and its publication are the catalogue's."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from yiwang.apps.catalogue.public import current, release, release_view
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.notices.public import notify
from yiwang.engines.credit import CreditBook
from yiwang.engines.definitions import whole, words
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.standards import Standard, changed, standards_of
from ..models import Comment, Consultation
from ..parts import LEAD, NoSuchRecord, orgs_of
from ._words import said

DAYS = "credit-consultation-days"
WAITING = ("draft", "reviewed")
MOST_WHY = 500


def owner_of(standard: Standard, actor: Actor, catalogue: Catalogue) -> str:
    """The officer's unit that answers for a standard; empty: none of theirs does."""
    owners = standard.orgs or (words(catalogue, LEAD),)
    return next((org for org in owners if org in orgs_of(actor)), "")


@transaction.atomic
def put_up(actor: Actor, entry: str, digest: str, *, why: str) -> str:
    """Put the standard of a list up for comments as a drafted release says it; the consultation's public id.

    Args:
        digest: of the release. why: what changes and for what reason, for everybody to read.

    Raises NotFound (no such release), NoSuchRecord (no such list), NotAllowed (another unit's), Invalid,
    Conflict (in force already, nothing changed, or put up before).
    """
    opened, now = current(), timezone.now()
    draft = release(digest).catalogue
    standard = standards_of(CreditBook.of(draft).entries).get(entry)
    if standard is None:
        raise NoSuchRecord
    org = owner_of(standard, actor, draft)
    if not org:
        raise NotAllowed("这份标准由负责这份名单的单位征求意见。", mend="请联系该单位。")
    if not why.strip() or len(why) > MOST_WHY:
        raise Invalid("请写明改了什么、为什么。", mend=f"{MOST_WHY}字以内。", field="why")
    before = standards_of(CreditBook.of(opened.catalogue).entries)
    if release_view(digest).state not in WAITING or standard not in changed(before, {entry: standard}):
        raise Conflict("这个目录版本没有改动这份标准，或者已经发布。", mend="请刷新后查看。")
    made = Consultation(
        public_id=new_public_id("cv"), catalogue=entry, name=standard.name, org=org, digest=standard.digest,
        release=digest, entering=list(standard.entering), leaving=list(standard.leaving), why=why.strip(),
        put_up_at=now, put_up_by=actor.id,
        until=timezone.localdate(now) + dt.timedelta(days=whole(opened.catalogue, DAYS)),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Conflict("这份标准已经在征求意见。", mend="请刷新后查看。") from None
    _note(actor, "put_up", made)
    return made.public_id


@transaction.atomic
def comment_on(actor: Actor, consultation: str, comment: str) -> None:
    """Say what one thinks of it: once, by whoever is logged in as themselves.

    Raises NoSuchRecord, NotAllowed (officers), Invalid (no words), Conflict (over, or said before).
    """
    row, now = _locked(consultation), timezone.now()
    if actor.kind is not ActorKind.PERSON:
        raise NotAllowed("请用个人账号登录后提意见。", mend="单位的意见可以书面送交征求意见的单位。")
    if timezone.localdate(now) > row.until:
        raise Conflict("征求意见已经截止。", mend="可以看公布的答复。")
    new = Comment(public_id=new_public_id("ct"), of=row, by=actor.id, words=said(comment, "comment"), at=now)
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError:
        raise Conflict("您已经提过意见。", mend="答复后会通知您。") from None
    _note(actor, "commented", row)


@transaction.atomic
def answer_comment(actor: Actor, comment: str, *, taken: bool, answer: str) -> None:
    """The unit says whether it follows a comment, and why; everybody reads the answer.

    Raises NoSuchRecord (another unit's too), Invalid (no reason), Conflict (answered before).
    """
    rows = Comment.objects.select_for_update(of=("self",)).select_related("of")
    row = rows.filter(public_id=comment).first()
    if row is None or row.of.org not in orgs_of(actor):
        raise NoSuchRecord
    if row.answered_at is not None:
        raise Conflict("已经答复过。", mend="请刷新后查看。")
    row.taken, row.answer = taken, said(answer, "answer")
    row.answered_at, row.answered_by = timezone.now(), actor.id
    row.save(update_fields=["taken", "answer", "answered_at", "answered_by"])
    _note(actor, "answered", row.of)
    result = "采纳" if taken else "没有采纳"
    body = f"“{row.of.name}”：{result}。{row.answer}"
    notify(row.by, "您对名单标准的意见有答复", body, about=row.of.public_id)


def guard_standards(actor: Actor, before: Catalogue | None, after: Catalogue) -> None:
    """A release is about to be put in force: refuse one that changes the standard of a list before the public
    was asked, the time is over, and every comment answered. Raises Conflict naming the lists."""
    if before is None:
        return
    old = standards_of(CreditBook.of(before).entries)
    new = changed(old, standards_of(CreditBook.of(after).entries))
    today = timezone.localdate()
    asked = Consultation.objects.filter(digest__in=[one.digest for one in new], until__lt=today)
    left = Count("comments", filter=Q(comments__answered_at=None))
    ready = set(asked.annotate(left=left).filter(left=0).values_list("digest", flat=True))
    if missing := [one.name for one in new if one.digest not in ready]:
        raise Conflict(
            f"{'、'.join(missing)}的列入标准或者退出条件有变动，还没有征求完公众意见，不能发布。",
            mend="请负责的单位在“名单标准征求意见”里公开征求，截止并逐条答复以后再发布。",
        )


def _locked(consultation: str) -> Consultation:
    row = Consultation.objects.select_for_update().filter(public_id=consultation).first()
    if row is None:
        raise NoSuchRecord
    return row


def _note(actor: Actor, what: str, row: Consultation) -> None:
    note_down(
        actor, f"credit.standard.{what}", stream="credit-standards", about=row.public_id,
        detail={"catalogue": row.catalogue, "org": row.org, "standard": row.digest},
    )  # fmt: skip
