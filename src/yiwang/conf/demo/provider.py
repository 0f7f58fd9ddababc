# SPDX-License-Identifier: Apache-2.0
"""The demo twin of a department's web service: marriage registration (民政), a process of its own.

`POST /marriages` with a bearer token and `{"sfzh": "…"}` answers `{"data": {"rows": […]}}`; with `from`
and `size` it turns pages. It listens on loopback only and knows invented people only.
"""

from __future__ import annotations

import argparse
import hmac
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from yiwang.kernel.errors import Unavailable

FILE = "civil-affairs.json"
KEYS = {"resident-id-number": "sfzh", "spouse-id-number": "posfzh"}
"""Field → what the service calls it as a key."""
COLUMNS = {
    "resident-id-number": "self.id",
    "resident-name": "self.name",
    "spouse-id-number": "spouse.id",
    "spouse-name": "spouse.name",
    "marital-status": "status",
    "registered": "day",
    "certificate-number": "number",
    "authority": "office",
}
_LARGEST = 10_000  # bytes of a request
_MOST = 50_000  # rows of a page
_TOKEN = "DEMO_PROVIDER_TOKEN"  # noqa: S105  # nosec B105 - the variable's name
_PATIENCE = 20  # seconds


@dataclass(frozen=True)
class Provider:
    """A service that runs."""

    url: str
    token: str = field(repr=False)
    process: subprocess.Popen[str]


def as_said(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in the service's own words."""
    said: dict[str, Any] = {}
    for name, path in COLUMNS.items():
        place, *rest = path.split(".")
        if rest:
            said.setdefault(place, {})[rest[0]] = row[name]
        else:
            said[place] = row[name]
    return said


@contextmanager
def running(directory: Path, port: int = 0) -> Iterator[Provider]:
    """Start the service over the rows in `directory`, and stop it at the end. Raises Unavailable."""
    token = secrets.token_urlsafe(24)
    arguments = [sys.executable, "-m", __name__, str(directory / FILE), str(port)]
    with started(arguments, "示例的民政接口没有启动。", {_TOKEN: token}) as (said, process):
        yield Provider(f"http://127.0.0.1:{said}/marriages", token, process)


@contextmanager
def started(
    arguments: Sequence[str], otherwise: str, env: Mapping[str, str] | None = None
) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Start a twin that prints its port first, and stop it at the end. Raises Unavailable(`otherwise`)."""
    process = subprocess.Popen(
        arguments,
        env=os.environ | (env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline().strip()
        if not said.isdecimal():
            raise Unavailable(otherwise, mend="请查看控制台输出。")
        yield int(said), process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()


class _Answering(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    rows: Sequence[Mapping[str, Any]]
    places: Mapping[str, Mapping[str, Sequence[int]]]
    token: str

    def do_POST(self) -> None:
        """Answer one question."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST:
            self._say(413, {})
            return
        sent = self.rfile.read(length)
        given = self.headers.get("Authorization", "").encode("latin-1")
        if not hmac.compare_digest(given, f"Bearer {self.token}".encode()):
            self._say(401, {})
        elif self.path != "/marriages":
            self._say(404, {})
        else:
            self._answer(sent)

    def _answer(self, sent: bytes) -> None:
        try:
            asked = json.loads(sent)
            if "from" in asked:
                start, size = int(asked["from"] or 0), min(int(asked["size"]), _MOST)
                on = str(start + size) if start + size < len(self.rows) else None
                self._say(200, {"data": {"rows": self.rows[start : start + size]}, "next": on})
                return
            chosen = [set(self.places[name].get(str(value), ())) for name, value in asked.items()]
            found = sorted(set.intersection(*chosen)) if chosen else []
        except (ValueError, TypeError, KeyError):
            self._say(400, {})
            return
        self._say(200, {"data": {"rows": [self.rows[place] for place in found]}})

    def _say(self, status: int, said: Mapping[str, Any]) -> None:
        data = json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a request names somebody."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to stop; prints the port first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path)
    parser.add_argument("port", type=int)
    chosen = parser.parse_args(arguments)
    rows = json.loads(chosen.rows.read_text("utf-8"))
    places: dict[str, dict[str, list[int]]] = {name: {} for name in KEYS.values()}
    for place, row in enumerate(rows):
        for field_, name in KEYS.items():
            who = row[COLUMNS[field_].split(".")[0]]["id"]
            if who is not None:
                places[name].setdefault(who, []).append(place)
    told = {"rows": rows, "places": places, "token": os.environ.pop(_TOKEN)}
    server = ThreadingHTTPServer(("127.0.0.1", chosen.port), type("Answering", (_Answering,), told))
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
