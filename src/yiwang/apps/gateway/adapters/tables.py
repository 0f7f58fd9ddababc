# SPDX-License-Identifier: Apache-2.0
"""What connectors share that read a whole table once and keep it in memory until it is another one."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any

from yiwang.kernel.errors import Invalid

from ..domain.connecting import Query, Row, SourceChanged, TablePage
from .base import BaseConnector, malformed, too_large, wanted_columns

_KEPT = 4  # tables in memory per process


class TableConnector(BaseConnector):
    """A connector over one table. `columns`: field → column."""

    columns: dict[str, str]

    @abstractmethod
    def table(self, deadline: float) -> tuple[str, Any]:
        """The table's mark, another one for each content, and the table."""

    def fetch(self, query: Query, *, deadline: float) -> list[Row]:
        """The rows that have these keys."""
        import pyarrow.compute as pc

        if not query.keys:
            raise Invalid("没有查询条件。", mend="请至少填一项查询条件。")
        _, table = self.table(deadline)
        chosen = None
        for field, column in wanted_columns(self.columns, list(query.keys)):
            same = pc.equal(_as_text(self._column(table, column)), str(query.keys[field]))
            chosen = same if chosen is None else pc.and_(chosen, same)
        found = table.filter(chosen)
        if found.num_rows > query.limit:
            raise too_large(f"符合条件的超过{query.limit}条")
        return self._named(found, query.fields).to_pylist()

    def tables(
        self, fields: Sequence[str], *, after: str | None, size: int, deadline: float
    ) -> Iterator[TablePage]:
        """All rows in their order. Raises SourceChanged when it is another table than at first."""
        mark, table = self.table(deadline)
        known, _, row = (after or f"{mark}:0").partition(":")
        if known != mark:
            raise SourceChanged("数据在分批读取的中途换过了。", mend="请重新申请这一批交付。")
        named = self._named(table, fields)
        for start in range(int(row), named.num_rows, size):
            page = named.slice(start, size)
            yield TablePage(page, f"{mark}:{start + page.num_rows}")

    def _named(self, table: Any, fields: Sequence[str]) -> Any:
        """Only these fields, under their ids."""
        import pyarrow as pa

        columns = wanted_columns(self.columns, fields)
        return pa.table({field: self._column(table, column) for field, column in columns})

    def _column(self, table: Any, column: str) -> Any:
        if column not in table.column_names:
            raise malformed(f"数据里没有“{column}”这一列")
        return table.column(column)


class _Tables:
    """The tables used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, mark: str) -> Any:
        """A table, or None."""
        with self._lock:
            if mark in self._kept:
                self._kept.move_to_end(mark)
            return self._kept.get(mark)

    def keep(self, mark: str, table: Any) -> None:
        """Keep a table; the one that was not used for longest goes."""
        with self._lock:
            self._kept[mark] = table
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


KEPT = _Tables()
"""Tables of this process."""


def _as_text(column: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return column if pa.types.is_string(column.type) else pc.cast(column, pa.string())
