# SPDX-License-Identifier: Apache-2.0
"""What a value of an information item should be, as somebody typed it: checked by its type, as text."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import check_id_number, check_phone, check_uscc
from yiwang.kernel.text import is_plain

MOST = 500
"""Characters of a value."""
_DATE = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?")
_YES, _NO = ("是", "true", "有"), ("否", "false", "无")


def read_typed(text: str, kind: ElementType, *, today: dt.date, choices: Sequence[str] = ()) -> str:
    """The value in `text`, written as sources are read (days `2026-01-31`, yes/no `true`/`false`).

    Raises Invalid (field `should`) saying what to write.
    """
    plain = unicodedata.normalize("NFC", text).strip()
    if not plain or len(plain) > MOST or not is_plain(plain):
        mend = f"请写出正确的内容，最多{MOST}个字。"
        raise Invalid("没有写应当是什么，或者太长。", mend=mend, field="should")
    if choices and plain not in choices:
        raise Invalid("没有这个选项。", mend=f"请从这些里选：{'、'.join(choices)}。", field="should")
    read = _READ.get(kind)
    return read(plain, today) if read else plain


def _date(text: str, _today: dt.date) -> str:
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        if found is None:
            raise ValueError
        return dt.date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        raise Invalid("这不是一个日期。", mend="请写成 2026-01-31 这样。", field="should") from None


def _number(text: str, _today: dt.date) -> str:
    try:
        number = Decimal(unicodedata.normalize("NFKC", text).replace(",", ""))
    except InvalidOperation:
        raise Invalid("这不是一个数。", mend="请只写数字，例如 12.5。", field="should") from None
    if not number.is_finite() or abs(number) >= 10**14:
        raise Invalid("这个数不对。", mend="请核对后再写。", field="should")
    return format(number, "f")


def _money(text: str, today: dt.date) -> str:
    """Yuan as people write them, kept in fen as sources do."""
    fen = Decimal(_number(text.strip("￥¥元 "), today)) * 100
    if fen != fen.to_integral_value() or abs(fen) >= 10**16:
        raise Invalid("金额最多写到分。", mend="例如 12.50。", field="should")
    return format(fen.to_integral_value(), "f")


def same_value(one: str | None, other: str) -> bool:
    """Whether two texts say the same value: alike, or the same number."""
    if one is None or one.strip() == other:
        return one is not None
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def spoken(text: str, kind: ElementType | None) -> str:
    """A kept value as people read it."""
    if kind is ElementType.MONEY and re.fullmatch(r"-?\d+", text):
        return f"￥{Decimal(text) / 100:,.2f}"
    if kind is ElementType.DATE and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        year, month, day = text.split("-")
        return f"{year}年{int(month)}月{int(day)}日"
    if kind is ElementType.BOOLEAN and text in ("true", "false"):
        return "是" if text == "true" else "否"
    return text


def typed_again(text: str, kind: ElementType | None) -> str:
    """A kept value as somebody would type it, so that `read_typed` gives it back."""
    if kind is ElementType.MONEY and re.fullmatch(r"-?\d+", text):
        return f"{Decimal(text) / 100:.2f}"
    return spoken(text, kind) if kind is ElementType.BOOLEAN else text


def _integer(text: str, today: dt.date) -> str:
    number = Decimal(_number(text, today))
    if number != number.to_integral_value():
        raise Invalid("这里要写整数。", mend="例如 12。", field="should")
    return format(number.to_integral_value(), "f")


def _boolean(text: str, _today: dt.date) -> str:
    if text.lower() in _YES:
        return "true"
    if text.lower() in _NO:
        return "false"
    raise Invalid("这里要写“是”或“否”。", mend="请改写。", field="should")


_READ: Mapping[ElementType, Callable[[str, dt.date], str]] = {
    ElementType.DATE: _date,
    ElementType.INTEGER: _integer,
    ElementType.DECIMAL: _number,
    ElementType.MONEY: _money,
    ElementType.BOOLEAN: _boolean,
    ElementType.ID_NUMBER: lambda text, today: check_id_number(text, today=today, field="should").number,
    ElementType.USCC: lambda text, _: check_uscc(text, field="should"),
    ElementType.PHONE: lambda text, _: check_phone(text, field="should"),
}
