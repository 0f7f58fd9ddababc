# SPDX-License-Identifier: Apache-2.0
"""Showing and scanning in a real browser: no barrier, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from support import city as town
from support.city import City
from support.pages import DESKTOP, HOST, PHONE, barriers, browsing
from yiwang.apps.licences.public import Standing, change_standing
from yiwang.apps.presentment import public as present
from yiwang.kernel.actor import system

from .test_presenting import card_of, meet

At = Callable[[str], Client]
pytestmark = pytest.mark.browser


def shown(city: City, persona: str = "owner") -> tuple[str, str]:
    """A card is shown: (showing, token)."""
    showing = present.begin_showing(city[persona], card_of(city, persona), "adult-proof")
    return showing, present.fresh_code(city[persona], showing).token


def used(city: City) -> tuple[str, str, str]:
    """An authorisation, its use by the clerk, and a use of a licence that was revoked meanwhile."""
    card = card_of(city)
    new = present.NewAuthorisation([card], "counter-errand", town.HERE)
    given = present.authorise(city["owner"], new)
    clerk = city["counter"]
    good = present.use_by_code(clerk, given.code, subjects=[city["owner"].id])
    fresh = present.authorise(city["owner"], new).public_id
    bad = present.scan(clerk, _shown_at_counter(city, "other"))
    change_standing(system("测试"), card_of(city, "other"), Standing.SUSPENDED, reason="核查中")
    return fresh, good, bad


def _shown_at_counter(city: City, persona: str) -> str:
    showing = present.begin_showing(city[persona], card_of(city, persona), "counter-check")
    return present.fresh_code(city[persona], showing).token


def pages_of(city: City) -> dict[str, list[str]]:
    """Who opens which pages."""
    card, (showing, token) = card_of(city), shown(city)
    fresh, good, bad = used(city)
    return {
        "owner": [
            "/my/presenting/",
            f"/licences/{card}",
            f"/my/presenting/{card}",
            "/my/authorisations/new",
            f"/my/authorisations/{fresh}",
            "/my/looks/licences",
        ],
        "agent": [f"/s/{token}"],
        "counter": ["/scan", f"/s/{token}", "/counter/authorised", f"/uses/{good}", f"/uses/{bad}"],
        "owner again": [f"/my/showings/{showing}"],
    }


def test_pages_of_showing_keep_nobody_out(city: City, at: At, browser: Browser) -> None:
    """A clerk at a desk, everybody else with a phone in elder mode; sideways at every width."""
    for persona, pages in pages_of(city).items():
        client, at_desk = at(persona.removesuffix(" again")), persona == "counter"
        if at_desk:
            meet(client, city)
        with browsing(browser, client, width=DESKTOP if at_desk else PHONE, elder=not at_desk) as page:
            for address in pages:
                page.goto(HOST + address)
                assert (address, barriers(page)) == (address, [])


def test_forms_that_failed_keep_nobody_out(city: City, at: At, browser: Browser) -> None:
    clerk = at("counter")
    meet(clerk, city)
    failing = {
        "/my/authorisations/new": (at("owner"), "授权"),
        f"/my/presenting/{card_of(city)}": (at("owner"), "出示亮证码"),
        "/counter/authorised": (clerk, "调出证照"),
        "/scan": (clerk, "核验"),
    }
    for address, (client, button) in failing.items():
        with browsing(browser, client, width=PHONE, elder=True) as page:
            page.goto(HOST + address)
            page.get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_role("alert").first).to_be_visible()
            assert (address, barriers(page)) == (address, [])


def test_the_holders_page_says_by_itself_that_it_was_scanned(city: City, at: At, browser: Browser) -> None:
    showing = present.begin_showing(city["owner"], card_of(city), "adult-proof")
    with browsing(browser, at("owner"), width=PHONE) as page:
        page.goto(f"{HOST}/my/showings/{showing}")
        picture = page.get_by_role("img", name="亮证码")
        expect(picture).to_be_visible()
        box = picture.bounding_box()
        assert box
        assert box["width"] > 200
        page.get_by_role("link", name="换一个新码").click()
        token = present.fresh_code(city["owner"], showing).token
        present.scan(city["other"], token)
        expect(page.get_by_text("对方已经看过了")).to_be_visible(timeout=15_000)
        assert barriers(page) == []


def test_showing_and_scanning_need_no_script(city: City, at: At, browser: Browser) -> None:
    with browsing(browser, at("owner"), width=PHONE, scripts=False) as page:
        page.goto(f"{HOST}/my/presenting/")
        page.get_by_role("link", name=re.compile("^亮证.*居民身份证")).click()
        page.get_by_role("radio", name="证明已满18周岁").check()
        page.get_by_role("button", name="出示亮证码").click()
        first = page.locator(".qr").inner_html()
        page.get_by_role("link", name="换一个新码").click()
        assert page.locator(".qr").inner_html() != first
        showing = page.url.rsplit("/", 1)[-1]
    token = present.fresh_code(city["owner"], showing).token
    with browsing(browser, at("agent"), width=PHONE, scripts=False) as page:
        page.goto(f"{HOST}/s/{token}")
        page.get_by_label("以谁的名义看").select_option(label="驻马店市测试餐饮有限公司")
        page.get_by_role("button", name="查看").click()
        expect(page.get_by_text("证照有效")).to_be_visible()
        page.go_back()
        page.reload()
        expect(page.get_by_text("这个码已经用过了")).to_be_visible()
