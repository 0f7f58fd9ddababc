# SPDX-License-Identifier: Apache-2.0
"""Everything moves to a new key while others write; an old key ends only when nothing needs it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from yiwang.kernel.contents import ContentStore
from yiwang.kernel.errors import Conflict, NotFound

from .. import admin, places
from ..domain.envelope import key_of
from ..keyring import ring
from ..places import Sessions
from ..public import FolderLock
from ..sessions import SessionStore
from .kept import Kept, make, put, raw

COLUMNS = ("number", "phone", "said", "plan", "paper")


def keys_in_use() -> set[str]:
    return set().union(*admin.usage().values())


@pytest.mark.storage
def test_everything_moves_and_the_old_key_can_end(only_kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "BATCH", 3)
    store = ContentStore(lambda: only_kept / "files", FolderLock("files"))
    digest = store.add(b"%PDF 412801199001011234")
    for number in range(8):
        make(f"p-{number}", plan={"n": number} if number % 2 else None)
    old = ring().current
    new = admin.rotate()
    Kept.objects.filter(public_id="p-7").update(phone="13900000000")
    assert admin.usage()["vault_tests_kept.phone"] == {old: 7, new: 1}
    with pytest.raises(Conflict, match="还有 36 个值"):
        admin.retire(old)
    told = list(admin.reencrypt())
    assert max(moved.done for _, moved in told) == 3
    assert sum(moved.done for _, moved in told) == 36
    assert list(admin.reencrypt()) == []
    assert keys_in_use() == {new}
    admin.retire(old)
    assert [one.plan for one in Kept.objects.order_by("id")] == [
        {"n": n} if n % 2 else None for n in range(8)
    ]
    assert {one.paper for one in Kept.objects.all()} == {b"\x00\xff"}
    assert store.read(digest) == b"%PDF 412801199001011234"


def test_it_can_be_stopped_and_goes_on(only_kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "BATCH", 2)
    for number in range(6):
        make(f"p-{number}")
    new = admin.rotate()
    running = admin.reencrypt()
    next(running)
    running.close()
    assert 0 < admin.usage()["vault_tests_kept.number"][new] < 6
    list(admin.reencrypt())
    assert keys_in_use() == {new}


def test_a_stale_instance_saved_after_the_move_brings_no_old_key_back(only_kept: Path) -> None:
    make()
    stale, unread = Kept.objects.get(), Kept.objects.get()
    assert stale.number
    new = admin.rotate()
    list(admin.reencrypt())
    stale.save()
    unread.save()
    assert {key_of(raw(name)) for name in ("number", "phone", "said", "paper")} == {new}


def test_a_value_that_does_not_open_is_told_and_stops_nothing(only_kept: Path) -> None:
    make("p-1")
    make("p-2")
    old = ring().current
    put("number", raw("number", "p-1"), "p-2")
    admin.rotate()
    told = list(admin.reencrypt())
    assert sum(moved.broken for _, moved in told) >= 1
    assert admin.usage()["vault_tests_kept.number"][old] == 1
    with pytest.raises(Conflict, match="还有 1 个值"):
        admin.retire(old)


def test_the_current_key_and_an_unknown_one_cannot_be_retired(only_kept: Path) -> None:
    make()
    with pytest.raises(Conflict, match="正在使用"):
        admin.retire(ring().current)
    with pytest.raises(NotFound):
        admin.retire("00000000")


def test_a_key_that_the_newest_rows_need_is_missed_at_a_start(only_kept: Path) -> None:
    assert admin.unknown_keys() == set()
    make()
    assert admin.unknown_keys() == set()
    put("number", "yv1.00000000.AAAA")
    assert admin.unknown_keys() == {"00000000"}


@pytest.mark.django_db
def test_sessions_are_locked_bound_to_their_key_and_move_too(own_keys: Path) -> None:
    one, two = SessionStore(), SessionStore()
    for session in (one, two):
        session["answers"] = {"child-name": "王小宝"}
        session.save()
    from django.contrib.sessions.models import Session

    assert "王小宝" not in Session.objects.get(pk=one.session_key).session_data
    assert SessionStore(one.session_key)["answers"] == {"child-name": "王小宝"}
    new = admin.rotate()
    assert sum(moved.done for moved in Sessions().relock()) == 2
    assert Sessions().counts() == {new: 2}
    assert SessionStore(two.session_key)["answers"] == {"child-name": "王小宝"}
    stolen = Session.objects.get(pk=one.session_key).session_data
    Session.objects.filter(pk=two.session_key).update(session_data=stolen)
    assert dict(SessionStore(two.session_key).items()) == {}


@pytest.mark.storage
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer, which waits its turn")
def test_a_row_that_a_case_worker_holds_is_neither_waited_for_nor_forgotten(only_kept: Path) -> None:
    for number in range(3):
        make(f"p-{number}")
    old, new = ring().current, admin.rotate()
    held, go_on = threading.Event(), threading.Event()

    def work_on_one() -> None:
        with transaction.atomic():
            row = Kept.objects.select_for_update().get(public_id="p-1")
            held.set()
            go_on.wait(20)
            row.phone = "13900000000"
            row.save(update_fields=["phone"])
        connections.close_all()

    worker = threading.Thread(target=work_on_one)
    worker.start()
    try:
        assert held.wait(20)
        list(admin.reencrypt())
        assert admin.usage()["vault_tests_kept.number"] == {new: 2, old: 1}
    finally:
        go_on.set()
        worker.join()
    list(admin.reencrypt())
    assert keys_in_use() == {new}
    assert Kept.objects.get(public_id="p-1").phone == "13900000000"
