# SPDX-License-Identifier: Apache-2.0
"""Rows that a provider's HTTP service answers with: one POST of JSON, to the registered host alone.

Keys go into the body, never into the address. Redirects, other content types, and answers that are too
long or too slow are refused (`network` judges addresses and ends every step at the deadline).
"""

from __future__ import annotations

import ipaddress
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpcore
import httpx
from pydantic import AfterValidator, Field

from yiwang.kernel.errors import Invalid

from ..domain.connecting import Query, Registered, Row, SourceDown, TablePage
from .base import BaseConnector, left, malformed, table_of, too_large, too_slow, wanted_columns
from .network import JudgedNetwork, until
from .registering import FieldId, Registration, read_registration

_STEP = re.compile(r"[A-Za-z0-9_\u4e00-\u9fff-]{1,63}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,60}")
_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,2000}[\x21-\x7e])?")
_OUR_HEADERS = (
    ("Content-Type", "application/json"),
    ("Accept", "application/json"),
    ("Accept-Encoding", "identity"),
)
_MOST_CONNECTIONS, _KEPT_SECONDS = 16, 30.0
_OURS = {
    "host",
    "accept",
    "content-length",
    "content-type",
    "transfer-encoding",
    "connection",
    "accept-encoding",
}
_FIRST, _LAST = "at:", "end"  # places between pages: behind `at:` stands the service's own
_DEEPEST = 8
_MEND = "请稍后再试；一直这样请联系数据提供单位。"


def _path(text: str) -> str:
    steps = text.split(".")
    if len(steps) > _DEEPEST or not all(_STEP.fullmatch(step) for step in steps):
        raise ValueError("位置写成用点连接的名称，例如 data.rows，最多八层")
    return text


def _parameter(text: str) -> str:
    if not _STEP.fullmatch(text):
        raise ValueError("参数名只能用字母、数字、汉字、下划线和短横")
    return text


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("地址应以 https:// 开头，不带用户名和口令")
    if parts.query or parts.fragment or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("地址不带 ? 和 #，只用英文字符")
    _ = parts.port  # raises ValueError for a bad one
    return text


JsonPath = Annotated[str, AfterValidator(_path)]


