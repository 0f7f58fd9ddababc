# SPDX-License-Identifier: Apache-2.0
"""Asking a source: what is checked, what the circuit breaker and the slots do, who may register what."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from support import gateway as world
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway import sources_kept, sources_slots
from yiwang.apps.gateway.domain.answers import check_answer
from yiwang.apps.gateway.models import SourceHealth
from yiwang.apps.gateway.public import Circuit, Query
from yiwang.apps.journal.public import entries_of
from yiwang.engines.exchange import Resource
from yiwang.kernel.actor import Post, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .sourcing import FIELDS, Told, dead, number, people, resource

TODAY = dt.date(2026, 11, 21)
PEOPLE = resource()


class Clock:
    """Stands still until it is moved; real sleeping moves nothing."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def told(connector: Any, *, clock: Clock | None = None) -> Iterator[Resource]:
    """The one resource, answered by this connector; its breaker runs on the clock."""
    world.publish()
    gateway.use_connectors({"told": lambda _: connector})
    gateway.save_source(world.BUREAU, gateway.NewSource("house", "told", {}))
    gateway.forget_sources()
    if clock is not None:
        sources_kept.kept("house").breaker.clock = clock
        sources_kept.kept("house").read_at = float("inf")
    yield world.resource()
    gateway.forget_sources()


def houses(*_: Any) -> list[dict[str, Any]]:
    return [world.row_of(n) for n in range(1, 6)]


def ask(serial: int = 1, limit: int = 5) -> list[dict[str, Any]]:
    return gateway.fetch("house", Query(("owner",), {"number": world.number(serial)}, limit))


def health() -> SourceHealth:
    return SourceHealth.objects.get()


@pytest.mark.storage
@pytest.mark.django_db
def test_a_good_answer_comes_back_with_its_key() -> None:
    with told(Told(houses())):
        assert ask(2) == [{"owner": "王第2", "number": world.number(2)}]
        assert ask(77) == []
    assert health().good_at is not None
    assert health().circuit == Circuit.CLOSED


@pytest.mark.django_db
def test_somebody_elses_row_is_refused_and_reported() -> None:
    with told(Told(act=lambda query: [world.row_of(4)])):
        with pytest.raises(gateway.WrongSubject) as refusal:
            ask(1)
        assert world.number(4) not in str(refusal.value)
        identity = sources_kept.kept("house").public_id
    assert health().refused == 1
    (_, reported) = entries_of(f"source:{identity}")
    assert (reported["action"], reported["about"]) == ("source.wrong_subject", "house")
    assert "411702" not in str(reported)


@pytest.mark.django_db
@pytest.mark.parametrize("others", [[1, 2], [2, 1], [1, 1, 3]])
def test_one_wrong_row_among_right_ones_spoils_the_answer(others: list[int]) -> None:
    with told(Told(act=lambda query: [world.row_of(n) for n in others])), pytest.raises(gateway.WrongSubject):
        ask(1)


