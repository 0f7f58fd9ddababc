# SPDX-License-Identifier: Apache-2.0
"""Each way to get a definition wrong is told with its file, its line and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiwang.engines.definitions import KINDS, Definition, DefinitionErrors, inspect, load, load_part

from .support import Changes, city, swapped, told

FOOD, ELEMENTS, ORGS = "national/items/food.yaml", "national/elements/all.yaml", "national/orgs/all.yaml"
EVENT, LAWS = "city/life_events/restaurant.yaml", "national/sources/laws.yaml"


def test_the_sound_city_is_sound(tmp_path: Path) -> None:
    report = inspect(city(tmp_path))
    assert report.problems == ()
    assert report.warnings == ()
    assert load(tmp_path / "definitions") == report.catalogue
    assert report.counts["items"] == 2


CASES: dict[str, tuple[Changes, str, int, str, str]] = {
    "unknown key": (
        swapped(ORGS, "aliases: [工商]", "alias: [工商]"),
        ORGS, 5, "不认识的键“alias”", "您是不是想写“aliases”？",
    ),
    "missing key": (
        swapped(FOOD, "summary: 许可您卖吃的\n", ""),
        FOOD, 1, "summary：缺少这一项（合并了 definitions/city/items/food.yaml）", "请补上",
    ),
    "unknown key deep inside": (
        swapped(FOOD, "legal_limit: {days", "legal_limit: {hours: 3, days"),
        FOOD, 19, "不认识的键“hours”", "可用的键：days、unit、cite、note",
    ),
    "missing source": (
        swapped(FOOD, "cite: {doc: food-law, at: 第三十五条}}\n  - material", "copies: 1}\n  - material"),
        FOOD, 13, "materials[1].cite：缺少这一项", "请补上",
    ),
    "no basis at all": (
        swapped(FOOD, "basis: [{doc: food-law, at: 第三十五条}]", "basis: []"),
        FOOD, 8, "basis：至少要有 1 项", "请补上",
    ),
    "number for text": (
        swapped(FOOD, "at: 第三十五条}]", "at: 35}]"),
        FOOD, 8, "basis[1].at：应当是文字", "加引号",
    ),
    "text for number": (
        swapped(FOOD, "{days: 20,", "{days: 二十,"),
        FOOD, 19, "legal_limit.days：应当是数字", "不加引号",
    ),
    "third of a day": (
        swapped(FOOD, "{days: 20,", "{days: 0.3,"),
        FOOD, 19, "legal_limit.days：0.3 太细", "0.5 的整倍数",
    ),
    "text for truth": (
        swapped(FOOD, "for_firms: true", "for_firms: 是"),
        FOOD, 5, "for_firms：应当是 true 或 false", "是写 true",
    ),
    "value for a mapping": (
        swapped(FOOD, "legal_limit: {days: 20, cite: {doc: food-law, at: 第三十五条}}", "legal_limit: 20"),
        FOOD, 19, "legal_limit：应当是“键: 值”的一组", "缩进",
    ),
    "value for a list": (
        swapped(FOOD, "conditions: [有固定场所]", "conditions: 有固定场所"),
        FOOD, 7, "conditions：应当是列表", "“- ”",
    ),
    "unknown choice": (
        swapped(FOOD, "kind: licensing", "kind: licencing"),
        FOOD, 3, "kind：没有“licencing”这个选择", "您是不是想写“licensing”？",
    ),
    "bad id": (
        {"national/orgs/more.yaml": "id: Market_2\nname: 甲\nkind: department\nshort_name: 甲\n"
         "cite: {doc: food-law, at: 全文}\n"},
        "national/orgs/more.yaml", 1, "id：编号“Market_2”写法不对", "小写字母",
    ),
    "no id": (
        {"national/orgs/more.yaml": "# 说明\n- name: 甲\n"},
        "national/orgs/more.yaml", 2, "缺少编号 id", "小写字母",
    ),
    "not a definition": (
        {"national/orgs/more.yaml": "- 甲\n"},
        "national/orgs/more.yaml", 1, "定义应当是“键: 值”的一组", "id: …",
    ),
    "promise longer than the law": (
        swapped(FOOD, "promised_limit: {days: 20,", "promised_limit: {days: 21,")
        | {"city/items/food.yaml": None},
        FOOD, 1, "承诺时限长于法定时限", "请核对",
    ),
    "special step without basis": (
        swapped(FOOD, "{kind: decide}", "{kind: hearing}"),
        FOOD, 18, "steps[2]：特殊环节必须写明依据（cite）和限时（limit）；没有法定依据的应当取消", "请核对",
    ),
    "duplicate id in another file": (
        {"national/orgs/more.yaml": "id: market\nname: 甲\nkind: bank\nshort_name: 甲\n"
         "cite: {doc: food-law, at: 一}\n"},
        "national/orgs/more.yaml", 1, f"编号“market”重复，definitions/{ORGS}:1 已有", "换一个编号",
    ),
    "duplicate key": (
        swapped(FOOD, "for_firms: true", "for_firms: true\nname: 又一个名称"),
        FOOD, 6, "键“name”写了两遍（第 2 行已有）", "删去一处",
    ),
    "alias": (
        swapped(LAWS, "publisher: 市政府", "publisher: *who"),
        LAWS, 2, "不能用别名（*who）", "直接写出来",
    ),
    "unknown source": (
        swapped(ORGS, "doc: food-law", "doc: food-low"),
        ORGS, 6, "没有编号为“food-low”的定义", "您是不是想写“food-law”？或在 sources/ 中补上它",
    ),
    "unknown item": (
        swapped(EVENT, "item: registration", "item: registraton"),
        EVENT, 9, "没有编号为“registraton”的定义", "您是不是想写“registration”？或在 items/ 中补上它",
    ),
    "unknown place to visit": (
        swapped(FOOD, "{kind: decide}", "{kind: site_survey, visits: nowhere, limit: {days: 3, cite: "
                "{doc: food-law, at: 一}}, cite: {doc: food-law, at: 一}}"),
        FOOD, 18, "没有编号为“nowhere”的定义", "或在 materials/ 或 elements/ 中补上它",
    ),
    "unknown folder": (
        {"national/itmes/a.yaml": "id: a\n"},
        "national/itmes", 1, "不认识的目录", "您是不是想写“items”？",
    ),
    "unknown level": (
        {"citty/items/a.yaml": "id: a\n"},
        "citty", 1, "不认识的目录", "您是不是想写“city”？",
    ),
    "definition outside a kind": (
        {"national/a.yaml": "id: a\n"},
        "national/a.yaml", 1, "定义放错了位置", "<层级>/<种类>/",
    ),
    "other ending": (
        {"national/items/a.yml": "id: a\n"},
        "national/items/a.yml", 1, "文件名应以 .yaml 结尾", "改名",
    ),
    "unknown file": (
        {"national/items/a.xlsx": b"PK"},
        "national/items/a.xlsx", 1, "不认识的文件", ".yaml",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_malformed_definition_is_told(tmp_path: Path, case: str) -> None:
    changed, file, line, what, mend = CASES[case]
    problems = told(tmp_path, changed)
    assert [(p.file, p.line, p.what) for p in problems] == [(f"definitions/{file}", line, what)]
    assert mend in problems[0].mend


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    changed = swapped(FOOD, "summary:", "sumary:") | swapped(ORGS, "doc: food-law", "doc: food-low")
    root = city(tmp_path, changed)
    with pytest.raises(DefinitionErrors) as caught:
        load(root)
    files = {problem.file for problem in caught.value.problems}
    assert files == {f"definitions/{FOOD}", f"definitions/{ORGS}"}
    told_all = str(caught.value)
    assert all(str(problem) in told_all for problem in caught.value.problems)
    assert "yiwang definitions check" in told_all


def test_nothing_english_is_told(tmp_path: Path) -> None:
    said = [problem for changed, *_ in CASES.values() for problem in told(tmp_path, changed)]
    assert said
    for problem in said:
        assert "Input should" not in problem.what + problem.mend
        assert any("一" <= letter <= "鿿" for letter in problem.what)
        assert any("一" <= letter <= "鿿" for letter in problem.mend)


def test_what_refers_to_an_unsound_definition_is_not_told_again(tmp_path: Path) -> None:
    problems = told(tmp_path, swapped(ORGS, "kind: department", "kind: departement"))
    assert [problem.file for problem in problems] == [f"definitions/{ORGS}"]


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    root = city(tmp_path)
    (root / "national/items/link.yaml").symlink_to("/etc/hostname")
    problems = inspect(root).problems
    assert [(p.file, p.what) for p in problems] == [
        ("definitions/national/items/link.yaml", "不能用符号链接")
    ]


def test_notes_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    notes: Changes = {"README.md": "说明", "national/README.md": "说明", "national/items/README.md": "说明"}
    assert told(tmp_path, {**notes, "national/items/.food.yaml.swp": "x"}) == []


def test_a_missing_directory_is_told(tmp_path: Path) -> None:
    problems = inspect(tmp_path / "nowhere").problems
    assert [problem.what for problem in problems] == ["没有这个目录"]


@pytest.mark.parametrize("text", [None, "a: 1\n", "levels: []\n", "levels: [1]\n", "levels: national\n"])
def test_levels_must_be_named(tmp_path: Path, text: str | None) -> None:
    problems = told(tmp_path, {"levels.yaml": text})
    assert problems[0].file == "definitions/levels.yaml" or any(
        p.file == "definitions/levels.yaml" for p in problems
    )
    assert any("levels: [national" in p.mend for p in problems)


def test_a_folder_may_hold_more_folders(tmp_path: Path) -> None:
    text = "id: bank\nname: 银行\nkind: bank\nshort_name: 银行\ncite: {doc: food-law, at: 一}\n"
    assert told(tmp_path, {"national/orgs/banks/one.yaml": text}) == []


def test_a_kind_of_another_engine_is_loaded_beside_ours(tmp_path: Path) -> None:
    class Bell(Definition):
        rings: int

    root = city(tmp_path, {"national/bells/a.yaml": "id: big\nname: 大钟\nrings: 3\n"})
    found = load(root, kinds={**KINDS, "bells": Bell}).others["bells"]["big"]
    assert isinstance(found, Bell)
    assert found.rings == 3
    with pytest.raises(DefinitionErrors, match="不认识的目录"):
        load(root)


def test_a_part_is_loaded_without_opening_the_rest(tmp_path: Path) -> None:
    root = city(tmp_path, {"national/items/food.yaml": "id: [", "national/itmes/a.yaml": "id: a\n"})
    part = load_part(root, kinds={"orgs": KINDS["orgs"]})
    assert list(part.folders()) == ["orgs"]
    with pytest.raises(DefinitionErrors, match=r"national/items/food\.yaml:1"):
        load_part(root, kinds={"orgs": KINDS["orgs"], "items": KINDS["items"]})


def test_a_check_of_the_caller_is_run(tmp_path: Path) -> None:
    report = inspect(
        city(tmp_path),
        checks=[lambda checked: [checked.problem("items", "food", ("promised_limit",), "太慢", "请加快")]],
    )
    assert [(p.file, p.line, p.what) for p in report.problems] == [
        ("definitions/city/items/food.yaml", 3, "太慢")
    ]
