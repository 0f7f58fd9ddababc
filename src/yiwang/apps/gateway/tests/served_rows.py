# SPDX-License-Identifier: Apache-2.0
"""A provider's service on loopback that does as it is told, in a thread."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behave = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers each POST as `behave` says; keeps what was sent."""

    protocol_version = "HTTP/1.1"
    behave: Behave
    seen: list[dict[str, Any]]

    def do_POST(self) -> None:
        """One call."""
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length) or b"null")
        self.seen.append({"path": self.path, "headers": dict(self.headers), "body": body})
        type(self).behave(self)

    def reply(
        self, content: bytes, *, status: int = 200, kind: str = "application/json", **headers: str
    ) -> None:
        """A whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(behave: Behave) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The address of the service, and what it was sent."""
    seen: list[dict[str, Any]] = []
    handler = type("Told", (Handler,), {"behave": staticmethod(behave), "seen": seen})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/query", seen
    finally:
        server.shutdown()
        server.server_close()


def rows(*found: dict[str, Any]) -> Behave:
    """Answers with these rows."""
    return lambda handler: handler.reply(json.dumps({"data": {"rows": found}}).encode())


def drip(handler: Handler) -> None:
    """A head that comes byte by byte and never ends."""
    try:
        for _ in range(200):
            handler.wfile.write(b"H")
            handler.wfile.flush()
            time.sleep(0.01)
    except OSError:
        handler.close_connection = True
