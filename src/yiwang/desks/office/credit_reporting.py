# SPDX-License-Identifier: Apache-2.0
"""报送和公示情况: a month of public credit for the unit that leads it, for auditors; each unit its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yiwang.apps.credit import public as credit
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import csv_answer

from .credit import READERS

_MONTHS = 13
_HEADING = (
    "月份", "单位", "入库", "等待登记", "应报类别", "已报类别", "报送率%", "报送行数", "退回行数", "合格率%",
    "应公示", "超期", "及时率%", "最近一次超期",
)  # fmt: skip


@access(roles=READERS)
@require_safe
def month(request: RequestWithActor) -> HttpResponseBase:
    """One of the last thirteen months, to read, print or download."""
    today = timezone.localdate()
    months = [_back(today, number) for number in range(_MONTHS)]
    asked = request.GET.get("month", "")
    chosen = next((one for one in months if f"{one:%Y-%m}" == asked), months[0])
    report = credit.month_report(request.actor, year=chosen.year, month=chosen.month)
    if request.GET.get("as") == "csv":
        return csv_answer(
            f"公共信用报送情况-{chosen:%Y-%m}.csv", [_HEADING, *map(_row(chosen), report.units)]
        )
    told = credit.coverage(request.actor)
    page = {
        "report": report,
        "months": [(f"{one:%Y-%m}", f"{one.year}年{one.month}月") for one in months],
        "chosen": f"{chosen:%Y-%m}",
        "today": today,
        "coverage": {
            "with_records": [one for one in told if one.records],
            "without": [one for one in told if not one.records],
        },
    }
    return render(request, "desks/office/credit_reporting.html", page)


def _back(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, 1)


def _row(first: dt.date) -> Callable[[credit.UnitMonth], list[str]]:
    def row(one: credit.UnitMonth) -> list[str]:
        numbers = (
            one.records, one.waiting, one.due, one.sent, one.reported, one.rows, one.rejected, one.sound,
            one.public, one.late, one.in_time,
        )  # fmt: skip
        newest = one.newest_late.isoformat() if one.newest_late else ""
        return [f"{first:%Y-%m}", one.org_name, *map(str, numbers), newest]

    return row
