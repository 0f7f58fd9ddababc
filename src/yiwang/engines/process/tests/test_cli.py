# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/formats/clock.md run as written; what is wrong ends with code 2 in Chinese."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yiwang.engines.definitions.loader import default_directory
from yiwang.engines.process.cli import clock

DOCUMENT = default_directory().resolve().parent / "docs" / "formats" / "clock.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(clock, list(arguments))


def test_the_document_says_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIWANG_DEFINITIONS_DIR", str(default_directory().resolve()))
    monkeypatch.chdir(tmp_path)
    ran = 0
    for language, name, body in BLOCK.findall(DOCUMENT.read_text(encoding="utf-8")):
        if language == "json":
            Path(name).write_text(body, encoding="utf-8")
        elif language == "console":
            command, _, expected = body.partition("\n")
            program, group, *arguments = shlex.split(command.removeprefix("$ "))
            assert (program, group) == ("yiwang", "clock")
            assert run(*arguments).output == expected
            ran += 1
    assert ran == 4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--start", "2026-03-09"], "没有期限天数"),
        (["--days", "5"], "没有起算日期"),
        (["--days", "five", "--start", "2026-03-09"], "不是数字"),
        (["--days", "0.3", "--start", "2026-03-09"], "半个工作日"),
        (["--days", "5", "--start", "2026-02-30"], "没有这一天"),
        (["--days", "5", "--start", "2026-03-09", "--unit", "weeks"], "单位不对"),
        (["--days", "5", "--start", "2026-03-09", "--rules", "none"], "没有名为“none”的法定期限"),
        (["--days", "5", "--events", "nowhere.json"], "读不到计时记录文件"),
        (["--days", "5", "--start", "2026-03-09", "--definitions", "/nowhere"], "没有找到业务定义"),
        (["--days", "20000", "--start", "2290-03-09"], "太远"),
    ],
)
def test_what_is_wrong_ends_with_code_2_in_chinese(arguments: list[str], says: str) -> None:
    result = run("due", *arguments)
    assert result.exit_code == 2
    assert result.output.startswith("错误：")
    assert says in result.output


def test_start_may_stand_in_the_file_and_must_agree(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text('[{"kind": "start", "on": "2026-03-09"}]', encoding="utf-8")
    result = run("due", "--days", "5", "--events", str(path), "--start", "2026-03-10")
    assert (result.exit_code, "不同" in result.output) == (2, True)
    result = run("due", "--days", "5", "--events", str(path), "--start", "2026-03-09", "--json")
    assert json.loads(result.output)["due_date"] == "2026-03-16"


def test_calendar_days_and_a_start_that_lies_ahead() -> None:
    result = run("due", "--days", "7", "--unit", "calendar", "--start", "2090-03-09", "--json")
    answer = json.loads(result.output)
    assert (answer["due_date"], answer["provisional"], answer["as_known_on"]) == (
        "2090-03-16",
        True,
        "2090-03-09",
    )


def test_before_the_start_was_recorded_nothing_is_due() -> None:
    result = run("due", "--days", "5", "--start", "2026-03-09", "--as-known-on", "2026-03-08", "--json")
    assert json.loads(result.output)["state"] == "not_started"
    assert (
        "尚未受理" in run("due", "--days", "5", "--start", "2026-03-09", "--as-known-on", "2026-03-08").output
    )
