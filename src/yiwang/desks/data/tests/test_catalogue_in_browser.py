# SPDX-License-Identifier: Apache-2.0
"""The catalogue, needs and the census in a real browser: searched without scripts, no barrier on any page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from support.city import City
from support.pages import HOST, PHONE, barriers, browsing
from yiwang.apps.exchange.public import NewNeed, list_need, save_entry
from yiwang.engines.exchange import NeedKind

pytestmark = pytest.mark.browser
FIELD = {"id": "item-1", "name": "登记号", "type": "uscc", "grade": "general_1"}


def test_no_page_of_the_catalogue_shuts_anybody_out(
    city: City, at: Callable[[str], Client], browser: Browser
) -> None:
    officer = city["data of a department"]
    need = list_need(officer, NewNeed("health", NeedKind.VERIFY, "核验婚姻状况", "申请人是否已婚"))
    entry = save_entry(officer, "health", {"name": "医疗机构执业登记信息", "fields": [FIELD]})
    pages = {
        "data": ["catalogue/marriage-registration", "catalogue/links", f"needs/{need}"],
        "data of a department": ["catalogue/", f"census/{entry}"],
    }
    for persona, addresses in pages.items():
        with browsing(browser, at(persona)) as page:
            for address in addresses:
                page.goto(f"{HOST}/data/{address}")
                assert barriers(page) == [], address
    with browsing(browser, at("handler"), width=PHONE, scripts=False) as page:
        page.goto(f"{HOST}/data/catalogue/")
        page.get_by_label("找什么").fill("结婚证")
        page.get_by_role("button", name="查找").click()
        page.get_by_role("link", name="婚姻登记信息").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("婚姻登记信息")
