# SPDX-License-Identifier: Apache-2.0
"""A DMN model once read: what it requires, what it decides, and in which types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yiwang.engines.rules import nodes
from yiwang.engines.rules.errors import Placed
from yiwang.engines.rules.tables import Table
from yiwang.engines.rules.wide_types import ANY, WideType

Reference = tuple[str, str]
"""Namespace and id of an element."""


@dataclass(frozen=True)
class Typed(Placed):
    """An expression whose value is fitted to a type; null where it does not fit."""

    of: nodes.Expr
    type: WideType

    def below(self) -> tuple[nodes.Node, ...]:
        """The nodes directly below."""
        return (self.of,)


@dataclass(frozen=True)
class TableOf(Placed):
    """A decision table as an expression. ``defaulted``: it says what it gives when no row holds."""

    table: Table
    defaulted: bool = False
    inputs: tuple[WideType, ...] = ()

    def below(self) -> tuple[nodes.Node, ...]:
        """The inputs of the table."""
        return self.table.inputs


@dataclass(frozen=True)
class Input:
    """Input data."""

    id: str
    name: str
    type: WideType = ANY


@dataclass(frozen=True)
class Logic:
    """A decision, or (with `function`) a piece of business knowledge. `broken` says why it cannot be read."""

    id: str
    name: str
    type: WideType = ANY
    expr: nodes.Expr | None = None
    requires: tuple[Reference, ...] = ()
    function: bool = False
    parameters: tuple[tuple[str, WideType], ...] = ()
    broken: str = ""


@dataclass(frozen=True)
class Service:
    """A decision service: what goes in, what comes out."""

    id: str
    name: str
    type: WideType
    inputs: tuple[Reference, ...]
    outputs: tuple[Reference, ...]


Element = Input | Logic | Service


@dataclass(frozen=True)
class Model:
    """One file: its elements by id, and the models it imports by the name they have here."""

    namespace: str
    name: str
    elements: Mapping[str, Element]
    types: Mapping[str, WideType]
    names: frozenset[str]
    imports: Mapping[str, Model] = field(default_factory=dict)

    def element(self, name: str) -> Element | None:
        """The element of this name, of this model alone."""
        return next((each for each in self.elements.values() if each.name == name), None)

    def models(self) -> dict[str, Model]:
        """This model and all it imports, by namespace."""
        found = {self.namespace: self}
        for each in self.imports.values():
            found.update({space: model for space, model in each.models().items() if space not in found})
        return found

    @property
    def problems(self) -> tuple[str, ...]:
        """What of the model cannot be read, one line each; its value is null."""
        return tuple(
            f"{each.name}：{each.broken}"
            for each in self.elements.values()
            if isinstance(each, Logic) and each.broken
        )
