# SPDX-License-Identifier: Apache-2.0
"""The firm's pages in a real browser: nobody is kept out, on a phone, on a desktop, in elder mode."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser

from support.around_firms import around_firms
from support.city import City
from support.pages import HOST, barriers, browsing
from yiwang.apps.firms import public as firms

At = Callable[[str], Client]
pytestmark = pytest.mark.django_db


def test_a_firm_rates_a_reply_from_its_page_and_nobody_is_kept_out(
    city: City, at: At, browser: Browser
) -> None:
    request = around_firms(city)["firm_request"]
    firms.reply(city["handler"], request, firms.Reply("问了修路的单位", "月底完工，先留一条车道。"))
    with browsing(browser, at("representative of the firm")) as page:
        page.goto(f"{HOST}/my/firm/{city.firm}/requests/new")
        assert barriers(page) == []
        page.goto(f"{HOST}/my/firm/{city.firm}")
        assert barriers(page) == []
        page.get_by_role("link", name="评价答复").press("Enter")
        assert barriers(page) == []
        page.get_by_role("button", name="满意，办结").press("Enter")
        page.get_by_text("已办结").first.wait_for()
