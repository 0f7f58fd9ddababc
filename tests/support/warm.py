# SPDX-License-Identifier: Apache-2.0
"""Commands as processes that start in a tenth of the time: forked from one that has imported everything.

`start` does what `python -m MODULE ARGUMENTS` does: a process of its own with the arguments, environment,
directory and files that it is given, which ends, is killed and is waited for like any other. It only
finds imported already what reads no setting: libraries, `kernel/`, `engines/`, and our rooms (rooms.py).
Settings, Django's registry and what is plugged in are set up in the process itself, from its own environment.

The program below (`python -m support.warm FD`) is started by the first command of a test process and
ends with it. Whether a command also starts from nothing is tried where the command line itself is:
tests/guards/test_readme.py, tests/journeys/test_stock_killed.py, src/yiwang/conf/tests/test_cli_root.py.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO

TESTS = Path(__file__).resolve().parents[1]
LIBRARIES = (
    *("cryptography.hazmat.primitives.ciphers.modes", "cryptography.hazmat.primitives.hmac"),
    *("django.contrib.messages.middleware", "django.contrib.sessions.backends.db", "django.shortcuts"),
    *("django.contrib.staticfiles.finders", "django.core.management.commands.migrate", "django.test"),
    *("django.db.backends.sqlite3.base", "django.db.migrations.executor", "django.middleware.csrf"),
    *("filetype", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread", "httpcore", "httpx", "lxml.html"),
    *("packaging.version", "pikepdf", "PIL.ImageFont", "PIL.ImageOps", "psycopg_pool"),
    *("yiwang.conf.cli", "yiwang.engines.archives", "yiwang.engines.credit", "yiwang.engines.exchange"),
    *("yiwang.engines.house", "yiwang.engines.papers", "yiwang.engines.sealing"),
)
"""What commands import and what reads no setting when it is imported."""

_START, _LOOK = b"s", b"l"
_NUMBER = struct.Struct("!q")
_RUNNING = 1 << 20  # no exit code


class Started:
    """A process that was started: what the tests need of `subprocess.Popen`.

    Attributes:
        returncode: None while it runs, as far as somebody looked; minus the signal that killed it.
    """

    def __init__(self, pid: int, out: IO[str], err: IO[str]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._out, self._err = out, err

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *raised: object) -> None:
        self.wait()
        self._out.close()
        self._err.close()

    def poll(self) -> int | None:
        """Whether it ended: its exit code, or None."""
        if self.returncode is None:
            found = _server().asked(_LOOK, self.pid)
            self.returncode = None if found == _RUNNING else found
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired after `timeout` seconds."""
        end, pause = None if timeout is None else time.monotonic() + timeout, 0.001
        while (code := self.poll()) is None:
            if end is not None and time.monotonic() >= end:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            time.sleep(pause)
            pause = min(pause * 1.5, 0.02)
        return code

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for its end; what it said and what it complained of."""
        self.wait(timeout)
        for one in (self._out, self._err):
            one.seek(0)
        return self._out.read(), self._err.read()

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it was seen to have ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


def start(
    module: str,
    *arguments: object,
    env: Mapping[str, str],
    cwd: Path,
    err: IO[str] | None = None,
    new_session: bool = False,
) -> Started:
    """`python -m module arguments` in `cwd` with `env`; nothing on its standard input.

    Args:
        err: where its complaints go, if not into what `communicate` returns.
        new_session: make it the leader of a process group of its own.
    """
    out, err = _file(), err or _file()
    order = {
        "argv": [module, *map(str, arguments)],
        "env": dict(env),
        "cwd": str(cwd),
        "new_session": new_session,
    }
    with open(os.devnull) as nothing, _file() as told:
        json.dump(order, told)
        told.seek(0)
        files = [one.fileno() for one in (nothing, out, err, told)]
        return Started(_server().asked(_START, 0, files), out, err)


def _file() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")


def run(
    module: str, *arguments: object, env: Mapping[str, str], cwd: Path, timeout: float = 300
) -> tuple[int, str, str]:
    """Start and wait for the end: exit code, output, complaints."""
    with start(module, *arguments, env=env, cwd=cwd) as process:
        out, err = process.communicate(timeout)
        return process.wait(), out, err


class _Server:
    """The process that forks, and the way to it: one question, one answer at a time."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        env = {k: v for k, v in os.environ.items() if not k.startswith(("YIWANG_", "DJANGO_", "PYTEST_"))}
        with theirs:
            command = [sys.executable, "-m", "support.warm", str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=env, cwd=TESTS)
        self._way, self._lock = ours, threading.Lock()

    def asked(self, what: bytes, number: int, files: list[int] | None = None) -> int:
        """Ask; the answer is a number too."""
        with self._lock:
            socket.send_fds(self._way, [what + _NUMBER.pack(number)], files or [])
            answer = self._way.recv(_NUMBER.size, socket.MSG_WAITALL)
        assert answer, "the process that starts commands is gone: what it said is above"
        return int(_NUMBER.unpack(answer)[0])


@cache
def _server() -> _Server:
    return _Server()


def _import_all() -> None:
    for name in LIBRARIES:
        importlib.import_module(name)
    from support import rooms

    rooms.load()


def _serve(way: socket.socket) -> list[str]:
    """Fork for whoever asks. Returns in the forked process alone: what it shall run, and its arguments."""
    while True:
        question, files, _, _ = socket.recv_fds(way, 1 + _NUMBER.size, 4)
        if not question:
            os._exit(0)  # the tests are over
        what, number = question[:1], _NUMBER.unpack(question[1:])[0]
        if what == _LOOK:
            pid, status = os.waitpid(number, os.WNOHANG)
            way.sendall(_NUMBER.pack(os.waitstatus_to_exitcode(status) if pid else _RUNNING))
            continue
        if pid := os.fork():
            way.sendall(_NUMBER.pack(pid))
            for one in files:
                os.close(one)
            continue
        way.close()
        return _become(files)


def _become(files: list[int]) -> list[str]:
    """Take on the files, the environment and the directory of the order; its arguments."""
    with open(files.pop(), encoding="utf-8") as told:
        order = json.load(told)
    for target, one in enumerate(files):
        os.dup2(one, target)
        os.close(one)
    if order["new_session"]:
        os.setsid()
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    return list(order["argv"])


if __name__ == "__main__":
    _import_all()
    gc.freeze()
    _channel = socket.socket(fileno=int(sys.argv[1]))
    _module, *sys.argv[1:] = _serve(_channel)
    runpy.run_module(_module, run_name="__main__", alter_sys=True)
