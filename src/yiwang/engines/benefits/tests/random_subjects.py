# SPDX-License-Identifier: Apache-2.0
"""Random people and firms for whom policies are hard: facts at, just below and just above every bound."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from yiwang.engines.benefits import Entitlement, Policy, Standing, calculate_all, facts_needed
from yiwang.engines.benefits.population import YIELDS, columns_of
from yiwang.engines.benefits.rules import amount_of, condition_of
from yiwang.engines.definitions import Catalogue
from yiwang.engines.rules import nodes
from yiwang.engines.rules.population import Column
from yiwang.engines.rules.types import Kind

Facts = dict[str, Any]
_ARROW = {Kind.BOOLEAN: pa.bool_(), Kind.DATE: pa.date32(), Kind.STRING: pa.string()}


@dataclass(frozen=True)
class Crowd:
    """Subjects and the columns of a table of them. Subject number n is always the same one."""

    policies: Sequence[Policy]
    columns: Mapping[str, Column]
    limits: Sequence[Decimal]

    def subject(self, number: int) -> Facts:
        """What is known of one: now and then something is not."""
        dice = random.Random(number)
        return {
            name: _value(column, self.limits, dice)
            for name, column in self.columns.items()
            if dice.random() > 0.1
        }

    def table(self, subjects: Sequence[Facts], first: int = 0) -> pa.Table:
        """The subjects as a table; `id` is their number, counted from `first`."""
        given = {
            name: pa.array([facts.get(name) for facts in subjects], _arrow(column))
            for name, column in self.columns.items()
        }
        return pa.table({"id": list(range(first, first + len(subjects))), **given})


def crowd_of(catalogue: Catalogue, policies: Sequence[Policy]) -> Crowd:
    """Subjects for these policies; facts that are lists are left out, as no table holds them."""
    known = columns_of(catalogue)
    columns = {name: known[name] for name in facts_needed(policies)}
    plain = {name: column for name, column in columns.items() if column.type.kind is not Kind.LIST}
    return Crowd(policies, plain, _limits(policies))


def _limits(policies: Iterable[Policy]) -> list[Decimal]:
    """Every number written in a rule: values at, just below and just above them are the hard ones."""
    rules = [rule for each in policies for rule in (condition_of(each), amount_of(each)) if rule is not None]
    return sorted(
        {
            node.value
            for rule in rules
            for node in nodes.walk(rule)
            if isinstance(node, nodes.Literal) and isinstance(node.value, Decimal)
        }
    )


def _value(column: Column, limits: Sequence[Decimal], dice: random.Random) -> Any:
    kind = column.type.kind
    if kind is Kind.BOOLEAN:
        return dice.random() < 0.7
    if kind is Kind.DATE:
        return dt.date(2015, 1, 1) + dt.timedelta(dice.randint(0, 4000))
    if column.type.choices:
        return dice.choice(column.type.choices)
    if kind is Kind.NUMBER:
        step = Decimal(1).scaleb(-column.scale)
        near = dice.choice(limits) + dice.choice([-1, 0, 0, 1]) * step
        far = Decimal(dice.randint(0, 10**10)) * step
        return min(column.span.high, max(Decimal(0), dice.choice([near, far])).quantize(step))
    return dice.choice(["甲", "乙"])


def _arrow(column: Column) -> Any:
    return _ARROW.get(column.type.kind) or pa.decimal128(column.digits, column.scale)


def alone(policies: Sequence[Policy], facts: Facts, day: dt.date) -> dict[str, Entitlement]:
    """What the calculator says of one subject, by policy."""
    return {each.policy.id: each for each in calculate_all(policies, facts, day)}


def disagreements(
    policies: Iterable[Policy], row: Mapping[str, Any], found: Mapping[str, Entitlement]
) -> list[str]:
    """Where a row of the matching says something else than the calculator said of that subject."""
    wrong = []
    for policy in policies:
        one, reason = found[policy.id], row[f"{policy.id}.reason"]
        said = {Standing.FITS: reason == 0, Standing.NOT: 0 < reason < YIELDS, Standing.OPEN: reason < 0}
        if not said.get(one.standing, reason == YIELDS):
            wrong.append(f"{policy.id}: {one.standing} alone, reason {reason} among all")
        elif (
            policy.money is not None and one.standing is Standing.FITS and row[f"{policy.id}.fen"] != one.fen
        ):
            wrong.append(f"{policy.id}: {one.fen} fen alone, {row[f'{policy.id}.fen']} among all")
    return wrong
