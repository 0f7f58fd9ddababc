# SPDX-License-Identifier: Apache-2.0
"""Who looked at what belongs to somebody, page by page: what the person concerned may read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from .models import Entry


@dataclass(frozen=True)
class Look:
    """One look, or one that was refused. `actor_name` names officers and the system; who a person is
    stands in the user store under `actor`."""

    at: dt.datetime
    actor: str
    actor_name: str
    action: str
    about: str
    subject: str
    purpose: str
    basis: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class LooksPage:
    """A page of looks, newest first. `before`: where the next page begins; None at the end."""

    rows: Sequence[Look]
    before: int | None


@dataclass(frozen=True)
class Kinds:
    """Which entries are asked for: actions with one of these beginnings and one of these ends, and
    looks of the evidence resolver into these providers."""

    begins: Collection[str]
    ends: Collection[str]
    providers: Collection[str] = ()

    def query(self) -> Q:
        """The condition over entries."""
        begins, ends = Q(), Q()
        for one in self.begins:
            begins |= Q(action__startswith=one)
        for one in self.ends:
            ends |= Q(action__endswith=one)
        looked = Q(action="evidence.look", detail__provider__in=list(self.providers))
        return (begins & ends) | looked if self.providers else begins & ends


@dataclass(frozen=True)
class Span:
    """Looks from a moment on and before another one, by these actors (None: by anybody), but not by one."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    actors: Collection[str] | None = None
    not_by: str = ""

    def query(self) -> Q:
        """The condition over entries."""
        found = Q() if self.actors is None else Q(actor__in=self.actors)
        found &= ~Q(actor=self.not_by) if self.not_by else Q()
        found &= Q() if self.since is None else Q(at__gte=self.since)
        return found if self.until is None else found & Q(at__lt=self.until)


def looks_page(
    subjects: Collection[str],
    kinds: Kinds,
    *,
    span: Span | None = None,
    before: int | None = None,
    size: int = 30,
) -> LooksPage:
    """The looks at what belongs to these people and firms. Whose they are is the caller's to say.

    Args:
        span: the newest of a span of time; the next page is another span.
        before: where a page begins, as the page before says; for pages without a span.
    """
    found = Entry.objects.filter(kinds.query(), (span or Span()).query(), subject__in=subjects)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by(*(("-at", "-id") if span else ("-id",)))[: size + 1])
    more = len(rows) > size
    return LooksPage([_look(row) for row in rows[:size]], rows[size - 1].pk if more else None)


def _look(row: Entry) -> Look:
    return Look(
        row.at,
        row.actor,
        row.actor_name,
        row.action,
        row.about,
        row.subject,
        row.purpose,
        row.basis,
        row.detail,
    )
