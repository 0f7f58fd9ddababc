# SPDX-License-Identifier: Apache-2.0
"""Rules must be readable, know their names and give what their place asks for."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.engines.definitions.kinds.base import RuleText
from yiwang.engines.definitions.problems import Problem
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.engines.rules import RuleError, Type, check, parse
from yiwang.engines.rules.types import Kind, fits

from .checked import Checked, Mark


def rules(checked: Checked) -> Iterator[Problem]:
    """Rules that cannot be read, name no element, or mix types."""
    types = rule_types(checked.catalogue)
    for mark in checked.marks:
        if isinstance(mark.marker, RuleText):
            yield from _rule(checked, mark, Type(Kind(mark.marker.result)), types)


def _rule(checked: Checked, mark: Mark, wanted: Type, types: dict[str, Type]) -> Iterator[Problem]:
    try:
        found = check(parse(mark.value), types)
    except RuleError as error:
        place = f"第 {error.column} 个字：" if error.column else ""
        what = f"规则“{mark.value}”{place}{error.what}".rstrip("。")
        yield checked.problem(mark.folder, mark.definition.id, mark.path, what, error.mend or "请改正")
        return
    if not fits(found, wanted):
        what = f"规则“{mark.value}”得到的是{found}，这里要的是{wanted}"
        mend = "请写成一个条件，例如：经营面积 >= 200" if wanted.kind is Kind.BOOLEAN else "请改正"
        yield checked.problem(mark.folder, mark.definition.id, mark.path, what, mend)
