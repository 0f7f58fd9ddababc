# SPDX-License-Identifier: Apache-2.0
"""What a credit report says on a day, part by part: as plain rows of words, which are kept, drawn and shown
alike. Nothing is decided here: `engines.credit.reports` says which records stand in which part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.apps.identity.public import Subject as Whom
from yiwang.apps.identity.public import firm_facts
from yiwang.engines.credit import (
    Audience,
    CreditBook,
    CreditReport,
    Filed,
    History,
    Holds,
    Standing,
    evaluate_one,
    fact_of,
    report_parts,
)
from yiwang.kernel.dates import format_date
from yiwang.kernel.ids import mask_name

from .evaluations import titles_of
from .models import Record
from .parts import book_of
from .queries.histories import histories
from .queries.views import STANDINGS, RecordView, views
from .saying import change_words, line_words, points_words, resting_words

_RECORDS = ("信息", "决定单位和日期", "内容", "现在怎样")
_RECORD_SHARES = (4, 3, 6, 3)


@dataclass(frozen=True)
class Section:
    """One part of a report: a table, and words below it."""

    title: str
    head: Sequence[str] = ()
    shares: Sequence[int] = ()
    rows: Sequence[Sequence[str]] = ()
    words: Sequence[str] = ()

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each cell with the heading of its column, for narrow screens."""
        head = self.head or [""] * len(self.shares)
        return [list(zip(head, row, strict=True)) for row in self.rows]


