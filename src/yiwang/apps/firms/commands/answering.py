# SPDX-License-Identifier: Apache-2.0
"""The government's part: dispatch, send back, reply; and what time does by itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.notices.public import notify
from yiwang.engines.process.limits import due_on
from yiwang.kernel.actor import Actor, Role, system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from ..domain import settings
from ..domain.requests import Part, State, move
from ..models import FirmRequest, Turn
from ..parts import answers_for, at_desk, refusal
from ._requests import MOST, begin_turn, last_turn, locked, note, tell_org, tell_supervisors

_CLOCK = system("时钟")


@dataclass(frozen=True)
class Reply:
    """What a department answers: what it did, and what it says."""

    done: str = field(repr=False)
    words: str = field(repr=False)


@transaction.atomic
def dispatch(actor: Actor, request: str, *, org: str, now: dt.datetime | None = None) -> dt.date:
    """The firms' window hands a request to the department that answers; returns the day it is due.

    Raises NoSuchRequest; NotAllowed: not at the window; NotFound: no such department; Conflict: not waiting.
    """
    row, moment = locked(request), now or timezone.now()
    if not at_desk(actor, row.place):
        raise refusal(actor, row, "由企业服务窗口交办。")
    if org not in current().catalogue.orgs:
        raise NotFound("没有这个部门。", mend="请从列表中选择。", field="org")
    row.state = move(State(row.state), State.HANDLING).value
    _end(last_turn(row), actor, moment)
    row.org = org
    row.save(update_fields=["state", "org"])
    turn = begin_turn(row, Part.REPLY, moment)
    note(actor, "dispatched", row, due=turn.due_on.isoformat())
    body = f"{row.number}，请于{turn.due_on:%Y年%m月%d日}前办理、答复。"
    tell_org(row, org, "有企业诉求交您部门办理", body)
    notify(row.firm, "您的诉求已经交办", f"{row.number}已经交给责任部门。", about=row.public_id)
    return turn.due_on


@transaction.atomic
def send_back(actor: Actor, request: str, *, reason: str, now: dt.datetime | None = None) -> dt.date:
    """A department says that a request is not its own, with the reason; the window dispatches anew. Once:
    afterwards whoever has it answers. Returns the day by which it is dispatched.

    Raises NoSuchRequest; NotAllowed; Invalid: no reason; Conflict: not being handled, sent back before.
    """
    row, moment = locked(request), now or timezone.now()
    if not answers_for(actor, row):
        raise refusal(actor, row, "由办理这件诉求的部门退回。")
    if not reason.strip():
        raise Invalid("退回要写明理由。", mend="请写明应当由哪个部门办、依据什么。", field="reason")
    if row.turns.exclude(returned="").exists() or row.turns.exclude(satisfied=None).exists():
        raise Conflict(
            "已经退回过一次，或者已经答复过，不能再退。", mend="请办理；要别的部门配合的，请主动协调。"
        )
    row.state = move(State(row.state), State.RAISED).value
    turn = last_turn(row)
    turn.returned = reason.strip()[:500]
    _end(turn, actor, moment)
    row.org = settings.desk(current().catalogue)
    row.save(update_fields=["state", "org"])
    began = begin_turn(row, Part.DISPATCH, moment)
    note(actor, "sent_back", row, due=began.due_on.isoformat())
    tell_org(row, row.org, "企业诉求退回改派", f"{row.number}，请于{began.due_on:%Y年%m月%d日}前改派。")
    return began.due_on


@transaction.atomic
def reply(actor: Actor, request: str, answer: Reply, *, now: dt.datetime | None = None) -> None:
    """A department answers: what was done, and what it says to the firm, who is told.

    Raises NoSuchRequest; NotAllowed; Invalid: nothing said; Conflict: not being handled.
    """
    row, moment = locked(request), now or timezone.now()
    if not answers_for(actor, row):
        raise refusal(actor, row, "由办理这件诉求的部门答复。")
    if actor.id == row.raised_by:
        raise NotAllowed("不能答复自己提的诉求。", mend="请由另一位工作人员答复。")
    for name in ("done", "words"):
        text = getattr(answer, name).strip()
        if not text or len(text) > MOST:
            mend = f"写明做了什么、结果怎样，最多{MOST}个字。"
            raise Invalid("答复没有写全，或者太长。", mend=mend, field=name)
    row.state = move(State(row.state), State.REPLIED).value
    turn = last_turn(row)
    turn.done, turn.reply = answer.done.strip(), answer.words.strip()
    _end(turn, actor, moment)
    row.save(update_fields=["state"])
    note(actor, "replied", row, round=turn.number, late=int(timezone.localdate(moment) > turn.due_on))
    notify(row.firm, "您的诉求有答复了", f"{row.number}已经答复，请登录查看并评价。", about=row.public_id)


def _end(turn: Turn, actor: Actor, now: dt.datetime) -> None:
    turn.ended_at, turn.ended_by, turn.ended_name = now, actor.id, actor.name
    turn.save()


def look_after_requests(now: dt.datetime | None = None) -> int:
    """What time does: late dispatches and replies are told once to approvers and supervisors; replies nobody
    rated in time are closed. Returns how many requests were touched."""
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    late = Turn.objects.filter(ended_at=None, escalated_at=None, due_on__lt=today)
    late_ids = list(late.values_list("request__public_id", flat=True)[:200])
    waiting = FirmRequest.objects.filter(state=State.REPLIED.value)
    unrated = [row.public_id for row in waiting.order_by("id")[:500] if _unrated(row, today)]
    return sum(_escalate(one, moment) for one in late_ids) + sum(_close(one, moment) for one in unrated)


def _unrated(row: FirmRequest, today: dt.date) -> bool:
    ended, opened = last_turn(row).ended_at, current()
    if ended is None:
        return False
    since = timezone.localdate(ended)
    return today > due_on(opened.catalogue, opened.calendar, settings.RATING_DAYS, since)


@transaction.atomic
def _escalate(request: str, now: dt.datetime) -> bool:
    row = locked(request)
    turn = last_turn(row)
    if turn.ended_at is not None or turn.escalated_at is not None:
        return False
    turn.escalated_at = now
    turn.save(update_fields=["escalated_at"])
    note(_CLOCK, "escalated", row, part=turn.part, due=turn.due_on.isoformat())
    words = f"{row.number}应于{turn.due_on:%Y年%m月%d日}前{Part(turn.part).term}，已经超期。"
    tell_org(row, turn.org, "企业诉求超期", words, roles=(Role.APPROVER,))
    tell_supervisors(row, "企业诉求超期，请督办", words)
    return True


@transaction.atomic
def _close(request: str, now: dt.datetime) -> bool:
    row = locked(request)
    if row.state != State.REPLIED.value or not _unrated(row, timezone.localdate(now)):
        return False
    row.state, row.closed_at = move(State(row.state), State.CLOSED).value, now
    row.save(update_fields=["state", "closed_at"])
    note(_CLOCK, "closed", row)
    return True
