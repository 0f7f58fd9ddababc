# SPDX-License-Identifier: Apache-2.0
"""Compiled parts of a rule over a population, and the widths that keep their numbers exact."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.types import NUMBER, Kind, Type
from yiwang.engines.rules.values import MAX_DIGITS
from yiwang.kernel.late import Late

ibis: Any = Late("ibis")

_MOST_DIGITS: Final = min(MAX_DIGITS, 38)  # beyond it the rule for one subject would round, too


_WORD_DIGITS: Final = 18
"""Digits of a decimal that engines hold in a machine word. DuckDB multiplies two such within the word, and
fails when the product leaves it, unless one of the two is wider."""


class PopulationError(RuleError):
    """The rule is right, but cannot be run over a population as it is written."""


@dataclass(frozen=True)
class Column:
    """A column that answers a name: the type it has in rules; of a number, how many digits it may
    have in all and behind the point."""

    type: Type
    digits: int = 18
    scale: int = 2


@dataclass(frozen=True)
class Term:
    """A compiled part: the column expression and, of a number, its width."""

    value: Any
    type: Type
    digits: int = 0
    scale: int = 0


class Compiling(ABC):
    """What every part of a compilation works with: errors with a place, numbers that keep their digits."""

    source = ""

    @abstractmethod
    def term(self, expr: nodes.Expr) -> Term:
        """The compiled node. Raises PopulationError."""

    def fail(self, what: str, mend: str, node: nodes.Node) -> PopulationError:
        """The error for a node, with its place."""
        return PopulationError(what, mend=mend, at=node.at, source=self.source)

    def number(self, value: Any, digits: int, scale: int, node: nodes.Node) -> Term:
        """A number of this width; the cast makes every engine keep all its digits."""
        if digits > _MOST_DIGITS:
            mend = "请先取整（round half up），或减少连乘。"
            raise self.fail(f"这个数可能有{digits}位，超过{_MOST_DIGITS}位，算不准。", mend, node)
        return Term(value.cast(f"decimal({digits},{scale})"), NUMBER, digits, scale)

    def times(self, term: Term, by: Decimal, node: nodes.Node) -> Term:
        """A number times a written one."""
        return self.product(term, constant(by), node)

    def product(self, left: Term, right: Term, node: nodes.Node) -> Term:
        """Two numbers multiplied. Ibis wants one of the two types to hold the other."""
        digits = left.digits + right.digits
        if max(left.digits, right.digits) <= _WORD_DIGITS < digits:
            left, right = sorted((left, right), key=lambda term: term.scale)
            right = _wider_than_a_word(right)
        held = (left.digits - right.digits) * (left.scale - right.scale) >= 0
        a, b = (left.value, right.value) if held else self.alike(left, right)
        return self.number(a * b, digits, left.scale + right.scale, node)

    def like(self, term: Term, value: Any) -> Term:
        """A value of the same type and width as `term`."""
        kind = f"decimal({term.digits},{term.scale})" if term.type.kind is Kind.NUMBER else term.value.type()
        return Term(value.cast(kind), term.type, term.digits, term.scale)

    def plain(self, value: Any, type_: Type) -> Term:
        """A value that is no number."""
        return Term(value, type_)

    def alike(self, left: Term, right: Term) -> tuple[Any, Any]:
        """Two values in one type, to be compared or to stand for one another."""
        if left.type.kind is not Kind.NUMBER or right.type.kind is not Kind.NUMBER:
            return left.value, right.value
        scale = max(left.scale, right.scale)
        wide = max(left.digits - left.scale, right.digits - right.scale) + scale
        kind = f"decimal({min(wide, 38)},{scale})"
        return left.value.cast(kind), right.value.cast(kind)


def _wider_than_a_word(term: Term) -> Term:
    digits = _WORD_DIGITS + 1
    return Term(term.value.cast(f"decimal({digits},{term.scale})"), term.type, digits, term.scale)


def constant(value: Decimal) -> Term:
    """A written number, as wide as it is written."""
    _sign, digits, exponent = value.as_tuple()
    scale = max(0, -int(exponent))
    width = max(len(digits) + max(0, int(exponent)), scale)
    return Term(ibis.literal(value, type=f"decimal({width},{scale})"), NUMBER, width, scale)
