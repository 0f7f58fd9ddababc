# SPDX-License-Identifier: Apache-2.0
"""The light of whatever has a date to keep (亮灯): green, yellow, red, or grey while no clock runs."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum


class Light(StrEnum):
    """How pressing it is."""

    GREY = "grey"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    LATE = "late"

    @property
    def term(self) -> str:
        """In words, because a colour alone says nothing to those who cannot see it."""
        return {
            "grey": "未计时",
            "green": "正常",
            "yellow": "临近到期",
            "red": "即将到期",
            "late": "已超期",
        }[self.value]


def light_of(due: dt.date | None, yellow: dt.date | None, red: dt.date | None, today: dt.date) -> Light:
    """The light on `today`, from the dates the clock computed."""
    if due is None:
        return Light.GREY
    if today > due:
        return Light.LATE
    if red is not None and today >= red:
        return Light.RED
    if yellow is not None and today >= yellow:
        return Light.YELLOW
    return Light.GREEN
