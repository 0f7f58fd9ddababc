# SPDX-License-Identifier: Apache-2.0
"""Lists of cases: an officer's worklist, what waits at a counter, how departments keep their time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from yiwang.apps.catalogue.public import current, release
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import Invalid

from .deadlines import intake_until
from .domain.lights import Light, light_of
from .models import ItemCase

_OFFICE = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.AUDITOR)
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
        waiting: also those that wait for another item's result.
        org: only those of this department.
    """
    reach = _reach(actor, _OFFICE)
    if reach is None:
        return Worklist((), "")
    cases = ItemCase.objects.filter(reach, open=True)
    if org:
        cases = cases.filter(org=org)
    if not waiting:
        cases = cases.exclude(state="waiting_earlier")
    return _paged(cases, after, size)


def intake(actor: Actor, *, after: str = "", size: int = 30) -> Worklist:
    """What waits at a clerk's counter to be accepted, for every department (综合窗口), oldest first."""
    reach = _reach(actor, (Role.COUNTER, Role.REPRESENTATIVE), of_any_department=(Role.COUNTER,))
    if reach is None:
        return Worklist((), "")
    return _paged(ItemCase.objects.filter(reach, open=True, state__in=_AT_INTAKE), after, size)


def _reach(actor: Actor, roles: Collection[Role], *, of_any_department: Collection[Role] = ()) -> Q | None:
    """Which cases the actor's posts cover, as one condition on the index (open, org, place, …)."""
    found: Q | None = None
    for post in actor.posts:
        if post.role not in roles:
            continue
        part = Q()
        if post.org and post.role not in of_any_department:
            part &= Q(org=post.org)
        if post.place:
            part &= Q(place=post.place)
        found = part if found is None else found | part
    return found


def _paged(cases: QuerySet[ItemCase], after: str, size: int) -> Worklist:
    page = _page(cases, after, size + 1)
    rows = [_work_row(case) for case in page[:size]]
    return Worklist(rows, _cursor(page[size - 1]) if len(page) > size else "")


def _page(cases: QuerySet[ItemCase], after: str, size: int) -> list[ItemCase]:
    """`size` cases after the cursor: first those with a due day, by that day, then the others."""
    ordered = cases.select_related("application").prefetch_related("moves").order_by("due_on", "id")
    dated, undated = ordered.filter(due_on__isnull=False), ordered.filter(due_on__isnull=True)
    day, last = _read_cursor(after)
    if day is None and last is not None:
        return list(undated.filter(id__gt=last)[:size])
    if day is not None:
        dated = dated.filter(Q(due_on__gt=day) | Q(due_on=day, id__gt=last))
    found = list(dated[:size])
    return found + list(undated[: size - len(found)]) if len(found) < size else found


def _cursor(case: ItemCase) -> str:
    return f"{case.due_on or 'none'}_{case.pk}"


def _read_cursor(text: str) -> tuple[dt.date | None, int | None]:
    """The due day and id the page starts after; (None, None): from the beginning. Raises Invalid."""
    if not text:
        return None, None
    day, _, last = text.partition("_")
    try:
        return (None if day == "none" else dt.date.fromisoformat(day)), int(last)
    except ValueError:
        raise Invalid("页码不对。", mend="请回到列表第一页。", field="after") from None


def _work_row(case: ItemCase) -> WorkRow:
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
        light=light_of(case.due_on, case.yellow_on, case.red_on, timezone.localdate()),
        channel=case.application.channel,
        submitted_at=case.application.submitted_at,
        intake_until=intake_until(case),
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
    reach = _reach(actor, (Role.AUDITOR,))
    if reach is None:
        return []
    today = timezone.localdate()
    late = Q(due_on__lt=today)
    red = Q(due_on__gte=today, red_on__lte=today)
    yellow = Q(due_on__gte=today, yellow_on__lte=today) & (Q(red_on__isnull=True) | Q(red_on__gt=today))
    rows = (
        ItemCase.objects.filter(reach, open=True)
        .values("org")
        .annotate(
            open=Count("id"),
            grey=Count("id", filter=Q(due_on__isnull=True)),
            yellow=Count("id", filter=yellow),
            red=Count("id", filter=red),
            late=Count("id", filter=late),
        )
        .order_by("-late", "-red", "-yellow", "org")
    )
    orgs = current().catalogue.orgs
    return [OrgLights(name=orgs[r["org"]].name if r["org"] in orgs else r["org"], **r) for r in rows]
