# SPDX-License-Identifier: Apache-2.0
"""Invented people never come among real ones."""

from __future__ import annotations

import datetime as dt

import pytest

from support.city import definitions
from yiwang.apps.identity.public import register_person, register_size
from yiwang.conf.demo.city import cast_of_city, make_city, require_room
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict
from yiwang.kernel.ids import make_id_number

pytestmark = pytest.mark.django_db


def test_no_sample_city_where_somebody_real_is_registered() -> None:
    number = make_id_number("411702", dt.date(1990, 1, 2), 3)
    register_person(system("测试"), name="甲", id_number=number)
    with pytest.raises(Conflict, match="不能建示例城市"):
        require_room()
    with pytest.raises(Conflict):
        make_city(definitions())
    assert register_size() == 1
    assert cast_of_city() is None


def test_an_empty_database_has_room() -> None:
    require_room()
