# SPDX-License-Identifier: Apache-2.0
"""Reads of settlements for officers: sheets and what waits for whom, the registers, the tables of a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, Sum

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import Subject, subjects
from yiwang.apps.journal.public import record as write_down
from yiwang.engines.benefits.settlement_kinds import Settled
from yiwang.kernel.actor import Actor
from yiwang.kernel.money import format_fen

from .domain.sheets import SheetState, period_words
from .models import Check, Line, Sheet
from .settlement_parts import (
    NoSuchSettlement,
    org_for,
    posts_at,
    sees_sheet,
    settled_policies,
    stations_of,
)
from .worths import WITHDRAWN


@dataclass(frozen=True)
class SheetRow:
    """A sheet in a list. `mine`: the next step is the officer's own."""

    id: str
    policy: str
    policy_name: str
    period: str
    where: str
    place: str
    state: SheetState
    step: str
    shown_until: dt.date | None
    lines: int
    fen: int
    mine: bool

    @property
    def money(self) -> str:
        """What it gives."""
        return format_fen(self.fen)

    @property
    def month(self) -> str:
        """Its month in words."""
        return period_words(self.period)


@dataclass(frozen=True)
class LineView:
    """A line of a sheet: the unit, whose it is, what was recorded, what it gives."""

    record: str
    number: str
    name: str
    masked_name: str
    masked_number: str
    kept: Sequence[tuple[str, str]]
    day: dt.date
    proof: str
    columns: Sequence[tuple[str, str]]
    payee: str
    fen: int
    why: str
    withdrawn: bool

    @property
    def money(self) -> str:
        """What it gives; below nothing where an earlier sheet gave too much."""
        return format_fen(self.fen)


@dataclass(frozen=True)
class DoubtView:
    """An objection to a line."""

    id: str
    proof: str
    words: str
    raised_at: dt.datetime
    upheld: bool | None
    answer: str


@dataclass(frozen=True)
class SheetView:
    """A sheet with everything its officers need to check it."""

    row: SheetRow
    lines: Sequence[LineView]
    checks: Sequence[tuple[str, str, dt.datetime, bool, str]]
    doubts: Sequence[DoubtView]
    payees: Sequence[tuple[str, str]]
    photos: Sequence[str]
    begins: bool
    unit: str
    proof: str
    publicity: str


@dataclass(frozen=True)
class MonthRow:
    """One line of a month's table (统计表): a street or a county, its villages, sales, money."""

    name: str
    sheets: int
    units: int
    lines: int
    fen: int

    @property
    def money(self) -> str:
        """How much."""
        return format_fen(self.fen)


def place_name(place: str) -> str:
    """What a county is called."""
    found = current().catalogue.places.get(place)
    return found.name if found else place


def sheets_of(actor: Actor, *, most: int = 200) -> list[SheetRow]:
    """The sheets in which an officer has a step, what waits for them first."""
    policies = settled_policies()
    rows = Sheet.objects.filter(policy__in=policies).select_related("station__parent")
    rows = rows.filter(_reach(actor)) if not _city(actor) else rows
    told = rows.annotate(size=Count("lines"), fen=Sum("lines__fen")).order_by("-period", "-id")[:most]
    views = []
    for row in told:
        settled = policies[row.policy].settled
        if settled is not None and sees_sheet(actor, settled, row):
            views.append(_row(actor, row, settled, (row.size, row.fen or 0)))
    return sorted(views, key=lambda one: not one.mine)


def _city(actor: Actor) -> bool:
    return any(
        posts_at(actor, org, "")
        for policy in settled_policies().values()
        if policy.settled
        for step in policy.settled.steps
        for org in step.orgs
    )


def _reach(actor: Actor) -> Q:
    mine = [one.pk for one in stations_of(actor)]
    places = {post.place for post in actor.posts if post.place}
    return Q(station__in=mine) | Q(station__parent__in=mine) | Q(place__in=places)


def _row(actor: Actor, row: Sheet, settled: Settled, sums: tuple[int, int]) -> SheetRow:
    state = SheetState(row.state)
    step = min(row.step, len(settled.steps) - 1)
    at = 0 if state in (SheetState.SHOWN, SheetState.RETURNED) else step
    mine = state is not SheetState.PASSED and bool(org_for(actor, settled.steps[at], row.place, row.station))
    if mine and state is SheetState.CHECKING:
        mine = not row.checks.filter(round=row.round, by=actor.id).exists()
    name = settled_policies()[row.policy].name
    where = place_name(row.place)
    if row.station is not None:
        above = row.station.parent.name if row.station.parent else ""
        where = f"{where}{above}{row.station.name}"
    told = settled.steps[at].name if state is not SheetState.PASSED else ""
    return SheetRow(
        row.public_id, row.policy, name, row.period, where, row.place, state, told, row.shown_until,
        *sums, mine,
    )  # fmt: skip


