# SPDX-License-Identifier: Apache-2.0
"""What was acknowledged is there, once, whole: also when the server is killed in the middle.

The real server (gunicorn, two workers) takes applications from several clients at once and is
killed again and again. A client whose call broke off does what a good client does: it sends the
same call with the same key again, until it is told a number.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.filled import PREPARE, Filled
from support.postgres import Server
from support.served import Served

CLIENTS = 4
ASKED_AGAIN = 200
Receipt = dict[str, str]


class Clients:
    """Applicants' systems that send one application after the other."""

    def __init__(self, server: Served, token: str, body: dict[str, object]) -> None:
        self.server, self.body = server, body
        self.headers = {"Authorization": f"Bearer {token}"}
        self.told: dict[str, Receipt] = {}
        self.unsure: set[str] = set()
        self.refused: list[str] = []
        self.broken = 0
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def send(self, key: str) -> None:
        """Send one application; what came back is kept under its key."""
        self.unsure.add(key)
        headers = self.headers | {"Idempotency-Key": key}
        status, answer = self.server.call("POST", "/api/applications", self.body, headers)
        if status != 201:
            self.refused.append(f"{status} {answer}")
            return
        if self.told.setdefault(key, answer) != answer:
            self.refused.append(f"another receipt for the same key: {self.told[key]} {answer}")
        self.unsure.discard(key)

    def begin(self, *, new: bool = True) -> None:
        """Start sending, every client in a thread of its own; broken calls are sent again first.

        Args:
            new: go on with new applications then.
        """
        self._stop.clear() if new else self._stop.set()
        again = [list(self.unsure)[i::CLIENTS] for i in range(CLIENTS)]
        self._threads = [threading.Thread(target=self._work, args=(keys,)) for keys in again]
        for thread in self._threads:
            thread.start()

    def _work(self, again: list[str]) -> None:
        try:
            for key in again:
                self.send(key)
            while not self._stop.is_set() and not self.refused:
                self.send(uuid.uuid4().hex)
        except OSError:
            self.broken += 1  # the server is gone; the key stays unsure

    def end(self) -> None:
        """Let every call come back or break off."""
        self._stop.set()
        self.join()

    def join(self) -> None:
        """Wait until every client has nothing left to send."""
        for thread in self._threads:
            thread.join()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    """A server on SQLite; killed at the end if it still runs."""
    made = Served(tmp_path)
    yield made
    made.kill()


def run(server: Served, prepared: dict[str, Any], *, kills: int) -> None:
    """Kill the server `kills` times under load, then look at everything it left."""
    clients, chance = Clients(server, prepared["token"], prepared["body"]), random.Random(20)
    for _ in range(kills):
        server.start()
        before = len(clients.told)
        clients.begin()
        while len(clients.told) == before and not clients.refused:
            time.sleep(0.005)
        time.sleep(chance.uniform(0.02, 0.4))
        server.kill()
        clients.end()
        assert clients.refused == []
    server.start()
    clients.unsure |= set(chance.sample(sorted(clients.told), min(ASKED_AGAIN, len(clients.told))))
    clients.begin(new=False)
    clients.join()
    server.kill()
    found = server.aside("inspect")

    assert clients.broken >= kills, "no call was under way when the server was killed"
    assert clients.refused == []
    assert clients.unsure == set()
    assert found["keys"] == {key: receipt["number"] for key, receipt in clients.told.items()}
    assert found["half"] == {}
    assert found["items"] == [6]
    assert found["problems"] == []
    given = [number.split("-")[:3] for number in found["keys"].values()]
    for series, last in found["last"].items():
        numbers = sorted(int(running) for place, day, running in given if f"{place}-{day}" == series)
        assert numbers == list(range(1, last + 1)), f"gap or duplicate in {series}"


def test_fifteen_kills_on_sqlite(server: Served, filled: Filled) -> None:
    run(server, filled.copy_to(server, what=PREPARE), kills=15)


@pytest.mark.postgres
def test_kills_on_postgresql(server: Served, filled: Filled, postgres_server: Server) -> None:
    server.database = postgres_server.url("killed")
    run(server, filled.copy_to(server, postgres_server, what=PREPARE), kills=5)
