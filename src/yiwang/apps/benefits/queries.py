# SPDX-License-Identifier: Apache-2.0
"""Reads: one's own claims, what is shown in public, a department's rosters, objections and figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import subject as subject_of
from yiwang.apps.identity.public import subjects
from yiwang.engines.benefits import Policy
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.ids import mask_id_number, mask_name
from yiwang.kernel.money import format_fen

from .bars import CREDIT, bar_words
from .columns import NotTaken, not_taken
from .domain.rosters import reasons_of
from .domain.states import State
from .models import Claim, Objection, Roster
from .parts import NoSuchClaim, orgs_of, sees_all


@dataclass(frozen=True)
class ClaimView:
    """A claim as whom it is for may see it. `because`: the facts it rests on, by name."""

    id: str
    policy: str
    policy_name: str
    subject: str
    subject_name: str
    period: str
    fen: int
    state: State
    because: Mapping[str, Any]
    found_at: dt.datetime
    shown_until: dt.date | None
    account: str
    receipt: str
    hindered: str = ""
    hindrance: Mapping[str, Any] = field(default_factory=dict)

    @property
    def waits_because(self) -> str:
        """What keeps it waiting, in words; empty when nothing does."""
        if self.hindered == CREDIT:
            return bar_words(self.hindrance)
        return str(self.hindrance.get("words", "在排队等待资金。")) if self.hindered else ""

    @property
    def money(self) -> str:
        """How much."""
        return format_fen(self.fen)

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """The facts it rests on, in words."""
        return reasons_of(self.because)


@dataclass(frozen=True)
class Shown:
    """A line of the public list: masked."""

    claim: str
    policy: str
    policy_name: str
    name: str
    number: str
    fen: int
    until: dt.date

    @property
    def money(self) -> str:
        """How much."""
        return format_fen(self.fen)


@dataclass(frozen=True)
class RosterView:
    """A department's roster. `not_taken`: its columns that no match reads, why, and what to do; `columns`:
    how many it has."""

    id: str
    org: str
    title: str
    valid_from: dt.date
    valid_to: dt.date
    rows: int
    handed_in_by: str
    handed_in_at: dt.datetime
    reviewed: bool
    refused: str
    not_taken: Sequence[NotTaken] = ()
    columns: int = 0

    @property
    def useless(self) -> bool:
        """Whether no match reads anything of it now."""
        return bool(self.columns) and len(self.not_taken) == self.columns


@dataclass(frozen=True)
class Figures:
    """How one policy stands: how many and how many fen in each state."""

    policy: str
    name: str
    counts: Mapping[State, int]
    fen_owed: int
    fen_paid: int

    @property
    def rows(self) -> list[tuple[str, int]]:
        """The states in words, and how many."""
        return [(state.term, self.counts[state]) for state in State if state in self.counts]

    @property
    def owed(self) -> str:
        """How much in all, but what ended without money."""
        return format_fen(self.fen_owed)

    @property
    def paid(self) -> str:
        """How much was paid."""
        return format_fen(self.fen_paid)


@dataclass(frozen=True)
class ObjectionView:
    """An objection as the department, or whoever raised it, sees it."""

    id: str
    policy: str
    policy_name: str
    words: str
    raised_at: dt.datetime
    due_on: dt.date
    late: bool
    answered: bool
    upheld: bool | None
    answer: str


def policies_now() -> dict[str, Policy]:
    """All policies of the release in force."""
    found: dict[str, Any] = dict(current().catalogue.others.get("policies", {}))
    return found


def claims_of(actor: Actor) -> list[ClaimView]:
    """The claims of the actor and of the firms they may act for, what waits for them first."""
    if actor.kind is not ActorKind.PERSON:
        return []
    rows = list(
        Claim.objects.filter(subject__in=[actor.id, *actor.firms_for(Matter.BENEFITS)]).order_by(
            "-changed_at"
        )
    )
    names = {key: one.name for key, one in subjects({row.subject for row in rows}).items()} if rows else {}
    views = [_view(row, names[row.subject]) for row in rows]
    return sorted(views, key=lambda one: one.state is not State.NOTICED)


def claim_view(actor: Actor, claim: str) -> ClaimView:
    """One claim. Raises NoSuchClaim."""
    row = Claim.objects.filter(public_id=claim).first()
    if row is None or not actor.is_subject(row.subject, Matter.BENEFITS):
        raise NoSuchClaim
    return _view(row, subject_of(row.subject).name)


def policy_objected_to(actor: Actor, claim: str) -> str:
    """The policy of a claim. Raises NoSuchClaim unless it is the actor's own or being shown."""
    row = Claim.objects.filter(public_id=claim).first()
    if row is None or not (actor.is_subject(row.subject, Matter.BENEFITS) or row.state == State.SHOWN.value):
        raise NoSuchClaim
    return row.policy


