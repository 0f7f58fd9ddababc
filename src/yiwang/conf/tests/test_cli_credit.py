# SPDX-License-Identifier: Apache-2.0
"""`yiwang credit`: records to columns and back, all firms and one, as somebody does it by command."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
import time_machine
from click.testing import CliRunner

from support.city import definitions
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.credit import public as credit
from yiwang.apps.identity import public as identity
from yiwang.apps.journal.public import looks_at
from yiwang.conf.cli_credit import group
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.ids import make_id_number, make_uscc

pytestmark = pytest.mark.django_db
TODAY = dt.datetime(2026, 11, 2, 2, tzinfo=dt.UTC)
CODE = make_uscc("411702", 31)
SETUP = system("测试准备")


def firm() -> str:
    """A firm in a city with the credit definitions of the repository."""
    known = definitions()
    kinds: dict[str, Any] = {name: known.others[name] for name in ("calendars", "credit")}
    kinds |= {name: getattr(known, name) for name in ("sources", "settings", "orgs")}
    digest = draft_release(SETUP, Catalogue.of(kinds, digest=digest_of(kinds)), summary="测试")
    review_release(system("测试复核"), digest, approve=True)
    publish_release(SETUP, digest)
    boss = identity.register_person(
        SETUP, name="法人", id_number=make_id_number("411702", dt.date(1980, 1, 2), 20)
    )
    return identity.register_firm(
        SETUP, name="测试企业有限公司", uscc=CODE, kind="公司", representative=boss,
        founded=dt.date(2015, 1, 1), address="驿城区",
    )  # fmt: skip


def penalty(subject: str) -> credit.NewRecord:
    """A grave penalty."""
    day = TODAY.date() - dt.timedelta(days=1)
    said = {"违法事实": "虚假宣传", "处罚依据": "第二十条", "处罚种类": "罚款", "处罚内容": "罚款二十万元"}
    return credit.NewRecord(
        "credit-penalty", subject, "虚假宣传", "反不正当竞争法第二十条", day, day, "market-regulation", said,
        reference="一号", severity=credit.Severity.GRAVE,
    )  # fmt: skip


def test_exported_checked_evaluated_and_told(tmp_path: Path) -> None:
    store, to = tmp_path / "store", tmp_path / "out.parquet"

    def told(*words: str) -> Any:
        return CliRunner().invoke(group, [*words, "--store", str(store)])

    with time_machine.travel(TODAY, tick=False) as clock:
        subject = firm()
        officer = Actor(ActorKind.OFFICER, "of-1", "甲", (Post(Role.HANDLER, "market-regulation"),))
        record = credit.record(officer, penalty(subject))
        clock.shift(dt.timedelta(hours=2))
        assert "写入 1 条，分 1 步" in told("export").stdout
        assert "写入 0 条" in told("export").stdout
        assert "已合并到第 1 步" in told("merge").stdout
        assert told("check").exit_code == 0
        assert "C级 1 家" in told("evaluate", "--to", str(to)).stdout
        (row,) = parquet.read_table(to).to_pylist()
        assert (row["subject"], row["等级"]) == (subject, "C级")
        words = CliRunner().invoke(group, ["explain", CODE, "--purpose", "编制抽查计划"]).stdout
        assert "60 分，C级" in words
        assert "严重失信扣分 -20" in words
        assert f"{record} 2026-11-01 严重处罚数，计到 2029-11-01；没有它是 80 分 B级" in words
        assert "共 1 条" in told("history", CODE, "--purpose", "核对").stdout
    assert [look["purpose"] for look in looks_at(subject)] == ["核对", "编制抽查计划"]
    (file,) = store.glob("facts/2025-2029/*.parquet")
    file.write_bytes(file.read_bytes()[:-1])
    assert told("check").exit_code == 1
