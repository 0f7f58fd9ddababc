# SPDX-License-Identifier: Apache-2.0
"""The tree of a rule: small frozen nodes, each knowing where it stands in the text.

Positions do not take part in equality, so two texts that say the same have equal trees.
Everything that works on rules (checker, evaluator, explainer, printers, compilers) works on
these nodes; a new execution adds a module, never a second language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Literal as OneOf
from typing import TypeAlias

from yiwang.engines.rules.errors import Placed
from yiwang.engines.rules.values import Months
from yiwang.engines.rules.wide_nodes import (
    ContextOf,
    Entry,
    Filter,
    For,
    FunctionOf,
    InstanceOf,
    Invoke,
    Parameter,
    Ray,
    Span,
    refuse,
)

__all__ = [
    "Against", "And", "ArithOp", "Arithmetic", "Between", "Binding", "Call", "Compare", "CompareOp",
    "ContextOf", "Entry", "Expr", "Filter", "For", "FunctionOf", "If", "In", "InstanceOf", "Interval",
    "Invoke", "ListOf", "Literal", "Member", "Name", "Negative", "Node", "Not", "Or", "Parameter",
    "Quantified", "Ray", "Span", "children", "depth", "names", "refuse", "walk",
]  # fmt: skip

CompareOp: TypeAlias = OneOf["=", "!=", "<", "<=", ">", ">="]
ArithOp: TypeAlias = OneOf["+", "-", "*", "/", "**"]


@dataclass(frozen=True)
class Literal(Placed):
    """A written value. ``kind`` keeps ``true`` and ``1`` apart, which Python holds equal."""

    value: Decimal | str | bool | date | time | timedelta | Months | None
    kind: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", type(self.value).__name__)


@dataclass(frozen=True)
class Name(Placed):
    """A name or dotted path (``项目.总投资额``)."""

    path: str


@dataclass(frozen=True)
class Member(Placed):
    """A member of a computed value: ``(结束 - 开始).days``."""

    of: Expr
    name: str


@dataclass(frozen=True)
class Negative(Placed):
    """Arithmetic minus."""

    of: Expr


@dataclass(frozen=True)
class Arithmetic(Placed):
    """``left op right`` on numbers, texts (+), dates and durations."""

    op: ArithOp
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Compare(Placed):
    """``left op right``."""

    op: CompareOp
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Between(Placed):
    """``value between low and high``, both ends included."""

    value: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True)
class Against(Placed):
    """A comparison whose left side is the value under test: the ``> 3`` of ``x in (> 3)``."""

    op: CompareOp
    right: Expr


@dataclass(frozen=True)
class In(Placed):
    """``value in (tests)``: true as soon as one test holds."""

    value: Expr
    tests: tuple[Expr | Against, ...]


@dataclass(frozen=True)
class Interval(Placed):
    """A written range ``[low..high)``."""

    low: Expr
    high: Expr
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True)
class ListOf(Placed):
    """A written list."""

    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Not(Placed):
    """Three-valued negation."""

    of: Expr


@dataclass(frozen=True)
class And(Placed):
    """Three-valued conjunction of two or more parts."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True)
class Or(Placed):
    """Three-valued disjunction of two or more parts."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True)
class If(Placed):
    """``if test then yes else no``."""

    test: Expr
    yes: Expr
    no: Expr


@dataclass(frozen=True)
class Binding(Placed):
    """``name in source`` of a quantifier."""

    name: str
    source: Expr


@dataclass(frozen=True)
class Quantified(Placed):
    """``some`` or ``every`` over lists."""

    quantifier: OneOf["some", "every"]
    bindings: tuple[Binding, ...]
    satisfies: Expr


@dataclass(frozen=True)
class Call(Placed):
    """A call of a built-in function, by its one-space name (``string length``)."""

    function: str
    arguments: tuple[Expr, ...]


Expr: TypeAlias = (
    Literal
    | Name
    | Member
    | Negative
    | Arithmetic
    | Compare
    | Between
    | In
    | Interval
    | ListOf
    | Not
    | And
    | Or
    | If
    | Quantified
    | Call
    | Filter
    | For
    | Span
    | ContextOf
    | FunctionOf
    | Invoke
    | InstanceOf
    | Ray
)
Node: TypeAlias = Expr | Against | Binding | Entry | Parameter


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in reading order."""
    match node:
        case Literal() | Name():
            return ()
        case Member(of=of) | Negative(of=of) | Not(of=of):
            return (of,)
        case Arithmetic() | Compare():
            return (node.left, node.right)
        case Between():
            return (node.value, node.low, node.high)
        case Against():
            return (node.right,)
        case In():
            return (node.value, *node.tests)
        case Interval():
            return (node.low, node.high)
        case ListOf():
            return node.items
        case And() | Or():
            return node.parts
        case If():
            return (node.test, node.yes, node.no)
        case Binding():
            return (node.source,)
        case Quantified():
            return (*node.bindings, node.satisfies)
        case Call():
            return node.arguments
        case _:
            return node.below()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in reading order."""
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(children(top)))


def depth(node: Node) -> int:
    """How deep the tree is; counted without recursion, for trees of any depth."""
    deepest, layer = 0, [node]
    while layer:
        deepest += 1
        layer = [below for each in layer for below in children(each)]
    return deepest


def names(expr: Node) -> tuple[str, ...]:
    """The free names of a rule, each once, in reading order (``项目.总投资额`` is one name)."""
    found: dict[str, None] = {}
    _collect(expr, frozenset(), found)
    return tuple(found)


def _collect(node: Node, bound: frozenset[str], found: dict[str, None]) -> None:
    if isinstance(node, Name):
        if node.path.split(".", 1)[0] not in bound:
            found[node.path] = None
        return
    if isinstance(node, Quantified | For):
        for binding in node.bindings:
            _collect(binding.source, bound, found)
            bound |= {binding.name}
        _collect(node.satisfies if isinstance(node, Quantified) else node.gives, bound, found)
        return
    for child in children(node):
        _collect(child, bound, found)
