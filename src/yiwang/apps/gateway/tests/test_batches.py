# SPDX-License-Identifier: Apache-2.0
"""Deliveries in batches: every row once whatever is killed, masked as granted, taken by the grantee alone."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone
from pyarrow import parquet

from support import gateway as world
from yiwang.apps.exchange import public as exchange
from yiwang.apps.gateway import batches_files, batches_run
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.batches_writing import record_numbers
from yiwang.apps.gateway.domain.deliveries import sha256, whole_digest
from yiwang.apps.gateway.models import Batch, BatchPart
from yiwang.apps.gateway.public import BatchState, Form
from yiwang.apps.journal.public import entries_of
from yiwang.apps.vault.public import read_watermark, watermark
from yiwang.engines.exchange.masking import screen
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, YiwangError

from .conftest import COUNT

TAKER = world.ASKING_DATA


class Killed(BaseException):
    """The process dies here."""


def asked(form: Form = Form.CSV, **more: Any) -> str:
    return gateway.ask_batch(TAKER, gateway.NewBatch(world.grant(batch=True), form, **more))


def made(form: Form = Form.CSV, rows: int = 5, **more: Any) -> gateway.BatchView:
    identity = asked(form, **more)
    list(gateway.run_batch(identity, rows=rows))
    return gateway.batch_view(TAKER, identity)


def taken(view: gateway.BatchView) -> list[dict[str, str]]:
    """All rows of the CSV files, in order."""
    found: list[dict[str, str]] = []
    for part in view.parts:
        _, data = gateway.take_file(TAKER, view.id, part.number)
        assert sha256(data) == part.digest
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8"))))
        assert len(rows) == part.rows
        found += rows
    return found


def expected() -> list[dict[str, Any]]:
    """What the grant allows to be seen, in the source's order."""
    rows = sorted((world.row_of(n) for n in range(1, COUNT + 1)), key=lambda row: row["number"])
    resource = world.resource()
    return [screen(row, fields=world.FIELDS, plain={"owner"}, resource=resource) for row in rows]


