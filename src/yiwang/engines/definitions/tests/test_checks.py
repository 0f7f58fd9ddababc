# SPDX-License-Identifier: Apache-2.0
"""The definitions as a whole: rules, names, dates, figures, circles."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiwang.engines.definitions import inspect, load, rule_types
from yiwang.engines.rules import BOOLEAN, NUMBER, STRING, choice

from .support import SOUND, Changes, city, swapped, told

FOOD, REGISTRATION = "national/items/food.yaml", "national/items/registration.yaml"
ELEMENTS, EVENT, LAWS = (
    "national/elements/all.yaml",
    "city/life_events/restaurant.yaml",
    "national/sources/laws.yaml",
)
MATERIALS = "national/materials/all.yaml"


def one(tmp_path: Path, changed: Changes) -> tuple[str, int, str, str]:
    """The only problem of the changed city."""
    problems = told(tmp_path, changed)
    assert len(problems) == 1, problems
    return (
        problems[0].file.removeprefix("definitions/"),
        problems[0].line,
        problems[0].what,
        problems[0].mend,
    )


# --- rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "what", "mend"),
    [
        ("经营面基 >= 200", "经营面基", "经营面积"),
        ("经营面积 >= ", "没有写完", "补全"),
        ("经营面积 ≥ 200", "“≥”", ">="),
        ("经营面积 >= 经营方式", "不能比较", "同一类值"),
        ('经营方式 = "餐馆"', "“餐馆”不在可选值里", "餐饮、零售"),
        ("经营面积 + 1", "得到的是数，这里要的是是否", "请写成一个条件"),
    ],
)
def test_a_rule_that_does_not_fit_is_told(tmp_path: Path, rule: str, what: str, mend: str) -> None:
    changed = swapped(FOOD, "when: 经营面积 >= 200", f"when: '{rule}'")
    file, line, said, hint = one(tmp_path, changed)
    assert (file, line) == (FOOD, 15)
    assert what in said
    assert rule.strip() in said
    assert mend in hint


def test_a_rule_in_a_life_event_is_checked_too(tmp_path: Path) -> None:
    changed = swapped(EVENT, '经营方式 = "餐饮"', '经营方试 = "餐饮"')
    file, line, said, hint = one(tmp_path, changed)
    assert (file, line) == (EVENT, 10)
    assert "经营方试" in said
    assert "经营方式" in hint


def test_elements_have_types_in_rules(tmp_path: Path) -> None:
    extra: Changes = {
        "national/elements/more.yaml": """\
- {id: sign, name: 是否设招牌, type: boolean, subject: thing, question: 设招牌吗？}
- {id: owner, name: 店主, type: text, subject: person, question: 您贵姓？}
- {id: capital, name: 注册资本, type: money, subject: firm, question: 多少钱？}
"""
    }
    assert rule_types(load(city(tmp_path, extra))) == {
        "经营面积": NUMBER,
        "经营方式": choice("餐饮", "零售"),
        "是否设招牌": BOOLEAN,
        "店主": STRING,
        "注册资本": NUMBER,
    }


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["经营 面积", "面积（平方米）", "3年内", "面积-大小", "and", "甲.乙", "true"]
)
def test_an_element_name_must_be_usable_in_rules(tmp_path: Path, name: str) -> None:
    changed = swapped(ELEMENTS, "name: 经营方式", f"name: {name!r}") | swapped(
        EVENT, 'when: 经营方式 = "餐饮", ', ""
    )
    file, line, said, hint = one(tmp_path, changed)
    assert (file, line) == (ELEMENTS, 3)
    assert said == f"数据元名称“{name}”不能用在规则里"
    assert "不含空格" in hint


def test_two_elements_of_one_name_are_told(tmp_path: Path) -> None:
    more = "id: again\nname: 经营面积\ntype: text\nsubject: case\nquestion: 多大？\n"
    file, line, said, _ = one(tmp_path, {"city/elements/more.yaml": more})
    assert (file, line) in [("city/elements/more.yaml", 2), (ELEMENTS, 1)]
    assert "经营面积" in said


def test_an_alias_of_two_organisations_is_told(tmp_path: Path) -> None:
    more = "id: bank\nname: 工商银行\nkind: bank\nshort_name: 工商\ncite: {doc: food-law, at: 一}\n"
    changed: Changes = {"city/orgs/more.yaml": more}
    file, line, said, _ = one(tmp_path, changed)
    assert "机构名称“工商”" in said
    assert (file, line) == ("national/orgs/all.yaml", 5)
    assert "definitions/city/orgs/more.yaml:4" in said


def test_a_plain_name_of_two_things_is_told(tmp_path: Path) -> None:
    names = """\
