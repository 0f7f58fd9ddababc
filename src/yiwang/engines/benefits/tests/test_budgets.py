# SPDX-License-Identifier: Apache-2.0
"""A limited sum: never above it, in order, to the fen."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from yiwang.engines.benefits.budgets import Ask, in_order, serve
from yiwang.engines.benefits.settlement_kinds import Budget, Short

NOON = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)
fen = st.integers(1, 10**9)
asks = st.lists(st.tuples(fen, st.integers(0, 5), st.integers(-2, 2)), max_size=12).map(
    lambda drawn: [
        Ask(f"a{at}", one, NOON + dt.timedelta(days=day), Decimal(rank))
        for at, (one, day, rank) in enumerate(drawn)
    ]
)
left = st.integers(-5, 4 * 10**9)


@given(asks, left)
def test_in_order_until_it_is_used_up(queue: list[Ask], there: int) -> None:
    served = serve(reversed(queue), there, Short.QUEUE)
    wanted = {one.key: one.fen for one in queue}
    assert all(wanted[key] == given for key, given in served.given.items()), "whole amounts"
    assert sum(served.given.values()) + served.left == max(0, there)
    assert served.left >= 0
    assert [*served.given, *served.waits] == [one.key for one in in_order(queue)], "nobody overtakes"
    if served.waits:
        assert wanted[served.waits[0]] > served.left, "whoever waits first could not be paid"


@given(asks, left)
def test_by_the_same_share(queue: list[Ask], there: int) -> None:
    served = serve(queue, there, Short.SHARE)
    whole, given_fen = sum(one.fen for one in queue), sum(served.given.values())
    assert served.waits == ()
    assert given_fen == min(whole, max(0, there)), "to the last fen, and not one more"
    for one in queue:
        exact = Decimal(one.fen) * min(max(0, there), whole) / whole
        assert abs(served.given[one.key] - exact) < 1


@given(asks, left, st.sampled_from(Short))
def test_the_order_of_asking_does_not_matter(queue: list[Ask], there: int, short: Short) -> None:
    assert serve(queue, there, short) == serve(queue[::-1], there, short)


def test_ranks_before_days_before_keys() -> None:
    late = NOON + dt.timedelta(days=1)
    found = in_order([Ask("c", 1, NOON), Ask("b", 1, NOON), Ask("a", 1, late), Ask("z", 1, late, Decimal(1))])
    assert [one.key for one in found] == ["z", "b", "c", "a"]
    with pytest.raises(ValueError, match="至少是一分"):
        serve([Ask("a", 0, NOON)], 5, Short.QUEUE)


def test_a_share_needs_its_day_and_an_order_has_none() -> None:
    base = {"yuan": 100, "order": "按先后", "cite": {"doc": "setting", "at": "试"}}
    assert Budget.model_validate(base | {"short": "share", "closes": "11-30"}).closing_day(2026) == dt.date(
        2026, 11, 30
    )
    assert Budget.model_validate(base).closing_day(2026) is None
    for wrong in ({"short": "share"}, {"closes": "11-30"}, {"short": "share", "closes": "02-30"}):
        with pytest.raises(ValidationError):
            Budget.model_validate(base | wrong)
