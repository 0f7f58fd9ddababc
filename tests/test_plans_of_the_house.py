# SPDX-License-Identifier: Apache-2.0
"""Every life event of this city can be planned, shown and kept."""

from __future__ import annotations

import datetime as dt
import shutil
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from support.city import definitions
from yiwang.engines import house
from yiwang.engines.definitions import Catalogue, default_directory
from yiwang.engines.planning import plan
from yiwang.engines.planning.render import RENDERERS

START = dt.date(2026, 3, 2)


@cache
def _catalogue() -> Catalogue:
    return definitions()


def test_every_life_event_can_be_planned_before_anything_is_answered() -> None:
    catalogue = _catalogue()
    calendar = house.calendar_of(catalogue)
    for event in catalogue.life_events.values():
        made = plan(catalogue, event, {}, start=START, calendar=calendar)
        assert made.included
        assert made.timetable.planned <= made.timetable.serial
        for render in RENDERERS.values():
            assert render(made, catalogue)


def test_all_members_of_a_life_event_can_be_taken_at_once() -> None:
    catalogue = _catalogue()
    calendar = house.calendar_of(catalogue)
    for event in catalogue.life_events.values():
        everything = [member.item for member in event.items]
        made = plan(catalogue, event, {}, start=START, calendar=calendar, choice=everything)
        assert len(made.included) == len(everything)


def test_a_promise_that_cannot_be_kept_is_told_with_its_place(tmp_path: Path) -> None:
    directory = tmp_path / "definitions"
    shutil.copytree(default_directory(), directory)
    (path,) = directory.glob("*/life_events/open-restaurant.yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("days: 13\n", "days: 0.5\n"), encoding="utf-8")
    problems = [one for one in house.inspect(directory).problems if "承诺" in one.what]
    assert [Path(one.file).name for one in problems] == ["open-restaurant.yaml"]
    assert "总要办的事项依次办要更久" in problems[0].what
    assert text.splitlines()[problems[0].line - 1].startswith("promised_limit:")


@pytest.mark.parametrize(
    ("material", "why"),
    [
        ("business-licence", "不是申请人提交的"),
        ("kitchen-layout", "说明不了下一次"),
        ("dereg-result", "不是申请人"),
    ],
)
def test_a_reuse_rule_for_what_says_nothing_of_the_next_time_is_told(
    tmp_path: Path, material: str, why: str
) -> None:
    directory = tmp_path / "definitions"
    shutil.copytree(default_directory(), directory)
    (path,) = directory.glob("zhumadian/reuse/own_and_proof.yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[personnel-file]", f"[personnel-file, {material}]"), encoding="utf-8")
    (problem,) = house.inspect(directory).problems
    assert why in problem.what
    assert "personnel-file" in text.splitlines()[problem.line - 1]


@pytest.mark.browser
def test_the_notice_is_accessible_and_its_chart_fits(browser: Browser) -> None:
    catalogue = _catalogue()
    made = plan(catalogue, "open-restaurant", {}, start=START, calendar=house.calendar_of(catalogue))
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.set_content(RENDERERS["html"](made, catalogue))
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules})
    assert found.response["passes"]
    assert not found.response["violations"], found.generate_report()
    too_wide = page.evaluate(
        """() => [...document.querySelectorAll('svg text')].filter(text => {
             const box = text.getBBox(), frame = text.ownerSVGElement.viewBox.baseVal;
             return box.x < 0 || box.x + box.width > frame.width;
           }).map(text => text.textContent)"""
    )
    assert too_wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, (
        "the page itself does not scroll sideways"
    )
    context.close()
