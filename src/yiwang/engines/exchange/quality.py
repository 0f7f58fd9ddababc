# SPDX-License-Identifier: Apache-2.0
"""Judge the quality of a resource: rules and a table of its rows in, outcomes and scores out.

Pure: the table is an Ibis table of texts with a column per information item and the row's number in
`ROW`; whatever engine holds it runs the queries, so that a million rows are no loop. All rules that
look at one row are one pass; a comparison of sources is a join. Rows that a rule says nothing about
(a value is missing, the other source does not know the subject) are not judged by it: only
completeness counts what is missing. Which rows failed is told by keys that the caller conceals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from .kinds import Resource
from .quality_across import KEY, compared, keys_of, out_of_date
from .quality_kinds import Dimension, QualityKind, QualityRule
from .quality_rows import ROW, ROW_KINDS, Conceal, Judging, item_of, row_test

__all__ = ["ROW", "Conceal", "Judging", "Outcome", "Score", "judge", "score"]

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Outcome:
    """What came of one rule: rows judged and failed; some failing rows, by concealed key."""

    rule: str
    kind: QualityKind
    judged: int
    failed: int
    wanted: Decimal
    samples: tuple[str, ...] = ()

    @property
    def share(self) -> Decimal | None:
        """The share of judged rows that pass, 0 to 1; None when no row could be judged."""
        return Decimal(self.judged - self.failed) / self.judged if self.judged else None

    @property
    def met(self) -> bool:
        """Whether enough rows pass; a rule that judged none asks for nothing."""
        return self.share is None or self.share >= self.wanted


@dataclass(frozen=True)
class Score:
    """Out of 100, rounded down to hundredths: full marks only without a fault. None: nothing judged."""

    dimensions: Mapping[Dimension, Decimal]
    whole: Decimal | None


def judge(resource: Resource, judging: Judging) -> list[Outcome]:
    """The outcome of every rule of a resource, in order.

    Raises Invalid: a rule cannot be run over this table (the definitions' checks say so earlier).
    """
    table = judging.tables[resource.id]
    rows = [one for one in resource.quality if one.kind in ROW_KINDS]
    tests = {one.id: row_test(one, resource, judging, table) for one in rows}
    counts = _counted(table.select(**tests), list(tests)) if tests else {}
    outcomes = []
    for rule in resource.quality:
        if rule.id in counts:  # named by a query of its own, which compiles no other rule
            alone = table.select(**{ROW: table[ROW], rule.id: tests[rule.id]}, **keys_of(table, resource))
            outcomes.append(_outcome(rule, (resource, judging), alone, counts[rule.id]))
        else:
            outcomes.append(_across(rule, (resource, judging), table))
    return outcomes


def score(outcomes: Sequence[Outcome], weights: Mapping[Dimension, int]) -> Score:
    """The score of each dimension (the mean of its rules) and the whole (the dimensions weighed)."""
    shares: dict[Dimension, list[Decimal]] = {}
    for one in outcomes:
        if one.share is not None:
            shares.setdefault(one.kind.dimension, []).append(one.share)
    means = {dimension: sum(found, Decimal(0)) / len(found) * 100 for dimension, found in shares.items()}
    told = {dimension: _down(mean) for dimension, mean in means.items()}
    total = sum(weights.get(dimension, 0) for dimension in means)
    if not total:
        return Score(told, None)
    whole = sum((mean * weights.get(dimension, 0) for dimension, mean in means.items()), Decimal(0))
    return Score(told, _down(whole / total))


_With = tuple[Resource, Judging]


def _across(rule: QualityRule, given: _With, table: Any) -> Outcome:
    """A rule that needs more than a row. Of freshness there is one verdict, for the whole resource; what is
    to be compared with a source that was not read is not judged."""
    resource, judging = given
    if rule.kind is QualityKind.FRESH:
        late = out_of_date(rule, judging, table)
        return Outcome(rule.id, rule.kind, int(late is not None), int(bool(late)), rule.share)
    if rule.compared is None or rule.compared.resource not in judging.tables:
        return Outcome(rule.id, rule.kind, 0, 0, rule.share)
    found = compared(rule, resource, judging, table)
    return _outcome(rule, given, found, _counted(found, [rule.id])[rule.id])


def _outcome(rule: QualityRule, given: _With, table: Any, counts: tuple[int, int]) -> Outcome:
    judged, failed = counts
    samples = _sampled(table, rule.id, *given) if failed else ()
    return Outcome(rule.id, rule.kind, judged, failed, rule.share, samples)


def _counted(table: Any, names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Rows judged and failed of each column, in one pass."""
    sums: dict[str, Any] = {}
    for number, name in enumerate(names):
        sums[f"j{number}"] = table[name].count()
        sums[f"f{number}"] = (~table[name]).cast("int64").sum().fill_null(0)
    row = table.aggregate(**sums).to_pyarrow().to_pylist()[0]
    return {name: (int(row[f"j{n}"]), int(row[f"f{n}"])) for n, name in enumerate(names)}


def _sampled(table: Any, name: str, resource: Resource, judging: Judging) -> tuple[str, ...]:
    """The first rows that failed, by what their keys are concealed as."""
    failed = table.filter(~table[name]).order_by(ROW).limit(judging.samples)
    keys = [column for column in failed.columns if column.startswith(KEY)]
    rows = failed.select(ROW, *keys).to_pyarrow().to_pylist()
    return tuple(_told(row, keys, resource, judging.conceal) for row in rows)


def _told(row: Mapping[str, Any], keys: Sequence[str], resource: Resource, conceal: Conceal) -> str:
    items = [(item_of(resource, one.removeprefix(KEY)), row[one]) for one in keys]
    known = [conceal(item, str(value)) for item, value in items if value is not None]
    return " / ".join(known) or f"第{row[ROW] + 1}行"


def _down(value: Decimal) -> Decimal:
    return value.quantize(_CENT, rounding=ROUND_FLOOR)
