# SPDX-License-Identifier: Apache-2.0
"""Examples of a policy as lines a person types: `经营面积 = 200`, one fact a line, and what comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from yiwang.engines.definitions.problems import nearest
from yiwang.engines.rules import RuleError, Type
from yiwang.engines.rules.types import Kind

_YES_NO: Final = {"是": True, "true": True, "否": False, "false": False}
OUTCOMES: Final = {
    "gives": "给多少元",
    "fits": "符合（不给钱的政策）",
    "not": "不符合",
    "needs": "还缺这些信息",
}


def facts_from(text: str, types: Mapping[str, Type]) -> dict[str, Any]:
    """The facts typed as lines. Raises RuleError naming the line that cannot be read."""
    facts: dict[str, Any] = {}
    for line in (one.strip() for one in text.replace("＝", "=").split("\n")):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not line:
            continue
        if not equals:
            raise RuleError(f"“{line}”里没有等号", mend="一行写一个，例如：经营面积 = 200")
        if name not in types:
            mend = nearest(name, types) or "请从数据项清单里照抄名称"
            raise RuleError(f"没有名为“{name}”的数据项", mend=mend)
        facts[name] = _value(name, value, types[name])
    return facts


def _value(name: str, text: str, wanted: Type) -> Any:
    if wanted.kind is Kind.LIST and wanted.item is not None:
        return [_value(name, one.strip(), wanted.item) for one in text.split("、") if one.strip()]
    if wanted.kind is Kind.BOOLEAN:
        if text not in _YES_NO:
            raise RuleError(f"“{name}”的值“{text}”读不懂", mend="请写“是”或“否”")
        return _YES_NO[text]
    if wanted.kind is Kind.NUMBER:
        return number_of(name, text)
    if wanted.kind is Kind.DATE:
        return _day(name, text)
    if wanted.choices and text not in wanted.choices:
        mend = nearest(text, wanted.choices) or f"可选：{'、'.join(wanted.choices)}"
        raise RuleError(f"“{name}”没有“{text}”这个选项", mend=mend)
    return text


def number_of(name: str, text: str) -> int | str:
    """A number as it is typed, separators left aside. Raises RuleError for what is none."""
    bare = text.replace(",", "").replace("，", "")
    try:
        number = Decimal(bare)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or len(bare) > 30:
        raise RuleError(f"“{name}”的值“{text}”不是数", mend="请写成数，例如：120.5，不带单位") from None
    return int(number) if number == number.to_integral_value() and len(bare) <= 15 else format(number, "f")


def _day(name: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise RuleError(f"“{name}”的值“{text}”不是日期", mend="写成 2026-01-31 的样子") from None


def outcome_from(outcome: str, value: str) -> dict[str, Any]:
    """What should come out, as a definition has it. Raises RuleError for an amount that is none."""
    if outcome == "needs":
        names = [one.strip() for one in value.replace("，", "、").split("、") if one.strip()]
        if not names:
            raise RuleError("没有写还缺哪些信息", mend="写上数据项的名称，用顿号隔开")
        return {"needs": names}
    if outcome in ("fits", "not"):
        return {"fits": outcome == "fits"}
    number = number_of("结果", value)
    return {"gives": number if isinstance(number, int) else Decimal(number)}


def typed_example(example: Mapping[str, Any]) -> dict[str, str]:
    """An example of a definition as it would have been typed."""
    lines = [f"{name} = {_typed(value)}" for name, value in example.get("facts", {}).items()]
    row = {"says": example["says"], "facts": "\n".join(lines), "on": _typed(example.get("on") or "")}
    if "gives" in example:
        return row | {"outcome": "gives", "value": _typed(example["gives"])}
    if example.get("needs"):
        return row | {"outcome": "needs", "value": "、".join(example["needs"])}
    return row | {"outcome": "fits" if example.get("fits") else "not", "value": ""}


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(_typed(one) for one in value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)
