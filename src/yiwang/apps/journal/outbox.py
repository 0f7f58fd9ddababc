# SPDX-License-Identifier: Apache-2.0
"""The outbox: messages written with the change they tell of, delivered until they arrive."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound

from .commands import record, require_transaction
from .domain.retry import LEASE, next_attempt, words_of
from .models import OutboxMessage, OutboxState
from .rows import store

log = logging.getLogger(__name__)

Handler = Callable[[str, Mapping[str, Any]], None]
"""Delivers one message: (key, payload). Raises to be tried again.

What it changes in the database is committed together with the message's own mark, or not at all.
"""


@dataclass(frozen=True)
class Outside:
    """A handler that talks to a partner. It runs in no transaction, so that a slow partner holds
    nothing up; it may run twice for one message (a crash between delivery and mark), so the
    partner tells by the key. Its time-out must be shorter than ten minutes (`LEASE`)."""

    deliver: Handler

    def __call__(self, key: str, payload: Mapping[str, Any]) -> None:
        """Deliver."""
        self.deliver(key, payload)


def send(topic: str, key: str, payload: Mapping[str, Any]) -> None:
    """Put a message into the outbox, in the caller's transaction. The same key is sent once.

    Raises RuntimeError when there is no transaction.
    """
    send_many(topic, [(key, payload)])


def send_many(topic: str, messages: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """The same for many messages of a topic, each a key and what it says, in a few statements."""
    require_transaction("待发消息必须与所告知的变动写在同一事务中")
    now = timezone.now()
    fresh = [
        OutboxMessage(topic=topic, key=key, payload=dict(payload), created_at=now, due_at=now)
        for key, payload in messages
    ]
    store(fresh, once=["key"])


def deliver_due(handlers: Mapping[str, Handler], *, give_up_after: dt.timedelta, limit: int = 100) -> int:
    """Deliver messages that are due; returns how many were tried. Any number of workers may run.

    A failure moves a message to a later time (`domain.retry`); past `give_up_after` since its
    first attempt it is parked for a person. Nothing is dropped.
    """
    tried = 0
    while tried < limit and _deliver_one(handlers, give_up_after):
        tried += 1
    return tried


def _deliver_one(handlers: Mapping[str, Handler], give_up_after: dt.timedelta) -> bool:
    with transaction.atomic():
        message = _take()
        if message is None:
            return False
        handler = handlers.get(message.topic) or _nobody
        if not isinstance(handler, Outside):
            _mark(message, _run(handler, message, together=True), give_up_after)
            return True
        message.due_at = timezone.now() + LEASE
        message.save(update_fields=["attempts", "trying_since", "due_at"])
    error = _run(handler, message, together=False)
    with transaction.atomic():
        again = OutboxMessage.objects.select_for_update().get(pk=message.pk)
        if again.state == OutboxState.WAITING and again.attempts == message.attempts:
            _mark(again, error, give_up_after)
    return True


def _take() -> OutboxMessage | None:
    """The next message that is due, locked, with this attempt counted."""
    now = timezone.now()
    skip = connection.features.has_select_for_update_skip_locked
    message = (
        OutboxMessage.objects.select_for_update(skip_locked=skip)
        .filter(state=OutboxState.WAITING, due_at__lte=now)
        .order_by("due_at", "id")
        .first()
    )
    if message:
        message.attempts += 1
        message.trying_since = message.trying_since or now
    return message


def _nobody(key: str, payload: Mapping[str, Any]) -> None:
    raise LookupError("没有处理这类消息的去处")


def _run(handler: Handler, message: OutboxMessage, *, together: bool) -> Exception | None:
    """Run a handler; what it raised, if anything. `together`: undo what it wrote when it raises."""
    try:
        if together:
            with transaction.atomic():
                handler(message.key, message.payload)
        else:
            handler(message.key, message.payload)
    except Exception as error:  # any failure of a partner is retried, then shown to a person
        log.warning("outbox %s attempt %s failed: %s", message.key, message.attempts, type(error).__name__)
        return error
    return None


_MARKED = ("state", "due_at", "trying_since", "attempts", "last_error", "done_at")


def _mark(message: OutboxMessage, error: Exception | None, give_up_after: dt.timedelta) -> None:
    now = timezone.now()
    if error is None:
        message.state, message.done_at, message.last_error = OutboxState.DONE, now, ""
    else:
        message.last_error = words_of(error)
        later = next_attempt(message.trying_since or now, now, message.attempts, give_up_after)
        message.state, message.due_at = (OutboxState.WAITING, later) if later else (OutboxState.PARKED, now)
    message.save(update_fields=_MARKED)


@transaction.atomic
def retry_parked(actor: Actor, message_id: int) -> None:
    """A person sends a parked message again, with a new span of time to try.

    Raises NotAllowed (operators only), NotFound, Conflict when it is not parked.
    """
    if actor.kind is not ActorKind.SYSTEM and not actor.has(Role.OPERATOR):
        raise NotAllowed("只有运维人员可以重发消息。", mend="请联系运维人员。")
    message = OutboxMessage.objects.select_for_update().filter(pk=message_id).first()
    if message is None:
        raise NotFound("没有这条消息。", mend="请用 yiwang outbox list 查看编号。")
    if message.state != OutboxState.PARKED:
        now = OutboxState(message.state).label
        raise Conflict(f"这条消息现在是“{now}”，不用人工重发。", mend="只有“转人工”的消息需要重发。")
    message.state, message.due_at = OutboxState.WAITING, timezone.now()
    message.trying_since, message.attempts = None, 0
    message.save(update_fields=["state", "due_at", "trying_since", "attempts"])
    record(actor, "outbox.retry", stream="outbox", about=str(message_id))
