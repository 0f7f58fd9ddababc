# SPDX-License-Identifier: Apache-2.0
"""The province's platform over HTTPS. Its real interface is not public: plain JSON, all mapping here.

`POST /<what>` hands over, with an `Idempotency-Key`; the answer is `{"receipt": "…"}`.
`GET /feeds/<feed>?after=<cursor>` gives `{"messages": […], "cursor": "…", "more": false}`.
`GET /returned/<number>` gives the lines of a batch. Every call bears the token and is signed:
`X-Signature` = HMAC-SM3 with the token over method, path, time and SM3 of the body, so that neither
content nor order can be changed on the way.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from yiwang.apps.exchange.public import Feed, FeedPage, Pace, Upward
from yiwang.kernel.errors import Conflict, Unavailable

_AGAIN = "稍后自动重试；长时间不通请联系省级平台。"
_CHECK = "请核对 YIWANG_PROVINCE_EXCHANGE_URL、YIWANG_PROVINCE_EXCHANGE_TOKEN 和接口版本。"
_BUSY = (408, 425, 429)


def signature(token: str, *, method: str, path: str, at: str, body: bytes) -> str:
    """The signature of a call, in hexadecimal."""
    said = "\n".join([method, path, at, hashlib.new("sm3", body).hexdigest()])
    return hmac.new(token.encode(), said.encode(), "sm3").hexdigest()


@dataclass
class HttpPlatform:
    """The platform at `url`. `pace`: how long to wait, how much to read, asked at every call."""

    url: str
    token: str
    pace: Callable[[], Pace]
    transport: httpx.BaseTransport | None = None

    def push(self, what: Upward, key: str, content: Mapping[str, Any]) -> str:
        """Hand something over; returns the receipt. Raises Unavailable, Conflict."""
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        found = _object(self._call("POST", f"/{what.value}", body=body, key=key))
        receipt = found.get("receipt")
        if not isinstance(receipt, str) or not receipt:
            raise Conflict("省级平台的回执读不出来。", mend=_CHECK)
        return receipt

    def feed(self, feed: Feed, after: str) -> FeedPage:
        """What came since a cursor. Raises Unavailable, Conflict."""
        found = _object(self._call("GET", f"/feeds/{feed.value}?after={quote(after, safe='')}"))
        messages, cursor, more = found.get("messages"), found.get("cursor"), found.get("more", False)
        if not isinstance(messages, list) or not isinstance(cursor, str) or not isinstance(more, bool):
            raise Conflict("省级平台的应答读不出来。", mend=_CHECK)
        return FeedPage(tuple(messages), cursor, more)

    def content(self, number: str) -> bytes:
        """The lines of a batch. Raises Unavailable, Conflict."""
        return self._call("GET", f"/returned/{quote(number, safe='')}")

    def _call(self, method: str, path: str, *, body: bytes = b"", key: str = "") -> bytes:
        kept = self.pace()
        address = f"{self.url.rstrip('/')}{path}"
        parts = urlsplit(address)
        signed = f"{parts.path}?{parts.query}" if parts.query else parts.path
        at = str(int(time.time()))
        sent = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "X-Time": at,
            "X-Signature": signature(self.token, method=method, path=signed, at=at, body=body),
            **({"Idempotency-Key": key} if key else {}),
        }
        client = httpx.Client(timeout=kept.seconds, transport=self.transport, follow_redirects=False)
        try:
            with client, client.stream(method, address, content=body, headers=sent) as answer:
                _require_good(answer.status_code)
                return _read(answer, kept)
        except httpx.HTTPError as error:
            raise Unavailable(f"省级平台没有应答（{type(error).__name__}）。", mend=_AGAIN) from error


def _require_good(status: int) -> None:
    if status >= 500 or status in _BUSY:
        raise Unavailable(f"省级平台出错（{status}）。", mend=_AGAIN)
    if status not in (200, 201, 202):
        raise Conflict(f"省级平台不收（{status}）。", mend=_CHECK)


def _read(answer: httpx.Response, kept: Pace) -> bytes:
    """The whole answer, within the time and size there are: a dripping one ends too."""
    until, read = time.monotonic() + kept.seconds, bytearray()
    for part in answer.iter_bytes():
        read += part
        if len(read) > kept.most_bytes:
            raise Conflict("省级平台的应答太大。", mend="请省级平台分批下发。")
        if time.monotonic() > until:
            raise Unavailable("省级平台应答太慢。", mend=_AGAIN)
    return bytes(read)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Conflict("省级平台的应答读不出来。", mend=_CHECK)
    return found
