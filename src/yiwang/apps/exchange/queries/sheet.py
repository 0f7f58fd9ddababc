# SPDX-License-Identifier: Apache-2.0
"""The catalogue in the columns of the national guide (政务信息资源目录编制指南, after GB/T 21063.4).

One line for each item of information, as CSV or Excel.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from django.utils import timezone

from yiwang.apps.catalogue.public import current, past_of
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.exchange import Library, Sharing
from yiwang.engines.exchange.kinds import FOLDER

from .catalogue import ResourceView

COLUMNS = (
    "信息资源分类",
    "信息资源名称",
    "信息资源代码",
    "信息资源提供方",
    "信息资源提供方代码",
    "信息资源摘要",
    "信息资源格式",
    "信息项名称",
    "数据类型",
    "共享类型",
    "共享条件",
    "共享方式",
    "是否向社会开放",
    "开放条件",
    "更新周期",
    "发布日期",
    "关联资源代码",
)
_CLASSES = {Library.THEME: "主题信息资源", Library.DEPARTMENT: "部门信息资源"}


def rows(found: Sequence[ResourceView]) -> Iterator[list[str]]:
    """The heading and the lines."""
    yield list(COLUMNS)
    orgs = current().catalogue.orgs
    for one in found:
        it, org = one.resource, orgs.get(one.resource.provider)
        head = [
            f"{_CLASSES.get(it.library, '基础信息资源')}/{it.theme or it.library.term}",
            it.name,
            it.id,
            one.provider_name,
            (org.code if org else None) or "",
            it.summary,
            it.form.term,
        ]
        ways = "不提供" if it.sharing is Sharing.NOT_SHARED else "市数据共享交换平台：接口、批量"
        terms = [it.sharing.term, _terms(one), ways, "是" if it.openness else "否", it.openness or ""]
        tail = [*terms, it.cycle.term, _published(it.id), "、".join(it.related)]
        for field in it.fields:
            yield [plain(value) for value in (*head, field.name, str(field.type), *tail)]


def _terms(one: ResourceView) -> str:
    basis = one.resource.not_shared
    if basis is None:
        return one.resource.condition or ""
    return f"依据{cite_words(current().catalogue, basis)}"


def _published(identity: str) -> str:
    """The day of the newest release that has the resource in its present words."""
    day, known = "", None
    for past in past_of(FOLDER, identity):
        if known is not None and past.content != known:
            break
        known, day = past.content, timezone.localdate(past.published_at).isoformat()
    return day


def plain(value: str) -> str:
    """A value no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def as_csv(found: Sequence[ResourceView]) -> bytes:
    """The catalogue as CSV in UTF-8, with the mark that spreadsheets look for."""
    out = io.StringIO()
    csv.writer(out).writerows(rows(found))
    return out.getvalue().encode("utf-8-sig")


def as_excel(found: Sequence[ResourceView]) -> bytes:
    """The catalogue as an Excel workbook of one sheet."""
    from openpyxl import Workbook  # large; only who takes an Excel file along needs it

    book = Workbook(write_only=True)
    sheet = book.create_sheet("政务数据资源目录")
    for line in rows(found):
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
