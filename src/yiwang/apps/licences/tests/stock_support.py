# SPDX-License-Identifier: Apache-2.0
"""Sheets of invented licences for tests."""

from __future__ import annotations

import csv
import datetime as dt
import io

import openpyxl

from yiwang.kernel.actor import Actor, ActorKind, Post, Role
from yiwang.kernel.ids import make_id_number

ORG = "hrss"
TYPE = "退休证"
KEEPER = Actor(ActorKind.OFFICER, "o_data", "数据员", (Post(Role.DATA, ORG),))
BUREAU = Actor(ActorKind.OFFICER, "o_bureau", "大数据局", (Post(Role.DATA),))
STRANGER = Actor(ActorKind.OFFICER, "o_other", "别的局", (Post(Role.DATA, "health"),))
HEADINGS = (
    *("证照类型", "证照编号", "持证主体", "持证主体代码", "有效期起始日期", "有效期截止日期"),
    *("姓名", "公民身份号码", "退休时间", "证照状态"),
)
Cells = dict[str, object]


def row(serial: int, **changed: object) -> Cells:
    """A right row; `changed` puts other values under some headings."""
    name = f"退休{serial}号"
    number = make_id_number("411702", dt.date(1960, 1, 1 + serial % 28), serial % 1000)
    cells: Cells = {
        "证照类型": TYPE,
        "证照编号": f"豫退字{serial:06d}",
        "持证主体": name,
        "持证主体代码": number,
        "有效期起始日期": "2020-05-06",
        "有效期截止日期": "长期",
        "姓名": name,
        "公民身份号码": number,
        "退休时间": "2020年5月6日",
        "证照状态": "",
    }
    return cells | changed


def as_csv(rows: list[Cells], *, encoding: str = "utf-8-sig", headings: tuple[str, ...] = HEADINGS) -> bytes:
    """The rows as a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([[cells.get(name, "") for name in headings] for cells in rows])
    return out.getvalue().encode(encoding)


def as_xlsx(rows: list[Cells], *, headings: tuple[str, ...] = HEADINGS) -> bytes:
    """The rows as an Excel file."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(headings))
    for cells in rows:
        sheet.append([cells.get(name, "") for name in headings])
    book.save(out)
    return out.getvalue()
