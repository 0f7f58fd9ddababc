# SPDX-License-Identifier: Apache-2.0
"""Each day has one root that never changes, chained to the day before; whoever touches it is found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine

from yiwang.apps.journal.models import CHAINS, DAYS, Batch, BatchEntry, DayRoot, DaySeal, Entry, Stream
from yiwang.apps.journal.public import (
    Pending,
    Proof,
    close_days,
    days_so_far,
    entry_in,
    proof_of,
    record,
    seal_batch,
    seal_days,
    verify,
)
from yiwang.kernel.actor import system
from yiwang.kernel.dates import BEIJING
from yiwang.kernel.errors import Invalid, NotFound

from . import tampering

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

FIRST = dt.date(2026, 3, 2)
CLERK = system("测试")


def at(day: int, hour: int = 12, minute: int = 0) -> dt.datetime:
    """A moment of the n-th day of these tests, Beijing time."""
    return dt.datetime.combine(FIRST + dt.timedelta(days=day - 1), dt.time(hour, minute), BEIJING)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands where it is put."""
    with time_machine.travel(at(1), tick=False) as traveller:
        yield traveller


def write(*streams: str, seal: bool = True) -> None:
    """One entry in each stream, sealed together."""
    for stream in streams:
        record(CLERK, "case.moved", stream=stream, about=stream)
    if seal:
        seal_batch()


def press(digest: bytes, name: str) -> bytes:
    """A toy seal: what it protects, marked."""
    assert name == "day.txt"
    return b"sealed:" + digest


def good(der: bytes, digest: bytes) -> str:
    """Checks the toy seal."""
    return "" if der == b"sealed:" + digest else "第3步：原文摘要不符"


def told(**known: dict[dt.date, str]) -> list[tuple[str, str]]:
    """What `verify` says."""
    return [(p.where, p.what) for p in verify(check_seal=good, **known)]  # type: ignore[arg-type]


def three_days(clock: time_machine.Traveller) -> None:
    """Two batches on the first day, none on the second, one on the third; all closed and sealed."""
    write("a", "b")
    write("a")
    clock.move_to(at(3))
    write("c", "d", "e")
    clock.move_to(at(4))
    assert close_days() == 3
    assert seal_days(press) == 3


def test_a_day_gets_its_root_when_it_has_ended(clock: time_machine.Traveller) -> None:
    write("a", "b")
    clock.move_to(at(1, 23, 59))
    assert close_days() == 0
    clock.move_to(at(2, 0))
    assert (close_days(), close_days()) == (1, 0)
    row = DayRoot.objects.get()
    assert (row.day, row.number, row.first_batch, row.last_batch, row.entries) == (FIRST, 1, 1, 1, 2)
    assert row.said().statement().decode().splitlines()[:5] == [
        "一网日志日根 1",
        "日期 2026-03-02",
        "序号 1",
        "批次 1-1",
        "行数 2",
    ]


def test_the_day_is_that_of_beijing(clock: time_machine.Traveller) -> None:
    clock.move_to(dt.datetime(2026, 3, 1, 16, 30, tzinfo=dt.UTC))  # 00:30 of 2 March in Beijing
    write("a")
    close_days(now=at(2))
    assert DayRoot.objects.get().day == FIRST


def test_no_day_before_the_first_entry() -> None:
    assert close_days(now=at(9)) == 0


def test_a_day_without_entries_has_a_root_too(clock: time_machine.Traveller) -> None:
    three_days(clock)
    empty = DayRoot.objects.get(number=2)
    assert (empty.first_batch, empty.last_batch, empty.entries) == (3, 2, 0)
    assert "批次 无" in empty.said().statement().decode()
    assert told() == []


def test_a_late_entry_lies_in_the_day_in_which_it_was_sealed(clock: time_machine.Traveller) -> None:
    write("a")
    write("late", seal=False)
    clock.move_to(at(2))
    close_days()
    seal_batch()
    clock.move_to(at(3))
    close_days()
    assert [row.entries for row in DayRoot.objects.order_by("number")] == [1, 1]
    assert told() == []