WRONG: list[tuple[str, Any]] = [
    ("months", "many"), ("months", 1.5), ("months", True), ("months", 10**19), ("since", "2026-02-30"),
    ("since", 20260101), ("active", "maybe"), ("active", 2), ("base", "1e5"), ("base", float("inf")),
    ("person-name", 5), ("person-name", ["a"]), ("person-name", "长" * 20_001), ("note", {}),
    ("note", "a\0b"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_value_of_another_type_is_refused_without_being_shown(name: str, value: Any) -> None:
    row = people(1)[0] | {name: value}
    with pytest.raises(gateway.SourceMalformed) as refusal:
        check_answer(PEOPLE, Query(FIELDS, {"person-id": number(0)}, 1), [row], TODAY)
    assert str(value)[:40] not in str(refusal.value)


def test_a_missing_column_is_refused_and_nothing_stays_nothing() -> None:
    row = people(1)[0]
    with pytest.raises(gateway.SourceMalformed):
        check_answer(
            PEOPLE, Query(("phone",), {}, 1), [{k: v for k, v in row.items() if k != "phone"}], TODAY
        )
    found = check_answer(PEOPLE, Query(FIELDS, {}, 1), [dict.fromkeys(FIELDS)], TODAY)
    assert found.rows == [dict.fromkeys(FIELDS)]


def test_a_row_without_its_key_is_nobodys() -> None:
    row = people(1)[0] | {"person-id": None}
    with pytest.raises(gateway.WrongSubject):
        check_answer(PEOPLE, Query(("phone",), {"person-id": number(0)}, 1), [row], TODAY)


def test_a_wrong_check_digit_is_flagged_and_passed_on_as_it_came() -> None:
    wrong = number(0)[:-1] + ("0" if number(0)[-1] != "0" else "1")
    row = people(1)[0] | {"person-id": wrong}
    found = check_answer(PEOPLE, Query(("person-id",), {"person-id": wrong}, 1), [row], TODAY)
    assert found.rows == [{"person-id": wrong}]
    assert [flag.field for flag in found.flags] == ["person-id"]
    assert wrong not in found.flags[0].what


@pytest.mark.django_db
def test_a_dead_source_is_left_alone_and_tried_by_one_call_after_its_rest() -> None:
    clock, connector = Clock(), Told(houses(), act=dead)
    with told(connector, clock=clock):
        for _ in range(3):
            with pytest.raises(gateway.SourceDown):
                ask()
        assert connector.calls == 3
        assert health().circuit == Circuit.OPEN
        for _ in range(5):
            with pytest.raises(gateway.SourceDown, match="暂停访问"):
                ask()
        assert connector.calls == 3
        clock.now += 30
        with pytest.raises(gateway.SourceDown):
            ask()
        assert connector.calls == 4
        clock.now += 60
        connector.act = None
        assert ask()
        assert ask()
    assert (health().circuit, health().failed, health().open_until) == (Circuit.CLOSED, 4, None)


@pytest.mark.django_db
def test_callers_faults_never_open_the_circuit() -> None:
    def bad(_: Query) -> list[dict[str, Any]]:
        raise Invalid("查询条件不对。")

    with told(Told(act=bad), clock=Clock()):
        for _ in range(10):
            with pytest.raises(Invalid):
                ask()
        assert sources_kept.kept("house").breaker.state is Circuit.CLOSED


@pytest.mark.django_db
def test_a_bug_in_a_connector_is_the_sources_failure_and_tells_nothing() -> None:
    def broken(_: Query) -> list[dict[str, Any]]:
        raise RuntimeError(world.number(1))

    with told(Told(act=broken)), pytest.raises(gateway.SourceDown) as refusal:
        ask()
    assert world.number(1) not in str(refusal.value)


@pytest.mark.django_db
def test_a_circuit_opened_by_another_process_holds_here_too() -> None:
    connector = Told(houses())
    with told(connector):
        assert ask()
        SourceHealth.objects.update(open_until=timezone.now() + dt.timedelta(seconds=20), circuit="open")
        sources_kept.kept("house").read_at = 0.0
        with pytest.raises(gateway.SourceDown):
            ask()
    assert connector.calls == 1


@pytest.mark.django_db
def test_more_than_wanted_is_refused() -> None:
    with (
        told(Told(act=lambda _: [world.row_of(1)] * 4)),
        pytest.raises(gateway.SourceTooLarge),
    ):
        ask(1, limit=3)


@pytest.mark.django_db
def test_a_source_that_was_slow_leaves_a_process_to_the_others(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    settings.ENV = settings.ENV | {"WORKERS": 2}
    with told(Told(houses())):
        source = sources_kept.kept("house")
        source.wait, source.read_at = 0.0, float("inf")
        with sources_slots.slot(source.public_id, most=9, wait=0):
            assert ask()  # well: as many as are allowed
            source.pace = 9.0
            with pytest.raises(gateway.SourceBusy):
                ask()  # slow lately, and somebody waits for it already
        assert source.breaker.state is Circuit.CLOSED
        assert ask()


def test_a_slot_is_held_by_one_and_let_go_also_by_an_error(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    with sources_slots.slot("s", most=1, wait=0):
        with pytest.raises(gateway.SourceBusy), sources_slots.slot("s", most=1, wait=0):
            raise AssertionError("two in one slot")
        with sources_slots.slot("other", most=1, wait=0):
            pass
    with pytest.raises(KeyError), sources_slots.slot("s", most=1, wait=0):
        raise KeyError
    with sources_slots.slot("s", most=1, wait=0):
        pass


def test_never_more_work_on_a_source_than_it_has_slots(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    here, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal here, most
        for _ in range(10):
            with sources_slots.slot("s", most=3, wait=5):
                with lock:
                    here += 1
                    most = max(most, here)
                time.sleep(0)
                with lock:
                    here -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most <= 3


# -- the registry

SQL = {"dialect": "sqlite", "path": "x.sqlite3", "table": "t", "columns": {"number": "n"}, "order": "number"}


def save(config: Any = SQL, kind: str = "sql", **more: Any) -> None:
    gateway.save_source(world.BUREAU, gateway.NewSource("house", kind, config, **more))


@pytest.fixture
def published(db: None) -> Iterator[None]:
    from yiwang.apps.gateway.adapters import CONNECTORS

    world.publish()
    gateway.use_connectors(CONNECTORS)
    yield
    gateway.forget_sources()


@pytest.mark.parametrize("posts", [(), (Post(Role.DATA, "health"),), (Post(Role.OPERATOR),)])
def test_only_the_bureau_registers_tries_and_sees(published: None, posts: tuple[Post, ...]) -> None:
    actor = world.officer("somebody", *posts)
    acts: list[Callable[[], object]] = [
        lambda: gateway.sources(actor),
        lambda: gateway.source_view(actor, "house"),
        lambda: gateway.save_source(actor, gateway.NewSource("house", "sql", SQL)),
        lambda: gateway.switch_source(actor, "house", on=False),
        lambda: gateway.try_source(actor, "house"),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    "config",
    [{}, SQL | {"extra": 1}, SQL | {"columns": {"no-such-field": "n"}}, SQL | {"path": "../x"},
     SQL | {"order": "area"}],
)  # fmt: skip
def test_a_wrong_registration_is_told_and_not_kept(published: None, config: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        save(config)
    assert gateway.source_view(world.BUREAU, "house") is None


def test_unknown_resources_kinds_and_sources_are_told(published: None) -> None:
    with pytest.raises(NotFound):
        gateway.save_source(world.BUREAU, gateway.NewSource("no-such", "sql", SQL))
    with pytest.raises(NotFound):
        save(kind="telnet")
    with pytest.raises(gateway.SourceUnknown):
        ask()


def test_the_slower_of_two_registrars_is_told(published: None) -> None:
    save()
    with pytest.raises(Conflict):
        save()
    save(version=1)


def test_secrets_are_locked_in_the_table_and_leave_only_names(published: None) -> None:
    config = {"url": "https://data.example.gov.cn/q", "columns": {"number": "n"}}
    save(config, "http", secret={"Authorization": "Bearer s3cret"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, config FROM gateway_source")
        assert "s3cret" not in str(cursor.fetchall())
    view = gateway.source_view(world.BUREAU, "house")
    assert view is not None
    assert view.secrets == ("Authorization",)
    assert "s3cret" not in repr(view)
    assert "s3cret" not in repr(gateway.NewSource("house", "http", config, {"Authorization": "s3cret"}))
    with pytest.raises(Invalid, match="重新填写"):
        save(config | {"url": "https://elsewhere.example.com/"}, "http", version=1)
    save(config | {"rows": "data"}, "http", version=1)
    journal = entries_of(f"source:{sources_kept.Source.objects.get().public_id}")
    assert "s3cret" not in str(journal)


def test_trying_tells_what_is_wrong_and_no_data(published: None) -> None:
    save()
    assert "不在" in gateway.try_source(world.BUREAU, "house")
    view = gateway.source_view(world.BUREAU, "house")
    assert view is not None
    assert view.test_is_old


def test_monitoring_sees_how_each_source_is_doing(published: None) -> None:
    save()
    assert [(one.resource, one.circuit) for one in gateway.source_states()] == [("house", Circuit.CLOSED)]
    past = timezone.now() - dt.timedelta(seconds=1)
    SourceHealth.objects.update(circuit="open", open_until=past)
    assert [one.circuit for one in gateway.source_states()] == [Circuit.HALF_OPEN]
