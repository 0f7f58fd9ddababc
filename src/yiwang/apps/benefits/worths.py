# SPDX-License-Identifier: Apache-2.0
"""What records in the tables are worth: one unit's years, by the policy's rule, without those withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yiwang.engines.benefits import Policy, facts_of
from yiwang.engines.benefits.settling import Entry, YearSoFar, worth_of
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.rule_types import rule_types

from .domain.records import numbers
from .models import Enrolment, Record, Recovery

WITHDRAWN, BANNED, OUTSIDE = "已经撤销", "在禁止申报期内", "不在登记有效期内"

LEFT_OUT = (WITHDRAWN, BANNED, OUTSIDE)
"""Why a record does not count towards the year."""


@dataclass(frozen=True)
class Target:
    """What a record is worth in all, and why not more."""

    fen: int
    why: str


def bans_of(subjects: Iterable[str]) -> Mapping[str, Sequence[tuple[dt.date, dt.date]]]:
    """Payee's subject → spans (first day, last day) in which nothing of it counts: reviewed decisions."""
    rows = Recovery.objects.filter(
        payee__subject__in=set(subjects), approved=True, banned_until__isnull=False
    ).select_related("payee")
    found: dict[str, list[tuple[dt.date, dt.date]]] = {}
    for row in rows:
        assert row.banned_until is not None
        found.setdefault(row.payee.subject, []).append((row.decided_at.date(), row.banned_until))
    return found


def targets_of(
    policy: Policy, catalogue: Catalogue, enrolment: Enrolment, records: Sequence[Record], period: str
) -> dict[int, Target]:
    """Record's key in the table → what it is worth, looking at records up to a period."""
    bans = bans_of(record.payee.subject for record in records)
    found: dict[int, Target] = {}
    years: dict[int, list[Record]] = {}
    for record in sorted(records, key=lambda one: (one.day, one.reported_at, one.pk)):
        if why := _left_out(enrolment, record, bans.get(record.payee.subject, ())):
            found[record.pk] = Target(0, why)
        elif record.period <= period:
            years.setdefault(record.day.year, []).append(record)
    for rows in years.values():
        worth = year_of(policy, catalogue, enrolment, rows)
        found |= {int(one.key): Target(one.fen, one.why) for one in worth.records}
    return found


def _left_out(enrolment: Enrolment, record: Record, bans: Iterable[tuple[dt.date, dt.date]]) -> str:
    if record.withdrawn_at is not None:
        return WITHDRAWN
    if record.day < enrolment.began_on or (enrolment.ended_on and record.day > enrolment.ended_on):
        return OUTSIDE
    return BANNED if any(first <= record.day <= last for first, last in bans) else ""


def year_of(
    policy: Policy, catalogue: Catalogue, enrolment: Enrolment, records: Sequence[Record]
) -> YearSoFar:
    """One unit's year by the rule: records in the order they count, none of them left out."""
    assert policy.settled is not None
    names = [one.name for one in policy.settled.columns]
    facts = facts_of(enrolment.facts, rule_types(catalogue))
    return worth_of(
        policy, facts, [Entry(str(one.pk), one.day, numbers(one.columns, names)) for one in records]
    )
