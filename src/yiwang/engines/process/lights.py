# SPDX-License-Identifier: Apache-2.0
"""The light of whatever has a date to keep (亮灯): green, yellow, red, or grey while no clock runs."""

from __future__ import annotations

import datetime as dt

from yiwang.kernel.termed import Termed


class Light(Termed):
    """How pressing it is."""

    GREY = "grey", "未计时"
    GREEN = "green", "正常"
    YELLOW = "yellow", "临近到期"
    RED = "red", "即将到期"
    LATE = "late", "已超期"


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
