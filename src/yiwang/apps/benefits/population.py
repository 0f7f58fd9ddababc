# SPDX-License-Identifier: Apache-2.0
"""Everybody of whom something is known that policies ask for, as one frame: what departments' reviewed
rosters, the registration and extracts of shared data say of each, and from where each fact is.

The table is a `pyarrow.Table`; the metadata of a column (`PROVENANCE`) say from where it is filled.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from yiwang.engines.benefits import Policy, facts_needed, facts_of
from yiwang.engines.benefits.population import columns_of
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.engines.rules.population import Column
from yiwang.engines.rules.types import Kind
from yiwang.kernel.late import Late

from .columns import facts_of_departments, is_applied_for
from .models import Roster, RosterRow
from .sources import Origin, Said, extracts, said

pa: Any = Late("pyarrow")


PROVENANCE = b"provenance"


@dataclass(frozen=True)
class Everybody:
    """Facts of each subject; `torn`: subjects of whom two places say different things, and about what;
    `origins`: where each fact of each subject is from (in words), and since when."""

    facts: Mapping[str, Mapping[str, Any]]
    torn: Mapping[str, Sequence[str]]
    origins: Mapping[str, Mapping[str, Origin]] = field(default_factory=dict)

    def origin(self, subject: str, name: str) -> Origin:
        """Where a fact is from."""
        return self.origins.get(subject, {}).get(name, ("", None))


def automatic(catalogue: Catalogue, day: dt.date) -> list[Policy]:
    """The policies given without application on a day."""
    policies: list[Any] = list(catalogue.others.get("policies", {}).values())
    return [each for each in policies if each.automatic is not None and each.valid_on(day)]


def applied_for(catalogue: Catalogue, day: dt.date) -> list[Policy]:
    """The policies in force on a day whose money one has to apply for oneself: not those that come by
    themselves, are settled by records, or are given where somebody pays."""
    policies: list[Any] = list(catalogue.others.get("policies", {}).values())
    return [each for each in policies if is_applied_for(each) and each.valid_on(day)]


def rosters_of(day: dt.date) -> list[Roster]:
    """The reviewed rosters that hold on a day, the oldest first."""
    rows = Roster.objects.filter(
        reviewed_at__isnull=False, refused="", valid_from__lte=day, valid_to__gte=day
    )
    return list(rows.order_by("reviewed_at", "id"))


def basis_of(release: str, rosters: Sequence[Roster], day: dt.date) -> str:
    """What a match rests on, as one digest: the same again would find the same."""
    told = [release, str(day.year), *(each.public_id for each in rosters)]
    told += [each.public_id for each in extracts()]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def everybody(
    catalogue: Catalogue, rosters: Sequence[Roster], *, only: str = "", names: Sequence[str] = ()
) -> Everybody:
    """Put together what is known of everybody (or of `only` one subject): rosters, each department of the
    facts its own policies ask for and nothing else; the registration and extracts, of the facts `names`.
    Where two differ about a fact it is not known, and told."""
    facts: dict[str, dict[str, Any]] = {}
    torn: dict[str, list[str]] = {}
    origins: dict[str, dict[str, Origin]] = {}
    told = [_said_by_rosters(catalogue, rosters, only)]
    told += [said(catalogue, names, only=only)] if names else []
    for each in (one for source in told for one in source):
        known = facts.setdefault(each.subject, {})
        origins.setdefault(each.subject, {}).setdefault(each.name, each.origin)
        differs = known.setdefault(each.name, each.value) != each.value
        if differs and each.name not in torn.setdefault(each.subject, []):
            torn[each.subject].append(each.name)
    for subject, wrong in torn.items():
        for name in wrong:
            facts[subject][name] = None
    return Everybody(facts, {subject: wrong for subject, wrong in torn.items() if wrong}, origins)


def _said_by_rosters(catalogue: Catalogue, rosters: Sequence[Roster], only: str) -> Iterator[Said]:
    types, may_say = rule_types(catalogue), facts_of_departments(catalogue)
    words = {each.pk: _roster_words(catalogue, each) for each in rosters}
    rows = RosterRow.objects.filter(roster__in=rosters).select_related("roster").order_by("id")
    rows = rows.filter(subject=only) if only else rows
    for row in rows.iterator(chunk_size=2_000):
        allowed = may_say.get(row.roster.org, ())
        told = {name: value for name, value in row.facts.items() if name in allowed}
        for name, value in facts_of(told, types).items():
            yield Said(row.subject, name, value, words[row.roster_id])


def _roster_words(catalogue: Catalogue, roster: Roster) -> Origin:
    org = catalogue.orgs.get(roster.org)
    return f"{org.name if org else roster.org}《{roster.title}》", roster.valid_from


def table_of(
    catalogue: Catalogue, policies: Sequence[Policy], found: Everybody
) -> tuple[Any, dict[str, Column]]:
    """The subjects as a table with a column for every fact the policies ask for, and the columns."""
    known = columns_of(catalogue)
    names = [name for name in facts_needed(policies) if known[name].type.kind is not Kind.LIST]
    columns = {name: known[name] for name in names}
    subjects = sorted(found.facts)
    given = {
        name: pa.array(
            [_fitting(found.facts[subject].get(name), column) for subject in subjects], _arrow(column)
        )
        for name, column in columns.items()
    }
    fields = [pa.field("id", pa.string())]
    for name, column in columns.items():
        told = json.dumps(provenance(found, name), ensure_ascii=False)
        fields.append(pa.field(name, _arrow(column), metadata={PROVENANCE: told}))
    ids = pa.array(subjects, pa.string())
    return pa.table([ids, *given.values()], schema=pa.schema(fields)), columns


def _fitting(value: Any, column: Column) -> Any:
    """The value; a number that no such fact can be is not known, and nobody else waits for it."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    number = Decimal(value)
    fits = abs(number) <= column.span.high and number == round(number, column.scale)
    return number if fits else None


def provenance(found: Everybody, name: str) -> dict[str, int]:
    """From where a column is filled: the place in words → of how many subjects."""
    places = (known[name][0] for known in found.origins.values() if name in known)
    return dict(sorted(Counter(places).items()))


def _arrow(column: Column) -> Any:
    plain = {Kind.BOOLEAN: pa.bool_(), Kind.DATE: pa.date32(), Kind.STRING: pa.string()}
    return plain.get(column.type.kind) or pa.decimal128(column.digits, column.scale)