def as_data(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """Parts as they are kept."""
    return [
        {
            "title": one.title,
            "head": list(one.head),
            "shares": list(one.shares),
            "rows": [list(row) for row in one.rows],
            "words": list(one.words),
        }
        for one in sections
    ]


def from_data(data: Iterable[Mapping[str, Any]]) -> list[Section]:
    """Parts as they were kept."""
    return [Section(**one) for one in data]


@dataclass(frozen=True)
class _Asked:
    opened: OpenRelease
    report: CreditReport
    whom: Whom
    on: dt.date
    histories: Sequence[History]
    views: Mapping[str, RecordView]

    @property
    def book(self) -> CreditBook:
        """The credit definitions of the release."""
        return book_of(self.opened)

    @property
    def told(self) -> list[RecordView]:
        """Every record that stands in a part."""
        return list(self.views.values())


def sections_of(opened: OpenRelease, report: CreditReport, whom: Whom, *, on: dt.date) -> list[Section]:
    """What the report says about somebody on a day, and at its end what it does not show and why.

    Raises NotFound for a report not in force on that day.
    """
    rows = list(Record.objects.filter(subject=whom.public_id).order_by("-decided_on", "-id"))
    read = histories(rows)
    filed = report_parts(report, book_of(opened), read, subject=whom.public_id, on=on)
    wanted = {record for part in filed for record in part.records}
    found = {one.id: one for one in views([row for row in rows if row.public_id in wanted], on=on)}
    if report.audience is Audience.PUBLIC:
        found = {key: one for key, one in found.items() if one.is_shown and one.published_on}
    asked = _Asked(opened, report, whom, on, read, found)
    omitted = [f"{one.says}（{asked.book.cited(one.cite)}）。" for one in report.omitted]
    return [*(_section(asked, part) for part in filed), Section("不列入本报告的内容", words=omitted)]


def _section(asked: _Asked, filed: Filed) -> Section:
    part = filed.part
    if part.holds is Holds.BASIC:
        return Section(part.title, shares=(1, 3), rows=_basic(asked))
    if part.holds is Holds.RECORDS:
        told = [asked.views[record] for record in filed.records if record in asked.views]
        if told:
            rows = [_record(asked, one) for one in told]
            return Section(part.title, _RECORDS, _RECORD_SHARES, rows)
    elif part.holds is Holds.EVALUATION:
        if evaluation := _evaluation(asked, part.title):
            return evaluation
    elif matters := _matters(asked):
        return Section(part.title, ("事项", "对哪条信息", "提出和期限", "结果"), (2, 4, 4, 3), matters)
    return Section(part.title, words=[f"{part.empty}。"])


def _basic(asked: _Asked) -> list[tuple[str, str]]:
    whom, own = asked.whom, asked.report.audience is Audience.OWN
    if whom.kind == "person":
        return [("姓名", whom.name if own else whom.masked_name), ("证件号码", whom.masked_number)]
    facts = firm_facts(whom.public_id)
    rows = [
        ("名称", whom.name),
        ("统一社会信用代码", whom.number),
        ("类型", facts.kind),
        ("成立日期", format_date(facts.founded)),
        ("住所", whom.address or "没有登记"),
    ]
    if asked.report.audience is not Audience.PUBLIC:
        chief = facts.representative
        rows.append(("法定代表人（负责人）", chief if own else mask_name(chief)))
    return rows


def _record(asked: _Asked, view: RecordView) -> tuple[str, str, str, str]:
    """A record: to whom it is about whole, to others its public fields."""
    whole = asked.report.audience is Audience.OWN
    names = [one.name for one in view.entry.fields if whole or one.public]
    said = [f"{name}：{view.fields[name]}" for name in names if view.fields.get(name)]
    if asked.report.audience is not Audience.PUBLIC and view.basis and view.basis not in view.fields.values():
        said.append(f"依据：{view.basis}")
    degree = f"，{view.severity}" if view.severity else ""
    return (
        f"{view.title}\n{view.entry.name}{degree}",
        f"{view.org_name}\n{format_date(view.decided_on)}\n{view.reference}",
        "\n".join(said) or "——",
        _state(asked, view),
    )


def _state(asked: _Asked, view: RecordView) -> str:
    last = view.shown_until if asked.report.audience is Audience.PUBLIC else view.used_until
    word = "公示" if asked.report.audience is Audience.PUBLIC else "使用"
    said = [f"{word}到{format_date(last)}" if last else f"长期{word}"]
    if view.state != STANDINGS[Standing.COUNTS]:
        said.append(view.state)
    if any(one.is_open and one.what == "异议" for one in view.matters):
        said.append("有异议，正在核查")
    return "\n".join(said)


def _evaluation(asked: _Asked, title: str) -> Section | None:
    if asked.whom.kind != "firm" or asked.report.evaluation is None:
        return None
    evaluation = asked.book.evaluation(asked.report.evaluation)
    if not evaluation.valid_on(asked.on):
        return Section(title, words=[f"{format_date(asked.on)}没有施行中的综合评价办法。"])
    facts = [fact for one in asked.histories if (fact := fact_of(one)) is not None]
    told = evaluate_one(evaluation, asked.book, facts, subject=asked.whom.public_id, on=asked.on)
    rows = [
        (
            line.clause.name,
            points_words(line.points),
            line_words(line, told.counts),
            asked.book.cited(line.clause.cite),
        )
        for line in told.lines
    ]
    words = [
        f"得分{told.score:f}，等级{told.grade.name}：{told.grade.brings}。",
        f"办法：{evaluation.name}（编号 {evaluation.id}，目录版本 {asked.opened.digest[:16]}），"
        f"起评分{evaluation.score.starts:f}。",
    ]
    if asked.report.audience is Audience.OWN:
        titles = titles_of([one.fact.record for one in (*told.used, *told.resting)])
        words += [change_words(one, titles[one.fact.record]) for one in told.changes]
        words += [resting_words(titles[one.fact.record]) for one in told.resting]
    return Section(title, ("计分项", "得分", "规则和数量", "依据"), (6, 3, 14, 10), rows, words)


def _matters(asked: _Asked) -> list[tuple[str, str, str, str]]:
    found = [(matter, view) for view in asked.told for matter in view.matters]
    return [
        (
            matter.what,
            view.title,
            f"{format_date(matter.at.date())}提出，{format_date(matter.due_on)}以前答复",
            matter.outcome or "正在办理",
        )
        for matter, view in sorted(found, key=lambda one: one[0].at, reverse=True)
    ]
