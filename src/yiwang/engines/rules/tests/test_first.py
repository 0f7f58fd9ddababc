# SPDX-License-Identifier: Apache-2.0
"""The example of the brief, all the way."""

from __future__ import annotations

from decimal import Decimal

from yiwang.engines import rules

RULE = rules.parse("经营面积 >= 200 and 是否设招牌 = true")


def test_the_rule_speaks_chinese() -> None:
    assert rules.words(RULE) == "经营面积不小于200且设招牌"


def test_a_near_miss_says_by_how_much() -> None:
    told = rules.explain(RULE, {"经营面积": 150})
    assert told.outcome is False
    assert told.decisive[0].missed_by == Decimal(50)
    assert told.unknown_names == ()


def test_an_open_rule_names_what_may_still_decide() -> None:
    told = rules.explain(RULE, {"经营面积": 250})
    assert told.outcome is None
    assert told.unknown_names == ("是否设招牌",)
