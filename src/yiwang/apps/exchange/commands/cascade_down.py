# SPDX-License-Identifier: Apache-2.0
"""What comes down from the province: its catalogue, its answers, data that flow back.

1. The worker asks each feed for what came since last time; a province that is down is asked less and
   less often, and holds nothing else up.
2. Each message is taken in a transaction of its own, feed by feed in order. An event is taken once, however
   often it is told; how something stands is taken unless it is what was told of it last. What cannot be
   understood is kept with the problem and stops nobody else.
3. A batch is fetched when it was announced, checked against digest, count and what was granted, and
   kept locked.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current_digest
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Invalid, Unavailable, YiwangError
from yiwang.kernel.ids import new_public_id

from ..cascade_platform import ProvincialPlatform, pace
from ..domain.cascading import (
    Feed,
    FeedPage,
    Pace,
    State,
    answered,
    message_number,
    read_answer,
    read_entry,
    read_returned,
    read_rows,
)
from ..models import (
    ProvinceLink,
    ProvinceMessage,
    ProvincialRequest,
    ProvincialResource,
    ReturnedBatch,
    ReturnedContent,
)
from .cascade_users import report_users, take_user

LINK = system("省级平台级联")
_PAGES = 20  # of one feed in one look; the rest comes with the next
_BATCHES = 5


def read_province(platform: ProvincialPlatform, *, now: dt.datetime | None = None) -> int:
    """Read what came down, as far as it is due; returns how many messages were new. The worker calls it
    again and again. A province that does not answer ends the look: it is asked again later."""
    if current_digest() is None:
        return 0  # nothing is in force yet
    at = now or timezone.now()
    kept = pace()
    taken = 0
    for feed in Feed:
        link = ProvinceLink.objects.get_or_create(feed=feed.value)[0]
        if link.next_at is not None and link.next_at > at:
            continue
        try:
            taken += _read(platform, feed, link)
        except YiwangError as error:
            _failed(feed, kept, error, at)
            if isinstance(error, Unavailable):
                return taken
        else:
            _succeeded(feed, kept, at)
    report_users(at)
    _land_all(platform)
    return taken


def _read(platform: ProvincialPlatform, feed: Feed, link: ProvinceLink) -> int:
    cursor, taken = link.cursor, 0
    for _ in range(_PAGES):
        page = _sound(platform.feed(feed, cursor))
        taken += sum(_take(feed, message) for message in page.messages)
        cursor = page.cursor
        ProvinceLink.objects.filter(feed=feed.value).update(cursor=cursor)
        if not page.more or not page.messages:
            break
    return taken


def _sound(page: FeedPage) -> FeedPage:
    if not isinstance(page.cursor, str) or len(page.cursor) > 200:
        raise Invalid("省级平台的应答读不出来（cursor）。", mend="请核对接口版本。")
    return page


def _take(feed: Feed, message: Any) -> bool:
    """Take one message; whether it was new. What is wrong with it is kept beside it."""
    whole = json.dumps(message, ensure_ascii=True, sort_keys=True, default=str).encode()
    digest = hashlib.sha256(whole).hexdigest()
    number = f"odd-{digest[:32]}"
    if isinstance(message, dict):
        number = message_number(message, fallback=number)
    try:
        with transaction.atomic():
            if not _first(feed, number, digest, ""):
                return False
            if not isinstance(message, dict):
                raise Invalid("省平台发来的内容读不出来。", mend="请联系省级平台核对接口版本。")
            _APPLY[feed](message)
    except YiwangError as error:
        with transaction.atomic():
            _first(feed, number, digest, str(error)[:300])
    return True


def _first(feed: Feed, number: str, digest: str, problem: str) -> bool:
    """Whether a message says anything new; then it is written down. The row of the feed is the lock."""
    ProvinceLink.objects.select_for_update().get_or_create(feed=feed.value)
    told = ProvinceMessage.objects.filter(feed=feed.value, number=number[:80])
    if feed.tells_states:
        known = told.order_by("-turn").values_list("digest", flat=True)[:1]
    else:
        known = told.filter(digest=digest).values_list("digest", flat=True)[:1]
    if digest in known:
        return False
    ProvinceMessage.objects.create(
        feed=feed.value,
        number=number[:80],
        digest=digest,
        turn=told.count() + 1,
        at=timezone.now(),
        problem=problem,
    )
    return True


def _list_resource(message: Mapping[str, Any]) -> None:
    entry = read_entry(message)
    ProvincialResource.objects.update_or_create(
        code=entry.code,
        defaults={
            **{"name": entry.name, "provider": entry.provider, "sharing": entry.sharing.value},
            **{"fields": dict(entry.fields), "gone": entry.gone, "told_at": timezone.now()},
        },
    )


def _take_answer(message: Mapping[str, Any]) -> None:
    answer = read_answer(message)
    row = _request(answer.request)
    row.state = answered(State(row.state), answer.granted).value
    if not set(answer.fields) <= set(row.fields):
        raise Invalid("省平台答复的信息项，有的没有申请过。", mend="请联系省级平台核对。")
    row.words, row.granted_fields, row.granted_until = answer.words, list(answer.fields), answer.valid_until
    row.answered_at = timezone.now()
    row.save(update_fields=["state", "words", "granted_fields", "granted_until", "answered_at"])
    _note("provincial_request.answered", row, {"state": row.state})
    term = State(row.state).term
    notify(
        row.asked_by,
        f"省级数据申请：{term}",
        f"{row.resource.name}：{term}。{row.words}",
        about=row.public_id,
    )


def _announce_batch(message: Mapping[str, Any]) -> None:
    told = read_returned(message)
    row = _request(told.request)
    if row.state != State.GRANTED.value:
        raise Invalid("要回流的数据，没有获得授权的申请与它对应。", mend="不予接收；请联系省级平台核对。")
    if ReturnedBatch.objects.filter(number=told.number).exists():
        raise Invalid("同一批次号又来了另一份内容。", mend="不予接收；请联系省级平台核对。")
    ReturnedBatch.objects.create(
        public_id=new_public_id("db"),
        number=told.number,
        request=row,
        title=told.title,
        rows=told.rows,
        sha256=told.sha256,
        announced_at=timezone.now(),
    )


_APPLY: Mapping[Feed, Callable[[Mapping[str, Any]], None]] = {
    Feed.CATALOGUE: _list_resource,
    Feed.ANSWERS: _take_answer,
    Feed.RETURNED: _announce_batch,
    Feed.USERS: take_user,
}


def _request(public_id: str) -> ProvincialRequest:
    row = (
        ProvincialRequest.objects.select_for_update(of=("self",))
        .select_related("resource")
        .filter(public_id=public_id)
        .first()
    )
    if row is None:
        raise Invalid("省平台答复的申请，本市没有提出过。", mend="请联系省级平台核对。")
    return row


def _land_all(platform: ProvincialPlatform) -> None:
    """Fetch batches that were announced, a few at a time."""
    waiting = ReturnedBatch.objects.filter(landed_at=None, problem="").order_by("id")
    for pk, number in waiting.values_list("pk", "number")[:_BATCHES]:
        try:
            content = platform.content(number)
        except Unavailable:
            return
        except YiwangError as error:
            ReturnedBatch.objects.filter(pk=pk).update(problem=str(error)[:300])
            continue
        _land(pk, content)


@transaction.atomic
def _land(pk: int, content: bytes) -> None:
    row = ReturnedBatch.objects.select_for_update(of=("self",)).select_related("request").get(pk=pk)
    if row.landed_at is not None or row.problem:
        return
    try:
        if hashlib.sha256(content).hexdigest() != row.sha256:
            raise Invalid("回流的数据与省平台给的摘要不一致。", mend="不予接收；请联系省级平台重新下发。")
        read_rows(content, fields=frozenset(row.request.granted_fields), rows=row.rows)
        until = row.request.granted_until
        if until is None or until < timezone.localdate():
            raise Invalid("授权已经到期，回流的数据不予接收。", mend="请重新申请。")
    except Invalid as error:
        row.problem = str(error)[:300]
        row.save(update_fields=["problem"])
        return
    ReturnedContent.objects.create(public_id=row.public_id, batch=row, lines=content)
    row.landed_at, row.bytes = timezone.now(), len(content)
    row.save(update_fields=["landed_at", "bytes"])
    _note("provincial_request.returned", row.request, {"batch": row.public_id, "rows": row.rows})
    body = f"“{row.title}”共{row.rows}行，已经核对并加密保存。"
    notify(row.request.asked_by, "省级数据已经回流", body, about=row.request.public_id)


def _note(action: str, row: ProvincialRequest, detail: dict[str, Any]) -> None:
    record(
        LINK,
        action,
        stream=f"provincial-request:{row.public_id}",
        about=row.public_id,
        purpose=row.purpose,
        basis=row.basis,
        detail=detail,
    )


def _failed(feed: Feed, kept: Pace, error: YiwangError, at: dt.datetime) -> None:
    link = ProvinceLink.objects.get(feed=feed.value)
    link.failures += 1
    link.problem, link.next_at = str(error)[:300], at + kept.pause(link.failures)
    link.save(update_fields=["failures", "problem", "next_at"])


def _succeeded(feed: Feed, kept: Pace, at: dt.datetime) -> None:
    ProvinceLink.objects.filter(feed=feed.value).update(
        failures=0, problem="", read_at=at, next_at=at + kept.pause(0)
    )
