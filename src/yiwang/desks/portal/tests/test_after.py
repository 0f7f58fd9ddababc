# SPDX-License-Identifier: Apache-2.0
"""After submission: every step followed, corrections made once, results, letters, looks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support import city as town
from support import errands
from support.city import HERE, OFFICE, PROMISED, City
from yiwang.apps.casework import public as casework
from yiwang.apps.notices.public import notify
from yiwang.kernel.actor import Actor, ActorKind, Post, Role

At = Callable[[str], Client]


@pytest.fixture
def sent(city: City) -> str:
    return town.submitted(city)


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def officer(org: str) -> Actor:
    posts = tuple(Post(role, org, HERE) for role in (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE))
    return Actor(ActorKind.OFFICER, f"officer-{org}", "办事员", posts)


def ask(city: City, sent: str, *points: casework.Point) -> str:
    """One department asks for a correction; returns the item case."""
    case = town.item_of(city, sent)
    casework.ask_correction(officer(OFFICE), case, points)
    return case


def test_every_item_is_followed_in_plain_words(city: City, at: At, sent: str) -> None:
    text = text_of(at("owner"), f"/applications/{sent}/progress")
    view = casework.application_view(city["owner"], sent)
    for item in view.items:
        assert f"<h3>{item.name}</h3>" in text
        assert item.state_says in text
        assert item.department in text
    assert view.row.number in text


def test_a_correction_is_told_once_and_mended_on_one_page(city: City, at: At, sent: str) -> None:
    target = next(u.element for u in city.catalogue.items["health-check"].elements if u.when is None)
    ask(city, sent, casework.Point(target, "写错了，请改"), casework.Point("id-card", "请重新拍照"))
    client, address = at("owner"), f"/applications/{sent}/correct"
    progress = text_of(client, f"/applications/{sent}/progress")
    assert f"{address}#f-{target}" in progress
    assert f"{address}#f-id-card" in progress
    page = text_of(client, address)
    assert page.count('class="field') == 1  # exactly what was asked for
    assert "写错了，请改" in page
    before = casework.application_view(city["owner"], sent).items
    refused = client.post(address, {target: "", "supply": "1"}, follow=True).content.decode()
    assert f'href="#f-{target}"' in refused
    assert any(item.state == "correction_asked" for item in before)
    value = town.sample(city.catalogue.elements[target])
    files = {"id-card": SimpleUploadedFile("新证.pdf", town.pdf())}
    done = client.post(address, {target: value, **files, "supply": "1"}, follow=True)
    assert done.redirect_chain[-1][0] == f"/applications/{sent}/progress"
    states = {item.state for item in casework.application_view(city["owner"], sent).items}
    assert "supplied" in states
    assert "correction_asked" not in states


def test_a_correction_saved_for_later_is_not_handed_in(city: City, at: At, sent: str) -> None:
    target = next(u.element for u in city.catalogue.items["health-check"].elements if u.when is None)
    ask(city, sent, casework.Point(target, "写错了，请改"))
    value = town.sample(city.catalogue.elements[target])
    at("owner").post(f"/applications/{sent}/correct", {target: value, "later": "1"})
    assert {i.state for i in casework.application_view(city["owner"], sent).items} >= {"correction_asked"}


def test_without_a_correction_there_is_nothing_to_correct(city: City, at: At, sent: str) -> None:
    assert at("owner").get(f"/applications/{sent}/correct")["Location"].endswith("/progress")


def test_promised_documents_come_later(city: City, at: At, sent: str) -> None:
    client, address = at("owner"), f"/applications/{sent}/later"
    assert "要您补交的材料" in text_of(client, f"/applications/{sent}/progress")
    refused = client.post(address, {PROMISED[0]: SimpleUploadedFile("图.pdf", b"no")}, follow=True)
    assert f'href="#f-{PROMISED[0]}"' in refused.content.decode()
    files = {one: SimpleUploadedFile("图.pdf", town.pdf()) for one in PROMISED}
    client.post(address, files)
    owed = [d for d in casework.application_view(city["owner"], sent).documents if d.deferred]
    assert owed == []


def test_results_are_shown_all_together_with_a_masked_holder(city: City, at: At, sent: str) -> None:
    for _ in range(4):
        for item in casework.application_view(city["owner"], sent).items:
            if item.state in ("submitted", "supplied"):
                errands.grant(officer(city.catalogue.items[item.item].org), item.id)
    view = casework.application_view(city["owner"], sent)
    results = [one for item in view.items for one in item.results]
    assert results
    text = text_of(at("owner"), f"/applications/{sent}/progress")
    for one in results:
        assert one.number in text
    assert view.applicant.masked_name in text
    assert "办好的证照和结果" in text


def test_taking_back_needs_a_reason(city: City, at: At, sent: str) -> None:
    client, address = at("owner"), f"/applications/{sent}/withdraw"
    refused = client.post(address, {"reason": " "})
    assert refused.status_code == 400
    assert "请写明撤回的原因" in refused.content.decode()
    done = client.post(address, {"reason": "暂时不开店了"}, follow=True)
    assert "已撤回" in done.content.decode()
    assert {item.state for item in casework.application_view(city["owner"], sent).items} == {"withdrawn"}
    assert client.get(address)["Location"].endswith("/progress")


def test_letters_come_to_the_person_and_can_be_marked_read(city: City, at: At, sent: str) -> None:
    client = at("owner")
    text = text_of(client, "/notices/")
    assert "已提交" in text
    assert f"/applications/{sent}/" in text
    number = text.split("/notices/")[1].split("/read")[0]
    assert at("other").post(f"/notices/{number}/read").status_code == 404
    client.post(f"/notices/{number}/read")
    assert f"/notices/{number}/read" not in text_of(client, "/notices/")


def test_an_officer_has_a_box_too_and_can_put_all_letters_away_at_once(city: City, at: At) -> None:
    officer = at("handler")
    for number in range(21):
        notify(city["handler"].id, f"第{number}封", "有一份数据使用申请等您审核。", about=f"dr_{number:026}")
    first = text_of(officer, "/notices/")
    assert "21 封没看" in first
    assert "第20封" in first
    assert "第0封" not in first
    assert f"/data/requests/dr_{20:026}" in first
    older = re.search(r'href="(\?before=\d+)"', first)
    assert older is not None
    assert "第0封" in text_of(officer, f"/notices/{older[1]}")
    last = first.split('name="last" value="')[1].split('"')[0]
    notify(city["handler"].id, "刚来的一封", "看过全部以后才来的。")
    officer.post("/notices/read", {"last": last})
    assert "1 封没看" in text_of(officer, "/notices/")


def test_the_list_tells_what_waits_for_the_applicant(city: City, at: At, sent: str) -> None:
    made = town.draft(city, ready=False)
    text = text_of(at("owner"), "/applications/")
    assert f"/applications/{made}/" in text
    assert f"/applications/{sent}/later" in text
    assert f"/applications/{made}/" not in text_of(at("other"), "/applications/")
    home = text_of(at("owner"), "/")
    assert "您正在办的" in home
