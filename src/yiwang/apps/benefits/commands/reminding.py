# SPDX-License-Identifier: Apache-2.0
"""Should have but has not (应享未享): write to those who fit a policy they would have to apply for, once for
each policy, subject and period; and whether somebody wants such letters.

A run may be killed anywhere and begun again: what was found, the letter and its entry in the journal are
written in one transaction for each subject, under the lock of the run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.journal.public import gathered, record
from yiwang.apps.notices.public import notify
from yiwang.engines.benefits import Policy, facts_needed
from yiwang.engines.benefits.kinds import For
from yiwang.engines.definitions import Catalogue, whole
from yiwang.kernel.actor import Actor, Matter, system
from yiwang.kernel.errors import NotAllowed
from yiwang.kernel.ids import new_public_id

from ..applications import period_of, taken
from ..bars import bars_on
from ..domain.rosters import written
from ..domain.settings import REST_DAYS
from ..models import LetterChoice, Run, Unclaimed
from ..population import Everybody, applied_for, basis_of, everybody, rosters_of
from ..sources import extracts
from ..unclaimed_words import letter_of
from .matching import Owed, begin, finish, last_finished, owed_by, registration_counts

CHUNK = 100
_REMINDER = system("应享未享提醒")
_SUBJECTS = {For.FIRM: "f_", For.PERSON: "p_"}


def remind_unclaimed(day: dt.date | None = None) -> int:
    """Match everybody with the policies one has to apply for, once a day and whenever the release, the
    rosters or the extracts of shared data change; how many letters. Safe to call again at any time, by
    several workers at once."""
    on, release = day or timezone.localdate(), current()
    policies, rosters = applied_for(release.catalogue, on), rosters_of(on)
    basis, last = basis_of(release.digest, rosters, on), last_finished(Run.What.UNCLAIMED)
    if not policies or (last is not None and (last.basis, last.day) == (basis, on)):
        return 0
    told = Unclaimed.objects.filter(ended_at=None)
    if not (rosters or extracts() or registration_counts(release, policies) or told.exists()):
        return 0
    run, weighed = begin(Run.What.UNCLAIMED, on, basis), _weighed(release.catalogue, policies, on)
    found = everybody(release.catalogue, rosters, names=facts_needed(weighed))
    fitting, left_out = owed_by(release, weighed, found, on)
    wanted = {each.id: _SUBJECTS[each.to] for each in policies}
    owed = [each for each in fitting if each.subject.startswith(wanted.get(each.policy.id, "-"))]
    letters = _write_all(run, release, owed, found, on)
    _end(run, owed, on)
    finish(run, owed, found, left_out)
    return letters


def _weighed(catalogue: Catalogue, policies: Sequence[Policy], on: dt.date) -> list[Policy]:
    """These policies and those of their groups: only the highest of a group is told."""
    groups = {one.group for each in policies for one in each.not_with}
    known = [one for one in catalogue.others.get("policies", {}).values() if isinstance(one, Policy)]
    own = {each.id for each in policies}
    return [
        one
        for one in known
        if one.id in own or (one.valid_on(on) and groups & {each.group for each in one.not_with})
    ]


def _write_all(run: Run, release: OpenRelease, owed: Sequence[Owed], found: Everybody, on: dt.date) -> int:
    by_subject: dict[str, list[Owed]] = {}
    for each in owed:
        by_subject.setdefault(each.subject, []).append(each)
    subjects, letters = sorted(by_subject), 0
    for at in range(0, len(subjects), CHUNK):
        some = {subject: by_subject[subject] for subject in subjects[at : at + CHUNK]}
        letters += _write(run, release.catalogue, some, found, on)
    return letters


@transaction.atomic
def _write(
    run: Run, catalogue: Catalogue, some: Mapping[str, Sequence[Owed]], found: Everybody, on: dt.date
) -> int:
    """What some subjects should have, and one letter to each of what they were not told yet."""
    Run.objects.select_for_update().get(pk=run.pk)  # one writes at a time
    rows = {(row.subject, row.policy, row.period): row for row in Unclaimed.objects.filter(subject__in=some)}
    away = _away(catalogue, some, on)
    over = [row.pk for row in rows.values() if (row.subject, row.policy) in away and row.ended_at is None]
    Unclaimed.objects.filter(pk__in=over).update(ended_at=timezone.now())
    silent = _silent(catalogue, some, on)
    letters = 0
    with gathered():
        for subject, all_fits in some.items():
            fits = [each for each in all_fits if (subject, each.policy.id) not in away]
            kept = [_keep(rows, each, found, on) for each in fits]
            untold = [(row, each.policy) for row, each in zip(kept, fits, strict=True) if row.told_at is None]
            if untold and subject not in silent:
                untold.sort(key=lambda one: -one[0].fen)
                _tell(catalogue, subject, untold, found)
                letters += 1
    return letters


def _away(catalogue: Catalogue, some: Mapping[str, Sequence[Owed]], on: dt.date) -> set[tuple[str, str]]:
    """(subject, policy): applied for, decided, or barred by a credit record."""
    policies = {each.policy.id: each.policy for fits in some.values() for each in fits}
    away = taken(catalogue, some, list(policies.values()), on)
    for policy in policies.values():
        away |= {(subject, policy.id) for subject in bars_on(policy, list(some), on)}
    return away


def _silent(catalogue: Catalogue, subjects: Mapping[str, object], on: dt.date) -> set[str]:
    """Who wants no such letters, and who had one not long ago: what is new waits for the next."""
    refused = LetterChoice.objects.filter(subject__in=subjects, wanted=False)
    since = on - dt.timedelta(days=whole(catalogue, REST_DAYS))
    last = Unclaimed.objects.filter(subject__in=subjects).values("subject").annotate(last=Max("told_at"))
    rests = {row["subject"] for row in last if row["last"] and timezone.localdate(row["last"]) > since}
    return rests | set(refused.values_list("subject", flat=True))


def _keep(
    rows: Mapping[tuple[str, str, str], Unclaimed], each: Owed, found: Everybody, on: dt.date
) -> Unclaimed:
    """The row of a policy, subject and period, with what it rests on today."""
    period = _period(each.policy, on)
    row = rows.get((each.subject, each.policy.id, period))
    facts = found.facts[each.subject]
    because = written(
        {name: facts[name] for name in facts_needed([each.policy]) if facts.get(name) is not None}
    )
    if row is not None and (row.fen, row.because, row.ended_at) == (each.fen, because, None):
        return row
    row = row or Unclaimed(
        public_id=new_public_id("un"), subject=each.subject, policy=each.policy.id, period=period,
        found_at=timezone.now(),
    )  # fmt: skip
    row.fen, row.because, row.ended_at = each.fen, because, None
    row.save()
    return row


def _period(policy: Policy, on: dt.date) -> str:
    assert policy.money is not None  # `applied_for` takes no other
    return period_of(policy.money.per, on)


def _tell(
    catalogue: Catalogue, subject: str, untold: Sequence[tuple[Unclaimed, Policy]], found: Everybody
) -> None:
    letter, now = new_public_id("ul"), timezone.now()
    for row, _ in untold:
        row.letter, row.told_at = letter, now
        row.save(update_fields=["letter", "told_at"])
    record(
        _REMINDER,
        "benefit.unclaimed.told",
        stream=f"subject:{subject}",
        about=letter,
        subject=subject,
        detail={"policies": [policy.id for _, policy in untold]},
    )
    title, body = letter_of(
        catalogue, [(policy, row.fen) for row, policy in untold], lambda name: found.origin(subject, name)[0]
    )
    notify(subject, title, body, about=letter)


@transaction.atomic
def _end(run: Run, owed: Sequence[Owed], on: dt.date) -> None:
    """What fits no more ends, without a letter: nobody was promised anything."""
    Run.objects.select_for_update().get(pk=run.pk)
    still = {(each.subject, each.policy.id, _period(each.policy, on)) for each in owed}
    known = Unclaimed.objects.filter(ended_at=None).values_list("pk", "subject", "policy", "period")
    over = [pk for pk, *key in known if tuple(key) not in still]
    for at in range(0, len(over), CHUNK):
        Unclaimed.objects.filter(pk__in=over[at : at + CHUNK]).update(ended_at=timezone.now())


@transaction.atomic
def choose_letters(actor: Actor, subject: str, *, wanted: bool) -> None:
    """Whether a person or firm wants letters about what it should have but has not. What was found
    meanwhile is told when they are wanted again.

    Raises NotAllowed unless the actor is this person or may act for this firm.
    """
    if not actor.is_subject(subject, Matter.BENEFITS):
        raise NotAllowed("只能替本人和您代表的企业选择。", mend="请先取得企业授权。")
    LetterChoice.objects.update_or_create(
        subject=subject, defaults={"wanted": wanted, "chosen_by": actor.id, "chosen_at": timezone.now()}
    )
    record(
        actor, "benefit.unclaimed.letters", stream=f"subject:{subject}", subject=subject,
        detail={"wanted": wanted},
    )  # fmt: skip
