# SPDX-License-Identifier: Apache-2.0
"""Say a rule in plain Chinese: 经营面积不小于200且设招牌."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.functions import FUNCTIONS
from yiwang.engines.rules.values import Months, Range, Value, number_text

_COMPARED: Final = {
    "=": "为", "!=": "不为", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于",
}  # fmt: skip
_DATED: Final = {"=": "为", "!=": "不为", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_SIGNS: Final = {"+": "＋", "-": "－", "*": "×", "/": "÷"}
_PARTS: Final = {
    "year": "年份", "month": "月份", "day": "日", "weekday": "星期几",
    "days": "天数", "years": "整年数", "months": "余下的月数",
}  # fmt: skip


def words(expr: nodes.Expr, *, names: Mapping[str, str] | None = None) -> str:
    """A readable Chinese sentence. `names` maps a name in the rule to the words for it."""
    return _Speaker(names or {}).say(expr)


def say_value(value: Value) -> str:
    """A value in Chinese: 200, “餐饮”, 是, 2026年1月1日, 30天."""
    match value:
        case None:
            return "空"
        case bool():
            return "是" if value else "否"
        case Decimal():
            return number_text(value)
        case str():
            return f"“{value}”"
        case date():
            return f"{value.year}年{value.month}月{value.day}日"
        case time():
            return f"{value:%H:%M:%S}"
        case timedelta():
            return f"{value.days}天"
        case Months():
            return _say_months(value.count)
        case tuple():
            return "、".join(say_value(item) for item in value) or "空列表"
        case Range():
            return f"{say_value(value.low)}至{say_value(value.high)}"
        case _:
            return "、".join(f"{name}{say_value(item)}" for name, item in value.items())


def _say_months(count: int) -> str:
    years, months = divmod(abs(count), 12)
    text = (f"{years}年" if years else "") + (f"{months}个月" if months or not years else "")
    return f"负{text}" if count < 0 else text


def label(path: str, names: Mapping[str, str]) -> str:
    """The words for a name; a dotted name without its own words becomes 项目的总投资额."""
    return names.get(path) or "的".join(_PARTS.get(part, part) for part in path.split("."))


@dataclass(frozen=True)
class _Speaker:
    labels: Mapping[str, str]

    def say(self, expr: nodes.Expr) -> str:
        """The words for a node; a boolean name becomes a statement."""
        says = _SAYS.get(type(expr))
        if says is None:
            raise nodes.refuse(expr)
        return says(self, expr)

    def label(self, path: str) -> str:
        return label(path, self.labels)

    def part(self, expr: nodes.Expr) -> str:
        """The words for a part of a larger sentence, in brackets where it would be misread."""
        text = self.say(expr)
        loose = isinstance(expr, nodes.And | nodes.Or | nodes.If | nodes.Quantified)
        return f"（{text}）" if loose else text

    def against(self, op: str, right: nodes.Expr) -> str:
        dated = isinstance(right, nodes.Literal) and isinstance(right.value, date)
        return f"{(_DATED if dated else _COMPARED)[op]}{self.operand(right)}"

    def operand(self, expr: nodes.Expr) -> str:
        if isinstance(expr, nodes.Name):
            return self.label(expr.path)
        return self.part(expr)

    def bounds(self, low: nodes.Expr, high: nodes.Expr, ops: tuple[str, str]) -> str:
        return f"{self.against(ops[0], low)}且{self.against(ops[1], high)}"

    def test(self, test: nodes.Expr | nodes.Against) -> str:
        match test:
            case nodes.Against():
                return self.against(test.op, test.right)
            case nodes.Interval():
                ops = (">=" if test.low_included else ">", "<=" if test.high_included else "<")
                return self.bounds(test.low, test.high, ops)
            case nodes.ListOf():
                return f"是{'、'.join(self.operand(item) for item in test.items)}之一"
            case nodes.Literal():
                return f"为{self.operand(test)}"
            case _:
                return f"属于{self.operand(test)}"


def _statement(label: str, *, true: bool) -> str:
    """是否设招牌 → 设招牌 / 不设招牌; 是否有… → 有… / 没有…; others: …为是 / …为否."""
    if not label.startswith("是否"):
        return f"{label}为{'是' if true else '否'}"
    rest = label.removeprefix("是否")
    if true:
        return rest
    return f"没{rest}" if rest.startswith("有") else f"不{rest}"


def _name(speaker: _Speaker, expr: nodes.Name) -> str:
    label = speaker.label(expr.path)
    return _statement(label, true=True) if label.startswith("是否") else label


def _compare(speaker: _Speaker, expr: nodes.Compare) -> str:
    left, right = expr.left, expr.right
    if expr.op in ("=", "!=") and isinstance(right, nodes.Literal):
        if isinstance(right.value, bool) and isinstance(left, nodes.Name):
            return _statement(speaker.label(left.path), true=right.value is (expr.op == "="))
        if right.value is None:
            return f"{speaker.operand(left)}{'没有填' if expr.op == '=' else '已填'}"
        if isinstance(right.value, Decimal):
            return f"{speaker.operand(left)}{'等于' if expr.op == '=' else '不等于'}{speaker.operand(right)}"
    return f"{speaker.operand(left)}{speaker.against(expr.op, right)}"


def _in(speaker: _Speaker, expr: nodes.In) -> str:
    value = speaker.operand(expr.value)
    if len(expr.tests) > 1 and all(isinstance(test, nodes.Literal) for test in expr.tests):
        items = "、".join(speaker.operand(test) for test in expr.tests if isinstance(test, nodes.Literal))
        return f"{value}是{items}之一"
    return value + "，或".join(speaker.test(test) for test in expr.tests)


def _arithmetic(speaker: _Speaker, expr: nodes.Arithmetic) -> str:
    sides = [
        f"（{speaker.operand(side)}）" if isinstance(side, nodes.Arithmetic) else speaker.operand(side)
        for side in (expr.left, expr.right)
    ]
    return f"{sides[0]}的{sides[1]}次方" if expr.op == "**" else _SIGNS[expr.op].join(sides)


def _quantified(speaker: _Speaker, expr: nodes.Quantified) -> str:
    sources = "、".join(f"{speaker.operand(each.source)}中的{each.name}" for each in expr.bindings)
    amount = "至少有一个" if expr.quantifier == "some" else "每一个都"
    return f"{sources}{amount}满足：{speaker.say(expr.satisfies)}"


def _call(speaker: _Speaker, expr: nodes.Call) -> str:
    function = FUNCTIONS[expr.function]
    given = [speaker.operand(each) for each in expr.arguments]
    if function.spread and len(given) > 1:
        given = ["、".join(given)]
    return function.says.format(*given, *[""] * (len(function.takes) - len(given)))


def _join(word: str) -> Callable[[_Speaker, Any], str]:
    return lambda speaker, expr: word.join(speaker.part(part) for part in expr.parts)


_SAYS: Final[Mapping[type, Callable[[_Speaker, Any], str]]] = {
    nodes.Literal: lambda speaker, expr: say_value(expr.value),
    nodes.Name: _name,
    nodes.Member: lambda speaker, expr: f"{speaker.part(expr.of)}的{_PARTS.get(expr.name, expr.name)}",
    nodes.Negative: lambda speaker, expr: f"负的{speaker.operand(expr.of)}",
    nodes.Arithmetic: _arithmetic,
    nodes.Compare: _compare,
    nodes.Between: lambda speaker, expr: (
        speaker.operand(expr.value) + speaker.bounds(expr.low, expr.high, (">=", "<="))
    ),
    nodes.In: _in,
    nodes.Interval: lambda speaker, expr: f"{speaker.operand(expr.low)}至{speaker.operand(expr.high)}",
    nodes.ListOf: lambda speaker, expr: "、".join(speaker.operand(item) for item in expr.items) or "空列表",
    nodes.Not: lambda speaker, expr: f"并非（{speaker.say(expr.of)}）",
    nodes.And: _join("且"),
    nodes.Or: _join("或"),
    nodes.If: lambda speaker, expr: (
        f"如果{speaker.say(expr.test)}，则{speaker.operand(expr.yes)}，否则{speaker.operand(expr.no)}"
    ),
    nodes.Quantified: _quantified,
    nodes.Call: _call,
}
