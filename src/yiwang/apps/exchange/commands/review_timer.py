# SPDX-License-Identifier: Apache-2.0
"""What time does: late reviews are told to the provider's leader and the data bureau, once each; grants
that run out are told to those who use them; clocks follow the calendar in force."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current, current_digest
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.engines.definitions import whole
from yiwang.engines.exchange import Sharing, resources
from yiwang.kernel.actor import system

from ..domain.asking import State
from ..domain.review_clock import REMINDS, due_on
from ..models import DataRequest, Grant
from ..requests_parts import bureau_officers, data_officers, leaders

CLOCK = system("数据共享时钟")
_AT_ONCE = 200


def look_after_requests(now: dt.datetime | None = None) -> int:
    """Tell of late reviews and of grants that run out; returns of how many. The worker calls it again
    and again: what was told is not told again."""
    if current_digest() is None:
        return 0  # nothing is in force yet
    at = now or timezone.now()
    opened = current()
    return _tell_late(opened, at) + _remind(opened, at)


def _tell_late(opened: OpenRelease, at: dt.datetime) -> int:
    today = timezone.localdate(at)
    waiting = DataRequest.objects.filter(state=State.ASKED.value, due_on__lt=today, told_bureau_at=None)
    return sum(_escalate(opened, pk, at) for pk in waiting.values_list("pk", flat=True)[:_AT_ONCE])


@transaction.atomic
def _escalate(opened: OpenRelease, pk: int, at: dt.datetime) -> int:
    row = DataRequest.objects.select_for_update().get(pk=pk)
    if row.state != State.ASKED.value or row.told_bureau_at is not None:
        return 0
    if _still_in_time(opened, row, timezone.localdate(at)):
        return 0
    known = resources(opened.catalogue).get(row.resource)
    name = known.name if known else row.resource
    body = f"“{name}”的使用申请应在{row.due_on:%Y年%m月%d日}前审核，已经超期。请督促尽快审核。"
    row.told_leader_at = row.told_bureau_at = at
    row.save(update_fields=["told_leader_at", "told_bureau_at"])
    told = {*leaders(row.provider), *bureau_officers()}
    for officer in sorted(told):
        notify(officer, "数据使用申请审核超期", body, about=row.public_id)
    detail = {"provider": row.provider, "due": row.due_on.isoformat(), "told": len(told)}
    record(
        CLOCK, "data_request.late", stream=f"data-request:{row.public_id}", about=row.public_id, detail=detail
    )
    return 1


def _still_in_time(opened: OpenRelease, row: DataRequest, today: dt.date) -> bool:
    """Whether the last day is a later one by the calendar in force: a holiday was announced since."""
    due = due_on(opened.catalogue, opened.calendar, Sharing(row.sharing), timezone.localdate(row.asked_at))
    if due <= row.due_on:
        return False
    row.due_on = due
    row.save(update_fields=["due_on"])
    return due >= today


def _remind(opened: OpenRelease, at: dt.datetime) -> int:
    today = timezone.localdate(at)
    last = today + dt.timedelta(days=whole(opened.catalogue, REMINDS))
    ending = Grant.objects.filter(
        revoked_at=None, reminded_at=None, valid_until__lte=last, valid_until__gte=today
    )
    return sum(_tell_end(opened, pk, at) for pk in ending.values_list("pk", flat=True)[:_AT_ONCE])


@transaction.atomic
def _tell_end(opened: OpenRelease, pk: int, at: dt.datetime) -> int:
    row = Grant.objects.select_for_update(of=("self",)).select_related("request").get(pk=pk)
    if row.reminded_at is not None or row.revoked_at is not None:
        return 0
    known = resources(opened.catalogue).get(row.resource)
    body = (
        f"“{known.name if known else row.resource}”的授权用到{row.valid_until:%Y年%m月%d日}。"
        "还要用的，请提前重新申请。"
    )
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    for officer in sorted({row.request.asked_by, *data_officers(row.org)}):
        notify(officer, "一份数据授权快要到期", body, about=row.public_id)
    return 1
