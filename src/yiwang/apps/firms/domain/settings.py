# SPDX-License-Identifier: Apache-2.0
"""Figures of requests: each a setting of the release with its source."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from yiwang.engines.definitions import Catalogue
from yiwang.engines.process.lights import Light
from yiwang.engines.process.requests import RequestCategory
from yiwang.kernel.errors import NotFound, Unavailable
from yiwang.kernel.workdays import Limit, WorkCalendar

from .requests import Part

DESK = "firm-request-desk-org"
LIMITS = {Part.DISPATCH: "firm-request-dispatch-days", Part.REPLY: "firm-request-reply-days"}
AGAIN = "firm-request-again-times"
RATING_DAYS = "firm-request-rating-days"
FILES, FILE_MEGABYTES = "firm-request-most-files", "firm-request-file-megabytes"
WARNS, URGES = "firm-request-warns-days", "firm-request-urges-days"
LICENCE_WARNS = "firm-licence-warns-days"


def whole(catalogue: Catalogue, name: str) -> int:
    """A whole number that the release sets. Raises Unavailable when it does not."""
    found = catalogue.settings.get(name)
    if found is None or isinstance(found.value, bool) or not str(found.value).isdecimal():
        raise Unavailable(f"目录版本里没有“{name}”这项设定。", mend="请目录管理员在 settings 中补上并发布。")
    return int(found.value)


def desk(catalogue: Catalogue) -> str:
    """The department of the firms' window. Raises Unavailable when it is not set."""
    found = catalogue.settings.get(DESK)
    if found is None:
        raise Unavailable(f"目录版本里没有“{DESK}”这项设定。", mend="请目录管理员在 settings 中补上并发布。")
    return str(found.value)


def due_on(catalogue: Catalogue, calendar: WorkCalendar, name: str, since: dt.date) -> dt.date:
    """The last day of a limit in working days that begins on `since`. Raises Unavailable."""
    return calendar.due(since, Limit(Decimal(whole(catalogue, name)))).date


def light_on(catalogue: Catalogue, calendar: WorkCalendar, due: dt.date | None, today: dt.date) -> Light:
    """How pressing something due on a day is; grey when nothing waits. Raises Unavailable."""
    if due is None:
        return Light.GREY
    if today > due:
        return Light.LATE
    left = calendar.working_days_between(today, due)
    if left <= whole(catalogue, URGES):
        return Light.RED
    return Light.YELLOW if left <= whole(catalogue, WARNS) else Light.GREEN


def categories(catalogue: Catalogue) -> list[RequestCategory]:
    """What may be raised, in order."""
    known = catalogue.others.get("request_categories", {}).values()
    found = [one for one in known if isinstance(one, RequestCategory)]
    return sorted(found, key=lambda one: (one.position, one.id))


def category(catalogue: Catalogue, identity: str) -> RequestCategory:
    """One category. Raises NotFound."""
    found = catalogue.others.get("request_categories", {}).get(identity)
    if found is None:
        raise NotFound("没有这类诉求。", mend="请从列表中选择；说不清的选“其他”。", field="category")
    assert isinstance(found, RequestCategory)
    return found
