# SPDX-License-Identifier: Apache-2.0
"""Read a population somebody hands in (CSV or Parquet): checked by content, bounded in size.

A value that does not fit its column is not known; how many there are and where the first ones stand is
told, and everybody else is counted all the same. Subjects are named by their row: 第 12 行.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from yiwang.engines.rules.population import Column
from yiwang.engines.rules.types import Kind
from yiwang.kernel.errors import Invalid
from yiwang.kernel.late import Late

pa: Any = Late("pyarrow")
csv: Any = Late("pyarrow.csv")
parquet: Any = Late("pyarrow.parquet")
duckdb: Any = Late("duckdb")

MOST_BYTES: Final = 50_000_000  # of the file
MOST_UNPACKED: Final = 500_000_000  # bytes of a Parquet file's columns
MOST_ROWS: Final = 1_000_000
_SECONDS: Final = 30.0
_AGAIN: Final = 0.1  # seconds between two interruptions
_FIRST: Final = 3  # wrong values told with their rows
_PARQUET: Final = b"PAR1"


@dataclass(frozen=True)
class Wrong:
    """Values of one column that do not fit: how many, and the first rows of data (from 1)."""

    name: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Population:
    """Subjects as an Arrow table with `id` and a column for every fact that was asked for."""

    table: Any
    missing: tuple[str, ...] = ()
    """Facts that the file has no column for: nobody's is known."""
    wrong: tuple[Wrong, ...] = ()


@contextmanager
def interrupted_after(seconds: float, interrupt: Callable[[], None]) -> Iterator[None]:
    """Interrupt an engine when the time is over, and again: one that was between two queries goes on."""
    done = threading.Event()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            interrupt()
            wait = _AGAIN

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def read_population(raw: bytes, names: Sequence[str], columns: Mapping[str, Column]) -> Population:
    """The facts called `names` of everybody in a file. Raises Invalid for what is no such file."""
    if not raw:
        raise Invalid("文件是空的。", mend="请核对后重新选择。", field="file")
    if len(raw) > MOST_BYTES:
        raise Invalid(f"文件超过 {MOST_BYTES // 1_000_000} MB。", mend="请抽取一部分再试。", field="file")
    wanted = [name for name in names if name in columns and columns[name].type.kind is not Kind.LIST]
    table = _parquet(raw, wanted) if raw.startswith(_PARQUET) else _csv(raw, wanted)
    if not table.num_rows:
        raise Invalid("文件里没有数据行。", mend="第一行写列名，从第二行起每行一个对象。", field="file")
    if table.num_rows > MOST_ROWS:
        raise Invalid(f"超过 {MOST_ROWS} 行。", mend="请抽取一部分再试。", field="file")
    there = [name for name in wanted if name in table.column_names]
    if not there:
        what = f"文件里没有这项政策用到的列：{'、'.join(wanted)}。"
        raise Invalid(what, mend="列名要与数据项的名称一字不差。", field="file")
    return _typed(table, wanted, there, columns)


def _parquet(raw: bytes, wanted: Sequence[str]) -> Any:
    try:
        file = parquet.ParquetFile(io.BytesIO(raw))
        groups = [file.metadata.row_group(n) for n in range(file.metadata.num_row_groups)]
        if sum(one.total_byte_size for one in groups) > MOST_UNPACKED or file.metadata.num_rows > MOST_ROWS:
            raise Invalid("文件展开以后太大。", mend="请抽取一部分再试。", field="file")
        there = [name for name in wanted if name in file.schema_arrow.names]
        # the first column alone when none is wanted: the rows are counted, and the names told
        return file.read(columns=there or file.schema_arrow.names[:1])
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _unreadable("Parquet", error) from None


