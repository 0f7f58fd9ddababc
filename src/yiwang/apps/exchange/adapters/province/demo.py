# SPDX-License-Identifier: Apache-2.0
"""A twin of the province's platform in a folder, for trials: it lists resources, takes requests in,
answers them, and lets data flow back. `fail` makes it refuse, to try outages."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.apps.exchange.public import Feed, FeedPage, Upward
from yiwang.kernel.errors import Conflict, Unavailable

_PAGE = 50
_FIELDS = {
    "demo-vehicle": ("省级机动车登记信息（示例）", "省公安厅", {"plate": "号牌号码", "state": "机动车状态"}),
    "demo-degree": ("省级学历信息（示例）", "省教育厅", {"school": "毕业院校", "degree": "学历层次"}),
    "demo-medical": ("省级医保参保信息（示例）", "省医疗保障局", {"place": "参保地", "state": "参保状态"}),
}
_REFUSES = "测试退回"
"""A purpose with these words is refused by the twin, so that a refusal can be tried."""


@dataclass
class DemoPlatform:
    """The twin. Every feed is a file of JSON lines; a cursor is how many were read."""

    folder: Path
    fail: bool = False

    def push(self, what: Upward, key: str, content: Mapping[str, Any]) -> str:
        """Take something in; the same key is the same delivery. Raises Unavailable while `fail` is set."""
        self._require_up()
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        path = self.folder / what.value / f"{name}.json"
        if not path.exists():
            _write(path, json.dumps(dict(content), ensure_ascii=False))
            if what is Upward.REQUEST:
                self._answer(content)
            if what is Upward.USERS:
                self._list_users(content)
        return f"demo-{name}"

    def feed(self, feed: Feed, after: str) -> FeedPage:
        """What came since. Raises Unavailable while `fail` is set, Conflict for an odd cursor."""
        self._require_up()
        if after and not (after.isascii() and after.isdecimal()):
            raise Conflict("读取位置不对。", mend="请从头读取。")
        known = self._lines(feed)
        start = int(after or 0)
        part = known[start : start + _PAGE]
        return FeedPage(tuple(part), str(start + len(part)), start + len(part) < len(known))

    def content(self, number: str) -> bytes:
        """The lines of a batch. Raises Unavailable while `fail` is set, Conflict when there is none."""
        self._require_up()
        path = self.folder / "batches" / f"{hashlib.sha256(number.encode()).hexdigest()[:32]}.jsonl"
        if not path.exists():
            raise Conflict("没有这个批次。", mend="请核对批次号。")
        return path.read_bytes()

    def tell(self, feed: Feed, message: Any) -> None:
        """Put a message into a feed."""
        path = self.folder / "feeds" / f"{feed.value}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(message, ensure_ascii=False) + "\n")

    def let_flow_back(self, request: str, rows: Sequence[Mapping[str, Any]], *, number: str) -> None:
        """Offer a batch of rows for a request that was granted."""
        content = "".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows).encode()
        name = hashlib.sha256(number.encode()).hexdigest()[:32]
        _write(self.folder / "batches" / f"{name}.jsonl", content.decode())
        digest = hashlib.sha256(content).hexdigest()
        told = {"number": number, "request": request, "title": "省级数据回流（示例）"}
        self.tell(Feed.RETURNED, {**told, "rows": len(rows), "sha256": digest})

    def _answer(self, content: Mapping[str, Any]) -> None:
        request = str(content["request"])
        told: dict[str, Any] = {"number": f"answer-{request}", "request": request}
        if _REFUSES in str(content["purpose"]):
            self.tell(Feed.ANSWERS, {**told, "granted": False, "words": "用途不符合共享条件。"})
            return
        until = content["valid_until"]
        fields = list(content["fields"])
        given = {"granted": True, "words": "", "fields": fields, "valid_until": until}
        self.tell(Feed.ANSWERS, told | given)
        rows = [dict.fromkeys(fields, f"示例{number}") for number in range(1, 4)]
        self.let_flow_back(request, rows, number=f"batch-{request}")

    def _list_users(self, content: Mapping[str, Any]) -> None:
        """The twin enters whom it is told of, and lists them for their department."""
        org = {"code": content["code"], "name": content["name"]}
        known = {str(one["user"]) for one in self._lines(Feed.USERS) if isinstance(one, dict)}
        for one in content["users"]:
            user = "demo-" + hashlib.sha256(str(one["id"]).encode()).hexdigest()[:16]
            if user not in known:
                told = {"number": f"listed-{user}", "user": user, "local": one["id"], "org": org}
                self.tell(Feed.USERS, {**told, "name": one["name"], "role": one["role"]})

    def _lines(self, feed: Feed) -> list[Any]:
        path = self.folder / "feeds" / f"{feed.value}.jsonl"
        if feed is Feed.CATALOGUE and not path.exists():
            for code, (name, provider, fields) in _FIELDS.items():
                told = {"code": code, "name": name, "provider": provider, "sharing": "conditional"}
                named = [{"id": one, "name": words} for one, words in fields.items()]
                self.tell(feed, {**told, "fields": named})
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]

    def _require_up(self) -> None:
        if self.fail:
            raise Unavailable("省级平台没有应答。", mend="稍后自动重试。")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_suffix(f".{os.getpid()}.tmp")
    half.touch(mode=0o600)
    half.write_text(text, encoding="utf-8")
    half.replace(path)
