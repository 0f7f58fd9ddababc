# SPDX-License-Identifier: Apache-2.0
"""The kind `gates`: what a government IT project must keep before it gets approval and money.

凡不符合数据共享要求的，不予审批建设项目，不予安排运维经费 (驻政办〔2022〕60号, gb-2022-10 L507). The rules
are written in the house's rule language over data elements; one that fails is enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, cast

from pydantic import Field, model_validator

from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds.base import (
    Citation,
    Definition,
    ElementId,
    Id,
    Part,
    Rule,
    Text,
    forbid_duplicates,
)
from yiwang.engines.rules import evaluate, explain, parse

GATES = "gates"
"""The folder of the kind."""


class GateRule(Part):
    """One thing a project must not do, or must have done: where `when` holds, it fails."""

    id: Id
    when: Rule = Field(description="什么情形不符合要求")
    says: Text = Field(description="告诉申报部门：哪里不符合")
    mend: Text = Field(description="怎样改就符合")
    cite: Citation


class ProjectGate(Definition):
    """A gate: what is asked of a project, which projects it is not for, what fails it."""

    asks: list[ElementId] = Field(min_length=1, description="登记时要回答的问题，按顺序；都是“是/否”")
    outside: Rule = Field(description="哪些项目不由这里出具意见（涉密等）")
    outside_says: Text = Field(description="这些项目怎样办")
    rules: Annotated[list[GateRule], Field(min_length=1)]
    result: Text = Field(description="不符合时的处理")
    cite: Citation

    @model_validator(mode="after")
    def _each_once(self) -> ProjectGate:
        forbid_duplicates([one.id for one in self.rules], "规则编号")
        forbid_duplicates(list(self.asks), "问题")
        return self


@dataclass(frozen=True)
class Judged:
    """What a gate says of a project. `passes` None: some answer is missing (`missing`: element ids)."""

    passes: bool | None
    outside: bool
    failed: tuple[GateRule, ...]
    missing: tuple[str, ...]


def gates(catalogue: Catalogue) -> Mapping[str, ProjectGate]:
    """Gate id → gate, of everything in `catalogue`."""
    return cast("Mapping[str, ProjectGate]", catalogue.others.get(GATES, {}))


def judge(catalogue: Catalogue, gate: ProjectGate, facts: Mapping[str, bool | None]) -> Judged:
    """Whether a project with these answers (element id → yes, no, or None) passes.

    Fails closed: what is not known never passes. Raises RuleError for a rule that cannot be read.
    """
    named = {catalogue.elements[one].name: one for one in gate.asks}
    known = {name: facts.get(one) for name, one in named.items() if facts.get(one) is not None}
    outside = evaluate(parse(gate.outside), known)
    if outside is True:
        return Judged(None, True, (), ())
    values = {rule.id: evaluate(parse(rule.when), known) for rule in gate.rules}
    failed = tuple(rule for rule in gate.rules if values[rule.id] is True)
    unknown: dict[str, None] = {}
    for rule in gate.rules:
        if values[rule.id] is None:
            unknown |= dict.fromkeys(explain(parse(rule.when), known).unknown_names)
    if outside is None:
        unknown |= dict.fromkeys(explain(parse(gate.outside), known).unknown_names)
    missing = tuple(named[name] for name in unknown if name in named)
    passes = False if failed else (None if unknown else True)
    return Judged(passes, False, failed, missing)


GATE_KINDS: dict[str, Any] = {GATES: ProjectGate}
"""Folder name → kind."""
