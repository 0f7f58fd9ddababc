# SPDX-License-Identifier: Apache-2.0
"""`yiwang rules` and `yiwang benefits` as people and programs call them."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from yiwang.conf.cli import root
from yiwang.engines import house

read_once = cache(house.load)
FACTS = {"所在物流枢纽": "国家物流枢纽", "是否物流补短板项目": True, "物流项目总投资额": "60000000.50"}


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(FACTS, ensure_ascii=False), encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def _definitions_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiwang.engines.house.load", read_once)


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(root, [str(each) for each in arguments])


def test_one_policy_for_one_firm_with_reasons(facts: Path) -> None:
    done = run(
        "benefits",
        "calculate",
        "logistics-gap-filling-subsidy",
        "--facts",
        facts,
        "--on",
        "2023-05-04",
        "--json",
    )
    assert done.exit_code == 0, done.output
    (found,) = json.loads(done.output)["policies"]
    assert (found["standing"], found["fen"], found["upper_bound"]) == ("fits", 500_000_000, True)
    assert any("60000000.5" in line for line in found["why"])
    assert found["clause"] == "zhu-zheng-2022-60 L271"


def test_a_policy_that_is_over_says_what_it_would_have_given(facts: Path) -> None:
    done = run(
        "benefits",
        "calculate",
        "logistics-gap-filling-subsidy",
        "--facts",
        facts,
        "--on",
        "2026-05-04",
        "--json",
    )
    (found,) = json.loads(done.output)["policies"]
    assert (found["standing"], found["fen"], found["then"]["fen"]) == ("expired", None, 500_000_000)


def test_everything_at_once_names_what_to_ask_next(facts: Path) -> None:
    done = run("benefits", "calculate", "all", "--facts", facts, "--on", "2023-05-04")
    assert done.exit_code == 0, done.output
    assert "最多 5,000,000.00 元" in done.output
    assert "先弄清这些" in done.output


def test_what_a_policy_needs_to_know() -> None:
    said = json.loads(run("benefits", "describe", "logistics-charging-station", "--json").output)
    assert {one["name"]: one["unit"] for one in said["facts"]}["充电总功率"] == "千瓦"
    (policy,) = said["policies"]
    assert (policy["valid_from"], policy["valid_to"]) == ("2022-10-18", "2025-12-31")
    assert policy["quote"] == "由省按照主要设备投资总额的30%给予补助"


def test_a_whole_file_is_matched_and_written(tmp_path: Path) -> None:
    data, to = tmp_path / "firms.parquet", tmp_path / "result.parquet"
    investments = [Decimal("50000000.00"), Decimal("60000000.00"), None]
    table = {
        "id": ["甲", "乙", "丙"],
        "所在物流枢纽": ["国家物流枢纽"] * 3,
        "是否物流补短板项目": [True] * 3,
        "物流项目总投资额": pa.array(investments, pa.decimal128(18, 2)),
    }
    pq.write_table(pa.table(table), data)
    done = run("benefits", "match", "all", "--data", data, "--to", to, "--on", "2023-05-04")
    assert done.exit_code == 0, done.output
    assert "物流公共服务基础设施补短板项目补助：符合 1，还不能确定 1，共 5,000,000.00 元" in done.output
    assert "没有计算 logistics-5a-firm" in done.output
    rows = {row["id"]: row for row in pq.read_table(to).to_pylist()}
    assert [rows[key]["logistics-gap-filling-subsidy.fen"] for key in "甲乙丙"] == [0, 500_000_000, None]
    assert [rows[key]["logistics-gap-filling-subsidy.reason"] for key in "甲乙丙"] == [3, 0, -3]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["benefits", "calculate", "no-such-policy"], "没有编号为“no-such-policy”的政策"),
        (["benefits", "match", "--data", "/no/such/file"], "不能作为对象表读取"),
        (["benefits", "match", "--data", "firms", "--backend", "postgres"], "没有设定 PostgreSQL 数据库"),
        (["rules", "check", '充电总功率 > "甲"'], "不能比较"),
        (["rules", "eval", "充电总功率 > 1", "--facts", "/no/such/file"], "没有文件"),
        (["rules", "check", "充电总功力 > 1"], "充电总功率"),
    ],
)
def test_a_mistake_is_told_in_chinese(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YIWANG_DATABASE_URL", raising=False)
    done = run(*arguments)
    assert done.exit_code != 0
    assert said in str(done.exception) + done.output


def test_a_fact_that_does_not_fit_is_named(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text('{"充电总功率": "很大"}', encoding="utf-8")
    assert "“充电总功率”的值“很大”读不懂" in str(
        run("rules", "eval", "充电总功率 > 1", "--facts", file).exception
    )


def test_a_rule_is_explained_with_how_far_it_missed(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text('{"充电总功率": 599.9, "集中充电桩数": 19}', encoding="utf-8")
    done = run("rules", "explain", "充电总功率 >= 600 or 集中充电桩数 >= 20", "--facts", file)
    assert "差0.1" in done.output
    assert "差1" in done.output
