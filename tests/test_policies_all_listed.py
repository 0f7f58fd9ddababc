# SPDX-License-Identifier: Apache-2.0
"""The page that says which rule of the gazettes is which policy, and the definitions, hold together; every
bound written in a rule has an example at it and one beyond it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from yiwang.engines import house
from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.checks import FOLDER
from yiwang.engines.benefits.rules import condition_of
from yiwang.engines.definitions import Catalogue
from yiwang.engines.rules import nodes

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/guides/policies.md"
_ROW = re.compile(r"\| L(\d+) \| (.+?) \| (有|无) \| (可算|指引|在别处|不列) \| (.+) \|")
_NAMES = re.compile(r"`([^`]+)`")
_TEST = re.compile(
    r"(?P<op><=|>=|<|>)\s*(?P<at>[\d.]+)|(?P<open>[\[(])(?P<low>[\d.]+)\.\.(?P<high>[\d.]+)(?P<shut>[\])])"
)
_RANGE = re.compile(r"L(\d+)(?:[–—-](?:L)?(\d+))?")


@dataclass(frozen=True)
class Row:
    """One rule of a gazette: where it is written, how it is listed, what the last cell names."""

    docs: tuple[str, ...]
    line: int
    says: str
    listed: str
    where: str

    @property
    def names(self) -> list[str]:
        """What stands between backticks."""
        return _NAMES.findall(self.where)


def _rows() -> Iterator[Row]:
    docs: tuple[str, ...] = ()
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("### "):
            docs = tuple(_NAMES.findall(line))
        elif line.startswith("| L"):
            cells = _ROW.fullmatch(line)
            assert cells, f"cannot be read: {line}"
            yield Row(docs, int(cells[1]), cells[2], cells[4], cells[5])


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return house.load()


@pytest.fixture(scope="module")
def policies(catalogue: Catalogue) -> Mapping[str, Policy]:
    return catalogue.others[FOLDER]  # type: ignore[return-value]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list(_rows())


def test_every_policy_is_on_the_page_once(policies: Mapping[str, Policy], rows: list[Row]) -> None:
    told = [name for row in rows if row.listed in ("可算", "指引") for name in row.names]
    assert sorted(told) == sorted(policies)


def test_a_row_says_of_its_policy_what_the_definition_says(
    policies: Mapping[str, Policy], rows: list[Row]
) -> None:
    for row in rows:
        for name in row.names if row.listed in ("可算", "指引") else ():
            policy = policies[name]
            assert (row.listed == "可算") == (policy.when is not None), row
            assert policy.cite.doc in row.docs, row
            assert _covers(policy.cite.at, row.line), (row, policy.cite.at)


def _covers(at: str, line: int) -> bool:
    spans = [(int(a), int(b or a)) for a, b in _RANGE.findall(at)]
    return any(first - 5 <= line <= last for first, last in spans)


def test_what_is_elsewhere_is_there_and_what_is_not_listed_says_why(
    policies: Mapping[str, Policy], rows: list[Row]
) -> None:
    for row in rows:
        if row.listed == "在别处":
            assert row.names, row
            fields = set(Policy.model_fields)
            assert all(n in policies or n in fields or (ROOT / n).is_file() for n in row.names), row
        assert row.listed != "不列" or len(row.where) >= 4, row


def test_the_documents_are_sources(catalogue: Catalogue, rows: list[Row]) -> None:
    assert {doc for row in rows for doc in row.docs} <= set(catalogue.sources)


def _bounds(policy: Policy) -> Iterator[tuple[str, str, Decimal]]:
    """(name, comparison, number): what the condition and the scale compare with a written number."""
    condition = condition_of(policy)
    for node in nodes.walk(condition) if condition is not None else ():
        match node:
            case nodes.Compare(
                left=nodes.Name(path=name), op=op, right=nodes.Literal(value=Decimal() as bound)
            ):
                yield name, op, bound
    tiers = policy.money.tiers if policy.money else None
    if tiers is None:
        return
    for row in tiers.rows:
        test = _TEST.fullmatch(row.test)
        assert test, f"{policy.id}: {row.test}"
        if test["op"]:
            yield tiers.of, test["op"], Decimal(test["at"])
        else:
            yield tiers.of, ">=" if test["open"] == "[" else ">", Decimal(test["low"])
            yield tiers.of, "<=" if test["shut"] == "]" else "<", Decimal(test["high"])


def test_every_bound_has_an_example_at_it_and_one_on_the_other_side(policies: Mapping[str, Policy]) -> None:
    beyond = {
        ">=": Decimal.__lt__, "<": Decimal.__lt__, ">": Decimal.__gt__, "<=": Decimal.__gt__,
        "=": Decimal.__ne__, "!=": Decimal.__ne__,
    }  # fmt: skip
    missing = []
    for policy in policies.values():
        for name, comparison, bound in set(_bounds(policy)):
            given = {Decimal(str(one.facts[name])) for one in policy.examples if name in one.facts}
            if bound not in given or not any(beyond[comparison](one, bound) for one in given):
                missing.append(f"{policy.id}: {name} {comparison} {bound}")
    assert missing == []
