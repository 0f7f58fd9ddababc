# SPDX-License-Identifier: Apache-2.0
"""A source of a few rows, read page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from yiwang.apps.gateway.public import TablePage


class Source:
    """A source with rows in the order of their place; it breaks where it is told to."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], *, size: int = 2) -> None:
        self.rows, self.size = list(rows), size
        self.breaks: dict[int, Exception] = {}
        self.asked: list[int] = []

    def tables(
        self, fields: Sequence[str], *, after: str | None, size: int, deadline: float
    ) -> Iterator[TablePage]:
        """Pages behind `after`."""
        start = int(after or 0)
        while start < len(self.rows):
            if start in self.breaks:
                raise self.breaks.pop(start)
            self.asked.append(start)
            page = self.rows[start : start + self.size]
            start += len(page)
            yield TablePage(pa.table({one: [row[one] for row in page] for one in fields}), str(start))
