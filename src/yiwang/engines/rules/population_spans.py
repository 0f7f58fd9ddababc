# SPDX-License-Identifier: Apache-2.0
"""From where to where a number of a rule may reach: worked out before it runs, to know how wide it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Final

_EXACT: Final = Context(prec=100)


@dataclass(frozen=True)
class Span:
    """The smallest and the largest number there may be."""

    low: Decimal
    high: Decimal

    @property
    def most(self) -> Decimal:
        """The largest, whatever its sign."""
        return max(abs(self.low), abs(self.high))

    def plus(self, other: Span) -> Span:
        return Span(_EXACT.add(self.low, other.low), _EXACT.add(self.high, other.high))

    def negative(self) -> Span:
        return Span(-self.high, -self.low)

    def times(self, other: Span) -> Span:
        ends = [_EXACT.multiply(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Span(min(ends), max(ends))

    def rounded(self, places: int) -> Span:
        """Wherever it is rounded to."""
        step = Decimal(1).scaleb(-places)
        return Span(
            self.low.quantize(step, ROUND_FLOOR, _EXACT), self.high.quantize(step, ROUND_CEILING, _EXACT)
        )

    def size(self) -> Span:
        """Without its sign."""
        return Span(max(self.low, -self.high, Decimal(0)), self.most)


def either(spans: Iterable[Span]) -> Span:
    """Where any of them may reach."""
    given = list(spans)
    return Span(min(one.low for one in given), max(one.high for one in given))


def lowest(spans: Iterable[Span]) -> Span:
    """Where the lowest of them may be."""
    given = list(spans)
    return Span(min(one.low for one in given), min(one.high for one in given))


def highest(spans: Iterable[Span]) -> Span:
    """Where the highest of them may be."""
    given = list(spans)
    return Span(max(one.low for one in given), max(one.high for one in given))


NOTHING: Final = Span(Decimal(0), Decimal(0))