def plain_rows(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    names = {one.name: one.id for one in world.resource().fields}
    return [{names[key]: value for key, value in row.items() if key in names} for row in rows]


@pytest.mark.storage
def test_every_row_comes_once_masked_as_granted(houses: Path) -> None:
    view = made()
    assert (view.state, view.rows, len(view.parts)) == (BatchState.READY, COUNT, 5)
    rows = taken(view)
    assert plain_rows(rows) == expected()
    _, manifest = gateway.take_file(TAKER, view.id, 0)
    told = json.loads(manifest)
    assert told["sha256"] == view.digest == whole_digest(part.digest for part in view.parts)
    assert told["rows"] == COUNT
    assert world.ASKER in told["receiver"]


@pytest.mark.parametrize("form", [Form.PARQUET, Form.XLSX])
def test_other_forms_hold_the_same_rows_and_say_who_receives_them(houses: Path, form: Form) -> None:
    view = made(form, rows=100)
    _, data = gateway.take_file(TAKER, view.id, 1)
    if form is Form.PARQUET:
        table = parquet.read_table(io.BytesIO(data))
        rows = table.to_pylist()
        mark = table.schema.metadata["水印".encode()].decode()
    else:
        book = openpyxl.load_workbook(io.BytesIO(data))
        first, *rest = book.active.iter_rows(values_only=True)
        rows = [dict(zip(first, row, strict=True)) for row in rest]
        mark = book.properties.description
    assert plain_rows(rows) == expected()
    for word in (view.grant, view.id, "卫生健康"):
        assert word in mark


def test_a_csv_names_the_receiver_in_its_heading_and_the_delivery_in_each_row(houses: Path) -> None:
    view = made()
    rows = taken(view)
    heading = next(name for name in rows[0] if name.startswith("水印"))
    assert view.watermark in heading
    assert len({row[heading] for row in rows}) == len(rows)


@pytest.mark.parametrize("form", [Form.CSV, Form.XLSX])
def test_a_part_of_the_rows_in_any_order_says_which_delivery_it_is(houses: Path, form: Form) -> None:
    other, view = made(rows=10), made(form, rows=100)
    _, data = gateway.take_file(TAKER, view.id, 1)
    if form is Form.CSV:
        _, *rows = csv.reader(io.StringIO(data.decode()))
    else:
        _, *rows = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
    leaked = io.StringIO()
    csv.writer(leaked).writerows(rows[::-2])
    (found,) = read_watermark(leaked.getvalue().encode())
    assert (found.receipt, found.receiver, found.rows) == (view.id, world.ASKER, len(rows[::-2]))
    assert found.line == view.watermark != other.watermark


@pytest.mark.django_db
def test_record_numbers_of_a_column_are_those_of_its_rows() -> None:
    mark = watermark(receipt="batch_test", receiver=world.ASKER)
    for start, count in ((0, 1), (0, 300), (65_530, 20), (2**33, 3)):
        assert record_numbers(mark, start, count).to_pylist() == mark.numbers(start, count)
        assert mark.numbers(start, count) == [mark.number(start + n) for n in range(count)]


def test_what_looks_like_a_formula_is_text_in_excel(houses: Path) -> None:
    with closing(sqlite3.connect(houses)) as db, db:
        db.execute("UPDATE house SET owner = '=HYPERLINK(\"http://x\")'")
    view = made(Form.XLSX, rows=100)
    _, data = gateway.take_file(TAKER, view.id, 1)
    cell = openpyxl.load_workbook(io.BytesIO(data)).active["A2"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x")')


def test_files_are_locked_on_the_disk(houses: Path, settings: Any) -> None:
    view = made()
    stored = [path.read_bytes() for path in (settings.DATA_DIR / "batches").rglob("*") if path.is_file()]
    assert len(stored) == len(view.parts)
    assert not any("王第".encode() in data or b"****" in data for data in stored)
    with connection.cursor() as cursor:  # the place that was read to is the number of the last one read
        cursor.execute("SELECT after FROM gateway_batch")
        assert "411702" not in str(cursor.fetchall())
    assert "411702" in Batch.objects.get().after


KILLS: list[tuple[Any, str]] = [
    (batches_run, "check_table"),
    (batches_run, "screen_table"),
    (batches_run, "write_file"),
    (batches_files, "encrypt"),
    (batches_files.os, "fsync"),
    (BatchPart.objects, "create"),
    (Batch, "save"),
]


def dying(real: Callable[..., Any], dice: Random, *, after: bool) -> Callable[..., Any]:
    """A step during which the process dies now and then, before or after it is done."""

    def step(*args: Any, **kwargs: Any) -> Any:
        dies = dice.random() < 0.12
        if dies and not after:
            raise Killed
        found = real(*args, **kwargs)
        if dies:
            raise Killed
        return found

    return step


@pytest.mark.storage
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_killed_anywhere_again_and_again_no_row_is_lost_or_doubled(
    houses: Path, monkeypatch: pytest.MonkeyPatch, seed: int, after: bool
) -> None:
    identity, dice, deaths = asked(), Random(seed), 0
    with monkeypatch.context() as patched:
        for place, name in KILLS:
            patched.setattr(place, name, dying(getattr(place, name), dice, after=after))
        for _ in range(400):
            try:
                for _ in gateway.run_batch(identity, rows=5):
                    if dice.random() < 0.2:
                        break
            except Killed:
                deaths += 1
            if gateway.batch_view(TAKER, identity).state is BatchState.READY:
                break
    list(gateway.run_batch(identity, rows=5))
    view = gateway.batch_view(TAKER, identity)
    assert deaths > 3
    assert view.state is BatchState.READY
    assert plain_rows(taken(view)) == expected()
    assert [part.number for part in view.parts] == [1, 2, 3, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_really_killed_again_and_again_loses_and_doubles_nothing(houses: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("forked with a pool of connections")
    made(fields=("owner",))  # all that is imported late is there before the first fork
    identity, dice, kills = asked(), Random(7), 0
    while gateway.batch_view(TAKER, identity).state is not BatchState.READY:
        told, tell = os.pipe()
        connections.close_all()
        worker = os.fork()
        if worker == 0:
            for _ in gateway.run_batch(identity, rows=5):
                os.write(tell, b".")
            os._exit(0)
        os.close(tell)
        files = os.read(told, 1)
        time.sleep(dice.random() / 200)  # somewhere in the making of the next file
        os.kill(worker, signal.SIGKILL)
        kills += os.waitpid(worker, 0)[1] == signal.SIGKILL
        os.close(told)
        if not files:
            list(gateway.run_batch(identity, rows=5))
    assert kills
    assert plain_rows(taken(gateway.batch_view(TAKER, identity))) == expected()


def test_two_workers_at_once_store_each_file_once(houses: Path) -> None:
    identity = asked()
    first, second = gateway.run_batch(identity, rows=5), gateway.run_batch(identity, rows=5)
    next(first)
    next(second)
    list(first)
    list(second)
    view = gateway.batch_view(TAKER, identity)
    assert plain_rows(taken(view)) == expected()
    assert len(view.parts) == 5


def test_what_a_killed_worker_left_is_removed_when_it_is_old(houses: Path, settings: Any) -> None:
    identity = asked()
    next(iter(gateway.run_batch(identity, rows=5)))
    place = batches_files.store(identity, 2, b"left behind")
    left = settings.DATA_DIR / "batches" / identity / place
    batches_files.keep_only(identity, set())
    assert left.exists()
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2), tick=False):
        batches_files.keep_only(identity, {BatchPart.objects.get().place})
    assert not left.exists()
    assert BatchPart.objects.count() == 1
    list(gateway.run_batch(identity, rows=5))
    assert plain_rows(taken(gateway.batch_view(TAKER, identity))) == expected()


def test_a_source_out_of_reach_is_tried_again_later(houses: Path) -> None:
    identity = asked()
    next(iter(gateway.run_batch(identity, rows=5)))
    away = houses.rename(houses.with_suffix(".away"))
    assert list(gateway.run_batch(identity, rows=5)) == []
    row = Batch.objects.get()
    assert (row.state, row.tries, row.parts_done) == (BatchState.RUNNING, 1, 1)
    assert row.try_at > timezone.now()
    assert gateway.work_on_batches() == 0
    away.rename(houses)
    list(gateway.run_batch(identity, rows=5))
    assert plain_rows(taken(gateway.batch_view(TAKER, identity))) == expected()


def test_rows_that_are_not_what_the_catalogue_says_stop_it(houses: Path) -> None:
    with closing(sqlite3.connect(houses)) as db, db:
        db.execute("UPDATE house SET area = 'many' WHERE number = ?", [world.number(9)])
    view = made()
    assert view.state is BatchState.STOPPED
    assert "面积" in view.why
    with pytest.raises(Conflict):
        gateway.take_file(TAKER, view.id, 1)


def test_a_registration_that_changed_on_the_way_stops_it(houses: Path) -> None:
    identity = asked()
    next(iter(gateway.run_batch(identity, rows=5)))
    known = gateway.source_view(world.BUREAU, "house")
    assert known is not None
    gateway.save_source(
        world.BUREAU,
        gateway.NewSource("house", "sql", {**known.config, "order": "owner"}, version=known.version),
    )
    gateway.forget_sources()
    list(gateway.run_batch(identity, rows=5))
    assert gateway.batch_view(TAKER, identity).state is BatchState.STOPPED


def test_a_revoked_grant_stops_the_making_and_the_taking(houses: Path, settings: Any) -> None:
    running, ready = asked(), made(fields=("owner",))
    next(iter(gateway.run_batch(running, rows=5)))
    for view in (gateway.batch_view(TAKER, running), ready):
        exchange.revoke(world.REVIEWING, view.grant, "不再需要这些数据")
    list(gateway.run_batch(running, rows=5))
    assert gateway.batch_view(TAKER, running).state is BatchState.STOPPED
    with pytest.raises(NotAllowed):
        gateway.take_file(TAKER, ready.id, 1)


def test_only_the_grantee_asks_and_takes(houses: Path) -> None:
    view = made()
    with pytest.raises(NotFound):
        gateway.ask_batch(world.ASKING, gateway.NewBatch(view.grant, Form.CSV))
    stranger = world.officer("stranger", *TAKER.posts[:0])
    for actor in (world.BUREAU, world.REVIEWING, world.ASKING, stranger):
        with pytest.raises(NotFound):
            gateway.take_file(actor, view.id, 1)
    with pytest.raises(NotFound):
        gateway.batch_view(stranger, view.id)
    assert gateway.batch_view(world.REVIEWING, view.id).id == view.id  # the provider sees that it went out
    assert gateway.batches(stranger) == []


@pytest.mark.parametrize(
    ("grant", "fields", "error"),
    [
        (False, None, NotAllowed),
        (True, ("debt",), Invalid),
        (True, (), Invalid),
    ],
)
def test_what_was_not_granted_is_not_delivered(
    houses: Path, grant: bool, fields: tuple[str, ...] | None, error: type[YiwangError]
) -> None:
    with pytest.raises(error):
        gateway.ask_batch(TAKER, gateway.NewBatch(world.grant(batch=grant), Form.CSV, fields))


def test_the_journal_tells_who_asked_and_who_took(houses: Path) -> None:
    view = made()
    gateway.take_file(TAKER, view.id, 1)
    entries = entries_of(f"batch:{view.id}")
    assert [entry["action"] for entry in entries] == ["batch.asked", "batch.ready", "batch.taken"]
    assert all(entry["purpose"] == world.PURPOSE for entry in entries)
    assert [one.number for one in gateway.batch_view(TAKER, view.id).taken] == [1]
    assert gateway.deliveries_of("house", since=timezone.now() - dt.timedelta(hours=1))[0].id == view.id


def test_files_go_when_their_time_is_over(houses: Path, settings: Any) -> None:
    view = made()
    assert view.expires_at is not None
    with time_machine.travel(view.expires_at + dt.timedelta(minutes=1)):
        with pytest.raises(Conflict):
            gateway.take_file(TAKER, view.id, 1)
        gateway.work_on_batches()
    assert gateway.batch_view(TAKER, view.id).state is BatchState.REMOVED
    assert not any(path.is_file() for path in (settings.DATA_DIR / "batches").rglob("*"))


def test_a_damaged_file_is_not_handed_out(houses: Path, settings: Any) -> None:
    view = made()
    for path in (settings.DATA_DIR / "batches" / view.id).iterdir():
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
    with pytest.raises(YiwangError):
        gateway.take_file(TAKER, view.id, 1)


def test_the_grantee_may_stop_it(houses: Path) -> None:
    identity = asked()
    with pytest.raises(Conflict, match="正在生成"):
        gateway.ask_batch(TAKER, gateway.NewBatch(gateway.batch_view(TAKER, identity).grant, Form.CSV))
    gateway.stop_batch(TAKER, identity)
    assert list(gateway.run_batch(identity)) == []
    with pytest.raises(Conflict):
        gateway.stop_batch(TAKER, identity)


def test_doubtful_numbers_are_counted_and_told(houses: Path) -> None:
    right = world.number(9)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    with closing(sqlite3.connect(houses)) as db, db:
        db.execute("UPDATE house SET number = ? WHERE number = ?", [wrong, right])
    view = made()
    assert (view.state, view.doubts) == (BatchState.READY, {"number": 1})
