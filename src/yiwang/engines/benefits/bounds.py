# SPDX-License-Identifier: Apache-2.0
"""Which bounds of a policy its examples do not show: every threshold of its conditions, its scale and its
amount wants an example right at it and one on the other side, every cap one that reaches it and one below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from yiwang.engines.rules import Expr, Type, check, evaluate, nodes, words
from yiwang.engines.rules.types import Kind

from .facts import facts_of
from .kinds import Policy
from .rules import amount_of, condition_of

_OTHER_SIDE: Final[Mapping[str, tuple[int, ...]]] = {
    ">=": (-1,), "<": (-1,), ">": (1,), "<=": (1,), "=": (-1, 1), "!=": (-1, 1),
}  # fmt: skip
_CAPS: Final = ("min", "max")


@dataclass(frozen=True)
class Bound:
    """A value that is compared with a limit, by which comparison; of a cap there is none."""

    value: Expr
    op: str
    limit: Expr

    @property
    def text(self) -> str:
        """The comparison in Chinese."""
        if self.op:
            return words(nodes.Compare(self.op, self.value, self.limit))  # type: ignore[arg-type]
        return f"{words(self.value)}和{words(self.limit)}里取一个"

    def shown_by(self, sides: set[int]) -> bool:
        """Whether examples on these sides (-1 below, 0 at, 1 above) show it."""
        if not self.op:
            return 1 in sides and bool({-1, 0} & sides)
        return 0 in sides and any(one in sides for one in _OTHER_SIDE[self.op])


def bounds_of(policy: Policy) -> tuple[Bound, ...]:
    """Every bound in the rules of a policy, each once."""
    rules = [rule for rule in (condition_of(policy), amount_of(policy)) if rule is not None]
    return tuple(dict.fromkeys(one for rule in rules for node in nodes.walk(rule) for one in _bounds(node)))


def _bounds(node: nodes.Node) -> Iterator[Bound]:
    match node:
        case nodes.Compare():
            yield Bound(node.left, node.op, node.right)
        case nodes.Between():
            yield from (Bound(node.value, ">=", node.low), Bound(node.value, "<=", node.high))
        case nodes.In():
            for test in node.tests:
                yield from _tested(node.value, test)
        case nodes.Call(function=function, arguments=(first, *others)) if function in _CAPS:
            yield from (Bound(first, "", other) for other in others)


def _tested(value: Expr, test: nodes.Node) -> Iterator[Bound]:
    match test:
        case nodes.Against():
            yield Bound(value, test.op, test.right)
        case nodes.Interval():
            yield Bound(value, ">=" if test.low_included else ">", test.low)
            yield Bound(value, "<=" if test.high_included else "<", test.high)


def not_shown(policy: Policy, types: Mapping[str, Type]) -> tuple[Bound, ...]:
    """The bounds for which examples are missing. Comparisons that are not of numbers are no bounds.

    Raises RuleError for an example whose facts the rule language cannot hold, or a rule that is not sound.
    """
    given = [facts_of(one.facts, types) for one in policy.examples]
    found = (bound for bound in bounds_of(policy) if check(bound.limit, types).kind is Kind.NUMBER)
    return tuple(bound for bound in found if not bound.shown_by(_sides(bound, given)))


def _sides(bound: Bound, given: Iterable[Mapping[str, Any]]) -> set[int]:
    """On which sides of a bound the examples are."""
    both = ((_number(bound.value, facts), _number(bound.limit, facts)) for facts in given)
    return {(value > limit) - (value < limit) for value, limit in both if None not in (value, limit)}


def _number(rule: Expr, facts: Mapping[str, Any]) -> Any:
    """A number, or None while a fact it hangs on is not given."""
    value = evaluate(rule, facts)
    return value if isinstance(value, int | Decimal) else None
