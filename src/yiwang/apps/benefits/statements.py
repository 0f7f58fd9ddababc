# SPDX-License-Identifier: Apache-2.0
"""Reads of settlements for whom they are about: my household, the maker's statement, what is shown to all,
and how a year's budget stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import subject as subject_of
from yiwang.engines.benefits import Policy
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.money import format_fen

from .bars import BUDGET, CREDIT, bar_words
from .commands.recovering import paid_to
from .domain.records import heading_of
from .domain.sheets import PayoutState, SheetState, period_words
from .models import Enrolment, Line, Payee, Payout, Record, Recovery, Sheet
from .parts import orgs_of
from .settlement_parts import NoSuchSettlement, settled_of, settled_policies
from .settlement_queries import LineView, lines_of, place_name
from .worths import LEFT_OUT, targets_of, year_of


@dataclass(frozen=True)
class HouseholdView:
    """One's own household or pile in a year: every record, what it gave, what is left."""

    id: str
    certificate: str
    policy: str
    policy_name: str
    unit: str
    number: str
    year: int
    records: Sequence[tuple[dt.date, str, str, str]]
    fen: int
    left: int | None

    @property
    def money(self) -> str:
        """What the year gave so far."""
        return format_fen(self.fen)

    @property
    def left_money(self) -> str:
        """What the year can still give; empty when there is no limit."""
        return "" if self.left is None else format_fen(self.left)


@dataclass(frozen=True)
class PayoutView:
    """One payment to a payee."""

    id: str
    period: str
    place: str
    owed: str
    offset: str
    money: str
    state: PayoutState
    receipt: str
    waits_because: str


@dataclass(frozen=True)
class PayeeView:
    """A payee's statement (对账单)."""

    id: str
    policy: str
    policy_name: str
    name: str
    subject: str
    account: str
    heading: Sequence[str]
    certificate: str
    months: Sequence[tuple[str, int, str, str]]
    payouts: Sequence[PayoutView]
    recoveries: Sequence[tuple[str, str, str, dt.date | None]]


@dataclass(frozen=True)
class ShownSheet:
    """A sheet as everybody may see it: names and numbers masked."""

    id: str
    policy_name: str
    where: str
    period: str
    until: dt.date
    lines: Sequence[LineView]


def households_of(actor: Actor) -> list[HouseholdView]:
    """The actor's own households and piles, the newest year of each."""
    if actor.kind is not ActorKind.PERSON:
        return []
    rows = Enrolment.objects.filter(holder__in=[actor.id, *actor.firms_for(Matter.BENEFITS)]).order_by(
        "policy", "number"
    )
    found = []
    for row in rows.select_related("station"):
        policy = settled_policies().get(row.policy)
        if policy is not None and policy.settled is not None:
            found.append(_household(row, policy))
    return found


def _household(row: Enrolment, policy: Policy) -> HouseholdView:
    assert policy.settled is not None
    catalogue = current().catalogue
    records = list(
        Record.objects.filter(enrolment=row).select_related("payee").order_by("day", "reported_at", "id")
    )
    year = records[-1].day.year if records else timezone.localdate().year
    mine = [one for one in records if one.day.year == year]
    targets = targets_of(policy, catalogue, row, mine, "9999-12")
    counted = [one for one in mine if one.pk in targets and targets[one.pk].why not in LEFT_OUT]
    told = [
        (
            one.day,
            "，".join(f"{name}{value}" for name, value in one.columns.items()),
            format_fen(targets[one.pk].fen) if one.pk in targets else "",
            targets[one.pk].why if one.pk in targets else "",
        )
        for one in mine
    ]
    worth = year_of(policy, catalogue, row, counted)
    fen = sum(target.fen for target in targets.values())
    return HouseholdView(
        row.public_id,
        policy.settled.certificate or "",
        row.policy,
        policy.name,
        policy.settled.unit,
        row.number,
        year,
        told,
        fen,
        worth.left,
    )


def payees_of(actor: Actor, *, subject: str = "") -> list[tuple[str, str, str]]:
    """The statements the actor may see (of one `subject`): (id, policy's name, whose)."""
    if actor.kind is not ActorKind.PERSON:
        return []
    rows = Payee.objects.filter(subject__in=[actor.id, *actor.firms_for(Matter.BENEFITS)]).order_by(
        "policy", "id"
    )
    names = settled_policies()
    return [
        (row.public_id, names[row.policy].name, subject_of(row.subject).name)
        for row in rows
        if row.policy in names and subject in ("", row.subject)
    ]


def statement(actor: Actor, payee: str) -> PayeeView:
    """A payee's own statement. Raises NoSuchSettlement."""
    row = Payee.objects.filter(public_id=payee).first()
    if row is None or not actor.is_subject(row.subject, Matter.BENEFITS):
        raise NoSuchSettlement
    return statement_of(row)


