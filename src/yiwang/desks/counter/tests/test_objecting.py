# SPDX-License-Identifier: Apache-2.0
"""Somebody at the counter says that data about them is wrong: filed for them, with a receipt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Browser

from support.city import City, pdf
from support.pages import HOST, PHONE, barriers, browsing
from yiwang.apps.identity.public import subject
from yiwang.apps.journal.public import entries_of
from yiwang.apps.quality import public as quality

At = Callable[[str], Client]
NEW = "/counter/objections/new?resource=health-certificates&field=unit"
ABOUT = {"field": "unit", "should": "市中心医院", "why": "体检单位写错了", "says": "市人民医院"}


def meets(client: Client, city: City, persona: str = "owner") -> Client:
    """The clerk looks at somebody's identity card."""
    who = subject(city[persona].id)
    assert client.post("/counter/meet", {"name": who.name, "id_number": who.number}).status_code == 302
    return client


def words(answer: Any) -> str:
    """The page's words."""
    return str(answer.content.decode())


def test_filed_for_the_visitor_with_a_receipt_and_followed_at_home(city: City, at: At) -> None:
    clerk = meets(at("counter"), city)
    choice = words(clerk.get("/counter/objections/new"))
    assert "?resource=health-certificates" in choice
    assert "?resource=business-registrations" not in choice
    file = SimpleUploadedFile("体检单.pdf", pdf())
    answer: Any = clerk.post(NEW, {**ABOUT, "files": file})
    receipt = words(clerk.get(answer.url))
    (row,) = quality.filed_at_counter(city["counter"])
    for told in (row.number, f"{row.due_on:%Y年}", "市中心医院", "体检单.pdf", city["counter"].name):
        assert told in receipt
    assert row.number in words(clerk.get("/counter/"))
    at_home = words(at("owner").get(f"/my-data/objections/{row.public_id}"))
    assert f"由窗口工作人员{city['counter'].name}代为登记" in at_home
    (entry,) = entries_of(f"objection:{row.public_id}")[:1]
    assert (entry["actor"], entry["subject"]) == (city["counter"].id, city["owner"].id)
    assert subject(city["owner"].id).number not in receipt


def test_nobody_is_met_or_something_is_missing(city: City, at: At) -> None:
    clerk = at("counter")
    assert clerk.get(NEW)["Location"] == "/counter/"
    assert clerk.post(NEW, ABOUT)["Location"] == "/counter/"
    answer = meets(clerk, city).post(NEW, {**ABOUT, "should": ""})
    assert answer.status_code == 400
    assert "请写应当是什么" in words(answer)
    assert "体检单位写错了" in words(answer)
    assert quality.objections(city["owner"]) == []


@pytest.mark.parametrize(("persona", "status"), [("counter elsewhere", 404), ("owner", 403), ("data", 403)])
def test_a_receipt_is_its_clerks(city: City, at: At, persona: str, status: int) -> None:
    made: Any = meets(at("counter"), city).post(NEW, ABOUT)
    assert at(persona).get(made.url).status_code == status
    assert at("anonymous").get(made.url).status_code == 302


def test_the_answer_is_told_and_the_word_written_down_for_whoever_stands_there(city: City, at: At) -> None:
    owner, made = city["owner"], "/counter/objections/{}/answer"
    wrong = quality.NewObjection("health-certificates", "unit", "市中心医院", "写错了", subject=owner.id)
    objection = quality.object_to(owner, wrong)
    quality.answer_objection(
        city["data of a department"], objection, quality.Answered("底档就是这样", "可以到窗口申请复核")
    )
    clerk, where = at("counter"), made.format(objection)
    assert clerk.get(where).status_code == 404
    meets(clerk, city, "other")
    assert clerk.get(where).status_code == 404
    assert clerk.post(where, {"satisfied": "yes"}, follow=True).status_code == 404
    meets(clerk, city)
    assert where in words(clerk.get("/counter/"))
    told = words(clerk.get(where))
    assert "底档就是这样" in told
    assert subject(owner.id).number not in told
    unsaid = clerk.post(where, {"satisfied": "no", "words": " "})
    assert (unsaid.status_code, "请写明哪里还不对" in words(unsaid)) == (400, True)
    clerk.post(where, {"satisfied": "no", "words": "医院写错了章"})
    seen = quality.objection(owner, objection)
    assert seen.row.state is quality.State.CHECKING
    assert (seen.rounds[0].feedback, seen.rounds[0].written_by) == ("医院写错了章", city["counter"].name)
    entries = entries_of(f"objection:{objection}")
    assert {"at": "counter", "agent": owner.id}.items() <= entries[-1]["detail"].items()
    looks = [one for one in entries if one["action"] == "objection.look"]
    assert {one["subject"] for one in looks} == {owner.id}
    assert "代为记录" in words(at("owner").get(f"/my-data/objections/{objection}"))


@pytest.mark.browser
def test_the_pages_keep_nobody_out(city: City, at: At, browser: Browser) -> None:
    clerk = meets(at("counter"), city)
    with browsing(browser, clerk, width=PHONE) as page:
        page.goto(HOST + NEW)
        assert barriers(page) == []
        for name, typed in ABOUT.items():
            if name != "field":
                page.fill(f"[name={name}]", typed)
        page.get_by_role("button", name="替来人提出").click()
        page.get_by_role("heading", name="数据异议回执").wait_for()
        assert barriers(page) == []
        (row,) = quality.filed_at_counter(city["counter"])
        found = quality.Corrected("市人民医院", "市中心医院", "与底档核对一致")
        quality.answer_objection(city["data of a department"], row.public_id, found)
        page.goto(f"{HOST}/counter/objections/{row.public_id}/answer")
        assert barriers(page) == []
        page.get_by_role("button", name="满意，办结").click()
        page.get_by_text("已经替来人记下：满意，办结。").wait_for()
        assert barriers(page) == []