class HttpRegistration(Registration):
    """Which address is asked, what it calls its parameters, where in the answer the rows are.

    Attributes:
        rows: where the list of rows stands; "" when the answer is the list itself.
        columns: field → where its value stands within a row.
        parameters: field → the name under which the service takes a key; the field's id by default.
        headers: what else is sent with each call; secret ones are kept with the secrets.
        page, next_page: the name under which the service takes where to go on, and where in the answer it
            says so; without them the service is not read whole.
    """

    url: Annotated[str, AfterValidator(_address)]
    rows: JsonPath | None = None
    columns: dict[FieldId, JsonPath] = Field(min_length=1)
    parameters: dict[FieldId, Annotated[str, AfterValidator(_parameter)]] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    page: Annotated[str, AfterValidator(_parameter)] | None = None
    next_page: JsonPath | None = None


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers that may be sent. Raises Invalid for a name or value that could become another header."""
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or name.lower() in _OURS:
            raise Invalid(f"请求头“{name[:60]!r}”不能用。", mend="请改名或删去。")
        if not _VALUE.fullmatch(value):
            raise Invalid(f"请求头“{name}”的值不对。", mend="只能用英文字符，不能有换行。")
    return dict(headers)


class HttpConnector(BaseConnector):
    """A connector over one address."""

    def __init__(self, registered: Registered) -> None:
        """Raises Invalid for a bad registration."""
        self._spec = read_registration(HttpRegistration, registered.config)
        self._limits = registered.limits
        parts = urlsplit(self._spec.url)
        host = parts.hostname or ""
        self._local = _is_loopback(host)
        if parts.scheme == "http" and not self._local and host not in registered.limits.plain_hosts:
            raise Invalid("数据接口的地址要用 https。", mend="请改用 https 地址，或由运维登记例外。")
        self._headers = checked_headers({**self._spec.headers, **registered.secret})
        self._pool: httpcore.ConnectionPool | None = None
        self._lock = threading.Lock()

    def fetch(self, query: Query, *, deadline: float) -> list[Row]:
        """The rows that have these keys."""
        if not query.keys:
            raise Invalid("没有查询条件。", mend="请至少填一项查询条件。")
        named = self._spec.parameters
        body = {named.get(field, field): value for field, value in query.keys.items()}
        rows = self._rows(self._ask(body, deadline), query.fields)
        if len(rows) > query.limit:
            raise too_large(f"符合条件的超过{query.limit}条")
        return [dict(zip(query.fields, row, strict=True)) for row in rows]

    def tables(
        self, fields: Sequence[str], *, after: str | None, size: int, deadline: float
    ) -> Iterator[TablePage]:
        """All rows, page after page as the service hands them out."""
        page, next_page = self._spec.page, self._spec.next_page
        if page is None or next_page is None:
            raise Invalid("这个接口不能整批读取。", mend="请登记翻页参数（page、next_page），或逐条查询。")
        place = (after or _FIRST).removeprefix(_FIRST)
        while after != _LAST:
            said = self._ask({page: place, "size": size}, deadline)
            rows = self._rows(said, fields)
            on = _at(said, next_page)
            if len(rows) > size:
                raise too_large(f"一页超过{size}条")
            if on is not None and (not isinstance(on, str) or not on or on == place or not rows):
                raise malformed("翻页的位置不对")
            after, place = (_LAST, "") if on is None else (f"{_FIRST}{on}", on)
            if rows:
                yield TablePage(table_of(fields, rows), after)

    def _rows(self, said: Any, fields: Sequence[str]) -> list[tuple[Any, ...]]:
        columns = wanted_columns(self._spec.columns, fields)
        rows = _at(said, self._spec.rows) if self._spec.rows else said
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise malformed("登记的位置上没有数据列表")
        return [tuple(_at(row, path) for _, path in columns) for row in rows]

    def _ask(self, body: Mapping[str, Any], deadline: float) -> Any:
        """POST and read the answer while it fits. Raises SourceDown, SourceSlow, SourceMalformed,
        SourceTooLarge, and Invalid for a key that JSON cannot hold."""
        times = {"connect": min(self._limits.connect_seconds, left(deadline))}
        try:
            content = json.dumps(dict(body), ensure_ascii=False).encode()
        except (TypeError, ValueError):
            raise Invalid("查询条件的格式不对。", mend="请核对填写的内容。") from None
        try:
            with (
                until(deadline),
                self._opened().stream(
                    "POST",
                    self._spec.url,
                    headers=[*self._headers.items(), *_OUR_HEADERS],
                    content=content,
                    extensions={"timeout": times},
                ) as answer,
            ):
                _check_head(answer)
                data = self._taken(answer, deadline)
        except httpcore.TimeoutException:
            raise too_slow() from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol):
            raise SourceDown("数据来源的接口连不上。", mend=_MEND) from None
        try:
            return json.loads(data, parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise malformed("不是 JSON") from None

    def _taken(self, answer: httpcore.Response, deadline: float) -> bytes:
        data = bytearray()
        for block in answer.iter_stream():
            data += block
            if len(data) > self._limits.most_bytes:
                raise too_large(f"超过{self._limits.most_bytes}字节")
            if time.monotonic() > deadline:
                raise too_slow()
        return bytes(data)

    def _opened(self) -> httpcore.ConnectionPool:
        with self._lock:
            if self._pool is None:
                self._pool = httpcore.ConnectionPool(
                    ssl_context=httpx.create_ssl_context(trust_env=False),
                    max_connections=_MOST_CONNECTIONS,
                    keepalive_expiry=_KEPT_SECONDS,
                    network_backend=JudgedNetwork(loopback=self._local),
                )
            return self._pool

    def close(self) -> None:
        """Close what is kept open."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()
            self._pool = None


def _check_head(answer: httpcore.Response) -> None:
    heads = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
    if 300 <= answer.status < 400:
        raise malformed("接口要我们转到别的地址，不跟随")
    if answer.status >= 500 or answer.status in (408, 429):
        raise SourceDown(f"数据来源的接口出错（{answer.status}）。", mend=_MEND)
    if answer.status != 200:
        raise malformed(f"接口拒绝了请求（{answer.status}）")
    kind = heads.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise malformed("接口的回答不是 JSON")
    if heads.get("content-encoding", "identity").lower() != "identity":
        raise malformed("接口压缩了回答，我们没有要求")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _at(value: Any, path: str) -> Any:
    """What stands at a place; None where there is nothing."""
    for step in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(name)
