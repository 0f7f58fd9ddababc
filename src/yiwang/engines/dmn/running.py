# SPDX-License-Identifier: Apache-2.0
"""Run a decision requirement graph: a decision sees what it requires and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from yiwang.engines.dmn.model import Element, Input, Logic, Model, Reference, Service, TableOf, Typed
from yiwang.engines.rules import nodes
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.tables import Hit, decide_in
from yiwang.engines.rules.wide_calls import coerced, fitted_to
from yiwang.engines.rules.wide_run import WIDE_RULES, WideRun
from yiwang.engines.rules.wide_types import conforms
from yiwang.engines.rules.wide_values import FunctionValue

MAX_DEPTH: Final = 50
MAX_STEPS: Final = 2_000_000
"""Of a whole evaluation, all decisions and what they call together."""


class ModelRun(WideRun):
    """An evaluation that also knows tables and fitted types."""


def _typed(run: ModelRun, expr: Typed) -> Any:
    return coerced(run.value(expr.of), expr.type)


def _table(run: ModelRun, expr: TableOf) -> Any:
    table = expr.table
    for tested, limits in zip(table.inputs, expr.inputs, strict=False):
        if limits.allowed is not None and not conforms(run.value(tested), limits):
            return None
    decision = decide_in(table, run)
    if decision.rows or table.hit.single or table.hit is Hit.COUNT:
        return decision.value
    if not expr.defaulted:
        return None if decision.value is None else decision.value or None
    values = [run.value(each.otherwise) for each in table.outputs]
    return values[0] if len(values) == 1 else dict(zip((o.name for o in table.outputs), values, strict=True))


ModelRun.rules = {**WIDE_RULES, Typed: _typed, TableOf: _table}


class Evaluation:
    """One evaluation of a model: input data by reference, what was decided, what went wrong."""

    def __init__(self, model: Model, inputs: Mapping[Reference, Any]) -> None:
        self.model = model
        self.models = model.models()
        self.known: dict[Reference, Any] = {}
        self.problems: list[str] = []
        self.depth = 0
        self.steps = MAX_STEPS
        self.running: ModelRun | None = None
        for reference, value in inputs.items():
            element = self.element(reference)
            if isinstance(element, Input | Logic):
                fitted, fits = fitted_to(value, element.type)
                self.known[reference] = fitted
                if not fits:
                    self.problems.append(f"{element.name}：给的值不是它的类型。")

    def element(self, reference: Reference) -> Element | None:
        """The element of this reference in any of the models."""
        model = self.models.get(reference[0])
        return None if model is None else model.elements.get(reference[1])

    def value(self, reference: Reference) -> Any:
        """The value of input data or a decision, or the function a piece of knowledge is; None for null."""
        if reference in self.known:
            return self.known[reference]
        element = self.element(reference)
        match element:
            case Logic(function=True):
                found: Any = self._function(reference[0], element)
            case Logic():
                found = self._decided(reference[0], element)
            case Service():
                found = self._service(reference[0], element)
            case _:
                return None
        self.known[reference] = found
        return found

    def _decided(self, space: str, element: Logic) -> Any:
        if element.expr is None:
            self.problems.append(f"{element.name}：{element.broken or '没有写逻辑。'}")
            return None
        value = self._run(space, element, {})
        result, fits = fitted_to(value, element.type)
        if not fits:
            self.problems.append(f"{element.name}：结果不是它的类型。")
        return result

    def _run(self, space: str, element: Logic, local: Mapping[str, Any]) -> Any:
        """The value of an element's expression; an error of the run is a null that leaves a note."""
        assert element.expr is not None
        self.depth += 1
        try:
            if self.depth > MAX_DEPTH:
                raise RuleError("决策互相依赖，绕成了圈，或依赖太深。", mend="请拆开它们。")
            run = ModelRun({**self._scope(space, element), **local}, self.models[space].types)
            return self._charged(run, element.expr)
        except (RuleError, RecursionError) as error:
            self.problems.append(f"{element.name}：{error}")
            return None
        finally:
            self.depth -= 1

    def _charged(self, run: ModelRun, expr: nodes.Expr) -> Any:
        """Run within the steps that are left, of which what is called inside takes its part."""
        outer, self.running = self.running, run
        run.steps = self.steps if outer is None else outer.steps
        try:
            return run.value(expr)
        finally:
            self.running = outer
            if outer is None:
                self.steps = run.steps
            else:
                outer.steps = run.steps

    def _scope(self, space: str, element: Logic) -> dict[str, Any]:
        """What an element requires, by the names it has there."""
        names: dict[str, Any] = {}
        for reference in element.requires:
            required = self.element(reference)
            if required is None:
                continue
            where = names
            for part in self._path(self.models[space], reference[0]):
                where = where.setdefault(part, {})
            where[required.name] = self.value(reference)
        return names

    def _path(self, model: Model, space: str) -> tuple[str, ...]:
        """The names of the imports that lead from a model to a namespace."""
        if model.namespace == space:
            return ()
        for name, other in model.imports.items():
            if space in other.models():
                return ((name,) if name else ()) + self._path(other, space)
        return ()

    def _function(self, space: str, element: Logic) -> FunctionValue | None:
        if element.expr is None:
            self.problems.append(f"{element.name}：{element.broken or '没有写逻辑。'}")
            return None

        def run(*given: Any) -> Any:
            local: dict[str, Any] = {}
            for (name, wanted), value in zip(element.parameters, given, strict=True):
                local[name], fits = fitted_to(value, wanted)
                if not fits:
                    self.problems.append(f"{element.name}：参数“{name}”不是它的类型。")
                    return None
            return coerced(self._run(space, element, local), element.type)

        return FunctionValue(tuple((name, "") for name, _ in element.parameters), run)

    def _service(self, space: str, service: Service) -> FunctionValue:
        named = [(reference, self.element(reference)) for reference in service.inputs]
        inputs = [(reference, each.name) for reference, each in named if each is not None]

        def run(*given: Any) -> Any:
            values = dict(zip((reference for reference, _ in inputs), given, strict=True))
            return self.served(service, values)

        return FunctionValue(tuple((name, "") for _, name in inputs), run)

    def served(self, service: Service, values: Mapping[Reference, Any]) -> Any:
        """What a service gives for these inputs: the value of its one output, or a record of them."""
        inner = Evaluation(self.model, values)
        inner.depth = self.depth + 1
        inner.running = self.running
        inner.steps = self.steps
        if inner.depth > MAX_DEPTH or inner.problems:
            return None
        found = {}
        for reference in service.outputs:
            element = self.element(reference)
            if element is not None:
                found[element.name] = inner.value(reference)
        self.problems += inner.problems
        self.steps = inner.steps
        result = next(iter(found.values())) if len(found) == 1 else found
        return coerced(result, service.type)
