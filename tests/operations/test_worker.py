# SPDX-License-Identifier: Apache-2.0
"""Workers as they run in a city: several, stopped at any moment, with a database that comes and goes."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from support import postgres
from support.deployed import LETTERS, Deployed
from support.filled import Filled
from support.warm import Started

DONE, WAITING = "done", "waiting"
SOON = 40.0  # seconds


def until(holds: Callable[[], bool], *, within: float = SOON) -> None:
    """Wait until something holds."""
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, f"not within {within:.0f} s"
        time.sleep(0.1)


def ended(process: Started) -> tuple[int, str]:
    """Wait for the end; exit code and what was logged."""
    _, err = process.communicate(timeout=SOON)
    return process.wait(), err


@pytest.fixture(scope="module")
def standing(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """A small city on SQLite."""
    made = Deployed(tmp_path_factory.mktemp("city"), settings={"LOG_LEVEL": "INFO"})
    filled.copy_to(made)
    return made


@pytest.fixture
def city(standing: Deployed) -> Deployed:
    """The city, with new text messages to send and none sent."""
    shutil.rmtree(standing.data / "texts", ignore_errors=True)
    standing.aside("letters")
    return standing


def texts(city: Deployed) -> int:
    """How many texts left."""
    return len(list((city.data / "texts").glob("*.json")))


def test_several_workers_do_everything_once(city: Deployed) -> None:
    workers = [city.begin("worker", "--once") for _ in range(3)]
    for worker in workers:
        code, err = ended(worker)
        assert code == 0, err
        assert "Traceback" not in err
    after = city.aside("messages")
    assert [line[:2] for line in after["messages"]] == [[DONE, 1]]
    assert after["messages"][0][2] >= LETTERS
    assert texts(city) >= LETTERS
    assert after["sealed"] > 0
    code, _, err = city.run("worker", "--once")
    assert code == 0, err
    again = city.aside("messages")
    assert again["messages"] == after["messages"]
    assert city.run("journal", "verify")[0] == 0


def test_a_worker_that_is_told_to_stop_ends_between_two_messages(city: Deployed) -> None:
    worker = city.begin("worker")
    until(lambda: texts(city) > 0)
    worker.send_signal(signal.SIGTERM)
    code, err = ended(worker)
    assert code == 0
    assert "worker stopped" in err
    states = city.aside("messages")["messages"]
    assert {tuple(line[:2]) for line in states} == {(DONE, 1), (WAITING, 0)}


def test_a_worker_that_is_killed_loses_nothing(city: Deployed) -> None:
    worker = city.begin("worker")
    until(lambda: texts(city) > 0)
    worker.kill()
    ended(worker)
    # What it held comes back when its lease ends; everything else goes on at once.
    assert city.run("worker", "--once")[0] == 0
    left = [line for line in city.aside("messages")["messages"] if line[0] != DONE]
    assert left in ([], [[WAITING, 1, 1]])


def test_a_worker_without_a_sound_database_does_not_start(tmp_path: Path) -> None:
    city = Deployed(tmp_path)
    code, _, err = city.run("worker", "--once")
    assert code == 1
    assert "yiwang setup" in err


@pytest.mark.postgres
def test_server_and_worker_outlive_a_database_that_goes_away(tmp_path: Path) -> None:
    with postgres.running() as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE city")
        city = Deployed(tmp_path, server.url("city"), settings={"LOG_LEVEL": "INFO"})
        assert city.run("setup")[0] == 0
        city.aside("prepare", "support.served")
        city.aside("letters")
        city.start()
        worker = city.begin("worker", "--every", "0.2")
        try:
            until(lambda: texts(city) >= LETTERS)
            assert city.call("GET", "/readyz")[0] == 200

            postgres.stop(server)
            status, page = city.call("GET", "/readyz")
            assert (status, page["database"]) == (503, False)
            status, page = city.call("GET", "/healthz")
            assert status == 200
            status, page = city.call("GET", "/")
            assert status == 503
            assert "请过几分钟刷新再试" in page
            time.sleep(1)
            assert worker.poll() is None

            postgres.resume(server)
            before = texts(city)
            city.aside("letters")
            until(lambda: texts(city) >= before + LETTERS)
            until(lambda: city.call("GET", "/readyz")[0] == 200)
            assert city.call("GET", "/")[0] == 200
        finally:
            os.kill(worker.pid, signal.SIGTERM)
            code, err = ended(worker)
            city.kill()
        assert code == 0
        assert err.count("database out of reach") >= 1
        assert "Traceback" not in err
