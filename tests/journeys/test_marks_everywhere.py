# SPDX-License-Identifier: Apache-2.0
"""「免」 is one answer, from the definitions and the published list, told alike wherever a guide is shown."""

from __future__ import annotations

import datetime as dt

import pytest

from support.city import definitions
from yiwang.engines import house
from yiwang.engines.definitions import Catalogue
from yiwang.engines.planning import Facts, Plan, plan
from yiwang.engines.planning.jsonform import to_json
from yiwang.engines.planning.render import render_page, render_text
from yiwang.engines.planning.waivers import free_words, reuse_words

DAY = dt.date(2026, 3, 2)
LISTED = {("food-licence", "business-licence"): 3}


@pytest.fixture(scope="module")
def city() -> Catalogue:
    """The repository's own definitions."""
    return definitions()


def made(city: Catalogue, facts: Facts) -> Plan:
    """The plan of somebody who opens a restaurant and of whom nothing is known."""
    choice = ["food-licence"]
    calendar = house.calendar_of(city)
    return plan(city, "open-restaurant", {}, start=DAY, calendar=calendar, facts=facts, choice=choice)


@pytest.mark.parametrize(
    ("material", "says"),
    [
        ("business-licence", "电子证照"),
        ("food-licence-application", "自动生成"),
        ("food-safety-rules", ""),
        ("kitchen-layout", ""),
        ("premises-use-proof", ""),
    ],
)
def test_what_the_definitions_say(city: Catalogue, material: str, says: str) -> None:
    words = free_words(city, "food-licence", material, waived={})
    assert (says in words) if says else words == ""


def test_what_may_be_used_again_is_said_without_a_mark(city: Catalogue) -> None:
    assert "365日内" in reuse_words(city, "food-safety-rules", on=DAY)
    assert reuse_words(city, "kitchen-layout", on=DAY) == ""


def test_the_published_list_says_more_and_keeps_the_paper_way(city: Catalogue) -> None:
    words = free_words(city, "food-licence", "business-licence", waived=LISTED)
    assert "第3批" in words
    assert "愿意交纸质的也可以" in words


def test_the_mark_stands_everywhere_at_once_and_changes_nothing(city: Catalogue) -> None:
    before, after = made(city, Facts()), made(city, Facts(waived=LISTED))
    line = {one.material: one for one in after.materials.lines}["business-licence"]
    assert "第3批" in line.free
    assert [one.resolution for one in before.materials.lines] == [
        one.resolution for one in after.materials.lines
    ]
    as_json = {one["id"]: one for one in to_json(after, city)["materials"]}
    for told in (render_text(after, city), render_page(after, city), as_json["business-licence"]["free"]):
        assert "第3批" in told
    assert "【免】营业执照" in render_text(after, city)
    assert "【免】营业执照" in render_page(after, city)


def test_a_document_is_marked_only_where_all_who_ask_mark_it(city: Catalogue) -> None:
    listed = {("sign-filing", "business-licence"): 3}
    line = {one.material: one for one in made(city, Facts(waived=listed)).materials.lines}
    assert "第3批" not in line["business-licence"].free