def _view(row: Claim, name: str) -> ClaimView:
    policy = policies_now().get(row.policy)
    return ClaimView(
        row.public_id,
        row.policy,
        policy.name if policy else row.policy,
        row.subject,
        name,
        row.period,
        row.fen,
        State(row.state),
        row.because,
        row.found_at,
        row.shown_until,
        f"{row.account['bank']} **** {row.account['number'][-4:]}" if row.account else "",
        row.receipt,
        row.hindered,
        row.hindrance or {},
    )


def shown(day: dt.date | None = None) -> list[Shown]:
    """What is being shown before it is paid, with masked names and numbers."""
    on = day or timezone.localdate()
    rows = list(Claim.objects.filter(state=State.SHOWN.value, shown_until__gte=on).order_by("policy", "id"))
    about, names = subjects({row.subject for row in rows}) if rows else {}, policies_now()
    found = []
    for row in rows:
        one = about[row.subject]
        is_person = one.kind == "person"
        found.append(
            Shown(
                row.public_id,
                row.policy,
                names[row.policy].name if row.policy in names else row.policy,
                mask_name(one.name) if is_person else one.name,
                mask_id_number(one.number) if is_person else one.number,
                row.fen,
                row.shown_until or on,
            )
        )
    return found


def rosters(actor: Actor) -> list[RosterView]:
    """The rosters of the actor's departments, or of all for the bureau and auditors; newest first."""
    rows, catalogue = (
        Roster.objects.annotate(size=Count("rows")).order_by("-handed_in_at"),
        current().catalogue,
    )
    if not sees_all(actor):
        rows = rows.filter(org__in=orgs_of(actor))
    return [
        RosterView(
            row.public_id, row.org, row.title, row.valid_from, row.valid_to, row.size,
            row.handed_in_by, row.handed_in_at, row.reviewed_at is not None, row.refused,
            () if row.refused else tuple(not_taken(catalogue, row.org, row.columns)),
            len(row.columns),
        )
        for row in rows
    ]  # fmt: skip


def figures(actor: Actor) -> list[Figures]:
    """How the policies of the actor's departments stand, or all for the bureau and auditors."""
    mine = orgs_of(actor)
    wanted = {
        key: one for key, one in policies_now().items() if sees_all(actor) or mine & set(one.departments)
    }
    rows = Claim.objects.filter(policy__in=wanted).values("policy", "state")
    rows = rows.annotate(number=Count("id"), sum=Sum("fen"))
    found: dict[str, dict[State, tuple[int, int]]] = {}
    for row in rows:
        found.setdefault(row["policy"], {})[State(row["state"])] = (row["number"], row["sum"])
    ended = (State.DECLINED, State.LAPSED, State.STOPPED)
    return [
        Figures(
            key,
            wanted[key].name,
            {state: n for state, (n, _) in states.items()},
            sum(fen for state, (_, fen) in states.items() if state not in ended),
            states.get(State.PAID, (0, 0))[1],
        )
        for key, states in sorted(found.items())
    ]


def objections(actor: Actor) -> list[ObjectionView]:
    """What the actor raised, or what waits for and was answered by the actor's departments; open first."""
    if actor.kind is ActorKind.PERSON:
        rows = Objection.objects.filter(by=actor.id)
    else:
        mine = orgs_of(actor)
        wanted = [
            key for key, one in policies_now().items() if sees_all(actor) or mine & set(one.departments)
        ]
        rows = Objection.objects.filter(policy__in=wanted)
    names, today = policies_now(), timezone.localdate()
    return [
        ObjectionView(
            row.public_id, row.policy, names[row.policy].name if row.policy in names else row.policy,
            row.words, row.raised_at, row.due_on,
            row.answered_at is None and row.due_on < today,
            row.answered_at is not None, row.upheld, row.answer,
        )
        for row in rows.order_by("answered_at", "due_on", "id")
    ]  # fmt: skip
