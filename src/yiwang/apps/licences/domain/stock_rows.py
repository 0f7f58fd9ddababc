# SPDX-License-Identifier: Apache-2.0
"""One row of an existing register of paper licences, read and judged (存量转换). Pure: nothing is looked up.

A sheet has one line of headings and one licence in each line below. Columns that every licence has
are in `COLUMNS`; the others carry the labels that the licence's type prints. A row is right as a
whole or reported with everything that is wrong in it; values are never repeated in a report.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType, Subject
from yiwang.engines.planning import as_value
from yiwang.kernel.dates import format_date, parse_date
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import check_id_number, check_uscc
from yiwang.kernel.text import is_plain

from .states import Standing

TYPE, NUMBER, HOLDER, HOLDER_CODE = "证照类型", "证照编号", "持证主体", "持证主体代码"
SINCE, UNTIL, STANDING = "有效期起始日期", "有效期截止日期", "证照状态"
CHIEF, CHIEF_CODE, FOUNDED, FIRM_KIND = "法定代表人", "法定代表人公民身份号码", "成立日期", "市场主体类型"
NEEDED = (TYPE, NUMBER, HOLDER, HOLDER_CODE, SINCE, UNTIL)
"""Columns that must be there. Names follow the metadata of GB/T 36903-2018 where it names them."""
OPTIONAL = (STANDING, CHIEF, CHIEF_CODE, FOUNDED, FIRM_KIND)
COLUMNS = (*NEEDED, *OPTIONAL)
FOREVER = ("长期", "永久", "无期限")
_STANDINGS = {standing.term: standing for standing in Standing}
_LOOSE_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00:00:00)?")
_NUMBERS = (ElementType.INTEGER, ElementType.DECIMAL, ElementType.MONEY)
_NUMBER = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?|-?\d+(\.\d+)?")
_EXACT_DIGITS = 15  # a spreadsheet keeps no more digits of a number
_MOST_NUMBER, _MOST_FIRM_NAME, _MOST_NAME, _MOST_KIND = 80, 120, 60, 40
PROBLEM = "问题"
RECORD_NUMBER = "记录号"
"""What a report of ours added to a row; read over when the corrected sheet comes back."""
_OURS = (PROBLEM, RECORD_NUMBER)
"""A column of our own reports: a corrected report may be handed in again as it is."""


@dataclass(frozen=True)
class TypeSpec:
    """What a row of one type must say. `labels`: heading → element; `needed`: headings that may not be
    empty."""

    id: str
    name: str
    subject: Subject
    labels: Mapping[str, Element]
    needed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in one row, in which column, and how to mend it."""

    row: int
    column: str
    what: str
    mend: str


@dataclass(frozen=True)
class Chief:
    """The legal representative of a firm that may not be on record yet."""

    name: str
    code: str
    founded: dt.date
    kind: str


@dataclass(frozen=True)
class StockRow:
    """A row that is right in itself."""

    row: int
    material: str
    number: str
    holder: str
    holder_code: str
    is_firm: bool
    valid_from: dt.date
    valid_until: dt.date | None
    standing: Standing = Standing.VALID
    fields: Mapping[str, Any] = field(default_factory=dict)
    chief: Chief | None = None


def check_header(cells: Sequence[object], types: Mapping[str, TypeSpec]) -> tuple[str, ...]:
    """The headings of a sheet. Raises Invalid naming every heading that is missing, unknown or twice."""
    names = tuple(_text(cell) for cell in cells)
    while names and not names[-1]:
        names = names[:-1]
    known = {*COLUMNS, *_OURS, *(label for spec in types.values() for label in spec.labels)}
    wrong = [f"缺少“{name}”列" for name in NEEDED if name not in names]
    wrong += [f"“{name}”列出现两次" for name in sorted({n for n in names if n and names.count(n) > 1})]
    wrong += [f"第{place}列没有列名" for place, name in enumerate(names, start=1) if not name]
    wrong += [f"没有“{name[:30]}”这一列" for name in names if name and name not in known]
    if wrong:
        raise Invalid(f"表头不对：{'；'.join(wrong[:10])}。", mend="请下载这类证照的表样，按表样的列名填写。")
    return names


