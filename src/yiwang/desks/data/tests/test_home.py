# SPDX-License-Identifier: Apache-2.0
"""The front door of the data desk: what waits for whom, and only doors that open."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from support.city import City
from yiwang.apps.quality import public as quality

At = Callable[[str], Client]


def text(client: Client) -> str:
    """The front door's words."""
    answer = client.get("/data/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_waits_stands_first_for_who_does_it(city: City, at: At) -> None:
    assert "等您办的" not in text(at("data of a department"))
    new = quality.NewObjection(
        "health-certificates", "unit", "市中心医院", "写错了", subject=city["owner"].id
    )
    made = quality.object_to(city["owner"], new)
    waits = text(at("data of a department"))
    assert "1 件数据异议等核查、答复" in waits
    assert "数据异议等核查" not in text(at("data"))
    assert "数据异议等核查" not in text(at("auditor"))
    answer = quality.Answered("体检表上写的就是这家", "可以向体检机构申请更改")
    quality.answer_objection(city["data of a department"], made, answer)
    assert "等您办的" not in text(at("data of a department"))


def test_every_door_that_is_shown_opens(city: City, at: At) -> None:
    for persona in ("data", "data of a department", "handler", "security", "auditor"):
        client = at(persona)
        doors = client.get("/data/").context["doors"]
        assert [door.url for door in doors if client.get(door.url).status_code != 200] == [], persona
    assert "数据来源" in text(at("data"))
    assert "数据来源" not in text(at("data of a department"))
