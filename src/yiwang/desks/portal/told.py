# SPDX-License-Identifier: Apache-2.0
"""The one-time notice's sections, ready for a template that also fits a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.engines.planning.render.notice import Notice, Section, Table

_SHOWN_ABOVE = ("办哪些事", "还要您回答", "怎么办")
_SPARED = "不用您交的材料"
_FEES = "收多少钱"


@dataclass(frozen=True)
class TableView:
    """A table whose cells know their column, so that they can stand under each other."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[tuple[str, str]]]
    free: bool


@dataclass(frozen=True)
class SectionView:
    """A section of the notice. `fees`: the one that fees link to."""

    heading: str
    sentences: Sequence[str]
    points: Sequence[str]
    tables: Sequence[TableView]
    fees: bool


def sections_of(notice: Notice) -> list[SectionView]:
    """All sections, with their numbers."""
    return [_section(section, section.heading) for section in notice.sections]


def sections_below(notice: Notice) -> list[SectionView]:
    """The sections that the plan page does not show in its own way, without numbers."""
    bare = [(section, section.heading.split("、", 1)[-1]) for section in notice.sections]
    return [_section(section, heading) for section, heading in bare if not heading.startswith(_SHOWN_ABOVE)]


def _section(section: Section, heading: str) -> SectionView:
    return SectionView(
        heading=heading,
        sentences=section.sentences,
        points=section.points,
        tables=[_table(table) for table in section.tables],
        fees=heading.endswith(_FEES),
    )


def _table(table: Table) -> TableView:
    rows = [list(zip(table.head, row, strict=True)) for row in table.rows]
    return TableView(table.caption, table.head, rows, table.caption == _SPARED)
