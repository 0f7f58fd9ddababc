# SPDX-License-Identifier: Apache-2.0
"""Licence templates: what stands on them, told with file and line when it is wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from yiwang.engines.definitions import load

from .support import SOUND, city, told

MATERIALS, FILE = "national/materials/all.yaml", "national/templates/food.yaml"

PAPERS = SOUND[MATERIALS].replace(
    "name: 食品经营许可证, kind: licence, subject: firm, issuer: market}",
    "name: 食品经营许可证, kind: licence, subject: firm, issuer: market, "
    "fields: [{element: area, label: 面积}, {element: trade, label: 经营方式}]}",
)
TEMPLATE = """\
id: food-1
name: 食品经营许可证
material: food-licence
version: 1
type: {cite: {doc: food-law, at: 一}}
cite: {doc: food-law, at: 一}
page: {width: 297, height: 210}
title: {x: 50, y: 20, width: 197, height: 20, size: 40, text: 食品经营许可证}
fields:
  - {element: area, label: 面积, label_width: 20, x: 20, y: 60, width: 100, height: 10}
  - {element: trade, x: 20, y: 75, width: 100, height: 10}
  - {fact: 证照编号, x: 20, y: 90, width: 100, height: 10}
  - {fact: 发证机关, x: 20, y: 105, width: 100, height: 10}
seal: {x: 200, y: 150}
qr: {x: 200, y: 20, size: 25}
"""


def changed(old: str, new: str) -> dict[str, str | bytes | None]:
    assert TEMPLATE.count(old) == 1
    return {MATERIALS: PAPERS, FILE: TEMPLATE.replace(old, new)}


def test_a_sound_template_is_found_by_its_material_and_day(tmp_path: Path) -> None:
    second = TEMPLATE.replace("food-1", "food-2").replace("version: 1", "version: 2\nvalid_from: 2027-01-01")
    catalogue = load(
        city(tmp_path, {MATERIALS: PAPERS, FILE: TEMPLATE, "national/templates/two.yaml": second})
    )
    before, after = (catalogue.template_of("food-licence", dt.date(year, 1, 1)) for year in (2026, 2027))
    assert before is not None
    assert after is not None
    assert (before.id, after.id) == ("food-1", "food-2")
    assert catalogue.template_of("business-licence", dt.date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "mend"),
    [
        ("  - {element: trade, x: 20, y: 75, width: 100, height: 10}\n", "", 9, "缺少栏目“经营方式”", "补上"),
        ("  - {fact: 证照编号, x: 20, y: 90, width: 100, height: 10}\n", "", 9, "缺少“证照编号”", "补上"),
        ("element: area", "element: areas", 10, "areas 不在", "area"),
        ("y: 105", "y: 205", 1, "“发证机关”超出纸面", "移入"),
        ("{x: 200, y: 20, size: 25}", "{x: 290, y: 20, size: 25}", 1, "二维码超出纸面", "移入"),
        ("fact: 发证机关", "fact: 证照编号", 1, "“证照编号”重复", "删去"),
        ("{element: trade,", "{element: trade, fact: 持证主体,", 11, "只写一个", "只写一个"),
        ("label: 面积, ", "", 10, "label 和 label_width", "都写"),
        ("material: food-licence", "material: food-permit", 3, "没有编号为“food-permit”", "food"),
        ("fact: 发证机关", "fact: 发证单位", 13, "没有“发证单位”这个选择", "发证机关"),
    ],
)
def test_a_template_that_does_not_fit_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, what: str, mend: str
) -> None:
    problems = told(tmp_path, changed(old, new))
    assert any(
        (p.file, p.line) == (f"definitions/{FILE}", line) and what in p.what and mend in p.what + p.mend
        for p in problems
    ), problems


def test_two_templates_of_one_version_are_told(tmp_path: Path) -> None:
    twin = TEMPLATE.replace("food-1", "food-9")
    problems = told(tmp_path, {MATERIALS: PAPERS, FILE: TEMPLATE, "national/templates/two.yaml": twin})
    assert ["第 1 版模板已有" in problem.what for problem in problems] == [True]


def test_only_what_the_government_issues_has_a_template(tmp_path: Path) -> None:
    own = PAPERS.replace("subject: thing}", "subject: thing, fields: [{element: area, label: 面积}]}")
    text = TEMPLATE.replace("material: food-licence", "material: floor-plan").replace(
        "  - {element: trade, x: 20, y: 75, width: 100, height: 10}\n", ""
    )
    problems = told(tmp_path, {MATERIALS: own, FILE: text})
    assert ["不需要模板" in problem.what for problem in problems] == [True]
