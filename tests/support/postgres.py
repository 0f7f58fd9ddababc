# SPDX-License-Identifier: Apache-2.0
"""A real PostgreSQL server for one test run: started in a temporary directory, gone afterwards.

The server listens on a free loopback port and nothing else, trusts local connections, and does
not wait for the disk (fsync off): its data is worth nothing after the run. PostgreSQL refuses to
run as root, so under root its programs run as the system user `postgres`.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

SYSTEM_USER = "postgres"
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
}


class PostgresMissing(RuntimeError):
    """The server programs (initdb, pg_ctl) are not on this machine."""


def find_binaries() -> Path:
    """Return the directory that holds initdb and pg_ctl (the newest installed server).

    Raises PostgresMissing with what to install.
    """
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    on_path = [Path(found).parent for found in [shutil.which("pg_ctl")] if found]
    for directory in [*reversed(packaged), *on_path]:
        if (directory / "initdb").exists() and (directory / "pg_ctl").exists():
            return directory
    raise PostgresMissing(
        "no PostgreSQL server programs (initdb, pg_ctl): run scripts/need postgresql, "
        "or install your system's postgresql package"
    )


@dataclass(frozen=True)
class Server:
    """A running server: where its data lies and how to reach it."""

    data: Path
    port: int

    def url(self, database: str = "postgres") -> str:
        """Return the URL of one of the server's databases."""
        return f"postgresql://{SYSTEM_USER}@127.0.0.1:{self.port}/{database}"


def _run(program: Path, *arguments: str, cwd: Path) -> None:
    owner = SYSTEM_USER if os.geteuid() == 0 else None
    done = subprocess.run(
        [str(program), *arguments],
        user=owner,
        group=owner,
        extra_groups=[] if owner else None,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program.name} failed ({done.returncode}):\n{done.stdout}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(home: Path, settings: Mapping[str, str] = SETTINGS) -> Server:
    """Make a new server under `home` and start it; `home` must be empty and writable.

    Raises PostgresMissing, or RuntimeError with the server's own words.
    """
    binaries = find_binaries()
    if os.geteuid() == 0:
        shutil.chown(home, SYSTEM_USER, SYSTEM_USER)
    data = home / "data"
    _run(
        binaries / "initdb",
        *("--pgdata", str(data), "--username", SYSTEM_USER, "--auth", "trust"),
        *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        cwd=home,
    )
    server = Server(data, _free_port())
    resume(server, settings)
    return server


def resume(server: Server, settings: Mapping[str, str] = SETTINGS) -> None:
    """Start a server whose data are there. Raises RuntimeError with the server's own words."""
    log = server.data.parent / "log"
    options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in settings.items())
    try:
        _run(
            find_binaries() / "pg_ctl",
            *("start", "--wait", "--silent", "--pgdata", str(server.data), "--log", str(log)),
            *("--options", f"-p {server.port} {options}"),
            cwd=server.data.parent,
        )
    except RuntimeError as error:
        said = log.read_text() if log.exists() else ""
        raise RuntimeError(f"{error}\n{said}") from error


def stop(server: Server) -> None:
    """Stop the server at once, whoever is still connected."""
    _run(
        find_binaries() / "pg_ctl",
        *("stop", "--wait", "--silent", "--mode", "immediate", "--pgdata", str(server.data)),
        cwd=server.data.parent,
    )


@contextmanager
def running(settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run a server for the length of a `with` block and leave nothing behind.

    Args:
        settings: what shall differ from `SETTINGS`.
    """
    home = Path(tempfile.mkdtemp(prefix="yiwang-pg-"))
    server = None
    try:
        server = start(home, SETTINGS | dict(settings or {}))
        yield server
    finally:
        if server:
            stop(server)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def shared(directory: Path) -> Iterator[Server]:
    """Run one server for all the processes that share `directory` (pytest-xdist's workers).

    The first process to come starts it, the last one to leave stops it.
    """
    note = directory / "postgres.json"
    with locked(directory):
        state = json.loads(note.read_text()) if note.exists() else None
        if state is None:
            started = start(Path(tempfile.mkdtemp(prefix="yiwang-pg-")))
            state = {"data": str(started.data), "port": started.port, "users": 0}
        note.write_text(json.dumps(state | {"users": state["users"] + 1}))
    server = Server(Path(state["data"]), state["port"])
    try:
        yield server
    finally:
        with locked(directory):
            state = json.loads(note.read_text())
            users = state["users"] - 1
            note.write_text(json.dumps(state | {"users": users}))
            if users == 0:
                note.unlink()
                stop(server)
                shutil.rmtree(server.data.parent, ignore_errors=True)


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Let one process at a time into `directory`."""
    with (directory / "test-run.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Server]:
    """The run's PostgreSQL server, shared by all workers."""
    own = tmp_path_factory.getbasetemp()
    with shared(own if worker_id == "master" else own.parent) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Server, worker_id: str) -> Iterator[str]:
    """The URL of an empty database of this worker's own on the run's PostgreSQL server."""
    name = f"tests_{worker_id}"
    with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield postgres_server.url(name)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