@transaction.atomic
def sheet_view(actor: Actor, sheet: str) -> SheetView:
    """One sheet, for officers with a step in it; the look is written into the journal. Raises
    NoSuchSettlement."""
    row = Sheet.objects.select_related("station__parent").filter(public_id=sheet).first()
    policy = settled_policies().get(row.policy) if row else None
    if row is None or policy is None or policy.settled is None or not sees_sheet(actor, policy.settled, row):
        raise NoSuchSettlement
    settled = policy.settled
    first = settled.steps[0]
    begins = bool(org_for(actor, first, row.place, row.station))
    lines = lines_of(row, settled, with_contact=begins)
    write_down(
        actor,
        "settlement.looked",
        stream=f"settlement:{row.public_id}",
        about=row.public_id,
        detail={"policy": row.policy, "period": row.period, "lines": len(lines)},
    )
    by_payee: dict[str, int] = {}
    for line in lines:
        by_payee[line.payee] = by_payee.get(line.payee, 0) + line.fen
    return SheetView(
        _row(actor, row, settled, (len(lines), sum(line.fen for line in lines))),
        lines,
        [_check_words(one, settled) for one in row.checks.order_by("id")],
        [
            DoubtView(one.public_id, one.record.proof, one.words, one.raised_at, one.upheld, one.answer)
            for one in row.objections.select_related("record").order_by("id")
        ],
        [(name, format_fen(fen)) for name, fen in sorted(by_payee.items())],
        list(row.photos),
        begins,
        settled.unit,
        settled.proof or "",
        first.publicity.where if first.publicity else "",
    )


def _check_words(one: Check, settled: Settled) -> tuple[str, str, dt.datetime, bool, str]:
    org = current().catalogue.orgs.get(one.org)
    return settled.steps[one.step].name, org.name if org else one.org, one.at, one.passed, one.words


def lines_of(sheet: Sheet, settled: Settled, *, with_contact: bool = False) -> list[LineView]:
    """The lines of a sheet, by unit and day; how to reach people for those alone who enrolled them."""
    rows = list(
        Line.objects.filter(sheet=sheet)
        .select_related("record__enrolment", "record__payee")
        .order_by("record__enrolment__number", "record__day", "id")
    )
    asked = {row.record.enrolment.holder for row in rows} | {row.record.payee.subject for row in rows}
    about = subjects(asked) if asked else {}
    return [_line(row, settled, about, with_contact) for row in rows]


def _line(row: Line, settled: Settled, about: Mapping[str, Subject], with_contact: bool) -> LineView:
    record, unit = row.record, row.record.enrolment
    holder = about[unit.holder]
    withdrawn = record.withdrawn_at is not None
    return LineView(
        record.public_id, unit.number, holder.name, holder.masked_name, holder.masked_number,
        [(name, unit.kept.get(name, "")) for name in settled.kept] if with_contact else [],
        record.day, record.proof, [(one.name, record.columns.get(one.name, "")) for one in settled.columns],
        about[record.payee.subject].name, row.fen, row.why or (WITHDRAWN if withdrawn else ""), withdrawn,
    )  # fmt: skip


def month_table(actor: Actor, policy: str, period: str) -> list[MonthRow]:
    """A month by street, for who checks it above the villages (街道、区统计表). Raises NoSuchSettlement."""
    found = settled_policies().get(policy)
    if found is None:
        raise NoSuchSettlement
    seen = [one.id for one in sheets_of(actor) if one.policy == policy and one.period == period]
    rows = (
        Line.objects.filter(sheet__public_id__in=seen)
        .values("sheet__place", "sheet__station__parent__name", "sheet__station__name")
        .annotate(
            sheets=Count("sheet", distinct=True),
            units=Count("record__enrolment", distinct=True),
            size=Count("id"),
            fen=Sum("fen"),
        )
        .order_by("sheet__place", "sheet__station__parent__name", "sheet__station__name")
    )
    return [
        MonthRow(
            place_name(row["sheet__place"])
            + (row["sheet__station__parent__name"] or "")
            + (row["sheet__station__name"] or ""),
            row["sheets"], row["units"], row["size"], row["fen"],
        )
        for row in rows
    ]  # fmt: skip
