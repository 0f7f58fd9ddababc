# SPDX-License-Identifier: Apache-2.0
"""Lay lower levels over higher ones: national > henan > zhumadian (a city names its own chain).

A lower level that names a known id must say `refines: true` and gives only what differs: mappings
merge key by key, everything else (lists too) replaces. Every value keeps the place it came from.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .problems import Problem, nearest
from .reading import Node

REFINES = "refines"


@dataclass
class Entry:
    """One definition as written so far: the levels above it already merged in."""

    folder: str
    id: str
    node: Node
    level: str
    files: tuple[str, ...]


@dataclass
class Overlay:
    """Definitions by folder and id, level after level from the top; `problems` met on the way."""

    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    """Folders with a file that cannot be read: what is missing there may stand in it."""

    def add(self, folder: str, level: str, node: Node) -> None:
        """Lay the definition `node` of `level` over what is there. Levels must come top down."""
        mapping = node.value
        if not isinstance(mapping, dict):
            self._problem(
                node, "定义应当是“键: 值”的一组", "请写成 id: …、name: … 的样子；冒号用英文冒号加空格"
            )
            return
        identity = mapping.get("id")
        if identity is None or not isinstance(identity.value, str) or not identity.value:
            self._problem(
                identity or node, "缺少编号 id", "每条定义都要有 id（小写字母、数字、连字符；像数字的加引号）"
            )
            return
        refines = mapping.get(REFINES)
        if refines is not None and refines.value is not True:
            self._problem(refines, "refines 应当是 true", "细化上级定义写 refines: true，否则删去这一行")
            return
        own = Node({k: v for k, v in mapping.items() if k != REFINES}, node.where)
        known = self.entries.get((folder, identity.value))
        if refines is not None:
            self._refine(known, own, refines, (folder, level, identity.value))
        elif known is not None:
            self._refuse_second(known, identity, level)
        else:
            files = (node.where.file,)
            self.entries[folder, identity.value] = Entry(folder, identity.value, own, level, files)

    def _refine(self, known: Entry | None, own: Node, refines: Node, key: tuple[str, str, str]) -> None:
        folder, level, identity = key
        if known is None and folder in self.unread:
            return
        if known is None:
            hint = nearest(identity, (i for f, i in self.entries if f == folder))
            self._problem(
                refines, f"上级没有可细化的“{identity}”", f"{hint}若是新定义，请删去 refines 并写全"
            )
        elif known.level == level:
            self._problem(refines, f"“{identity}”在同一级（{level}）已有定义", "请直接修改那一处")
        else:
            known.node = Node(merge(known.node, own).value, known.node.where)
            known.level = level
            known.files = (*known.files, own.where.file)

    def _refuse_second(self, known: Entry, identity: Node, level: str) -> None:
        first = f"{known.node.where.file}:{known.node.where.line}"
        if known.level == level:
            self._problem(identity, f"编号“{known.id}”重复，{first} 已有", "请删去一处，或换一个编号")
        else:
            self._problem(
                identity,
                f"编号“{known.id}”上级已有（{first}）",
                "要细化上级，请加一行 refines: true；否则换一个编号",
            )

    def _problem(self, node: Node, what: str, mend: str) -> None:
        self.problems.append(Problem.at(node.where, what, mend))


def merge(base: Node, top: Node) -> Node:
    """`top` laid over `base`; neither is changed."""
    if not (isinstance(base.value, dict) and isinstance(top.value, dict)):
        return top
    merged = dict(base.value)
    for key, child in top.value.items():
        merged[key] = merge(merged[key], child) if key in merged else child
    return Node(merged, top.where)
