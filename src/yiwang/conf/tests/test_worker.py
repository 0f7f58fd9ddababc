# SPDX-License-Identifier: Apache-2.0
"""The worker's rounds, step by step; whole processes are tried in tests/operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, transaction

from yiwang import wiring
from yiwang.apps.journal.public import backlog, send
from yiwang.conf import worker as module
from yiwang.conf.locks import only_one
from yiwang.conf.worker import Worker
from yiwang.kernel.errors import Unavailable

pytestmark = pytest.mark.django_db
Handle = Callable[[str, Any], None]


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Plugs in what a test wants: a handler of its topic, timers. Keeps the test's transaction open."""
    monkeypatch.setattr(module, "close_old_connections", lambda: None)

    def plug(handle: Handle | None = None, *timers: Callable[[], object]) -> None:
        monkeypatch.setattr(wiring, "outbox", lambda: {"test": handle} if handle else {})
        monkeypatch.setattr(wiring, "timers", lambda: list(timers))

    return plug


def messages(count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            send("test", f"test:{number}", {})


def test_a_stop_is_obeyed_between_two_messages(wired: Callable[..., None]) -> None:
    messages(5)
    one = Worker(1, 1)
    seen: list[str] = []
    ran: list[int] = []

    def handle(key: str, payload: Any) -> None:
        seen.append(key)
        one.stopping = len(seen) == 2

    wired(handle, lambda: ran.append(1))
    one.round()
    assert len(seen) == 2
    assert ran == []
    assert backlog()["waiting"] == 3


def test_what_timers_send_leaves_in_the_same_round(wired: Callable[..., None]) -> None:
    seen: list[str] = []
    wired(lambda key, _: seen.append(key), lambda: messages(2))
    Worker(1, 1).round()
    assert len(seen) == 2


def test_timers_run_at_their_own_pace(wired: Callable[..., None]) -> None:
    ran: list[int] = []
    wired(None, lambda: ran.append(1))
    one = Worker(1, 1000)
    one.round()
    one.round()
    assert ran == [1]


def test_a_timer_that_fails_stops_no_other(
    wired: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[int] = []

    def not_yet() -> None:
        raise Unavailable("事项目录还没有发布。")

    def wrong() -> None:
        raise ValueError("a bug")

    wired(None, not_yet, wrong, lambda: ran.append(1))
    Worker(1, 1).round()
    assert ran == [1]
    assert "timer waits: 事项目录还没有发布。" in caplog.text
    assert "timer failed" in caplog.text


def test_timers_run_in_one_worker_at_a_time(wired: Callable[..., None]) -> None:
    ran: list[int] = []
    wired(None, lambda: ran.append(1))
    with only_one("timers") as ours:
        assert ours
        with only_one("timers") as second:
            # On PostgreSQL one session may hold a lock twice; two sessions are tried as processes.
            if second:
                return
        Worker(1, 1).round()
    assert ran == []
    Worker(1, 1).round()
    assert ran == [1]


def test_a_lost_database_is_waited_for_and_said_once(
    wired: Callable[..., None], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one, rounds = Worker(2, 1), iter([OperationalError(), OperationalError(), None])
    naps: list[float] = []

    def rounded() -> None:
        error = next(rounds)
        if error:
            raise error
        one.stopping = True

    monkeypatch.setattr(one, "round", rounded)
    monkeypatch.setattr(one, "_sleep", naps.append)
    with caplog.at_level("INFO"):
        one.run()
    assert naps == [4, 8, 2]
    assert caplog.text.count("database out of reach") == 1
    assert caplog.text.count("database is back") == 1


def test_waiting_for_days_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Worker(2, 1)
    naps: list[float] = []

    def lost() -> None:
        one.stopping = len(naps) > 5_000
        raise OperationalError

    monkeypatch.setattr(one, "round", lost)
    monkeypatch.setattr(one, "_sleep", naps.append)
    one.run()
    assert max(naps) == 30
