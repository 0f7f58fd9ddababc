# SPDX-License-Identifier: Apache-2.0
"""What all connectors share: rows from columns, the time that is left."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

from ..domain.connecting import Page, Query, Row, SourceMalformed, SourceSlow, SourceTooLarge, TablePage


class BaseConnector(ABC):
    """A connector that streams columns; rows are made of them."""

    @abstractmethod
    def fetch(self, query: Query, *, deadline: float) -> list[Row]:
        """The rows that have these keys."""

    @abstractmethod
    def tables(
        self, fields: Sequence[str], *, after: str | None, size: int, deadline: float
    ) -> Iterator[TablePage]:
        """All rows as columns, in the order of the source's key."""

    def stream(
        self, fields: Sequence[str], *, after: str | None, size: int, deadline: float
    ) -> Iterator[Page]:
        """All rows, in the order of the source's key."""
        for page in self.tables(fields, after=after, size=size, deadline=deadline):
            yield Page(page.table.to_pylist(), page.after)

    def close(self) -> None:  # noqa: B027 - most have nothing to let go
        """Let go of connections."""


def left(deadline: float) -> float:
    """Seconds until the deadline. Raises SourceSlow when it has passed."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise too_slow()
    return seconds


def too_slow() -> SourceSlow:
    """The error of an answer that takes too long."""
    return SourceSlow("数据来源没有在规定时间内回答。", mend="请稍后再试；一直这样请联系数据提供单位。")


def too_large(what: str) -> SourceTooLarge:
    """The error of an answer that is too large; `what` says in which way."""
    return SourceTooLarge(f"数据来源的回答太大：{what}。", mend="请增加查询条件；要整批数据请申请分批交付。")


def malformed(what: str) -> SourceMalformed:
    """The error of an answer that cannot be read; `what` holds no data."""
    return SourceMalformed(f"数据来源的回答不对：{what}。", mend="请数据提供单位核对接口和数据，改好后再试。")


def wanted_columns(columns: dict[str, str], fields: Sequence[str]) -> list[tuple[str, str]]:
    """Field → column of each field. Raises SourceMalformed for one that was never registered."""
    missing = [name for name in fields if name not in columns]
    if missing:
        raise malformed(f"没有登记信息项 {'、'.join(missing)} 在来源中叫什么")
    return [(name, columns[name]) for name in fields]


def table_of(fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    """A table of rows that came as tuples; columns take the type of their values, else text."""
    import pyarrow as pa

    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(fields)
    return pa.table({name: _array(pa, values) for name, values in zip(fields, by_column, strict=True)})


def _array(pa: Any, values: Sequence[Any]) -> Any:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        raise malformed("同一列里有不同类型的值") from None
