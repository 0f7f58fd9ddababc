# SPDX-License-Identifier: Apache-2.0
"""Data resources as definitions: the sound one loads, each spoilt one is told where, what and how to mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines import definitions
from yiwang.engines.definitions.tests.support import SOUND as ITEMS
from yiwang.engines.definitions.tests.support import city
from yiwang.engines.exchange import EXCHANGE_KINDS, Grade, Sharing, check_resources, resources

FILE = "city/exchange/firms.yaml"
SOUND = """\
id: firm-registration
name: 企业登记信息
provider: market
subject: firm
library: legal_person
summary: 企业叫什么、做什么
sharing: conditional
condition: 办理涉企事项时核验
grade: general_2
cycle: daily
fields:
  - {id: uscc, name: 统一社会信用代码, type: uscc, grade: general_1, key: true, subject_id: true}
  - {id: trade, name: 经营方式, type: choice, element: trade, grade: general_1}
  - {id: person, name: 法定代表人, type: text, element: boss, grade: general_2, mask: name}
answers: [business-licence]
cite: {doc: setting, at: 本市自行设定}
"""
BOSS = """\
- {id: boss, name: 法定代表人姓名, type: text, subject: firm, question: 谁？, sensitive: true}
"""


def look(root: Path, text: str) -> definitions.Report:
    """What the loader finds with this resource."""
    folder = city(root, {FILE: text, "city/elements/boss.yaml": BOSS})
    kinds = {**definitions.KINDS, **EXCHANGE_KINDS}
    return definitions.inspect(folder, kinds=kinds, checks=(check_resources,))


def test_a_sound_resource_loads(tmp_path: Path) -> None:
    report = look(tmp_path, SOUND)
    assert report.problems == ()
    found = resources(report.catalogue)["firm-registration"]
    assert found.sharing.term == "有条件共享"
    assert found.keys == ("uscc",)
    assert found.personal
    assert found.field("person") is not None
    assert found.field("nothing") is None


@pytest.mark.parametrize("by", ["trade", "nobody"])  # not searched by; unknown
def test_a_comparison_needs_what_the_form_asks_and_the_resource_holds(tmp_path: Path, by: str) -> None:
    item = ITEMS["national/items/food.yaml"].replace(
        "  - material: floor-plan\n",
        "  - material: floor-plan\n    commitment: {list_entry: 图, proves: 大小, check: {standard: 一致}, "
        f"compare: [{{resource: firm-registration, by: {by}, elements: [trade]}}], "
        "cite: {doc: food-law, at: 第三十五条}}\n",
    )
    files: dict[str, str | bytes | None] = {
        FILE: SOUND,
        "city/elements/boss.yaml": BOSS,
        "national/items/food.yaml": item,
    }
    kinds = {**definitions.KINDS, **EXCHANGE_KINDS}
    report = definitions.inspect(city(tmp_path, files), kinds=kinds, checks=(check_resources,))
    assert any("在线比对不成立" in one.what for one in report.problems)


SPOILT = [
    ("element: trade,", "element: area,", 13, "数据元“经营面积”要的是 decimal", "类型合适的数据元"),
    ("type: choice, element: trade", "type: choice", 13, "选项类的信息项要写 element", ""),
    (", mask: name", "", 14, "个人信息，却没有写脱敏", "mask"),
    ("grade: general_2, mask", "grade: general_3, mask", 14, "高于资源的一般数据2级", "就高从严"),
    ("[business-licence]", "[business-licence, x]", 15, "没有编号为“x”", "materials/"),
    ("[business-licence]", "[floor-plan]", 15, "由申请人自己填写或准备", "请删去"),
    ("subject: firm", "subject: thing", 15, "“营业执照”关于 firm，本资源关于 thing", "subject"),
    ("subject: firm", "subject: case", 1, "不关于一次申请", ""),
    ("provider: market", "provider: markt", 3, "没有编号为“markt”", "market"),
    ("condition: 办理涉企事项时核验\n", "", 1, "必须写 condition", ""),
    ("sharing: conditional", "sharing: unconditional", 1, "不写 condition", ""),
    (
        "sharing: conditional\ncondition: 办理涉企事项时核验",
        "sharing: not_shared",
        1,
        "必须写 not_shared",
        "",
    ),
    (", key: true", "", 11, "没有可以按它查询的信息项", "key: true"),
    (", subject_id: true", "", 11, "没有说明每一行是关于谁的", "subject_id"),
    ("grade: general_2\n", "grade: 机密\n", 9, "涉密数据不进入本平台", ""),
    ("summary: 企业叫什么", "summary: 机密企业叫什么", 6, "涉密数据不进入本平台", ""),
    ("name: 经营方式", "name: 涉密经营方式", 13, "涉密数据不进入本平台", ""),
    ("library: legal_person", "library: theme", 1, "主题库的资源必须写 theme", ""),
    ("cycle: daily", "cycle: daily\nlevel: county", 1, "县级清单的资源必须写 places", ""),
    ("cycle: daily", "cycle: daily\nrelated: [firm-registration]", 1, "related 里不能有自己", ""),
    ("id: person", "id: trade", 1, "信息项编号“trade”重复", ""),
    ("type: uscc, grade", "type: text, grade", 12, "subject_id 只能写在", ""),
    ("type: text, element: boss", "type: id_number", 14, "身份号码必须脱敏", ""),
    ("cycle: daily", "cycle: sometimes", 10, "sometimes", ""),
    ("cycle: daily", "cycle: daily\nsecret: true", 11, "secret", ""),
]


@pytest.mark.parametrize(("old", "new", "line", "what", "mend"), SPOILT)
def test_a_spoilt_resource_is_told(
    tmp_path: Path, old: str, new: str, line: int, what: str, mend: str
) -> None:
    assert SOUND.count(old) == 1
    problems = look(tmp_path, SOUND.replace(old, new)).problems
    told = [one for one in problems if what in one.what]
    assert told, problems
    assert told[0].file.endswith(FILE)
    assert told[0].line == line
    assert mend in told[0].mend
    assert told[0].mend


@pytest.mark.parametrize("grade", ["important", "core"])
def test_important_data_are_never_shared_without_condition(tmp_path: Path, grade: str) -> None:
    text = SOUND.replace("condition: 办理涉企事项时核验\n", "").replace("conditional", "unconditional")
    assert look(tmp_path, text).problems == ()
    problems = look(tmp_path, text.replace("grade: general_2\n", f"grade: {grade}\n")).problems
    assert ["不能无条件共享" in one.what for one in problems] == [True]


@pytest.mark.parametrize(("doc", "refused"), [("setting", True), ("food-law", False)])
def test_not_sharing_needs_a_law(tmp_path: Path, doc: str, refused: bool) -> None:
    terms = f"sharing: not_shared\nnot_shared: {{doc: {doc}, at: 第一条}}"
    text = SOUND.replace("sharing: conditional\ncondition: 办理涉企事项时核验", terms)
    problems = look(tmp_path, text.replace("answers: [business-licence]\n", "")).problems
    assert any("不能据以不予共享" in one.what for one in problems) is refused
    assert len(problems) == refused
    assert any("不能替代材料" in one.what for one in look(tmp_path, text).problems)


def test_two_of_one_name_are_told(tmp_path: Path) -> None:
    second = SOUND.replace("id: firm-registration", "id: firm-registration-2")
    both = "".join(f"- {part.replace(chr(10), chr(10) + '  ').rstrip()}\n" for part in (SOUND, second))
    problems = look(tmp_path, both).problems
    assert ["同名" in one.what for one in problems] == [True]


def test_a_malicious_file_is_refused_and_does_nothing(tmp_path: Path) -> None:
    for text in (
        "!!python/object/apply:os.system ['echo']",
        "a: &a [1]\nb: *a\n",
        SOUND.replace("id: firm-registration", "id: ../../etc/passwd"),
        SOUND.replace("id: uscc", "id: 'uscc; drop table x'"),
        SOUND.replace("name: 企业登记信息", "name: " + "长" * 5000),
        SOUND + "fields_: " + "[" * 50 + "]" * 50 + "\n",
    ):
        report = look(tmp_path, text)
        assert report.problems
        assert resources(report.catalogue) == {}


@given(st.permutations(list(Grade)))
def test_grades_are_ordered_by_the_standard(grades: list[Grade]) -> None:
    assert [grade.term for grade in sorted(grades)] == [
        *(f"一般数据{n}级" for n in range(1, 5)),
        "重要数据",
        "核心数据",
    ]
    assert max(grades) is Grade.CORE
    assert Grade.CORE > Grade.IMPORTANT >= Grade.IMPORTANT > Grade.GENERAL_4
    assert Grade.GENERAL_1 <= Grade.GENERAL_2 < Grade.CORE


def test_every_word_has_a_term() -> None:
    from yiwang.engines.exchange import words

    for kind in (Sharing, words.Library, words.Cycle, words.Level, words.Form, words.Mask, words.NeedKind):
        terms = [one.term for one in kind]
        assert len(set(terms)) == len(terms)
