# SPDX-License-Identifier: Apache-2.0
"""The demo twin of a department's own system that takes corrections (docs/formats/corrections.md): public
security's, a process of its own over its SQLite register.

It believes only what the gateway signed, within a few minutes and once. A correction is made once, however
often it comes; one that the register cannot follow is refused with the reason.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from yiwang.apps.gateway.receiving import believed
from yiwang.engines.sealing import PublicKey
from yiwang.kernel.errors import YiwangError

from .provider import started

PROVIDER, RESOURCE = "public-security", "household-population"
_TABLE, _KEY = "household_population", "resident_id_number"
_LARGEST = 20_000  # bytes of a correction
_SKEW = 300  # seconds between the two clocks


class Register:
    """The register, and the list of corrections it was sent."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with closing(self._open()) as db, db:
            db.execute("CREATE TABLE IF NOT EXISTS corrections (id TEXT PRIMARY KEY, answer TEXT)")

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=10)

    def correct(self, told: Mapping[str, str]) -> dict[str, str]:
        """Make a correction once; the answer, the same each time."""
        with closing(self._open()) as db, db:
            db.execute("BEGIN IMMEDIATE")
            known = db.execute("SELECT answer FROM corrections WHERE id = ?", (told["id"],)).fetchone()
            if known:
                return dict(json.loads(known[0]))
            count = db.execute("SELECT COUNT(*) FROM corrections").fetchone()[0]
            answer = {"receipt": f"HJ-{count + 1:06d}", **self._made(db, told)}
            db.execute("INSERT INTO corrections VALUES (?, ?)", (told["id"], json.dumps(answer)))
            return answer

    def _made(self, db: sqlite3.Connection, told: Mapping[str, str]) -> dict[str, str]:
        columns = {row[1] for row in db.execute(f"PRAGMA table_info({_TABLE})")}
        column = told["item"].replace("-", "_")
        if told["resource"] != RESOURCE or column not in columns - {_KEY}:
            return {"outcome": "refused", "words": "这一项不在户籍底册里，请向登记它的部门提出。"}
        sentence = f'UPDATE {_TABLE} SET "{column}" = ? WHERE {_KEY} = ?'  # noqa: S608  # nosec B608
        if not db.execute(sentence, (told["new"], told["key"])).rowcount:
            return {"outcome": "refused", "words": "户籍底册里没有这个人。"}
        return {"outcome": "mended"}


class _Taking(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    register: Register
    key: PublicKey
    nonces: set[str]

    def do_POST(self) -> None:
        """Take one correction."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST:
            self._say(413, {})
            return
        body = self.rfile.read(length)
        if self.path != "/corrections":
            self._say(404, {})
        elif not self._believed(body):
            self._say(401, {})
        else:
            self._take(body)

    def _believed(self, body: bytes) -> bool:
        """Whether the gateway signed this, now, and for the first time."""
        headers = dict(self.headers.items())
        try:
            nonce = believed(self.key, headers, body, path=self.path, now=int(time.time()), skew=_SKEW)
        except YiwangError:
            return False
        if nonce in self.nonces:
            return False
        self.nonces.add(nonce)
        return True

    def _take(self, body: bytes) -> None:
        names = ("id", "resource", "item", "key", "old", "new", "evidence")
        try:
            told = json.loads(body)
            known = {name: told[name] for name in names}
        except (ValueError, TypeError, KeyError):
            self._say(400, {})
            return
        is_text = all(isinstance(value, str) for value in known.values())
        if not is_text or known["id"] != self.headers.get("Idempotency-Key"):
            self._say(400, {})
            return
        self._say(200, self.register.correct(known))

    def _say(self, status: int, said: Mapping[str, str]) -> None:
        data = json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a correction names somebody."""


@contextmanager
def running(register: Path, gateway_key: str) -> Iterator[str]:
    """Start the system over a register, and stop it at the end; its address. Raises Unavailable.

    Args:
        gateway_key: the gateway's public key, as PEM: what it signed is believed.
    """
    arguments = [sys.executable, "-m", __name__, str(register), re.sub(r"\s*\n", "|", gateway_key.strip())]
    with started(arguments, "示例的更正接口没有启动。") as (port, _):
        yield f"http://127.0.0.1:{port}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to stop; prints the port first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("register", type=Path)
    parser.add_argument("key", help="PEM, lines joined by |")
    chosen = parser.parse_args(arguments)
    key = PublicKey.from_pem(chosen.key.replace("|", "\n").encode() + b"\n")
    told = {"register": Register(chosen.register), "key": key, "nonces": set()}
    server = HTTPServer(("127.0.0.1", 0), type("Taking", (_Taking,), told))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
