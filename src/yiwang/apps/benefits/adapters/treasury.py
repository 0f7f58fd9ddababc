# SPDX-License-Identifier: Apache-2.0
"""The treasury's payment system: its demo twin, and one that speaks JSON over HTTPS.

The interface of the real system is not public: `HttpTreasury` keeps everything a real one needs to have
mapped in one place.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from yiwang.apps.benefits.public import Order, Receipt
from yiwang.kernel.dates import BEIJING
from yiwang.kernel.errors import Unavailable

_SECONDS = 30.0  # far below the ten minutes for which the outbox lends a message
BAD_BANK = "退回测试银行"
"""Orders to this bank are refused by the twin, to try what happens then."""


@dataclass
class DemoTreasury:
    """Pays into a folder, once for each key. `fail` makes it unreachable."""

    folder: Path
    fail: bool = False

    def pay(self, order: Order) -> Receipt:
        """Pay, or refuse. Raises Unavailable while `fail` is set."""
        if self.fail:
            raise Unavailable("财政支付系统没有应答。", mend="稍后自动重试。")
        if order.bank == BAD_BANK:
            return Receipt(refused="收款账户不存在")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{order.key}.json"
        half = path.with_suffix(f".{os.getpid()}.tmp")
        number = f"CZ{hashlib.sha256(order.key.encode()).hexdigest()[:14].upper()}"
        kept = {"key": order.key, "fen": order.fen, "receipt": number}
        half.write_text(json.dumps(kept | {"day": dt.datetime.now(BEIJING).date().isoformat()}))
        try:
            os.link(half, path)  # only the first of two at once makes it
        except FileExistsError:
            pass
        finally:
            half.unlink()
        return Receipt(json.loads(path.read_text())["receipt"])

    def statement(self, day: dt.date) -> Iterable[tuple[str, int, str]]:
        """What was paid on a day. Raises Unavailable while `fail` is set."""
        if self.fail:
            raise Unavailable("财政支付系统没有应答。", mend="稍后再对账。")
        for path in sorted(self.folder.glob("*.json")):
            one = json.loads(path.read_text())
            if one["day"] == day.isoformat():
                yield one["key"], one["fen"], one["receipt"]


@dataclass
class HttpTreasury:
    """`POST <url>/payments` with a bearer token and an `Idempotency-Key`; the answer is
    `{"receipt": "…"}` or `{"refused": "…"}`. `GET <url>/payments?day=` gives a day's statement."""

    url: str
    token: str
    transport: httpx.BaseTransport | None = None

    def pay(self, order: Order) -> Receipt:
        """Hand an order over. Raises Unavailable: no answer, or one that cannot be read."""
        said = self._call("POST", "/payments", json=asdict(order), key=order.key)
        receipt = Receipt(str(said.get("receipt", ""))[:80], str(said.get("refused", ""))[:200])
        if bool(receipt.number) == bool(receipt.refused):
            raise Unavailable("财政支付系统的答复读不懂。", mend="稍后自动重试；一直如此请联系财政部门。")
        return receipt

    def statement(self, day: dt.date) -> Iterable[tuple[str, int, str]]:
        """A day's payments. Raises Unavailable."""
        said = self._call("GET", f"/payments?day={day.isoformat()}")
        try:
            return [(str(one["key"]), int(one["fen"]), str(one["receipt"])) for one in said["payments"]]
        except (KeyError, TypeError, ValueError):
            raise Unavailable("财政的对账单读不懂。", mend="请联系财政部门核对接口。") from None

    def _call(self, method: str, path: str, *, json: object = None, key: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})
        try:
            with httpx.Client(timeout=_SECONDS, transport=self.transport) as client:
                answer = client.request(method, self.url.rstrip("/") + path, json=json, headers=headers)
                found = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(
                f"财政支付系统没有应答（{type(error).__name__}）。", mend="稍后自动重试。"
            ) from None
        if not isinstance(found, dict):
            raise Unavailable("财政支付系统的答复读不懂。", mend="稍后自动重试。")
        return found
