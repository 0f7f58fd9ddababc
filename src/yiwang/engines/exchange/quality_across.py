# SPDX-License-Identifier: Apache-2.0
"""Rules that need more than a row: the newest of all, and the same subject in another source (多源比对)."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from typing import Any

from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.kernel.errors import Invalid
from yiwang.kernel.late import Late

from .kinds import Resource
from .quality_kinds import Comparison, QualityRule
from .quality_rows import ROW, Judging, asked, every, item_of, limit_of
from .quality_values import WIDTHS, typed

ibis: Any = Late("ibis")

KEY = "key."
"""Columns by which a row is told begin with it."""
_WIDE = "decimal(20,4)"


def keys_of(table: Any, resource: Resource) -> dict[str, Any]:
    """The columns by which a row is told: what it is about, else what it is searched by."""
    whom = [one.id for one in resource.fields if one.subject_id and one.id in table.columns]
    known = whom or [one for one in resource.keys if one in table.columns]
    return {f"{KEY}{one}": table[one] for one in known}


def out_of_date(rule: QualityRule, judging: Judging, table: Any) -> bool | None:
    """Whether the newest row is too old; a table without a date that can be read is. None: not judged
    (no cycle, no rows)."""
    limit = limit_of(rule, judging)
    found = table.aggregate(newest=typed(table[rule.fields[0]], ElementType.DATE).max(), rows=table.count())
    row = found.to_pyarrow().to_pylist()[0]
    if limit is None or not row["rows"]:
        return None
    return row["newest"] is None or row["newest"] < judging.on - dt.timedelta(days=limit)


def compared(rule: QualityRule, resource: Resource, judging: Judging, table: Any) -> Any:
    """Row, keys and the rule's column: false when one record of the same subject in the other source
    differs, or when there has to be one and is not.

    Raises Invalid: the other resource was not read.
    """
    how = rule.compared
    assert how is not None  # the kind needs it
    theirs, other = judging.tables.get(how.resource), judging.resources.get(how.resource)
    if theirs is None or other is None:
        raise Invalid(f"规则“{rule.id}”要比对的资源没有读到。", mend="请先接通那个资源，再重新检查。")
    keys = keys_of(table, resource)
    own = table.select(
        **{ROW: table[ROW], "asked": asked(rule, resource, judging, table, ibis.literal(True))},
        **{f"own.{one}": table[one] for one in [*how.match, *how.agree]},
        **keys,
    )
    named = {f"their.{one}": theirs[one] for one in [*how.match.values(), *how.agree.values()]}
    there = theirs.select(**named, known=ibis.literal(True))
    pairs = [own[f"own.{a}"] == there[f"their.{b}"] for a, b in how.match.items()]
    joined = own.left_join(there, pairs)
    verdict = ibis.cases((joined.asked, _agreement(how, resource, other, joined)))
    found = joined.mutate(verdict=verdict.cast("int8"))
    whole = found.group_by([ROW, *keys]).aggregate(verdict=found.verdict.min())
    return whole.mutate(**{rule.id: whole.verdict.cast("boolean")}).drop("verdict")


def _agreement(how: Comparison, resource: Resource, other: Resource, joined: Any) -> Any:
    tests = [
        _alike(
            how,
            (item_of(resource, a).type, item_of(other, b).type),
            (joined[f"own.{a}"], joined[f"their.{b}"]),
        )
        for a, b in how.agree.items()
    ]
    agreed = every(tests) if tests else joined.known
    if not how.must_exist:
        return agreed
    told = reduce(lambda a, b: a & b, [joined[f"own.{a}"].notnull() for a in how.match])
    missing = told & joined.known.isnull()
    return ibis.cases((missing, False), (joined.known.notnull() & agreed.isnull(), True), else_=agreed)


def _alike(how: Comparison, types: tuple[ElementType, ElementType], values: tuple[Any, Any]) -> Any:
    """Numbers within the tolerance, dates within the days, texts without regard to blanks."""
    (own, their), (a, b) = types, values
    if own in WIDTHS and their in WIDTHS:
        gap = (typed(a, own).cast(_WIDE) - typed(b, their).cast(_WIDE)).abs()
        return gap <= ibis.literal(how.tolerance).cast(_WIDE)
    if own is their is ElementType.DATE:
        return typed(a, own).delta(typed(b, their), unit="day").abs() <= how.days
    return a.re_replace(r"\s", "") == b.re_replace(r"\s", "")
