# SPDX-License-Identifier: Apache-2.0
"""How units keep it: publicity in time, deliveries and what came back, coverage of the key fields."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Max, Min, Q

from yiwang.apps.catalogue.public import current
from yiwang.kernel.actor import Actor

from ..models import Delivery, Record, WaitingRow
from ..parts import book_of, leads, orgs_of
from .views import org_name

MOST = 100


@dataclass(frozen=True)
class LateUnit:
    """How one unit keeps the time for publicity. `share`: in time, of all, in percent."""

    org: str
    org_name: str
    published: int
    late: int
    newest_late: dt.date | None

    @property
    def share(self) -> int:
        """How many of a hundred were in time."""
        return 100 if not self.published else round(100 * (self.published - self.late) / self.published)


@dataclass(frozen=True)
class Coverage:
    """One entry of the catalogue: which units send it, how many records, when the last came. `domain`: the
    key field or occupation."""

    entry: str
    name: str
    domain: str
    org_name: str
    records: int
    newest: dt.datetime | None


@dataclass(frozen=True)
class DeliveryView:
    """A delivery as its unit sees it."""

    id: str
    org_name: str
    entry_name: str
    way: str
    at: dt.datetime
    rows: int
    taken: int
    corrected: int
    repeated: int
    rejected: int
    waiting: int


@dataclass(frozen=True)
class WaitingCode:
    """A sound code of no firm the city knows, with how many rows wait for it, until when at the earliest."""

    code: str
    org_name: str
    entry_name: str
    rows: int
    due_on: dt.date


def waiting_codes(actor: Actor) -> list[WaitingCode]:
    """Codes that rows wait for, the most urgent first; the leading unit sees all, others their own."""
    opened = current()
    rows = WaitingRow.objects.filter(settled_at=None)
    if not leads(actor, opened):
        rows = rows.filter(delivery__org__in=orgs_of(actor))
    entries = book_of(opened).entries
    found = rows.values("code", "delivery__org", "delivery__catalogue").annotate(
        rows=Count("pk"), due=Min("due_on")
    )
    return [
        WaitingCode(
            one["code"], org_name(opened, one["delivery__org"]),
            entries[key].name if (key := one["delivery__catalogue"]) in entries else key, one["rows"],
            one["due"],
        )
        for one in found.order_by("due", "code")[:MOST]
    ]  # fmt: skip


def late_units(actor: Actor) -> list[LateUnit]:
    """Units by how often they published late, the worst first; the leading unit sees all, others their own.

    A record is public the moment it is taken; it is late when it came after its last day, so waiting for a
    firm to be registered makes nothing late.
    """
    opened = current()
    rows = Record.objects.filter(due_on__isnull=False, published_on__isnull=False)
    if not leads(actor, opened):
        rows = rows.filter(org__in=orgs_of(actor))
    late = Q(arrived_on__gt=F("due_on"))
    counted = rows.values("org").annotate(
        published=Count("pk"), late=Count("pk", filter=late), newest=Max("arrived_on", filter=late)
    )
    return [
        LateUnit(one["org"], org_name(opened, one["org"]), one["published"], one["late"], one["newest"])
        for one in counted.order_by("-late", "org")
    ]


def coverage(actor: Actor, *, only_domains: bool = True) -> list[Coverage]:
    """Each entry and each unit that should send it, also where nothing came yet: nothing comes first.

    `only_domains`: those of key fields and key occupations (重点领域、重点职业人群).
    """
    opened = current()
    everything, own = leads(actor, opened), orgs_of(actor)
    counted = {
        (one["catalogue"], one["org"]): (one["records"], one["newest"])
        for one in Record.objects.values("catalogue", "org").annotate(
            records=Count("pk"), newest=Max("collected_at")
        )
    }
    found = []
    for key, entry in book_of(opened).entries.items():
        whose = entry.domain or entry.occupation or ""
        if entry.sort.is_list or (only_domains and not whose):
            continue  # nobody has to enter somebody on a list
        sent = {org for catalogue, org in counted if catalogue == key}
        for org in sorted({*entry.departments, *sent}):
            if everything or org in own:
                records, newest = counted.get((key, org), (0, None))
                found.append(Coverage(key, entry.name, whose, org_name(opened, org), records, newest))
    return sorted(found, key=lambda one: (one.records > 0, one.domain, one.name, one.org_name))


def deliveries(actor: Actor) -> list[DeliveryView]:
    """The newest deliveries: the leading unit sees all, others their own."""
    opened = current()
    rows = Delivery.objects.all()
    if not leads(actor, opened):
        rows = rows.filter(org__in=orgs_of(actor))
    entries = book_of(opened).entries
    return [
        DeliveryView(
            row.public_id,
            org_name(opened, row.org),
            entries[row.catalogue].name if row.catalogue in entries else row.catalogue,
            row.get_way_display(),
            row.at,
            row.rows,
            row.taken,
            row.corrected,
            row.repeated,
            row.rejected,
            row.waiting,
        )
        for row in rows.order_by("-id")[:MOST]
    ]
