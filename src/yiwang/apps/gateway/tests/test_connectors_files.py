# SPDX-License-Identifier: Apache-2.0
"""The connector of files: CSV, Excel and Parquet, as providers write them and as they should not."""

from __future__ import annotations

import csv
import os
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from yiwang.apps.gateway.public import (
    Connector,
    Query,
    SourceChanged,
    SourceDown,
    SourceMalformed,
    SourceTooLarge,
)
from yiwang.kernel.errors import Invalid

from .sourcing import COLUMNS, FIELDS, connector, limits, number, people, soon

ROWS = people(12)
FORMATS = ("csv", "gb18030", "xlsx", "parquet")


def written(folder: Path, form: str, rows: list[dict[str, Any]] = ROWS) -> dict[str, Any]:
    """Write people in a format; returns how the file is registered."""
    table = [[row[name] for name in FIELDS] for row in rows]
    config: dict[str, Any] = {"path": f"people.{form}", "format": form, "columns": COLUMNS}
    path = folder / config["path"]
    if form in ("csv", "gb18030"):
        encoding = "utf-8-sig" if form == "csv" else "gb18030"
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([list(COLUMNS.values()), *table])
        return config | {"format": "csv", "encoding": "utf-8" if form == "csv" else "gb18030"}
    if form == "xlsx":
        book = openpyxl.Workbook()
        for line in [list(COLUMNS.values()), *table]:
            book.active.append(line)
        book.save(path)
    else:
        columns = {COLUMNS[name]: [row[name] for row in rows] for name in FIELDS}
        parquet.write_table(pa.table(columns), path)
    return config


def made(folder: Path, form: str, **changes: Any) -> Connector:
    return connector("file", written(folder, form) | changes, limits(folder))


def ask(source: Connector, value: Any, *fields: str) -> list[dict[str, Any]]:
    return source.fetch(Query(fields or ("person-name",), {"person-id": value}, 5), deadline=soon())


@pytest.mark.parametrize("form", FORMATS)
def test_it_answers_and_streams(tmp_path: Path, form: str) -> None:
    source = made(tmp_path, form)
    assert ask(source, number(7), "person-name", "address") == [
        {"person-name": "王丁7", "address": "河南省驻马店市驿城区雪松路7号"}
    ]
    assert ask(source, number(99)) == []
    found = [row for page in source.stream(FIELDS, after=None, size=5, deadline=soon()) for row in page.rows]
    assert [row["person-id"] for row in found] == [number(n) for n in range(12)]
    assert {str(row["months"]) for row in found} == {str(row["months"]) for row in ROWS}


@pytest.mark.parametrize("form", FORMATS)
def test_it_goes_on_behind_any_page_of_the_same_file_only(tmp_path: Path, form: str) -> None:
    source = made(tmp_path, form)
    whole = list(source.stream(("person-id",), after=None, size=5, deadline=soon()))
    assert list(source.stream(("person-id",), after=whole[0].after, size=5, deadline=soon())) == whole[1:]
    written(tmp_path, form, people(3))
    with pytest.raises(SourceChanged):
        list(source.stream(("person-id",), after=whole[0].after, size=5, deadline=soon()))


def test_a_new_file_is_read_anew(tmp_path: Path) -> None:
    source = made(tmp_path, "csv")
    assert ask(source, number(1))
    written(tmp_path, "csv", [row | {"person-name": "李新"} for row in people(2)])
    assert ask(source, number(1)) == [{"person-name": "李新"}]


@pytest.mark.parametrize(
    "path", ["../x.csv", "/etc/passwd", "a/../../b", "", "a\\b", "a\0", ".x", "a/" * 9 + "b"]
)
def test_a_path_cannot_leave_the_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(Invalid):
        made(tmp_path, "csv", path=path)


def test_links_pipes_and_folders_are_no_files(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    config = written(tmp_path, "csv")
    (inside / "link.csv").symlink_to(tmp_path / "people.csv")
    (inside / "deep").symlink_to(tmp_path)
    (inside / "folder.csv").mkdir()
    os.mkfifo(inside / "pipe.csv")
    for path in ("link.csv", "deep/people.csv", "folder.csv", "pipe.csv", "missing.csv"):
        with pytest.raises(SourceDown):
            ask(connector("file", config | {"path": path}, limits(inside)), number(1))


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_that_is_too_large_is_refused(tmp_path: Path, form: str) -> None:
    source = connector("file", written(tmp_path, form), limits(tmp_path, most_file_bytes=200))
    with pytest.raises(SourceTooLarge):
        ask(source, number(1))


def test_a_sheet_that_unpacks_too_large_is_refused(tmp_path: Path) -> None:
    config = written(tmp_path, "xlsx")
    with zipfile.ZipFile(tmp_path / "people.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b" " * 5_000_000)
    assert (tmp_path / "people.xlsx").stat().st_size < 100_000
    with pytest.raises(SourceTooLarge):
        ask(connector("file", config, limits(tmp_path)), number(1))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe rubbish", b"a,b\n1\n2,3,4\n"])
def test_rubbish_is_told_and_never_guessed_at(tmp_path: Path, form: str, content: bytes) -> None:
    config = written(tmp_path, form)
    (tmp_path / config["path"]).write_bytes(content)
    with pytest.raises(SourceMalformed):
        ask(connector("file", config, limits(tmp_path)), number(1))


def test_the_wrong_encoding_is_told(tmp_path: Path) -> None:
    config = written(tmp_path, "gb18030") | {"encoding": "utf-8"}
    with pytest.raises(SourceMalformed):
        ask(connector("file", config, limits(tmp_path)), number(1))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_formula_stays_text(tmp_path: Path, form: str) -> None:
    rows = [row | {"note": "=1+1", "address": "@SUM(A1)"} for row in people(2)]
    source = connector("file", written(tmp_path, form, rows), limits(tmp_path))
    assert ask(source, number(1), "note", "address") == [{"note": "=1+1", "address": "@SUM(A1)"}]


def test_long_numbers_kept_as_numbers_are_refused(tmp_path: Path) -> None:
    rows = [row | {"account": 6222000012345678901} for row in people(2)]
    with pytest.raises(SourceMalformed, match="长号码"):
        ask(connector("file", written(tmp_path, "xlsx", rows), limits(tmp_path)), number(1))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    config = written(tmp_path, "csv")
    text = (tmp_path / "people.csv").read_text("utf-8").replace("phone", "note", 1)
    (tmp_path / "people.csv").write_text(text, "utf-8")
    with pytest.raises(SourceMalformed):
        ask(connector("file", config, limits(tmp_path)), number(1))


@pytest.mark.parametrize("text", ["' OR 1=1", "*", "王%", ".*"])
def test_a_key_is_only_ever_a_value(tmp_path: Path, text: str) -> None:
    assert ask(made(tmp_path, "parquet"), text) == []


def test_several_rows_beyond_the_limit_are_refused(tmp_path: Path) -> None:
    rows = [row | {"person-id": number(1)} for row in people(9)]
    with pytest.raises(SourceTooLarge):
        ask(connector("file", written(tmp_path, "csv", rows), limits(tmp_path)), number(1))
