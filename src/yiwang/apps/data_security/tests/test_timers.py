# SPDX-License-Identifier: Apache-2.0
"""What the worker does: watches, sums every ten minutes, compares the whole past once a day."""

from __future__ import annotations

import datetime as dt

from yiwang.apps.data_security import public as d
from yiwang.apps.data_security.models import RolledDay, WatchMark
from yiwang.apps.gateway import public as gateway
from yiwang.kernel.actor import Actor

from .conftest import NOON, TODAY, called


def rolled() -> dict[dt.date, int]:
    """The days that were summed, and how many calls each had then."""
    return dict(RolledDay.objects.exclude(calls=0).values_list("day", "calls"))


def test_recent_days_every_ten_minutes_and_all_of_the_past_once_a_day(town: dict[str, Actor]) -> None:
    called()
    assert d.look_after_data_security(gateway, now=NOON) == 0
    assert rolled() == {TODAY: 1}
    called()
    long_ago = TODAY - dt.timedelta(days=30)
    called(NOON - dt.timedelta(days=30))
    d.look_after_data_security(gateway, now=NOON + dt.timedelta(minutes=9))
    assert rolled() == {TODAY: 1}
    d.look_after_data_security(gateway, now=NOON + dt.timedelta(minutes=10))
    assert rolled() == {TODAY: 2}
    d.look_after_data_security(gateway, now=NOON + dt.timedelta(days=1))
    assert rolled() == {TODAY: 2, long_ago: 1}


def test_a_look_begins_where_the_last_one_ended(town: dict[str, Actor]) -> None:
    for n in range(10):
        called(NOON.replace(hour=23), subject=f"p_{n}")
    night = NOON.replace(hour=23, minute=5)
    assert d.look_after_data_security(gateway, now=night) == 1
    assert WatchMark.objects.get(key="watch").at == night
    assert d.look_after_data_security(gateway, now=night + dt.timedelta(minutes=1)) == 0
