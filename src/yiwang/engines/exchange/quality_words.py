# SPDX-License-Identifier: Apache-2.0
"""A quality rule said in Chinese, so that whoever is judged by it can read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from .kinds import Resource
from .quality_kinds import QualityKind, QualityRule

__all__ = ["percent", "say_rule"]


def say_rule(rule: QualityRule, resource: Resource, names: Mapping[str, str]) -> str:
    """The rule in one sentence. `names`: resource id → its name, for comparisons."""
    told = _SAYS[rule.kind](rule, resource, names)
    only = f"凡“{rule.only_if}”的，" if rule.only_if else ""
    if rule.kind is QualityKind.FRESH:
        return f"{only}{told}。"
    return f"{only}{told}；{percent(rule.share)}以上的行要做到。"


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
    low = f"不小于{rule.minimum}" if rule.minimum is not None else ""
    high = f"不大于{rule.maximum}" if rule.maximum is not None else ""
    return f"{_listed(resource, rule.fields)}{'、'.join(one for one in (low, high) if one)}"


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
    QualityKind.CONDITION: lambda rule, _of, _: f"“{rule.holds}”应当成立",
    QualityKind.AGREES: _agrees,
    QualityKind.UNIQUE: lambda rule, of, _: f"{_listed(of, rule.fields)}不能重复",
    QualityKind.FRESH: lambda rule, of, _: f"最新的{_listed(of, rule.fields)}应当在{_within(rule, of)}之内",
    QualityKind.FRESH_ROWS: lambda rule, of, _: (
        f"每一行的{_listed(of, rule.fields)}应当在{_within(rule, of)}之内"
    ),
}
