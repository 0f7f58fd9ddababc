# SPDX-License-Identifier: Apache-2.0
"""What matching knows besides departments' rosters: the registration, and extracts taken under a grant.

Each says `Said`: one fact of one subject, from where, since when. A source counts only for facts that some
policy asks for; an extract only while the grant it was taken under may be used.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.apps.identity.public import registered_firms
from yiwang.apps.journal.public import record
from yiwang.engines.benefits import facts_of
from yiwang.engines.benefits.source_kinds import FactSource, registration_facts, sources_of
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.engines.rules import parse, words
from yiwang.kernel.actor import system
from yiwang.kernel.errors import YiwangError

from .models import Extract, ExtractRow

Origin = tuple[str, dt.date | None]
REGISTER = "市场主体登记"
_MATCHER = system("免申即享比对")


@dataclass(frozen=True)
class Said:
    """One fact of one subject."""

    subject: str
    name: str
    value: Any
    origin: Origin


def usable(extract: Extract) -> bool:
    """Whether the grant an extract was taken under may still be used, in bulk."""
    try:
        grant = exchange.grant(extract.grant)
    except YiwangError:
        return False
    return grant.batch and grant.usable(timezone.now())


def extracts() -> list[Extract]:
    """The extracts that count now: the newest of each source that is still defined as it was."""
    newest: dict[str, Extract] = {}
    known = {one.id: one for one in sources_of(current().catalogue)}
    for row in Extract.objects.filter(removed_at=None).order_by("taken_at", "id"):
        source = known.get(row.source)
        if source is not None and (source.resource, source.org) == (row.resource, row.org) and usable(row):
            newest[row.source] = row
    return sorted(newest.values(), key=lambda row: row.source)


def forget_extracts() -> int:
    """Delete the facts of extracts that count no more; how many. The worker calls it before each match."""
    counting = {row.pk for row in extracts()}
    ended = list(Extract.objects.filter(removed_at=None).exclude(pk__in=counting))
    for row in ended:
        with transaction.atomic():
            ExtractRow.objects.filter(extract=row).delete()
            Extract.objects.filter(pk=row.pk).update(removed_at=timezone.now())
            note(row, "removed")
    return len(ended)


def note(row: Extract, what: str, *, actor: Any = _MATCHER, **detail: int) -> None:
    """One journal entry of an extract."""
    record(
        actor,
        f"benefit.extract.{what}",
        stream=f"extract:{row.public_id}",
        about=row.public_id,
        detail={
            "source": row.source,
            "resource": row.resource,
            "grant": row.grant,
            "batch": row.batch,
            **detail,
        },
    )


def said(catalogue: Catalogue, names: Collection[str], *, only: str = "") -> Iterator[Said]:
    """What the registration and the extracts say of the facts `names`, of everybody or of `only` one."""
    wanted = [one for one in sources_of(catalogue) if one.fact in names]
    if any(one.registration for one in wanted):
        yield from _registered(catalogue, names, only)
    types, sources = rule_types(catalogue), {one.id for one in wanted}
    for extract in extracts():
        if extract.source not in sources:
            continue
        origin = _extract_words(catalogue, extract)
        rows = ExtractRow.objects.filter(extract=extract, **({"subject": only} if only else {}))
        for row in rows.iterator(chunk_size=2_000):
            for name, value in facts_of(row.facts, types).items():
                yield Said(row.subject, name, value, origin)


def _extract_words(catalogue: Catalogue, extract: Extract) -> Origin:
    resource = catalogue.others.get("exchange", {}).get(extract.resource)
    provider = catalogue.orgs.get(getattr(resource, "provider", ""))
    name = getattr(resource, "name", extract.resource)
    return f"{provider.name if provider else ''}“{name}”（数据共享）", extract.made_on


def _registered(catalogue: Catalogue, names: Collection[str], only: str) -> Iterator[Said]:
    facts = registration_facts(catalogue, names)
    for firm in registered_firms(only=only):
        for name, value in facts(firm.kind, firm.place, firm.founded).items():
            yield Said(firm.public_id, name, value, (REGISTER, firm.founded))


@dataclass(frozen=True)
class SourceView:
    """A source as its page shows it, with the extract that counts now, if any."""

    id: str
    name: str
    fact: str
    place: str
    rule: str
    org: str
    extract: str = ""
    rows: int = 0
    made_on: dt.date | None = None
    grant: str = ""
    unknown: int = 0
    unreadable: int = 0


def fact_sources() -> list[SourceView]:
    """From where matching knows facts besides rosters; how fresh each is. No subject is told."""
    catalogue, counting = current().catalogue, {row.source: row for row in extracts()}
    return [_view(catalogue, one, counting.get(one.id)) for one in sources_of(catalogue)]


def _view(catalogue: Catalogue, one: FactSource, row: Extract | None) -> SourceView:
    resource = catalogue.others.get("exchange", {}).get(one.resource or "")
    org = catalogue.orgs.get(one.org or "")
    place = REGISTER if resource is None else f"“{resource.name}”（数据共享）"
    view = SourceView(one.id, one.name, one.fact, place, words(parse(one.rule)), org.name if org else "")
    if row is None:
        return view
    return replace(
        view,
        extract=row.public_id,
        rows=row.rows.count(),
        made_on=row.made_on,
        grant=row.grant,
        unknown=row.unknown,
        unreadable=row.unreadable,
    )
