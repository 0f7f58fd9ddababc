# SPDX-License-Identifier: Apache-2.0
"""Supervision of units (第二十五、二十六条): found, talked, ordered to mend; in time, or else noticed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.workdays import Limit

from ..domain.moves import CASE_MOVES, CaseState, Move, Side, move_of
from ..domain.powers import body_of, manages, may_supervise
from ..domain.settings import RECTIFY_DAYS, number
from ..models import CaseEvent, SupervisionCase
from ..queries.seeing import NoSuchCase, may_see_case
from ._shared import administrators_of, bodies, name_of, note, refuse, require_unit, required, tell
from .ledger import write_notice


@dataclass(frozen=True)
class NewCase:
    """What a supervising body found. `is_serious`: 存在较大风险, so that a talk is possible."""

    org: str
    title: str
    breach: str
    is_serious: bool = False
    incident: str = ""


@dataclass(frozen=True)
class CaseMove:
    """What comes with a move. `talked_with`: whom the talk was with; `due_on`: by when to mend, by
    default the setting's working days from today."""

    words: str
    talked_with: str = ""
    due_on: dt.date | None = None


@transaction.atomic
def open_case(actor: Actor, found: NewCase) -> str:
    """Enter a breach that a supervising body found; its public id.

    Raises NotAllowed: not a supervising body, or one's own unit. NotFound: no such unit. Invalid.
    """
    require_unit(found.org)
    if not may_supervise(actor, found.org, bodies()):
        raise refuse("监管这个单位")
    row = SupervisionCase.objects.create(
        public_id=new_public_id("sup"),
        org=found.org,
        body=body_of(actor, bodies()),
        incident=found.incident,
        title=required(found.title, "标题", field="title", longest=100),
        breach=required(found.breach, "违反的规定和事实", field="breach"),
        is_serious=found.is_serious,
        state=CaseState.FOUND.value,
        found_at=timezone.now(),
        found_by=actor.id,
    )
    _event(actor, row, "found", row.breach)
    tell(administrators_of(row.org), "监管部门发现本单位数据安全问题", row.title, about=row.public_id)
    return row.public_id


@transaction.atomic
def move_case(actor: Actor, case: str, move: str, given: CaseMove) -> None:
    """Make one of the moves of `CASE_MOVES`.

    Raises:
        NoSuchCase: there is none, or none the actor may know of. NotFound: no such move.
        NotAllowed: the move is another side's. Invalid: something is missing.
        Conflict: the state does not allow it; no serious risk to talk about; not overdue yet.
    """
    row = SupervisionCase.objects.select_for_update().filter(public_id=case).first()
    if row is None or not may_see_case(actor, row, bodies()):
        raise NoSuchCase
    made = move_of(CASE_MOVES, move, row.state)
    _allow(actor, row, made)
    text = required(given.words, made.words)
    if made.name == "talk":
        _talk(row, given)
    if made.name in ("order", "reject"):
        _set_due(row, given)
    if made.name == "circulate":
        _circulate(actor, row, text)
    if made.name == "remove":
        row.ended_at = timezone.now()
    row.state = made.target
    row.save()
    _event(actor, row, made.name, text)
    _announce(actor, row, made)


def _allow(actor: Actor, row: SupervisionCase, move: Move) -> None:
    if move.side is Side.UNIT:
        if not manages(actor, row.org):
            raise refuse(f"“{move.term}”：这一步由本单位办理")
    elif not may_supervise(actor, row.org, bodies()):
        raise refuse(f"“{move.term}”：这一步由监管部门办理，不能监管自己的单位")


def _talk(row: SupervisionCase, given: CaseMove) -> None:
    if not row.is_serious:
        raise Conflict(
            "没有认定存在较大风险，不约谈。", mend="可以直接要求整改（政务数据安全管理暂行办法第二十五条）。"
        )
    row.talked_with = required(given.talked_with, "被约谈的主要负责人", field="talked_with", longest=100)


def _set_due(row: SupervisionCase, given: CaseMove) -> None:
    today, opened = timezone.localdate(), current()
    limit = Limit(Decimal(number(opened.catalogue, RECTIFY_DAYS)))
    row.due_on = given.due_on or opened.calendar.due(today, limit).date
    if row.due_on < today:
        raise Invalid("整改期限已经过去。", mend="请选择今天或以后的日期。", field="due_on")
    row.overdue_told_at = None


def _circulate(actor: Actor, row: SupervisionCase, text: str) -> None:
    if row.due_on is None or timezone.localdate() <= row.due_on:
        raise Conflict("整改期限还没有过，不能通报。", mend="逾期不改正的才通报并扣分（第二十六条）。")
    entry = write_notice(actor, row, text)
    everyone = {one for org in _units() for one in administrators_of(org)}
    body = f"{name_of(row.org)}：{text}（扣{entry.points.normalize():f}分）"
    tell(sorted(everyone), "政务数据安全情况通报", body[:2000], about=row.public_id, but=actor)


def _units() -> list[str]:
    return sorted(current().catalogue.orgs)


def _announce(actor: Actor, row: SupervisionCase, move: Move) -> None:
    if move.name == "mended":
        body = f"{name_of(row.org)}报告“{row.title}”已经改正，请核实。"
        tell(administrators_of(row.body), "单位报告整改完成", body, about=row.public_id, but=actor)
    elif move.name != "circulate":
        due = f"请在{row.due_on:%Y年%-m月%-d日}以前改正并报告。" if move.target == "rectifying" else ""
        body = f"“{row.title}”：{move.term}。{due}"
        tell(administrators_of(row.org), "数据安全监管有新进展", body, about=row.public_id, but=actor)


def _event(actor: Actor, row: SupervisionCase, move: str, words: str) -> None:
    CaseEvent.objects.create(
        case=row, at=timezone.now(), move=move, by=actor.id, by_name=actor.name, words=words
    )
    detail = {"org": row.org, "state": row.state, "due_on": str(row.due_on or "")}
    note(actor, f"supervision.{move}", f"supervision:{row.public_id}", row.public_id, detail)


@transaction.atomic
def tell_overdue(*, today: dt.date | None = None) -> int:
    """Tell the unit and the supervising body of what was not mended in time, once; how many."""
    day = today or timezone.localdate()
    overdue = SupervisionCase.objects.select_for_update().filter(
        state=CaseState.RECTIFYING.value, due_on__lt=day, overdue_told_at=None
    )
    rows = list(overdue)
    for row in rows:
        SupervisionCase.objects.filter(pk=row.pk).update(overdue_told_at=timezone.now())
        body = f"“{row.title}”整改已经逾期。逾期不改正的，在全市通报并在考核中扣分。"
        to = [*administrators_of(row.org), *administrators_of(row.body)]
        tell(to, f"{name_of(row.org)}数据安全整改逾期", body, about=row.public_id)
    return len(rows)
