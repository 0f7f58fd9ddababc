# SPDX-License-Identifier: Apache-2.0
"""The figures of showing and authorising: settings of the definitions, each with its reason."""

from __future__ import annotations

import datetime as dt

from yiwang.engines.definitions import Catalogue, whole

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


def span(catalogue: Catalogue, name: str) -> dt.timedelta:
    """A setting that is a length of time (calendar days). Raises Unavailable as `whole`."""
    return whole(catalogue, name) * _UNITS[name]


def terms(catalogue: Catalogue) -> tuple[int, int]:
    """How long an authorisation lasts: hours for a single use, days for an application."""
    return whole(catalogue, ONCE_HOURS), whole(catalogue, CASE_DAYS)
