# SPDX-License-Identifier: Apache-2.0
"""Find everybody who is owed something without application, and write to them: on a schedule, and when
something changed.

A run may be killed anywhere and begun again: a claim, its letter and its entry in the journal are written
in one transaction, and there is one claim for each policy, subject and period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.journal.public import gathered
from yiwang.apps.notices.public import notify
from yiwang.engines.benefits import Policy, facts_needed
from yiwang.engines.benefits.population import match
from yiwang.engines.benefits.source_kinds import sources_of
from yiwang.kernel.actor import system
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.late import Late
from yiwang.kernel.money import format_fen

from ..applications import period_of
from ..bars import CREDIT, bar_words, bars_on
from ..domain.rosters import written
from ..domain.states import State, move
from ..models import Claim, Run
from ..population import Everybody, automatic, basis_of, everybody, rosters_of, table_of
from ..sources import extracts, forget_extracts
from .noting import note

ibis: Any = Late("ibis")

CHUNK = 200
_MATCHER = system("免申即享比对")


@dataclass(frozen=True)
class Owed:
    """A policy that a subject fits, and what it is worth to them."""

    policy: Policy
    subject: str
    fen: int


def match_if_changed(day: dt.date | None = None) -> int:
    """Match everybody when the release, the rosters, the extracts of shared data or the year are others than
    at the last finished run, and once a day when the registration counts for something;
    how many claims are new. Safe to call again at any time, by several workers at once."""
    on, release = day or timezone.localdate(), current()
    rosters = rosters_of(on)
    forget_extracts()
    basis = basis_of(release.digest, rosters, on)
    last = last_finished(Run.What.CLAIMS)
    policies = automatic(release.catalogue, on)
    asked, daily = facts_needed(policies), registration_counts(release, policies)
    same = last is not None and last.basis == basis and (last.day == on or not daily)
    if same or not policies or not (rosters or daily or extracts()):
        return 0
    run = begin(Run.What.CLAIMS, on, basis)
    found = everybody(release.catalogue, rosters, names=asked)
    owed, left_out = owed_by(release, policies, found, on)
    new = 0
    for at in range(0, len(owed), CHUNK):
        new += _write(run, release, owed[at : at + CHUNK], found, on)
    _lapse(run, policies, owed, on)
    finish(run, owed, found, left_out)
    return new


def last_finished(what: Run.What) -> Run | None:
    """The last run that came to its end."""
    return Run.objects.filter(what=what).exclude(finished_at=None).order_by("-id").first()


def begin(what: Run.What, on: dt.date, basis: str) -> Run:
    """A run, or the one of this day on the same basis that was killed."""
    run, _ = Run.objects.get_or_create(what=what, day=on, basis=basis, defaults={"began_at": timezone.now()})
    return run


def registration_counts(release: OpenRelease, policies: Sequence[Policy]) -> bool:
    """Whether some of these policies asks for a fact that the registration tells."""
    asked = set(facts_needed(policies))
    return any(one.registration and one.fact in asked for one in sources_of(release.catalogue))


def owed_by(
    release: OpenRelease, policies: Sequence[Policy], found: Everybody, on: dt.date
) -> tuple[list[Owed], Mapping[str, str]]:
    """Who fits which policy, for how much: one query for all."""
    table, columns = table_of(release.catalogue, policies, found)
    matching = match(policies, ibis.memtable(table), columns, on=on)
    rows = ibis.duckdb.connect().to_pyarrow(matching.query.order_by("id")).to_pylist()
    owed = [
        Owed(policy, row["id"], row[f"{policy.id}.fen"])
        for row in rows
        for policy in matching.policies
        if row[f"{policy.id}.reason"] == 0 and row[f"{policy.id}.fen"]
    ]
    return owed, matching.left_out


def _period(policy: Policy, on: dt.date) -> str:
    assert policy.automatic is not None  # `automatic` takes no other
    return period_of(policy.automatic.per, on)


@transaction.atomic
def _write(run: Run, release: OpenRelease, owed: Sequence[Owed], found: Everybody, on: dt.date) -> int:
    """Claims that are not there yet, each with its letter."""
    Run.objects.select_for_update().get(pk=run.pk)  # one writes at a time
    keys = {(each.policy.id, each.subject, _period(each.policy, on)): each for each in owed}
    there = {
        (claim.policy, claim.subject, claim.period): claim
        for claim in Claim.objects.filter(
            policy__in={policy for policy, _, _ in keys}, subject__in={subject for _, subject, _ in keys}
        )
    }
    new, bars = 0, _bars(owed, on)
    with gathered():
        for key, each in keys.items():
            claim = there.get(key) or Claim(public_id=new_public_id("cl"), state=State.NOTICED.value)
            if claim.pk is not None and claim.state != State.LAPSED.value:
                continue
            if claim.pk is not None:
                claim.state = move(State(claim.state), "again").value
            told = bars.get((each.policy.id, each.subject))
            claim.hindered, claim.hindrance = (CREDIT, dict(told)) if told else ("", None)
            _fill(claim, key, each, release, found)
            note(_MATCHER, "found", claim, **({"barred": told["record"]} if told else {}))
            _write_to(claim, each.policy)
            new += 1
    return new


def _fill(
    claim: Claim, key: tuple[str, str, str], each: Owed, release: OpenRelease, found: Everybody
) -> None:
    facts = {name: found.facts[each.subject].get(name) for name in facts_needed([each.policy])}
    claim.policy, claim.subject, claim.period = key
    claim.release, claim.fen = release.digest, each.fen
    claim.because = written({name: value for name, value in facts.items() if value is not None})
    claim.changed_at = timezone.now()
    claim.found_at = claim.found_at or claim.changed_at
    claim.save()


def _bars(owed: Sequence[Owed], on: dt.date) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """(policy, subject) → the credit record that bars it."""
    subjects: dict[str, tuple[Policy, list[str]]] = {}
    for each in owed:
        subjects.setdefault(each.policy.id, (each.policy, []))[1].append(each.subject)
    return {
        (key, subject): told
        for key, (policy, asked) in subjects.items()
        for subject, told in bars_on(policy, asked, on).items()
    }


def _write_to(claim: Claim, policy: Policy) -> None:
    if claim.hindered:
        notify(
            claim.subject,
            f"“{policy.name}”暂缓办理",
            f"系统比对后认为您符合“{policy.name}”，但是{bar_words(claim.hindrance or {})}",
            about=claim.public_id,
        )
        return
    notify(
        claim.subject,
        f"您符合“{policy.name}”，不用申请",
        f"系统比对后认为您符合“{policy.name}”，金额{format_fen(claim.fen)}。请登录确认并填写收款账户。",
        about=claim.public_id,
    )


@transaction.atomic
def _lapse(run: Run, policies: Iterable[Policy], owed: Iterable[Owed], on: dt.date) -> None:
    """Claims that nobody has confirmed and that no longer fit end, with a letter."""
    Run.objects.select_for_update().get(pk=run.pk)
    still = {(each.policy.id, each.subject) for each in owed}
    periods = {each.id: _period(each, on) for each in policies}
    rows = Claim.objects.select_for_update().filter(state=State.NOTICED.value, policy__in=periods)
    for claim in rows:
        if claim.period != periods[claim.policy] or (claim.policy, claim.subject) in still:
            continue
        claim.state = move(State(claim.state), "lapse").value
        claim.changed_at = timezone.now()
        claim.save(update_fields=["state", "changed_at"])
        note(_MATCHER, "lapsed", claim)
        notify(
            claim.subject,
            "一项免申即享的政策不再符合",
            "名单更新后再次比对，您已不符合其中一项政策。认为不对，可以在“我的惠企惠民”里申诉。",
            about=claim.public_id,
        )


def finish(run: Run, owed: Sequence[Owed], found: Everybody, left_out: Mapping[str, str]) -> None:
    """The run has come to its end: what it found, in sums, and what was wrong."""
    totals: dict[str, dict[str, int]] = {}
    for each in owed:
        one = totals.setdefault(each.policy.id, {"people": 0, "fen": 0})
        one["people"] += 1
        one["fen"] += each.fen
    problems = [{"subject": subject, "facts": list(names)} for subject, names in found.torn.items()]
    problems += [{"policy": policy, "why": why} for policy, why in left_out.items()]
    Run.objects.filter(pk=run.pk).update(finished_at=timezone.now(), totals=totals, problems=problems)
