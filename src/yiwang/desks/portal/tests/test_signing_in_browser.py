# SPDX-License-Identifier: Apache-2.0
"""In a real browser: a signature is drawn with the mouse and used; no barrier on any of its pages; the
same without scripts, from the name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from support import city as town
from support.city import City
from support.pages import HOST, PHONE, barriers, browsing
from support.signing import SECRET, plugged
from yiwang.apps.casework import public as casework
from yiwang.apps.signatures import public as signatures

At = Callable[[str], Client]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
APPLY = f"{HOST}/my/signature/apply"


@pytest.fixture(autouse=True)
def _service() -> Iterator[None]:
    with plugged():
        yield


def draw(page: Page) -> None:
    """Two strokes on the pad."""
    pad = page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    for start, end in (((0.2, 0.3), (0.5, 0.8)), ((0.4, 0.2), (0.8, 0.7))):
        page.mouse.move(box["x"] + box["width"] * start[0], box["y"] + box["height"] * start[1])
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * end[0], box["y"] + box["height"] * end[1], steps=6)
        page.mouse.up()


def finish(page: Page) -> None:
    """Type the password twice and apply."""
    page.get_by_label("设一个签名口令").fill(SECRET)
    page.get_by_label("再输入一次签名口令").fill(SECRET)
    page.get_by_role("button", name="申请", exact=True).click()


def test_a_signature_is_drawn_and_signs_the_form(city: City, at: At, browser: Browser) -> None:
    draft = town.draft(city)
    with browsing(browser, at("owner"), width=PHONE) as page:
        page.goto(f"{HOST}/my/signature")
        assert barriers(page) == []
        page.goto(f"{HOST}/applications/{draft}/sign")
        assert barriers(page) == []
        page.get_by_role("link", name="申请电子签名").click()
        draw(page)
        page.get_by_label("设一个签名口令").fill("短")
        page.get_by_label("再输入一次签名口令").fill("短")
        page.get_by_role("button", name="申请", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("口令")
        assert barriers(page) == []
        assert page.locator("input[name=drawing]").input_value().startswith("data:image/png")
        finish(page)
        expect(page).to_have_url(f"{HOST}/applications/{draft}/sign")
        assert barriers(page) == []
        page.get_by_label("签名口令").fill(SECRET)
        page.get_by_role("button", name="看清楚了，签名").click()
        expect(page.get_by_text("已经电子签名")).to_be_visible()
        assert barriers(page) == []
        page.get_by_label("我承诺以上内容属实").check()
        page.get_by_role("button", name="提交申请").click()
        expect(page.get_by_text("存证：收到的凭据，谁也改不了")).to_be_visible()
        for address in (
            "/my/signature",
            f"/my/signature/uses/{signatures.signings_of(city['owner'])[0].public_id}",
        ):
            page.goto(HOST + address)
            assert (address, barriers(page)) == (address, [])
    assert casework.declaration_of(city["owner"], draft).signed_how == "electronic"


def test_an_empty_pad_is_told_and_wiped_strokes_are_gone(city: City, at: At, browser: Browser) -> None:
    with browsing(browser, at("owner")) as page:
        page.goto(APPLY)
        draw(page)
        page.get_by_role("button", name="擦掉重写").click()
        finish(page)
        expect(page.get_by_role("alert")).to_contain_text("还没有签名")
    assert signatures.my_signature(city["owner"]) is None


def test_without_scripts_the_name_signs(city: City, at: At, browser: Browser) -> None:
    with browsing(browser, at("owner"), scripts=False) as page:
        page.goto(APPLY)
        expect(page.locator("canvas")).to_be_hidden()
        expect(page.get_by_role("radio", name="按姓名生成")).to_be_checked()
        finish(page)
        expect(page.get_by_text("电子签名可以用了")).to_be_visible()


def test_the_page_on_proofs_keeps_nobody_out(city: City, at: At, browser: Browser) -> None:
    with browsing(browser, at("anonymous"), width=PHONE, elder=True) as page:
        page.goto(f"{HOST}/proof")
        assert barriers(page) == []
