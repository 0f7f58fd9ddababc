# SPDX-License-Identifier: Apache-2.0
"""Names must lead to one thing: elements in rules, organisations in texts, errands in speech."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.engines.definitions.hints import Path
from yiwang.engines.definitions.problems import Problem
from yiwang.engines.rules import RuleError, parse
from yiwang.engines.rules.nodes import Name

from .checked import Checked

_Said = tuple[str, tuple[str, str], tuple[str, str, Path]]
"""A name, what it stands for (folder, id), where it is written (folder, id, path)."""


def element_names(checked: Checked) -> Iterator[Problem]:
    """Element names a rule cannot use, or that two elements share."""
    for element in checked.catalogue.elements.values():
        if not _is_rule_name(element.name):
            what = f"数据元名称“{element.name}”不能用在规则里"
            mend = "名称只用汉字、字母、数字，不含空格、括号和运算符，不以数字开头"
            yield checked.problem("elements", element.id, ("name",), what, mend)
    said: list[_Said] = [
        (element.name, ("elements", element.id), ("elements", element.id, ("name",)))
        for element in checked.catalogue.elements.values()
    ]
    yield from _ambiguous(checked, said, "数据元名称", "数据元名称全库唯一，请换一个名称，或合并为一个数据元")


def _is_rule_name(name: str) -> bool:
    try:
        tree = parse(name)
    except RuleError:
        return False
    return isinstance(tree, Name) and tree.path == name and "." not in name


def organisation_names(checked: Checked) -> Iterator[Problem]:
    """Names and aliases that two organisations share."""
    said: list[_Said] = []
    for org in checked.catalogue.orgs.values():
        key = ("orgs", org.id)
        said += [(org.name, key, (*key, ("name",))), (org.short_name, key, (*key, ("short_name",)))]
        said += [(alias, key, (*key, ("aliases", i))) for i, alias in enumerate(org.aliases)]
    yield from _ambiguous(checked, said, "机构名称", "一个名称只能指一个机构，请删去一处或写全称")


def spoken_names(checked: Checked) -> Iterator[Problem]:
    """Plain names that stand for two different things."""
    said: list[_Said] = []
    for event in checked.catalogue.life_events.values():
        key = ("life_events", event.id)
        said.append((event.name, key, (*key, ("name",))))
        said += [(name, key, (*key, ("plain_names", i))) for i, name in enumerate(event.plain_names)]
    for names in checked.catalogue.lists.values():
        for index, one in enumerate(names.names):
            folder = "items" if one.means in checked.catalogue.items else "life_events"
            said.append((one.says, (folder, one.means), ("lists", names.id, ("names", index, "says"))))
    yield from _ambiguous(checked, said, "说法", "一个说法只能指一件事或一个事项，请换一个更明确的说法")


def _ambiguous(checked: Checked, said: list[_Said], what: str, mend: str) -> Iterator[Problem]:
    first: dict[str, _Said] = {}
    for name, means, (folder, identity, path) in said:
        known = first.setdefault(name, (name, means, (folder, identity, path)))
        if known[1] != means:
            elsewhere = checked.where(known[2][0], known[2][1], *known[2][2])
            told = f"{what}“{name}”已指“{known[1][1]}”（{elsewhere.file}:{elsewhere.line}）"
            yield checked.problem(folder, identity, path, told, mend)
