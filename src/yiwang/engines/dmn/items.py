# SPDX-License-Identifier: Apache-2.0
"""Item definitions of a model: its own types, with members and allowed values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from yiwang.engines.dmn.xml import Node, child, child_text, children
from yiwang.engines.rules import nodes
from yiwang.engines.rules.dialect import Dialect
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.table_reading import read_test
from yiwang.engines.rules.wide_run import WideRun
from yiwang.engines.rules.wide_types import ANY, WideType, read_type

MAX_DEPTH = 20
_TESTED = nodes.Name("?")


class Items:
    """The types of one model, each worked out when first asked for: they may stand in any order."""

    def __init__(self, root: Node, imported: Mapping[str, WideType], names: frozenset[str]) -> None:
        self.written = {each.get("name", ""): each for each in children(root, "itemDefinition")}
        self.names = names
        self.found: dict[str, WideType] = dict(imported)
        self.depth = 0

    def all(self) -> dict[str, WideType]:
        """Every type of the model by name. Raises RuleError for types that contain themselves too deep."""
        for name in self.written:
            self.named(name)
        return self.found

    def named(self, reference: str | None) -> WideType:
        """The type a reference names; Any for none. A type nobody defines is `?` and fits nothing."""
        name = " ".join((reference or "").split())
        if not name:
            return ANY
        for candidate in (name, name.rpartition(":")[2]):
            if candidate in self.found:
                return self.found[candidate]
            if candidate in self.written:
                return self._defined(candidate)
            found = read_type(candidate, self.found)
            if found is not None:
                return found
        return WideType("?")

    def _defined(self, name: str) -> WideType:
        if self.depth >= MAX_DEPTH:
            raise RuleError(f"类型“{name}”把自己包在里面。", mend="请检查 itemDefinition。")
        self.depth += 1
        try:
            self.found[name] = self.of(self.written[name])
        finally:
            self.depth -= 1
        return self.found[name]

    def of(self, element: Node) -> WideType:
        """The type an itemDefinition or itemComponent describes."""
        components = children(element, "itemComponent")
        function = child(element, "functionItem")
        if components:
            members = tuple((each.get("name", ""), self.of(each)) for each in components)
            found = WideType("context", members=members)
        elif function is not None:
            parameters = [self.named(each.get("typeRef")) for each in children(function, "parameters")]
            found = WideType("function", (*parameters, self.named(function.get("outputTypeRef"))))
        else:
            found = self.named(child_text(element, "typeRef"))
        allowed = child(element, "allowedValues")
        if allowed is not None:
            found = limited(found, child_text(allowed, "text"), self.names)
        if element.get("isCollection") == "true":
            found = WideType("list", (found,))
        constraint = child(element, "typeConstraint")
        return found if constraint is None else limited(found, child_text(constraint, "text"), self.names)


def limited(found: WideType, tests: str, names: frozenset[str]) -> WideType:
    """A type of which only the values that pass these tests are allowed."""
    allowed = allows(tests, names)
    before = found.allowed
    if before is None:
        return replace(found, allowed=allowed)
    return replace(found, allowed=lambda value: before(value) and allowed(value))


def allows(tests: str, names: frozenset[str]) -> Callable[[Any], bool]:
    """Whether a value passes unary tests. Tests that cannot be read let nothing pass."""
    try:
        test = read_test(tests, _TESTED, dialect=Dialect.DMN, names=names)
    except RuleError:
        return lambda value: False
    return lambda value: WideRun({"?": value}, {}).value(test) is True
