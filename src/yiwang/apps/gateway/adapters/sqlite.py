# SPDX-License-Identifier: Apache-2.0
"""SQLite as a source: a file in the folder of sources, opened so that it can only be read."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote

from yiwang.kernel.errors import Invalid

from ..domain.connecting import Limits, SourceDown
from .base import left, malformed, table_of, too_large, too_slow
from .folder import checked_path, safe_file
from .statements import Select

_STEPS = 2_000  # of SQLite's machine between two looks at the clock
_LOCK_WAIT = 1.0  # seconds that a writer of the provider may hold us up


class SqliteDatabase:
    """One database file."""

    def __init__(self, path: str, limits: Limits) -> None:
        """Raises Invalid for a path that leaves the folder."""
        self._path, self._limits = checked_path(path), limits

    def rows(self, select: Select, *, deadline: float) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        statement, values = _compose(select)
        with self._connected(deadline) as connection:
            return connection.execute(statement, values).fetchall()

    def table(self, select: Select, *, deadline: float) -> Any:
        """The rows as columns."""
        rows = self.rows(select, deadline=deadline)
        return table_of([field for field, _ in select.columns], rows)

    def position(self, value: Any) -> str:
        """The value with its type: SQLite orders numbers before text."""
        if not isinstance(value, int | str):
            raise malformed("排序项要是整数或文字，不能分批")
        return f"i:{value}" if isinstance(value, int) else f"t:{value}"

    def close(self) -> None:
        """Nothing is kept open."""

    @contextmanager
    def _connected(self, deadline: float) -> Iterator[sqlite3.Connection]:
        left(deadline)
        path = safe_file(self._limits.folder, self._path)
        try:
            connection = sqlite3.connect(
                f"file:{quote(str(path))}?mode=ro", uri=True, timeout=_LOCK_WAIT, check_same_thread=False
            )
            with closing(connection):
                connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, self._limits.most_bytes)
                connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
                connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
                yield connection
        except sqlite3.DataError:
            raise too_large(f"超过{self._limits.most_bytes}字节") from None
        except (sqlite3.InterfaceError, sqlite3.ProgrammingError, OverflowError, UnicodeEncodeError):
            raise Invalid("查询条件的格式不对。", mend="请核对填写的内容。") from None
        except sqlite3.OperationalError as error:
            raise _meant(error) from None
        except sqlite3.Error as error:
            raise malformed(f"数据库文件读不出来（{type(error).__name__}）") from None


def _meant(error: sqlite3.OperationalError) -> Exception:
    """Our error for SQLite's: by its code, never with its words."""
    code = (error.sqlite_errorcode or 0) & 0xFF
    if code == sqlite3.SQLITE_INTERRUPT:
        return too_slow()
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR):
        return SourceDown("数据来源的数据库文件打不开。", mend="请稍后再试；一直这样请联系数据提供单位。")
    return malformed("表或列与登记的不一样")


def _compose(select: Select) -> tuple[str, list[Any]]:
    columns = ", ".join(_quoted(column) for _, column in select.columns)
    table = ".".join(_quoted(part) for part in (select.schema, select.table) if part)
    order = _quoted(select.order)
    conditions = [f"{_quoted(column)} = ?" for column, _ in select.where]
    values = [value for _, value in select.where]
    if select.missing:
        conditions.append(f"{order} IS NULL")
    if select.after is not None:
        conditions.append(f"{order} > ?")
        kind, _, text = select.after.partition(":")
        values.append(int(text) if kind == "i" else text)
    statement = f"SELECT {columns} FROM {table}"  # noqa: S608 - checked and quoted names
    if conditions:
        statement += f" WHERE {' AND '.join(conditions)}"
    if select.ordered:
        statement += f" ORDER BY {order}"
    return f"{statement} LIMIT {select.limit:d}", values


def _quoted(name: str) -> str:
    """A name in quotes. A column that is not there must be an error, not a text: hence the brackets, which
    SQLite never takes for a string."""
    return f"[{name}]"
