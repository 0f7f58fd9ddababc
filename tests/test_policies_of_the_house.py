# SPDX-License-Identifier: Apache-2.0
"""Every policy of the house, for everybody at once, says of each what it says of that one alone.

`python -m benchmarks.agreement` asks the same of 100,000 subjects, on every engine.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest
from pydantic import BaseModel

from support.city import definitions
from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.checks import FOLDER
from yiwang.engines.benefits.population import columns_of, match
from yiwang.engines.benefits.tests.random_subjects import Crowd, alone, crowd_of, disagreements
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.definitions.kinds import Citation
from yiwang.engines.rules.types import Kind

ROWS = 100
DAY = dt.date(2023, 5, 4)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return definitions()


@pytest.fixture(scope="module")
def policies(catalogue: Catalogue) -> list[Policy]:
    return list(catalogue.others[FOLDER].values())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def crowd(catalogue: Catalogue, policies: list[Policy]) -> Crowd:
    return crowd_of(catalogue, policies)


@pytest.mark.parametrize("day", [dt.date(2020, 12, 28), dt.date(2022, 11, 4)])
def test_one_and_all_agree(crowd: Crowd, policies: list[Policy], day: dt.date) -> None:
    people = [crowd.subject(number) for number in range(ROWS)]
    matching = match(policies, ibis.memtable(crowd.table(people)), crowd.columns, on=day)
    assert matching.left_out == {}, "a policy that cannot be run for everybody should be written otherwise"
    rows = ibis.duckdb.connect().to_pyarrow(matching.query.order_by("id")).to_pylist()
    for row, facts in zip(rows, people, strict=True):
        assert disagreements(matching.policies, row, alone(policies, facts, day)) == [], facts


@pytest.fixture(scope="module")
def always(policies: list[Policy]) -> list[Policy]:
    """Every computed policy, as if in force."""
    return [
        one.model_copy(update={"valid_from": None, "valid_to": None})
        for one in policies
        if one.when is not None
    ]


def test_the_largest_facts_that_columns_hold_overflow_nothing(crowd: Crowd, always: list[Policy]) -> None:
    def largest(number: int) -> Mapping[str, Any]:
        dice, facts = random.Random(number), crowd.subject(number)
        numbers = [name for name, column in crowd.columns.items() if column.type.kind is Kind.NUMBER]
        return facts | {name: crowd.columns[name].span.high for name in numbers if dice.random() < 0.7}

    people = [dict(largest(number)) for number in range(ROWS)]
    matching = match(always, ibis.memtable(crowd.table(people)), crowd.columns, on=DAY)
    rows = ibis.duckdb.connect().to_pyarrow(matching.query.order_by("id")).to_pylist()
    for row, facts in zip(rows, people, strict=True):
        assert disagreements(matching.policies, row, alone(always, facts, DAY)) == [], facts


def test_fewer_than_none_is_not_known_and_holds_up_nobody(crowd: Crowd, always: list[Policy]) -> None:
    """The amount of this policy is reckoned within a machine word because neither fact can be below zero."""
    policy = next(one for one in always if one.id == "first-set-premium-province")
    insured = {"是否已投保的首台套产品": True, "首台套保险金额": crowd.columns["首台套保险金额"].span.high}
    people = [
        insured | {"首台套保险费": value}
        for value in (Decimal(1000), -crowd.columns["首台套保险费"].span.high)
    ]
    matching = match([policy], ibis.memtable(crowd.table(people)), crowd.columns, on=DAY)
    right, wrong = ibis.duckdb.connect().to_pyarrow(matching.query.order_by("id")).to_pylist()
    assert (right[f"{policy.id}.reason"], right[f"{policy.id}.fen"]) == (0, 80_000)
    assert (wrong[f"{policy.id}.reason"], wrong[f"{policy.id}.fen"]) == (-2, None)


def test_no_page_is_given_a_line_of_our_text_of_the_gazette(catalogue: Catalogue) -> None:
    """Who reads a policy, a guide or a refusal reads the paper gazette: lines stay in `at`."""

    def shown(one: object) -> Iterator[str]:
        if isinstance(one, Citation):
            yield cite_words(catalogue, one)
        elif isinstance(one, BaseModel):
            yield from (word for key in type(one).model_fields for word in shown(getattr(one, key)))
        elif isinstance(one, Mapping | list | tuple):
            values = one.values() if isinstance(one, Mapping) else one
            yield from (word for value in values for word in shown(value))
        elif isinstance(one, str):
            yield one

    read = (
        catalogue.items,
        catalogue.materials,
        catalogue.life_events,
        catalogue.others[FOLDER],
        catalogue.others["credit"],
    )
    assert [word for part in read for word in shown(part) if re.search(r"L\d{2}", word)] == []


def test_a_missing_column_leaves_a_policy_out_by_name(catalogue: Catalogue, policies: list[Policy]) -> None:
    table = ibis.memtable(pa.table({"id": [1]}))
    day = max(policy.valid_from for policy in policies if policy.valid_from is not None)
    matching = match(policies, table, columns_of(catalogue), on=day)
    assert matching.policies == ()
    assert all("没有" in words for words in matching.left_out.values())
