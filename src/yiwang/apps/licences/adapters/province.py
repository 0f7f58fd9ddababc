# SPDX-License-Identifier: Apache-2.0
"""The province's store of e-licences (省电子证照库): takes index records, under an idempotency key.

The interface of the real system is not public. `HttpProvince` speaks plain JSON over HTTPS and keeps
everything a real one needs to have mapped in one place; `DemoProvince` is the twin for trials.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from yiwang.apps.licences.domain.index_record import is_newer
from yiwang.kernel.errors import Conflict, Unavailable

_SECONDS = 30.0  # far below the ten minutes for which the outbox lends a message
_MOST_RECEIPT = 120


@dataclass
class DemoProvince:
    """Keeps the newest record of each licence in a folder. `fail` makes it refuse, to try outages."""

    folder: Path
    fail: bool = False

    def push(self, key: str, records: Sequence[Mapping[str, Any]]) -> str:
        """Take the records; returns the receipt. Raises Unavailable while `fail` is set."""
        if self.fail:
            raise Unavailable("省电子证照库没有应答。", mend="稍后自动重试。")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for record in records:
            if is_newer(record, self.kept(record["索引编号"])):
                self._write(record)
        return f"demo-{hashlib.sha256(key.encode()).hexdigest()[:16]}"

    def kept(self, index: str) -> dict[str, Any] | None:
        """The record of one licence, or None."""
        path = self.folder / f"{index}.json"
        found: dict[str, Any] | None = json.loads(path.read_text("utf-8")) if path.exists() else None
        return found

    def _write(self, record: Mapping[str, Any]) -> None:
        path = self.folder / f"{record['索引编号']}.json"
        half = path.with_suffix(f".{os.getpid()}.tmp")
        half.touch(mode=0o600)
        half.write_text(json.dumps(dict(record), ensure_ascii=False), encoding="utf-8")
        half.replace(path)


@dataclass
class HttpProvince:
    """`POST <url>/index` with a bearer token, an `Idempotency-Key` and `{"records": […]}`; the answer is
    `{"receipt": "…"}`. The same key again is the same delivery."""

    url: str
    token: str
    transport: httpx.BaseTransport | None = None

    def push(self, key: str, records: Sequence[Mapping[str, Any]]) -> str:
        """Hand the records over; returns the receipt.

        Raises Unavailable: no answer, or a fault on their side. Conflict: they refuse what was sent.
        """
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        try:
            with httpx.Client(timeout=_SECONDS, transport=self.transport, follow_redirects=False) as client:
                answer = client.post(
                    f"{self.url.rstrip('/')}/index", json={"records": list(records)}, headers=headers
                )
        except httpx.HTTPError as error:
            raise Unavailable(
                f"省电子证照库没有应答（{type(error).__name__}）。",
                mend="稍后自动重试；长时间不通请联系省级平台。",
            ) from error
        return _receipt(answer)


def _receipt(answer: httpx.Response) -> str:
    if answer.status_code >= 500 or answer.status_code in (408, 425, 429):
        raise Unavailable(f"省电子证照库出错（{answer.status_code}）。", mend="稍后自动重试。")
    if answer.status_code not in (200, 201, 202):
        mend = "请核对 YIWANG_PROVINCE_URL、YIWANG_PROVINCE_TOKEN 和接口版本，再重发。"
        raise Conflict(f"省电子证照库不收（{answer.status_code}）。", mend=mend)
    try:
        receipt = answer.json()["receipt"]
    except (ValueError, KeyError, TypeError):
        receipt = ""
    if not isinstance(receipt, str) or not receipt:
        raise Conflict("省电子证照库的回执读不出来。", mend="请核对接口版本，再重发。")
    return receipt[:_MOST_RECEIPT]
