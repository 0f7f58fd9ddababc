# SPDX-License-Identifier: Apache-2.0
"""Lists of commitments as pages show them: what is in force for everybody, what officers have to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.apps.catalogue.public import current, release, releases
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.actor import Actor

from .domain.listing import Change, Line, ListState, changes, digest_of, lists_of
from .list_parts import NoSuchList, approves, orgs_of, reviews
from .models import ListStep, ProofList

_MOST = 100
_DRAFTS = 5


@dataclass(frozen=True)
class StepView:
    """One step of a version."""

    kind: ListState
    term: str
    at: dt.datetime
    by_name: str
    words: str
    reference: str


_STEPS = {
    ListState.SENT: "部门编制、报送",
    ListState.RETURNED: "退回修改",
    ListState.REVIEWED: "司法行政部门审核",
    ListState.APPROVED: "市政府审定",
    ListState.PUBLISHED: "向社会公布",
    ListState.FILED: "报省司法厅备案",
}


@dataclass(frozen=True)
class ListInForce:
    """A department's list as the release in force says it; `steps` of this very version, if it has any."""

    org: str
    org_name: str
    lines: Sequence[Line]
    digest: str
    steps: Sequence[StepView]


@dataclass(frozen=True)
class ListRow:
    """A version in the officers' list."""

    public_id: str
    org_name: str
    state: ListState
    at: dt.datetime
    in_force: bool


@dataclass(frozen=True)
class ListView:
    """One version: what it changes against what is in force, its steps, what the officer may do."""

    row: ListRow
    lines: Sequence[Line]
    changes: Sequence[Change]
    steps: Sequence[StepView]
    may_review: bool
    may_approve: bool
    may_file: bool


@dataclass(frozen=True)
class Changed:
    """A list in a release that is not in force yet and was not sent: whose, in which release."""

    org: str
    org_name: str
    release: str
    summary: str
    changes: Sequence[Change]


def lists_in_force() -> list[ListInForce]:
    """What everybody may see, department by department, as the release in force says it."""
    known = current().catalogue
    found = lists_of(known)
    digests = {org: digest_of(lines) for org, lines in found.items()}
    rows = ProofList.objects.filter(digest__in=digests.values()).prefetch_related("steps")
    steps = {(row.org, row.digest): _steps(row) for row in rows if row.state != ListState.RETURNED.value}
    return [
        ListInForce(org, known.orgs[org].name, lines, digests[org], steps.get((org, digests[org]), []))
        for org, lines in sorted(found.items(), key=lambda pair: known.orgs[pair[0]].name)
    ]


def _steps(row: ProofList) -> list[StepView]:
    return [_step(one) for one in sorted(row.steps.all(), key=lambda one: one.pk)]


def _step(one: ListStep) -> StepView:
    kind = ListState(one.kind)
    return StepView(kind, _STEPS[kind], one.at, one.by_name, one.words, one.reference)


def lists_to_work_on(actor: Actor) -> list[ListRow]:
    """The versions the officer has to do with, newest first: their own department's, all for justice and the
    government."""
    rows = ProofList.objects.order_by("-id")
    if not (reviews(actor) or approves(actor)):
        rows = rows.filter(org__in=orgs_of(actor))
    known = current().catalogue
    now = {org: digest_of(lines) for org, lines in lists_of(known).items()}
    return [_row(row, known, now.get(row.org, digest_of(()))) for row in rows[:_MOST]]


def _row(row: ProofList, known: Catalogue, now: str) -> ListRow:
    org = known.orgs.get(row.org)
    return ListRow(
        row.public_id, org.name if org else row.org, ListState(row.state), row.began_at, row.digest == now
    )


def list_view(actor: Actor, list_id: str) -> ListView:
    """One version. Raises NoSuchList for officers of other departments."""
    row = ProofList.objects.filter(public_id=list_id).prefetch_related("steps").first()
    if row is None or not (row.org in orgs_of(actor) or reviews(actor) or approves(actor)):
        raise NoSuchList
    known, state = current().catalogue, ListState(row.state)
    before = lists_of(known).get(row.org, ())
    lines = [Line(**one) for one in row.lines]
    return ListView(
        _row(row, known, digest_of(before)), lines, changes(before, lines), _steps(row),
        may_review=state is ListState.SENT and reviews(actor),
        may_approve=state is ListState.REVIEWED and approves(actor),
        may_file=state is ListState.PUBLISHED and reviews(actor),
    )  # fmt: skip


def lists_to_send(actor: Actor) -> list[Changed]:
    """The lists of the officer's departments that a drafted or reviewed release would change and that were
    not sent yet. Only the newest few releases are read."""
    own = orgs_of(actor)
    waiting = [one for one in releases(limit=20) if one.state in ("draft", "reviewed")][:_DRAFTS]
    if not own or not waiting:
        return []
    before = lists_of(current().catalogue)
    sent = set(ProofList.objects.exclude(state=ListState.RETURNED.value).values_list("org", "digest"))
    found = []
    for one in waiting:
        known = release(one.digest).catalogue
        after = lists_of(known)
        for org in sorted(own & (before.keys() | after.keys())):
            lines, old = after.get(org, ()), before.get(org, ())
            if digest_of(lines) != digest_of(old) and (org, digest_of(lines)) not in sent:
                name = known.orgs[org].name
                found.append(Changed(org, name, one.digest, one.summary, changes(old, lines)))
    return found
