# SPDX-License-Identifier: Apache-2.0
"""Whoever changes the journal is found, and the row is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from yiwang.apps.journal.models import BATCHES, Batch, BatchEntry, Entry, Stream
from yiwang.apps.journal.public import entries_of, last_batch, looks_at, record, seal_batch, verify
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, system
from yiwang.kernel.errors import Invalid

from . import tampering

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

CLERK = Actor(ActorKind.OFFICER, "o_zhao", "赵窗口")
A, B = "case:a", "case:b"


def write(stream: str = A, times: int = 5) -> list[Entry]:
    """Entries of one stream, oldest first."""
    for number in range(times):
        record(CLERK, "case.moved", stream=stream, about=stream, detail={"n": number, "词": "受理"})
    return list(Entry.objects.filter(stream_id=stream).order_by("seq"))


def told() -> list[tuple[str, int | None, str]]:
    """What `verify` says: where, which row, and the reason."""
    return [(p.where, p.row, p.what) for p in verify()]


def only_problem() -> tuple[str, int | None, str]:
    """The one problem there must be."""
    problems = told()
    assert len(problems) == 1, problems
    return problems[0]


def test_an_untouched_journal_has_no_problem() -> None:
    write(A), write(B)
    seal_batch()
    write(A, 2)
    assert told() == []


def test_an_entry_says_who_did_what_to_whom() -> None:
    record(CLERK, "evidence.look", stream=A, about="a", subject="p_wang", purpose="核验", basis="某法第一条")
    (entry,) = entries_of(A)
    assert (entry["seq"], entry["actor"], entry["actor_name"]) == (1, "o_zhao", "赵窗口")
    (look,) = looks_at("p_wang")
    assert (look["purpose"], look["basis"], look["about"]) == ("核验", "某法第一条", "a")
    assert looks_at("p_other") == []


@pytest.mark.parametrize(
    "change",
    [
        {"action": "case.granted"},
        {"actor": "o_other"},
        {"actor_name": "钱"},
        {"detail": {"n": 9}},
        {"subject": "p_x"},
        {"basis": "x"},
    ],
    ids=lambda c: next(iter(c)),
)
def test_the_first_altered_row_is_named(change: dict[str, object]) -> None:
    entries = write()
    for entry in entries[2:4]:
        tampering.alter(entry, **change)
    where, row, what = only_problem()
    assert (where, row) == (f"流 {A}", entries[2].pk)
    assert "此行被改动" in what


def test_a_changed_time_is_found_to_the_microsecond() -> None:
    entries = write()
    moved = entries[1].at.replace(microsecond=(entries[1].at.microsecond + 1) % 1_000_000)
    tampering.alter(entries[1], at=moved)
    assert only_problem()[1] == entries[1].pk


def test_a_missing_row_is_told_at_the_row_after_it() -> None:
    entries = write()
    tampering.remove(entries[1])
    where, row, what = only_problem()
    assert (where, row) == (f"流 {A}", entries[2].pk)
    assert "缺少序号 2" in what


def test_reordered_rows_are_found() -> None:
    entries = write()
    tampering.alter(entries[1], seq=99)
    tampering.alter(entries[2], seq=2)
    tampering.alter(entries[1], seq=3)
    assert only_problem()[1] == entries[2].pk


def test_a_row_that_was_put_into_another_stream_is_found() -> None:
    entries, others = write(A), write(B)
    tampering.alter(others[-1], stream_id=A, seq=6)
    assert {p[0] for p in told()} == {f"流 {A}", f"流 {B}"}
    assert entries


def test_a_deleted_tail_is_found() -> None:
    tampering.remove(*write()[-2:])
    where, row, what = only_problem()
    assert (where, row) == (f"流 {A}", None)
    assert "应有 5 行，实有 3 行" in what


def test_a_whole_deleted_stream_is_found_by_its_head() -> None:
    tampering.remove(*write(A))
    write(B)
    assert only_problem() == (f"流 {A}", None, "应有 5 行，一行也没有了")


def test_a_head_that_was_deleted_is_found() -> None:
    entries = write()
    Stream.objects.filter(key=A).update(length=0, head="0" * 64)
    where, _, what = only_problem()
    assert where == f"流 {A}"
    assert f"应有 0 行，实有 {len(entries)} 行" in what


def test_a_whole_stream_deleted_with_its_head_is_missed_by_its_batch() -> None:
    entries = write(A)
    write(B)
    seal_batch()
    tampering.remove(*entries)
    Stream.objects.filter(key=A).delete()
    assert only_problem() == ("批次 1", entries[0].pk, "已封存的行不见了")


def test_a_stream_rewritten_with_fitting_digests_is_found_by_its_batch() -> None:
    entries = write(A)
    seal_batch()
    tampering.alter(entries[3], action="case.granted")
    tampering.recompute(A)
    where, row, what = only_problem()
    assert (where, row) == ("批次 1", entries[3].pk)
    assert "已封存的行被改动" in what


def test_a_row_rewritten_in_the_batch_too_breaks_the_batch() -> None:
    entries = write(A)
    seal_batch()
    tampering.alter(entries[4], action="case.granted")
    tampering.recompute(A)
    fresh = Entry.objects.get(pk=entries[4].pk)
    tampering.rows(BatchEntry).filter(entry_id=fresh.pk).update(digest=fresh.digest)
    assert only_problem() == ("批次 1", None, "批次的内容与摘要不符")


@pytest.mark.parametrize("number", [1, 2])
def test_a_deleted_batch_in_the_middle_is_found_at_the_next(number: int) -> None:
    for _ in range(3):
        write(A, 2)
        seal_batch()
    tampering.remove_batch(number)
    assert only_problem() == (f"批次 {number + 1}", None, "与上一批次接不上：有批次被删除或改动")


def test_the_last_batch_cannot_be_cut_off() -> None:
    for _ in range(3):
        write(A, 2)
        seal_batch()
    tampering.remove_batch(3)
    assert only_problem() == ("批次 3", None, "应有 3 个批次，末尾的不见了")


def test_who_rewrites_everything_is_found_by_a_digest_noted_elsewhere() -> None:
    entries = write(A)
    seal_batch()
    noted = last_batch()
    assert noted is not None
    tampering.alter(entries[0], actor_name="别人")
    tampering.recompute(A)
    tampering.rows(BatchEntry).delete()
    tampering.rows(Batch).delete()
    Stream.objects.filter(key=BATCHES).update(length=0, head="0" * 64)
    seal_batch()
    assert told() == [], "everything in the database agrees"
    known = {noted.number: noted.digest}
    assert [p.what for p in verify(known_batches=known)] == ["与另行留存的摘要不符：整本日志可能被改写"]
    assert [p.where for p in verify(known_batches={7: noted.digest})] == ["批次 7"]


def test_an_entry_that_committed_late_is_sealed_with_the_next_batch() -> None:
    write(A)
    early = Entry.objects.order_by("id")[1]
    seal_batch(limit=1)
    assert seal_batch(limit=100) == 4
    assert seal_batch() == 0
    assert BatchEntry.objects.get(entry_id=early.pk).batch.number == 2


def test_an_entry_that_was_never_sealed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    first = write(A, 1)[0]
    write(B)
    monkeypatch.setattr("yiwang.apps.journal.checking.LATE_IDS", 3)
    assert seal_batch(late_ids=-first.pk) == 5  # begins behind the first entry
    where, row, what = only_problem()
    assert (where, row) == ("封存", first.pk)
    assert "--all" in what
    assert seal_batch(late_ids=100_000) == 1
    assert told() == []


def test_sealing_takes_what_it_is_told_and_batches_follow_each_other() -> None:
    write(A, 5)
    assert [seal_batch(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    batches = list(Batch.objects.order_by("number"))
    assert [b.previous for b in batches[1:]] == [b.digest for b in batches[:-1]]


@pytest.mark.parametrize(
    "missing", [{"subject": ""}, {"purpose": ""}, {"basis": ""}], ids=lambda m: next(iter(m))
)
def test_a_look_without_whom_what_for_and_by_what_right_is_refused(missing: dict[str, str]) -> None:
    given: dict[str, Any] = {"subject": "p_wang", "purpose": "核验", "basis": "某法第一条"} | missing
    with pytest.raises(Invalid):
        record(CLERK, "evidence.look", stream=A, **given)
    assert Entry.objects.count() == 0


def test_nobody_cannot_act() -> None:
    with pytest.raises(Invalid):
        record(ANONYMOUS, "case.moved", stream=A)


def test_the_chain_of_batches_is_no_stream_for_entries() -> None:
    with pytest.raises(Invalid):
        record(CLERK, "case.moved", stream=BATCHES)


def test_a_float_in_the_detail_is_refused_because_its_text_is_not_one() -> None:
    with pytest.raises(Invalid):
        record(CLERK, "case.moved", stream=A, detail={"share": 0.1})


@pytest.mark.parametrize("model", [Entry, Batch, BatchEntry])
def test_rows_can_only_be_appended(model: type[Entry]) -> None:
    write(A, 1)
    seal_batch()
    row = model.objects.get()
    forbidden: list[Callable[[], object]] = [
        row.save,
        row.delete,
        model.objects.all().delete,
        lambda: model.objects.update(digest="x"),
    ]
    for change in forbidden:
        with pytest.raises(TypeError, match="只能追加"):
            change()


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_with_its_change_or_not_at_all() -> None:
    with pytest.raises(RuntimeError, match="同一事务"):
        record(system("x"), "case.moved", stream=A)
    with transaction.atomic():
        record(system("x"), "case.moved", stream=A)
        transaction.set_rollback(True)
    assert Entry.objects.count() == 0
    with transaction.atomic():
        record(system("x"), "case.moved", stream=A)
    assert told() == []
