# SPDX-License-Identifier: Apache-2.0
"""A roster as departments hand it in: a table with one subject a line and facts by their names in rules."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yiwang.engines.benefits.facts import facts_of
from yiwang.engines.rules import RuleError, Type
from yiwang.engines.rules.types import Kind
from yiwang.kernel.errors import Invalid, YiwangError
from yiwang.kernel.ids import check_id_number, check_uscc

CODE, NUMBER, NAME = "统一社会信用代码", "公民身份号码", "名称"
MOST_ROWS, MOST_BYTES = 100_000, 20_000_000
_YES_NO = {"是": True, "否": False}


@dataclass(frozen=True)
class Line:
    """One subject: the checked number it was named by, its name, and the facts."""

    row: int
    number: str
    is_firm: bool
    name: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """What was read. `wrong`: (row, words), so that every line can be mended at once. `columns`: the facts of
    the heading, in its order."""

    lines: Sequence[Line]
    wrong: Sequence[tuple[int, str]] = field(default=())
    columns: Sequence[str] = field(default=())


def read_roster(data: bytes, types: Mapping[str, Type], *, today: dt.date) -> Reading:
    """Read a CSV file (UTF-8 or GB18030).

    Raises Invalid: it cannot be read at all, or its heading names something unknown.
    """
    if len(data) > MOST_BYTES:
        raise Invalid(
            "名单文件太大。", mend=f"一次最多{MOST_BYTES // 1_000_000}MB，请分几次上传。", field="file"
        )
    rows = csv.reader(io.StringIO(text_of(data)))
    heading = [cell.strip() for cell in next(rows, [])]
    _check_heading(heading, types)
    lines, wrong, seen = [], [], set[str]()
    for at, cells in enumerate(rows, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if at > MOST_ROWS + 1:
            raise Invalid(f"名单超过{MOST_ROWS}行。", mend="请分几次上传。", field="file")
        try:
            line = _line(at, heading, cells, types, today)
        except YiwangError as error:
            wrong.append((at, f"{error.message}{error.mend}"))
            continue
        if line.number in seen:
            wrong.append((at, "这个单位（个人）在名单里出现了两次，请只留一行。"))
            continue
        seen.add(line.number)
        lines.append(line)
    if not lines and not wrong:
        raise Invalid("名单里没有内容。", mend="第一行是表头，从第二行起一行一个单位（个人）。", field="file")
    columns = [name for name in heading if name not in (CODE, NUMBER, NAME)]
    return Reading(lines, wrong, columns)


def text_of(data: bytes) -> str:
    """The text of a file as spreadsheets save it: UTF-8 or GB18030. Raises Invalid."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("文件的文字编码读不懂。", mend="请用 Excel 另存为“CSV UTF-8”后再上传。", field="file")


def _check_heading(heading: Sequence[str], types: Mapping[str, Type]) -> None:
    named = [name for name in heading if name in (CODE, NUMBER)]
    facts = [name for name in heading if name not in (CODE, NUMBER, NAME)]
    unknown = [name for name in facts if name not in types or types[name].kind is Kind.LIST]
    if len(named) != 1 or NAME not in heading:
        raise Invalid("表头不对。", mend=f"要有“{CODE}”或“{NUMBER}”其中一列，和“{NAME}”一列。", field="file")
    if unknown:
        raise Invalid(
            f"表头里的“{'、'.join(unknown)[:60]}”不是数据项。", mend="列名请与数据元名称一致。", field="file"
        )
    if not facts:
        raise Invalid(
            "名单没有写认定了什么。", mend="加上数据项的列，例如“是否新晋5A级物流企业”。", field="file"
        )
    if len(set(heading)) != len(heading):
        raise Invalid("表头有重复的列。", mend="每一列只写一次。", field="file")


def _line(
    at: int, heading: Sequence[str], cells: Sequence[str], types: Mapping[str, Type], today: dt.date
) -> Line:
    if len(cells) != len(heading):
        raise Invalid(f"这一行有{len(cells)}格，表头有{len(heading)}格。", mend="请对齐。")
    given = {
        name: unicodedata.normalize("NFKC", cell).strip() for name, cell in zip(heading, cells, strict=True)
    }
    is_firm = CODE in given
    number = (
        check_uscc(given.pop(CODE)) if is_firm else check_id_number(given.pop(NUMBER), today=today).number
    )
    name = given.pop(NAME)
    facts = dict(_facts(given, types))
    return Line(at, number, is_firm, name, facts)


def _facts(given: Mapping[str, str], types: Mapping[str, Type]) -> Iterator[tuple[str, Any]]:
    """The facts that are filled in, as the rules want them; an empty cell says nothing."""
    for name, text in given.items():
        if not text:
            continue
        wanted = types[name]
        if wanted.kind is Kind.BOOLEAN:
            if text not in _YES_NO:
                raise Invalid(f"“{name}”只能写是或否。", mend="请改正。")
            yield name, _YES_NO[text]
            continue
        if wanted.choices and text not in wanted.choices:
            raise Invalid(f"“{name}”没有“{text[:20]}”这一项。", mend=f"可以写：{'、'.join(wanted.choices)}。")
        try:
            yield from facts_of({name: text}, types).items()
        except RuleError as error:
            raise Invalid(error.message, mend=error.mend) from None


def written(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON keeps them: decimals and days as text. `facts_of` reads them again."""
    return {name: value if isinstance(value, bool | str) else str(value) for name, value in facts.items()}


def reasons_of(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Facts as JSON keeps them, in words."""
    words = {True: "是", False: "否"}
    return [(name, words[value] if isinstance(value, bool) else str(value)) for name, value in facts.items()]
