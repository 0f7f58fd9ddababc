# SPDX-License-Identifier: Apache-2.0
"""Lists of commitments as pages show them: what is in force for everybody, what officers have to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from yiwang.apps.catalogue.public import current, release, releases
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.actor import Actor

from .domain.listing import Change, Line, ListState, changes, county_list, digest_of, lists_of
from .list_parts import NoSuchList, approves, counties_of, orgs_of, reviews
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
_COUNTY_STEPS = {
    ListState.SENT: "县区司法局编制",
    ListState.REVIEWED: "县区司法局审核",
    ListState.PUBLISHED: "县区政府公布",
    ListState.FILED: "报市司法局备案",
}
_OUT = (ListState.PUBLISHED.value, ListState.FILED.value)


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
    whose: str
    place: str
    state: ListState
    at: dt.datetime
    in_force: bool

    @property
    def term(self) -> str:
        """Where it stands, in Chinese words."""
        return self.state.county_term if self.place else self.state.term


@dataclass(frozen=True)
class ListView:
    """One version: what it changes against what is in force, its steps, what the officer may do."""

    row: ListRow
    lines: Sequence[Line]
    changes: Sequence[Change]
    steps: Sequence[StepView]
    may_review: bool
    may_approve: bool
    may_publish: bool
    may_file: bool


@dataclass(frozen=True)
class Changed:
    """A list in a release that is not in force yet and was not sent: whose, in which release."""

    org: str
    org_name: str
    release: str
    summary: str
    changes: Sequence[Change]


@dataclass(frozen=True)
class CountyList:
    """The newest list a county has published, with its steps; `current`: as in the release in force."""

    place: str
    place_name: str
    lines: Sequence[Line]
    steps: Sequence[StepView]
    current: bool


def lists_in_force() -> list[ListInForce]:
    """What everybody may see, department by department, as the release in force says it."""
    known = current().catalogue
    found = lists_of(known)
    digests = {org: digest_of(lines) for org, lines in found.items()}
    rows = ProofList.objects.filter(place="", digest__in=digests.values()).prefetch_related("steps")
    steps = {(row.org, row.digest): _steps(row) for row in rows if row.state != ListState.RETURNED.value}
    return [
        ListInForce(org, known.orgs[org].name, lines, digests[org], steps.get((org, digests[org]), []))
        for org, lines in sorted(found.items(), key=lambda pair: known.orgs[pair[0]].name)
    ]


def county_lists() -> list[CountyList]:
    """For everybody: what each county has published; a county that has not is left out."""
    known = current().catalogue
    rows = ProofList.objects.filter(state__in=_OUT).exclude(place="").order_by("id").prefetch_related("steps")
    newest = {row.place: row for row in rows if row.place in known.places}
    now = digest_of(county_list(known))
    return [
        CountyList(place, known.places[place].name, _said(row), _steps(row), row.digest == now)
        for place, row in sorted(newest.items(), key=lambda pair: known.places[pair[0]].code or "9")
    ]


def _said(row: ProofList) -> list[Line]:
    return [Line(**one) for one in row.lines]


def _steps(row: ProofList) -> list[StepView]:
    terms = _STEPS | _COUNTY_STEPS if row.place else _STEPS
    return [_step(one, terms) for one in sorted(row.steps.all(), key=lambda one: one.pk)]


def _step(one: ListStep, terms: Mapping[ListState, str]) -> StepView:
    kind = ListState(one.kind)
    return StepView(kind, terms[kind], one.at, one.by_name, one.words, one.reference)


def lists_to_work_on(actor: Actor) -> list[ListRow]:
    """The versions the officer has to do with, newest first: their own department's or county's, all for the
    city's justice and government."""
    rows = ProofList.objects.order_by("-id")
    if not (reviews(actor) or approves(actor)):
        rows = rows.filter(Q(place="", org__in=orgs_of(actor)) | Q(place__in=counties_of(actor)))
    known = current().catalogue
    now = {org: digest_of(lines) for org, lines in lists_of(known).items()}
    county = digest_of(county_list(known))
    return [
        _row(row, known, county if row.place else now.get(row.org, digest_of(()))) for row in rows[:_MOST]
    ]


def _row(row: ProofList, known: Catalogue, now: str) -> ListRow:
    found = known.places.get(row.place) if row.place else known.orgs.get(row.org)
    whose = found.name if found else row.place or row.org
    return ListRow(row.public_id, whose, row.place, ListState(row.state), row.began_at, row.digest == now)


def list_view(actor: Actor, list_id: str) -> ListView:
    """One version. Raises NoSuchList for officers of other departments."""
    row = ProofList.objects.filter(public_id=list_id).prefetch_related("steps").first()
    if row is None:
        raise NoSuchList
    own = row.place in counties_of(actor) if row.place else row.org in orgs_of(actor)
    if not (own or reviews(actor) or approves(actor)):
        raise NoSuchList
    known, state = current().catalogue, ListState(row.state)
    before = county_list(known) if row.place else lists_of(known).get(row.org, ())
    lines, justice = _said(row), own if row.place else reviews(actor)
    return ListView(
        _row(row, known, digest_of(before)), lines, changes(before, lines), _steps(row),
        may_review=state is ListState.SENT and justice,
        may_approve=state is ListState.REVIEWED and not row.place and approves(actor),
        may_publish=state is ListState.REVIEWED and bool(row.place) and own,
        may_file=state is ListState.PUBLISHED and justice,
    )  # fmt: skip


def counties_to_draw_up(actor: Actor) -> list[tuple[str, str]]:
    """The officer's counties whose list in its present words was not drawn up yet: (place, name)."""
    own = counties_of(actor)
    if not own:
        return []
    known = current().catalogue
    rows = ProofList.objects.filter(place__in=own, digest=digest_of(county_list(known)))
    drawn = set(rows.exclude(state=ListState.RETURNED.value).values_list("place", flat=True))
    return [(place, known.places[place].name) for place in sorted(own - drawn)]


def lists_to_send(actor: Actor) -> list[Changed]:
    """The lists of the officer's departments that a drafted or reviewed release would change and that were
    not sent yet. Only the newest few releases are read."""
    own = orgs_of(actor)
    waiting = [one for one in releases(limit=20) if one.state in ("draft", "reviewed")][:_DRAFTS]
    if not own or not waiting:
        return []
    before = lists_of(current().catalogue)
    rows = ProofList.objects.filter(place="").exclude(state=ListState.RETURNED.value)
    sent = set(rows.values_list("org", "digest"))
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
