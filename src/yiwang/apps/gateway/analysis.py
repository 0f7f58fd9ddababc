# SPDX-License-Identifier: Apache-2.0
"""What calls there were, for use analysis, for the unit's operation log and for whoever watches them.

Sums are made by the database, one day at a time; single calls are read by caller or page by page.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import BooleanField, Case, Count, F, Q, Sum, TextField, Value, When
from django.db.models.functions import Cast, ExtractHour

from yiwang.kernel.dates import BEIJING

from .calls_writing import replayed
from .models.calls import Call, RefusedAttempt

_FEW = 100  # callers whose calls are looked for by unit and name; more are found by reading the day


@dataclass(frozen=True)
class CallSum:
    """Calls of a day that agree in everything but whom they were about. Times are Beijing's."""

    org: str
    caller_kind: str
    caller: str
    resource: str
    item: str
    outcome: str
    fields: tuple[str, ...]
    hour: int
    for_case: bool
    of_subject: bool
    many: bool
    calls: int
    rows: int
    ms: int


@dataclass(frozen=True)
class LoggedCall:
    """One call as it was logged: who, when, what, for which case, how it ended."""

    id: int
    receipt: str
    at: dt.datetime
    org: str
    provider: str
    caller_kind: str
    caller: str
    caller_name: str
    resource: str
    fields: tuple[str, ...]
    purpose: str
    basis: str
    item: str
    case: str
    subject: str
    rows: int
    outcome: str
    why: str
    ms: int
    replayed: bool


class LookedAt(NamedTuple):
    """What of a call is looked at to find unusual access. `who`: kind, caller, org."""

    who: tuple[str, str, str]
    name: str
    at: dt.datetime
    resource: str
    fields: frozenset[str]
    case: str
    subject: str
    rows: int
    outcome: str
    replayed: bool


@dataclass(frozen=True)
class TurnedAway:
    """A request that nobody was believed to have sent."""

    at: dt.datetime
    client: str
    org: str
    why: str


def bounds_of(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of a day in Beijing, and of the next."""
    first = dt.datetime.combine(day, dt.time(), BEIJING)
    return first, first + dt.timedelta(days=1)


def calls_per_day(since: dt.date, until: dt.date) -> dict[dt.date, int]:
    """How many calls each day from `since` to `until` has, days without any left out. A count over the
    index for each day: nothing else of the calls is read."""
    days = [since + dt.timedelta(days=n) for n in range((until - since).days + 1)]
    spans = {day: bounds_of(day) for day in days}
    counted = {
        day: Call.objects.filter(at__gte=first, at__lt=end).count() for day, (first, end) in spans.items()
    }
    return {day: count for day, count in counted.items() if count}


def sums_of(day: dt.date) -> Iterator[CallSum]:
    """The calls of a day, summed by the database."""
    first, end = bounds_of(day)
    rows = (
        Call.objects.filter(at__gte=first, at__lt=end)
        .annotate(
            hour=ExtractHour("at", tzinfo=BEIJING),
            for_case=_whether(~Q(case="")),
            of_subject=_whether(~Q(subject="")),
            many=_whether(Q(rows__gt=1)),
        )
        .values(
            *("org", "caller_kind", "caller", "resource", "item", "outcome", "fields"),
            *("hour", "for_case", "of_subject", "many"),
        )
        .annotate(calls=Count("pk"), given=Sum("rows"), took=Sum("ms"))
        .order_by()
    )
    for row in rows.iterator(chunk_size=2000):
        row["fields"], row["rows"], row["ms"] = tuple(row["fields"]), row.pop("given"), row.pop("took")
        yield CallSum(**row)


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def callers_between(first: dt.datetime, end: dt.datetime) -> dict[tuple[str, str, str], int]:
    """(kind, caller, org) → how many calls from a moment up to another: one sum over the index of time."""
    found = Call.objects.filter(at__gte=first, at__lt=end).values_list("caller_kind", "caller", "org")
    counted = found.annotate(calls=Count("pk")).order_by()
    return {(kind, caller, org): calls for kind, caller, org, calls in counted}


def calls_of_day(day: dt.date, callers: Collection[tuple[str, str, str]]) -> Iterator[LookedAt]:
    """The calls of a day by these callers, caller by caller in a fixed order, each caller's oldest first.

    One pass over the day, or over the days of their units, however many callers there are.
    """
    first, end = bounds_of(day)
    found = Call.objects.filter(at__gte=first, at__lt=end)
    if len(callers) <= _FEW:
        found = found.filter(
            org__in={org for _, _, org in callers}, caller__in={one for _, one, _ in callers}
        )
    rows = found.annotate(asked=Cast("fields", TextField())).order_by(
        "caller_kind", "caller", "org", "at", "pk"
    )
    names = ("caller_kind", "caller", "org", "caller_name", "at", "resource", "asked", "case", "subject")
    fields: dict[str, frozenset[str]] = {}
    again = replayed().message
    listed = rows.values_list(*names, "rows", "outcome", "why")
    for kind, caller, org, name, at, resource, asked, case, subject, given, outcome, why in listed.iterator(
        chunk_size=5000
    ):
        if (kind, caller, org) not in callers:
            continue
        if asked not in fields:
            fields[asked] = frozenset(json.loads(asked))
        who = (kind, caller, org)
        yield LookedAt(who, name, at, resource, fields[asked], case, subject, given, outcome, why == again)


def turned_away(since: dt.datetime) -> list[TurnedAway]:
    """Requests turned away since then before anybody was believed, oldest first."""
    found = RefusedAttempt.objects.filter(at__gte=since).order_by("at", "pk")
    return [TurnedAway(*row) for row in found.values_list("at", "client", "org", "why")]


def log_page(  # noqa: PLR0913 - what a log is searched by
    orgs: Collection[str] | None,
    *,
    caller: str = "",
    case: str = "",
    resource: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    before: int | None = None,
    size: int = 50,
) -> Sequence[LoggedCall]:
    """Calls by these units or of their data, newest first; None: of all. Who may see them is said by
    whoever asks, and every look is logged there.

    Args:
        before: the id of the last row of the page before.
    """
    found = Call.objects.all()
    if orgs is not None:
        found = found.filter(Q(org__in=orgs) | Q(provider__in=orgs))
    exact = {"case": case, "resource": resource}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if caller:
        found = found.filter(Q(caller=caller) | Q(caller_name=caller))
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    if before is not None:
        found = found.filter(pk__lt=before)
    return [_logged(row) for row in found.order_by(F("pk").desc())[:size]]


def _logged(row: Call) -> LoggedCall:
    return LoggedCall(
        row.pk,
        row.receipt,
        row.at,
        row.org,
        row.provider,
        row.caller_kind,
        row.caller,
        row.caller_name,
        row.resource,
        tuple(row.fields),
        row.purpose,
        row.basis,
        row.item,
        row.case,
        row.subject,
        row.rows,
        row.outcome,
        row.why,
        row.ms,
        row.why == replayed().message,
    )
