# SPDX-License-Identifier: Apache-2.0
"""A quality rule said in Chinese, so that whoever is judged by it can read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.rules import parse, words
from yiwang.kernel.money import format_fen

from .kinds import Resource
from .quality_kinds import QualityKind, QualityRule

__all__ = ["percent", "say_rule"]


def say_rule(rule: QualityRule, resource: Resource, names: Mapping[str, str]) -> str:
    """The rule in one sentence. `names`: resource id → its name, for comparisons."""
    told = _SAYS[rule.kind](rule, resource, names)
    only = f"凡{_condition(rule.only_if, resource)}的，" if rule.only_if else ""
    if rule.kind is QualityKind.FRESH:
        return f"{only}{told}。"
    share = "每一行都" if rule.share == 1 else f"{percent(rule.share)}以上的行"
    return f"{only}{told}；{share}要做到。"


def _condition(text: str, resource: Resource) -> str:
    """A condition as people say it; days are earlier or later, not smaller or larger."""
    said = words(parse(text))
    named = [one for one in resource.fields if one.name in text]
    if named and all(one.type is ElementType.DATE for one in named):
        for number, day in _OF_DAYS:
            said = said.replace(number, day)
    return said


_OF_DAYS = (("小于", "早于"), ("大于", "晚于"))


def percent(share: Decimal) -> str:
    """`99.5%`."""
    text = format((share * 100).normalize(), "f")
    return f"{text}%"


def _listed(resource: Resource, fields: Iterable[str]) -> str:
    known = (resource.field(one) for one in fields)
    return "、".join(f"“{one.name}”" for one in known if one is not None)


def _within(rule: QualityRule, resource: Resource) -> str:
    return f"{rule.within_days}日" if rule.within_days is not None else f"更新周期（{resource.cycle.term}）"


def _range(rule: QualityRule, resource: Resource, _names: Mapping[str, str]) -> str:
    money = all(one.type is ElementType.MONEY for one in resource.fields if one.id in rule.fields)
    low = f"不小于{_amount(rule.minimum, money)}" if rule.minimum is not None else ""
    high = f"不大于{_amount(rule.maximum, money)}" if rule.maximum is not None else ""
    return f"{_listed(resource, rule.fields)}{'、'.join(one for one in (low, high) if one)}"


def _amount(bound: object, money: bool) -> str:
    """A bound as people read it; sums of money are kept in fen."""
    return format_fen(int(Decimal(str(bound)))) if money else str(bound)


def _agrees(rule: QualityRule, resource: Resource, names: Mapping[str, str]) -> str:
    assert rule.compared is not None  # the kind needs it
    other = names.get(rule.compared.resource, rule.compared.resource)
    same = _listed(resource, rule.compared.agree)
    found = f"按{_listed(resource, rule.compared.match)}在“{other}”中"
    exists = "应当查得到" if rule.compared.must_exist else ""
    agrees = f"{same}应当与它一致" if same else ""
    spare = f"（相差不超过{rule.compared.tolerance}的算一致）" if rule.compared.tolerance else ""
    days = f"（相差不超过{rule.compared.days}日的算一致）" if rule.compared.days else ""
    lead = found if exists else f"{found}查得到的"
    return "，".join(one for one in (lead + exists, agrees) if one) + spare + days


_SAYS: Mapping[QualityKind, Callable[[QualityRule, Resource, Mapping[str, str]], str]] = {
    QualityKind.FILLED: lambda rule, of, _: f"{_listed(of, rule.fields)}都要填",
    QualityKind.FORMAT: lambda rule, of, _: f"{_listed(of, rule.fields)}的格式要对，有校验位的要对得上",
    QualityKind.PATTERN: lambda rule, of, _: f"{_listed(of, rule.fields)}要符合编号规则“{rule.pattern}”",
    QualityKind.RANGE: _range,
    QualityKind.CONDITION: lambda rule, of, _: f"{_condition(rule.holds or '', of)}才对",
    QualityKind.AGREES: _agrees,
    QualityKind.UNIQUE: lambda rule, of, _: f"{_listed(of, rule.fields)}不能重复",
    QualityKind.FRESH: lambda rule, of, _: f"最新的{_listed(of, rule.fields)}应当在{_within(rule, of)}之内",
    QualityKind.FRESH_ROWS: lambda rule, of, _: (
        f"每一行的{_listed(of, rule.fields)}应当在{_within(rule, of)}之内"
    ),
}
