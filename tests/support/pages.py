# SPDX-License-Identifier: Apache-2.0
"""A page in a real browser whose every request a Django test client answers.

So a browser test sees what the test wrote, in the test's own transaction, and no server is started.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Route

HOST = "http://localhost"
PHONE, DESKTOP = 360, 1280
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
_PASSED_ON = {"content-type": "Content-Type", "hx-request": "HX-Request", "x-csrftoken": "X-CSRFToken"}


@contextmanager
def browsing(
    browser: Browser, client: Client, *, width: int = DESKTOP, elder: bool = False, scripts: bool = True
) -> Iterator[Page]:
    """A page on `HOST`, logged in as the client is. At the end its console must be free of faults."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale="zh-CN", java_script_enabled=scripts
    )
    if elder:
        client.cookies["elder"] = "1"
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.route("**/*", lambda route: _answer(route, client))
    try:
        yield page
        told = [one for one in faults if "the server responded with a status of" not in one]
        assert not told, told
    finally:
        context.close()


def _answer(route: Route, client: Client) -> None:
    request = route.request
    parts = urlsplit(request.url)
    address = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = {_PASSED_ON[k]: v for k, v in request.headers.items() if k in _PASSED_ON}
    kind = headers.pop("Content-Type", "application/octet-stream")
    answer: Any
    if request.method == "POST":
        answer = client.generic("POST", address, request.post_data_buffer or b"", kind, headers=headers)
    else:
        answer = client.get(address, headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    sent = {name: value for name, value in answer.items() if name.lower() != "content-length"}
    route.fulfill(status=answer.status_code, headers=sent, body=body)


def barriers(page: Page) -> list[str]:
    """What keeps somebody out of this page: accessibility rules it breaks as it stands, and sideways
    scrolling on a phone (also in elder mode) or a desktop."""
    found = Axe().run(page, options={"runOnly": _RULES, "resultTypes": ["violations"]}).response
    assert found["passes"], "the rules were not applied"
    told = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]
    was = page.viewport_size
    for width, elder in ((PHONE, True), (PHONE, False), (DESKTOP, False)):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("on => document.documentElement.classList.toggle('elder', on)", elder)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        told += [f"{over} px too wide at {width} px{' in elder mode' if elder else ''}"] if over > 0 else []
    if was:
        page.set_viewport_size(was)
    return told