def read_row(
    number: int,
    header: Sequence[str],
    cells: Sequence[object],
    *,
    types: Mapping[str, TypeSpec],
    today: dt.date,
) -> StockRow | list[RowProblem]:
    """The licence of one row, or everything that is wrong in it. `types` is keyed by name and by id."""
    reader = _Reader(number, dict(zip(header, cells, strict=False)), today)
    if any(_text(cell) for cell in cells[len(header) :]):
        reader.complain("", "最后一个列名后面还有内容", "请核对是不是多了一个逗号或者多填了一列。")
    spec = types.get(reader.text(TYPE))
    if spec is None:
        reader.complain(TYPE, "没有这种证照，或者不由本单位核发", "请填证照类型目录里的名称，一字不差。")
        return reader.problems
    return reader.licence(spec)


class _Reader:
    """Reads one row and collects what is wrong."""

    def __init__(self, number: int, cells: Mapping[str, object], today: dt.date) -> None:
        self.number, self.cells, self.today = number, cells, today
        self.problems: list[RowProblem] = []

    def complain(self, column: str, what: str, mend: str) -> None:
        self.problems.append(RowProblem(self.number, column, what.rstrip("。"), mend))

    def text(self, column: str) -> str:
        return _text(self.cells.get(column))

    def needed(self, column: str, *, most: int) -> str:
        text = self.text(column)
        if not text:
            self.complain(column, "没有填", "请照纸质证照补填。")
        elif len(text) > most:
            self.complain(column, f"太长，最多{most}个字", "请核对是不是填错了列。")
        elif not is_plain(text):
            self.complain(column, "有看不见的控制字符", "请删掉后重新输入。")
        return text

    def licence(self, spec: TypeSpec) -> StockRow | list[RowProblem]:
        """The licence of this row, or the problems."""
        number = self.needed(NUMBER, most=_MOST_NUMBER)
        code, is_firm = self._holder_code(spec)
        holder = self.needed(HOLDER, most=_MOST_FIRM_NAME if is_firm else _MOST_NAME)
        since, until = self._dates()
        standing = self._standing()
        fields = self._fields(spec)
        chief = self._chief() if is_firm else None
        if self.problems or since is None:
            return self.problems
        return StockRow(
            self.number, spec.id, number, holder, code, is_firm, since, until, standing, fields, chief
        )

    def _holder_code(self, spec: TypeSpec) -> tuple[str, bool]:
        if self._spoilt(HOLDER_CODE) or not self.needed(HOLDER_CODE, most=30):
            return "", False
        text = self.text(HOLDER_CODE)
        either = spec.subject not in (Subject.FIRM, Subject.PERSON)
        is_firm = _looks_like_a_firm(text) if either else spec.subject is Subject.FIRM
        try:
            code = check_uscc(text) if is_firm else check_id_number(text, today=self.today).number
        except Invalid as error:
            self.complain(HOLDER_CODE, error.message, error.mend)
            return "", is_firm
        return code, is_firm

    def _spoilt(self, column: str) -> bool:
        """Whether a spreadsheet has turned a long number into a figure and lost its last digits."""
        value = self.cells.get(column)
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) < 10**_EXACT_DIGITS:
            return False
        mend = "请先把这一列设为“文本”格式，再照证件重新填写，不要从数字格式转换。"
        self.complain(column, "号码被表格软件存成了数字，后几位已经丢失", mend)
        return True

    def _dates(self) -> tuple[dt.date | None, dt.date | None]:
        since = self._day(SINCE, needed=True)
        forever = self.text(UNTIL) in FOREVER
        until = None if forever else self._day(UNTIL, needed=True, or_forever=True)
        if since and since > self.today:
            self.complain(SINCE, "在今天之后", "已经颁发的证照，起始日期不会在今天之后，请核对年份。")
        if since and until and until < since:
            self.complain(UNTIL, "早于有效期起始日期", "请核对这两个日期。")
        elif until and until < self.today and self._standing(quiet=True) is Standing.VALID:
            mend = "只转换有效期内的证照；已经过期的请从表中删去，已经换发的请填新证。"
            self.complain(UNTIL, f"已于{format_date(until)}过期", mend)
        return since, until

    def _day(self, column: str, *, needed: bool, or_forever: bool = False) -> dt.date | None:
        value = self.cells.get(column)
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        text = _text(value)
        also = "；没有期限的填“长期”" if or_forever else ""
        if not text:
            if needed:
                self.complain(column, "没有填", f"请照纸质证照补填{also}。")
            return None
        found = _LOOSE_DATE.fullmatch(text)
        try:
            return parse_date("{}-{:0>2}-{:0>2}".format(*found.groups()) if found else text)
        except Invalid as error:
            self.complain(column, error.message, f"{error.mend.rstrip('。')}{also}。")
            return None

    def _standing(self, *, quiet: bool = False) -> Standing:
        text = self.text(STANDING)
        found = _STANDINGS.get(text) if text else Standing.VALID
        if found is None and not quiet:
            self.complain(STANDING, "没有这种状态", f"可填：{'、'.join(_STANDINGS)}；空着就是有效。")
        return found or Standing.VALID

    def _fields(self, spec: TypeSpec) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column, cell in self.cells.items():
            element = spec.labels.get(column)
            text = _text(cell)
            if element is None:
                if text and column not in (*COLUMNS, *_OURS):
                    self.complain(column, f"“{spec.name}”上没有这一栏", "请清空这一格，或核对证照类型。")
                continue
            if text and not self._spoilt(column):
                self._field(element, column, cell, found)
        for column in sorted(spec.needed):
            if not self.text(column):
                self.complain(column, "没有填", "这是证照上印的内容，请照纸质证照补填。")
        return found

    def _field(self, element: Element, column: str, cell: object, found: dict[str, Any]) -> None:
        if element.type is ElementType.DATE:
            day = self._day(column, needed=False)
            if day:
                found[element.id] = day.isoformat()
            return
        text: object = _text(cell)
        if element.type is ElementType.CHOICES:
            text = [part for part in re.split(r"[、，,；;]\s*", _text(cell)) if part]
        elif element.type in _NUMBERS and _NUMBER.fullmatch(_text(cell)):
            text = Decimal(_text(cell).replace(",", ""))
        try:
            found[element.id] = _plain(as_value(element, text))
        except Invalid as error:
            self.complain(column, error.message, error.mend or "请核对后重填。")

    def _chief(self) -> Chief | None:
        """Who represents the firm; needed only for one that is not on record."""
        code = self.text(CHIEF_CODE)
        if not code or self._spoilt(CHIEF_CODE):
            return None
        name, kind = self.needed(CHIEF, most=_MOST_NAME), self.needed(FIRM_KIND, most=_MOST_KIND)
        founded = self._day(FOUNDED, needed=True)
        try:
            number = check_id_number(code, today=self.today).number
        except Invalid as error:
            self.complain(CHIEF_CODE, error.message, error.mend)
            return None
        return Chief(name, number, founded, kind) if name and founded and kind else None


def _looks_like_a_firm(text: str) -> bool:
    """Whether a code that may be of a person or of a firm is a firm's."""
    try:
        check_uscc(text)
    except Invalid:
        return not text[:17].isdecimal()
    return True


def _plain(value: object) -> Any:
    """A value as a licence keeps it in JSON."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _text(cell: object) -> str:
    """What stands in a cell, as words: whole numbers without a point, blanks at both ends dropped."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip().strip("\ufeff")
