# SPDX-License-Identifier: Apache-2.0
"""Examples on both sides of every bound: what is missing is named, one by one."""

from __future__ import annotations

import pytest

from yiwang.engines.benefits.bounds import not_shown
from yiwang.engines.benefits.kinds import Policy
from yiwang.engines.rules import BOOLEAN, NUMBER, STRING

TYPES = {"面积": NUMBER, "投资": NUMBER, "级别": STRING, "在本市": BOOLEAN}
WHEN = '在本市 and 级别 = "省级" and 面积 >= 100'
MONEY = {
    "tiers": {
        "of": "投资",
        "rows": [{"test": "<= 500", "gives": "投资"}, {"test": "> 500", "gives": "投资 * 0.5"}],
    },
    "cap": {"most": "400", "cite": {"doc": "x", "at": "一"}},
}
AT, BELOW = {"面积": 100, "投资": 500}, {"面积": "99.9", "投资": "500.01"}


def policy(*given: dict[str, object], when: str = WHEN) -> Policy:
    examples = [{"says": f"例{n}", "facts": facts, "gives": 0} for n, facts in enumerate(given)]
    return Policy.model_validate(
        {
            "id": "p", "name": "政策", "to": "firm", "views": ["惠企"], "field": "甲", "support": "乙",
            "departments": ["x"], "brings": "给", "when": when, "money": MONEY,
            "cite": {"doc": "x", "at": "一"}, "examples": examples,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((AT, BELOW), []),
        ((AT, {"投资": "500.01"}, {"投资": 300}), ["面积"]),
        ((BELOW, {"面积": 100, "投资": 600}, {"投资": 300}), ["投资"]),
        ((AT, {"面积": "99.9", "投资": 900}), ["400"]),
        (({"级别": "省级", "在本市": True},), ["面积", "投资", "400"]),
    ],
)
def test_what_is_missing_is_named(given: tuple[dict[str, object], ...], missing: list[str]) -> None:
    texts = [bound.text for bound in not_shown(policy(*given), TYPES)]
    assert all(any(word in text for text in texts) for word in missing), texts
    assert bool(texts) == bool(missing), texts


def test_a_bound_that_is_worked_out_is_a_bound() -> None:
    rule = "面积 <= 投资 + 3"
    short = policy({"面积": 5, "投资": 1}, when=rule)
    assert any("面积" in bound.text for bound in not_shown(short, TYPES))
    enough = policy({"面积": 4, "投资": 1}, {"面积": 5, "投资": 1}, when=rule)
    assert not any("面积" in bound.text for bound in not_shown(enough, TYPES))
