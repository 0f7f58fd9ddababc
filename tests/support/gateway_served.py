# SPDX-License-Identifier: Apache-2.0
"""The gateway as a deployment has it: a server, a worker, a provider's service, and a client system that
keeps a log of its own of what it asked and what it got.

`prepare`, `inspect` and `provider` run in processes of their own (`python -m support.gateway_served WHAT`).
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from support.deployed import Deployed
from support.warm import TESTS

QUERY = "/api/exchange/v1/query"
PEOPLE = 400


class _Houses(BaseHTTPRequestHandler):
    """A department's service: `{"number": …}` → `{"rows": […]}`."""

    protocol_version = "HTTP/1.1"
    known: dict[str, Any]

    def do_POST(self) -> None:
        """Answer one question."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        row = self.known.get(asked["number"])
        data = json.dumps({"rows": [row] if row else []}, ensure_ascii=False).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _provide(port: int) -> None:
    from support.gateway_rows import number, row_of

    known = {number(n): row_of(n) for n in range(1, PEOPLE)}
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Houses", (_Houses,), {"known": known}))
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()


@dataclass
class Provider:
    """The service of a department, as a process."""

    port: int = 0
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, the second time at the same address."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "support.gateway_served", "provider", str(self.port)],
            cwd=TESTS,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        """SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@dataclass(frozen=True)
class Said:
    """One line of the client's own log."""

    serial: int
    request: str
    status: int = 0
    receipt: str = ""
    response: str = ""
    owner: str = ""


@dataclass
class System:
    """A department's system: signs, asks from several threads, remembers everything."""

    server: Deployed
    grant: str
    pem: str
    log: list[Said] = field(default_factory=list)
    failed: list[BaseException] = field(default_factory=list)
    stopping: bool = False

    @contextmanager
    def asking(self, threads: int = 4) -> Iterator[None]:
        """Ask again and again until the block ends."""
        self.stopping = False
        workers = [threading.Thread(target=self._ask_on, args=(n,)) for n in range(threads)]
        for one in workers:
            one.start()
        try:
            yield
        finally:
            self.stopping = True
            for one in workers:
                one.join(30)

    def count(self, status: int) -> int:
        """How many answers of this status there were so far."""
        return sum(one.status == status for one in list(self.log))

    def wait_for(self, status: int, more: int, within: float = 20.0) -> None:
        """Wait until so many more answers of this status came."""
        aim, end = self.count(status) + more, time.monotonic() + within
        while self.count(status) < aim:
            assert not self.failed, self.failed
            assert time.monotonic() < end, f"no {more} answers {status} within {within} s"
            time.sleep(0.005)

    def _ask_on(self, first: int) -> None:
        from support import gateway_rows as rows
        from yiwang.engines.sealing import PrivateKey

        key, serial = PrivateKey.from_pem(self.pem.encode(), None), first + 1
        while not self.stopping:
            serial = serial % (PEOPLE - 1) + 1
            body = rows.body_of(self.grant, serial)
            self.log.append(self._once(serial, body, rows.signed(key, "POST", QUERY, body)))

    def _once(self, serial: int, body: bytes, headers: dict[str, str]) -> Said:
        request = hashlib.sha256(body).hexdigest()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            connection.request("POST", QUERY, body, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
            return Said(serial, request)
        finally:
            connection.close()
        told = json.loads(content)
        owner = told["rows"][0]["owner"] if told.get("rows") else ""
        return Said(
            serial,
            request,
            answer.status,
            told.get("receipt", ""),
            hashlib.sha256(content).hexdigest(),
            owner,
        )


def _prepare() -> dict[str, Any]:
    from support import gateway as world
    from yiwang.apps.gateway import public as gateway

    world.publish(rest=1)
    columns = {name: name for name in (*world.FIELDS, "debt")}
    url = f"http://127.0.0.1:{os.environ['HOUSES']}/houses"
    config = {"url": url, "rows": "rows", "columns": columns}
    gateway.save_source(world.BUREAU, gateway.NewSource("house", "http", config, {}))
    _, key = world.client_system()
    return {"grant": world.grant(), "pem": key.to_pem(None).decode()}


def _inspect() -> dict[str, Any]:
    from yiwang.apps.gateway.models import Call, QuotaUse
    from yiwang.apps.journal.models import Entry
    from yiwang.apps.journal.public import backlog, verify
    from yiwang.conf.worker import Worker

    Worker(every=0, timers_every=0).round()
    calls = list(Call.objects.values_list("receipt", "outcome", "request_digest", "response_digest"))
    entries = {
        entry.about: [entry.action, entry.detail["request"], entry.detail["response"]]
        for entry in Entry.objects.filter(action__startswith="gateway.call")
    }
    return {
        "calls": calls,
        "entries": entries,
        "used": max(QuotaUse.objects.values_list("used", flat=True)),
        "unsealed": backlog()["unsealed"],
        "problems": [str(problem) for problem in verify()],
    }


if __name__ == "__main__":
    if sys.argv[1] == "provider":
        _provide(int(sys.argv[2]))
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "yiwang.conf.settings"
    django.setup()
    print(json.dumps({"prepare": _prepare, "inspect": _inspect}[sys.argv[1]]()))
