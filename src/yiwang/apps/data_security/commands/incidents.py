# SPDX-License-Identifier: Apache-2.0
"""Hazards and incidents (第二十四条、第二十七条): found, reported at once, remedied, closed; transferred."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.engines.exchange import Grade
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import new_public_id

from ..domain.moves import INCIDENT_MOVES, IncidentState, Move, Side, move_of
from ..domain.powers import homes_of, manages, may_supervise
from ..domain.settings import REPORT_HOURS, number
from ..domain.words import IncidentKind, Stage
from ..models import Incident, IncidentEvent
from ..queries.seeing import NoSuchIncident, may_see
from ._shared import administrators_of, bodies, bureau_officers, name_of, note, refuse, required, tell


@dataclass(frozen=True)
class NewIncident:
    """What somebody found. `found_at`: when; `grade`: of the data concerned, "" if not known."""

    org: str
    kind: IncidentKind
    stage: Stage
    title: str
    description: str
    found_at: dt.datetime
    grade: str = ""
    personal: bool = False


@transaction.atomic
def find_incident(actor: Actor, found: NewIncident) -> str:
    """Enter a hazard or an incident of one's own unit; its public id. Anybody in the unit may.

    Raises NotAllowed: another unit's. Invalid: nothing written, found in the future, an unknown grade.
    """
    if found.org not in homes_of(actor):
        raise refuse("登记这个单位的隐患和事件")
    now = timezone.now()
    if found.found_at > now:
        raise Invalid("发现时间还没有到。", mend="请写实际发现的时间。", field="found_at")
    if found.grade and found.grade not in set(Grade):
        raise Invalid("没有这个数据等级。", mend="请从列表中选择，不清楚的空着。", field="grade")
    hours = number(current().catalogue, REPORT_HOURS)
    row = Incident.objects.create(
        public_id=new_public_id("inc"),
        org=found.org,
        kind=found.kind.value,
        stage=found.stage.value,
        title=required(found.title, "标题", field="title", longest=100),
        description=required(found.description, "经过", field="description"),
        grade=found.grade,
        personal=found.personal,
        state=IncidentState.FOUND.value,
        found_at=found.found_at,
        found_by=actor.id,
        entered_at=now,
        report_by=found.found_at + dt.timedelta(hours=float(hours)),
    )
    _event(actor, row, "found", row.description)
    body = f"“{row.title}”已登记，请在{_clock(row.report_by)}以前报告，逾时记为迟报。"
    tell(administrators_of(row.org), "有新的政务数据安全隐患或事件", body, about=row.public_id, but=actor)
    return row.public_id


@transaction.atomic
def move_incident(actor: Actor, incident: str, move: str, *, words: str, to: str = "") -> None:
    """Make one of the moves of `INCIDENT_MOVES`.

    Args:
        to: with `transfer`, whom the incident goes to: the cyberspace office or the police (第二十七条).

    Raises:
        NoSuchIncident: there is none, or none the actor may know of. NotFound: no such move.
        NotAllowed: the move is another side's. Conflict: the state does not allow it.
        Invalid: nothing was written; no body to transfer to.
    """
    row = Incident.objects.select_for_update().filter(public_id=incident).first()
    if row is None or not may_see(actor, row, bodies()):
        raise NoSuchIncident
    made = move_of(INCIDENT_MOVES, move, row.state)
    _allow(actor, row.org, made)
    text = required(words, made.words)
    if made.name == "report":
        row.reported_at = timezone.now()
        row.is_late = row.reported_at > row.report_by
    if made.name == "close":
        row.closed_at = timezone.now()
    if made.name == "transfer":
        _transfer(row, to)
    row.state = made.target or row.state
    row.save()
    _event(actor, row, made.name, text)
    _announce(actor, row, made)


def _allow(actor: Actor, org: str, move: Move) -> None:
    allowed = manages(actor, org) if move.side is Side.UNIT else may_supervise(actor, org, bodies())
    if not allowed:
        whose = "本单位办理" if move.side is Side.UNIT else "监管部门办理，不能监管自己的单位"
        raise refuse(f"“{move.term}”：这一步由{whose}")


def _transfer(row: Incident, to: str) -> None:
    known = bodies()
    if to not in (known.cyberspace, known.police):
        raise Invalid("请选择移送网信还是公安部门。", mend="责任事件由网信、公安部门依法处置。", field="to")
    if row.transferred_to:
        raise Invalid("已经移送过。", mend=f"由{name_of(row.transferred_to)}处置。", field="to")
    row.transferred_to, row.transferred_at = to, timezone.now()


def _announce(actor: Actor, row: Incident, move: Move) -> None:
    if move.name == "report":
        late = "（迟报）" if row.is_late else ""
        body = f"{name_of(row.org)}报告：“{row.title}”{late}。"
        known = bodies()
        to = [*bureau_officers(), *administrators_of(known.cyberspace)]
        tell(to, "收到政务数据安全隐患或事件报告", body, about=row.public_id, but=actor)
    elif move.name == "transfer":
        body = f"{name_of(row.org)}的“{row.title}”作为责任事件移送，请依法处置。"
        tell(administrators_of(row.transferred_to), "收到移送的责任事件", body, about=row.public_id)
    elif move.side is Side.SUPERVISOR:
        body = f"“{row.title}”：{move.term}。请登录查看。"
        tell(administrators_of(row.org), "安全事件有新进展", body, about=row.public_id, but=actor)


def _event(actor: Actor, row: Incident, move: str, words: str) -> None:
    IncidentEvent.objects.create(
        incident=row, at=timezone.now(), move=move, by=actor.id, by_name=actor.name, words=words
    )
    detail = {"org": row.org, "state": row.state, "late": row.is_late, "transferred": row.transferred_to}
    note(actor, f"incident.{move}", f"incident:{row.public_id}", row.public_id, detail)


@transaction.atomic
def urge_reports(*, now: dt.datetime | None = None) -> int:
    """Tell the unit and the bureau of what was not reported in time, once each; how many."""
    moment = now or timezone.now()
    due = Incident.objects.select_for_update().filter(
        state=IncidentState.FOUND.value, report_by__lt=moment, urged_at=None
    )
    rows = list(due)
    for row in rows:
        Incident.objects.filter(pk=row.pk).update(urged_at=moment)
        body = f"“{row.title}”应当在{_clock(row.report_by)}以前报告，现在还没有报告。不得瞒报、缓报、迟报。"
        to = [*administrators_of(row.org), *bureau_officers()]
        tell(to, f"{name_of(row.org)}有安全事件逾时未报告", body, about=row.public_id)
    return len(rows)


def _clock(at: dt.datetime) -> str:
    return timezone.localtime(at).strftime("%Y年%-m月%-d日 %H:%M")
