# SPDX-License-Identifier: Apache-2.0
"""Why a rule says what it says for one subject: each condition, its values, which ones decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from yiwang.engines.rules import nodes
from yiwang.engines.rules.compute import arithmetic, conjunction, disjunction, negation
from yiwang.engines.rules.errors import Position
from yiwang.engines.rules.evaluator import Run, chosen
from yiwang.engines.rules.values import UNKNOWN, Inner, Months, Value, known, settled
from yiwang.engines.rules.words import label, say_value, words

Distance: TypeAlias = Decimal | timedelta | Months


@dataclass(frozen=True)
class Condition:
    """One leaf condition of a rule, as it turned out.

    ``decisive``: the outcome of the whole rests on it (or, while the whole is open, may still).
    ``missed_by``: how far a numeric or date comparison is from turning out the other way, given
    only where it turned out against the rule; 0 means the limit itself is excluded.
    ``says`` is the condition in Chinese, ``text`` says how it turned out as well:
    经营面积不小于200：不满足（经营面积150，差50）.
    """

    says: str
    text: str
    outcome: bool | None
    decisive: bool
    values: tuple[tuple[str, Value], ...]
    unknown: tuple[str, ...]
    missed_by: Distance | None
    at: Position


@dataclass(frozen=True)
class Explanation:
    """The outcome of a rule and what it rests on.

    ``outcome`` is None while it is open (or null); ``value`` is the result of a rule that gives
    something else than yes or no. ``unknown_names``: names not given yet that may still decide.
    """

    outcome: bool | None
    value: Value
    conditions: tuple[Condition, ...]
    unknown_names: tuple[str, ...]

    @property
    def decisive(self) -> tuple[Condition, ...]:
        """The conditions the outcome rests on."""
        return tuple(each for each in self.conditions if each.decisive)

    @property
    def text(self) -> str:
        """The decisive conditions as Chinese lines."""
        return "\n".join(each.text for each in self.decisive)


def explain(
    expr: nodes.Expr, facts: Mapping[str, Any], *, names: Mapping[str, str] | None = None
) -> Explanation:
    """Evaluate a rule and say why. `names` maps names in the rule to the words people know.

    Raises RuleError as evaluate does.
    """
    run = Run(facts)
    root = _judge(run, expr)
    conditions: list[Condition] = []
    _Teller(run, names or {}, conditions).tell(root, decisive=True, wanted=True)
    open_names = dict.fromkeys(
        name for each in conditions if each.decisive and each.outcome is None for name in each.unknown
    )
    value = known(root.outcome)
    return Explanation(
        outcome=value if isinstance(value, bool) else None,
        value=value,
        conditions=tuple(conditions),
        unknown_names=tuple(open_names) if not settled(root.outcome) else (),
    )


@dataclass(frozen=True)
class _Judged:
    """A node with its outcome; the parts of a connective judged one by one."""

    expr: nodes.Expr
    outcome: Inner
    parts: tuple[_Judged, ...] = ()


def _judge(run: Run, expr: nodes.Expr) -> _Judged:
    match expr:
        case nodes.And():
            parts = tuple(_judge(run, part) for part in expr.parts)
            return _Judged(expr, conjunction(part.outcome for part in parts), parts)
        case nodes.Or():
            parts = tuple(_judge(run, part) for part in expr.parts)
            return _Judged(expr, disjunction(part.outcome for part in parts), parts)
        case nodes.Not():
            inner = _judge(run, expr.of)
            return _Judged(expr, negation(inner.outcome), (inner,))
        case nodes.If():
            test, yes, no = (_judge(run, part) for part in (expr.test, expr.yes, expr.no))
            outcome = chosen(test.outcome, lambda: yes.outcome, lambda: no.outcome)
            return _Judged(expr, outcome, (test, yes, no))
        case _:
            return _Judged(expr, run.value(expr))


@dataclass(frozen=True)
class _Teller:
    run: Run
    labels: Mapping[str, str]
    conditions: list[Condition]

    def tell(self, judged: _Judged, *, decisive: bool, wanted: bool) -> None:
        """Collect the leaves below; `wanted` is the outcome that would speak for the rule."""
        match judged.expr:
            case nodes.And() | nodes.Or():
                every = judged.outcome is None  # null: no part settled it, so that none could be otherwise
                for part in judged.parts:
                    counts = every or part.outcome is judged.outcome
                    self.tell(part, decisive=decisive and counts, wanted=wanted)
            case nodes.Not():
                self.tell(judged.parts[0], decisive=decisive, wanted=not wanted)
            case nodes.If():
                test, yes, no = judged.parts
                undecided = test.outcome is UNKNOWN
                agreed = undecided and judged.outcome is not UNKNOWN  # whatever the test says
                self.tell(test, decisive=decisive and not agreed, wanted=wanted)
                self.tell(yes, decisive=decisive and (undecided or test.outcome is True), wanted=wanted)
                self.tell(no, decisive=decisive and (undecided or test.outcome is not True), wanted=wanted)
            case nodes.Literal():
                return
            case _:
                self.conditions.append(self.condition(judged, decisive=decisive, wanted=wanted))

    def condition(self, judged: _Judged, *, decisive: bool, wanted: bool) -> Condition:
        free = nodes.names(judged.expr)
        values = {name: self.run.lookup(name) for name in free}
        unknown = tuple(name for name, value in values.items() if not settled(value))
        if not settled(judged.outcome) and not unknown:
            unknown = free  # something inside a given list or record is missing
        outcome = judged.outcome if isinstance(judged.outcome, bool) else None
        missed_by = _distance(self.run, judged.expr) if outcome is (not wanted) else None
        says = words(judged.expr, names=self.labels)
        given = tuple((name, value) for name, value in values.items() if settled(value))
        state = {True: "成立", False: "不成立", None: "还不能确定"}[outcome]
        notes = "，".join(self.notes(given, unknown, missed_by))
        return Condition(
            says=says,
            text=f"{says}：{state}" + (f"（{notes}）" if notes else ""),
            outcome=outcome,
            decisive=decisive,
            values=given,
            unknown=unknown,
            missed_by=missed_by,
            at=judged.expr.at,
        )

    def notes(
        self, given: tuple[tuple[str, Value], ...], unknown: tuple[str, ...], gap: Distance | None
    ) -> Iterator[str]:
        """What was known, what not, and how far from the limit."""
        for name, value in given:
            yield f"{label(name, self.labels)}：{say_value(value)}"
        for name in unknown:
            yield f"还不知道{label(name, self.labels)}"
        if gap is not None:
            yield f"差{say_value(gap)}" if _size(gap) else "正好在界限上，界限本身不算"


def _distance(run: Run, expr: nodes.Expr) -> Distance | None:
    """How far the tested value is from the nearest limit it is compared with."""
    match expr:
        case nodes.Compare(op=op) if op != "!=":
            tested, limits = expr.left, [expr.right]
        case nodes.Between():
            tested, limits = expr.value, [expr.low, expr.high]
        case nodes.In():
            tested = expr.value
            limits = [limit for test in expr.tests for limit in _limits(test)]
        case _:
            return None
    value = run.value(tested)
    gaps = [gap for limit in limits if (gap := _gap(value, run.value(limit))) is not None]
    return min(gaps, key=_size) if gaps else None


def _limits(test: nodes.Expr | nodes.Against) -> tuple[nodes.Expr, ...]:
    match test:
        case nodes.Against(op=op, right=right) if op != "!=":
            return (right,)
        case nodes.Interval(low=low, high=high):
            return (low, high)
        case _:
            return ()


def _gap(value: Inner, limit: Inner) -> Distance | None:
    if not settled(value) or not settled(limit) or not isinstance(value, Decimal | date | timedelta | Months):
        return None
    gap = arithmetic("-", value, limit)
    if isinstance(gap, Decimal):
        return abs(gap)
    if isinstance(gap, timedelta):
        return abs(gap)
    return Months(abs(gap.count)) if isinstance(gap, Months) else None


def _size(gap: Distance) -> Decimal:
    return gap if isinstance(gap, Decimal) else Decimal(gap.days if isinstance(gap, timedelta) else gap.count)
