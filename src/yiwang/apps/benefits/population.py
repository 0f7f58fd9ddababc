# SPDX-License-Identifier: Apache-2.0
"""Everybody some reviewed roster speaks of, with what all rosters of the day say of each, as a table.

The table is a `pyarrow.Table`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yiwang.engines.benefits import Policy, facts_needed, facts_of
from yiwang.engines.benefits.population import columns_of
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.engines.rules.population import Column
from yiwang.engines.rules.types import Kind
from yiwang.kernel.late import Late

from .columns import facts_of_departments
from .models import Roster, RosterRow

pa: Any = Late("pyarrow")


Origin = tuple[str, dt.date | None]


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


def rosters_of(day: dt.date) -> list[Roster]:
    """The reviewed rosters that hold on a day, the oldest first."""
    rows = Roster.objects.filter(
        reviewed_at__isnull=False, refused="", valid_from__lte=day, valid_to__gte=day
    )
    return list(rows.order_by("reviewed_at", "id"))


def basis_of(release: str, rosters: Sequence[Roster], day: dt.date) -> str:
    """What a match rests on, as one digest: the same again would find the same."""
    told = "\n".join([release, str(day.year), *(each.public_id for each in rosters)])
    return hashlib.sha256(told.encode()).hexdigest()


def everybody(catalogue: Catalogue, rosters: Sequence[Roster], *, only: str = "") -> Everybody:
    """Put together what the rosters say of everybody (or of `only` one subject): each department of the
    facts its own policies ask for, nothing else. Where two differ about a fact it is not known, and told."""
    types, may_say = rule_types(catalogue), facts_of_departments(catalogue)
    facts: dict[str, dict[str, Any]] = {}
    torn: dict[str, list[str]] = {}
    origins: dict[str, dict[str, Origin]] = {}
    rows = RosterRow.objects.filter(roster__in=rosters).select_related("roster").order_by("id")
    rows = rows.filter(subject=only) if only else rows
    for row in rows.iterator(chunk_size=2_000):
        known = facts.setdefault(row.subject, {})
        said = {name: value for name, value in row.facts.items() if name in may_say.get(row.roster.org, ())}
        for name, value in facts_of(said, types).items():
            origins.setdefault(row.subject, {}).setdefault(name, _roster_words(catalogue, row.roster))
            if known.setdefault(name, value) != value and name not in torn.setdefault(row.subject, []):
                torn[row.subject].append(name)
    for subject, names in torn.items():
        for name in names:
            facts[subject][name] = None
    return Everybody(facts, {subject: names for subject, names in torn.items() if names}, origins)


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
        name: pa.array([found.facts[subject].get(name) for subject in subjects], _arrow(column))
        for name, column in columns.items()
    }
    return pa.table({"id": pa.array(subjects, pa.string()), **given}), columns


def _arrow(column: Column) -> Any:
    plain = {Kind.BOOLEAN: pa.bool_(), Kind.DATE: pa.date32(), Kind.STRING: pa.string()}
    return plain.get(column.type.kind) or pa.decimal128(column.digits, column.scale)
