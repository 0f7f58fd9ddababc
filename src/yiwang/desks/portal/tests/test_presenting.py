# SPDX-License-Identifier: Apache-2.0
"""Showing, scanning and authorising on the pages: as a holder, a clerk, an inspector, a shop."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from support import city as town
from support.city import City
from yiwang.apps.casework import public as casework
from yiwang.apps.licences.public import Standing, change_standing, held_by
from yiwang.kernel.actor import system

At = Callable[[str], Client]
pytestmark = pytest.mark.django_db


def card_of(city: City, persona: str = "owner") -> str:
    """The identity card of somebody."""
    return next(one.public_id for one in held_by({city[persona].id}) if one.material == "id-card")


def opened(holder: Client, licence: str, purpose: str = "adult-proof") -> str:
    """Show a licence; the address of the showing."""
    return str(holder.post(f"/my/presenting/{licence}", {"purpose": purpose})["Location"])


def code_in(holder: Client, showing: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address in the QR picture of a showing, read where the picture is drawn."""
    drawn: list[str] = []

    def draw(text: str) -> str:
        drawn.append(text)
        return "图"

    monkeypatch.setattr("yiwang.desks.portal.present.qr_svg", draw)
    assert holder.get(showing).status_code == 200
    assert re.fullmatch(r"http://testserver/s/[A-Za-z0-9_-]{43}", drawn[0])
    return drawn[0].removeprefix("http://testserver")


def words(answer: object) -> str:
    """The text of a page's main part, without tags."""
    found = re.search(r"<main.*?</main>", answer.content.decode(), re.S)  # type: ignore[attr-defined]
    assert found
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", found[0])))


