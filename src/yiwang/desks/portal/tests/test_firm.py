# SPDX-License-Identifier: Apache-2.0
"""The firm's page: everything of one firm for whoever may act for it today, nothing for anybody else; and a
request from its page to the reply."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.city import City, pdf
from yiwang.apps.firms import public as firms
from yiwang.apps.identity.public import appoint_officer, open_account
from yiwang.kernel.actor import Post, Role, system

At = Callable[[str], Client]
pytestmark = pytest.mark.django_db
SAID = {
    "category": "other",
    "title": "门口修路货车进不来",
    "words": "修了两个月，希望给个时间。",
    "key": "k1",
}


def test_whoever_may_act_for_one_firm_comes_straight_to_its_page(city: City, at: At) -> None:
    for persona in ("representative of the firm", "agent"):
        answer = at(persona).get("/my/firm/", follow=True)
        page = answer.content.decode()
        assert "驻马店市测试餐饮有限公司" in page
        assert "2020年5月6日" in page
        assert "选出是哪一项，提异议" in page
        assert "去回答" in page, "policies that wait for an answer"


def test_nobody_else_learns_that_the_firm_is_there(city: City, at: At) -> None:
    nothing = at("owner").get("/my/firm/f_nothing").content.decode()
    for persona in ("owner", "other", "former agent"):
        assert "不能代表任何企业" in at(persona).get("/my/firm/").content.decode()
        answer = at(persona).get(f"/my/firm/{city.firm}")
        assert answer.status_code == 404
        assert "测试餐饮" not in answer.content.decode()
        assert at(persona).post(f"/my/firm/{city.firm}/requests/new", SAID).status_code == 404
    assert "没有这家企业" in nothing
    assert at("anonymous").get(f"/my/firm/{city.firm}").status_code == 302
    assert at("handler").get(f"/my/firm/{city.firm}").status_code == 403


def test_a_request_goes_from_the_page_to_the_window_and_back_with_a_reply(city: City, at: At) -> None:
    boss, desk = at("representative of the firm"), _window()
    where = f"/my/firm/{city.firm}/requests/new"
    refused = boss.post(where, SAID | {"title": ""})
    assert refused.status_code == 400
    assert "修了两个月" in refused.content.decode(), "what was typed stays"
    fake = SimpleUploadedFile("单据.pdf", b"not a pdf")
    assert "没有收" in boss.post(where, SAID | {"files": fake}).content.decode()
    real = SimpleUploadedFile("单据.pdf", pdf())
    answer = boss.post(where, SAID | {"files": real}, follow=True)
    page = answer.content.decode()
    assert "QS-" in page
    (row,) = firms.requests(city["agent"])
    listed = desk.get("/office/firm-requests/").content.decode()
    assert "门口修路货车进不来" in listed
    one = f"/office/firm-requests/{row.id}"
    assert desk.post(f"{one}/dispatch", {"org": "service-bureau"}).status_code == 302
    kept = desk.post(f"{one}/reply", {"done": "", "words": "十二月底完工"})
    assert kept.status_code == 400
    assert "十二月底完工" in kept.content.decode()
    desk.post(f"{one}/reply", {"done": "问了住建局", "words": "十二月底完工"})
    assert "评价答复" in boss.get(f"/my/firm/{city.firm}").content.decode()
    assert f"/my/firm-requests/{row.id}" in boss.get("/notices/").content.decode(), "the letter leads there"
    boss.post(f"/my/firm-requests/{row.id}/rate", {"satisfied": "yes"})
    assert firms.requests(city["agent"])[0].state is firms.State.CLOSED
    assert "100%" in at("anonymous").get("/firms/figures").content.decode()


def test_the_window_assigns_an_officer_and_nobody_else_does(city: City, at: At) -> None:
    given = {"uscc": "91411702", "org": "service-bureau", "officer": "窗口的人"}
    assert "没有登记过" in _window().post("/office/firm-requests/officers", given).content.decode()
    assert "由企业服务窗口安排" in at("auditor").get("/office/firm-requests/officers").content.decode()


def _window() -> Client:
    """An officer of the firms' window, logged in."""
    posts = (Post(Role.HANDLER, "service-bureau"),)
    officer = appoint_officer(system("测试"), name="窗口的人", org="service-bureau", posts=posts)
    name = f"window{officer[-8:]}"
    open_account(system("测试"), username=name, password=None, owner=officer)
    client, account = Client(), get_user_model().objects.get(username=name)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client
