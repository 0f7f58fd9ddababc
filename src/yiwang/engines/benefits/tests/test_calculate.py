# SPDX-License-Identifier: Apache-2.0
"""What one subject is owed: reasons, bounds, what is not known, what is over, what is not added up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from yiwang.engines.benefits import Policy, Standing, calculate, calculate_all, facts_needed, next_questions

DAY = dt.date(2023, 5, 4)
CITE = {"doc": "zhu-zheng-2022-60", "at": "L271"}


def policy(key: str = "grant", **changes: Any) -> Policy:
    """A grant of 30 per cent of an investment above 50, at most 500."""
    money = {"rule": "投资额 * 0.3", "cap": {"most": "500", "cite": CITE}}
    given: dict[str, Any] = {
        "id": key, "name": "补助", "to": "firm", "views": ["惠企"], "field": "物流", "support": "资金奖补",
        "departments": ["finance"], "brings": "补助三成", "when": "投资额 > 50", "money": money, "cite": CITE,
        "valid_from": dt.date(2022, 10, 18), "valid_to": dt.date(2025, 12, 31),
        "examples": [{"says": "例", "facts": {}, "needs": ["投资额"]}],
    }  # fmt: skip
    return Policy.model_validate(given | changes)


def test_it_is_given_to_the_fen_and_capped() -> None:
    assert calculate(policy(), {"投资额": Decimal("50.01")}, DAY).fen == 1500  # 15.003 yuan
    assert calculate(policy(), {"投资额": Decimal(100_000)}, DAY).fen == 50_000


def test_a_no_says_by_how_much() -> None:
    found = calculate(policy(), {"投资额": Decimal(30)}, DAY)
    assert (found.standing, found.fen) == (Standing.NOT, None)
    assert found.why is not None
    assert "差20" in found.why.text


def test_what_nobody_has_given_is_never_a_no() -> None:
    found = calculate(policy(), {}, DAY)
    assert (found.standing, found.needs) == (Standing.OPEN, ("投资额",))


def test_who_fits_but_whose_amount_hangs_on_a_fact_is_open() -> None:
    found = calculate(policy(when="行业 = true"), {"行业": True}, DAY)
    assert (found.standing, found.needs) == (Standing.OPEN, ("投资额",))


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (dt.date(2022, 10, 17), Standing.NOT_YET),
        (dt.date(2022, 10, 18), Standing.FITS),
        (dt.date(2025, 12, 31), Standing.FITS),
        (dt.date(2026, 1, 1), Standing.EXPIRED),
    ],
)
def test_both_days_of_its_validity_count(day: dt.date, standing: Standing) -> None:
    assert calculate(policy(), {"投资额": Decimal(100)}, day).standing is standing


def test_a_policy_that_is_over_says_what_it_would_have_given() -> None:
    found = calculate(policy(), {"投资额": Decimal(100)}, dt.date(2026, 6, 1))
    assert found.fen is None
    assert found.then is not None
    assert found.then.fen == 3000


def test_of_a_group_only_the_highest_is_given() -> None:
    group = {"not_with": [{"group": "awards", "cite": CITE}]}
    low, high = policy("low", **group), policy("high", money={"rule": "投资额"}, **group)
    beside = policy("beside")
    found = calculate_all([low, high, beside], {"投资额": Decimal(100)}, DAY)
    assert [(each.policy.id, each.standing, each.yields_to) for each in found] == [
        ("low", Standing.YIELDS, "high"),
        ("high", Standing.FITS, ""),
        ("beside", Standing.FITS, ""),
    ]


def test_instalments_and_payers_add_up_to_the_fen() -> None:
    money = {
        "rule": "投资额",
        "instalments": [
            {"year": 1, "share": "0.4"},
            {"year": 2, "share": "0.3"},
            {"year": 3, "share": "0.3"},
        ],
        "payers": [{"who": "市财政", "share": "0.5"}, {"who": "区财政", "share": "0.5"}],
    }
    found = calculate(policy(money=money), {"投资额": Decimal("100.01")}, DAY)
    assert found.instalments() == ((1, 4000), (2, 3000), (3, 3001))
    assert found.payers() == (("市财政", 5000), ("区财政", 5001))


def test_a_scale_gives_nothing_outside_its_steps() -> None:
    tiers = {
        "of": "投资额",
        "rows": [{"test": "[100..200)", "gives": "10"}, {"test": ">= 200", "gives": "20"}],
    }
    scale = policy(when="投资额 > 0", money={"tiers": tiers})
    amounts = [calculate(scale, {"投资额": Decimal(x)}, DAY).fen for x in ("99.99", "100", "199.99", "200")]
    assert amounts == [0, 1000, 1000, 2000]
    assert calculate(scale, {"投资额": Decimal("99.99")}, DAY).standing is Standing.NOT


def test_the_next_question_is_the_one_most_policies_wait_for() -> None:
    policies = [policy("a"), policy("b", when="人数 > 3 and 投资额 > 5"), policy("c", when="人数 > 9")]
    assert next_questions(calculate_all(policies, {}, DAY)) == ("人数", "投资额")
    assert facts_needed(policies) == ("投资额", "人数")


def test_a_guide_is_never_computed() -> None:
    guide = policy(when=None, money=None, examples=[])
    assert calculate(guide, {}, DAY).standing is Standing.GUIDE


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"cite": None}, "cite"),
        ({"when": None}, "when"),
        ({"examples": []}, "examples"),
        ({"money": {}}, "只写一个"),
        ({"money": {"rule": "1", "payers": [{"who": "市", "share": "0.4"}]}}, "合计应为 1"),
    ],
)
def test_what_is_incomplete_does_not_load(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        policy(**changes)


def test_what_is_saved_is_computed_but_never_paid_out() -> None:
    money = {"rule": "投资额 * 0.3", "form": "saved"}
    assert calculate(policy(money=money), {"投资额": Decimal(100)}, DAY).fen == 3000
    with pytest.raises(ValidationError, match="没有分期和预算"):
        policy(money=money | {"instalments": [{"year": 1, "share": 1}]})
    with pytest.raises(ValidationError, match="直接减免"):
        policy(money=money, automatic={"roster": "名单", "cite": CITE})


def test_an_amount_that_cannot_be_right_waits_for_its_facts() -> None:
    found = calculate(policy(money={"rule": "投资额 * 0.3"}), {"投资额": Decimal(10) ** 16}, DAY)
    assert (found.standing, found.needs, found.fen) == (Standing.OPEN, ("投资额",), None)
