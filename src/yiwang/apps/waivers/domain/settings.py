# SPDX-License-Identifier: Apache-2.0
"""Figures of the yearly reports: deadlines, scope and warning, each a dated setting with its source."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from yiwang.engines.definitions import Catalogue, whole, words
from yiwang.engines.process.lights import Light, light_of
from yiwang.kernel.errors import Unavailable

from .filings import Kind

_DEADLINE = {Kind.SURVEY: "survey-deadline", Kind.DECLARATION: "waiver-declaration-deadline"}
_SCOPES = ("survey-scope-first", "survey-scope-all")
_WARNS = "waiver-deadline-warns-days"
_URGES = "waiver-deadline-urges-days"
_DAY = re.compile(r"(\d{2})-(\d{2})")


def deadline_of(catalogue: Catalogue, kind: Kind, year: int) -> dt.date:
    """The last day of a year's report. Raises Unavailable when the release does not say."""
    found = _DAY.fullmatch(words(catalogue, _DEADLINE[kind]))
    if found is None:
        raise Unavailable(f"设定“{_DEADLINE[kind]}”要写成“月-日”。", mend="请目录管理员改正后发布。")
    return dt.date(year, int(found[1]), int(found[2]))


def scope_on(catalogue: Catalogue, day: dt.date) -> Decimal:
    """Which share of a department's items, by case volume, has to be surveyed: a number from 0 to 1."""
    for name in _SCOPES:
        setting = catalogue.settings.get(name)
        if setting is not None and setting.valid_on(day):
            return Decimal(str(setting.value)) / 100
    raise Unavailable("目录版本里没有当年的调查范围。", mend="请目录管理员在 settings 中补上并发布。")


def light_on(catalogue: Catalogue, kind: Kind, year: int, today: dt.date) -> Light:
    """How pressing a report is that was not handed in yet."""
    due = deadline_of(catalogue, kind, year)
    yellow = due - dt.timedelta(days=whole(catalogue, _WARNS))
    red = due - dt.timedelta(days=whole(catalogue, _URGES))
    return light_of(due, yellow, red, today)
