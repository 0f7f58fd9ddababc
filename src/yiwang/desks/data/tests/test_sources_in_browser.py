# SPDX-License-Identifier: Apache-2.0
"""The pages of sources and deliveries keep nobody out: wide and narrow, elder mode, sound and broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from support import gateway as world
from support.pages import HOST, barriers, browsing
from yiwang.apps.gateway import public as gateway

from .test_sources_pages import SQL, folder, officer

__all__ = ["folder"]
pytestmark = pytest.mark.browser


def test_pages_without_barriers(folder: Path, browser: Browser) -> None:
    bureau, taker = officer("bureau", ""), officer("asker", world.ASKER)
    bureau.post("/data/sources/house?kind=sql", SQL)
    bureau.post("/data/sources/house/try", {"key": "", "value": ""})
    made = gateway.ask_batch(world.ASKING_DATA, gateway.NewBatch(world.grant(batch=True), gateway.Form.CSV))
    gateway.work_on_batches()
    gateway.take_file(world.ASKING_DATA, made, 1)
    visits = {
        bureau: [
            "/data/sources/",
            *(f"/data/sources/house{kind}" for kind in ("", "?kind=http", "?kind=file")),
        ],
        taker: ["/data/batches/", f"/data/batches/{made}"],
    }
    for client, addresses in visits.items():
        with browsing(browser, client) as page:
            for address in addresses:
                page.goto(HOST + address)
                assert (address, barriers(page)) == (address, [])
    with browsing(browser, bureau) as page:
        page.goto(f"{HOST}/data/sources/house?kind=http")
        page.get_by_role("button", name="保存").click()
        assert page.get_by_role("alert").first.is_visible()
