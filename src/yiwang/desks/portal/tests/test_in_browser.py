# SPDX-License-Identifier: Apache-2.0
"""In a real browser: no barrier on any page, on a phone and in elder mode; with scripts, and without."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from support import city as town
from support.city import City
from support.pages import HOST, PHONE, barriers, browsing
from yiwang.apps.casework import public as casework
from yiwang.engines.definitions.kinds.elements import ElementType

from .test_after import OFFICE, officer
from .test_public import QUERY

At = Callable[[str], Client]
pytestmark = pytest.mark.browser
RESTAURANT = "/life-events/open-restaurant"


def test_public_pages_keep_nobody_out(city: City, at: At, browser: Browser) -> None:
    pages = [
        "/",
        "/search?q=开饭店",
        "/search?q=造火箭上天",
        RESTAURANT,
        "/life-events/retirement",
        f"{RESTAURANT}/plan?{urlencode(QUERY)}",
        f"{RESTAURANT}/plan",
        f"{RESTAURANT}/plan?seat-count=abc",
        f"{RESTAURANT}/notice?{urlencode(QUERY)}",
        "/life-events/simple-deregistration/plan?dereg-abnormal=true",
        "/items/food-licence",
        "/items/nothing",
    ]
    with browsing(browser, at("anonymous"), width=PHONE, elder=True) as page:
        for address in pages:
            page.goto(HOST + address)
            assert (address, barriers(page)) == (address, [])


def test_an_applicants_pages_keep_nobody_out(city: City, at: At, browser: Browser) -> None:
    made, empty, sent = town.draft(city), town.draft(city, ready=False), town.submitted(city)
    asked = [casework.Point("resident-name", "写错了"), casework.Point("id-card", "请重新拍照")]
    casework.ask_correction(officer(OFFICE), town.item_of(city, sent), asked)
    pages = [
        *(f"/applications/{made}/{page}" for page in ("answers", "form", "documents", "delivery", "review")),
        *(f"/applications/{empty}/{page}?check=1" for page in ("form", "documents", "review")),
        *(f"/applications/{sent}/{page}" for page in ("receipt", "progress", "correct", "later", "withdraw")),
        f"/applications/start?{urlencode({'event': 'open-restaurant', **QUERY})}",
        "/applications/",
        "/notices/",
        "/my-data/",
    ]
    with browsing(browser, at("owner"), width=PHONE, elder=True) as page:
        for address in pages:
            page.goto(HOST + address)
            assert (address, barriers(page)) == (address, [])


def test_a_question_appears_as_soon_as_it_applies(city: City, at: At, browser: Browser) -> None:
    with browsing(browser, at("anonymous")) as page:
        page.goto(HOST + RESTAURANT)
        way = page.locator("#slot-fire-check-way .field")
        expect(way).to_have_count(0)
        page.fill("#id_seat-count", "12")
        page.press("#id_seat-count", "Tab")
        expect(way).to_be_visible()
        page.check("#id_fire-check-way")
        page.fill("#id_staff-count", "3")  # another change leaves what was answered alone
        page.press("#id_staff-count", "Tab")
        expect(page.locator("#id_fire-check-way")).to_be_checked()
        page.fill("#id_seat-count", "0")
        page.press("#id_seat-count", "Tab")
        expect(way).to_have_count(0)


def test_what_is_typed_is_saved_while_typing(city: City, at: At, browser: Browser) -> None:
    made = town.draft(city, ready=False)
    elements = city.catalogue.elements
    fields = casework.draft_view(city["owner"], made).plan.form.fields
    name = next(
        one.element
        for one in fields
        if one.source.value == "applicant" and elements[one.element].type is ElementType.TEXT
    )
    with browsing(browser, at("owner")) as page:
        page.goto(f"{HOST}/applications/{made}/form")
        page.fill(f"#id_{name}", "王甲")
        page.press(f"#id_{name}", "Tab")
        expect(page.locator("#saved")).to_contain_text("已自动保存")
    assert casework.draft_view(city["owner"], made).typed[name] == "王甲"


def test_the_way_to_the_plan_works_without_scripts_by_keyboard(city: City, at: At, browser: Browser) -> None:
    with browsing(browser, at("anonymous"), scripts=False) as page:
        page.goto(HOST)
        page.focus("#q")
        page.keyboard.type("我想开一家小饭馆")
        page.keyboard.press("Enter")
        page.get_by_role("link", name=city.catalogue.life_events["open-restaurant"].name).first.press("Enter")
        page.get_by_role("button", name="看看怎么办").press("Enter")
        expect(page.get_by_role("link", name="开始办理").first).to_be_visible()
