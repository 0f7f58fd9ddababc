# SPDX-License-Identifier: Apache-2.0
"""The one-time notice as plain text, fit for a printer at the counter or a screen reader."""

from __future__ import annotations

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.planning.model import Plan

from .document import Section, Table
from .notice import make_notice


def render_text(plan: Plan, catalogue: Catalogue) -> str:
    """The notice; a row of a table becomes an entry with its head words."""
    notice = make_notice(plan, catalogue)
    lines = [notice.title, "", *notice.lead]
    for section in notice.sections:
        lines += ["", section.heading, *_section(section)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> list[str]:
    lines = [*section.sentences, *(f"- {point}" for point in section.points)]
    for table in section.tables:
        lines += [f"【{table.caption}】", *_table(table)]
    return lines


def _table(table: Table) -> list[str]:
    lines: list[str] = []
    for number, row in enumerate(table.rows, start=1):
        lines.append(f"{number}. {row[0]}")
        lines += [f"   {head}：{cell}" for head, cell in zip(table.head[1:], row[1:], strict=True) if cell]
    return lines
