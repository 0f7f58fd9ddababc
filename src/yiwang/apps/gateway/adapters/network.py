# SPDX-License-Identifier: Apache-2.0
"""Connections to a provider's service: the address behind a name is judged before it is used, and every
read and write ends at the call's deadline, however slowly the other side drips."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from ..domain.connecting import SourceDown

_MEND = "请数据提供单位和运维核对域名解析。"
_call = threading.local()


@contextmanager
def until(deadline: float) -> Iterator[None]:
    """Within this block, in this thread, no read or write lasts beyond the deadline."""
    _call.deadline = deadline
    try:
        yield
    finally:
        _call.deadline = None


def _left(timeout: float | None) -> float | None:
    deadline = getattr(_call, "deadline", None)
    if deadline is None:
        return timeout
    seconds: float = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout("deadline")
    return seconds if timeout is None else min(timeout, seconds)


class JudgedNetwork(httpcore.NetworkBackend):
    """Connects only to addresses that a provider may have. `loopback`: it is on this machine."""

    def __init__(self, *, loopback: bool) -> None:
        self._loopback = loopback
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Look the name up once, judge what is found, connect to that. Raises SourceDown."""
        address = self._judged(host, port)
        stream = self._network.connect_tcp(address, port, _left(timeout), local_address, socket_options)
        return _TimedStream(stream)

    def _judged(self, host: str, port: int) -> str:
        try:
            found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError):
            raise SourceDown("数据来源的域名查不到。", mend=_MEND) from None
        if not all(may_be_asked(text, loopback=self._loopback) for text in found):
            raise SourceDown("数据来源的域名指向不许访问的地址。", mend=_MEND)
        return found[0]


def may_be_asked(text: str, *, loopback: bool) -> bool:
    """Whether a provider may have this address: none of this machine, of the link, of a group."""
    address = ipaddress.ip_address(text.split("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return address.is_loopback == loopback


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
