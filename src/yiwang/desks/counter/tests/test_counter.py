# SPDX-License-Identifier: Apache-2.0
"""The counter: who is met and how, nothing of one visitor reaches the next, results handed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from support import city as town
from support.city import HERE, City
from yiwang.apps.casework import public as casework
from yiwang.apps.identity.public import subject
from yiwang.apps.journal.public import looks_at
from yiwang.kernel.actor import Actor, ActorKind, Post, Role
from yiwang.kernel.ids import make_id_number

At = Callable[[str], Client]
NOBODY = "没有找到相符的申请人"


def card(city: City, persona: str) -> dict[str, str]:
    """Name and number from somebody's identity card."""
    who = subject(city[persona].id)
    return {"name": who.name, "id_number": who.number}


def meet(client: Client, **given: str) -> Any:
    """Look somebody up, as the form does."""
    return client.post("/counter/meet", given)


@pytest.mark.parametrize(
    ("persona", "status"), [("counter", 200), ("representative", 200), ("handler", 403), ("owner", 403)]
)
def test_who_may_use_the_counter(city: City, at: At, persona: str, status: int) -> None:
    assert at(persona).get("/counter/").status_code == status


def test_whoever_is_not_logged_in_is_sent_to_the_login(city: City, at: At) -> None:
    assert at("anonymous").get("/counter/")["Location"].startswith("/login?")


def test_meeting_somebody_is_logged_and_shown_masked(city: City, at: At) -> None:
    client = at("counter")
    assert meet(client, **card(city, "owner"))["Location"] == "/counter/"
    text = client.get("/counter/").content.decode()
    number = card(city, "owner")["id_number"]
    assert "正在为" in text
    assert number not in text
    assert number[:4] in text
    looks = looks_at(city["owner"].id)
    assert (looks[0]["actor"], looks[0]["purpose"][:4]) == (city["counter"].id, "窗口收件")


def test_a_wrong_name_and_an_unknown_number_read_the_same(city: City, at: At) -> None:
    client = at("counter")
    wrong_name = meet(client, **(card(city, "owner") | {"name": "张三"}))
    unknown = meet(
        client, **(card(city, "owner") | {"id_number": make_id_number("411702", dt.date(1990, 1, 1), 99)})
    )
    assert (wrong_name.status_code, unknown.status_code) == (400, 400)
    assert wrong_name.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert NOBODY in wrong_name.content.decode()
    assert 'value="张三"' in wrong_name.content.decode()
    assert "正在为" not in client.get("/counter/").content.decode()


def test_a_mistyped_number_is_told_at_its_field(city: City, at: At) -> None:
    answer = meet(at("counter"), **(card(city, "owner") | {"id_number": "4117021990"}))
    assert "应为18位" in str(answer.context["form"]["id_number"].errors)


@pytest.mark.parametrize(
    ("persona", "agrees"),
    [("representative of the firm", True), ("agent", True), ("former agent", False), ("owner", False)],
)
def test_a_firm_is_met_through_whoever_acts_for_it(city: City, at: At, persona: str, agrees: bool) -> None:
    answer = meet(at("counter"), **card(city, persona), uscc=subject(city.firm).number)
    assert answer.status_code == (302 if agrees else 400)
    assert agrees or NOBODY in answer.content.decode()


def address() -> str:
    """The page on which a draft is begun, with the answers of the errand."""
    answers = {
        key: str(value).lower() if isinstance(value, bool) else value for key, value in town.ANSWERS.items()
    }
    return f"/counter/begin?{urlencode({'event': town.EVENT, **answers})}"


def test_nothing_begins_before_somebody_is_met(city: City, at: At) -> None:
    answer = at("counter").post(address(), {"place": HERE})
    assert answer["Location"] == "/counter/"
    assert casework.drafts_begun(city["counter"]) == []


def test_a_draft_begun_at_the_counter_belongs_to_the_visitor(city: City, at: At) -> None:
    client = at("counter")
    meet(client, **card(city, "agent"), uscc=subject(city.firm).number)
    assert client.post(address(), {"place": "nowhere"}).status_code == 400
    answer = client.post(address(), {"place": HERE})
    assert answer["Location"].startswith("/applications/")
    (row,) = casework.drafts_begun(city["counter"])
    assert row.id in answer["Location"]
    assert row.channel == "窗口"
    assert row.subject_name == subject(city.firm).name
    assert client.get(answer["Location"]).status_code == 302  # to the first open step
    assert row.id in client.get("/counter/").content.decode()


