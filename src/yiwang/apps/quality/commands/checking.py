# SPDX-License-Identifier: Apache-2.0
"""The provider's part: check an objection in time, correct with history or answer with reasons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import send
from yiwang.apps.notices.public import notify
from yiwang.engines.definitions import whole
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.process.limits import due_on
from yiwang.kernel.actor import Actor, system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.workdays import Limit

from ..domain import settings
from ..domain.objections import State, Way, move
from ..domain.values import MOST, read_typed
from ..models import Correction, Objection, Round
from ._objections import (
    known_resource,
    last_round,
    locked,
    locked_for_provider,
    note,
    tell_bureau,
    tell_provider,
)

CORRECTION_TOPIC = "quality.correction"
"""A correction on its way to the provider's own system."""


@dataclass(frozen=True)
class Corrected:
    """The record was wrong: what it said, what it says now, on what evidence, how that reached the source."""

    old: str = field(repr=False)
    new: str = field(repr=False)
    evidence: str = field(repr=False)
    way: Way = Way.OWN_SYSTEM


@dataclass(frozen=True)
class Answered:
    """The record stays: why, and what whoever does not agree can do."""

    reasons: str = field(repr=False)
    remedy: str


@transaction.atomic
def extend(
    actor: Actor, objection: str, *, days: int, reason: str, now: dt.datetime | None = None
) -> dt.date:
    """Take longer for a check, once, before its last day is over, with a reason that whoever raised it
    reads (原则上, gb-2022-10 L481). `days`: working days more. Returns the new last day.

    Raises NoSuchObjection; Conflict: not being checked, extended before, too late; Invalid: no reason.
    """
    row = locked_for_provider(actor, objection)
    moment, opened, last = now or timezone.now(), current(), last_round(row)
    if State(row.state) is not State.CHECKING or last.extended_at is not None:
        raise Conflict("不能延期：没有在核查，或者已经延过一次。", mend="请尽快核查并答复。")
    if timezone.localdate(moment) > last.due_on:
        raise Conflict("已经超期，不能再延。", mend="请马上核查并答复，答复里说明为什么迟了。")
    most = whole(opened.catalogue, settings.EXTENSION_DAYS)
    if not 1 <= days <= most:
        raise Invalid("延期天数不对。", mend=f"最少1个、最多{most}个工作日。", field="days")
    if not reason.strip():
        raise Invalid("延期要写明理由。", mend="提出异议的人会看到。", field="reason")
    last.extended_at, last.extended_by = moment, actor.id
    last.extension_reason = reason.strip()[:MOST]
    last.due_on = opened.calendar.due(last.first_due_on, Limit(Decimal(days))).date
    last.save()
    note(actor, "extended", row, due=last.due_on.isoformat(), days=days)
    body = f"核查延期到{last.due_on:%Y年%m月%d日}。理由：{last.extension_reason}"
    notify(row.raised_by, "您的数据异议延期核查", body, about=row.public_id)
    return last.due_on


@transaction.atomic
def answer_objection(
    actor: Actor, objection: str, outcome: Corrected | Answered, *, now: dt.datetime | None = None
) -> State:
    """End a check: corrected with its history, or answered with reasons and remedy. Returns the new state.

    Raises NoSuchObjection; NotAllowed: who raised it does not check it; Conflict: answered already; Invalid.
    """
    row = locked_for_provider(actor, objection)
    if actor.id in (row.raised_by, row.clerk):
        raise NotAllowed("自己提的、经手登记的异议不能自己核查。", mend="请由本部门另一位数据管理员核查。")
    corrected = isinstance(outcome, Corrected)
    state = move(State(row.state), State.CORRECTED if corrected else State.ANSWERED)
    moment, last = now or timezone.now(), last_round(row)
    if isinstance(outcome, Corrected):
        _correct(actor, row, last, outcome, moment)
    else:
        _answer(last, outcome)
    last.outcome, last.answered_at, last.answered_by = state.value, moment, actor.id
    last.answered_name = actor.name
    last.save()
    row.state = state.value
    row.save(update_fields=["state"])
    late = int(timezone.localdate(moment) > last.due_on)
    note(actor, state.value, row, round=last.number, late=late)
    notify(row.raised_by, f"您的数据异议{state.term}", state.sentence, about=row.public_id)
    return state


