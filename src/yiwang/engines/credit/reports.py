# SPDX-License-Identifier: Apache-2.0
"""What may stand in a credit report on a day: only what counts then, to the public only what is shown.

Ended, repaired, expired, withdrawn, upheld-against and resting records are in no report of anybody, so that
nobody is judged by them once more; nor is what the report's definition does not name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.errors import Invalid, NotFound

from .book import CreditBook
from .facts import History, Standing, is_shown, resting, standing
from .report_kinds import Audience, CreditReport, ReportPart


@dataclass(frozen=True)
class Filed:
    """A part of a report with its records, by public id, in the order they were handed in."""

    part: ReportPart
    records: tuple[str, ...]


def report_parts(
    report: CreditReport, book: CreditBook, histories: Iterable[History], *, subject: str, on: dt.date
) -> tuple[Filed, ...]:
    """Which records stand in which part of a report about `subject` on a day. Those of anybody else, and of
    entries the catalogue does not know, are passed over, whatever is handed in.

    Raises NotFound for a report not in force on that day.
    """
    require_valid(report, on)
    histories = list(histories)
    asleep = resting(histories, book, subject=subject, on=on)
    told = [
        one
        for one in histories
        if one.record not in asleep and _may_be_told(report, book, one, subject=subject, on=on)
    ]
    return tuple(Filed(part, _of(part, book, told)) for part in report.parts)


def require_valid(report: CreditReport, on: dt.date) -> None:
    """Raise NotFound unless the report is in force on a day."""
    if not report.valid_on(on):
        raise NotFound(f"“{report.name}”在{on:%Y年%m月%d日}不施行。", mend="请换一种报告。")


def require_use(report: CreditReport, *, kind: Subject, use: str, case: str) -> None:
    """Raise Invalid unless the report is for such subjects, and names its use and case where it must."""
    if kind not in report.subjects:
        whom = "单位" if kind is Subject.FIRM else "个人"
        raise Invalid(f"“{report.name}”不对{whom}出具。", mend="请换一种报告。", field="report")
    if report.uses and use not in report.uses:
        raise Invalid("请选择报告的用途。", mend=f"可以用于：{'、'.join(report.uses)}。", field="use")
    if report.asks_case and len(case.strip()) < _LEAST_CASE:
        raise Invalid(
            "请写明办理的事项或者办件编号。", mend="例如：某某项目招标，或者申请编号。", field="case"
        )


_LEAST_CASE = 4


def _may_be_told(
    report: CreditReport, book: CreditBook, history: History, *, subject: str, on: dt.date
) -> bool:
    version, entry = history.version(), book.entries.get(history.entry)
    if version is None or entry is None or version.subject != subject:
        return False
    if standing(history, entry, on) is not Standing.COUNTS:
        return False
    if report.audience is not Audience.PUBLIC:
        return True
    return entry.publicity is not None and is_shown(history, entry, on)


def _of(part: ReportPart, book: CreditBook, told: Sequence[History]) -> tuple[str, ...]:
    return tuple(
        one.record
        for one in told
        if book.entries[one.entry].sort in part.sorts and (not part.entries or one.entry in part.entries)
    )
