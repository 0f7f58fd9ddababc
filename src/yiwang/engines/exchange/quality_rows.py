# SPDX-License-Identifier: Apache-2.0
"""Rules that look at one row each, as columns: true, false, or NULL where a rule says nothing about it.

`Judging` is what a resource is judged with; the tables in it hold texts (see `quality_values`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.rules import parse
from yiwang.engines.rules.population import Column, compile_rule
from yiwang.kernel.errors import Invalid
from yiwang.kernel.late import Late

from .kinds import Resource, ResourceField
from .quality_kinds import QualityKind, QualityRule
from .quality_values import column_of, matches, readable, typed

ibis: Any = Late("ibis")

ROW = "_row"
"""The column that numbers the rows of a table, from 0."""
Conceal = Callable[[ResourceField, str], str]
"""Makes of a key what may be kept and shown: a mask, a blind index."""


@dataclass(frozen=True)
class Judging:
    """What a resource is judged with.

    Attributes:
        tables: resource id → its table; the resource itself, and those it is compared with.
        on: today.
        cycle_days: calendar days after which it is out of date; None: it has no cycle.
        samples: how many failing rows are named for each rule.
        conceal: of the key of a failing row.
    """

    catalogue: Catalogue
    resources: Mapping[str, Resource]
    tables: Mapping[str, Any]
    on: dt.date
    cycle_days: int | None
    samples: int
    conceal: Conceal = field(repr=False)


def columns_of(resource: Resource, catalogue: Catalogue) -> dict[str, Column]:
    """Name of each information item → what it is in rules over rows."""
    found = {one.name: column_of(one.type, choices_of(one, catalogue)) for one in resource.fields}
    return {name: column for name, column in found.items() if column is not None}


def choices_of(item: ResourceField, catalogue: Catalogue) -> list[str]:
    """The words that an item may hold, where its data element lists them."""
    element = catalogue.elements.get(item.element or "")
    return [one.value for one in element.choices] if element else []


def row_test(rule: QualityRule, resource: Resource, judging: Judging, table: Any) -> Any:
    """Whether each row passes a rule of `ROW_KINDS`. Raises Invalid, and RuleError for its conditions."""
    return asked(rule, resource, judging, table, _ROWS[rule.kind](rule, resource, judging, table))


def asked(rule: QualityRule, resource: Resource, judging: Judging, table: Any, ok: Any) -> Any:
    """`ok` where the rule is for the row (`only_if`), else NULL."""
    if rule.only_if is None:
        return ok
    return ibis.cases((_feel(rule.only_if, resource, judging, table), ok))


def limit_of(rule: QualityRule, judging: Judging) -> int | None:
    """Calendar days within which something has to have changed; None: no limit."""
    return judging.cycle_days if rule.within_days is None else rule.within_days


def item_of(resource: Resource, identity: str) -> ResourceField:
    """The information item with this id. Raises Invalid."""
    found = resource.field(identity)
    if found is None:
        raise Invalid(f"资源“{resource.name}”没有信息项“{identity}”。", mend="请核对质量规则。")
    return found


def every(tests: Sequence[Any]) -> Any:
    """False if one is, else true if one is, else NULL: what is missing is not judged, the rest is."""
    bad = reduce(lambda a, b: a | b, [(~one).fill_null(False) for one in tests])
    good = reduce(lambda a, b: a | b, [one.fill_null(False) for one in tests])
    return ibis.cases((bad, False), (good, True))


def _filled(rule: QualityRule, _resource: Resource, _judging: Judging, table: Any) -> Any:
    return reduce(lambda a, b: a & b, [table[one].notnull() for one in rule.fields])


def _format(rule: QualityRule, resource: Resource, judging: Judging, table: Any) -> Any:
    def read(one: str) -> Any:
        item = item_of(resource, one)
        choices = choices_of(item, judging.catalogue)
        return readable(table[one], item.type, on=judging.on, choices=choices)

    return every([read(one) for one in rule.fields])


def _pattern(rule: QualityRule, _resource: Resource, _judging: Judging, table: Any) -> Any:
    assert rule.pattern is not None  # the kind needs it
    return every([matches(table[one], rule.pattern) for one in rule.fields])


def _range(rule: QualityRule, resource: Resource, _judging: Judging, table: Any) -> Any:
    tests = []
    for one in rule.fields:
        value = typed(table[one], item_of(resource, one).type)
        if rule.minimum is not None:
            tests.append(value >= ibis.literal(rule.minimum))
        if rule.maximum is not None:
            tests.append(value <= ibis.literal(rule.maximum))
    return every(tests)


def _condition(rule: QualityRule, resource: Resource, judging: Judging, table: Any) -> Any:
    assert rule.holds is not None  # the kind needs it
    return _feel(rule.holds, resource, judging, table)


def _unique(rule: QualityRule, _resource: Resource, _judging: Judging, table: Any) -> Any:
    """All rows that stand more than once fail: nobody can tell which of them is the right one."""
    known = reduce(lambda a, b: a & b, [table[one].notnull() for one in rule.fields])
    twins = table[ROW].count().over(ibis.window(group_by=[table[one] for one in rule.fields]))
    return ibis.cases((known, twins == 1))


def _fresh_rows(rule: QualityRule, _resource: Resource, judging: Judging, table: Any) -> Any:
    limit = limit_of(rule, judging)
    if limit is None:
        return ibis.null().cast("boolean")
    since = judging.on - dt.timedelta(days=limit)
    return typed(table[rule.fields[0]], ElementType.DATE) >= ibis.literal(since)


_ROWS: Mapping[QualityKind, Callable[[QualityRule, Resource, Judging, Any], Any]] = {
    QualityKind.FILLED: _filled,
    QualityKind.FORMAT: _format,
    QualityKind.PATTERN: _pattern,
    QualityKind.RANGE: _range,
    QualityKind.CONDITION: _condition,
    QualityKind.UNIQUE: _unique,
    QualityKind.FRESH_ROWS: _fresh_rows,
}


ROW_KINDS = frozenset(_ROWS)
"""The kinds of rule that look at one row (twins are counted beside it)."""


class Named:
    """A table whose columns answer to the names of the information items, each read as its type."""

    def __init__(self, table: Any, resource: Resource) -> None:
        self._table = table
        self._items = {one.name: one for one in resource.fields}

    def __getitem__(self, name: str) -> Any:
        item = self._items[name]
        return typed(self._table[item.id], item.type)


def _feel(text: str, resource: Resource, judging: Judging, table: Any) -> Any:
    columns = columns_of(resource, judging.catalogue)
    return compile_rule(parse(text), Named(table, resource), columns, source=text)