def _correct(actor: Actor, row: Objection, last: Round, given: Corrected, now: dt.datetime) -> None:
    if not given.evidence.strip():
        raise Invalid("请写明凭什么更正。", mend="例如“与户口簿原件核对一致”。", field="evidence")
    item = known_resource(row.resource).field(row.field) if row.field else None
    kind = item.type if item is not None else ElementType.TEXT
    try:
        new = read_typed(given.new, kind, today=timezone.localdate(now))
    except Invalid as wrong:
        raise Invalid(wrong.message, mend=wrong.mend, field="new") from None
    old = _old(given.old, kind, timezone.localdate(now))
    if new == old:
        raise Invalid("更正前后一样。", mend="没有更正的，请选“不更正，说明理由”。", field="new")
    correction = Correction.objects.create(
        public_id=new_public_id("cor"),
        round=last,
        old=old,
        new=new,
        way=given.way.value,
        evidence=given.evidence.strip()[:MOST],
        by=actor.id,
        at=now,
    )
    if given.way is Way.MESSAGE:
        send(CORRECTION_TOPIC, f"correction:{correction.public_id}", {"correction": correction.public_id})


def _old(text: str, kind: ElementType, today: dt.date) -> str:
    """What the record said: as a value of its type where it was one."""
    try:
        return read_typed(text, kind, today=today)
    except Invalid:
        return text.strip()[:MOST]


def _answer(last: Round, given: Answered) -> None:
    for name, text in (("reasons", given.reasons), ("remedy", given.remedy)):
        if not text.strip():
            raise Invalid("不更正的，要写明理由和还可以怎么办。", mend="提出异议的人会看到。", field=name)
    last.reasons, last.remedy = given.reasons.strip()[:MOST], given.remedy.strip()[:MOST]


def look_after_objections(now: dt.datetime | None = None) -> int:
    """Tell the provider and the data bureau of checks that are late, once each; close what nobody gave
    feedback on in time. Returns how many were touched."""
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    late = Round.objects.filter(answered_at=None, escalated_at=None, due_on__lt=today)
    touched = sum(_escalate(one, moment) for one in late.order_by("id").values_list("pk", flat=True)[:200])
    waiting = Objection.objects.filter(state__in=[State.CORRECTED.value, State.ANSWERED.value])
    return touched + sum(
        _close(one, moment) for one in waiting.order_by("id").values_list("public_id", flat=True)
    )


@transaction.atomic
def _escalate(key: int, now: dt.datetime) -> int:
    one = Round.objects.select_for_update().filter(pk=key, answered_at=None, escalated_at=None).first()
    if one is None:
        return 0
    row = one.objection
    one.escalated_at = now
    one.save(update_fields=["escalated_at"])
    note(system("时钟"), "late", row, due=one.due_on.isoformat(), round=one.number)
    body = f"核查期限{one.due_on:%Y年%m月%d日}已过，还没有答复。请马上办理。"
    tell_provider(row, "数据异议核查已超期", body)
    tell_bureau("有部门的数据异议核查超期", body, about=row.public_id)
    return 1


@transaction.atomic
def _close(objection: str, now: dt.datetime) -> int:
    row, opened = locked(objection), current()
    last = last_round(row)
    if State(row.state) not in (State.CORRECTED, State.ANSWERED) or last.answered_at is None:
        return 0
    day = timezone.localdate(last.answered_at)
    if timezone.localdate(now) <= due_on(opened.catalogue, opened.calendar, settings.FEEDBACK_DAYS, day):
        return 0
    row.state, row.closed_at = move(State(row.state), State.CLOSED).value, now
    row.save(update_fields=["state", "closed_at"])
    note(system("时钟"), "closed", row, round=last.number)
    return 1
