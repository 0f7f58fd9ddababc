# SPDX-License-Identifier: Apache-2.0
"""Lists of cases: an officer's worklist, what waits at a counter, how departments keep their time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current, release
from yiwang.apps.credit.public import in_green_lane
from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import Invalid

from .deadlines import RECEIVING, intake_until, light_now, stopped_states
from .models import ItemCase, Move

_OFFICE = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.AUDITOR)
_WAITING = ("waiting_earlier", "correction_asked", "result_made")
_AT_INTAKE = ("submitted", "supplied", "handed_over")


@dataclass(frozen=True)
class WorkRow:
    """One line of an officer's worklist."""

    id: str
    application: str
    number: str
    item: str
    item_name: str
    life_event_name: str
    org: str
    place: str
    state: str
    state_term: str
    due_on: dt.date | None
    provisional: bool
    light: Light
    channel: str
    submitted_at: dt.datetime | None
    intake_until: dt.date | None
    green_lane: bool
    """The applicant stands on a list for which the city keeps a green lane (守信激励): take it first."""


@dataclass(frozen=True)
class Worklist:
    """A page of a worklist. `after` is the cursor of the next page, empty at the end."""

    rows: Sequence[WorkRow]
    after: str


def worklist(
    actor: Actor, *, after: str = "", size: int = 30, waiting: bool = False, org: str = ""
) -> Worklist:
    """The open cases an officer may work on, the most pressing first; cases without a running clock
    come after those with one. Paged by cursor, so a page costs the same however many cases there are.

    Args:
        after: cursor from the page before.
        waiting: also those that wait for others: an earlier result, the applicant, the delivery.
        org: only those of this department.
    """
    cases = ItemCase.objects.filter(open=True)
    if org:
        cases = cases.filter(org=org)
    if not waiting:
        cases = cases.exclude(state__in=_WAITING)
    return _paged(cases, _reach(actor, _OFFICE), _read_cursor(after), size)


def intake(actor: Actor, *, after: str = "", size: int = 30) -> Worklist:
    """What waits at a clerk's counter to be accepted, for every department (综合窗口), oldest first."""
    reach = _reach(actor, (Role.COUNTER, Role.REPRESENTATIVE), of_any_department=(Role.COUNTER,))
    waiting = ItemCase.objects.filter(open=True, state__in=_AT_INTAKE)  # none of them has a clock yet
    return _paged(waiting, reach, Cursor(None, _read_cursor(after).last or 0), size)


_Spot = dict[str, str]
"""The cases of one post: conditions on `org` and `place`, none for the whole city."""


def _reach(actor: Actor, roles: Collection[Role], *, of_any_department: Collection[Role] = ()) -> list[_Spot]:
    """Which cases the actor's posts cover: no spot twice, none inside another."""
    spots: list[_Spot] = []
    for post in actor.posts:
        if post.role in roles:
            org = "" if post.role in of_any_department else post.org
            spot = {key: value for key, value in (("org", org), ("place", post.place)) if value}
            if spot not in spots:
                spots.append(spot)
    return [s for s in spots if not any(wider.items() < s.items() for wider in spots)]


@dataclass(frozen=True)
class Cursor:
    """After which case a page starts: its due day and id. No id: from the beginning; no day: among
    the cases without one."""

    day: dt.date | None = None
    last: int | None = None

    def __str__(self) -> str:
        return f"{self.day or 'none'}_{self.last}"


def _read_cursor(text: str) -> Cursor:
    """Where the page starts. Raises Invalid."""
    if not text:
        return Cursor()
    day, _, last = text.partition("_")
    try:
        return Cursor(None if day == "none" else dt.date.fromisoformat(day), int(last))
    except ValueError:
        raise Invalid("页码不对。", mend="请回到列表第一页。", field="after") from None


def _paged(cases: QuerySet[ItemCase], spots: Sequence[_Spot], after: Cursor, size: int) -> Worklist:
    """First the cases with a due day, by that day, then the others, by age."""
    keys: list[tuple[dt.date | None, int]] = []
    if after.day is not None or after.last is None:
        keys += _first(_dated(cases, after), spots, size + 1)
    if len(keys) <= size:
        undated = cases.filter(due_on__isnull=True, id__gt=(after.last if after.day is None else None) or 0)
        keys += _first(undated, spots, size + 1 - len(keys))
    more = str(Cursor(*keys[size - 1])) if len(keys) > size else ""
    return Worklist(_work_rows([key for _, key in keys[:size]]), more)


