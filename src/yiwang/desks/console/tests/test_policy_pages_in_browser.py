# SPDX-License-Identifier: Apache-2.0
"""The pages of policies in a real browser: no barrier, on a phone and in elder mode."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser

from support.around_policies import around_policies
from support.city import City
from support.pages import HOST, PHONE, barriers, browsing

At = Callable[[str], Client]
pytestmark = pytest.mark.browser


def test_the_pages_keep_nobody_out(city: City, at: At, browser: Browser) -> None:
    made = around_policies(city)
    draft = f"/console/policies/{made['policy_draft']}"
    trial = f"{draft}/test/{made['policy_trial']}"
    pages = [draft, f"{draft}/edit", trial, f"{trial}/sample", "/console/policies/", f"{draft}/test"]
    with browsing(browser, at("data of a department"), width=PHONE) as page:
        for address in pages:
            page.goto(HOST + address)
            assert (address, barriers(page)) == (address, [])
