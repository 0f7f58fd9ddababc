# SPDX-License-Identifier: Apache-2.0
"""The figures of looking shared data up: settings of the definitions, each with its reason."""

from __future__ import annotations

import datetime as dt

from yiwang.engines.definitions import Catalogue, whole, words

KEEP_HOURS = "shared-answer-keep-hours"
ASK_SECONDS = "shared-ask-seconds"
PAGE_WAIT_MILLISECONDS = "shared-page-wait-milliseconds"

IN_FORCE = "shared-in-force-words"
OWN_NUMBERS = "shared-own-number-elements"

_UNITS = {
    KEEP_HOURS: dt.timedelta(hours=1),
    ASK_SECONDS: dt.timedelta(seconds=1),
    PAGE_WAIT_MILLISECONDS: dt.timedelta(milliseconds=1),
}


def span(catalogue: Catalogue, name: str) -> dt.timedelta:
    """A setting that is a length of time. Raises Unavailable when the release does not hold it."""
    return whole(catalogue, name) * _UNITS[name]


def listed(catalogue: Catalogue, name: str) -> frozenset[str]:
    """A setting that lists words, divided by 、. Raises Unavailable as `span`."""
    return frozenset(word.strip() for word in words(catalogue, name).split("、") if word.strip())
