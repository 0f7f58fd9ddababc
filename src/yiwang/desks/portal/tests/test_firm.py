# SPDX-License-Identifier: Apache-2.0
"""The firm's page: everything of one firm for whoever may act for it today, nothing for anybody else; and a
request from its page to the reply."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.city import EVENT, City, pdf
from yiwang.apps.benefits import public as benefits
from yiwang.apps.casework import public as casework
from yiwang.apps.firms import public as firms
from yiwang.apps.identity.public import actor_of, appoint_officer, may_act_for, open_account, subject
from yiwang.apps.presentment.public import own_licences
from yiwang.apps.quality import public as quality
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import Actor, Matter, Post, Role, system
from yiwang.kernel.errors import NotAllowed

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


def test_an_agent_does_what_the_representative_chose_and_nothing_else(city: City, at: At) -> None:
    boss, page, who = (
        at("representative of the firm"),
        f"/my/firm/{city.firm}/agents",
        subject(city["other"].id),
    )
    given = {"name": who.name, "id_number": who.number, "scope": "chosen", "matters": ["requests"]}
    assert "没有选授权哪些事" in boss.post(page, given | {"matters": []}).content.decode()
    assert "没有找到" in boss.post(page, given | {"name": "别人"}).content.decode()
    shown = boss.post(page, given, follow=True).content.decode()
    assert "企业诉求" in shown
    assert who.number not in shown
    assert at("agent").get(page).status_code == 404
    agent, firm = at("other"), f"/my/firm/{city.firm}"
    seen = agent.get(firm).content.decode()
    assert "您受这家企业委托，可以办：企业诉求。" in seen
    for part in ('id="benefits"', 'id="cases"', 'id="licences"', 'id="profile"'):
        assert part not in seen
    assert agent.get(f"{firm}/requests/new").status_code == 200
    _closed_to(actor_of(city.account("other")), city)
    boss.post(f"{page}/revoke", {"agent": who.public_id})
    assert agent.get(firm).status_code == 404


def _closed_to(agent: Actor, city: City) -> None:
    """Every door but the one that was chosen."""
    firm, other = city.firm, Matter.APPLICATIONS
    assert not agent.is_subject(firm)
    assert not may_act_for(agent.id, firm, other)
    assert may_act_for(agent.id, firm, Matter.REQUESTS)
    assert casework.applications_of(agent, subject=firm) == []
    assert {one.holder for one in own_licences(agent)} == {agent.id}
    assert benefits.payees_of(agent) == []
    with pytest.raises(NotAllowed):
        benefits.known_facts(agent, firm, names=["企业规模"], purpose="测试", basis="测试")
    with pytest.raises(NotAllowed):
        casework.start_draft(agent, casework.NewDraft(EVENT, firm, agent.id, "yicheng"))
    about = next(one for one in resources(city.catalogue).values() if one.subject is Subject.FIRM)
    with pytest.raises(NotAllowed):
        quality.object_to(agent, quality.NewObjection(about.id, "", "改", "不对", subject=firm))


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
    unchosen = desk.post(f"{one}/dispatch", {"org": ""})
    assert (unchosen.status_code, "请选择交给哪个部门" in unchosen.content.decode()) == (400, True)
    assert desk.post(f"{one}/dispatch", {"org": "service-bureau"}).status_code == 302
    assert "请写明理由" in desk.post(f"{one}/back", {"reason": ""}).content.decode()
    kept = desk.post(f"{one}/reply", {"done": "", "words": "十二月底完工"})
    assert kept.status_code == 400
    for shown in ("十二月底完工", 'href="#reply-done"', 'id="reply-done_error"', "请写明做了什么"):
        assert shown in kept.content.decode()
    desk.post(f"{one}/reply", {"done": "问了住建局", "words": "十二月底完工"})
    late = desk.post(f"{one}/reply", {"done": "又问了", "words": "写得太晚"})
    assert (late.status_code, "您刚才写的" in late.content.decode()) == (409, True)
    assert "写得太晚" in late.content.decode(), "its form is gone, not its words"
    assert at("handler").post(f"{one}/reply", {"done": "", "words": ""}).status_code == 404, "another's"
    assert "评价答复" in boss.get(f"/my/firm/{city.firm}").content.decode()
    assert f"/my/firm-requests/{row.id}" in boss.get("/notices/").content.decode(), "the letter leads there"
    where = f"/my/firm-requests/{row.id}/rate"
    unsaid = boss.post(where, {"satisfied": "no", "words": " "})
    assert (unsaid.status_code, "请写明哪里不满意" in unsaid.content.decode()) == (400, True)
    boss.post(where, {"satisfied": "yes"})
    late = boss.post(where, {"satisfied": "no", "words": "路又坏了"})
    assert (late.status_code, "路又坏了" in late.content.decode()) == (409, True)
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
