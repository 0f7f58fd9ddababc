# SPDX-License-Identifier: Apache-2.0
"""The figures of showing and authorising: settings of the definitions, each with its reason."""

from __future__ import annotations

import datetime as dt

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.errors import Unavailable

CODE_SECONDS = "show-code-seconds"
SHOW_MINUTES = "show-minutes"
PAGE_MINUTES = "use-page-minutes"
ONCE_HOURS = "authorisation-once-hours"
CASE_DAYS = "authorisation-case-days"
CODE_TRIES = "authorisation-code-tries"
KEEP_DAYS = "show-code-keep-days"

_UNITS = {
    CODE_SECONDS: dt.timedelta(seconds=1),
    SHOW_MINUTES: dt.timedelta(minutes=1),
    PAGE_MINUTES: dt.timedelta(minutes=1),
    ONCE_HOURS: dt.timedelta(hours=1),
    CASE_DAYS: dt.timedelta(days=1),
    KEEP_DAYS: dt.timedelta(days=1),
}


def number(catalogue: Catalogue, name: str) -> int:
    """The whole number of a setting. Raises Unavailable when the release does not hold it."""
    found = catalogue.settings.get(name)
    if found is None or isinstance(found.value, str | bool):
        raise Unavailable(
            f"目录版本里没有“{name}”这项设定。", mend="请目录管理员在 definitions/…/settings/ 中补上并发布。"
        )
    return int(found.value)


def span(catalogue: Catalogue, name: str) -> dt.timedelta:
    """A setting that is a length of time (calendar days). Raises Unavailable as `number`."""
    return number(catalogue, name) * _UNITS[name]


def terms(catalogue: Catalogue) -> tuple[int, int]:
    """How long an authorisation lasts: hours for a single use, days for an application."""
    return number(catalogue, ONCE_HOURS), number(catalogue, CASE_DAYS)
