# SPDX-License-Identifier: Apache-2.0
"""What is typed becomes a definition and comes back from it; what is hostile is told, in bounded time."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest

from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.condition_lines import composed_when, lines_of
from yiwang.engines.benefits.draft_checks import Draft, checked_draft
from yiwang.engines.benefits.drafting import MOST_ROWS, tidied, typed_of
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Element, Source

BUDGET = {"yuan": "100.5", "order": "按投资额", "cite": {"doc": "notice", "at": "第五条"}}
DAY = dt.date(2026, 11, 22)
CITE = {"doc": "notice", "at": "第三条"}


def policy(**changes: Any) -> Policy:
    return Policy.model_validate(
        {
            **{"id": "award", "name": "奖励", "to": "firm", "views": ["惠企"], "field": "科技"},
            **{"support": "奖补", "departments": ["science"], "brings": "一万元", "when": "投资额 > 100"},
            **{"money": {"rule": "投资额 * 0.1"}, "cite": CITE},
            "examples": [{"says": "多一元", "facts": {"投资额": 101}, "gives": "10.10"}],
            **changes,
        }
    )


def city() -> Catalogue:
    element = {"id": "invested", "name": "投资额", "type": "money", "subject": "firm", "question": "多少？"}
    source = {"id": "notice", "name": "通知", "kind": "gazette", "publisher": "市政府"}
    org: Any = policy()  # only its id is looked at
    return Catalogue(
        elements={"invested": Element.model_validate(element)},
        sources={"notice": Source.model_validate(source)},
        orgs={"science": org},
    )


def shown(facts: str, on: str, value: str) -> dict[str, str]:
    """An example as it is typed."""
    return {"says": "甲", "facts": facts, "on": on, "outcome": "gives", "value": value}


def drafted(**changes: Any) -> Draft:
    return checked_draft(tidied(typed_of(policy()) | changes), city(), today=DAY)


@pytest.mark.parametrize(
    "when",
    [
        "投资额 > 100",
        "投资额 > 100 and 是否甲 and 级别 = \"省级\"",
        "投资额 between 1 and 5 and 是否甲",
        "(投资额 > 1 or 是否甲) and 是否乙",
        "是否甲 and (if 是否乙 then 投资额 > 1 else 是否丙) and 是否丁",
        "级别 in (\"甲 and 乙\", \"丙\") and 是否甲",
        "not(是否甲 and 是否乙) and 是否丙",
    ],
)  # fmt: skip
def test_conditions_line_by_line_are_the_rule_again(when: str) -> None:
    assert composed_when(lines_of(when)) == when


def test_a_line_that_reaches_out_is_put_in_brackets() -> None:
    lines = ["是否甲 or 是否乙", "是否丙"]
    assert composed_when(lines) == "(是否甲 or 是否乙) and 是否丙"
    assert lines_of(composed_when(lines)) == lines


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_from": "2026-01-01", "valid_to": "2026-12-31", "note": "给维护的人"},
        {"money": {"rule": "1", "cap": {"most": "5", "cite": CITE | {"quote": "最高"}}, "upper_bound": True}},
        {"money": {"tiers": {"of": "投资额", "rows": [{"test": "< 500", "gives": "1"}], "otherwise": "2"}}},
        {"money": {"rule": "1", "per": "year", "payers": [{"who": who, "share": "0.5"} for who in "市县"]}},
        {"procedure": ["先登记", "再核对"], "claw_back": ["弄虚作假"], "discretion": "经省认定"},
        {"money": {"rule": "1", "instalments": [{"year": 1, "share": "0.4"}, {"year": 2, "share": "0.6"}]}},
        {"money": {"rule": "1", "budget": {"yuan": "2000000", "order": "按先后", "cite": CITE}}},
        {"money": {"rule": "1", "budget": BUDGET | {"short": "share", "closes": "12-20", "rank": "投资额"}}},
        {"money": {"rule": "投资额 * 0.1", "form": "saved", "per": "month"}, "level": "省", "takes": "每月"},
        {"not_with": [{"group": "awards", "cite": CITE | {"at": "第四条"}}], "papers": ["申请表", "发票"]},
        {"valid_to": "2026-12-31", "late_claims": {"until": "2027-06-30", "cite": CITE | {"quote": "半年"}}},
        {"examples": [{"says": "甲", "on": "2026-02-01", "needs": ["投资额"]}]},
        {"when": None, "money": None, "examples": []},
    ],
)  # fmt: skip
def test_a_policy_comes_back_from_its_fields_as_it_was(changes: dict[str, Any]) -> None:
    given = policy(**changes)
    found = checked_draft(typed_of(given), city(), today=DAY)
    from_file = [one for one in found.complaints if one.field not in ("examples-0", "examples-1", "rest")]
    assert [one.what for one in from_file if "只有这一项" not in one.what] == []
    assert found.policy == given
    assert "money" not in typed_of(given)["rest"], "every part of the money has its own fields"


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"payers": [{"who": "市财政", "share": "50%"}]}, "payers-0", "加起来是50，不是100"),
        ({"payers": [{"who": "市", "share": "一半"}, {"who": "县", "share": "50"}]}, "payers-0", "不是数"),
        ({"payers": [{"who": "市", "share": "50"}, {"who": "", "share": "50"}]}, "payers-1", "由谁承担"),
        (
            {"instalments": [{"year": "1", "share": "40"}, {"year": "99", "share": "60"}]},
            "instalments-1",
            "第99年",
        ),
        ({"instalments": [{"year": "第一年", "share": "100"}]}, "instalments-0", "不是数"),
        ({"budget": "二百万", "budget_order": "按先后"}, "budget", "不是数"),
        ({"budget": "-1", "budget_order": "按先后"}, "budget", "0"),
        ({"budget": "100"}, "budget_order", "先给谁"),
        ({"budget": "1", "budget_order": "甲", "budget_short": "share"}, "budget_closes", "哪一天一起分"),
        (
            {"budget": "1", "budget_order": "甲", "budget_short": "share", "budget_closes": "13-99"},
            "budget",
            "",
        ),
        ({"budget": "1", "budget_order": "甲", "budget_rank": "投姿额"}, "budget_rank", "投资额"),
        ({"late": "2027-01-01"}, "late", "没有写到哪天为止"),
        ({"valid_to": "2027-01-01", "late": "2026-12-31"}, "late", "不在到期以后"),
        ({"rest": "money:\n  payers: []"}, "rest", "自己的栏目"),
        ({"level": "国"}, "level", ""),
        ({"form": "saved", "instalments": [{"year": "1", "share": "100"}]}, "kind", "分期"),
    ],
)
def test_what_is_wrong_with_the_money_stands_beside_it(
    changes: dict[str, Any], field: str, told: str
) -> None:
    found = drafted(**changes)
    assert any(told in one.what + one.mend for one in found.about(field)), found.complaints
    assert not found.ready


def test_bounds_without_an_example_are_named_and_keep_nobody_from_going_on() -> None:
    assert drafted().ready
    assert drafted().unshown == ("投资额大于100",)
    both = [shown("投资额 = 100", "", "0"), shown("投资额 = 101", "", "10.10")]
    assert drafted(examples=both).unshown == ()


def test_a_sound_draft_says_itself_in_chinese_and_has_a_digest() -> None:
    found = drafted()
    assert (found.ready, found.conditions) == (True, ("投资额大于100",))
    assert found.digest == drafted().digest != drafted(brings="二万元").digest


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"conditions": ["(" * 900 + "true" + ")" * 900]}, "conditions-0"),
        ({"conditions": ["投资额 > 1 " + "or 投资额 > 1 " * 900]}, "conditions-0"),
        ({"conditions": ["投资额 > 1"] * 5000}, "conditions-0"),
        ({"rule": "9" * 3000}, "rule"),
        ({"rest": "a: &x [1]\nb: *x"}, "rest"),
        ({"rest": "[" * 500}, "rest"),
        ({"rest": "- 一\n- 二"}, "rest"),
        ({"examples": [shown("投资额 = " + "9" * 500, "", "1")]}, "examples-0"),
        ({"examples": [shown("投资额 101", "", "1")]}, "examples-0"),
        ({"examples": [shown("投姿额 = 1", "", "1")]}, "examples-0"),
        ({"examples": [shown("", "昨天", "NaN")]}, "examples-0"),
    ],
)  # fmt: skip
def test_hostile_drafts_are_told_in_bounded_time(changes: dict[str, Any], field: str) -> None:
    begun = time.process_time()
    found = drafted(**changes)
    assert time.process_time() - begun < 3
    assert found.about(field), found.complaints
    assert not found.ready
    assert len(tidied(typed_of(policy()) | changes)["conditions"]) <= MOST_ROWS + 1
