# SPDX-License-Identifier: Apache-2.0
"""Write notices; a text message follows through the outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from yiwang.apps.identity.public import subject
from yiwang.apps.journal.public import Outside, send_many, store
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotFound

from .models import Notice

TOPIC = "notice.text"
Carrier = Callable[[str, str, str], None]
"""Carries one text message: (key, phone number, words). Raises when it could not; its time-out is
shorter than the outbox's lease, and the platform drops a key it has seen."""


def notify(to: str, title: str, body: str, *, about: str = "") -> None:
    """Put a letter into somebody's box, in the caller's transaction, and a text into the outbox.

    The title goes out as a text message: it names no reason and no number. `body` must not contain
    personal data beyond what the addressee gave for this purpose.
    """
    notify_many([Letter(to, title, body, about)])


@dataclass(frozen=True)
class Letter:
    """One letter, as `notify` takes it."""

    to: str
    title: str
    body: str
    about: str = ""


def notify_many(letters: Sequence[Letter]) -> None:
    """Put many letters into boxes as `notify` does, in a few statements."""
    now = timezone.now()
    notices = [
        Notice(to=one.to, about=one.about, title=one.title[:100], body=one.body, at=now) for one in letters
    ]
    store(notices)
    send_many(TOPIC, [(f"notice:{notice.pk}", {"notice": notice.pk}) for notice in notices])


def deliver_text(carrier: Carrier, *, signature: str = "政务服务") -> Outside:
    """The outbox handler that gives texts to `carrier`, signed `【signature】`.

    Somebody without a phone number (or an officer) still has the letter in the box: the message
    counts as delivered. A second delivery of the same letter changes nothing.
    """

    def handle(key: str, payload: Mapping[str, Any]) -> None:
        notice = Notice.objects.filter(pk=payload["notice"]).first()
        if notice is None or notice.sent_at is not None:
            return
        phone = _phone_of(notice.to)
        if phone:
            carrier(key, phone, f"【{signature}】{notice.title}。请登录查看，或拨打12345。")
        Notice.objects.filter(pk=notice.pk, sent_at=None).update(sent_at=timezone.now())

    return Outside(handle)


def _phone_of(public_id: str) -> str:
    try:
        return subject(public_id).phone
    except NotFound:
        return ""


def mark_read(actor: Actor, notice_id: int) -> None:
    """The addressee, or who acts for the firm it is addressed to, has read it; the first time counts.

    Raises NotFound, in the same words for a letter that is not theirs.
    """
    notice = Notice.objects.filter(pk=notice_id).first()
    if notice is None or notice.to not in {actor.id, *actor.firms} or not actor.id:
        raise NotFound("没有这封通知。", mend="请刷新后重试。")
    Notice.objects.filter(pk=notice_id, read_at=None).update(read_at=timezone.now())


def mark_all_read(actor: Actor, *, last: int) -> None:
    """The same for every letter up to `last`, the newest one that was on the page."""
    own = {actor.id, *actor.firms} - {""}
    Notice.objects.filter(to__in=own, pk__lte=last, read_at=None).update(read_at=timezone.now())