def _csv(raw: bytes, wanted: Sequence[str]) -> Any:
    if b"\0" in raw[:4096]:
        raise Invalid("这不是 CSV 或 Parquet 文件。", mend="请另存为 CSV（UTF-8）再上传。", field="file")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Invalid("文件的编码读不懂。", mend="请另存为 CSV（UTF-8）再上传。", field="file")
    try:
        return csv.read_csv(
            io.BytesIO(text.encode()),
            convert_options=csv.ConvertOptions(
                column_types={name: pa.string() for name in wanted},
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _unreadable("CSV", error) from None


def _unreadable(form: str, error: Exception) -> Invalid:
    return Invalid(
        f"文件不是完整的 {form}：{type(error).__name__}。",
        mend="第一行写列名，各行的列数要一样；请重新导出。",
        field="file",
    )


def _typed(
    table: Any, wanted: Sequence[str], there: Sequence[str], columns: Mapping[str, Column]
) -> Population:
    """Every column by its type: 1. as text, 2. only what has the right form, 3. as the type."""
    engine = duckdb.connect(config={"memory_limit": "512MB", "threads": 1, "enable_external_access": False})
    try:
        with interrupted_after(_SECONDS, engine.interrupt):
            return _read_columns(engine, table, wanted, {name: columns[name] for name in there}, columns)
    except (duckdb.InterruptException, duckdb.OutOfMemoryException):
        raise Invalid("文件太大，读不完。", mend="请抽取一部分再试。", field="file") from None
    finally:
        engine.close()


def _read_columns(
    engine: Any,
    table: Any,
    wanted: Sequence[str],
    there: Mapping[str, Column],
    columns: Mapping[str, Column],
) -> Population:
    numbered = pa.table({"row": pa.array(range(1, table.num_rows + 1)), **{n: table[n] for n in there}})
    engine.register("given", numbered)
    made = {name: _cast(_quoted(name), column) for name, column in there.items()}
    missing = tuple(name for name in wanted if name not in there)
    parts = ["'第 ' || row || ' 行' AS id", *(f"{cast} AS {_quoted(name)}" for name, cast in made.items())]
    parts += [f"CAST(NULL AS {_sql_type(columns[name])}) AS {_quoted(name)}" for name in missing]
    result = engine.sql(f"SELECT {', '.join(parts)} FROM given").to_arrow_table()  # noqa: S608 - names quoted
    bad = {
        name: f"TRIM(CAST({_quoted(name)} AS VARCHAR)) <> '' AND ({cast}) IS NULL"
        for name, cast in made.items()
    }
    counted = ", ".join(f"COUNT(*) FILTER (WHERE {one})" for one in bad.values())
    (counts,) = engine.sql(f"SELECT {counted} FROM given").fetchall()  # noqa: S608 - names quoted
    wrong = []
    for (name, one), count in zip(bad.items(), counts, strict=True):
        if count:
            first = f"SELECT row FROM given WHERE {one} ORDER BY row LIMIT {_FIRST}"  # noqa: S608 - names quoted
            rows = tuple(int(row) for (row,) in engine.sql(first).fetchall())
            wrong.append(Wrong(name, int(count), rows))
    return Population(result, missing, tuple(wrong))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _sql_type(column: Column) -> str:
    plain = {Kind.BOOLEAN: "BOOLEAN", Kind.DATE: "DATE", Kind.STRING: "VARCHAR"}
    return plain.get(column.type.kind) or f"DECIMAL({column.digits}, {column.scale})"


_FORMS: Final = {
    Kind.BOOLEAN: "lower({text}) IN ('true', 'false', '是', '否')",
    Kind.DATE: "regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')",
    Kind.NUMBER: "regexp_full_match({text}, '[-+]?[0-9]+{fraction}')",
}
"""What a value of each kind looks like. An engine would also take others, and round what is too fine."""


def _cast(name: str, column: Column) -> str:
    """The value of a column in SQL; NULL for what has not its form."""
    text = f"TRIM(CAST({name} AS VARCHAR))"
    kind = column.type.kind
    if column.type.choices:
        known = ", ".join("'" + one.replace("'", "''") + "'" for one in column.type.choices)
        return f"CASE WHEN {text} IN ({known}) THEN {text} END"
    if kind not in _FORMS:
        return f"NULLIF({text}, '')"
    fraction = rf"(\.[0-9]{{1,{column.scale}}}0*)?" if column.scale else r"(\.0+)?"
    fits = _FORMS[kind].format(text=text, fraction=fraction)
    made = f"lower({text}) IN ('true', '是')" if kind is Kind.BOOLEAN else text
    return f"CASE WHEN {fits} THEN TRY_CAST({made} AS {_sql_type(column)}) END"
