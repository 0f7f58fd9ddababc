# SPDX-License-Identifier: Apache-2.0
"""A call through the gateway: what it adds to its connector, and how many there are a second.

Overhead: `gateway.call` (grant, quota, mask, row, journal entry, durable commit) beside the same connector
called directly, in turns, over a source that takes 1 ms; the ratio is that of the p95s. The least that a
call which is on the disk before it is answered can take is measured beside it: the connector, then one bare
row stored durably by the driver alone. Throughput: two
processes with four threads each call as fast as they can for some seconds, the rows in a table of the same
kind of database; the journal is on, every commit durable. The last line is the same over HTTP: two server
processes, four threads of a client that signs with SM2 and reads the answer, all on the same cores.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .databases import ROOT, label, on_each, start
from .measure import Line, Timing, in_turns

ROUNDS, SOURCE_SECONDS = 600, 0.001
SECONDS, PROCESSES, THREADS = 6.0, 2, 4
PEOPLE = 400
OVERHEAD_TARGET, RATE_TARGET = 1.5, 300


def run() -> list[Line]:
    """The lines on SQLite and on PostgreSQL."""
    return on_each("gateway")


def measure() -> list[Line]:
    """The lines on the database of this process."""
    from support import gateway as world

    world.publish(("house", "land"))
    return [*_overhead(world), _throughput(world), _over_http(world)]


def _overhead(world: Any) -> list[Line]:
    """A call beside its connector, and beside the least that a written call can take."""
    from django.utils import timezone

    from yiwang.apps.gateway import public as gateway

    known = {world.number(n): world.row_of(n) for n in range(1, PEOPLE)}
    world.connect(world.Memory(known, seconds=SOURCE_SECONDS))
    grant, connector, turn, store = world.grant(), gateway.connector_of("house"), [0], _bare_store()

    def ours() -> None:
        turn[0] = turn[0] % (PEOPLE - 1) + 1
        gateway.call(world.CLIENT, world.question(grant, turn[0]), now=timezone.now())

    def connected() -> None:
        query = gateway.Query(world.FIELDS, {"number": world.number(7)}, 50)
        connector.fetch(query, deadline=time.monotonic() + 5)

    def least() -> None:
        connected()
        store()

    call, alone = f"{label()}: a call through the gateway, journal on", "its connector alone, 1 ms source"
    floor = "the connector and one bare row stored durably"
    return [
        _by_p95(call, alone, ours, connected, OVERHEAD_TARGET),
        _by_p95(f"{label()}: {floor}", alone, least, connected, None),
        _by_p95(call, floor, ours, least, None),
    ]


def _by_p95(
    what: str, against: str, ours: Callable[[], None], theirs: Callable[[], None], target: float | None
) -> Line:
    mine, other = in_turns(ours, theirs, rounds=ROUNDS, warm_up=30)
    note = f"medians {mine.median / other.median:.2f}"
    return Line(what, f"{against} (p95)", mine, other, mine.p95 / other.p95, target, note)


def _bare_store() -> Callable[[], None]:
    """Store one row durably by the driver alone, in one statement that was made ready before."""
    from django.db import connection

    connection.ensure_connection()
    driver, text = connection.connection, "x" * 200
    driver.execute("CREATE TABLE bench_commit (one text)")
    if connection.vendor == "sqlite":
        return lambda: driver.execute("INSERT INTO bench_commit VALUES (?)", [text])
    from psycopg import Cursor

    driver.prepare_threshold, cursor = 0, Cursor(driver)
    return lambda: cursor.execute("INSERT INTO bench_commit VALUES (%s)", [text], prepare=True)


def _throughput(world: Any) -> Line:
    """Calls a second of two processes over a table."""
    grant = _grant_over_table(world)
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.gateway", grant], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(PROCESSES)
    ]
    told = [json.loads(child.communicate()[0].splitlines()[-1]) for child in children]
    times = [seconds for one in told for seconds in one["times"]]
    rate = sum(len(one["times"]) / one["seconds"] for one in told)
    what = f"{label()}: calls by {PROCESSES} processes of {THREADS} threads, rows in a table"
    return _rate_line(what, times, rate, RATE_TARGET)


def _rate_line(what: str, times: list[float], rate: float, target: float | None) -> Line:
    against = f"{RATE_TARGET} a second"
    ratio = RATE_TARGET / rate
    return Line(what, against, Timing.of(times), None, ratio, target and 1.0, f"{rate:.0f} calls/s")


def _grant_over_table(world: Any) -> str:
    """A grant whose rows lie in a table of the database in use (SQLite: a file of its own)."""
    from django.conf import settings
    from django.db import connection

    from yiwang.apps.gateway import public as gateway
    from yiwang.apps.gateway.adapters import CONNECTORS

    names = [*world.FIELDS, "debt"]
    rows = [[world.row_of(n)[name] for name in names] for n in range(1, PEOPLE)]
    columns = ", ".join(f"{name} text" for name in names)
    statement = f"INSERT INTO bench_houses VALUES ({', '.join(['%s'] * len(names))})"
    config: dict[str, Any] = {"table": "bench_houses", "columns": {name: name for name in names}}
    config["order"] = "number"
    made = [f"CREATE TABLE bench_houses ({columns})", "CREATE INDEX bench_number ON bench_houses (number)"]
    if connection.vendor == "sqlite":
        path = Path(settings.DATA_DIR) / "sources" / "houses.sqlite3"
        path.parent.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(path) as file:
            for sql in made:
                file.execute(sql)
            file.executemany(statement.replace("%s", "?"), rows)
        config |= {"dialect": "sqlite", "path": path.name}
        secret = {}
    else:
        with connection.cursor() as cursor:
            for sql in made:
                cursor.execute(sql)
            cursor.executemany(statement, rows)
        at = connection.settings_dict
        config |= {"dialect": "postgresql", "host": at["HOST"], "port": int(at["PORT"]), "tls": "disable"}
        config |= {"database": at["NAME"], "user": at["USER"]}
        secret = {"password": at["PASSWORD"] or "none"}
    gateway.use_connectors(CONNECTORS)
    gateway.save_source(world.BUREAU, gateway.NewSource("land", "sql", config, secret))
    gateway.forget_sources()
    return str(world.grant("land"))


def _load(grant: str) -> dict[str, Any]:
    """Call from several threads as long as told; how long each call took."""
    from django.db import connection
    from django.utils import timezone

    from support import gateway as world
    from yiwang.apps.gateway import public as gateway

    times: list[float] = []
    gateway.call(world.CLIENT, world.question(grant, 1), now=timezone.now())  # imports, connections
    begin = time.perf_counter()

    def work(first: int) -> None:
        serial = first
        while (now := time.perf_counter()) < begin + SECONDS:
            serial = serial % (PEOPLE - 1) + 1
            gateway.call(world.CLIENT, world.question(grant, serial), now=timezone.now())
            times.append(time.perf_counter() - now)
        connection.close()

    workers = [threading.Thread(target=work, args=(97 * n,)) for n in range(THREADS)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    return {"times": times, "seconds": time.perf_counter() - begin}


def _over_http(world: Any) -> Line:
    """The same through two processes of the server, signed both ways."""
    from django.conf import settings

    from support.deployed import Deployed
    from support.gateway_served import System

    grant = world.grant("land")
    _, key = world.client_system()
    server = Deployed(Path(settings.DATA_DIR), os.environ.get("YIWANG_DATABASE_URL", ""))
    server.start()
    system = System(server, grant, key.to_pem(None).decode())
    try:
        with system.asking(THREADS):
            system.wait_for(200, 40)
            begin, before = time.perf_counter(), len(system.log)
            time.sleep(SECONDS)
            count, seconds = len(system.log) - before, time.perf_counter() - begin
    finally:
        server.kill()
    good = [one for one in system.log[before : before + count] if one.status == 200]
    rate = len(good) / seconds
    line = f"{label()}: signed calls over HTTP, 2 server processes, {THREADS} threads of a client"
    return _rate_line(line, [THREADS / rate] * max(1, len(good)), rate, None)


if __name__ == "__main__":
    start()
    print(json.dumps(_load(sys.argv[1])))
