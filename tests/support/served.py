# SPDX-License-Identifier: Apache-2.0
"""The real server on a data directory of its own: start it, talk to it, kill it, look at what is left.

`prepare` and `inspect` run in processes of their own (`python -m support.served WHAT`), because a
test process has its own database already.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support import warm
from support.warm import TESTS

START_WITHIN = 30.0  # seconds


@dataclass
class Served:
    """A server of ours on 127.0.0.1.

    Attributes:
        data: its data directory. database: the database URL, empty for SQLite in `data`.
    """

    data: Path
    database: str = ""
    port: int = 0
    process: warm.Started | None = None

    def environment(self) -> dict[str, str]:
        """The environment of a deployment, and nothing of the test run."""
        env = {k: v for k, v in os.environ.items() if not k.startswith(("YIWANG_", "DJANGO_", "PYTEST_"))}
        return env | {
            "YIWANG_DATA_DIR": str(self.data),
            "YIWANG_DATABASE_URL": self.database,
            "YIWANG_LOG_LEVEL": "ERROR",
            "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }

    def aside(self, what: str, module: str = "support.served") -> dict[str, Any]:
        """Run `prepare`, `inspect` or what `module` knows on the server's database; what it found."""
        code, out, err = warm.run(module, what, env=self.environment(), cwd=TESTS)
        assert code == 0, err
        found: dict[str, Any] = json.loads(out.splitlines()[-1])
        return found

    def start(self) -> None:
        """Start with `yiwang serve` and wait until it answers."""
        self.port = self.port or _free_port()
        address = f"127.0.0.1:{self.port}"
        with (self.data / "server.log").open("a", encoding="utf-8") as log:
            self.process = warm.start(
                *("yiwang", "serve", "--bind", address),
                env=self.environment() | {"YIWANG_WORKERS": "2"},
                cwd=self.data,
                err=log,
                new_session=True,
            )
        end = time.monotonic() + START_WITHIN
        while not self._answers():
            said = (self.data / "server.log").read_text()[-2000:]
            assert self.process.poll() is None, f"the server ended by itself:\n{said}"
            assert time.monotonic() < end, f"no answer within {START_WITHIN:.0f} s:\n{said}"
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            return self.call("GET", "/login")[0] == 200
        except OSError:
            return False

    def kill(self) -> None:
        """SIGKILL to the whole process group: master and workers, in the middle of whatever they do."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
            self._wait_for_the_address()

    def _wait_for_the_address(self) -> None:
        """Until the last of the killed processes has let go of it."""
        end = time.monotonic() + START_WITHIN
        while time.monotonic() < end:
            with socket.socket() as probe, suppress(OSError):
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", self.port))
                return
            time.sleep(0.002)

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """One call on a connection of its own: status and JSON (or text). Raises OSError when it breaks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, {"Content-Type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            text = answer.read().decode()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(text) if is_json else text


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _prepare() -> dict[str, Any]:
    from django.conf import settings

    from support import city
    from yiwang.apps.identity.public import issue_token
    from yiwang.kernel.actor import system

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = city.build()
    token = issue_token(system("测试"), made.logins["owner"], "测试", 1)
    return {"token": token, "body": city.api_body(made)}


def _inspect() -> dict[str, Any]:
    from yiwang.apps.casework.models import Application, NumberSeries
    from yiwang.apps.journal.models import OutboxMessage
    from yiwang.apps.journal.public import entries_of, verify
    from yiwang.apps.notices.models import Notice

    half: dict[str, list[str]] = defaultdict(list)
    messages = Counter(m.payload.get("notice") for m in OutboxMessage.objects.all())
    for one in Application.objects.prefetch_related("items__moves", "documents"):
        actions = [entry["action"] for entry in entries_of(f"case:{one.public_id}")]
        letters = Notice.objects.filter(about=one.public_id)
        items = list(one.items.all())
        planned = {line["code"] for line in (one.plan or {}).get("items", []) if line.get("included")}
        checks = {
            "number": bool(one.number and one.submitted_at and one.stage == "handling"),
            "items": bool(items) and planned <= {item.item for item in items},
            "moves": all(len(item.moves.all()) == 1 for item in items),
            "documents": len(one.documents.all()) > 0,
            "journal": actions.count("application.submitted") == 1,
            "letter": letters.count() == 1,
            "outbox": all(messages[letter.pk] == 1 for letter in letters),
        }
        for name, holds in checks.items():
            if not holds:
                half[name].append(one.public_id)
    return {
        "half": half,
        "keys": dict(Application.objects.values_list("key", "number")),
        "items": sorted({one.items.count() for one in Application.objects.all()}),
        "last": dict(NumberSeries.objects.values_list("key", "last")),
        "problems": [str(problem) for problem in verify()],
    }


if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "yiwang.conf.settings"
    django.setup()
    print(json.dumps({"prepare": _prepare, "inspect": _inspect}[sys.argv[1]]()))
