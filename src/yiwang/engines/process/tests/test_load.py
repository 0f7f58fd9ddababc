# SPDX-License-Identifier: Apache-2.0
"""Definitions on disk: levels, city notices, and complaints that say where."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from yiwang.engines.definitions.kinds.items import SPECIAL_STEPS
from yiwang.engines.definitions.loader import default_directory
from yiwang.engines.definitions.problems import DefinitionErrors
from yiwang.engines.process.build import ClockBook
from yiwang.engines.process.load import load_calendar, load_clocks, load_machine, read_folders
from yiwang.kernel.errors import NotFound
from yiwang.kernel.workdays import DayKind

NATION = """
kind: holiday-notice
id: nation-2026
name: 放假通知
year: 2026
number: 国测〔2025〕1号
signed: 2025-11-04
announced: 2025-11-05
published_by: 国务院办公厅
cite: {doc: nation-2026, at: 全文}
closed:
  - {name: 春节, first: 2026-02-15, last: 2026-02-23}
makeup:
  - {date: 2026-02-14, name: 春节}
"""

CITY = """
kind: holiday-notice
id: city-2026-snow
name: 暴雪天气停止办公
year: 2026
layer: city
number: 市测〔2026〕1号
signed: 2026-03-02
announced: 2026-03-02
published_by: 市政府办公室
cite: {doc: city-2026-snow, at: 全文}
closed:
  - {name: 暴雪停止办公, first: 2026-03-03, last: 2026-03-03}
half:
  - {date: 2026-03-04, open: pm, reason: 暴雪天气上午停止办公}
"""


@pytest.fixture
def write(tmp_path: Path) -> Any:
    (tmp_path / "levels.yaml").write_text("levels: [nation, city]\n", encoding="utf-8")

    def add(place: str, text: str) -> Path:
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tmp_path

    return add


def test_a_city_adds_its_own_closures_and_half_days(write: Any) -> None:
    write("nation/calendars/2026.yaml", NATION)
    root = write("city/calendars/snow.yaml", CITY)
    calendar = load_calendar(root)
    assert calendar.day(date(2026, 3, 3)).reason == "暴雪停止办公"
    assert calendar.day(date(2026, 3, 4)).kind is DayKind.HALF_DAY
    assert calendar.working_days_between(date(2026, 3, 2), date(2026, 3, 5)) == Decimal("1.5")
    assert calendar.as_known_on(date(2026, 3, 1)).is_workday(date(2026, 3, 3))
    assert calendar.day(date(2026, 2, 14)).reason == "春节调休上班"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("announced: 2025-11-03", "announced: 2025-11-05"),
        ("date: 2026-02-13", "date: 2026-02-14"),
        ("last: 2026-02-14", "last: 2026-02-23"),
        ("first: 2026-02-30", "first: 2026-02-15"),
        ("kind: holiday", "kind: holiday-notice"),
        ("color: red\nyear: 2026", "year: 2026"),
        ("layer: moon\nyear: 2026", "year: 2026"),
    ],
)
def test_a_wrong_notice_is_refused_with_its_place(write: Any, wrong: str, right: str) -> None:
    root = write("nation/calendars/2026.yaml", NATION.replace(right, wrong))
    with pytest.raises(DefinitionErrors, match=r"nation/calendars/2026\.yaml:\d+"):
        load_calendar(root)


def test_a_setting_must_say_why(write: Any) -> None:
    root = write(
        "nation/clocks/warnings.yaml",
        """
kind: clock-warnings
id: clock-warnings
name: 预警
yellow: [{since: 2018-01-01, days: 3, cite: {doc: setting, at: 黄灯}}]
red: [{since: 2018-01-01, days: 1, cite: {doc: setting, at: 红灯}, why: 最后一天}]
""",
    )
    with pytest.raises(DefinitionErrors, match="why"):
        read_folders(root, ["clocks"])


def test_nothing_there_is_said(write: Any, tmp_path: Path) -> None:
    root = write("nation/calendars/README.md", "空")
    for load in (load_calendar, load_clocks, load_machine):
        with pytest.raises(NotFound):
            load(root)
    with pytest.raises(NotFound):
        load_calendar(tmp_path / "nowhere")


def test_every_special_step_of_an_item_is_on_the_list_with_a_limit(clocks: ClockBook) -> None:
    """The eleven steps of 驻政办〔2022〕62号, and 补正."""
    assert set(clocks.steps) == {*(step.value for step in SPECIAL_STEPS), "correction"}
    today = date(2026, 11, 21)
    assert all(step.limit_on(today) is not None for step in clocks.steps.values())


def test_the_figures_of_the_law(clocks: ClockBook) -> None:
    """行政许可法第三十二、四十二、四十三、四十四、四十七、五十五条."""
    day = date(2026, 1, 1)
    limits = {name: clocks.rules(name, on=day) for name in clocks.limits}
    assert {name: rules.limit.days for name, rules in limits.items() if rules.limit} == {
        "correction_notice": 5,
        "decision": 20,
        "joint_decision": 45,
        "lower_review": 20,
        "issue": 10,
        "hearing_request": 5,
        "hearing": 20,
        "assign_inspectors": 5,
        "licence_seal": 2,  # not of this law: 省政务服务部门 of 2023, L251
    }
    longer = {name: rules.extension.at_most for name, rules in limits.items() if rules.extension}
    assert longer == {"decision": 10, "joint_decision": 15}
    assert "行政许可法" in str(limits["decision"].extension)
    assert clocks.steps["hearing"].limit_on(day).days == 20  # type: ignore[union-attr]
    assert clocks.tacit["deemed_accepted"].on(day).days == 5  # type: ignore[union-attr]
    assert clocks.tacit["utility_opinion_no_survey"].on(day).days == 1  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        clocks.rules("decision", on=date(2004, 6, 30))


def test_every_figure_names_its_source() -> None:
    catalogue = read_folders(default_directory(), ["calendars", "clocks", "processes", "sources"])
    cited = set()
    for folder in ("calendars", "clocks", "processes"):
        for definition in catalogue.others[folder].values():
            cited |= _docs(definition.model_dump())
    assert cited <= set(catalogue.sources)
    assert {"xingzheng-xuke-fa", "setting", "gb-2020-10", "gb-2022-10"} <= cited


def _docs(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["doc"]} if "doc" in value else set()
        return own.union(*(_docs(child) for child in value.values()))
    if isinstance(value, list):
        return set().union(*(_docs(child) for child in value))
    return set()
