# SPDX-License-Identifier: Apache-2.0
"""`yiwang definitions`, as people and machines use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from yiwang.conf.cli import main
from yiwang.engines import house

LEVELS = "levels: [national, city]\n"
LAW = "id: law\nname: 某法\nkind: law\npublisher: 某某\n"
BANK = "id: bank\nname: 银行\nkind: bank\nshort_name: 银行\ncite: {doc: law, at: 第一条}\n"
REFINED = "id: bank\nrefines: true\nname: 驻马店银行\n"


def city(root: Path, *, bank: str = BANK, refined: str = REFINED) -> Path:
    """A very small city."""
    for name, text in {
        "levels.yaml": LEVELS,
        "national/sources/law.yaml": LAW,
        "national/orgs/bank.yaml": bank,
        "city/orgs/bank.yaml": refined,
    }.items():
        path = root / "definitions" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root / "definitions"


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, output and complaints of one call."""
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_a_sound_city_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "definitions", "check", "--directory", city(tmp_path))
    assert (code, out) == (0, "读了 4 个文件，2 条定义（orgs 1、sources 1）：没有问题。\n")


def test_problems_are_told_by_line_and_end_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = city(tmp_path, bank=BANK.replace("kind: bank", "kind: benk").replace("doc: law", "doc: low"))
    code, out, _ = run(capsys, "definitions", "check", "--directory", root)
    assert code == 1
    first, last = out.splitlines()
    assert first.startswith(
        "definitions/national/orgs/bank.yaml:3: kind：没有“benk”这个选择 → 您是不是想写“bank”？"
    )
    assert last.endswith("1 处问题，1 处提醒（--warnings 查看）。")
    assert (
        "提醒 definitions/national/sources/law.yaml:1:"
        in run(capsys, "definitions", "check", "--directory", root, "--warnings")[1]
    )


def test_problems_of_other_files_can_be_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = city(tmp_path, bank=BANK.replace("kind: bank", "kind: benk"))
    assert run(capsys, "definitions", "check", "--directory", root, "law.yaml")[0] == 0
    assert run(capsys, "definitions", "check", "--directory", root, "bank.yaml")[0] == 1


def test_a_machine_gets_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = city(tmp_path, bank=BANK.replace("kind: bank", "kind: benk"))
    code, out, _ = run(capsys, "definitions", "check", "--json", "--directory", root)
    told = json.loads(out)
    assert code == 1
    assert told["files"] == 4
    assert [(p["file"], p["line"]) for p in told["problems"]] == [("definitions/national/orgs/bank.yaml", 3)]
    assert told["problems"][0]["mend"].startswith("您是不是想写")


def test_stale_schemas_are_a_problem_until_written_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = city(tmp_path)
    (root / "schema").mkdir()
    code, out, _ = run(capsys, "definitions", "check", "--directory", root)
    assert code == 1
    assert "definitions/schema/items.schema.json:1: 与定义的种类不一致" in out
    assert run(capsys, "definitions", "schema", "--directory", root)[0] == 0
    assert run(capsys, "definitions", "check", "--directory", root)[0] == 0


def test_list_names_kinds_and_definitions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = city(tmp_path)
    assert run(capsys, "definitions", "list", "--directory", root)[1] == "orgs\t1\nsources\t1\n"
    assert run(capsys, "definitions", "list", "orgs", "--directory", root)[1] == "bank\t驻马店银行\n"
    code, _, err = run(capsys, "definitions", "list", "org", "--directory", root)
    assert code == 1
    assert "您是不是想写“orgs”？" in err


def test_show_gives_the_merged_definition_and_its_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = city(tmp_path)
    out = run(capsys, "definitions", "show", "orgs", "bank", "--directory", root)[1]
    assert out.splitlines()[:2] == [
        "# 来自 definitions/national/orgs/bank.yaml",
        "# 来自 definitions/city/orgs/bank.yaml",
    ]
    assert yaml.safe_load(out) == {
        "id": "bank",
        "name": "驻马店银行",
        "kind": "bank",
        "short_name": "银行",
        "cite": {"doc": "law", "at": "第一条"},
    }
    shown = json.loads(run(capsys, "definitions", "show", "--json", "orgs", "bank", "--directory", root)[1])
    assert shown["aliases"] == []
    code, _, err = run(capsys, "definitions", "show", "orgs", "bnak", "--directory", root)
    assert code == 1
    assert "您是不是想写“bank”？" in err


def test_digest_is_that_of_the_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = city(tmp_path)
    assert run(capsys, "definitions", "digest", "--directory", root)[1].strip() == house.load(root).digest


def test_digest_of_a_broken_city_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = city(tmp_path, bank="id: bank\n")
    code, out, err = run(capsys, "definitions", "digest", "--directory", root)
    assert (code, out) == (1, "")
    assert "definitions/national/orgs/bank.yaml:1: " in err


def test_diff_tells_values(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = city(tmp_path / "a")
    after = city(tmp_path / "b", refined=REFINED.replace("驻马店银行", "驻马店农商银行"))
    code, out, _ = run(capsys, "definitions", "diff", before, after)
    assert code == 0
    assert out == ('~ orgs/bank name: "驻马店银行" → "驻马店农商银行"\n增加 0，删去 0，修改 1。\n')
    told = json.loads(run(capsys, "definitions", "diff", "--json", before, after)[1])
    assert told["changed"][0]["fields"][0]["path"] == "name"


def test_the_directory_comes_from_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIWANG_DEFINITIONS_DIR", str(city(tmp_path)))
    assert "2 条定义" in run(capsys, "definitions", "check")[1]
    monkeypatch.setenv("YIWANG_DEFINITIONS_DIR", str(tmp_path / "nowhere"))
    code, out, _ = run(capsys, "definitions", "check")
    assert code == 1
    assert "没有这个目录" in out
    assert "YIWANG_DEFINITIONS_DIR" in out


def test_help_lists_the_parts_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert "definitions  查看、检查、比较事项等定义" in out