def statement_of(row: Payee) -> PayeeView:
    """A payee's statement; the caller has decided who may see it."""
    policy, settled = settled_of(row.policy)
    name = subject_of(row.subject).name
    return PayeeView(
        row.public_id, row.policy, policy.name, name, row.subject,
        f"{row.account['bank']} **** {row.account['number'][-4:]}" if row.account else "",
        heading_of(settled), settled.certificate or "", _months(row),
        [_payout(one) for one in row.payouts.order_by("-id")],
        [
            (
                one.get_ground_display(), format_fen(one.fen),
                format_fen(one.fen - one.offset_fen - one.returned_fen), one.banned_until,
            )
            for one in row.recoveries.filter(approved=True).order_by("-id")
        ],
    )  # fmt: skip


def _months(row: Payee) -> list[tuple[str, int, str, str]]:
    """(period, records, what they gave, how its sheets stand), the newest first."""
    counts = Record.objects.filter(payee=row, withdrawn_at=None).values("period").annotate(size=Count("id"))
    lines = Line.objects.filter(record__payee=row).values("record__period", "sheet__state")
    given: dict[str, int] = {}
    states: dict[str, set[str]] = {}
    for one in lines.annotate(fen=Sum("fen")):
        given[one["record__period"]] = given.get(one["record__period"], 0) + one["fen"]
        states.setdefault(one["record__period"], set()).add(SheetState(one["sheet__state"]).term)
    return [
        (
            period_words(one["period"]),
            one["size"],
            format_fen(given.get(one["period"], 0)),
            "、".join(sorted(states.get(one["period"], {"等待汇总"}))),
        )
        for one in counts.order_by("-period")
    ]


def _payout(row: Payout) -> PayoutView:
    paid = row.payments.filter(payee=row.payee).exclude(receipt="").first()
    waits = ""
    if row.hindered == CREDIT:
        waits = bar_words(row.hindrance or {})
    elif row.hindered == BUDGET:
        waits = (row.hindrance or {}).get("words", "在排队等待资金。")
    elif row.state == PayoutState.READY.value and row.payee.account is None:
        waits = "请填写收款账户。"
    return PayoutView(
        row.public_id, period_words(row.period), place_name(row.place), format_fen(row.owed_fen),
        format_fen(row.offset_fen), format_fen(row.fen), PayoutState(row.state),
        paid.receipt if paid else "", waits,
    )  # fmt: skip


def shown_sheets(day: dt.date | None = None) -> list[ShownSheet]:
    """The sheets that are being shown, for everybody."""
    on = day or timezone.localdate()
    rows = Sheet.objects.filter(state=SheetState.SHOWN.value, shown_until__gte=on)
    found = []
    for row in rows.select_related("station").order_by("policy", "id"):
        policy = settled_policies().get(row.policy)
        if policy is None or policy.settled is None:
            continue
        where = place_name(row.place) + (row.station.name if row.station else "")
        lines = lines_of(row, policy.settled)
        found.append(
            ShownSheet(
                row.public_id, policy.name, where, period_words(row.period), row.shown_until or on, lines
            )
        )
    return found


@dataclass(frozen=True)
class OfficePayee:
    """A payee as the responsible department sees it: its statement, what it was paid, proposals that wait,
    what was decided and how much of it came back, its units that have ended (public id, number)."""

    one: PayeeView
    paid: str
    waiting: Sequence[Mapping[str, Any]]
    owing: Sequence[Mapping[str, Any]]
    ended: Sequence[tuple[str, str]]


def payees_for_office(actor: Actor) -> list[OfficePayee]:
    """Every payee of the officer's departments."""
    mine, found = orgs_of(actor), []
    for key, policy in sorted(settled_policies().items()):
        if not (mine & set(policy.departments)):
            continue
        for row in Payee.objects.filter(policy=key).exclude(subject__startswith="place:").order_by("id"):
            waiting: list[Mapping[str, Any]] = [
                {
                    "id": one.public_id,
                    "money": format_fen(one.fen),
                    "why": one.why,
                    "own": one.decided_by == actor.id,
                }
                for one in Recovery.objects.filter(payee=row, approved=None)
            ]
            units = Enrolment.objects.filter(policy=key, holder=row.subject, ended_on__isnull=False)
            ended = list(units.order_by("number").values_list("public_id", "number"))
            view = statement_of(row)
            found.append(OfficePayee(view, format_fen(paid_to(row)), waiting, _owing(row), ended))
    return found


def _owing(row: Payee) -> list[Mapping[str, Any]]:
    """Decisions to take money back: how much, what was set off and paid back, what is still open."""
    return [
        {
            "id": one.public_id,
            "ground": one.get_ground_display(),
            "money": format_fen(one.fen),
            "offset": format_fen(one.offset_fen),
            "returned": format_fen(one.returned_fen),
            "open": one.fen - one.offset_fen - one.returned_fen,
            "open_money": format_fen(one.fen - one.offset_fen - one.returned_fen),
            "most": format_fen(one.fen - one.offset_fen),
            "until": one.banned_until,
        }
        for one in row.recoveries.filter(approved=True).order_by("-id")
    ]
