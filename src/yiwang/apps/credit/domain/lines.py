# SPDX-License-Identifier: Apache-2.0
"""One line of a delivery: the columns every record has, those of its entry, and who it is about."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from yiwang.engines.credit import CreditEntry, Severity
from yiwang.kernel.dates import parse_date
from yiwang.kernel.errors import Invalid, YiwangError
from yiwang.kernel.ids import check_id_number, check_uscc

from .telling import NewRecord

CODE, NUMBER, NAME = "统一社会信用代码", "公民身份号码", "名称"
TITLE, BASIS, HAPPENED, DECIDED, UNTIL = "标题", "依据", "发生日期", "决定日期", "有效期止"
SEVERITY, ITEM, TOLD = "失信程度", "事项编号", "告知日期"
CORRECTS, REASON = "更正版本", "更正原因"
WHY, MARK = "退回原因", "记录号"
"""In a file that was sent back: the reason, and by what a copy of it is told. Neither is read again."""
_MUST = (TITLE, BASIS, HAPPENED, DECIDED)
_MAY = (NAME, UNTIL, SEVERITY, ITEM, TOLD, CORRECTS, REASON, WHY, MARK)


@dataclass(frozen=True)
class Holder:
    """Whom a code or number stands for on a day. `name`: as registered; empty: an old code, not compared.
    `subject`: empty: a sound code of no firm the city knows."""

    subject: str
    name: str


@dataclass(frozen=True)
class Line:
    """A line that can be recorded, or waits: whose code it names is not known yet when its subject is empty.
    `corrects`: the version it corrects; None: it is new."""

    new: NewRecord
    corrects: int | None = None
    reason: str = ""


FindHolder = Callable[[str, str, dt.date], Holder | None]
"""Column, checked code or number, day → whose it was on that day."""


def columns_of(entry: CreditEntry) -> tuple[str, ...]:
    """The columns a file for this entry may have, for the template and the checks."""
    own = [one.name for one in entry.fields]
    degrees = [SEVERITY] if entry.severities() else []
    told = [TOLD] if entry.entering else []
    return (
        CODE, NUMBER, NAME, entry.reference, TITLE, BASIS, HAPPENED, DECIDED, UNTIL, *degrees, *told, ITEM,
        *own, CORRECTS, REASON,
    )  # fmt: skip


def plain_text(text: str) -> str:
    """The text of a cell in one way of writing it (NFKC), without blanks around it."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()


def check_heading(heading: Sequence[str], entry: CreditEntry) -> None:
    """Raise Invalid when a column is missing or unknown."""
    if CODE not in heading and NUMBER not in heading:
        raise Invalid(
            f"没有“{CODE}”一列。", mend=f"它是归集的必要条件；个人的信息写“{NUMBER}”。", field="file"
        )
    own = {one.name for one in entry.fields}
    missing = [name for name in (*_MUST, entry.reference) if name not in heading]
    if missing:
        raise Invalid(f"表头缺少：{'、'.join(missing)}。", mend="请下载模板，按模板填写。", field="file")
    known = {CODE, NUMBER, entry.reference, *_MUST, *_MAY, *own}
    if unknown := [name for name in heading if name not in known]:
        raise Invalid(
            f"表头里有目录没有的列：{'、'.join(unknown)[:60]}。", mend="请删去，或按模板改名。", field="file"
        )


def read_code(column: str, text: str, today: dt.date) -> str:
    """A code or number with sound check digits. Raises Invalid, which never repeats it."""
    return check_uscc(text) if column == CODE else check_id_number(text, today=today).number


@dataclass(frozen=True)
class Reader:
    """Reads the lines of one entry that a unit sent."""

    entry: CreditEntry
    org: str
    find: FindHolder

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(one.name for one in self.entry.fields)

    def read(self, given: Mapping[str, str]) -> tuple[Line | None, list[str]]:
        """The line of plain cells (`plain_text`), or everything that can be told of what is wrong with it;
        its words are checked later."""
        wrong: list[str] = []
        happened = _date(given, HAPPENED, wrong, must=True)
        decided = _date(given, DECIDED, wrong, must=True)
        until, told = _date(given, UNTIL, wrong), _date(given, TOLD, wrong)
        holder = _holder(given, happened, self.find, wrong)
        severity = _severity(given, wrong)
        corrects = _corrects(given, wrong)
        if happened is None or decided is None or holder is None or wrong:
            return None, wrong
        fields = {name: text for name, text in given.items() if name in self._own and text}
        new = NewRecord(
            catalogue=self.entry.id, subject=holder.subject, title=given.get(TITLE, ""),
            basis=given.get(BASIS, ""), happened_on=happened, decided_on=decided, org=self.org,
            reference=given.get(self.entry.reference, ""), fields=fields, severity=severity,
            item=given.get(ITEM, ""), until=until, told_on=told,
        )  # fmt: skip
        return Line(new, corrects, given.get(REASON, "")), []


def _holder(
    given: Mapping[str, str], day: dt.date | None, find: FindHolder, wrong: list[str]
) -> Holder | None:
    columns = [column for column in (CODE, NUMBER) if given.get(column)]
    if len(columns) != 1:
        wrong.append(f"“{CODE}”是必要条件（个人写“{NUMBER}”），两个写且只写一个。")
        return None
    if day is None:
        return None
    column = columns[0]
    try:
        found = find(column, given[column], day)
    except YiwangError as error:
        wrong.append(f"“{column}”：{error.message}{error.mend}")
        return None
    if found is None and column == CODE:
        return Holder("", "")
    if found is None:
        wrong.append(f"“{column}”：登记信息里没有这个号码，请核对。")
    elif found.name and given.get(NAME) and given[NAME] != found.name:
        wrong.append(f"“{NAME}”与登记的不一致，请核对代码和名称。")
        return None
    return found


def _date(given: Mapping[str, str], name: str, wrong: list[str], *, must: bool = False) -> dt.date | None:
    if not given.get(name):
        if must:
            wrong.append(f"“{name}”没有填写。")
        return None
    try:
        return _day(given[name])
    except YiwangError as error:
        wrong.append(f"“{name}”：{error.message}{error.mend}")
        return None


@lru_cache(maxsize=4096)
def _day(text: str) -> dt.date:
    """A file names the same days again and again."""
    return parse_date(text)


def _severity(given: Mapping[str, str], wrong: list[str]) -> Severity | None:
    text = given.get(SEVERITY, "")
    if text and text not in list(Severity):
        wrong.append(f"“{SEVERITY}”只能写{'、'.join(Severity)}。")
        return None
    return Severity(text) if text else None


def _corrects(given: Mapping[str, str], wrong: list[str]) -> int | None:
    text, reason = given.get(CORRECTS, ""), given.get(REASON, "")
    if not text and not reason:
        return None
    if not text.isdecimal() or not reason:
        wrong.append(f"更正要同时写“{CORRECTS}”（数字）和“{REASON}”。")
        return None
    return int(text)
