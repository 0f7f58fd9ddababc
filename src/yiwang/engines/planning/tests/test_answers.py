# SPDX-License-Identifier: Apache-2.0
"""Answers and facts as people give them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from yiwang.engines.planning import BadAnswers, read_answers, read_facts
from yiwang.kernel.ids import make_id_number, make_uscc

from .town import element, material, town

TOWN = town(
    element("text", "文字", max_length=5),
    element("code", "编号", pattern=r"[A-Z]\d", example="A1"),
    element("count", "人数", "integer", minimum=0, maximum=100),
    element("size", "面积", "decimal"),
    element("money", "注册资本", "money"),
    element("day", "日期", "date"),
    element("yes", "是否甲", "boolean"),
    element("one", "类型", "choice", choices=[{"value": "公司"}, {"value": "个体"}]),
    element("some", "项目", "choices", choices=[{"value": "热食"}, {"value": "冷食"}]),
    element("person", "公民身份号码", "id_number"),
    element("firm", "统一社会信用代码", "uscc"),
    material("licence", "营业执照", "licence", ["firm"]),
)
PERSON = make_id_number("412800", dt.date(1990, 1, 31), 12)
FIRM = make_uscc("411700", 7)


def test_answers_by_id_or_name_become_typed_values() -> None:
    given: dict[str, Any] = {
        "text": " 甲 ",
        "编号": "A1",
        "人数": 3,
        "面积": Decimal("12.5"),
        "注册资本": Decimal("100000.5"),
        "日期": "2026-01-31",
        "是否甲": "是",
        "类型": "公司",
        "项目": ["冷食", "热食", "冷食"],
        "公民身份号码": PERSON,
        "firm": FIRM,
        "yes": None,
    }
    del given["yes"]
    assert read_answers(TOWN, given) == {
        "text": "甲",
        "code": "A1",
        "count": Decimal(3),
        "size": Decimal("12.5"),
        "money": Decimal("100000.5"),
        "day": dt.date(2026, 1, 31),
        "yes": True,
        "one": "公司",
        "some": ("冷食", "热食"),
        "person": PERSON,
        "firm": FIRM,
    }
    assert read_answers(TOWN, {"yes": None}) == {}


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("没有的", 1, "没有这个数据元"),
        ("面职", 1, "没有这个数据元"),
        ("文字", 5, "应当是文字"),
        ("文字", "一二三四五六", "太长"),
        ("文字", "  ", "应当是文字"),
        ("编号", "甲", "例如 A1"),
        ("人数", "3", "应当是数"),
        ("人数", True, "应当是数"),
        ("人数", Decimal("1.5"), "应当是整数"),
        ("人数", 101, "不能大于100"),
        ("人数", -1, "不能小于0"),
        ("面积", Decimal("1e30"), "数太大"),
        ("面积", Decimal("1e-30"), "小数位太多"),
        ("面积", Decimal("NaN"), "应当是数"),
        ("注册资本", Decimal("0.001"), "最小到分"),
        ("日期", "2026-02-30", "没有这一天"),
        ("日期", "三月", "日期的写法不对"),
        ("日期", 20260101, "应当是日期"),
        ("是否甲", 1, "是或否"),
        ("类型", "合伙", "公司、个体"),
        ("类型", ["公司"], "不在可选"),
        ("项目", "热食", "应当是列表"),
        ("项目", ["生食"], "不在可选"),
        ("公民身份号码", "123", ""),
        ("统一社会信用代码", "123", "18位"),
    ],
)
def test_a_wrong_answer_says_what_is_wrong(key: str, value: object, says: str) -> None:
    with pytest.raises(BadAnswers) as caught:
        read_answers(TOWN, {key: value})
    ((where, what),) = caught.value.complaints
    assert where == key
    assert says in what


def test_all_complaints_come_at_once_and_no_number_is_repeated() -> None:
    wrong = PERSON[:-1] + ("1" if PERSON[-1] != "1" else "2")
    with pytest.raises(BadAnswers) as caught:
        read_answers(TOWN, {"公民身份号码": wrong, "人数": "三", "文字": "甲", "text": "乙"})
    assert [key for key, _ in caught.value.complaints] == ["公民身份号码", "人数", "text"]
    assert wrong not in str(caught.value)


def test_facts_hold_elements_and_licences() -> None:
    facts = read_facts(
        TOWN,
        {
            "elements": {"文字": "甲"},
            "licences": [
                {
                    "material": "营业执照",
                    "number": "1",
                    "holder": "某店",
                    "valid_until": "2026-12-31",
                    "fields": {"统一社会信用代码": FIRM},
                },
                {"material": "licence"},
            ],
        },
    )
    assert facts.elements == {"text": "甲"}
    assert facts.licences[0].material == "licence"
    assert facts.licences[0].valid_until == dt.date(2026, 12, 31)
    assert facts.licences[0].fields == {"firm": FIRM}
    assert facts.licences[1].valid_until is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"else": 1}, "不认识的键"),
        ({"elements": []}, "应当是"),
        ({"licences": {}}, "应当是列表"),
        ({"licences": ["x"]}, "应当是"),
        ({"licences": [{"material": "没有"}]}, "没有编号或名称"),
        ({"licences": [{"material": "licence", "valid_until": "2026-13-01"}]}, "没有这一天"),
        ({"licences": [{"material": "licence", "number": 5}]}, "应当是文字"),
        ({"licences": [{"material": "licence", "colour": "红"}]}, "不认识的键"),
        ({"licences": [{"material": "licence", "fields": {"人数": "三"}}]}, "应当是数"),
    ],
)
def test_wrong_facts_are_told(given: dict[str, Any], says: str) -> None:
    with pytest.raises(BadAnswers) as caught:
        read_facts(TOWN, given)
    assert says in str(caught.value)
