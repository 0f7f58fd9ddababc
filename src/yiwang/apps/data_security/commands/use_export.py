# SPDX-License-Identifier: Apache-2.0
"""Use analysis to take along: CSV or Excel with a watermark, on record in the journal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from django.db import transaction

from yiwang.apps.catalogue.public import current
from yiwang.apps.vault.public import RECORD_NUMBER, watermark
from yiwang.engines.exchange import NeedKind, resources
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotFound
from yiwang.kernel.ids import new_public_id

from ..queries.use import Period, UseReport, use_report
from ._shared import name_of, note

HEAD = (
    *("部门", "数据资源", "调用次数", *(kind.term for kind in NeedKind)),
    *("使用天数", "事项数", "成功率%", "被拒绝率%", "来源故障率%", "平均毫秒", "返回条数", "少填", "少交"),
)


@transaction.atomic
def export_use(actor: Actor, period: Period, form: str) -> bytes:
    """The figures of a period that the reader sees, per department and resource, marked.

    Args:
        form: csv or xlsx.

    Raises NotFound: another form. NotAllowed: see `use_report`.
    """
    if form not in ("csv", "xlsx"):
        raise NotFound("没有这种格式。", mend="可以下载 csv 或 xlsx。")
    report, receipt = use_report(actor, period), new_public_id("use")
    mark = watermark(receipt=receipt, receiver=actor.id, who=actor.name)
    rows = list(mark.rows(_rows(report)))
    span = f"应用分析 {period.first.isoformat()} 至 {period.last.isoformat()}"
    table: list[Sequence[str]] = [[span], [mark.line], [*HEAD, RECORD_NUMBER], *rows]
    detail = {"first": period.first.isoformat(), "last": period.last.isoformat(), "rows": len(rows)}
    note(actor, "use.exported", "data-security-exports", receipt, detail)
    return _csv(table) if form == "csv" else _excel(table)


def _rows(report: UseReport) -> Iterator[list[str]]:
    known = resources(current().catalogue)
    for one in report.resources:
        name = known[one.resource].name if one.resource in known else one.resource
        shares = (one.answered_share, one.refused_share, one.failed_share)
        counts = (one.mean_ms, one.rows, one.questions, one.documents)
        yield [
            *(name_of(one.org), name, str(one.calls)),
            *(str(one.by_kind.get(kind.value, 0)) for kind in NeedKind),
            *(str(len(one.days)), str(len(one.items))),
            *map(str, shares),
            *map(str, counts),
        ]


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    return out.getvalue().encode("utf-8-sig")


def _excel(table: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # large; only who takes an Excel file along needs it

    book = Workbook(write_only=True)
    sheet = book.create_sheet("应用分析")
    for row in table:
        sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
