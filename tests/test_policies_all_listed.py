# SPDX-License-Identifier: Apache-2.0
"""The page that says which rule of the gazettes is which policy, and the definitions, hold together; every
bound written in a rule has an example at it and one beyond it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.city import definitions
from yiwang.engines import house
from yiwang.engines.benefits import Policy, facts_needed
from yiwang.engines.benefits.bounds import not_shown
from yiwang.engines.benefits.checks import FOLDER
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.engines.planning import NotEligible, plan
from yiwang.engines.planning.conditions import Judge
from yiwang.engines.planning.selection import check_eligibility
from yiwang.engines.rules.values import Value

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/guides/policies.md"
_ROW = re.compile(r"\| L(\d+) \| (.+?) \| (有|无) \| (可算|指引|在别处|不列) \| (.+) \|")
_NAMES = re.compile(r"`([^`]+)`")
_BY_HAND = re.compile(r'AS "([^"]+[.](?:reason|fen))"')
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
    return definitions()


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


def test_the_page_names_the_policies_whose_clause_was_not_written_down_word_by_word(
    policies: Mapping[str, Policy],
) -> None:
    _, _, told = PAGE.read_text(encoding="utf-8").partition("## 没有摘录原文的")
    without = {one.id for one in policies.values() if one.when is not None and not one.cite.quote}
    assert set(_NAMES.findall(told)) == without


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


ALWAYS_CAPPED = {"logistics-gap-filling-subsidy"}
"""Whoever fits is beyond the cap already (the source is so): there is no example below it."""


def test_every_bound_has_an_example_at_it_and_one_on_the_other_side(
    catalogue: Catalogue, policies: Mapping[str, Policy]
) -> None:
    types = rule_types(catalogue)
    missing = {
        policy.id: [bound.text for bound in found]
        for policy in policies.values()
        if policy.id not in ALWAYS_CAPPED and (found := not_shown(policy, types))
    }
    assert missing == {}


def test_every_outcome_has_an_example(policies: Mapping[str, Policy]) -> None:
    for policy in policies.values():
        gets = {one.gives != 0 if one.fits is None else one.fits for one in policy.examples if not one.needs}
        assert policy.when is None or gets == {True, False}, f"{policy.id}: who gets it, and who does not"


def test_an_errand_takes_claims_as_long_as_the_policy_does(
    catalogue: Catalogue, policies: Mapping[str, Policy]
) -> None:
    event, one_day = catalogue.life_events["policy-funds"], dt.timedelta(days=1)

    def taken(policy: Policy, *, met: dt.date, handed_in: dt.date) -> bool:
        answers: dict[str, Value] = {"claimed-policy": policy.name, "claimed-event-on": met}
        try:
            check_eligibility(event, Judge(catalogue, answers), handed_in)
        except NotEligible:
            return False
        return True

    for policy in policies.values():
        if policy.item != "policy-fund-claim" or policy.valid_from is None:
            continue
        last = policy.valid_to or dt.date(2030, 12, 31)
        until = policy.late_claims.until if policy.late_claims else last
        assert taken(policy, met=last, handed_in=until), policy.id
        if policy.valid_to is not None:
            assert not taken(policy, met=last, handed_in=until + one_day), policy.id
            assert not taken(policy, met=last + one_day, handed_in=until), policy.id
            assert not taken(policy, met=policy.valid_from - one_day, handed_in=until), policy.id


def test_the_item_of_a_policy_asks_what_its_rules_need(
    catalogue: Catalogue, policies: Mapping[str, Policy]
) -> None:
    calendar, claimed = house.calendar_of(catalogue), 0
    for policy in policies.values():
        if policy.item != "policy-fund-claim":
            continue
        day = policy.valid_to or dt.date(2026, 11, 20)
        answers: dict[str, Value] = {"claimed-policy": policy.name, "claimed-event-on": day}
        made = plan(catalogue, "policy-funds", answers, start=day, calendar=calendar)
        asked = {catalogue.elements[one.element].name for one in made.form.fields}
        assert set(facts_needed([policy])) <= asked, policy.id
        papers = {line.material for line in made.materials.lines}
        assert ("charging-acceptance-opinion" in papers) == (policy.field == "充电设施"), policy.id
        claimed += 1
    assert claimed > 10


def test_every_computed_policy_is_followed_by_hand_too() -> None:
    """`python -m benchmarks.benefits_all` holds what we compute against SQL that somebody wrote by hand."""
    policies: list[Policy] = list(definitions().others[FOLDER].values())  # type: ignore[arg-type]
    answers = {
        f"{each.id}.{what}"
        for each in policies
        if each.when is not None
        for what in ("reason", *(["fen"] if each.money else []))
    }
    written = set(_BY_HAND.findall((ROOT / "benchmarks/by_hand_all.sql").read_text(encoding="utf-8")))
    assert sorted(answers - written) == [], "computed, but not in by_hand_all.sql: read the source and add it"
    assert sorted(written - answers) == [], "in by_hand_all.sql, but not computed any more"
