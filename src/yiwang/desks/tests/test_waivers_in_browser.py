# SPDX-License-Identifier: Apache-2.0
"""The pages of e-materials and 免证可办 keep nobody out: on a phone, in elder mode, without barriers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser

from support.city import City
from support.pages import HOST, PHONE, barriers, browsing
from yiwang.apps.casework import public as casework
from yiwang.apps.waivers import public as waivers
from yiwang.apps.waivers.public import Kind
from yiwang.desks.portal.tests.test_e_materials import kept

from . import test_waivers as pages

At = Callable[[str], Client]
pytestmark = pytest.mark.browser
OPEN = "document.querySelectorAll('details').forEach(one => one.open = true)"


def test_an_officers_and_the_publics_pages(city: City, at: At, browser: Browser) -> None:
    begin, report = pages.page(Kind.DECLARATION), pages.page(Kind.SURVEY)
    waivers.begin(city["handler"], Kind.SURVEY, org="health", year=pages.year())
    with browsing(browser, at("handler")) as page:
        for address in ("/office/waivers/", begin, report):
            page.goto(HOST + address)
            assert (address, barriers(page)) == (address, [])
        page.get_by_role("button", name="保存并报送").click()
        assert page.get_by_role("alert").is_visible()
        assert barriers(page) == []
    filing = pages.filled(city, city["handler"])
    console = ("/console/waivers/", f"/console/waivers/{filing}", "/console/waivers/lists/survey")
    with browsing(browser, at("data")) as page:
        for address in console:
            page.goto(HOST + address)
            assert (address, barriers(page)) == (address, [])
    waivers.review(city["data"], filing, approve=True)
    batch = waivers.merge(city["data"], Kind.SURVEY)
    with browsing(browser, at("data")) as page:
        page.goto(f"{HOST}/console/waivers/lists/survey")
        assert barriers(page) == []
    merged = waivers.merged_list(Kind.SURVEY)
    assert merged is not None
    waivers.publish(city["data"], batch, chosen=[one.material for one in merged.licences])
    with browsing(browser, at("anonymous"), width=PHONE, elder=True) as page:
        page.goto(f"{HOST}/lists/")
        page.evaluate(OPEN)
        assert barriers(page) == []


def test_a_holders_pages(city: City, at: At, browser: Browser) -> None:
    kept(city)
    kept(city, material="kitchen-layout")
    own = city["owner"].id
    large = pages.town.ANSWERS | {"premises-area": "90"}
    made = casework.start_draft(
        city["owner"], casework.NewDraft(pages.town.EVENT, own, own, pages.town.HERE, large)
    )
    casework.hand_in_myself(city["owner"], made, "id-card")
    with browsing(browser, at("owner"), width=PHONE) as page:
        for address in ("/my/materials/", f"/applications/{made}/documents"):
            page.goto(HOST + address)
            page.evaluate(OPEN)
            assert (address, barriers(page)) == (address, [])
