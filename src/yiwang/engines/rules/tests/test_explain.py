# SPDX-License-Identifier: Apache-2.0
"""Why a rule says what it says, and how it reads in Chinese."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from yiwang.engines.rules import Months, Range, explain, parse, say_value, to_feel, words

SIGN = parse("经营面积 >= 200 and 是否设招牌 = true")


def test_a_near_miss_says_by_how_much() -> None:
    told = explain(SIGN, {"经营面积": 150})
    assert told.outcome is False
    assert told.unknown_names == ()
    assert [each.missed_by for each in told.decisive] == [Decimal(50)]
    assert told.text == "经营面积不小于200：不成立（经营面积：150，差50）"


def test_an_open_rule_names_what_may_still_decide() -> None:
    told = explain(SIGN, {"经营面积": 250})
    assert told.outcome is None
    assert told.unknown_names == ("是否设招牌",)
    assert [each.says for each in told.decisive] == ["设招牌"]


def test_a_rule_that_holds_rests_on_all_its_conditions() -> None:
    told = explain(SIGN, {"经营面积": 250, "是否设招牌": True})
    assert told.outcome is True
    assert [(each.outcome, each.decisive) for each in told.conditions] == [(True, True), (True, True)]


def test_of_several_ways_only_the_true_one_decided() -> None:
    told = explain(parse("a > 1 or b > 1 or c > 1"), {"a": 0, "b": 2})
    assert told.outcome is True
    assert [each.says for each in told.decisive] == ["b大于1"]
    assert told.unknown_names == ()


def test_conditions_that_cannot_matter_any_more_are_not_asked_for() -> None:
    told = explain(parse("(a or b) and (c or d)"), {"a": True, "c": False})
    assert told.outcome is None
    assert told.unknown_names == ("d",)


def test_names_are_said_in_the_words_people_know() -> None:
    told = explain(parse("area >= 200"), {"area": 199}, names={"area": "经营面积"})
    assert told.text == "经营面积不小于200：不成立（经营面积：199，差1）"


MISSES: list[tuple[str, dict[str, Any], Any]] = [
    ("a > 5000", {"a": 5000}, Decimal(0)),
    ("a < 3", {"a": 10}, Decimal(7)),
    ("a = 3", {"a": 1}, Decimal(2)),
    ("a between 10 and 20", {"a": 25}, Decimal(5)),
    ("a in [10..20]", {"a": 4}, Decimal(6)),
    ("a in ([10..20], > 100)", {"a": 90}, Decimal(10)),
    ('a >= date("2026-03-01")', {"a": date(2026, 2, 27)}, timedelta(days=2)),
    ('a <= duration("P1Y")', {"a": Months(15)}, Months(3)),
    ("not(a >= 200)", {"a": 250}, Decimal(50)),
    ("a * 2 > b", {"a": 1, "b": 5}, Decimal(3)),
    ('a = "甲"', {"a": "乙"}, None),
    ("a != 1", {"a": 1}, None),
    ("a > 1", {"a": 2}, None),
    ("a > 1", {"a": None}, None),
]


@pytest.mark.parametrize(("text", "facts", "missed_by"), MISSES)
def test_by_how_much_a_condition_was_missed(text: str, facts: dict[str, Any], missed_by: Any) -> None:
    (condition,) = explain(parse(text), facts).conditions
    assert condition.missed_by == missed_by


def test_a_limit_that_is_just_reached_but_excluded_is_said_so() -> None:
    assert explain(parse("总投资额 > 5000"), {"总投资额": 5000}).text.endswith("正好在界限上，界限本身不算）")


def test_an_amount_is_explained_by_the_conditions_that_chose_it() -> None:
    rule = parse("if 总投资额 > 5000 then min(总投资额 * 0.3, 500) else 0")
    told = explain(rule, {"总投资额": 6000})
    assert (told.outcome, told.value) == (None, Decimal(500))
    assert told.decisive[0].outcome is True
    assert told.unknown_names == ()


def test_an_amount_still_open_says_what_it_needs() -> None:
    told = explain(parse("min(总投资额 * 0.3, 500)"), {})
    assert told.value is None
    assert told.unknown_names == ("总投资额",)


def test_something_missing_inside_a_given_list_is_pointed_at() -> None:
    told = explain(parse("every p in 股东 satisfies p.年龄 >= 18"), {"股东": [{"年龄": 20}, {}]})
    assert told.outcome is None
    assert told.unknown_names == ("股东",)


def test_null_is_an_answer_and_nothing_is_asked_again() -> None:
    told = explain(parse("a > 1"), {"a": None})
    assert told.outcome is None
    assert told.unknown_names == ()


SAID = [
    ("经营面积 >= 200 and 是否设招牌 = true", "经营面积不小于200且设招牌"),
    ("是否设招牌 = false", "不设招牌"),
    ("是否有外摆 = false", "没有外摆"),
    ("是否已开业 != true", "不已开业"),
    ("是否设招牌", "设招牌"),
    ("已备案 = true", "已备案为是"),
    ("(a > 1 or b < 2) and c = 3", "（a大于1或b小于2）且c等于3"),
    ("not(a = 1 and b = 2)", "并非（a等于1且b等于2）"),
    ('业态 = "餐饮"', "业态为“餐饮”"),
    ('业态 != "餐饮"', "业态不为“餐饮”"),
    ('业态 in ("餐饮", "零售")', "业态是“餐饮”、“零售”之一"),
    ('业态 in ["餐饮", "零售"]', "业态是“餐饮”、“零售”之一"),
    ("面积 in [100..200)", "面积不小于100且小于200"),
    ("面积 in (< 10, > 20)", "面积小于10，或大于20"),
    ("面积 between 100 and 200", "面积不小于100且不大于200"),
    ('开业日 < date("2026-01-01")', "开业日早于2026年1月1日"),
    ("项目.总投资额 * 0.3 <= 500", "项目的总投资额×0.3不大于500"),
    ("(a + 1) * 2 > 3", "（a＋1）×2大于3"),
    ("开业日.year = 2026", "开业日的年份等于2026"),
    ('开业日 + duration("P30D") >= 到期日', "开业日＋30天不小于到期日"),
    ("名称 = null", "名称没有填"),
    ("if a > 1 then 2 else 3", "如果a大于1，则2，否则3"),
    ("some p in 股东 satisfies p.年龄 < 18", "股东中的p至少有一个满足：p的年龄小于18"),
    ("every p in 股东 satisfies p.年龄 >= 18", "股东中的p每一个都满足：p的年龄不小于18"),
    ('contains(名称, "驻马店")', "名称包含“驻马店”"),
    ("count(股东) > 2", "股东的个数大于2"),
    ("max(a, b) > 2", "a、b中最大的大于2"),
    ('年限 >= duration("P1Y6M")', "年限不小于1年6个月"),
    ("-a > 1", "负的a大于1"),
    ("a ** 2 > 1", "a的2次方大于1"),
    ("true", "是"),
]


@pytest.mark.parametrize(("text", "said"), SAID)
def test_a_rule_in_chinese(text: str, said: str) -> None:
    assert words(parse(text)) == said


def test_words_use_the_given_names() -> None:
    assert words(parse("has_sign = true"), names={"has_sign": "是否设招牌"}) == "设招牌"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "空"),
        (True, "是"),
        (Decimal("30.50"), "30.5"),
        (date(2026, 1, 2), "2026年1月2日"),
        (timedelta(days=-3), "-3天"),
        (Months(-13), "负1年1个月"),
        ((), "空列表"),
        ((Decimal(1), "甲"), "1、“甲”"),
        (Range(Decimal(1), Decimal(2)), "1至2"),
        ({"年龄": Decimal(3)}, "年龄3"),
    ],
)
def test_a_value_in_chinese(value: Any, said: str) -> None:
    assert say_value(value) == said


PRINTED = [
    ("a and(b or c)", "a and (b or c)"),
    ("((a)) = ((1))", "a = 1"),
    ("a-(b-c)", "a - (b - c)"),
    ('@"P14M"', 'duration("P1Y2M")'),
    ("x in ]1..2[", "x in (1..2)"),
    ("x in (>=3,4)", "x in (>= 3, 4)"),
    ("(a+b).days", "(a + b).days"),
    ('"甲\\n\\"乙\\""', '"甲\\n\\"乙\\""'),
]


@pytest.mark.parametrize(("text", "printed"), PRINTED)
def test_a_rule_is_written_back_with_only_the_brackets_it_needs(text: str, printed: str) -> None:
    assert to_feel(parse(text)) == printed
