# SPDX-License-Identifier: Apache-2.0
"""Every policy of the house, for everybody at once, says of each what it says of that one alone.

`python -m benchmarks.agreement` asks the same of 100,000 subjects, on every engine.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

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

ROWS = 100


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