def test_a_clock_that_goes_back_loses_no_batch(clock: time_machine.Traveller) -> None:
    write("a")
    clock.move_to(at(2))
    close_days()
    clock.move_to(at(1, 23))
    write("b")
    clock.move_to(at(3))
    close_days()
    assert list(DayRoot.objects.order_by("number").values_list("first_batch", "last_batch")) == [
        (1, 1),
        (2, 2),
    ]
    assert told() == []


def test_days_without_a_key_stay_visibly_unsealed_and_are_sealed_later(
    clock: time_machine.Traveller,
) -> None:
    write("a")
    clock.move_to(at(3))
    close_days()
    assert seal_days(None) == 0
    so_far = days_so_far()
    assert (so_far.rooted, so_far.sealed, so_far.unsealed) == (FIRST + dt.timedelta(days=1), None, 2)
    assert so_far.unsealed_since == FIRST
    assert told() == []
    assert seal_days(press) == 2
    assert days_so_far().unsealed == 0
    assert told() == []


def test_a_press_that_fails_seals_nothing(clock: time_machine.Traveller) -> None:
    write("a")
    clock.move_to(at(2))
    close_days()

    def broken(digest: bytes, name: str) -> bytes:
        raise OSError("加密机没有应答")

    with pytest.raises(OSError, match="加密机"):
        seal_days(broken)
    assert days_so_far().unsealed == 1
    assert told() == []


def test_the_chains_are_no_streams_for_entries() -> None:
    for chain in CHAINS:
        with pytest.raises(Invalid):
            record(CLERK, "case.moved", stream=chain)


# -- proofs


def test_an_entry_has_a_proof_once_its_day_is_sealed(clock: time_machine.Traveller) -> None:
    write("a", seal=False)
    entry = Entry.objects.get().pk
    assert proof_of(entry) == Pending(FIRST, rooted=False)
    seal_batch()
    assert proof_of(entry) == Pending(FIRST, rooted=False)
    clock.move_to(at(2))
    close_days()
    assert proof_of(entry) == Pending(FIRST, rooted=True)
    seal_days(press)
    proof = proof_of(entry)
    assert isinstance(proof, Proof)
    assert proof.path() == b"leaf\n"
    assert b'"stream":"a"' in proof.entry


def test_nothing_is_no_entry() -> None:
    with pytest.raises(NotFound):
        proof_of(99)
    assert entry_in("case:none", "case.moved") is None


# -- tampering: every table, altered, deleted, reordered, appended


