# SPDX-License-Identifier: Apache-2.0
"""From a yes of the calculator to a draft: the answers go along, and what is on record is not asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from support.around_benefits import around_benefits
from support.city import City
from yiwang.apps.benefits import public as benefits
from yiwang.apps.casework.public import applications_of, draft_view, drop_draft
from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import subject
from yiwang.desks.portal.policies import policies_of
from yiwang.kernel.actor import Actor, ActorKind, Post, Role

At = Callable[[str], Client]
pytestmark = pytest.mark.django_db
STATION = {
    "to": "firm",
    "field": "充电设施",
    "charging-field": "公交环卫物流通勤专用",
    "charging-main-equipment": "1000000",
}
POLICY = "/policies/charging-construction-dedicated"


def test_a_yes_leads_to_the_application(city: City, at: At) -> None:
    page = at("anonymous").post("/policies/calculator", STATION).content.decode()
    assert f'formaction="{POLICY}/answers"' in page


def test_the_answers_wait_for_the_login_and_are_offered_for_checking(city: City, at: At) -> None:
    client = at("agent")
    assert client.post(f"{POLICY}/answers", STATION).status_code == 302
    page = client.get(f"{POLICY}/apply").content.decode()
    assert "公交环卫物流通勤专用" in page
    refused = client.post(f"{POLICY}/apply", {"applicant": city.firm, "place": ""})
    assert refused.status_code == 400
    assert "哪一天符合条件的" in page
    assert 'id="wrong-claimed-event-on"' in refused.content.decode(), "a question of the errand is asked here"
    given = {"applicant": city.firm, "place": "yicheng", "claimed-event-on": "2026-09-30"}
    answer = client.post(f"{POLICY}/apply", given)
    assert answer.status_code == 302, answer.content.decode()
    actor = city.actors["agent"]
    (row,) = [one for one in applications_of(actor, limit=9) if one.stage == "draft"]
    draft = draft_view(actor, row.id)
    assert draft.suggested == {"charging-field": "公交环卫物流通勤专用", "charging-main-equipment": "1000000"}
    assert draft.typed == {}, "an answer of the calculator is nobody's statement before it is checked"
    form = client.get(f"/applications/{row.id}/form").content.decode()
    assert "这是您在政策计算器里的回答，请核对" in form
    assert 'value="1000000"' in form


def test_what_is_on_record_is_not_asked_and_a_claim_leads_to_its_page(city: City, at: At) -> None:
    claim = around_benefits(city)["claim"]
    asked = {"to": "firm", "field": "智能制造"}
    nobody = at("agent").get("/policies/calculator", asked).content.decode()
    assert 'id="f-smart' in nobody
    page = at("agent").get("/policies/calculator", asked | {"who": city.firm}).content.decode()
    assert "测试名单智能工厂" in page, "from where it is known"
    assert f"/my/benefits/{claim}" in page
    typed = at("agent").post("/policies/calculator", asked | {"who": city.firm, "smart-factory": "都不是"})
    assert f"/my/benefits/{claim}" in typed.content.decode(), "what is typed does not stand against a list"


def test_what_one_should_have_is_told_until_one_applies(city: City, at: At) -> None:
    firm, today = subject(city.firm), timezone.localdate()
    one, two = (
        Actor(ActorKind.OFFICER, f"of-{n}", "发改", (Post(Role.HANDLER, "development-reform"),)) for n in "12"
    )
    told = "统一社会信用代码,名称,充电设施所在领域,充电主要设备投资额\n"
    told += f"{firm.number},{firm.name},公交环卫物流通勤专用,1000000"
    made = benefits.hand_in_roster(
        one, org="development-reform", title="充电设施", valid_from=today, valid_to=today, data=told.encode()
    )
    benefits.review_roster(two, made, approve=True)
    assert benefits.remind_unclaimed() == 1
    client, apply = at("agent"), f"{POLICY}/apply"
    letters = client.get(reverse("portal:notices")).content.decode()
    assert "一次性￥400,000.00" in letters
    assert "/my/benefits/#unclaimed" in letters
    for page in ("/my/benefits/", f"/my/firm/{city.firm}"):
        assert apply in client.get(page).content.decode(), page
    choice = {"subject": city.firm, "wanted": "no"}
    for wrong in ("other", "agent"):
        at(wrong).post("/my/benefits/letters", choice)
        kept = [row.wanted for row in benefits.letters(city["agent"]) if row.subject == city.firm]
        assert kept == [wrong == "other"]
    given = {"applicant": city.firm, "place": "yicheng", "claimed-event-on": "2026-09-30"}
    assert client.post(apply, given).status_code == 302
    for page in ("/my/benefits/", f"/my/firm/{city.firm}"):
        assert apply not in client.get(page).content.decode(), page
    (draft,) = [row.id for row in applications_of(city["agent"], limit=9) if row.stage == "draft"]
    drop_draft(city["agent"], draft)
    assert apply in client.get("/my/benefits/").content.decode()


def test_nobody_applies_for_a_firm_they_may_not_act_for(city: City, at: At) -> None:
    answer = at("other").post(f"{POLICY}/apply", {"applicant": city.firm, "place": "yicheng"})
    assert "您还不能代表任何企业" in answer.content.decode()
    assert at("other").post("/policies/calculator", STATION | {"who": city.firm}).status_code == 200


def test_what_has_no_item_or_is_over_cannot_be_applied_for(city: City, at: At) -> None:
    for policy in ("merger-reward", "nothing"):
        assert at("agent").get(f"/policies/{policy}/apply").status_code == 404, policy
    closed = at("agent").get("/policies/logistics-5a-firm/apply")
    assert closed.status_code == 409
    for page in (closed, at("anonymous").get("/policies/logistics-5a-firm")):
        assert "2025年12月31日到期了。文件没有写到期以后还收不收补报" in page.content.decode()
    chosen = {"claimed-policy": "5A级物流企业一次性奖励"}
    refused = at("anonymous").get(
        "/life-events/policy-funds/plan", chosen | {"claimed-event-on": "2025-06-01"}
    )
    assert "平台不能再收" in refused.content.decode(), "nor by the errand itself"


def test_every_item_of_a_policy_is_taken_by_an_errand_that_names_the_policy(city: City) -> None:
    known = current().catalogue
    for policy in policies_of(known):
        if policy.item is None:
            continue
        events = [e for e in known.life_events.values() if any(m.item == policy.item for m in e.items)]
        words = {c.value for e in events for q in e.questions for c in known.elements[q.element].choices}
        assert policy.name in words, policy.id
