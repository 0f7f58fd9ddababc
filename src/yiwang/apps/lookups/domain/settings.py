# SPDX-License-Identifier: Apache-2.0
"""The figures of looking shared data up: settings of the definitions, each with its reason."""

from __future__ import annotations

import datetime as dt

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.errors import Unavailable

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
    found = catalogue.settings.get(name)
    if found is None or isinstance(found.value, str | bool):
        raise _missing(name)
    return int(found.value) * _UNITS[name]


def words(catalogue: Catalogue, name: str) -> frozenset[str]:
    """A setting that lists words, divided by 、. Raises Unavailable as `span`."""
    found = catalogue.settings.get(name)
    if found is None or not isinstance(found.value, str):
        raise _missing(name)
    return frozenset(word.strip() for word in found.value.split("、") if word.strip())


def _missing(name: str) -> Unavailable:
    return Unavailable(
        f"目录版本里没有“{name}”这项设定。", mend="请目录管理员在 definitions/…/settings/ 中补上并发布。"
    )
