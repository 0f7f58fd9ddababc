# SPDX-License-Identifier: Apache-2.0
"""The command `plan`: files in, a plan or a clear Chinese error out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.planning.cli import make_command
from yiwang.kernel.errors import Invalid
from yiwang.kernel.workdays import WorkCalendar

from .restaurant import restaurant
from .town import CALENDAR, LAW

RULE = {"when": "是否连锁 = false", "refusal": "连锁店请到市局办理。", "cite": LAW}
ANSWERS = {"经营面积": 300, "sign": False}


def _load(directory: Path | None) -> tuple[Catalogue, WorkCalendar]:
    if directory is not None:
        raise Invalid("没有这个目录。")
    return restaurant(eligibility=[RULE]), CALENDAR


def run(tmp_path: Path, *arguments: str, answers: object = ANSWERS, facts: object = None) -> Result:
    """Run the command with files of this content (text as it is, the rest as JSON)."""
    files = []
    for option, content in (("--answers", answers), ("--facts", facts)):
        if content is not None:
            path = tmp_path / f"{option[2:]}.json"
            text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
            path.write_text(text, encoding="utf-8")
            files += [option, str(path)]
    given = ["开饭店", "--start", "2026-03-02", *files, *arguments]
    return CliRunner().invoke(make_command(_load), given)


def test_json_holds_the_plan(tmp_path: Path) -> None:
    result = run(tmp_path, "--json")
    assert result.exit_code == 0
    made = json.loads(result.output)
    assert [one["code"] for one in made["items"] if one["included"]] == ["setup", "food-permit", "fire-check"]
    assert set(made["items"][0]) >= {"code", "name", "department", "included", "reason"}
    fields = {one["element"]: one for one in made["form"]["fields"]}
    assert fields["address"]["asked_by"] == ["setup", "food-permit", "fire-check"]
    assert fields["address"]["source"] == "applicant"
    assert fields["area"] | {"value": 300, "source": "answers"} == fields["area"]
    materials = {one["id"]: one for one in made["materials"]}
    assert materials["licence"]["resolution"] == "earlier_step"
    assert materials["licence"]["required_by"] == ["food-permit", "fire-check"]
    assert made["stages"] == [["setup"], ["food-permit", "fire-check"]]
    assert made["working_days"] == {"serial": 13.5, "planned": 8.5}
    assert made["due_date"] == "2026-03-13"


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    for output in ("json", "text", "html", "svg", "bpmn"):
        first, second = run(tmp_path, "--format", output), run(tmp_path, "--format", output)
        assert first.exit_code == 0
        assert first.stdout_bytes == second.stdout_bytes


def test_facts_fill_in(tmp_path: Path) -> None:
    facts = {"elements": {"经营场所地址": "某路1号"}, "licences": [{"material": "居民身份证", "number": "X"}]}
    made = json.loads(run(tmp_path, "--json", facts=facts).output)
    fields = {one["element"]: one for one in made["form"]["fields"]}
    assert fields["address"]["source"] == "shared_data"
    assert {one["id"]: one for one in made["materials"]}["id-card"]["resolution"] == "e_licence"


@pytest.mark.parametrize("choose", [["--choose", "setup,刻章"], ["--choose", "setup", "--choose", "seal"]])
def test_items_are_chosen_by_id_or_name(tmp_path: Path, choose: list[str]) -> None:
    made = json.loads(run(tmp_path, "--json", *choose).output)
    assert [one["code"] for one in made["items"] if one["included"]] == ["setup", "seal"]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"经营面职": 1}, "您是不是想写“经营面积”"),
        ({"经营面积": "三百"}, "应当是数"),
        ({"经营面积": True}, "应当是数"),
        ("{", "不是正确的 JSON"),
        ("[1]", "应当是一个 JSON 对象"),
        ('{"经营面积": NaN}', "不能有 NaN"),
        ('{"经营面积": 1, "经营面积": 2}', "写了两遍"),
        ('{"经营面积": ' + "9" * 5000 + "}", "数太"),
        ("[" * 100_000, "嵌套太深"),
    ],
)
def test_bad_answers_end_with_2(tmp_path: Path, answers: Any, says: str) -> None:
    result = run(tmp_path, "--json", answers=answers)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--start", "2026-02-30"], "没有这一天"),
        (["--choose", "没有的"], "里没有事项"),
        (["--answers", "/nowhere/at/all.json"], "读不了文件"),
    ],
)
def test_bad_arguments_end_with_2(tmp_path: Path, arguments: list[str], says: str) -> None:
    result = run(tmp_path, *arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_an_unknown_life_event_ends_with_2() -> None:
    result = CliRunner().invoke(make_command(_load), ["没有这件事"])
    assert result.exit_code == 2
    assert "没有名为“没有这件事”的一件事" in result.stderr


def test_unusable_definitions_end_with_1(tmp_path: Path) -> None:
    result = run(tmp_path, "--definitions", "elsewhere")
    assert result.exit_code == 1
    assert "没有这个目录" in result.stderr


def test_a_refusal_ends_with_3_and_says_why(tmp_path: Path) -> None:
    result = run(tmp_path, "--json", answers={**ANSWERS, "是否连锁": True})
    assert result.exit_code == 3
    made = json.loads(result.stdout)
    assert made["eligible"] is False
    assert made["refusals"][0]["reason"] == "连锁店请到市局办理。"
    assert made["refusals"][0]["cite"]["words"] == "《测试法》第一条"
    assert "连锁店请到市局办理" in result.stderr


def test_the_notice_is_the_ordinary_output(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.output.startswith("开办餐饮店 一次告知单")
