# SPDX-License-Identifier: Apache-2.0
"""Sheets that are no sheets, that would grow beyond all measure, or that carry what they must not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from yiwang.apps.licences import stock_files
from yiwang.apps.licences.stock_files import form_of, keep, opened
from yiwang.apps.licences.tests.stock_support import HEADINGS, as_csv, as_xlsx, row
from yiwang.kernel.errors import Invalid, NotFound

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def data_dir(settings: object, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]


def read(content: bytes) -> list[tuple[int, list[object]]]:
    with opened(keep(content), form_of(content)) as rows:
        return [(number, list(cells)) for number, cells in rows]


def rebuilt(content: bytes, **parts: bytes | None) -> bytes:
    """The package with other bytes in the sheet (`sheet`) or further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            sheet = parts.get("sheet")
            new.writestr(info.filename, sheet if info.filename == SHEET and sheet else old.read(info))
        if extra := parts.get("extra"):
            new.writestr("xl/media/extra.bin", extra)
    return out.getvalue()


def sheet_xml(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(SHEET)


def test_both_forms_give_the_same_rows_and_blank_ones_are_left_out() -> None:
    rows = [row(1), {}, row(2)]
    csv, xlsx = read(as_csv(rows)), read(as_xlsx(rows))
    assert [number for number, _ in csv] == [number for number, _ in xlsx] == [1, 2, 4]
    assert [cells[: len(HEADINGS) - 1] for _, cells in csv] == [
        cells[: len(HEADINGS) - 1] for _, cells in xlsx
    ]


def test_a_package_that_unpacks_beyond_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock_files, "_MOST_UNPACKED", 1_000_000)
    bomb = rebuilt(as_xlsx([row(1)]), extra=b"\0" * 2_000_000)
    assert len(bomb) < 20_000
    with pytest.raises(Invalid, match="解压后太大"):
        read(bomb)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    good = as_xlsx([row(1)])
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    body = sheet_xml(good).decode().split("?>", 1)[-1]
    with pytest.raises(Invalid, match="恶意"):
        read(rebuilt(good, sheet=(head + body).encode(encoding)))


@pytest.mark.parametrize(
    "content",
    [
        as_xlsx([row(1)])[:-40],
        rebuilt(as_xlsx([row(1)]), sheet=b"<worksheet><sheetData><row><c"),
        rebuilt(as_xlsx([row(1)]), sheet=b"\xff\xfe\x00"),
        b"PK\x03\x04" + b"\0" * 500,
        as_csv([row(1)]) + '"没有结束的引号'.encode(),
    ],
)
def test_what_is_broken_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(Invalid) as told:
        read(content)
    assert "CSV" in told.value.mend


def test_too_many_rows_columns_or_letters_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid, match="100 列"):
        read((",".join("甲" * 101) + "\n").encode())
    with pytest.raises(Invalid, match="4000 个字"):
        read(("甲\n" + "长" * 4_001 + "\n").encode())
    monkeypatch.setattr(stock_files, "MOST_ROWS", 3)
    with pytest.raises(Invalid, match="超过 3 行"):
        read("甲\n乙\n丙\n丁\n".encode())


def test_a_sheet_that_is_gone_is_told(tmp_path: Path) -> None:
    digest = keep(as_csv([row(1)]))
    for path in (tmp_path / "stock").rglob("?" * 64):
        path.unlink()
    with pytest.raises(NotFound, match="重新上传"), opened(digest, "csv"):
        raise AssertionError
