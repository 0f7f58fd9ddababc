# SPDX-License-Identifier: Apache-2.0
"""`yiwang vault`: an operator changes the key of a city, step by step, and finds where a leak came from."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from yiwang.apps.identity.public import find_person, register_person
from yiwang.apps.journal.public import entries_of
from yiwang.apps.vault.public import watermark
from yiwang.conf.cli import root
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict
from yiwang.kernel.ids import make_id_number

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> Result:
    return CliRunner().invoke(root, ["vault", *map(str, arguments)])


@pytest.fixture
def number(settings: Any, tmp_path: Path) -> str:
    """Somebody registered, in a city with keys of its own."""
    settings.DATA_DIR = tmp_path
    settings.VAULT_KEYS = ""
    made = make_id_number("411702", dt.date(1985, 3, 4), 11)
    register_person(system("测试"), name="王甲", id_number=made, phone="13800000011", address="解放路1号")
    return made


def test_a_key_is_changed_step_by_step_and_each_step_is_on_record(number: str) -> None:
    (old,) = [line.split()[0] for line in run("status").output.splitlines() if "正在使用" in line]
    done = run("rotate", "--as", "李工")
    assert done.exit_code == 0, done.output
    new = done.output.split("新密钥 ")[1][:8]
    told = run("status").output
    assert f"identity_person.id_number：{old} 1 个" in told
    assert "只用来打开旧数据" in told
    refused = run("retire", old)
    assert isinstance(refused.exception, Conflict)
    assert "还有 3 个值" in refused.exception.message
    done = run("reencrypt")
    assert done.exit_code == 0, done.output
    assert f"3 个值已改用密钥 {new}" in done.output
    assert f"identity_person.id_number：{new} 1 个" in run("status").output
    assert run("retire", old).exit_code == 0
    assert find_person(number, "王甲").number == number
    assert run("restore-key", old).exit_code == 0
    assert [one["action"] for one in entries_of("vault")] == [
        "vault.key.made",
        "vault.reencrypted",
        "vault.key.retired",
        "vault.key.restored",
    ]
    assert entries_of("vault")[0]["actor_name"] == "李工"


def test_the_key_of_blind_indexes_is_changed_and_the_columns_follow(number: str) -> None:
    made = run("rotate-index", "--as", "李工")
    assert made.exit_code == 0, made.output
    assert find_person(number, "王甲").number == number
    moved = run("reindex")
    assert (moved.exit_code, "1 个盲索引已改用当前密钥" in moved.output) == (0, True)
    assert "0 个盲索引" in run("reindex").output
    assert find_person(number, "王甲").number == number
    assert [one["action"] for one in entries_of("vault")] == ["vault.index.made", *["vault.reindexed"] * 2]


def test_where_a_leaked_part_comes_from(number: str, tmp_path: Path) -> None:
    mark = watermark(receipt="b-1", receiver="health", who="卫健委 赵")
    leak = tmp_path / "leak.csv"
    with leak.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(list(mark.rows([["王甲", number], ["李乙", number]]))[1:])
    done = run("watermark", leak)
    assert done.exit_code == 0
    assert "回执 b-1，交给 health" in done.output
    assert "1 行有记录号" in done.output
    leak.write_text("姓名,号码\n王甲,1\n", encoding="utf-8")
    done = run("watermark", leak)
    assert done.exit_code == 1
    assert "不能证明" in done.output
