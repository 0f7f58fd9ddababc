# SPDX-License-Identifier: Apache-2.0
"""Reads: a firm's requests, a department's worklist, one request, the counts that are published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import subjects
from yiwang.apps.journal.public import record
from yiwang.apps.materials import public as materials
from yiwang.engines.definitions import whole
from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import Actor, ActorKind, Matter

from .domain import settings
from .domain.requests import Part, State
from .models import FirmRequest, ServiceOfficer, Turn
from .parts import NoSuchRequest, answers_for, at_desk, visible

_PURPOSE = "办理、督办企业诉求"
_BASIS = "驻政办〔2022〕62号：窗口接诉、后台办理、限时回复、“不满”督办"


@dataclass(frozen=True)
class RequestRow:
    """A request in a list. `due_on`: of the stretch that runs; None when nothing waits."""

    id: str
    number: str
    firm: str
    firm_name: str
    category: str
    title: str = field(repr=False)
    state: State
    org: str
    raised_at: dt.datetime
    due_on: dt.date | None
    light: Light
    rounds: int


@dataclass(frozen=True)
class TurnView:
    """One stretch of the clock."""

    number: int
    part: Part
    org: str
    began_at: dt.datetime
    due_on: dt.date
    ended_at: dt.datetime | None
    ended_name: str
    late: bool
    escalated: bool
    returned: str
    done: str = field(repr=False)
    reply: str = field(repr=False)
    satisfied: bool | None
    rating_words: str = field(repr=False)
    handed_at: dt.datetime | None


@dataclass(frozen=True)
class RequestView:
    """A request as its page shows it, and what the reader may do."""

    row: RequestRow
    words: str = field(repr=False)
    files: Sequence[materials.StoredFile]
    turns: Sequence[TurnView]
    officer: ServingView | None
    may_dispatch: bool
    may_send_back: bool
    may_reply: bool
    may_rate: bool
    left_again: int


@dataclass(frozen=True)
class ServingView:
    """Who looks after a firm."""

    name: str
    org: str
    phone: str
    since: dt.datetime


def requests(actor: Actor, *, firm: str = "", open_only: bool = False, limit: int = 200) -> list[RequestRow]:
    """What the actor may know of (of one firm), what waits first by its due day; no texts but the title."""
    rows = visible(actor)
    rows = rows.filter(firm=firm) if firm else rows
    rows = rows.exclude(state=State.CLOSED.value) if open_only else rows
    views = rows_of(rows.order_by("-id")[:limit])
    return sorted(views, key=lambda one: (one.state is State.CLOSED, one.due_on or dt.date.max))


def rows_of(rows: Iterable[FirmRequest]) -> list[RequestRow]:
    """Requests as a list shows them; the caller has decided who may."""
    found, opened, today = list(rows), current(), timezone.localdate()
    names = {key: one.name for key, one in subjects({row.firm for row in found}).items()} if found else {}
    last: dict[int, Turn] = {}
    replies: dict[int, int] = {}
    for turn in Turn.objects.filter(request__in=found).order_by("number"):
        last[turn.request_id] = turn
        replies[turn.request_id] = replies.get(turn.request_id, 0) + (turn.part == Part.REPLY.value)
    return [_row(row, last[row.pk], names[row.firm], replies[row.pk], opened, today) for row in found]


def _row(
    row: FirmRequest, last: Turn, name: str, rounds: int, opened: OpenRelease, today: dt.date
) -> RequestRow:
    due = last.due_on if last.ended_at is None else None
    catalogue = opened.catalogue
    category = catalogue.others.get("request_categories", {}).get(row.category)
    return RequestRow(
        row.public_id, row.number, row.firm, name, category.name if category else row.category,
        row.title, State(row.state), _org(opened, row.org), row.raised_at, due,
        settings.light_on(catalogue, opened.calendar, due, today), rounds,
    )  # fmt: skip


def _org(opened: OpenRelease, org: str) -> str:
    found = opened.catalogue.orgs.get(org)
    return found.name if found else org


@transaction.atomic
def request_view(actor: Actor, public_id: str) -> RequestView:
    """One request; an officer's look goes into the journal. Raises NoSuchRequest."""
    row = visible(actor).filter(public_id=public_id).first()
    if row is None:
        raise NoSuchRequest
    if actor.kind is ActorKind.OFFICER:
        note_look(actor, row)
    state = State(row.state)
    return view_of(
        actor, row, may_rate=state is State.REPLIED and row.firm in actor.firms_for(Matter.REQUESTS)
    )


def view_of(actor: Actor, row: FirmRequest, *, may_rate: bool) -> RequestView:
    """A request with everything in it; the caller has decided who may see it."""
    opened, today = current(), timezone.localdate()
    turns = list(row.turns.order_by("number"))
    state, answers = State(row.state), answers_for(actor, row)
    unhappy = sum(turn.satisfied is False for turn in turns)
    touched = any(turn.returned or turn.satisfied is not None for turn in turns)
    return RequestView(
        row=rows_of([row])[0],
        words=row.words,
        files=materials.describe(row.files),
        turns=[_turn(turn, opened, today) for turn in turns],
        officer=serving(row.firm),
        may_dispatch=state is State.RAISED and at_desk(actor, row.place),
        may_send_back=state is State.HANDLING and answers and not touched,
        may_reply=state is State.HANDLING and answers,
        may_rate=may_rate,
        left_again=max(0, whole(opened.catalogue, settings.AGAIN) - unhappy),
    )


def _turn(turn: Turn, opened: OpenRelease, today: dt.date) -> TurnView:
    ended = timezone.localdate(turn.ended_at) if turn.ended_at else today
    return TurnView(
        turn.number, Part(turn.part), _org(opened, turn.org), turn.began_at, turn.due_on, turn.ended_at,
        turn.ended_name, ended > turn.due_on, turn.escalated_at is not None, turn.returned, turn.done,
        turn.reply, turn.satisfied, turn.rating_words, turn.handed_at,
    )  # fmt: skip


def attachment(actor: Actor, public_id: str, file: str) -> tuple[str, bytes]:
    """A file of a request: media type and content; an officer's look is logged. Raises NoSuchRequest."""
    with transaction.atomic():
        row = visible(actor).filter(public_id=public_id).first()
        if row is None or file not in row.files:
            raise NoSuchRequest
        if actor.kind is ActorKind.OFFICER:
            note_look(actor, row)
    return materials.content_of(file)


def note_look(actor: Actor, row: FirmRequest) -> None:
    """An officer's look goes into the journal."""
    record(
        actor,
        "firm_request.look",
        stream=f"firm-request:{row.public_id}",
        about=row.public_id,
        subject=row.firm,
        purpose=_PURPOSE,
        basis=_BASIS,
    )


def serving(firm: str) -> ServingView | None:
    """Who looks after a firm now; None: nobody yet."""
    row = ServiceOfficer.objects.filter(firm=firm, until=None).first()
    return ServingView(row.name, _org(current(), row.org), row.phone, row.since) if row else None