def _dated(cases: QuerySet[ItemCase], after: Cursor) -> QuerySet[ItemCase]:
    if after.day is None:
        return cases.filter(due_on__isnull=False)
    return cases.filter(due_on__gte=after.day).filter(Q(due_on__gt=after.day) | Q(id__gt=after.last))


def _first(cases: QuerySet[ItemCase], spots: Sequence[_Spot], count: int) -> list[tuple[dt.date | None, int]]:
    """The first cases by due day and id: each spot reads its own piece of an index, and no more of
    it than a page, however many cases there are; a database sorts them all for an "or"."""
    found: set[tuple[dt.date | None, int]] = set()
    for spot in spots:
        ordered = cases.filter(**spot).order_by("due_on", "id")
        found.update(ordered.values_list("due_on", "id")[:count])
    return sorted(found, key=lambda key: (key[0] or dt.date.max, key[1]))[:count]


def _work_rows(ids: Sequence[int]) -> list[WorkRow]:
    received = Prefetch("moves", queryset=Move.objects.filter(transition__in=RECEIVING))
    found = ItemCase.objects.select_related("application").prefetch_related(received).in_bulk(ids)
    cases = [found[one] for one in ids if one in found]
    if not cases:
        return []
    now, pairs = current(), {(case.application.subject, case.item) for case in cases}
    first = in_green_lane(pairs, on=timezone.localdate())
    return [_work_row(case, now, (case.application.subject, case.item) in first) for case in cases]


def _work_row(case: ItemCase, now: OpenRelease, green_lane: bool) -> WorkRow:
    opened = release(case.application.release)
    return WorkRow(
        id=case.public_id,
        application=case.application.public_id,
        number=case.application.number or "",
        item=case.item,
        item_name=opened.catalogue.items[case.item].name,
        life_event_name=opened.catalogue.life_events[case.application.life_event].name,
        org=opened.catalogue.orgs[case.org].name,
        place=opened.catalogue.places[case.place].name,
        state=case.state,
        state_term=opened.machine.state(case.state).term,
        due_on=case.due_on,
        provisional=case.provisional,
        light=light_now(case, opened),
        channel=case.application.channel,
        submitted_at=case.application.submitted_at,
        intake_until=intake_until(case, now),
        green_lane=green_lane,
    )


@dataclass(frozen=True)
class OrgLights:
    """How the open cases of one department stand in time."""

    org: str
    name: str
    open: int
    grey: int
    yellow: int
    red: int
    late: int

    @property
    def green(self) -> int:
        """Those with time enough."""
        return self.open - self.grey - self.yellow - self.red - self.late


def lights_by_org(actor: Actor) -> list[OrgLights]:
    """The open cases an auditor may see, counted by department and light, most late ones first."""
    spots = _reach(actor, (Role.AUDITOR,))
    if not spots:
        return []
    reach = reduce(or_, (Q(**spot) for spot in spots))
    today = timezone.localdate()
    runs = Q(due_on__isnull=False) & ~Q(state__in=stopped_states())
    late = runs & Q(due_on__lt=today)
    red = runs & Q(due_on__gte=today, red_on__lte=today)
    yellow = runs & Q(due_on__gte=today, yellow_on__lte=today) & (Q(red_on=None) | Q(red_on__gt=today))
    rows = (
        ItemCase.objects.filter(reach, open=True)
        .values("org")
        .annotate(
            open=Count("id"),
            grey=Count("id", filter=~runs),
            yellow=Count("id", filter=yellow),
            red=Count("id", filter=red),
            late=Count("id", filter=late),
        )
        .order_by("-late", "-red", "-yellow", "org")
    )
    orgs = current().catalogue.orgs
    return [OrgLights(name=orgs[r["org"]].name if r["org"] in orgs else r["org"], **r) for r in rows]
