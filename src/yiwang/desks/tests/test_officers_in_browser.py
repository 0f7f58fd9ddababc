# SPDX-License-Identifier: Apache-2.0
"""Officers' pages in a real browser: no barrier on any page, on a phone and in elder mode.

A page is opened at a phone's width and in ordinary letters, with which the rules are strictest; `barriers`
tries the other sizes itself.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser

from support import city as town
from support.around_commitments import around_commitments
from support.city import City
from support.pages import HOST, PHONE, barriers, browsing
from yiwang.apps.casework import public as casework
from yiwang.apps.catalogue.public import current_digest

At = Callable[[str], Client]
pytestmark = pytest.mark.browser
UNFOLD = "all => all.forEach(one => { one.open = true })"


def pages_of(city: City) -> dict[str, list[str]]:
    """Who opens which pages; every move of a case is unfolded on them."""
    sent = town.submitted(city)
    case = town.item_of(city, sent)
    check = around_commitments(city, sent)["commitment_check"]
    waiting = next(i.id for i in casework.application_view(city["owner"], sent).items if i.waits_for)
    return {
        "handler": [
            *("/office/", "/office/?waiting=1", "/office/promises", f"/office/cases/{case}"),
            *("/office/commitments/", f"/office/commitments/{check}"),
        ],
        "counter": [
            "/counter/",
            "/counter/intake",
            f"/counter/results/{sent}",
            f"/counter/receipts/{sent}",
            f"/office/cases/{case}",
            f"/office/cases/{waiting}",
        ],
        "catalogue": ["/console/", "/console/releases/", f"/console/releases/{current_digest()}"],
        "operator": ["/console/outbox/"],
        "auditor": ["/console/lights/", "/console/journal/", f"/office/cases/{case}"],
    }


def test_officers_pages_keep_nobody_out(city: City, at: At, browser: Browser) -> None:
    for persona, pages in pages_of(city).items():
        with browsing(browser, at(persona), width=PHONE) as page:
            for address in pages:
                page.goto(HOST + address)
                page.eval_on_selector_all("details", UNFOLD)
                assert (address, barriers(page)) == (address, [])


def test_a_form_that_failed_keeps_nobody_out(city: City, at: At, browser: Browser) -> None:
    case = town.item_of(city, town.submitted(city))
    with browsing(browser, at("handler"), width=PHONE, elder=True) as page:
        page.goto(f"{HOST}/office/cases/{case}")
        page.locator("#do-ask_correction summary").click()
        page.locator("#do-ask_correction input[type=checkbox]").first.check()
        page.locator("#do-ask_correction button").click()
        page.wait_for_selector("#do-ask_correction .notice.error")
        assert page.locator("#do-ask_correction input[type=checkbox]").first.is_checked()
        assert barriers(page) == []


def test_a_case_is_accepted_with_the_keyboard(city: City, at: At, browser: Browser) -> None:
    case = town.item_of(city, town.submitted(city))
    with browsing(browser, at("handler")) as page:
        page.goto(f"{HOST}/office/cases/{case}")
        page.locator("#do-accept button").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".messages")
        assert "已受理" in page.locator(".messages").inner_text()
    assert casework.case_view(city["handler"], case).item.state == "accepted"
