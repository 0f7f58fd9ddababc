# SPDX-License-Identifier: Apache-2.0
"""Mendings (整改): asked of the provider by a run, said to be done, confirmed by the next run."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import officers_of
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.engines.exchange import Resource
from yiwang.engines.exchange.quality_kinds import QualityRule
from yiwang.engines.process.limits import due_on
from yiwang.kernel.actor import Actor, Role, system
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain import settings
from ..domain.runs import TaskState, move_task
from ..models import Task
from ..parts import provides_for

_MOST = 500


def tell_data_officers(org: str, title: str, body: str, *, about: str) -> None:
    """A letter to each data officer of a department; `org` "" for the data bureau."""
    for officer in officers_of(org, "", Role.DATA):
        if not org or org in provides_for(officer):
            notify(officer.id, title, body, about=about)


def open_task(resource: Resource, rule: QualityRule, *, failed: int, now: dt.datetime) -> Task:
    """Ask the provider to mend what a rule found, in the caller's transaction."""
    opened, day = current(), timezone.localdate(now)
    task = Task.objects.create(
        public_id=new_public_id("qt"),
        resource=resource.id,
        provider=resource.provider,
        rule=rule.id,
        advice=rule.mend[:1000],
        state=TaskState.OPEN.value,
        opened_at=now,
        due_on=due_on(opened.catalogue, opened.calendar, settings.MEND_DAYS, day),
        failed=failed,
    )
    body = f"“{resource.name}”：{rule.mend}。{failed}行不合格，请于{task.due_on:%Y年%m月%d日}前整改。"
    tell_data_officers(resource.provider, "有数据质量问题待整改", body, about=task.public_id)
    return task


@transaction.atomic
def say_mended(actor: Actor, task: str, words: str, *, now: dt.datetime | None = None) -> str:
    """The provider says how it mended something; the next run tells whether it did. Returns the resource.

    Raises NotFound: no such mending of this department. Invalid: no words. Conflict: said already.
    """
    row = Task.objects.select_for_update().filter(public_id=task).first()
    if row is None or row.provider not in provides_for(actor):
        raise NotFound("没有这项整改。", mend="请从整改列表进入。")
    if not words.strip():
        raise Invalid("请写明怎样改的。", mend="例如“已补录12条，校正5条”。", field="words")
    row.state = move_task(TaskState(row.state), TaskState.MENDED).value
    row.words, row.mended_by, row.mended_at = words.strip()[:_MOST], actor.id, now or timezone.now()
    row.save()
    record(actor, "quality.mended", stream=f"quality:{row.resource}", about=row.public_id)
    return row.resource


def look_after_mendings(now: dt.datetime | None = None) -> int:
    """Tell the provider and the bureau of mendings that are late, once each; how many."""
    moment = now or timezone.now()
    late = Task.objects.filter(
        state=TaskState.OPEN.value, escalated_at=None, due_on__lt=timezone.localdate(moment)
    )
    return sum(_escalate(key, moment) for key in late.order_by("id").values_list("pk", flat=True)[:200])


@transaction.atomic
def _escalate(key: int, now: dt.datetime) -> int:
    rows = Task.objects.select_for_update().filter(pk=key, state=TaskState.OPEN.value, escalated_at=None)
    task = rows.first()
    if task is None:
        return 0
    task.escalated_at = now
    task.save(update_fields=["escalated_at"])
    record(system("时钟"), "quality.late", stream=f"quality:{task.resource}", about=task.public_id)
    body = f"整改期限{task.due_on:%Y年%m月%d日}已过：{task.advice}"
    for org in (task.provider, ""):
        tell_data_officers(org, "数据质量整改已超期", body, about=task.public_id)
    return 1
