# SPDX-License-Identifier: Apache-2.0
"""The figures of this room, from the definitions in force."""

from __future__ import annotations

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.errors import Unavailable

REMIND_DAYS = "benefit-remind-days"
MOST_REMINDERS = "benefit-most-reminders"
SHOW_DAYS = "benefit-publicity-days"
ANSWER_DAYS = "benefit-objection-days"


def number(catalogue: Catalogue, name: str) -> int:
    """The whole number of a setting. Raises Unavailable when the release does not hold it."""
    found = catalogue.settings.get(name)
    if found is None or isinstance(found.value, str | bool):
        raise Unavailable(
            f"目录版本里没有“{name}”这项设定。", mend="请目录管理员在 definitions/…/settings/ 中补上并发布。"
        )
    return int(found.value)