def test_a_shop_scans_once(city: City, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    holder, shop = at("owner"), at("agent")
    showing = opened(holder, card_of(city))
    code = code_in(holder, showing, monkeypatch)
    for _ in range(2):  # a preview, then the person
        assert "证明已满18周岁" in words(shop.get(code))
    seen = shop.post(code, {"on_behalf": city.firm}, follow=True)
    assert "✓ 证照有效" in words(seen)
    assert "已满18周岁 是" in words(seen)
    assert "王*" in words(seen)
    again = shop.post(code)
    assert again.status_code == 409
    assert "这个码已经用过了" in words(again)
    assert "驻马店市测试餐饮有限公司（经办人 王*）" in words(holder.get(showing))
    looks = words(holder.get("/my/looks/licences"))
    assert "驻马店市测试餐饮有限公司（经办人 王*）" in looks
    assert "您亮证，对方扫码" in looks
    assert "没有看到 这个码已经用过了。" in looks


def test_the_page_is_never_kept_by_a_browser(city: City, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = at("owner")
    showing = opened(holder, card_of(city))
    code = code_in(holder, showing, monkeypatch)
    for client, address in ((holder, showing), (at("other"), code)):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_a_stranger_is_sent_to_log_in_and_uses_nothing_up(
    city: City, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_in(at("owner"), opened(at("owner"), card_of(city)), monkeypatch)
    for answer in (Client().get(code), Client().post(code)):
        assert answer["Location"].startswith("/login?next=")
    assert at("other").post(code).status_code == 302


def test_a_licence_revoked_meanwhile_is_told_plainly(
    city: City, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = card_of(city)
    code = code_in(at("owner"), opened(at("owner"), card), monkeypatch)
    change_standing(system("测试"), card, Standing.REVOKED, reason="冒名办理")
    seen = words(at("other").post(code, follow=True))
    assert "✗ 不能作为证明：撤销" in seen
    assert "冒名" not in seen
    assert "王" not in seen


def test_the_wrong_people_read_why(city: City, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    code = code_in(at("owner"), opened(at("owner"), card_of(city), "inspection"), monkeypatch)
    assert "这个码不是给您这类人员看的" in words(at("other").get(code))
    answer = at("counter").post(code)
    assert answer.status_code == 403
    assert "这个码不是给您这类人员看的" in words(answer)
    assert "✓ 证照有效" in words(at("handler").post(code, follow=True))


def test_the_part_that_changes_says_nothing_until_it_must(city: City, at: At) -> None:
    holder = at("owner")
    showing = opened(holder, card_of(city))
    first = holder.get(f"{showing}/code")
    assert first.status_code == 200
    assert b"<svg" in first.content
    assert holder.get(f"{showing}/code").status_code == 204
    holder.post(f"{showing}/end")
    over = holder.get(f"{showing}/code")
    assert over.status_code == 286
    assert "时间到了" in over.content.decode()


def test_a_choice_is_needed(city: City, at: At) -> None:
    for purpose in ("", "counter-errand"):
        answer = at("owner").post(f"/my/presenting/{card_of(city)}", {"purpose": purpose})
        assert answer.status_code == 400
        assert "请在列出的用途里选一个" in words(answer)


def test_a_hand_scanner_types_the_address(city: City, at: At) -> None:
    token = "a" * 43
    answer = at("counter").post("/scan", {"code": f"https://zwfw.example.gov.cn/s/{token}"})
    assert answer["Location"] == f"/s/{token}"
    assert at("counter").get(answer["Location"]).status_code == 404
    wrong = at("counter").post("/scan", {"code": "身份证"})
    assert wrong.status_code == 400
    assert "这不是亮证码" in words(wrong)


def authorise(holder: Client, licences: list[str], clerk: str = town.HERE, scope: str = "once") -> object:
    """Give an authorisation; the page that follows."""
    asked = {"licences": licences, "purpose": "counter-errand", "clerk": clerk, "scope": scope}
    return holder.post("/my/authorisations/new", asked, follow=True)


def spoken_in(page: object) -> str:
    """The code on the page of a new authorisation."""
    found = re.search(r"\b\d{4} \d{4}\b", words(page))
    assert found, words(page)
    return found[0]


def meet(clerk: Client, city: City) -> None:
    """The owner comes to the counter."""
    answer = clerk.post(
        "/counter/meet", {"name": city["owner"].name, "id_number": subject_number(city)}, follow=True
    )
    assert "正在为" in answer.content.decode()


def subject_number(city: City) -> str:
    """The identity number of the owner."""
    from yiwang.apps.identity.public import subject

    return subject(city["owner"].id).number


def test_an_old_person_reads_a_code_out(city: City, at: At) -> None:
    holder, clerk = at("owner"), at("counter")
    page = authorise(holder, [card_of(city)])
    code = spoken_in(page)
    address = page.request["PATH_INFO"]  # type: ignore[attr-defined]
    assert code not in words(holder.get(address)), "a code is shown once"
    refused = clerk.post("/counter/authorised", {"code": code})
    assert refused.status_code == 400
    assert "请先在窗口首页核对来人的身份" in words(refused)
    meet(clerk, city)
    seen = clerk.post("/counter/authorised", {"code": code}, follow=True)
    assert "居民身份证" in words(seen)
    assert "✓ 证照有效" in words(seen)
    again = clerk.post("/counter/authorised", {"code": code})
    assert again.status_code == 409
    assert "只能用一次" in words(again)
    assert code in again.content.decode(), "what was typed stays"
    assert "您授权窗口调用" in words(holder.get("/my/looks/licences"))
    assert "已使用" in words(holder.get("/my/presenting/"))
    assert "您授权的证照刚刚被窗口调用" in words(holder.get("/notices/"))


def test_a_named_clerk_needs_no_code_and_another_finds_nothing(city: City, at: At) -> None:
    authorise(at("owner"), [card_of(city)], f"{town.HERE}/{city['counter'].id}")
    page = at("counter").get("/counter/authorised")
    found = re.search(r'name="authorisation" value="(\w+)"', page.content.decode())
    assert found
    foreign = at("counter elsewhere").post(
        "/counter/authorised/use", {"authorisation": found[1]}, follow=True
    )
    assert "没有给您的这个授权" in words(foreign)
    assert "✓ 证照有效" in words(
        at("counter").post("/counter/authorised/use", {"authorisation": found[1]}, follow=True)
    )
    assert "没有点名给您" in words(at("counter").get("/counter/authorised"))


def test_one_for_a_case_is_for_ones_own_case(city: City, at: At) -> None:
    sent = town.submitted(city)
    assert "期间" in words(at("owner").get("/my/authorisations/new"))
    given = authorise(at("owner"), [card_of(city)], scope=sent)
    code = spoken_in(given)
    meet(clerk := at("counter"), city)
    assert "只能用来办这件申请" in words(clerk.post("/counter/authorised", {"code": code}, follow=True))
    assert "办一件申请期间" in words(clerk.get("/counter/authorised"))
    casework.withdraw(city["owner"], sent, reason="不办了")
    again = re.search(
        r'name="authorisation" value="(\w+)"', clerk.get("/counter/authorised").content.decode()
    )
    assert again
    late = clerk.post("/counter/authorised/use", {"authorisation": again[1]}, follow=True)
    assert "已经办完" in words(late)
    foreign = authorise(at("other"), [card_of(city, "other")], scope=sent)
    assert foreign.status_code == 400  # type: ignore[attr-defined]
    assert "请在列出的里面选一项" in words(foreign)


def test_another_code_and_taking_back(city: City, at: At) -> None:
    holder = at("owner")
    page = authorise(holder, [card_of(city)])
    first, address = spoken_in(page), page.request["PATH_INFO"]  # type: ignore[attr-defined]
    second = spoken_in(holder.post(f"{address}/code", follow=True))
    assert first != second
    assert "已撤回" in words(holder.post(f"{address}/revoke", follow=True))
    meet(clerk := at("counter"), city)
    assert "已经撤回了这个授权" in words(clerk.post("/counter/authorised", {"code": second}))


def test_what_is_missing_is_told_beside_its_field_and_nothing_is_lost(city: City, at: At) -> None:
    answer = at("owner").post("/my/authorisations/new", {"licences": [card_of(city)], "scope": "once"})
    assert answer.status_code == 400
    assert "请选一个窗口" in words(answer)
    assert re.search(rf'value="{card_of(city)}"[^>]*checked', answer.content.decode())
    none = at("owner").post("/my/authorisations/new", {"scope": "once"})
    assert "请至少选一张证照" in words(none)


def test_licences_of_two_holders_are_two_authorisations(city: City, at: At) -> None:
    firm = next(one.public_id for one in held_by({city.firm}))
    answer = authorise(at("agent"), [card_of(city, "agent"), firm])
    assert "只能是同一个持证人" in words(answer)


def test_the_pages_of_looks_turn(city: City, at: At) -> None:
    holder, card = at("owner"), card_of(city)
    for _ in range(31):
        holder.get(f"/licences/{card}")
    first = holder.get("/my/looks/licences")
    found = re.search(r"\?before=(\d+)", first.content.decode())
    assert found
    assert first.content.decode().count("本人调用") == 30
    assert holder.get(f"/my/looks/licences?before={found[1]}").content.decode().count("本人调用") == 1
    assert holder.get("/my/looks/licences?before=x").status_code == 200
    assert "居民身份证" in words(first)


def test_a_case_that_looked_a_licence_up_is_in_the_list(city: City, at: At) -> None:
    town.submitted(city)
    looks = words(at("owner").get("/my/looks/licences"))
    assert "办件时系统核对电子证照" in looks
    assert "居民身份证" in looks


def test_long_lists_ask_no_more_than_short_ones(city: City, at: At) -> None:
    holder, asked = at("owner"), dict[str, list[int]]()
    for number in (1, 8):
        for _ in range(number):
            authorise(holder, [card_of(city)])
        for address in ("/my/presenting/", "/my/looks/licences"):
            with CaptureQueriesContext(connection) as queries:
                assert holder.get(address).status_code == 200
            asked.setdefault(address, []).append(len(queries))
    assert all(many <= few for few, many in asked.values()), asked