TAMPERINGS: dict[str, tuple[Callable[[], object], set[str]]] = {
    "entry altered": (
        lambda: tampering.alter(Entry.objects.get(stream_id="c"), action="case.granted"),
        {"流 c"},
    ),
    "entry deleted": (
        lambda: tampering.remove(Entry.objects.get(stream_id="d")),
        {"流 d", "批次 3"},
    ),
    "line altered": (
        lambda: tampering.rows(BatchEntry).filter(position=2).update(digest="0" * 64),
        {"批次 3"},
    ),
    "lines reordered": (
        lambda: [
            tampering.rows(BatchEntry).filter(batch__number=3, position=old).update(position=new)
            for old, new in ((0, 9), (1, 0), (9, 1))
        ],
        {"批次 3"},
    ),
    "line deleted": (
        lambda: tampering.rows(BatchEntry).filter(batch__number=3, position=2).delete(),
        {"批次 3"},
    ),
    "batch's root altered": (
        lambda: tampering.rows(Batch).filter(number=1).update(root="0" * 64),
        {"批次 1", "日根 2026-03-02"},
    ),
    "batch's root made rubbish": (
        lambda: tampering.rows(Batch).filter(number=1).update(root="改"),
        {"批次 1", "日根 2026-03-02"},
    ),
    "last batch deleted": (
        lambda: tampering.remove_batch(3),
        {"批次 3", "日根 2026-03-04"},
    ),
    "root altered": (
        lambda: tampering.rows(DayRoot).filter(number=2).update(root="0" * 64),
        {"日根 2026-03-03", "日根 2026-03-03的签章"},
    ),
    "entries of a day altered": (
        lambda: tampering.rows(DayRoot).filter(number=1).update(entries=4),
        {"日根 2026-03-02", "日根 2026-03-02的签章"},
    ),
    "day of a root altered": (
        lambda: tampering.rows(DayRoot).filter(number=3).update(day=at(9).date()),
        {"日根 2026-03-10", "日根 2026-03-10的签章"},
    ),
    "digest of a day altered": (
        lambda: tampering.rows(DayRoot).filter(number=3).update(digest="0" * 64),
        {"日根 2026-03-04"},
    ),
    "head of the days altered": (
        lambda: Stream.objects.filter(key=DAYS).update(head="0" * 64),
        {"日根 2026-03-04"},
    ),
    "seal altered": (
        lambda: tampering.rows(DaySeal).filter(day__number=2).update(signature=b"x"),
        {"日根 2026-03-03的签章", "日根的签章"},
    ),
    "seal in the middle deleted": (
        lambda: tampering.rows(DaySeal).filter(day__number=2).delete(),
        {"日根 2026-03-04的签章"},
    ),
    "last seal deleted": (
        lambda: tampering.rows(DaySeal).filter(day__number=3).delete(),
        {"日根的签章"},
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_whoever_touches_a_table_is_found_at_the_place(name: str, clock: time_machine.Traveller) -> None:
    three_days(clock)
    assert told() == []
    change, where = TAMPERINGS[name]
    change()
    assert {one for one, _ in told()} == where


def test_a_deleted_last_day_is_found(clock: time_machine.Traveller) -> None:
    three_days(clock)
    tampering.rows(DaySeal).filter(day__number=3).delete()
    tampering.rows(DayRoot).filter(number=3).delete()
    assert ("日根第 3 日", "应有 3 日，末尾的不见了") in told()


def test_swapped_days_are_found(clock: time_machine.Traveller) -> None:
    three_days(clock)
    for old, new in ((1, 99), (2, 1), (99, 2)):
        tampering.rows(DayRoot).filter(number=old).update(number=new)
    assert told()[0] == ("日根 2026-03-03", "与上一日接不上：有日根被删除、改动或调换")


def test_who_rewrites_everything_without_the_key_is_found_by_the_seal(
    clock: time_machine.Traveller,
) -> None:
    """All tables agree again, the day's root and chain included: only the seal says no."""
    write("a", "b")
    clock.move_to(at(2))
    close_days()
    seal_days(press)
    noted = days_so_far().last_digest
    tampering.alter(Entry.objects.get(stream_id="a"), action="case.granted")
    tampering.recompute("a")
    kept = DaySeal.objects.get()
    signature, sealed_at = bytes(kept.signature), kept.sealed_at
    tampering.rows(DaySeal).delete()
    for table in (DayRoot, BatchEntry, Batch):
        tampering.rows(table).delete()
    Stream.objects.filter(key__in=("batches", "days")).update(length=0, head="0" * 64)
    clock.move_to(at(1))
    seal_batch()
    clock.move_to(at(2))
    close_days()
    DaySeal.objects.create(day=DayRoot.objects.get(), sealed_at=sealed_at, signature=signature)
    assert told() == [("日根 2026-03-02的签章", "验证不通过：第3步：原文摘要不符")]
    assert told(known_days={FIRST: noted})[0] == (
        "日根 2026-03-02",
        "与另行留存的摘要不符：整本日志可能被改写",
    )


def test_a_noted_day_that_is_not_there_is_told() -> None:
    assert told(known_days={FIRST: "0" * 64}) == [("日根 2026-03-02", "另行留存了摘要，这里却没有这一日")]


@pytest.mark.parametrize("model", [DayRoot, DaySeal])
def test_a_published_root_and_its_seal_can_only_be_appended(
    model: type, clock: time_machine.Traveller
) -> None:
    three_days(clock)
    row = model.objects.first()  # type: ignore[attr-defined]
    for change in (row.save, row.delete, model.objects.all().delete):  # type: ignore[attr-defined]
        with pytest.raises(TypeError, match="只能追加"):
            change()
