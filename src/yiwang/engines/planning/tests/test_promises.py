# SPDX-License-Identifier: Apache-2.0
"""No life event may promise less time than its own items need."""

from __future__ import annotations

from typing import Any

import pytest

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Duration
from yiwang.engines.planning.promises import promise_problems

from .town import CALENDAR, LAW, days, element, event, item, material, town


def firm(promise: Duration | None, **member: Any) -> Catalogue:
    """Three items, the second after the first, the third apart; the second as `member` says."""
    return town(
        element("yes", "是否甲", "boolean"),
        material("licence", "执照", "licence"),
        item("one", "甲", gives=["licence"], limit=days(2)),
        item("two", "乙", needs=["licence"], limit=days("2.5")),
        item("three", "丙", limit=days(4)),
        event("whole", "某事", ["one", {"item": "two", **member}, "three"], promised_limit=promise),
    )


@pytest.mark.parametrize("promise", [None, days("4.5"), days(9), days(7, "calendar")])
def test_a_possible_promise_is_no_problem(promise: Duration | None) -> None:
    catalogue = firm(promise)
    if promise is not None and promise.unit == "calendar":
        catalogue = firm(days(20, "calendar"))
    assert promise_problems(catalogue, CALENDAR) == ()


def test_a_promise_shorter_than_the_longest_chain_is_told() -> None:
    (problem,) = promise_problems(firm(days(4)), CALENDAR)
    assert problem.life_event == "whole"
    assert problem.chain == ("one", "two")
    assert "甲（2个工作日）→乙（2.5个工作日）" in problem.what


def test_a_promise_in_calendar_days_must_hold_over_the_holidays() -> None:
    (problem,) = promise_problems(firm(days(7, "calendar")), CALENDAR)
    assert problem.chain == ("one", "two")


@pytest.mark.parametrize("member", [{"when": "是否甲"}, {"optional": True}])
def test_only_what_always_applies_counts(member: dict[str, Any]) -> None:
    assert promise_problems(firm(days(4), **member), CALENDAR) == ()


def test_what_the_law_binds_counts_too() -> None:
    member = {"optional": True, "bound_with": ["one"], "bound_cite": LAW}
    assert [one.chain for one in promise_problems(firm(days(4), **member), CALENDAR)] == [("one", "two")]


def test_items_in_a_circle_are_told() -> None:
    catalogue = town(
        item("one", "甲", after=["two"]),
        item("two", "乙", after=["one"]),
        event("whole", "某事", ["one", "two"]),
    )
    (problem,) = promise_problems(catalogue, CALENDAR)
    assert problem.chain == ("one", "two")
