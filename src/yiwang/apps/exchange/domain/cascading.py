# SPDX-License-Identifier: Apache-2.0
"""The link with the province's exchange platform (省、市级联): what goes up, what comes down.

「用户管理、数据申请、供需对接、数据回流等在线级联功能」(gb-2022-10 L467, L529). What comes down is read
here, field by field: nothing of it is trusted before it was understood.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.engines.exchange import Sharing
from yiwang.kernel.errors import Conflict, Invalid, YiwangError
from yiwang.kernel.termed import Termed


class Feed(Termed):
    """What the province tells us of, each in its own order."""

    CATALOGUE = "catalogue", "省级资源目录"
    ANSWERS = "answers", "申请的答复"  # 对本市申请的答复
    RETURNED = "returned", "数据回流"
    USERS = "users", "用户"

    @property
    def tells_states(self) -> bool:
        """Whether a message says how something stands now, so that what was said long ago may come again;
        else each message is an event with a number of its own, which happens once."""
        return self is Feed.CATALOGUE


class State(Termed):
    """How a request to the province stands."""

    SENDING = "sending", "待上报"
    LODGED = "lodged", "省平台已收到"
    GRANTED = "granted", "省平台已同意"
    REFUSED = "refused", "省平台未同意"

    @property
    def is_answered(self) -> bool:
        """Whether the province has answered."""
        return self in (State.GRANTED, State.REFUSED)


def lodged(now: State) -> State:
    """The state once the province took it in; an answer that was quicker stands."""
    return now if now.is_answered else State.LODGED


def answered(now: State, granted: bool) -> State:
    """The state once the province answered. Raises Conflict: it has answered already."""
    if now.is_answered:
        raise Conflict("省平台已经答复过这份申请，又来了另一个答复。", mend="请联系省级平台核对。")
    return State.GRANTED if granted else State.REFUSED


@dataclass(frozen=True)
class Entry:
    """A resource of the province, as its catalogue tells. `fields`: id → name."""

    code: str
    name: str
    provider: str
    sharing: Sharing
    fields: Mapping[str, str]
    gone: bool = False


@dataclass(frozen=True)
class Answer:
    """The province's answer to a request of ours."""

    number: str
    request: str
    granted: bool
    words: str
    fields: tuple[str, ...] = ()
    valid_until: dt.date | None = None


@dataclass(frozen=True)
class Returned:
    """A batch of data that flows back: fetched by its number, proven by its digest."""

    number: str
    request: str
    title: str
    rows: int
    sha256: str


_NUMBER = re.compile(r"[A-Za-z0-9._-]{1,80}")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,80}")
"""What fits an address."""
_SHA = re.compile(r"[0-9a-f]{64}")


def read_entry(message: Mapping[str, Any]) -> Entry:
    """A resource of the province. Raises Invalid."""
    fields = message.get("fields")
    if not isinstance(fields, list) or not 1 <= len(fields) <= 500:
        raise nonsense("fields")
    named = {read_number(one, "id"): read_words(one, "name", 200) for one in map(read_mapping, fields)}
    code = message.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise nonsense("code")
    try:
        sharing = Sharing(str(message.get("sharing")))
    except ValueError:
        raise nonsense("sharing") from None
    return Entry(
        code,
        read_words(message, "name", 200),
        read_words(message, "provider", 200),
        sharing,
        named,
        read_flag(message, "gone", default=False),
    )


def read_answer(message: Mapping[str, Any]) -> Answer:
    """An answer of the province. Raises Invalid."""
    granted = read_flag(message, "granted")
    fields = message.get("fields", [])
    if not isinstance(fields, list) or not all(isinstance(one, str) for one in fields):
        raise nonsense("fields")
    until = message.get("valid_until")
    if granted and (not fields or not isinstance(until, str)):
        raise nonsense("valid_until")
    words = str(message.get("words") or "").strip()[:500]
    if not granted and not words:
        raise nonsense("words")
    return Answer(
        read_number(message, "number"),
        read_number(message, "request"),
        granted,
        words,
        tuple(fields),
        _day(until) if granted and isinstance(until, str) else None,
    )


def read_returned(message: Mapping[str, Any]) -> Returned:
    """A batch that is ready. Raises Invalid."""
    rows, digest = message.get("rows"), message.get("sha256")
    if not isinstance(rows, int) or isinstance(rows, bool) or not 0 <= rows <= 10**8:
        raise nonsense("rows")
    if not isinstance(digest, str) or not _SHA.fullmatch(digest):
        raise nonsense("sha256")
    return Returned(
        read_number(message, "number"),
        read_number(message, "request"),
        read_words(message, "title", 200),
        rows,
        digest,
    )


def read_rows(content: bytes, *, fields: frozenset[str], rows: int) -> list[dict[str, Any]]:
    """The rows of a batch: one JSON object a line, of known fields with plain values. Raises Invalid."""
    try:
        found = [json.loads(line) for line in content.decode("utf-8").splitlines() if line.strip()]
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Invalid("回流的数据读不出来。", mend="请联系省级平台重新下发。") from None
    if len(found) != rows:
        raise Invalid(f"回流的数据应有{rows}行，实有{len(found)}行。", mend="请联系省级平台重新下发。")
    for row in found:
        if not isinstance(row, dict) or not set(row) <= fields:
            raise Invalid("回流的数据里有没有申请过的信息项。", mend="不予接收；请联系省级平台核对。")
        if any(isinstance(value, dict | list) for value in row.values()):
            raise Invalid("回流的数据格式不对。", mend="请联系省级平台重新下发。")
    return found


def message_number(message: Mapping[str, Any], *, fallback: str) -> str:
    """What a message is known by, however odd it is."""
    for name in ("number", "code"):
        value = message.get(name)
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return value
    return fallback


def read_mapping(value: Any, name: str = "fields") -> Mapping[str, Any]:
    """A mapping within a message. Raises Invalid."""
    if not isinstance(value, dict):
        raise nonsense(name)
    return value


def read_number(message: Mapping[str, Any], name: str) -> str:
    """A number of a message: what fits an address. Raises Invalid."""
    value = message.get(name)
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise nonsense(name)
    return value


def read_words(message: Mapping[str, Any], name: str, most: int) -> str:
    """Words of a message, at most so many signs. Raises Invalid."""
    value = message.get(name)
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= most:
        raise nonsense(name)
    return value.strip()


def read_flag(message: Mapping[str, Any], name: str, *, default: bool | None = None) -> bool:
    """Yes or no in a message. Raises Invalid."""
    value = message.get(name, default)
    if not isinstance(value, bool):
        raise nonsense(name)
    return value


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise nonsense("valid_until") from None


def nonsense(name: str) -> YiwangError:
    """What is said of a message that cannot be read."""
    return Invalid(f"省平台发来的内容读不出来（{name}）。", mend="已记下；请联系省级平台核对接口版本。")


@dataclass(frozen=True)
class FeedPage:
    """Some messages of a feed, in its order; `cursor` is what to ask for next, `more` whether at once."""

    messages: tuple[Any, ...]
    cursor: str
    more: bool = False


@dataclass(frozen=True)
class Pace:
    """How the link is kept: seconds to wait for the province, most bytes of one answer, seconds between
    two looks, the longest pause after failures (minutes)."""

    seconds: int
    most_bytes: int
    every: int
    longest_pause: int

    def pause(self, failures: int) -> dt.timedelta:
        """How long to wait before the next look: longer after each failure."""
        if not failures:
            return dt.timedelta(seconds=self.every)
        return dt.timedelta(minutes=min(2 ** min(failures - 1, 20), self.longest_pause))
