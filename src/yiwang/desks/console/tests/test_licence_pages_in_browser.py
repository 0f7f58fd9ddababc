# SPDX-License-Identifier: Apache-2.0
"""The pages around licences in a real browser: no barrier, on a phone and in elder mode."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser

from support.around_licences import around_licences
from support.city import City
from support.pages import HOST, PHONE, barriers, browsing
from yiwang.apps.licences.public import held_by

At = Callable[[str], Client]
pytestmark = pytest.mark.browser


def test_the_pages_keep_nobody_out(city: City, at: At, browser: Browser) -> None:
    made = around_licences(city)
    pages = {
        "data": [
            *(f"/console/samplings/{made['sampling']}", f"/console/templates/{made['version']}"),
            *("/console/licences/", "/console/templates/", "/console/sync/", "/console/samplings/"),
        ],
        "approver": [f"/console/stock/{made['sheet']}", "/console/stock/", "/office/mending"],
        "owner": [f"/my/licences/{held_by([city['owner'].id])[0].public_id}/problem"],
    }
    for persona, addresses in pages.items():
        with browsing(browser, at(persona), width=PHONE) as page:
            for address in addresses:
                page.goto(HOST + address)
                assert (address, barriers(page)) == (address, [])
