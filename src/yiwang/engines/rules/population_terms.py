# SPDX-License-Identifier: Apache-2.0
"""Compiled parts of a rule over a population, and the widths that keep their numbers exact."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.population_spans import NOTHING, Span
from yiwang.engines.rules.types import NUMBER, Kind, Type
from yiwang.engines.rules.values import MAX_DIGITS
from yiwang.kernel.late import Late

ibis: Any = Late("ibis")

_MOST_DIGITS: Final = min(MAX_DIGITS, 38)  # beyond it the rule for one subject would round, too
WORD_DIGITS: Final = 18
"""Digits of a decimal that engines hold in a machine word. DuckDB counts with two such within the word, which
is several times faster, and fails when the result leaves it, unless one of the two is wider."""


class PopulationError(RuleError):
    """The rule is right, but cannot be run over a population as it is written."""


@dataclass(frozen=True)
class Column:
    """A column that answers a name: the type it has in rules; of a number, how many digits it may
    have in all and behind the point."""

    type: Type
    digits: int = 18
    scale: int = 2
    least: Decimal | None = None
    """The smallest number in it, if whoever made the table vouches for that."""

    @property
    def span(self) -> Span:
        """From where to where its numbers may reach."""
        most = (Decimal(10) ** self.digits - 1).scaleb(-self.scale)
        return Span(-most if self.least is None else self.least, most)


@dataclass(frozen=True)
class Term:
    """A compiled part: the column expression and, of a number, from where to where it may reach, its
    digits behind the point and, if it stands in the rule itself, what is written."""

    value: Any
    type: Type
    span: Span = NOTHING
    scale: int = 0
    written: Decimal | None = None

    @property
    def digits(self) -> int:
        """The width: as many digits as the largest number has."""
        return width(self.span, self.scale)

    def cast(self, digits: int, scale: int) -> Any:
        """The value as a decimal of this width; what is written is written so."""
        kind = _decimal(digits, scale)
        return self.value.cast(kind) if self.written is None else ibis.literal(self.written, type=kind)


class Compiling(ABC):
    """What every part of a compilation works with: errors with a place, numbers that keep their digits."""

    source = ""

    @abstractmethod
    def term(self, expr: nodes.Expr) -> Term:
        """The compiled node. Raises PopulationError."""

    def fail(self, what: str, mend: str, node: nodes.Node) -> PopulationError:
        """The error for a node, with its place."""
        return PopulationError(what, mend=mend, at=node.at, source=self.source)

    def number(self, value: Any, span: Span, scale: int, node: nodes.Node) -> Term:
        """A number within `span`; the cast makes every engine keep all its digits."""
        digits = width(span, scale)
        self._within(digits, node)
        return Term(value.cast(_decimal(digits, scale)), NUMBER, span, scale)

    def _within(self, digits: int, node: nodes.Node) -> None:
        if digits > _MOST_DIGITS:
            mend = "请先取整（round half up），或减少连乘。"
            raise self.fail(f"这个数可能有{digits}位，超过{_MOST_DIGITS}位，算不准。", mend, node)

    def times(self, term: Term, by: Decimal, node: nodes.Node) -> Term:
        """A number times a written one."""
        return self.product(term, constant(by), node)

    def product(self, left: Term, right: Term, node: nodes.Node) -> Term:
        """Two numbers multiplied. Ibis wants one of the two types to hold the other."""
        self._within(left.digits + right.digits, node)  # what engines allow for, before any cast
        span, scale = left.span.times(right.span), left.scale + right.scale
        low, high = sorted((left, right), key=lambda term: term.scale)
        digits = max(low.digits, high.digits)
        if width(span, scale) > WORD_DIGITS:
            digits = max(digits, WORD_DIGITS + 1)
        product = low.value * high.cast(digits, high.scale)
        return self.number(product, span, scale, node)

    def total(self, left: Term, right: Term, node: nodes.Node) -> Term:
        """Two numbers added."""
        span = left.span.plus(right.span)
        a, b = self._summands(left, right, span, node)
        return self.number(a + b, span, max(left.scale, right.scale), node)

    def difference(self, left: Term, right: Term, node: nodes.Node) -> Term:
        """One number taken from another."""
        span = left.span.plus(right.span.negative())
        a, b = self._summands(left, right, span, node)
        return self.number(a - b, span, max(left.scale, right.scale), node)

    def _summands(self, left: Term, right: Term, span: Span, node: nodes.Node) -> tuple[Any, Any]:
        """Both in the width of what comes out, when that is wider than a machine word."""
        digits = width(span, max(left.scale, right.scale))
        self._within(digits, node)
        return self.alike(left, right, digits)

    def like(self, term: Term, value: Any) -> Term:
        """A value of the same type and width as `term`."""
        kind = _decimal(term.digits, term.scale) if term.type.kind is Kind.NUMBER else term.value.type()
        return Term(value.cast(kind), term.type, term.span, term.scale)

    def plain(self, value: Any, type_: Type) -> Term:
        """A value that is no number."""
        return Term(value, type_)

    def alike(self, left: Term, right: Term, least: int = 0) -> tuple[Any, Any]:
        """Two values in one type, to be compared or to stand for one another; wider than a machine word if
        `least` digits are."""
        if left.type.kind is not Kind.NUMBER or right.type.kind is not Kind.NUMBER:
            return left.value, right.value
        wide = _common(left, right)
        wide, scale = max(wide, least) if least > WORD_DIGITS else wide, max(left.scale, right.scale)
        return left.cast(wide, scale), right.cast(wide, scale)


def width(span: Span, scale: int) -> int:
    """The digits in all of numbers within `span`, `scale` of them behind the point."""
    return max(1, span.most.adjusted() + 1 + scale if span.most >= 1 else scale)


def _plain(value: Decimal) -> Decimal:
    """Without noughts behind the point: 80.0 is 80."""
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()


def _common(left: Term, right: Term) -> int:
    """The width in which either number fits."""
    whole = max(left.digits - left.scale, right.digits - right.scale)
    return min(whole + max(left.scale, right.scale), _MOST_DIGITS)


def _decimal(digits: int, scale: int) -> str:
    return f"decimal({digits},{scale})"


def constant(value: Decimal) -> Term:
    """A written number, as wide as it has to be."""
    value = _plain(value)
    scale = max(0, -int(value.as_tuple().exponent))
    span = Span(value, value)
    kind = _decimal(width(span, scale), scale)
    return Term(ibis.literal(value, type=kind), NUMBER, span, scale, written=value)
