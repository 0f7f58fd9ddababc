# SPDX-License-Identifier: Apache-2.0
"""A document of an earlier case stands where nobody must see the original, and nobody chose otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from yiwang.engines.evidence import Answer, Asked, FactsProvider, Look, ProviderKind, Resolver, Standing
from yiwang.engines.planning import MaterialLine, Supply, plan
from yiwang.engines.planning.inquiry import from_facts
from yiwang.engines.planning.model import NO_FACTS

from .town import CALENDAR, MONDAY, event, item, material, town


def line(*needs: object, own_way: frozenset[str] = frozenset()) -> tuple[MaterialLine, list[Look]]:
    """How `rules` comes when it is kept from an earlier case, asked for by one item per need; the looks."""
    items = [item(f"item-{n}", f"事项{n}", needs=[need]) for n, need in enumerate(needs)]
    city = town(
        material("rules", "制度"), *items, event("open", "开店", [one.id for one in items], questions=[])
    )
    known = from_facts(city, NO_FACTS, MONDAY)
    answer = Answer(
        ProviderKind.E_MATERIAL,
        Standing.VALID,
        source="以前的申请",
        basis="某规定",
        obtained_at=known.context.at,
        evidence="em_1",
    )
    key = known.key(Asked.MATERIAL, city.materials["rules"])
    kept = FactsProvider(ProviderKind.E_MATERIAL, {key: (("", answer),)}, "电子材料库")
    looks: list[Look] = []
    inquiry = replace(known, resolver=Resolver([kept], looks.append), own_way=own_way)
    made = plan(city, "open", {}, start=MONDAY, calendar=CALENDAR, resolver=inquiry)
    (found,) = made.materials.lines
    return found, looks


def test_it_stands_and_says_so() -> None:
    found, looks = line("rules")
    assert found.resolution is Supply.E_MATERIAL
    assert "免交" in found.reason
    assert [look.evidence for look in looks] == ["em_1"]


@pytest.mark.parametrize(
    "needs",
    [
        [{"material": "rules", "paper_original": True}],
        ["rules", {"material": "rules", "paper_original": True}],
    ],
)
def test_where_one_item_must_see_the_original_nobody_looks(needs: list[object]) -> None:
    found, looks = line(*needs)
    assert (found.resolution, looks) == (Supply.APPLICANT, [])


def test_whoever_hands_it_in_themselves_is_not_looked_up() -> None:
    found, looks = line("rules", own_way=frozenset({"rules"}))
    assert (found.resolution, looks) == (Supply.APPLICANT, [])
