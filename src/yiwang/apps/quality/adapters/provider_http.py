# SPDX-License-Identifier: Apache-2.0
"""Corrections to providers' systems over HTTPS (docs/formats/corrections.md): one POST for each, signed by
the gateway's key as departments sign their own requests. The same `id` again is the same correction."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from yiwang.apps.quality.public import CorrectionMessage, Reply, read_reply
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.errors import Conflict, Unavailable

Sign = Callable[[str, str, bytes], Mapping[str, str]]
Carry = Callable[[CorrectionMessage], Reply]
_AGAIN = "稍后自动重试；长时间不通请联系提供部门。"
_CHECK = "请提供部门核对更正接口；地址在 YIWANG_CORRECTIONS_URLS。"
_BUSY = (408, 425, 429)
_MOST = 10_000  # bytes of an answer


@dataclass(frozen=True)
class HttpProviders:
    """Systems at `urls` (department → address); a department that has none is left to `others`.

    Args:
        sign: method, path, body → the headers that prove it. seconds: how long to wait for an answer.
    """

    urls: Mapping[str, str]
    others: Carry
    sign: Sign
    seconds: Callable[[], int]
    transport: httpx.BaseTransport | None = None

    def carry(self, message: CorrectionMessage) -> Reply:
        """Hand a correction over. Raises Unavailable: later; Conflict, Invalid: not so."""
        url = self.urls.get(message.provider)
        if url is None:
            return self.others(message)
        address = f"{url.rstrip('/')}/corrections"
        content = {name: text for name, text in message.content().items() if name != "provider"}
        body = canonical_json(content)
        sent = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.id,
            **self.sign("POST", urlsplit(address).path, body),
        }
        seconds = self.seconds()
        client = httpx.Client(timeout=seconds, transport=self.transport, follow_redirects=False)
        try:
            with client, client.stream("POST", address, content=body, headers=sent) as answer:
                if answer.status_code >= 500 or answer.status_code in _BUSY:
                    raise Unavailable(f"提供部门的系统出错（{answer.status_code}）。", mend=_AGAIN)
                if answer.status_code not in (200, 201, 202):
                    raise Conflict(f"提供部门的系统不收（{answer.status_code}）。", mend=_CHECK)
                return read_reply(_read(answer, seconds))
        except httpx.HTTPError as error:
            raise Unavailable(f"提供部门的系统没有应答（{type(error).__name__}）。", mend=_AGAIN) from error


def _read(answer: httpx.Response, seconds: int) -> bytes:
    until, read = time.monotonic() + seconds, bytearray()
    for part in answer.iter_bytes():
        read += part
        if len(read) > _MOST:
            raise Conflict("提供部门系统的应答太大。", mend=_CHECK)
        if time.monotonic() > until:
            raise Unavailable("提供部门系统应答太慢。", mend=_AGAIN)
    return bytes(read)
