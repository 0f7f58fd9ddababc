# SPDX-License-Identifier: Apache-2.0
"""Figures of data security: settings of the definitions, each with its reason."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

from yiwang.engines.definitions import Catalogue, whole, words
from yiwang.engines.exchange.unusual import Rules
from yiwang.kernel.dates import BEIJING
from yiwang.kernel.errors import Unavailable
from yiwang.kernel.workdays import WorkCalendar

REPORT_HOURS = "data-security-report-hours"
RECTIFY_DAYS = "data-security-rectify-days"
DEDUCTION = "data-security-deduction-points"
OPEN_AT_LEAST = "data-open-at-least"
OFFICE_HOURS = "data-office-hours"
PAST_DAYS = "unusual-past-days"
ALERTS_EACH = "unusual-alerts-each-unit"
_BODIES = ("data-security-bureau", "data-security-cyberspace", "data-security-police")
_WEIGHTS = ("volume", "variety", "frequency", "scenes", "effect")
_RULES = {
    "past_days_at_least": "unusual-past-days-at-least",
    "deviations": "unusual-deviations",
    "over_busiest_percent": "unusual-over-busiest",
    "volume_at_least": "unusual-volume-at-least",
    "newcomer_rows": "unusual-newcomer-rows",
    "closed_calls": "unusual-closed-calls",
    "new_hour_calls": "unusual-new-hour-calls",
    "people": "unusual-people",
    "people_minutes": "unusual-people-minutes",
    "people_of_a_case": "unusual-people-of-a-case",
    "same_person": "unusual-same-person",
    "refused_in_a_row": "unusual-refused-in-a-row",
    "replays": "unusual-replays",
}
_HOURS = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


def number(catalogue: Catalogue, name: str) -> Decimal:
    """A setting that is a number. Raises Unavailable when the release does not hold it."""
    return Decimal(words(catalogue, name))


def rules_of(catalogue: Catalogue) -> Rules:
    """The thresholds of unusual access. Raises Unavailable when the release lacks one."""
    return Rules(**{field: whole(catalogue, name) for field, name in _RULES.items()})


def weights_of(catalogue: Catalogue) -> dict[str, int]:
    """What counts how much in the evaluation of use. Raises Unavailable unless they make a hundred."""
    found = {name: whole(catalogue, f"use-weight-{name}") for name in _WEIGHTS}
    if sum(found.values()) != 100:
        raise Unavailable("应用评价的权重合计不是一百。", mend="请目录管理员改正 use-weight- 各项设定。")
    return found


def bodies_of(catalogue: Catalogue) -> tuple[str, str, str]:
    """The data bureau (第十条), the cyberspace office (第八条), the police (第九条)."""
    bureau, cyberspace, police = (words(catalogue, name) for name in _BODIES)
    return bureau, cyberspace, police


def hours_of(catalogue: Catalogue, calendar: WorkCalendar, org: str) -> Callable[[dt.datetime], bool]:
    """Whether a unit is at work at a moment: its own hours if there are such, on working days; a unit
    whose hours are the whole day keeps watch on every day.

    Raises Unavailable when the setting is missing or not of the form 07:30-19:30.
    """
    own = f"{OFFICE_HOURS}-of-{org}"
    text = str(words(catalogue, own if own in catalogue.settings else OFFICE_HOURS))
    found = _HOURS.fullmatch(text)
    if found is None:
        raise Unavailable(f"工作时段“{text}”写得不对。", mend="请写成 07:30-19:30 的样子并发布。")
    first, last = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])

    def is_open(at: dt.datetime) -> bool:
        local = at.astimezone(BEIJING)
        inside = first <= local.hour * 60 + local.minute < last
        return inside and (last - first >= 24 * 60 or calendar.is_workday(local.date()))

    return is_open
