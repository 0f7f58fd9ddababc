# SPDX-License-Identifier: Apache-2.0
"""Check quality rules as definitions: what they name is there and fits, what they say can be run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yiwang.engines.definitions import Catalogue, Checked, Problem
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.problems import nearest
from yiwang.engines.rules import BOOLEAN, RuleError, check, parse

from .kinds import FOLDER, Resource
from .quality_kinds import QualityKind, QualityRule
from .words import Cycle

_FITS: Mapping[QualityKind, tuple[frozenset[ElementType], str]] = {
    QualityKind.RANGE: (frozenset({ElementType.INTEGER, ElementType.MONEY, ElementType.DECIMAL}), "数"),
    QualityKind.FRESH: (frozenset({ElementType.DATE}), "日期"),
    QualityKind.FRESH_ROWS: (frozenset({ElementType.DATE}), "日期"),
}
_Told = tuple[str, str]


def check_quality(checked: Checked) -> Iterator[Problem]:
    """Rules that stand twice, name what is not there, or could not be run."""
    resources: Mapping[str, Any] = checked.catalogue.others.get(FOLDER, {})
    for resource in resources.values():
        seen: set[str] = set()
        for place, rule in enumerate(resource.quality):
            path = ("quality", place)
            told = [("编号", f"质量规则“{rule.id}”重复")] if rule.id in seen else []
            seen.add(rule.id)
            found = [*told, *_wrong(rule, resource, resources, checked.catalogue)]
            for mend, what in found:
                yield checked.problem(FOLDER, resource.id, path, what, f"请改正{mend}")


def _wrong(
    rule: QualityRule, resource: Resource, resources: Mapping[str, Resource], catalogue: Catalogue
) -> Iterator[_Told]:
    unknown = False
    for one in rule.reads:
        if resource.field(one) is None:
            unknown = True
            ids = [item.id for item in resource.fields]
            yield "信息项编号", f"质量规则“{rule.id}”要看的“{one}”不是本资源的信息项。{nearest(one, ids)}"
    if unknown:
        return
    fits, word = _FITS.get(rule.kind, (frozenset(), ""))
    for one in rule.fields:
        item = resource.field(one)
        if fits and item is not None and item.type not in fits:
            yield "信息项", f"质量规则“{rule.id}”只能看{word}，“{item.name}”是 {item.type}"
    dated = rule.kind in (QualityKind.FRESH, QualityKind.FRESH_ROWS)
    if dated and rule.within_days is None and resource.cycle is Cycle.IRREGULAR:
        yield "within_days", f"质量规则“{rule.id}”没有期限：不定期更新的资源要写 within_days"
    for text in (rule.holds, rule.only_if):
        if text is not None and (why := _unreadable(text, resource, catalogue)):
            yield "条件", f"质量规则“{rule.id}”的条件不能用：{why}"
    yield from _other(rule, resource, resources)


def _unreadable(text: str, resource: Resource, catalogue: Catalogue) -> str:
    """Why a condition cannot be run over the rows; empty when it can."""
    import ibis  # here: whoever loads definitions without conditions need not wait for it

    from yiwang.engines.rules.population import compile_rule

    from .quality_rows import Named, columns_of

    columns = columns_of(resource, catalogue)
    table = ibis.table({one.id: "string" for one in resource.fields}, name="rows")
    try:
        tree = parse(text)
        if check(tree, {name: column.type for name, column in columns.items()}) != BOOLEAN:
            return "它不是一个是或否的条件"
        compile_rule(tree, Named(table, resource), columns, source=text)
    except RuleError as error:
        return error.what.rstrip("。")
    return ""


def _other(rule: QualityRule, resource: Resource, resources: Mapping[str, Resource]) -> Iterator[_Told]:
    how = rule.compared
    if how is None:
        return
    if how.resource == resource.id:
        yield "compared", f"质量规则“{rule.id}”与自己比对"
    other = resources.get(how.resource)
    if other is None:
        return  # missing ids are told elsewhere
    ids = [item.id for item in other.fields]
    for one in dict.fromkeys([*how.match.values(), *how.agree.values()]):
        if one not in ids:
            what = f"质量规则“{rule.id}”要比对的“{one}”不是“{other.name}”的信息项。{nearest(one, ids)}"
            yield "信息项编号", what
