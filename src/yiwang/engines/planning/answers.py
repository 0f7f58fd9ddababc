# SPDX-License-Identifier: Apache-2.0
"""Answers and facts as people and files give them, read into typed values by element id.

Keys are element ids or their Chinese names. Every complaint is collected, so that a person can
mend all at once; nothing is guessed and nothing is dropped silently.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element, Material
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.problems import nearest
from yiwang.engines.evidence import HeldLicence
from yiwang.engines.rules.values import Value
from yiwang.kernel.dates import parse_date, today_in_china
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import check_id_number, check_phone, check_uscc
from yiwang.kernel.text import is_plain

from .model import Facts

_MOST_DIGITS = 18
_MOST_DECIMALS = 9
_MOST_LINE = 200
_MOST_TEXT = {ElementType.LONG_TEXT: 4000}
"""Characters of an element that does not say how many: a line, and a longer text."""
_WORDS = {"是": True, "否": False}


class BadAnswers(Invalid):
    """Answers that cannot be used. `complaints` holds every one of them: (key, what is wrong)."""

    def __init__(self, complaints: Sequence[tuple[str, str]]) -> None:
        self.complaints = tuple(complaints)
        lines = "".join(f"\n- {key}：{what}。" for key, what in self.complaints)
        super().__init__(f"有 {len(self.complaints)} 处回答不能用：{lines}\n", mend="请逐处改正后再试。")

    def __str__(self) -> str:
        return f"{self.message}{self.mend}"


def read_answers(catalogue: Catalogue, raw: Mapping[str, object]) -> dict[str, Value]:
    """Answers keyed by element id or name → values keyed by element id, in the given order.

    A null answer counts as not given. Money is in yuan, dates are written 2026-01-04.
    Raises BadAnswers with every complaint.
    """
    reader = _Reader(catalogue)
    found = reader.elements(raw)
    reader.finish()
    return found


def read_facts(catalogue: Catalogue, raw: Mapping[str, object]) -> Facts:
    """`{"elements": {…}, "licences": [{"material", "number", "holder", "valid_until", "fields"}]}`.

    Raises BadAnswers with every complaint.
    """
    reader = _Reader(catalogue)
    for key in raw:
        if key not in ("elements", "licences"):
            reader.complain(str(key), "不认识的键，只能有 elements 和 licences")
    elements = reader.elements(reader.mapping(raw.get("elements"), "elements"))
    licences = [
        licence
        for index, entry in enumerate(reader.sequence(raw.get("licences"), "licences"), start=1)
        if (licence := reader.licence(entry, f"第{index}件证照"))
    ]
    reader.finish()
    return Facts(elements, tuple(licences))


def as_value(element: Element, raw: object) -> Value:
    """One answer as the value of `element`. Raises Invalid saying what is wrong and what to write."""
    value = _READERS[element.type](element, raw)
    if element.minimum is not None and isinstance(value, Decimal) and value < element.minimum:
        raise Invalid(f"不能小于{element.minimum}{element.unit or ''}。")
    if element.maximum is not None and isinstance(value, Decimal) and value > element.maximum:
        raise Invalid(f"不能大于{element.maximum}{element.unit or ''}。")
    return value


class _Reader:
    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.complaints: list[tuple[str, str]] = []
        self._names: dict[str, str] | None = None

    def complain(self, key: str, what: str) -> None:
        self.complaints.append((key, what.rstrip("。")))

    def finish(self) -> None:
        if self.complaints:
            raise BadAnswers(self.complaints)

    def elements(self, raw: Mapping[str, object], place: str = "") -> dict[str, Value]:
        found: dict[str, Value] = {}
        for key, given in raw.items():
            shown = f"{place}{key}"
            element = self._element(str(key))
            if element is None:
                hint = nearest(str(key), self._by_name())
                self.complain(shown, f"没有这个数据元。{hint}请用数据元的编号或名称")
            elif element.id in found:
                self.complain(shown, f"“{element.name}”回答了两次，请只留一次")
            elif given is not None:
                self._value(element, given, shown, found)
        return found

    def _value(self, element: Element, given: object, shown: str, found: dict[str, Value]) -> None:
        try:
            found[element.id] = as_value(element, given)
        except Invalid as error:
            self.complain(shown, str(error))

    def licence(self, raw: object, place: str) -> HeldLicence | None:
        entry = self.mapping(raw, place)
        for key in entry:
            if key not in ("material", "number", "holder", "valid_until", "fields"):
                self.complain(place, f"不认识的键“{key}”")
        material = self._material(str(entry.get("material") or ""))
        if material is None:
            self.complain(place, f"没有编号或名称为“{entry.get('material') or ''}”的证照")
            return None
        fields = self.elements(self.mapping(entry.get("fields"), f"{place}的 fields"), f"{place}的")
        return HeldLicence(
            subject=self._text(entry.get("holder"), f"{place}的 holder"),
            material=material.id,
            number=self._text(entry.get("number"), f"{place}的 number"),
            valid_until=self._day(entry.get("valid_until"), f"{place}的 valid_until"),
            fields=fields,
        )

    def mapping(self, raw: object, place: str) -> Mapping[str, object]:
        if raw is None:
            return {}
        if isinstance(raw, Mapping):
            return raw
        self.complain(place, "应当是“名称: 值”的对象")
        return {}

    def sequence(self, raw: object, place: str) -> Sequence[object]:
        if raw is None:
            return []
        if isinstance(raw, list | tuple):
            return raw
        self.complain(place, "应当是列表")
        return []

    def _text(self, raw: object, place: str) -> str:
        if raw is None or isinstance(raw, str):
            return raw or ""
        self.complain(place, "应当是文字，请加引号")
        return ""

    def _day(self, raw: object, place: str) -> dt.date | None:
        if raw is None:
            return None
        try:
            return _date(raw)
        except Invalid as error:
            self.complain(place, str(error))
            return None

    def _element(self, key: str) -> Element | None:
        return self.catalogue.elements.get(key) or self.catalogue.elements.get(self._by_name().get(key, ""))

    def _by_name(self) -> dict[str, str]:
        """Name → id, made only when a key is not an id."""
        if self._names is None:
            self._names = {one.name: one.id for one in self.catalogue.elements.values()}
        return self._names

    def _material(self, key: str) -> Material | None:
        found = self.catalogue.materials.get(key)
        return found or next((one for one in self.catalogue.materials.values() if one.name == key), None)


def _date(raw: object) -> dt.date:
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw
    if not isinstance(raw, str):
        raise Invalid("应当是日期。", mend="请写成“年-月-日”，例如 2026-01-04。")
    return parse_date(raw)


def _number(element: Element, raw: object) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal) or not Decimal(raw).is_finite():
        raise Invalid("应当是数。", mend="请只写数字，不加引号和单位。")
    value = Decimal(raw)
    if value and (value.adjusted() >= _MOST_DIGITS or int(value.as_tuple().exponent) < -_MOST_DECIMALS):
        raise Invalid("数太大或小数位太多。", mend="请核对。")
    return value


def _integer(element: Element, raw: object) -> Decimal:
    value = _number(element, raw)
    if value != value.to_integral_value():
        raise Invalid("应当是整数。", mend="请去掉小数。")
    return value


def _money(element: Element, raw: object) -> Decimal:
    value = _number(element, raw)
    if value * 100 != (value * 100).to_integral_value():
        raise Invalid("金额最小到分。", mend="请最多保留两位小数（元）。")
    return value


def _boolean(element: Element, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw in _WORDS:
        return _WORDS[raw]
    raise Invalid("应当回答是或否。", mend="请写 true 或 false。")


def _text(element: Element, raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise Invalid("应当是文字。", mend="请写文字，数字也要加引号。")
    text = raw.strip()
    if not is_plain(text):
        raise Invalid("有看不见的控制字符。", mend="请删掉后重新输入，不要直接粘贴。")
    most = element.max_length or _MOST_TEXT.get(element.type, _MOST_LINE)
    if len(text) > most:
        raise Invalid(f"太长，最多{most}个字。")
    if element.pattern is not None and not re.fullmatch(element.pattern, text):
        raise Invalid("写法不对。", mend=f"例如 {element.example}。" if element.example else "")
    return text


def _choice(element: Element, raw: object) -> str:
    values = [choice.value for choice in element.choices]
    if isinstance(raw, str) and raw in values:
        return raw
    raise Invalid("不在可选的答案里。", mend=f"可选：{'、'.join(values)}。")


def _choices(element: Element, raw: object) -> tuple[Value, ...]:
    if not isinstance(raw, list | tuple):
        raise Invalid("应当是列表。", mend="可以选几项，请写成列表。")
    return tuple(dict.fromkeys(_choice(element, one) for one in raw))


def _day(element: Element, raw: object) -> dt.date:
    return _date(raw)


def _id_number(element: Element, raw: object) -> str:
    return check_id_number(_text(element, raw), today=today_in_china()).number


def _phone(element: Element, raw: object) -> str:
    return check_phone(_text(element, raw))


def _uscc(element: Element, raw: object) -> str:
    return check_uscc(_text(element, raw))


_READERS: dict[ElementType, Callable[[Element, Any], Value]] = {
    ElementType.TEXT: _text,
    ElementType.LONG_TEXT: _text,
    ElementType.INTEGER: _integer,
    ElementType.DECIMAL: _number,
    ElementType.MONEY: _money,
    ElementType.DATE: _day,
    ElementType.BOOLEAN: _boolean,
    ElementType.CHOICE: _choice,
    ElementType.CHOICES: _choices,
    ElementType.ID_NUMBER: _id_number,
    ElementType.USCC: _uscc,
    ElementType.PHONE: _phone,
    ElementType.PLACE: _text,
    ElementType.ADDRESS: _text,
}
