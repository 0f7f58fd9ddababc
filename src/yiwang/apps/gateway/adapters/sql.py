# SPDX-License-Identifier: Apache-2.0
"""Rows of a table or view in a database: PostgreSQL over the network, SQLite as a file that is only read.

Names of columns and tables come from the registration, checked and quoted; values are always bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, Protocol

from pydantic import AfterValidator, Field, model_validator

from yiwang.kernel.errors import Invalid

from ..domain.connecting import Query, Registered, Row, TablePage
from .base import BaseConnector, malformed, too_large, wanted_columns
from .registering import FieldId, Identifier, Registration, read_registration
from .sqlite import SqliteDatabase
from .statements import Select, Server

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F:]{2,45}")
_ORDER = "#order"  # no field is called so
_LOCAL = ("127.0.0.1", "::1", "localhost")


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ValueError("只写域名或 IP")
    return text


def _word(text: str) -> str:
    if not re.fullmatch(r"[\w.@-]{1,63}", text):
        raise ValueError("只能用字母、数字、下划线、点、@ 和短横")
    return text


Word = Annotated[str, AfterValidator(_word)]


class SqlRegistration(Registration):
    """Where the table lies, what its columns are called, and which column orders all rows: that of a field
    (`order`), or one that is no field (`order_column`)."""

    dialect: Literal["postgresql", "sqlite"]
    schema_name: Identifier | None = Field(default=None, alias="schema")
    table: Identifier
    columns: dict[FieldId, Identifier] = Field(min_length=1)
    order: FieldId | None = None
    order_column: Identifier | None = None
    path: str | None = None
    host: Annotated[str, AfterValidator(_host)] | None = None
    port: int = Field(default=5432, ge=1, le=65535)
    database: Word | None = None
    user: Word | None = None
    tls: Literal["verify-full", "verify-ca", "require", "disable"] = "verify-full"

    @property
    def ordering(self) -> tuple[str, str]:
        """What orders all rows: its name in a table, its column."""
        if self.order_column is not None:
            return _ORDER, self.order_column
        return self.order or "", self.columns[self.order or ""]

    @model_validator(mode="after")
    def _whole(self) -> SqlRegistration:
        if (self.order is None) == (self.order_column is None):
            raise ValueError("排序项（order）和排序列（order_column）填一个")
        if self.order is not None and self.order not in self.columns:
            raise ValueError("排序项（order）要是登记了列名的信息项")
        if self.dialect == "sqlite" and not self.path:
            raise ValueError("SQLite 要写文件位置（path）")
        if self.dialect == "postgresql" and not (self.host and self.database and self.user):
            raise ValueError("PostgreSQL 要写 host、database 和 user")
        return self


class Database(Protocol):
    """A kind of database."""

    def rows(self, select: Select, *, deadline: float) -> list[tuple[Any, ...]]:
        """The rows of a statement."""

    def table(self, select: Select, *, deadline: float) -> Any:
        """The same as a `pyarrow.Table`, its columns named as in `select`."""

    def position(self, value: Any) -> str:
        """A value of the ordering column as text, so that `Select.after` finds the same place again."""

    def close(self) -> None:
        """Let go of connections."""


class SqlConnector(BaseConnector):
    """A connector over one table or view."""

    def __init__(self, registered: Registered) -> None:
        """Raises Invalid for a bad registration."""
        self._spec = read_registration(SqlRegistration, registered.config)
        self._limits = registered.limits
        self._database = self._open(registered)

    def _open(self, registered: Registered) -> Database:
        spec = self._spec
        if spec.dialect == "sqlite":
            return SqliteDatabase(spec.path or "", registered.limits)
        host = spec.host or ""
        if spec.tls == "disable" and host not in _LOCAL and host not in registered.limits.plain_hosts:
            raise Invalid(
                "连接别的主机上的数据库要用加密连接。", mend="请把 tls 改为 verify-full，或由运维登记例外。"
            )
        server = Server(
            host,
            spec.port,
            spec.database or "",
            spec.user or "",
            spec.tls,
            registered.secret.get("password", ""),
        )
        from .postgres import PostgresDatabase  # its library is large; a house on SQLite may never need it

        return PostgresDatabase(server, registered.limits)

    def fetch(self, query: Query, *, deadline: float) -> list[Row]:
        """The rows that have these keys."""
        columns = wanted_columns(self._spec.columns, query.fields)
        where = wanted_columns(self._spec.columns, list(query.keys))
        if not where:
            raise Invalid("没有查询条件。", mend="请至少填一项查询条件。")
        select = self._select(
            tuple(columns),
            where=tuple((column, query.keys[field]) for field, column in where),
            limit=query.limit + 1,
        )
        rows = self._database.rows(select, deadline=deadline)
        if len(rows) > query.limit:
            raise too_large(f"符合条件的超过{query.limit}条")
        if sum(_size(value) for row in rows for value in row) > self._limits.most_bytes:
            raise too_large(f"超过{self._limits.most_bytes}字节")
        return [dict(zip(query.fields, row, strict=True)) for row in rows]

    def tables(
        self, fields: Sequence[str], *, after: str | None, size: int, deadline: float
    ) -> Iterator[TablePage]:
        """All rows in the order of the key. The key must tell rows apart and never be empty: one that does
        not is refused, since rows would be lost between pages."""
        order = self._spec.ordering[0]
        columns = wanted_columns(self._spec.columns, fields)
        if order not in fields:
            columns.append(self._spec.ordering)
        if after is None:
            empty = self._select((columns[0],), missing=True, limit=1)
            if self._database.rows(empty, deadline=deadline):
                raise malformed("排序项有空值，不能分批")
        while True:
            select = self._select(tuple(columns), after=after, ordered=True, limit=size + 1)
            table = self._database.table(select, deadline=deadline)
            if table.num_rows == 0:
                return
            keys = table.column(order)
            more = table.num_rows > size
            if more and keys[size].as_py() == keys[size - 1].as_py():
                raise malformed("排序项有重复，不能分批")
            table = table.slice(0, size)
            after = self._database.position(table.column(order)[table.num_rows - 1].as_py())
            yield TablePage(table.select(list(fields)), after)
            if not more:
                return

    def _select(self, columns: tuple[tuple[str, str], ...], **parts: Any) -> Select:
        spec = self._spec
        return Select(spec.schema_name, spec.table, columns, spec.ordering[1], **parts)

    def close(self) -> None:
        """Let go of connections."""
        self._database.close()


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str | bytes) else 8
