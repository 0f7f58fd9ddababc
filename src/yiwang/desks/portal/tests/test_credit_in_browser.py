# SPDX-License-Identifier: Apache-2.0
"""The pages of public credit in a real browser: nobody is kept out; a search and an objection by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser

from support.around_credit import around_credit
from support.city import City
from support.pages import HOST, barriers, browsing
from yiwang.apps.credit import public as credit

At = Callable[[str], Client]
pytestmark = pytest.mark.django_db


def test_a_firm_is_found_and_its_boss_objects(city: City, at: At, browser: Browser) -> None:
    told = around_credit(city)
    name = credit.own_records(city["representative of the firm"], city.firm)[0].subject_name
    with browsing(browser, at("anonymous")) as page:
        page.goto(f"{HOST}/credit/")
        assert barriers(page) == []
        page.get_by_label("单位全称").fill(name)
        page.get_by_role("button", name="查询").press("Enter")
        page.get_by_text("异议核查中").wait_for()
        assert barriers(page) == []
    with browsing(browser, at("representative of the firm")) as page:
        for address in (
            f"my/credit/?subject={city.firm}",
            f"my/credit/hearings/{told['credit_listing']}",
            f"my/credit/hearings/{told['credit_removal']}",
            f"my/credit/{told['credit_record']}",
        ):
            page.goto(f"{HOST}/{address}")
            assert barriers(page) == [], address
    with browsing(browser, at("handler")) as page:
        record = f"records/{told['credit_record']}"
        dealing = f"dealings/{told['credit_dealing']}"
        plain = ("", "look", "listings", "codes", "reporting", "dealings/")
        for address in (*plain, record, f"{record}/correct", dealing):
            page.goto(f"{HOST}/office/credit/{address}")
            assert barriers(page) == [], address
