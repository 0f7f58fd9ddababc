# SPDX-License-Identifier: Apache-2.0
"""Run a checked rule over a whole population: the same tree, compiled to one column expression.

Ibis turns the expression into the SQL of whatever engine holds the data. A missing value (SQL NULL)
is a fact nobody has given, so SQL's three-valued logic is the rule language's own. Numbers stay
exact: every intermediate result has a DECIMAL type wide enough to hold it, worked out here from the
digits of the columns and literals; what no width can hold is refused when the rule is compiled, and
so is everything whose meaning engines do not share (`PopulationError` says how to write it instead).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, Inexact, localcontext
from functools import reduce
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.population_calls import COUNTED, call
from yiwang.engines.rules.population_spans import either
from yiwang.engines.rules.population_terms import Column, Compiling, PopulationError, Term, constant
from yiwang.engines.rules.population_unknown import goes_with
from yiwang.engines.rules.types import BOOLEAN, DATE, DAYS, MONTHS, STRING, Kind, Type
from yiwang.engines.rules.values import DECIMALS, Months
from yiwang.kernel.late import Late

ibis: Any = Late("ibis")

__all__ = ["Column", "PopulationError", "compile_rule"]


def compile_rule(expr: nodes.Expr, table: Any, columns: Mapping[str, Column], *, source: str = "") -> Any:
    """The rule as an Ibis column expression over `table`, whose columns are named as in the rule.

    The rule has passed `check` with the types of `columns`. Raises PopulationError with the place of
    what cannot be run over a population.
    """
    return Compiler(table, columns, source).term(expr).value


class Compiler(Compiling):
    """Compiles one rule over one table; `term` is the way in for every node."""

    def __init__(self, table: Any, columns: Mapping[str, Column], source: str) -> None:
        self.table = table
        self.columns = columns
        self.source = source

    def term(self, expr: nodes.Expr) -> Term:
        """The compiled node. Raises PopulationError."""
        rule = _RULES.get(type(expr))
        if rule is None:
            raise self.fail("这种写法不能对全部对象一次计算。", "请改用比较、and、or、in 和四则运算。", expr)
        return rule(self, expr)

    def compare(self, op: str, left: Term, right: Term, node: nodes.Node) -> Term:
        if Kind.NULL in (left.type.kind, right.type.kind):
            raise self.fail("全量计算里没有填和不知道是一回事，不能与 null 比较。", "请去掉这个条件。", node)
        if op not in ("=", "!=") and Kind.STRING in (left.type.kind, right.type.kind):
            raise self.fail("文字的先后各引擎不同。", "请改用“=”或 in。", node)
        return Term(_COMPARE[op](*self.alike(left, right)), BOOLEAN)


def _literal(compiler: Compiler, expr: nodes.Literal) -> Term:
    match expr.value:
        case None:
            return Term(ibis.null(), Type(Kind.NULL))
        case bool():
            return Term(ibis.literal(expr.value), BOOLEAN)
        case Decimal():
            return constant(expr.value)
        case str():
            return Term(ibis.literal(expr.value), STRING)
        case datetime() | time():
            raise nodes.refuse(expr)
        case date():
            return Term(ibis.literal(expr.value, type="date"), DATE)
        case timedelta():
            return Term(ibis.literal(expr.value.days, type="int64"), DAYS)
        case Months():
            return Term(ibis.literal(expr.value.count, type="int64"), MONTHS)


def _name(compiler: Compiler, expr: nodes.Name) -> Term:
    column = compiler.columns.get(expr.path)
    whole, _, part = expr.path.rpartition(".")
    if column is None and whole in compiler.columns:  # 开业日.year
        return _part(compiler, _name(compiler, nodes.Name(whole, at=expr.at)), part, expr)
    if column is None:
        raise compiler.fail(f"全量数据里没有“{expr.path}”这一列。", "请先把它列入数据资源。", expr)
    value = compiler.table[expr.path]
    if column.type.kind is Kind.NUMBER:
        return compiler.number(value, column.span, column.scale, expr)
    return Term(value, column.type)


def _negative(compiler: Compiler, expr: nodes.Negative) -> Term:
    term = compiler.term(expr.of)
    return Term(-term.value, term.type, term.span.negative(), term.scale)


def _arithmetic(compiler: Compiler, expr: nodes.Arithmetic) -> Term:
    left, right = compiler.term(expr.left), compiler.term(expr.right)
    kinds = (left.type.kind, right.type.kind)
    if kinds == (Kind.NUMBER, Kind.NUMBER):
        return _of_numbers(compiler, expr, left, right)
    if kinds == (Kind.STRING, Kind.STRING) and expr.op == "+":
        return Term(left.value + right.value, STRING)
    if kinds == (Kind.DATE, Kind.DATE) and expr.op == "-":
        return Term(left.value.delta(right.value, unit="day").cast("int64"), DAYS)
    if left.type.kind is Kind.DATE and right.type.kind in _SPANS:
        return _moved(left, right, -1 if expr.op == "-" else 1)
    if right.type.kind is Kind.DATE and left.type.kind in _SPANS:
        return _moved(right, left, 1)
    if kinds in ((Kind.DAYS, Kind.DAYS), (Kind.MONTHS, Kind.MONTHS)) and expr.op in "+-":
        return Term(_SUMS[expr.op](left.value, right.value), left.type)
    raise compiler.fail("这种运算不能对全部对象一次计算。", "请改成数、日期与时长的加减。", expr)


def _moved(day: Term, span: Term, sign: int) -> Term:
    moved = day.value + (span.value * sign).as_interval(_SPANS[span.type.kind])
    return Term(moved.cast("date"), DATE)


def _of_numbers(compiler: Compiler, expr: nodes.Arithmetic, left: Term, right: Term) -> Term:
    if expr.op == "+":
        return compiler.total(left, right, expr)
    if expr.op == "-":
        return compiler.difference(left, right, expr)
    if expr.op == "*":
        return compiler.product(left, right, expr)
    if expr.op == "/" and (share := _reciprocal(expr.right)) is not None:
        return compiler.times(left, share, expr)
    mend = "请改写成乘法，例如把 甲 / 乙 >= 0.1 写成 甲 >= 乙 * 0.1。"
    raise compiler.fail("除法和乘方的结果各引擎取舍不同。", mend, expr)


def _reciprocal(expr: nodes.Expr) -> Decimal | None:
    """One divided by a written number, when that has an end."""
    if not isinstance(expr, nodes.Literal) or not isinstance(expr.value, Decimal) or not expr.value:
        return None
    with localcontext(DECIMALS) as exact:
        exact.traps[Inexact] = True
        try:
            return exact.divide(Decimal(1), expr.value)
        except Inexact:
            return None


def _compare(compiler: Compiler, expr: nodes.Compare) -> Term:
    return compiler.compare(expr.op, compiler.term(expr.left), compiler.term(expr.right), expr)


def _between(compiler: Compiler, expr: nodes.Between) -> Term:
    value = compiler.term(expr.value)
    low = compiler.compare(">=", value, compiler.term(expr.low), expr)
    high = compiler.compare("<=", value, compiler.term(expr.high), expr)
    return Term(low.value & high.value, BOOLEAN)


def _in(compiler: Compiler, expr: nodes.In) -> Term:
    value = compiler.term(expr.value)
    if words := _words(value, expr.tests):
        return Term(value.value.isin(words), BOOLEAN)
    return Term(_any([_passes(compiler, value, test) for test in expr.tests]), BOOLEAN)


def _words(value: Term, tests: Sequence[nodes.Expr | nodes.Against]) -> list[str]:
    """The texts a text is tested for; none when it is tested for anything else."""
    flat = [one for test in tests for one in (test.items if isinstance(test, nodes.ListOf) else [test])]
    found = [one.value for one in flat if isinstance(one, nodes.Literal) and isinstance(one.value, str)]
    return found if value.type.kind is Kind.STRING and len(found) == len(flat) else []


def _passes(compiler: Compiler, value: Term, test: nodes.Expr | nodes.Against) -> Any:
    match test:
        case nodes.Against():
            return compiler.compare(test.op, value, compiler.term(test.right), test).value
        case nodes.Interval():
            low = compiler.compare(">=" if test.low_included else ">", value, compiler.term(test.low), test)
            high = compiler.compare(
                "<=" if test.high_included else "<", value, compiler.term(test.high), test
            )
            return low.value & high.value
        case nodes.ListOf() if test.items:
            return _any([_passes(compiler, value, item) for item in test.items])
        case _:  # an empty list is no value either, and is refused here
            return compiler.compare("=", value, compiler.term(test), test).value


def _any(outcomes: list[Any]) -> Any:
    return reduce(lambda a, b: a | b, outcomes) if outcomes else ibis.literal(False)


def _connective(compiler: Compiler, expr: nodes.And | nodes.Or) -> Term:
    outcomes = [compiler.term(part).value for part in expr.parts]
    if isinstance(expr, nodes.Or):
        return Term(_any(outcomes), BOOLEAN)
    return Term(reduce(lambda a, b: a & b, outcomes), BOOLEAN)


_MOST_PARTS: Final = 3_000
"""Parts of the expression a chain of `if` may become: each level repeats the levels within."""


def _if(compiler: Compiler, expr: nodes.If) -> Term:
    """The branch the test chooses; while it is not known, what both branches agree on."""
    if _parts_of(expr) > _MOST_PARTS:
        mend = "请减少档数，或者让各档直接写给多少，不写算式。"
        raise compiler.fail("这里的分档或“如果”层数太多，不能对全部对象一次计算。", mend, expr)
    test, yes, no = (compiler.term(part) for part in (expr.test, expr.yes, expr.no))
    first, second = compiler.alike(yes, no)
    if goes_with(expr.test, expr.no):
        value = ibis.cases((test.value, first), else_=second)
    elif goes_with(expr.test, expr.yes):
        value = ibis.cases((~test.value, second), else_=first)
    else:
        agree = [] if _never_agree(expr) else [(first == second, first)]
        value = ibis.cases((test.value, first), (~test.value, second), *agree)
    if yes.type.kind is not Kind.NUMBER:
        return Term(value, yes.type)
    return compiler.number(value, either([yes.span, no.span]), max(yes.scale, no.scale), expr)


def _never_agree(expr: nodes.If) -> bool:
    """Whether both branches cannot be the same while the test is not known: one is not known either, or both
    are written values of which none is in both."""
    if goes_with(expr.test, expr.yes) or goes_with(expr.test, expr.no):
        return True
    yes, no = _written(expr.yes), _written(expr.no)
    return yes is not None and no is not None and yes.isdisjoint(no)


def _written(expr: nodes.Expr) -> frozenset[Any] | None:
    """The values a branch may have; None unless all are written out."""
    if isinstance(expr, nodes.Literal) and expr.value is not None:
        return frozenset((expr.value,))
    if not isinstance(expr, nodes.If):
        return None
    yes, no = _written(expr.yes), _written(expr.no)
    return None if yes is None or no is None else yes | no


def _parts_of(expr: nodes.Expr) -> int:
    """How large a chain of `if` becomes, levels within counted as often as they are repeated."""
    if not isinstance(expr, nodes.If):
        return 1
    times = 1 if _never_agree(expr) else 3
    return min(_MOST_PARTS + 1, 2 + times * (_parts_of(expr.yes) + _parts_of(expr.no)))


def _member(compiler: Compiler, expr: nodes.Member) -> Term:
    return _part(compiler, compiler.term(expr.of), expr.name, expr)


def _part(compiler: Compiler, term: Term, name: str, expr: nodes.Expr) -> Term:
    read = _PARTS.get((term.type.kind, name))
    if read is None:
        raise compiler.fail(f"全量计算里取不到“{name}”。", "请改用日期或时长的比较。", expr)
    return compiler.number(read(term.value), COUNTED, 0, expr)


_COMPARE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_SUMS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {"+": lambda a, b: a + b, "-": lambda a, b: a - b}
_SPANS: Final = {Kind.DAYS: "D", Kind.MONTHS: "M"}
_PARTS: Final[Mapping[tuple[Kind, str], Callable[[Any], Any]]] = {
    (Kind.DATE, "year"): lambda day: day.year(),
    (Kind.DATE, "month"): lambda day: day.month(),
    (Kind.DATE, "day"): lambda day: day.day(),
    (Kind.DATE, "weekday"): lambda day: day.day_of_week.index() + 1,
    (Kind.DAYS, "days"): lambda days: days,
}
_RULES: Final[dict[type, Callable[[Compiler, Any], Term]]] = {
    nodes.Literal: _literal,
    nodes.Name: _name,
    nodes.Member: _member,
    nodes.Negative: _negative,
    nodes.Arithmetic: _arithmetic,
    nodes.Compare: _compare,
    nodes.Between: _between,
    nodes.In: _in,
    nodes.Not: lambda compiler, expr: Term(~compiler.term(expr.of).value, BOOLEAN),
    nodes.And: _connective,
    nodes.Or: _connective,
    nodes.If: _if,
    nodes.Call: call,
}
