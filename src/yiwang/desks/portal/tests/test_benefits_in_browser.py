# SPDX-License-Identifier: Apache-2.0
"""What one is owed, without having applied: confirmed in a browser, with mistakes, on a phone too."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Browser

from support import city as small
from support.around_benefits import around_benefits
from support.pages import HOST, PHONE, barriers, browsing
from yiwang.apps.benefits import public as benefits

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


def test_a_firm_confirms_and_nothing_shuts_it_out(browser: Browser) -> None:
    city = small.build()
    made, client, office = around_benefits(city), Client(), Client()
    boss = city["representative of the firm"]
    client.force_login(city.account("representative of the firm"))
    office.force_login(city.account("handler"))
    with browsing(browser, client, width=PHONE) as page:
        for address in ("/my/benefits/", "/policies/shown", f"/my/benefits/{made['claim']}/object"):
            page.goto(HOST + address)
            assert barriers(page) == [], address
        page.goto(f"{HOST}/my/benefits/{made['claim']}")
        assert page.locator("dt:text('省级智能工厂或车间') + dd").inner_text() == "智能工厂"
        page.get_by_label("开户银行").fill("中国农业银行驿城支行")
        page.get_by_label("账号").fill("12")
        page.get_by_role("button", name="确认享受").click()
        assert barriers(page) == []
        assert page.get_by_label("开户银行").input_value() == "中国农业银行驿城支行"
        page.get_by_label("账号").fill("41170200000001")
        page.get_by_role("button", name="确认享受").click()
        assert "已经确认" in page.inner_text("main")
    assert benefits.claim_view(boss, made["claim"]).state is benefits.State.CONFIRMED
    with browsing(browser, office) as page:
        page.goto(f"{HOST}/office/")
        page.get_by_role("link", name="免申即享名单").click()
        assert barriers(page) == []
