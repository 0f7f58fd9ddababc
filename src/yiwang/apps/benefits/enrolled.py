# SPDX-License-Identifier: Apache-2.0
"""Reads of the registers of settlements: streets, households and piles, for who enrols them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.apps.identity.public import subjects
from yiwang.engines.benefits.settlement_kinds import At
from yiwang.kernel.actor import Actor

from .models import Enrolment, Station
from .settlement_parts import org_for, settled_policies, stations_of
from .settlement_queries import place_name


def stations_in(actor: Actor) -> list[tuple[str, str]]:
    """The streets of the counties in which an officer has a post: (public id, name)."""
    places = {post.place for post in actor.posts if post.place}
    rows = Station.objects.filter(place__in=places, level=At.TOWNSHIP.value).order_by("place", "name")
    return [(row.public_id, place_name(row.place) + row.name) for row in rows]


@dataclass(frozen=True)
class EnrolmentRow:
    """An enrolled household or pile, as its village or county sees it."""

    id: str
    policy_name: str
    number: str
    name: str
    facts: Sequence[tuple[str, str]]
    began_on: dt.date
    ended_on: dt.date | None
    certificate: str


def enrolments_of(actor: Actor, *, most: int = 300) -> list[EnrolmentRow]:
    """What an officer's village or county has enrolled."""
    found: list[Enrolment] = []
    for policy, one in settled_policies().items():
        if one.settled is None:
            continue
        rows = Enrolment.objects.filter(policy=policy).select_related("station__parent").order_by("number")
        if one.settled.steps[0].at is At.VILLAGE:
            rows = rows.filter(station__in=[each.pk for each in stations_of(actor)])
        first = one.settled.steps[0]
        found += [row for row in rows[:most] if org_for(actor, first, row.place, row.station)]
    about = subjects({row.holder for row in found}) if found else {}
    return [
        EnrolmentRow(
            row.public_id, settled_policies()[row.policy].name, row.number, about[row.holder].name,
            [(name, said(value)) for name, value in row.facts.items()], row.began_on, row.ended_on,
            _certificate(row),
        )
        for row in found
    ]  # fmt: skip


def _certificate(row: Enrolment) -> str:
    settled = settled_policies()[row.policy].settled
    return (settled.certificate or "") if settled else ""


def said(value: object) -> str:
    """A fact in words."""
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
