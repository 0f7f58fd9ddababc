# SPDX-License-Identifier: Apache-2.0
"""Figures of requests: each a setting of the release with its source."""

from __future__ import annotations

import datetime as dt

from yiwang.engines.definitions import Catalogue, words
from yiwang.engines.process import limits
from yiwang.engines.process.lights import Light
from yiwang.engines.process.requests import RequestCategory
from yiwang.kernel.errors import NotFound
from yiwang.kernel.workdays import WorkCalendar

from .requests import Part

DESK = "firm-request-desk-org"
LIMITS = {Part.DISPATCH: "firm-request-dispatch-days", Part.REPLY: "firm-request-reply-days"}
AGAIN = "firm-request-again-times"
RATING_DAYS = "firm-request-rating-days"
FILES, FILE_MEGABYTES = "firm-request-most-files", "firm-request-file-megabytes"
WARNS, URGES = "firm-request-warns-days", "firm-request-urges-days"
LICENCE_WARNS = "firm-licence-warns-days"


def desk(catalogue: Catalogue) -> str:
    """The department of the firms' window. Raises Unavailable when it is not set."""
    return words(catalogue, DESK)


def light_on(catalogue: Catalogue, calendar: WorkCalendar, due: dt.date | None, today: dt.date) -> Light:
    """How pressing something due on a day is; grey when nothing waits. Raises Unavailable."""
    return limits.light_on(catalogue, calendar, due, today, warns=WARNS, urges=URGES)


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
