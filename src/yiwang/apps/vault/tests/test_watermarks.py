# SPDX-License-Identifier: Apache-2.0
"""A copy of an export, or part of one, says which export it is; other tables say nothing."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from yiwang.kernel.errors import Invalid

from ..models import ExportMark
from ..watermarks import RECORD_NUMBER, Watermark, read_watermark, watermark, watermark_of

pytestmark = pytest.mark.django_db

HEADER = ["姓名", "证件号码", "地址", RECORD_NUMBER]
Rows = list[list[str]]


def people(count: int = 200, seed: int = 1) -> Rows:
    dice = random.Random(seed)
    return [
        [f"王{number}", f"41280119900101{number:04}", f"驿城区解放路{dice.randrange(900)}号{number}室"]
        for number in range(count)
    ]


def new(receipt: str = "b-1", receiver: str = "health") -> Watermark:
    return watermark(receipt=receipt, receiver=receiver, who="卫健委 赵", grant="g-1")


def marked(mark: Watermark, rows: Rows) -> Rows:
    return list(mark.rows(rows, texts=[2]))


def as_csv(rows: Rows, encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def as_excel(rows: Rows) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    again, resaved = load_workbook(io.BytesIO(file.getvalue())), io.BytesIO()
    again.save(resaved)
    return resaved.getvalue()


WRITERS = [as_csv, lambda rows: as_csv(rows, "gb18030"), lambda rows: as_csv(rows, "utf-16"), as_excel]


@pytest.mark.parametrize("write", WRITERS, ids=["utf-8", "gbk", "utf-16", "excel"])
@pytest.mark.parametrize("columns", [[0, 1, 2, 3], [3], [0, 2], [2]], ids=["all", "numbers", "two", "texts"])
def test_half_of_the_rows_in_another_order_and_file_say_where_they_come_from(
    write: Callable[[Rows], bytes], columns: list[int]
) -> None:
    for number in range(30):
        new(f"other-{number}")
    rows = marked(new(), people())
    random.Random(3).shuffle(rows)
    part = [[row[place] for place in columns] for row in rows[:100]]
    (found,) = read_watermark(write(part))
    assert (found.receipt, found.receiver) == ("b-1", "health")
    assert found.rows == (100 if 3 in columns else 0)
    assert found.texts == (100 if 2 in columns else 0)
    assert found.chance < 1e-9


def test_one_row_with_its_number_is_enough() -> None:
    mark = new()
    (found,) = read_watermark(as_csv([HEADER, marked(mark, people())[77]]))
    assert (found.receipt, found.rows) == ("b-1", 1)


def test_no_value_is_changed_and_the_line_names_who_when_and_what() -> None:
    mark = new()
    before = people()
    for was, now in zip(before, marked(mark, before), strict=True):
        assert [cell.strip() for cell in now[:3]] == was
        assert now[:2] == was[:2]
    assert mark.text("") == ""
    assert all(words in mark.line for words in ("卫健委 赵", "b-1", "g-1", "不得外传"))


def test_two_receivers_of_the_same_rows_are_told_apart_and_both_named_when_mixed() -> None:
    one, two = new("b-1", "health"), new("b-2", "market")
    first, second = marked(one, people()), marked(two, people())
    assert [found.receiver for found in read_watermark(as_csv(second))] == ["market"]
    mixed = read_watermark(as_csv(first[:50] + second[50:150]))
    assert [(found.receiver, found.rows) for found in mixed] == [("market", 100), ("health", 50)]


@pytest.mark.parametrize("blanks", ["", "    ", "\u3000\u3000\u3000\u3000", " \u3000  "])
def test_other_tables_say_nothing(blanks: str) -> None:
    for number in range(50):
        new(f"b-{number}")
    for seed in range(20):
        rows = [[*row[:2], row[2] + blanks, "R" + f"{seed:032X}"] for row in people(100, seed)]
        assert read_watermark(as_csv(rows)) == []


def test_marks_of_another_city_say_nothing(settings: Any, tmp_path: Path) -> None:
    rows = marked(new(), people())
    settings.VAULT_KEYS = str(tmp_path / "another.json")
    assert read_watermark(as_csv(rows)) == []


def test_an_export_goes_on_with_its_mark() -> None:
    mark = new()
    again = watermark_of("b-1")
    assert again is not None
    rest = list(again.rows(people()[100:], texts=[2], start=100))
    assert [*list(mark.rows(people()[:100], texts=[2])), *rest] == marked(mark, people())
    assert watermark_of("unknown") is None
    assert mark.numbers(100, 50) == [mark.number(row) for row in range(100, 150)]


def test_each_export_has_a_code_of_its_own() -> None:
    assert len({new(f"b-{number}").code for number in range(20)}) == 20
    assert ExportMark.objects.count() == 20


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\xd8", b"PK\x03\x04 no workbook", bytes(range(256)) * 4])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        read_watermark(content)
