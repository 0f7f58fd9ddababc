# SPDX-License-Identifier: Apache-2.0
"""The nodes only a DMN model uses. A policy rule never has them; what works on policy rules refuses them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from yiwang.engines.rules.errors import Placed, RuleError

# These are the types of `nodes`, which imports this module and so cannot be imported by it.
Expr: TypeAlias = Any
Against: TypeAlias = Any
Binding: TypeAlias = Any
CompareOp: TypeAlias = Any
Node: TypeAlias = Any


@dataclass(frozen=True)
class Filter(Placed):
    """``of[test]``: the items for which the test holds, or the item of that number."""

    of: Expr
    test: Expr | Against

    def below(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return (self.of, self.test)


@dataclass(frozen=True)
class Span(Placed):
    """``low..high`` of a ``for``: each whole number from one to the other."""

    low: Expr
    high: Expr

    def below(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return (self.low, self.high)


@dataclass(frozen=True)
class For(Placed):
    """``for x in list return gives``; what was given so far is ``partial``."""

    bindings: tuple[Binding, ...]
    gives: Expr

    def below(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return (*self.bindings, self.gives)


@dataclass(frozen=True)
class Entry(Placed):
    """``key: value`` of a context."""

    key: str
    value: Expr

    def below(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return (self.value,)


@dataclass(frozen=True)
class ContextOf(Placed):
    """``{a: 1, b: a + 1}``; an entry knows those before it. A boxed context may have a ``result``."""

    entries: tuple[Entry, ...]
    result: Expr | None = None

    def below(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return self.entries if self.result is None else (*self.entries, self.result)


@dataclass(frozen=True)
class Parameter(Placed):
    """A parameter of a function and its type, if it has one."""

    name: str
    type: str = ""

    def below(self) -> tuple[Node, ...]:
        """The nodes directly below: none."""
        return ()


@dataclass(frozen=True)
class FunctionOf(Placed):
    """``function(a, b) body``; an external one has a body in another language, which is not run."""

    parameters: tuple[Parameter, ...]
    body: Expr
    external: bool = False

    def below(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return (*self.parameters, self.body)


@dataclass(frozen=True)
class Invoke(Placed):
    """A call of whatever ``of`` is; ``keys`` are the names of named arguments (all or none)."""

    of: Expr
    arguments: tuple[Expr, ...]
    keys: tuple[str, ...] = ()

    def below(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return (self.of, *self.arguments)


@dataclass(frozen=True)
class InstanceOf(Placed):
    """``value instance of type``; the type is kept as it is written."""

    value: Expr
    type: str

    def below(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return (self.value,)


@dataclass(frozen=True)
class Ray(Placed):
    """``(> 5)`` as a value: everything on one side of a limit."""

    op: CompareOp
    limit: Expr

    def below(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return (self.limit,)


def refuse(node: Placed) -> RuleError:
    """The error for a node of DMN models where only policy rules are worked on."""
    what = f"“{type(node).__name__}”只用于 DMN 模型，政策规则里不能用。"
    return RuleError(what, mend="请只用规则语言说明（docs/formats/rules.md）里的写法。", at=node.at)
