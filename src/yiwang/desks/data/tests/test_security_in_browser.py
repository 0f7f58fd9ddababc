# SPDX-License-Identifier: Apache-2.0
"""The pages of data security and use in a real browser: no barrier on a desktop, a phone, in elder mode."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser

from support.around_security import around_security, on_record, some_calls
from support.city import City
from support.pages import HOST, barriers, browsing

At = Callable[[str], Client]
pytestmark = pytest.mark.browser


def test_the_pages_keep_nobody_out(city: City, at: At, browser: Browser) -> None:
    made = around_security(city)
    made |= on_record(city, made["supervision"])
    some_calls()
    pages = {"security": ["security/"], "data": [f"security/cases/{made['supervision']}", "use/"]}
    for persona, addresses in pages.items():
        with browsing(browser, at(persona)) as page:
            for address in addresses:
                page.goto(f"{HOST}/data/{address}")
                assert (address, barriers(page)) == (address, [])
