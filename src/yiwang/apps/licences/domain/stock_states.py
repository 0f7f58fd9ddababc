# SPDX-License-Identifier: Apache-2.0
"""Why a sheet of licences is handed in, how far it is, and until when a list's stock must be in."""

from __future__ import annotations

import calendar
import datetime as dt

from yiwang.kernel.termed import Termed


class Purpose(Termed):
    """Why a department hands in a sheet."""

    STOCK = "stock", "存量转换"  # 存量转换：豫数政办〔2023〕3号 (四)
    BATCH = "batch", "批量制发"  # 批量制发：本部门新办出的一批
    PERIODIC = "periodic", "定期批量导入"  # 定期批量导入：暂时不能共享的自建、垂管系统

    @property
    def updates(self) -> bool:
        """Whether a row of a licence that is on record brings its standing up to date."""
        return self is not Purpose.BATCH

    @property
    def makes_files(self) -> bool:
        """Whether sealed files are to be made: not of licences whose own system keeps the files."""
        return self is not Purpose.PERIODIC


class SheetState(Termed):
    """How far a sheet is."""

    WAITING = "waiting", "排队中"
    RUNNING = "running", "导入中"
    DONE = "done", "已完成"
    REFUSED = "refused", "整个文件不能用"

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self in (SheetState.WAITING, SheetState.RUNNING)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last day of a month that has no such day (民法典第二百零二条:
    到期月的对应日; 没有对应日的, 月末日)."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
