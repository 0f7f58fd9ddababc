# SPDX-License-Identifier: Apache-2.0
"""A firm comes to the counter with a request, comes again for the reply, and says whether it settles it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from support.city import City
from yiwang.apps.firms import public as firms
from yiwang.apps.identity import public as identity
from yiwang.apps.journal.public import entries_of
from yiwang.kernel.actor import Actor, ActorKind, Matter, Post, Role, system

At = Callable[[str], Client]
PAGE = "/counter/firm-requests"
SAID = {"category": "financing", "title": "贷款续不上", "words": "月底到期，没有抵押物。", "key": "k9"}
pytestmark = pytest.mark.django_db


def meets(client: Client, city: City, persona: str = "agent") -> Client:
    """The clerk looks at the card of somebody who comes for the firm."""
    who, firm = identity.subject(city[persona].id), identity.subject(city.firm)
    given = {"name": who.name, "id_number": who.number, "uscc": firm.number}
    assert client.post("/counter/meet", given).status_code == 302
    return client


def bank() -> Actor:
    posts = (Post(Role.HANDLER, "financial-work"),)
    number = identity.appoint_officer(system("测试"), name="金融局的人", org="financial-work", posts=posts)
    return Actor(ActorKind.OFFICER, number, "金融局的人", posts)


def words(answer: Any) -> str:
    return str(answer.content.decode())


def test_taken_down_found_again_handed_over_and_rated(city: City, at: At) -> None:
    clerk = meets(at("counter"), city)
    assert "贷款续不上" in words(clerk.post(PAGE, SAID | {"category": ""})), "what was typed stays"
    made: Any = clerk.post(PAGE, SAID)
    assert clerk.post(PAGE, SAID)["Location"] == made["Location"], "the same form again"
    request = made["Location"].rsplit("/", 1)[1]
    receipt = words(clerk.get(made["Location"]))
    assert "QS-" in receipt
    assert "不满意的" not in receipt
    assert "还没有答复" in words(clerk.post(f"{made['Location']}/handed", follow=True))
    clerk.post("/counter/done")
    assert clerk.get(made["Location"]).status_code == 404, "nobody stands here"
    assert "测试餐饮" in words(clerk.get("/counter/"))
    firms.reply(bank(), request, firms.Reply("协调展期", "已经办好。"))
    meets(clerk, city)
    assert "贷款续不上" in words(clerk.get(PAGE))
    assert "已经办好。" in words(clerk.get(made["Location"]))
    for _ in range(2):
        assert "答复交给了企业" in words(clerk.post(f"{made['Location']}/handed", follow=True))
    unsaid = clerk.post(f"{made['Location']}/rate", {"satisfied": "no"})
    assert (unsaid.status_code, "请写明哪里不满意" in words(unsaid)) == (400, True)
    assert "已经记下" in words(clerk.post(f"{made['Location']}/rate", {"satisfied": "yes"}, follow=True))
    told = [one["action"] for one in entries_of(f"firm-request:{request}")]
    assert told.count("firm_request.handed_over") == 1
    assert told.count("firm_request.rated") == 1
    assert "firm_request.look" in told
    assert firms.request_view(city["agent"], request).row.state is firms.State.CLOSED


def test_only_for_whom_the_firm_authorised_in_requests(city: City, at: At) -> None:
    chief = city["representative of the firm"]
    assert at("counter").get(PAGE)["Location"] == "/counter/"
    identity.give_mandate(chief, city.firm, city["other"].id, matters={Matter.BENEFITS})
    clerk = meets(at("counter"), city, "other")
    assert "不能替这家企业提诉求" in words(clerk.post(PAGE, SAID))
    identity.give_mandate(chief, city.firm, city["other"].id, matters={Matter.REQUESTS})
    assert clerk.post(PAGE, SAID).status_code == 302
