# SPDX-License-Identifier: Apache-2.0
"""Every policy of the house, for everybody at once, says of each what it says of that one alone."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest

from yiwang.engines import house
from yiwang.engines.benefits import Policy, Standing, calculate_all, facts_needed
from yiwang.engines.benefits.checks import FOLDER
from yiwang.engines.benefits.population import YIELDS, columns_of, match
from yiwang.engines.definitions import Catalogue
from yiwang.engines.rules import names, nodes
from yiwang.engines.rules.population import Column
from yiwang.engines.rules.types import Kind

ROWS = 150


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return house.load()


@pytest.fixture(scope="module")
def policies(catalogue: Catalogue) -> list[Policy]:
    return list(catalogue.others[FOLDER].values())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def columns(catalogue: Catalogue, policies: list[Policy]) -> dict[str, Column]:
    known = columns_of(catalogue)
    return {name: known[name] for name in facts_needed(policies)}


def limits_of(policies: list[Policy]) -> list[Decimal]:
    """Every number written in a rule: values at, just below and just above them are the hard ones."""
    from yiwang.engines.benefits.rules import amount_of, condition_of

    rules = [rule for each in policies for rule in (condition_of(each), amount_of(each)) if rule is not None]
    found = {
        node.value
        for rule in rules
        for node in nodes.walk(rule)
        if isinstance(node, nodes.Literal) and isinstance(node.value, Decimal)
    }
    assert names(rules[0])
    return sorted(found)


def value_of(column: Column, limits: list[Decimal], dice: random.Random) -> Any:
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
        return max(Decimal(0), dice.choice([near, far])).quantize(step)
    return dice.choice(["甲", "乙"])


def arrow_type(column: Column) -> Any:
    kinds = {Kind.BOOLEAN: pa.bool_(), Kind.DATE: pa.date32(), Kind.STRING: pa.string()}
    return kinds.get(column.type.kind) or pa.decimal128(column.digits, column.scale)


def subjects(columns: dict[str, Column], policies: list[Policy]) -> list[dict[str, Any]]:
    dice, limits = random.Random(60), limits_of(policies)
    plain = {name: column for name, column in columns.items() if column.type.kind is not Kind.LIST}
    return [
        {name: value_of(column, limits, dice) for name, column in plain.items() if dice.random() > 0.1}
        for _ in range(ROWS)
    ]


@pytest.mark.parametrize("day", [dt.date(2023, 5, 4), dt.date(2026, 5, 4)])
def test_one_and_all_agree(policies: list[Policy], columns: dict[str, Column], day: dt.date) -> None:
    people = subjects(columns, policies)
    given = {
        name: pa.array([facts.get(name) for facts in people], arrow_type(column))
        for name, column in columns.items()
        if column.type.kind is not Kind.LIST
    }
    matching = match(policies, ibis.memtable(pa.table({"id": list(range(ROWS)), **given})), columns, on=day)
    assert matching.left_out == {}, "a policy that cannot be run for everybody should be written otherwise"
    rows = ibis.duckdb.connect().to_pyarrow(matching.query.order_by("id")).to_pylist()
    for row, facts in zip(rows, people, strict=True):
        alone = {each.policy.id: each for each in calculate_all(policies, facts, day)}
        for policy in matching.policies:
            found, reason = alone[policy.id], row[f"{policy.id}.reason"]
            said = {Standing.FITS: reason == 0, Standing.NOT: 0 < reason < YIELDS, Standing.OPEN: reason < 0}
            assert said.get(found.standing, reason == YIELDS), (policy.id, facts, found.standing, reason)
            if policy.money is not None and found.standing is Standing.FITS:
                assert row[f"{policy.id}.fen"] == found.fen, (policy.id, facts)


def test_a_missing_column_leaves_a_policy_out_by_name(
    policies: list[Policy], columns: dict[str, Column]
) -> None:
    table = ibis.memtable(pa.table({"id": [1]}))
    day = max(policy.valid_from for policy in policies if policy.valid_from is not None)
    matching = match(policies, table, columns, on=day)
    assert matching.policies == ()
    assert all("没有" in words for words in matching.left_out.values())
