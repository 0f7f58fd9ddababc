# SPDX-License-Identifier: Apache-2.0
"""The one-time notice as HTML: a fragment for a page of the platform, and a page of its own.

No JavaScript, no style attributes; tables have captions and scoped heads, the chart has a title
and a description and the same content stands beside it in words.
"""

from __future__ import annotations

from html import escape

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.planning.model import Plan

from .document import Notice, Section, Table
from .notice import make_notice
from .svg import render_svg

_STYLE = """
body { margin: 0 auto; max-width: 60rem; padding: 1rem; color: #1a1a1a; background: #fff;
  font: 1.0625rem/1.7 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; }
caption { text-align: left; font-weight: bold; padding: .25rem 0; }
th, td { border: 1px solid #767676; padding: .4rem .6rem; text-align: left; vertical-align: top; }
thead th { background: #eef2f7; }
.notice-wide { overflow-x: auto; }
.notice-chart svg { max-width: none; }
@media print { body { max-width: none; } .notice-wide { overflow: visible; } }
"""


def render_fragment(plan: Plan, catalogue: Catalogue) -> str:
    """The notice as one `<article>`; headings begin at level 2, class names with `notice`."""
    return _article(make_notice(plan, catalogue), render_svg(plan, catalogue), level=2)


def render_page(plan: Plan, catalogue: Catalogue) -> str:
    """The notice as a page that needs nothing else."""
    notice = make_notice(plan, catalogue)
    body = _article(notice, render_svg(plan, catalogue), level=1)
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(notice.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _article(notice: Notice, chart: str, *, level: int) -> str:
    parts = [
        '<article class="notice" lang="zh-CN">\n',
        f"<h{level}>{escape(notice.title)}</h{level}>\n",
        *(f"<p>{escape(sentence)}</p>\n" for sentence in notice.lead),
        *(_section(section, level + 1) for section in notice.sections),
        f"<section>\n<h{level + 1}>流程图</h{level + 1}>\n",
        '<div class="notice-chart notice-wide" tabindex="0" role="group" aria-label="流程图">\n',
        f"{chart}</div>\n",
        "</section>\n</article>\n",
    ]
    return "".join(parts)


def _section(section: Section, level: int) -> str:
    parts = [f"<section>\n<h{level}>{escape(section.heading)}</h{level}>\n"]
    parts += [f"<p>{escape(sentence)}</p>\n" for sentence in section.sentences]
    if section.points:
        parts.append("<ul>\n" + "".join(f"<li>{escape(one)}</li>\n" for one in section.points) + "</ul>\n")
    parts += [_table(table) for table in section.tables]
    return "".join([*parts, "</section>\n"])


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.head)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(one)}</td>" for one in row[1:])
        + "</tr>\n"
        for row in table.rows
    )
    return (
        f'<div class="notice-wide" tabindex="0" role="group" aria-label="{escape(table.caption)}">\n'
        f"<table>\n<caption>{escape(table.caption)}</caption>\n<thead>\n<tr>{head}</tr>\n</thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )
