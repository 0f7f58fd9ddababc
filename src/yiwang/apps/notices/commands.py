# SPDX-License-Identifier: Apache-2.0
"""Write notices; a text message follows through the outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.identity.public import subject
from yiwang.apps.journal.public import send
from yiwang.kernel.errors import Conflict

from .models import Notice

TOPIC = "notice.text"
Carrier = Callable[[str, str, str], None]
"""Carries one text message: (key, phone number, words). Raises when it could not."""


def notify(to: str, title: str, body: str, *, about: str = "") -> None:
    """Put a letter into somebody's box, in the caller's transaction, and a text into the outbox.

    `body` must not contain personal data beyond what the addressee gave for this purpose.
    """
    notice = Notice.objects.create(to=to, about=about, title=title, body=body, at=timezone.now())
    send(TOPIC, f"notice:{notice.pk}", {"notice": notice.pk})


def deliver_text(carrier: Carrier) -> Callable[[str, Mapping[str, Any]], None]:
    """The outbox handler that gives texts to `carrier`. Somebody without a phone number still has
    the letter in the box: the message counts as delivered."""

    def handle(key: str, payload: Mapping[str, Any]) -> None:
        notice = Notice.objects.get(pk=payload["notice"])
        phone = subject(notice.to).phone
        if phone:
            carrier(key, phone, f"【驻马店政务服务】{notice.title}。请登录查看，或拨打12345。")
        notice.sent_at = timezone.now()
        notice.save(update_fields=["sent_at"])

    return handle


@transaction.atomic
def mark_read(to: str, notice_id: int) -> None:
    """The addressee has read it. Raises Conflict when it is not theirs."""
    if not Notice.objects.filter(pk=notice_id, to=to).update(read_at=timezone.now()):
        raise Conflict("没有这封通知。", mend="请刷新后重试。")