id: spoken
name: 通俗化表述清单
names:
  - {says: 办执照, means: registration}
  - {says: 开饭店, means: food}
cite: {doc: setting, at: 本市自行设定}
"""
    file, line, said, _ = one(tmp_path, {"city/lists/spoken.yaml": names})
    assert (file, line) == ("city/lists/spoken.yaml", 5)
    assert said == f"说法“开饭店”已指“restaurant”（definitions/{EVENT}:3）"


def test_the_same_plain_name_for_the_same_thing_is_fine(tmp_path: Path) -> None:
    names = (
        "id: spoken\nname: 清单\nnames: [{says: 开饭店, means: restaurant}]\n"
        "cite: {doc: setting, at: 本市自行设定}\n"
    )
    assert told(tmp_path, {"city/lists/spoken.yaml": names}) == []


# --- dates ---------------------------------------------------------------------------------------


def test_what_expires_may_not_be_needed_for_longer(tmp_path: Path) -> None:
    changed = swapped(MATERIALS, "{id: floor-plan,", "{id: floor-plan, valid_to: 2025-12-31,")
    file, line, said, hint = one(tmp_path, changed)
    assert (file, line) == (FOOD, 14)
    assert said == "引用的“平面图”（floor-plan）2025-12-31 失效，早于本定义"
    assert "valid_to" in hint


def test_what_begins_later_may_not_be_needed_before(tmp_path: Path) -> None:
    changed = swapped(MATERIALS, "{id: floor-plan,", "{id: floor-plan, valid_from: 2026-07-01,")
    file, line, said, hint = one(tmp_path, changed)
    assert (file, line) == (FOOD, 14)
    assert said == "引用的“平面图”（floor-plan）2026-07-01 才生效，晚于本定义"
    assert "valid_from: 2026-07-01" in hint


def test_a_definition_within_the_dates_of_what_it_needs_is_fine(tmp_path: Path) -> None:
    changed = swapped(MATERIALS, "{id: floor-plan,", "{id: floor-plan, valid_from: 2020-01-01,")
    dated = SOUND[FOOD].replace("id: food\n", "id: food\nvalid_from: 2020-01-01\n")
    event = SOUND[EVENT].replace("id: restaurant\n", "id: restaurant\nvalid_from: 2021-01-01\n")
    assert told(tmp_path, {**changed, FOOD: dated, EVENT: event}) == []


def test_a_validity_that_ends_before_it_begins_is_told(tmp_path: Path) -> None:
    changed = swapped(
        EVENT, "id: restaurant\n", "id: restaurant\nvalid_from: 2026-01-02\nvalid_to: 2026-01-01\n"
    )
    assert one(tmp_path, changed)[2:] == ("valid_from 晚于 valid_to", "请核对有效期")


# --- figures and sources ---------------------------------------------------------------------------


def test_a_bound_without_a_source_is_told(tmp_path: Path) -> None:
    changed = swapped(ELEMENTS, "unit: 平方米", "unit: 平方米, maximum: 3000")
    file, line, said, hint = one(tmp_path, changed)
    assert (file, line, said) == (ELEMENTS, 1, "数字 maximum: 3000 没有来源")
    assert "doc: setting" in hint


@pytest.mark.parametrize("bound", ["minimum: 0", "maximum: 3000, cite: {doc: food-law, at: 一}"])
def test_a_natural_or_cited_bound_is_fine(tmp_path: Path, bound: str) -> None:
    assert told(tmp_path, swapped(ELEMENTS, "unit: 平方米", f"unit: 平方米, {bound}")) == []


def test_an_unused_source_is_only_doubtful(tmp_path: Path) -> None:
    more = "id: old-law\nname: 旧法\nkind: law\npublisher: 某某\n"
    report = inspect(city(tmp_path, {"national/sources/old.yaml": more}))
    assert report.problems == ()
    assert [(w.file, w.what) for w in report.warnings] == [
        ("definitions/national/sources/old.yaml", "来源“old-law”没有被引用")
    ]


def test_a_result_is_not_a_paper_of_the_applicant(tmp_path: Path) -> None:
    changed = swapped(REGISTRATION, "[{material: business-licence}]", "[{material: floor-plan}]")
    file, line, said, hint = one(tmp_path, changed)
    assert (file, line) == (REGISTRATION, 10)
    assert said == "办理结果“平面图”是申请人自己的材料（kind: own）"
    assert "licence" in hint


def test_a_licence_of_nobody_is_doubtful(tmp_path: Path) -> None:
    changed = swapped(
        MATERIALS,
        "name: 营业执照, kind: licence, subject: firm, issuer: market",
        "name: 营业执照, kind: licence, subject: firm",
    )
    report = inspect(city(tmp_path, changed))
    assert report.problems == ()
    assert [(w.line, w.what) for w in report.warnings] == [(1, "“营业执照”没有写明核发单位（issuer）")]


# --- life events -----------------------------------------------------------------------------------


def test_an_item_for_other_people_is_told(tmp_path: Path) -> None:
    changed = swapped(FOOD, "for_firms: true", "for_persons: true")
    file, line, said, _ = one(tmp_path, changed)
    assert (file, line) == (EVENT, 10)
    assert "食品经营许可" in said
    assert "for_firms" in said


def test_a_life_event_is_for_somebody(tmp_path: Path) -> None:
    assert one(tmp_path, swapped(EVENT, "for_firms: true\n", ""))[2].startswith(
        "for_persons、for_firms 至少一个"
    )


def test_a_question_may_not_depend_on_a_later_answer(tmp_path: Path) -> None:
    asked = "[{element: area, why: 一, when: '经营方式 = \"餐饮\"'}, {element: trade, why: 二}]"
    changed = swapped(EVENT, "[{element: trade, why: 决定要办哪些证}]", asked)
    file, line, said, hint = one(tmp_path, changed)
    assert (file, line) == (EVENT, 7)
    assert "却在后面才问" in said
    assert hint == "把“经营方式”移到它前面"


def test_a_condition_on_what_nobody_asks_is_doubtful(tmp_path: Path) -> None:
    changed = swapped(FOOD, "  - {element: area}\n", "") | swapped(
        EVENT, '经营方式 = "餐饮"', "'经营面积 >= 5'"
    )
    report = inspect(city(tmp_path, changed))
    assert report.problems == ()
    assert [(w.file, w.line, w.what) for w in report.warnings] == [
        (f"definitions/{EVENT}", 10, "条件用到“经营面积”，这里却没有问到它"),
        (f"definitions/{FOOD}", 14, "条件用到“经营面积”，这里却没有问到它"),
    ]


def test_what_the_life_event_asks_need_not_be_asked_by_its_items(tmp_path: Path) -> None:
    changed = swapped(FOOD, "  - {element: area}\n", "") | swapped(
        EVENT, "questions: [", "questions: [{element: area, why: 大店要平面图}, "
    )
    assert inspect(city(tmp_path, changed)).warnings == ()


def test_a_part_of_a_date_is_the_date(tmp_path: Path) -> None:
    day = "- {id: opening, name: 开业日期, type: date, subject: firm, question: 哪天？}\n"
    changed = swapped(FOOD, "when: 经营面积 >= 200", "when: 开业日期.year >= 2026")
    report = inspect(city(tmp_path, {**changed, "national/elements/day.yaml": day}))
    assert report.problems == ()
    assert [w.what for w in report.warnings] == ["条件用到“开业日期”，这里却没有问到它"]


def test_a_circle_of_items_is_named(tmp_path: Path) -> None:
    needs = "materials: [{material: food-licence, cite: {doc: food-law, at: 一}}]\noutputs:"
    changed = swapped(REGISTRATION, "outputs:", needs)
    file, line, said, _ = one(tmp_path, changed)
    assert (file, line) == (EVENT, 9)
    assert said in (
        "事项互相等待：食品经营许可（food） → 企业设立登记（registration） → 食品经营许可（food）",
        "事项互相等待：企业设立登记（registration） → 食品经营许可（food） → 企业设立登记（registration）",
    )


def test_a_circle_through_what_the_law_orders_is_named(tmp_path: Path) -> None:
    said = one(tmp_path, swapped(REGISTRATION, "outputs:", "after: [food]\noutputs:"))[2]
    assert "事项互相等待" in said


@pytest.mark.parametrize("use", ["required: false", "when: '经营方式 = \"餐饮\"'"])
def test_a_circle_that_a_condition_may_break_is_only_doubtful(tmp_path: Path, use: str) -> None:
    needs = f"materials: [{{material: food-licence, {use}, cite: {{doc: food-law, at: 一}}}}]\noutputs:"
    report = inspect(city(tmp_path, swapped(REGISTRATION, "outputs:", needs)))
    assert report.problems == ()
    assert ["条件同时成立时" in warning.what for warning in report.warnings] == [True]


def test_two_circles_are_both_named(tmp_path: Path) -> None:
    twin = SOUND[FOOD].replace("id: food\n", "id: drink\n").replace("食品经营许可", "饮品许可")
    both = "after: [food, drink]\noutputs:"
    event = SOUND[EVENT].replace("basis:", "  - {item: drink, because: 卖喝的}\nbasis:")
    changed = {**swapped(REGISTRATION, "outputs:", both), "national/items/drink.yaml": twin, EVENT: event}
    assert len([p for p in told(tmp_path, changed) if "互相等待" in p.what]) == 2
