# SPDX-License-Identifier: Apache-2.0
"""The only statements that are ever sent to a source's database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Server:
    """Where a database server is and who we are there."""

    host: str
    port: int
    database: str
    user: str
    tls: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Select:
    """`SELECT columns FROM table WHERE …`; `columns` are (field, column) pairs.

    Attributes:
        order: the column that puts all rows in order.
        where: (column, value) pairs that all hold.
        after: only rows whose ordering column is above this.
        missing: only rows whose ordering column is empty.
    """

    schema: str | None
    table: str
    columns: tuple[tuple[str, str], ...]
    order: str
    where: tuple[tuple[str, Any], ...] = ()
    after: str | None = None
    missing: bool = False
    ordered: bool = False
    limit: int = 1
