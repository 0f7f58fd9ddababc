# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL as a source: read-only transactions, a statement time-out on the server, TLS."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import errors, sql

from yiwang.kernel.errors import Invalid

from ..domain.connecting import Limits, SourceDown
from .base import left, malformed, too_large, too_slow
from .statements import Select, Server

_IDLE = 8  # connections kept for the next call; how many work at once the bulkhead says
_T = TypeVar("_T")
_NOBODY = "数据来源的数据库连不上。"
_MEND = "请稍后再试；一直这样请联系数据提供单位。"


class PostgresDatabase:
    """Connections to one server, kept between calls."""

    def __init__(self, server: Server, limits: Limits) -> None:
        self._server, self._limits = server, limits
        self._idle: list[psycopg.Connection[Any]] = []

    def rows(self, select: Select, *, deadline: float) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        statement, values = _compose(select)

        def ask(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
            return connection.execute(statement, values).fetchall()

        return self._with_connection(ask, deadline)

    def table(self, select: Select, *, deadline: float) -> Any:
        """The rows as columns of text, through COPY."""
        statement, values = _compose(select)
        copying = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(statement)

        def ask(connection: psycopg.Connection[Any]) -> bytes:
            taken = io.BytesIO()
            with connection.cursor().copy(copying, values) as copy:
                for block in copy:
                    if taken.tell() + len(block) > self._limits.most_bytes:
                        raise too_large(f"一批超过{self._limits.most_bytes}字节")
                    taken.write(block)
            return taken.getvalue()

        return _parsed(self._with_connection(ask, deadline), [field for field, _ in select.columns])

    def position(self, value: Any) -> str:
        """Columns come as text, and the server compares text as the column's own type."""
        return str(value)

    def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop().close()

    def _with_connection(self, ask: Callable[[psycopg.Connection[Any]], _T], deadline: float) -> _T:
        """Ask on a kept connection, or on a new one if the kept one turns out to be dead."""
        while self._idle:
            left(deadline)
            try:
                kept = self._idle.pop()
            except IndexError:
                break
            try:
                return self._ask(kept, ask)
            except SourceDown:
                continue
        return self._ask(self._connect(deadline), ask)

    def _ask(self, connection: psycopg.Connection[Any], ask: Callable[[psycopg.Connection[Any]], _T]) -> _T:
        try:
            with _told():
                found = ask(connection)
        except BaseException:
            connection.close()
            raise
        if len(self._idle) < _IDLE:
            self._idle.append(connection)
        else:
            connection.close()
        return found

    def _connect(self, deadline: float) -> psycopg.Connection[Any]:
        wait = min(self._limits.connect_seconds, left(deadline))
        server, total = self._server, int(self._limits.total_seconds * 1000)
        with _told():
            return psycopg.connect(
                host=server.host,
                port=server.port,
                dbname=server.database,
                user=server.user,
                password=server.password or None,
                sslmode=server.tls,
                connect_timeout=max(1, round(wait)),
                tcp_user_timeout=total,
                keepalives_idle=30,
                application_name="yiwang-gateway",
                options=f"-c statement_timeout={total} -c default_transaction_read_only=on"
                " -c lock_timeout=1s -c datestyle=ISO",
                autocommit=True,
            )


def _compose(select: Select) -> tuple[sql.Composed, list[Any]]:
    name = sql.Identifier(select.schema, select.table) if select.schema else sql.Identifier(select.table)
    columns = sql.SQL(", ").join(sql.Identifier(column) for _, column in select.columns)
    order = sql.Identifier(select.order)
    conditions = [sql.SQL("{} = %s").format(sql.Identifier(column)) for column, _ in select.where]
    values = [value for _, value in select.where]
    if select.missing:
        conditions.append(sql.SQL("{} IS NULL").format(order))
    if select.after is not None:
        conditions.append(sql.SQL("{} > %s").format(order))
        values.append(select.after)
    statement = sql.SQL("SELECT {} FROM {}").format(columns, name)
    if conditions:
        statement += sql.SQL(" WHERE ") + sql.SQL(" AND ").join(conditions)
    if select.ordered:
        statement += sql.SQL(" ORDER BY {}").format(order)
    return statement + sql.SQL(" LIMIT {}").format(sql.Literal(select.limit)), values


@contextmanager
def _told() -> Iterator[None]:
    """Turn the driver's errors into ours, without the server's words: they may hold data."""
    try:
        yield
    except (errors.QueryCanceled, errors.ConnectionTimeout, errors.LockNotAvailable):
        raise too_slow() from None
    except errors.DataError:
        raise Invalid("查询条件的格式不对。", mend="请核对填写的内容。") from None
    except errors.InsufficientPrivilege:
        raise SourceDown(
            "数据来源不许我们读这张表。", mend="请数据提供单位给接入账号开通只读权限。"
        ) from None
    except errors.ProgrammingError as error:
        raise malformed(f"表或列与登记的不一样（{type(error).__name__}）") from None
    except psycopg.Error:
        raise SourceDown(_NOBODY, mend=_MEND) from None


def _parsed(data: bytes, fields: list[str]) -> Any:
    """A table of text from what COPY wrote: nothing is NULL, quoted nothing is an empty text."""
    import pyarrow as pa
    from pyarrow import csv

    if not data:
        return pa.table({field: pa.array([], pa.string()) for field in fields})
    return csv.read_csv(
        pa.BufferReader(data),
        read_options=csv.ReadOptions(column_names=fields, block_size=max(len(data), 1)),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={field: pa.string() for field in fields},
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
        ),
    )
