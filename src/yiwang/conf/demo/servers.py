# SPDX-License-Identifier: Apache-2.0
"""The web server and the worker as child processes, with their logs in the data directory."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from yiwang.kernel.errors import Unavailable

_RUN = "from yiwang.conf.cli import main; main()"
_PATIENCE = 40  # seconds until the first page
_STOPPING = 10  # seconds until a child that does not stop is killed


@dataclass(frozen=True)
class Running:
    """A server and a worker that run."""

    address: str
    children: tuple[subprocess.Popen[bytes], ...]
    logs: Path

    def wait(self) -> None:
        """Until one of them ends by itself; raises Unavailable then."""
        while True:
            for child, name in zip(self.children, ("server", "worker"), strict=True):
                if child.poll() is not None:
                    raise Unavailable(f"{name} 自己停了（{child.returncode}）。", mend=self.tail(name))
            time.sleep(0.5)

    def tail(self, name: str) -> str:
        """The last lines of a log."""
        path = self.logs / f"{name}.log"
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
        return f"日志 {path}：\n" + "\n".join(lines[-15:])


def free_address(wanted: str) -> str:
    """`wanted` (host:port) if nobody listens there, else a free port of the same host."""
    host, _, port = wanted.rpartition(":")
    for number in (int(port), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host or "127.0.0.1", number))
            except OSError:
                continue
            return f"{host or '127.0.0.1'}:{probe.getsockname()[1]}"
    raise Unavailable(f"不能监听 {wanted}。", mend="请换一个地址，例如 --bind 127.0.0.1:8080。")


@contextmanager
def running(bind: str, data: Path) -> Iterator[Running]:
    """Start both, wait for the first page, and stop both at the end. Raises Unavailable."""
    logs = data / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    host, _, port = bind.rpartition(":")
    children = (_start(logs, "server", "serve", "--bind", bind), _start(logs, "worker", "worker"))
    local = "127.0.0.1" if host in ("", "0.0.0.0", "::", "[::]") else host  # noqa: S104  # nosec B104
    found = Running(f"http://{local}:{port}", children, logs)
    try:
        _wait_for_page(found)
        yield found
    finally:
        _stop(children)


def _start(logs: Path, name: str, *command: str) -> subprocess.Popen[bytes]:
    with (logs / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-c", _RUN, *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us first, and we stop them in order
        )


def _wait_for_page(found: Running) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if found.children[0].poll() is not None:
            raise Unavailable("网站没有启动。", mend=found.tail("server"))
        try:
            if httpx.get(f"{found.address}/", trust_env=False, timeout=10).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise Unavailable(f"等了 {_PATIENCE} 秒，网站还没有打开。", mend=found.tail("server"))


def _stop(children: tuple[subprocess.Popen[bytes], ...]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    for child in children:
        try:
            child.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
