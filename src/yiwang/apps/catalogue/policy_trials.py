# SPDX-License-Identifier: Apache-2.0
"""Test a draft on a population and keep what came out, for this draft and no other."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import gathered, record
from yiwang.engines.benefits import Policy, facts_needed
from yiwang.engines.benefits.population import columns_of
from yiwang.engines.benefits.trial import Versions, try_out
from yiwang.engines.definitions import Catalogue
from yiwang.engines.rules.population import Column
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound, Unavailable
from yiwang.kernel.ids import new_public_id

from .models import DraftState, PolicyTrial
from .policies import check_of
from .policy_parts import FOLDER, digest_in, locked, may_write, policy_in, readable
from .queries import OpenRelease, current

_SHOWN = 20
_ONE_AT_A_TIME = threading.BoundedSemaphore(1)  # a trial may take half a gigabyte


@dataclass(frozen=True)
class Subjects:
    """A population: an Arrow table with `id` and columns named as facts; what it is, in words; a digest.

    `known`: the ids are public ids of people and firms of the house. `notes`: what to know about it.
    """

    table: Any
    told: str
    digest: str
    known: bool = False
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Wanted:
    """What a draft's test needs of a population: the release with the draft in; the draft, what is published,
    the others of its groups; the facts they use, and what columns those are."""

    catalogue: Catalogue
    policies: Sequence[Policy]
    names: Sequence[str]
    columns: Mapping[str, Column]


def trial_of(actor: Actor, draft: str) -> Wanted:
    """What a test of this draft needs. Raises NoSuchDraft, Invalid while the draft is not sound."""
    row = readable(actor, draft)
    opened = current()
    policy = _sound(row.typed, opened, base=bool(row.base))
    others = {**opened.catalogue.others.get(FOLDER, {}), policy.id: policy}
    drafted = Catalogue.of({**opened.catalogue.folders(), FOLDER: others})
    both = _versions(policy, opened)
    every = [one for one in (both.draft, both.published, *both.rivals) if one is not None]
    return Wanted(drafted, every, facts_needed(every), columns_of(opened.catalogue))


def _sound(typed: Mapping[str, Any], opened: OpenRelease, *, base: bool) -> Policy:
    found = check_of(typed, opened.catalogue, base=base)
    if found.policy is None or not found.ready:
        raise Invalid(f"草稿还有 {len(found.complaints)} 处没有写好。", mend="请先按提示改正，再测试。")
    if found.policy.when is None:
        raise Invalid("这项政策没有条件，只作指引。", mend="不用测试，可以直接送审。")
    return found.policy


def _versions(policy: Policy, opened: OpenRelease) -> Versions:
    groups = {one.group for one in policy.not_with}
    others: Mapping[str, Any] = opened.catalogue.others.get(FOLDER, {})
    rivals = [
        one
        for key, one in others.items()
        if key != policy.id and groups & {each.group for each in one.not_with}
    ]
    published = policy_in(opened.catalogue, policy.id)
    if published is not None and published.when is None:
        published = None
    return Versions(policy, published, rivals)


def try_policy(actor: Actor, draft: str, subjects: Subjects, *, version: int, on: dt.date) -> str:
    """Run the published version and the draft over a population on a day; the public id of the result.

    Everybody whose facts are shown as a sample gets an entry in the journal. Raises NoSuchDraft, Conflict,
    Invalid, Unavailable (bounds of time and memory; another test is running).
    """
    row = readable(actor, draft)
    if not may_write(actor, row.departments):
        raise NotAllowed("只有能改这份草稿的人可以测试它。", mend="请联系责任部门。")
    opened = current()
    policy = _sound(row.typed, opened, base=bool(row.base))
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise Unavailable("另一项测试正在进行。", mend="请过半分钟再试。")
    begun = time.monotonic()
    try:
        found = try_out(subjects.table, columns_of(opened.catalogue), _versions(policy, opened), on=on)
    finally:
        _ONE_AT_A_TIME.release()
    took = int((time.monotonic() - begun) * 1000)
    made = PolicyTrial(
        public_id=new_public_id("pt"),
        release=opened.digest,
        day=on,
        population=subjects.told[:200],
        population_digest=subjects.digest,
        made_by=actor.id,
        milliseconds=took,
    )
    notes = {"notes": list(subjects.notes), "known": subjects.known}
    return _keep(actor, locked_at=(draft, version), trial=made, found=asdict(found) | notes)


@transaction.atomic
def _keep(actor: Actor, *, locked_at: tuple[str, int], trial: PolicyTrial, found: dict[str, Any]) -> str:
    """Write down what came out, if the draft is still the one that was tested."""
    row = locked(actor, *locked_at, DraftState.WRITING, DraftState.HANDED_IN, DraftState.AGREED)
    trial.draft, trial.digest = row, row.digest
    trial.base = digest_in(current().catalogue, row.policy)
    trial.samples, trial.found, trial.made_at = found.pop("samples"), found, timezone.now()
    trial.save()
    record(
        actor,
        "policy.tested",
        stream=f"policy:{row.public_id}",
        about=row.public_id,
        detail={"digest": row.digest, "population": trial.population_digest, "subjects": found["subjects"]},
    )
    return trial.public_id


@dataclass(frozen=True)
class TrialView:
    """A test as it came out. `holds`: it was made of the draft as it is, against what is published now."""

    id: str
    draft: str
    day: dt.date
    population: str
    population_digest: str
    release: str
    made_by: str
    made_at: dt.datetime
    milliseconds: int
    found: Mapping[str, Any]
    holds: bool


def trials_of(actor: Actor, draft: str) -> list[TrialView]:
    """The tests of a draft, the newest first. Raises NoSuchDraft."""
    row = readable(actor, draft)
    return [
        _view(one)
        for one in PolicyTrial.objects.filter(draft=row).select_related("draft").order_by("-id")[:20]
    ]


def trial_view(actor: Actor, draft: str, trial: str) -> TrialView:
    """One test of a draft. Raises NoSuchDraft, NotFound."""
    return _view(_row(actor, draft, trial))


def _row(actor: Actor, draft: str, trial: str) -> PolicyTrial:
    rows = PolicyTrial.objects.filter(draft=readable(actor, draft), public_id=trial).select_related("draft")
    if (one := rows.first()) is None:
        raise NotFound("没有这次测试。", mend="请回到草稿，从中选择。")
    return one


def _view(one: PolicyTrial) -> TrialView:
    holds = one.digest == one.draft.digest and one.base == one.draft.base
    return TrialView(
        one.public_id, one.draft.public_id, one.day, one.population, one.population_digest, one.release,
        one.made_by, one.made_at, one.milliseconds, one.found, holds,
    )  # fmt: skip


@transaction.atomic
def samples_of(actor: Actor, draft: str, trial: str) -> tuple[TrialView, list[Mapping[str, Any]]]:
    """Some of those a test was about, with the reasons. Each person or firm of the house gets an entry in
    the journal: who looked, and what for. Raises NoSuchDraft, NotFound."""
    one = _row(actor, draft, trial)
    if one.found.get("known"):
        with gathered():
            for subject in sorted({sample["key"] for sample in one.samples}):
                record(
                    actor,
                    "policy.sample.look",
                    stream=f"policy:{draft}",
                    about=one.public_id,
                    subject=subject,
                    purpose="核对政策草稿测试结果的抽样",
                    basis=f"政策草稿 {draft} 的测试",
                )
    return _view(one), list(one.samples)