def test_the_start_of_the_portal_leads_a_clerk_to_the_counter(city: City, at: At) -> None:
    answer = at("counter").get(f"/applications/start?event={town.EVENT}&staff-count=2")
    assert answer["Location"] == f"/counter/begin?event={town.EVENT}&staff-count=2"


def test_nothing_of_one_visitor_reaches_the_next(city: City, at: At) -> None:
    client = at("counter")
    meet(client, **card(city, "owner"))
    session = client.session
    session["private_answers"] = {"newborn": {"child-name": "王小宝"}}
    session.save()
    client.post("/counter/done")
    assert "private_answers" not in client.session
    assert client.get(address())["Location"] == "/counter/"


def test_what_waits_is_listed_where_it_lies(city: City, at: At) -> None:
    case = town.item_of(city, town.submitted(city))
    assert case in at("counter").get("/counter/intake").content.decode()
    assert "没有等着受理的申请" in at("counter elsewhere").get("/counter/intake").content.decode()


def finished(city: City) -> str:
    """An application with every item decided, to be collected at the counter."""
    made = town.draft(city)
    casework.save_delivery(city["owner"], made, method="counter")
    casework.submit(city["owner"], made, key="to-collect")
    for _ in range(town.ITEMS):
        for item in casework.application_view(city["owner"], made).items:
            if item.state == "submitted":
                _grant(city, item.id, city.catalogue.items[item.item].org)
    return made


def _grant(city: City, case: str, org: str) -> None:
    posts = (Post(Role.HANDLER, org, HERE), Post(Role.APPROVER, org, HERE))
    officer = Actor(ActorKind.OFFICER, f"o-{org}", "工作人员", posts)
    casework.accept(officer, case)
    casework.begin_review(officer, case)
    casework.propose(officer, case, opinion="符合条件")
    fields = casework.case_view(officer, case).result_fields
    states = {element: town.sample(city.catalogue.elements[element]) for element, _ in fields}
    casework.grant(officer, case, opinion="同意", states=states)


def test_results_are_handed_over_once_with_proof(city: City, at: At) -> None:
    made, client = finished(city), at("counter")
    page = f"/counter/results/{made}"
    assert page in client.get("/counter/").content.decode()
    assert "请填写送达凭证" in client.post(page, {"receipt": " "}).content.decode()
    assert client.post(page, {"receipt": "本人，已核对身份证"})["Location"] == page
    assert "本人，已核对身份证" in client.get(page).content.decode()
    again = client.post(page, {"receipt": "又一次"})
    assert again.status_code == 409
    assert "没有可以送达的结果" in again.content.decode()
    assert page not in client.get("/counter/").content.decode()


def test_nothing_is_handed_over_before_there_is_a_result(city: City, at: At) -> None:
    page = f"/counter/results/{town.submitted(city)}"
    answer = at("counter").post(page, {"receipt": "本人"})
    assert answer.status_code == 409
    assert at("counter elsewhere").get(page).status_code == 404


def test_a_single_result_is_handed_over_ahead_of_the_others(city: City, at: At) -> None:
    made = town.draft(city)
    casework.save_delivery(city["owner"], made, method="counter")
    casework.submit(city["owner"], made, key="one-ahead")
    case = town.item_of(city, made)
    _grant(city, case, town.OFFICE)
    client, page = at("counter"), f"/counter/results/{made}"
    assert "先交已经有结果的 1 项" in client.get(page).content.decode()
    assert client.post(page, {"receipt": "本人，已核对身份证"})["Location"] == page
    seen = casework.application_view(city["owner"], made)
    assert [i.id for i in seen.items if i.state in ("delivered", "archived")] == [case]


def test_a_receipt_names_the_application_and_its_items(city: City, at: At) -> None:
    made = town.submitted(city)
    seen = casework.application_view(city["owner"], made)
    text = at("counter").get(f"/counter/receipts/{made}").content.decode()
    assert seen.row.number in text
    assert all(item.name in text for item in seen.items)
    assert card(city, "owner")["id_number"] not in text
    assert at("counter elsewhere").get(f"/counter/receipts/{made}").status_code == 404
