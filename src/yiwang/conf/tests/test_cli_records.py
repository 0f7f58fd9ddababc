# SPDX-License-Identifier: Apache-2.0
"""`yiwang journal`, `outbox` and `release`, as operators and officers use them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from yiwang.apps.catalogue.public import releases
from yiwang.apps.journal.public import entries_of, record, send
from yiwang.conf import cli_records
from yiwang.conf.cli import main
from yiwang.kernel.actor import system

pytestmark = pytest.mark.django_db

Run = Callable[..., tuple[int, str, str]]

LAW = "id: law\nname: 某法\nkind: law\npublisher: 某某\n"
BANK = "id: bank\nname: {name}\nkind: bank\nshort_name: 银行\ncite: {{doc: law, at: 第一条}}\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, output and complaints of one call."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture
def definitions(tmp_path: Path, settings: Any) -> Callable[[str], Path]:
    """A very small city whose bank has this name."""

    def write(bank: str) -> Path:
        files = {
            "levels.yaml": "levels: [national]\n",
            "national/sources/law.yaml": LAW,
            "national/orgs/bank.yaml": BANK.format(name=bank),
        }
        for name, text in files.items():
            path = tmp_path / "definitions" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        settings.DEFINITIONS_DIR = tmp_path / "definitions"
        return tmp_path / "definitions"

    return write


def sql(statement: str, *values: int) -> list[Any]:
    """What somebody with the database in hand would type."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def write_entries(times: int = 3) -> None:
    for _ in range(times):
        record(system("测试"), "case.moved", stream="case:a")


# -- journal


def test_a_sound_journal_says_so_and_ends_with_0(run: Run) -> None:
    write_entries()
    code, out, _ = run("journal", "verify")
    assert code == 0
    assert out == "日志完好。还没有封存过，待封存 3 行。\n"


def test_a_changed_journal_names_the_row_and_ends_with_1(run: Run) -> None:
    write_entries()
    ((second,),) = sql("SELECT id FROM journal_entry WHERE seq = 2")
    sql("UPDATE journal_entry SET action = 'case.granted' WHERE id = %s", second)
    code, out, _ = run("journal", "verify")
    assert code == 1
    assert f"流 case:a第 {second} 行：内容与摘要不符：此行被改动" in out
    assert "1 处问题" in out


def test_sealing_prints_what_verifying_takes(run: Run) -> None:
    write_entries()
    code, out, _ = run("journal", "seal")
    assert (code, out.splitlines()[0]) == (0, "封存了 3 行。")
    known = out.splitlines()[1].split("：")[1]
    assert run("journal", "verify", "--known", known)[0] == 0
    other = known[:-1] + ("0" if known[-1] != "0" else "1")
    code, out, _ = run("journal", "verify", "--known", other)
    assert code == 1
    assert "另行留存的摘要" in out
    assert run("journal", "seal", "--all")[1].startswith("封存了 0 行。")


def test_a_digest_that_is_none_is_told(run: Run) -> None:
    code, _, err = run("journal", "verify", "--known", "12")
    assert code == 2
    assert "12:3f9a" in err


def test_a_database_that_is_not_there_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError("no such table: journal_stream\nLINE 1")

    with pytest.raises(cli_records.Unavailable, match="no such table") as refused, cli_records.database():
        fail()
    assert "yiwang setup" in refused.value.mend


# -- outbox


def test_what_has_not_arrived_is_listed_without_its_content_and_sent_again(run: Run) -> None:
    assert run("outbox", "list")[1] == "没有未送达的消息。\n"
    with transaction.atomic():
        send("notice.text", "notice:1", {"phone": "13800000011"})
    sql("UPDATE journal_outboxmessage SET state = 'parked', attempts = 99, last_error = '没有应答'")
    ((message,),) = sql("SELECT id FROM journal_outboxmessage")
    _, out, _ = run("outbox", "list")
    assert out.startswith(f"{message}\t转人工\tnotice.text\t试过99次")
    assert "13800000011" not in out
    code, out, _ = run("outbox", "retry", message, "--as", "孙运维")
    assert code == 0
    assert "重新排队" in out
    assert entries_of("outbox")[0]["actor"] == "system:孙运维"
    code, _, err = run("outbox", "retry", message)
    assert code == 1
    assert "待发送" in err
    code, _, err = run("outbox", "retry", 999_999)
    assert code == 1
    assert "outbox list" in err


# -- release


def test_a_release_is_drafted_reviewed_by_another_and_published(run: Run, definitions: Any) -> None:
    definitions("甲银行")
    assert "还没有目录版本" in run("release", "list")[1]
    _, out, _ = run("release", "draft", "--as", "甲", "--summary", "首版")
    digest = out.splitlines()[0].removeprefix("版本 ")
    assert "还没有现行版本：增加 2" in out
    code, _, err = run("release", "review", digest, "--approve", "--as", "甲")
    assert code == 1
    assert "起草人不能复核" in err
    assert run("release", "review", digest[:8], "--approve", "--as", "乙")[0] == 0
    assert run("release", "publish", digest[:8].upper(), "--as", "甲")[0] == 0
    _, out, _ = run("release", "list")
    assert out.startswith(f"* {digest[:12]}\t已发布")
    assert "首版" in out
    assert [e["actor"] for e in entries_of("releases")] == ["system:甲", "system:乙", "system:甲"]


def test_a_draft_says_how_it_differs_from_what_is_in_force(run: Run, definitions: Any) -> None:
    definitions("甲银行")
    digest = run("release", "draft", "--as", "甲")[1].splitlines()[0].removeprefix("版本 ")
    run("release", "review", digest, "--approve", "--as", "乙")
    run("release", "publish", digest)
    assert "与现行版本相同" in run("release", "draft", "--as", "甲")[1]
    assert "增加 0，删去 0，修改 1" in run("release", "draft", "--directory", definitions("乙银行"))[1]


def test_sending_back_needs_a_reason(run: Run, definitions: Any) -> None:
    definitions("甲银行")
    digest = run("release", "draft", "--as", "甲")[1].splitlines()[0].removeprefix("版本 ")
    assert run("release", "review", digest, "--reject", "--as", "乙")[0] == 1
    assert run("release", "review", digest, "--as", "乙")[0] == 2
    assert run("release", "review", digest, "--reject", "--words", "缺依据", "--as", "乙")[0] == 0
    assert sql("SELECT state, review_words FROM catalogue_release") == [("rejected", "缺依据")]


@pytest.mark.parametrize("begins", ["", "abc", "zzzzzzz"])
def test_a_release_is_named_by_enough_of_its_digest(run: Run, definitions: Any, begins: str) -> None:
    definitions("甲银行")
    run("release", "draft", "--as", "甲")
    code, _, err = run("release", "publish", begins)
    assert code == 1
    assert "release list" in err


def test_definitions_with_a_mistake_make_no_release(run: Run, definitions: Any) -> None:
    (definitions("甲银行") / "national/orgs/bank.yaml").write_text("id: bank\nname: 甲\n", encoding="utf-8")
    code, _, err = run("release", "draft")
    assert code == 1
    assert "bank.yaml" in err
    assert releases() == []
