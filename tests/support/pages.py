# SPDX-License-Identifier: Apache-2.0
"""A page in a real browser whose every request a Django test client answers.

So a browser test sees what the test wrote, in the test's own transaction, and no server is started.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Route, ViewportSize

HOST = "http://localhost"
PHONE, DESKTOP, HEIGHT = 360, 1280, 800
_WIDTHS = {PHONE: [True, False], DESKTOP: [False]}  # in elder mode and not
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
_AXE = Axe().axe_script
_OPTIONS = {"runOnly": _RULES, "resultTypes": ["violations"]}
_KEPT: WeakKeyDictionary[Browser, dict[bool, Page]] = WeakKeyDictionary()
_CONTRASTS: set[str] = set()
_WIPE = "try { localStorage.clear(); sessionStorage.clear() } catch (refused) { }"
_OVER = """modes => modes.map(elder => {
  const root = document.documentElement
  root.classList.toggle('elder', elder)
  return root.scrollWidth - root.clientWidth
})"""
_LOOKS = """
// What decides the contrast of a text: its element's own style, and all that lies behind it. What is out
// of the flow may lie over anything, and is like nothing else.
const behind = new Map(), ALONE = '|alone '
let alone = 0
const ground = one => {
  if (!one) return ''
  if (!behind.has(one)) {
    const s = getComputedStyle(one)
    const own = [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode]
    const flows = ['static', 'relative'].includes(s.position) && s.float === 'none' && s.transform === 'none'
    behind.set(one, ground(one.parentElement) + '|' + own + (flows ? '' : ALONE + alone++))
  }
  return behind.get(one)
}
const off = one => one.closest(':disabled, [aria-disabled=true]') || one.closest('label')?.control?.disabled
const look = one => {
  const s = getComputedStyle(one)
  const own = [s.color, s.fontSize, s.fontWeight, s.textShadow, s.visibility, s.overflow]
  const before = getComputedStyle(one, '::before').content, after = getComputedStyle(one, '::after').content
  const shown = one.checkVisibility() && one.getClientRects().length > 0
  return [one.tagName, one.className, own, before, after, !!off(one), shown, ground(one)].join(';')
}
const says = one => one.matches('input, select, textarea') ||
  [...one.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.data.trim().length > 1)
"""
_AUDIT = f"""async ([options, known]) => {{
  {_LOOKS}
  const seen = new Set(known), fresh = []
  for (const one of document.querySelectorAll('body *')) {{
    if (!says(one) || seen.has(look(one))) continue
    seen.add(look(one))
    fresh.push(look(one))
    one.setAttribute('data-look', '')
  }}
  axe.configure({{rules: [{{id: 'color-contrast', selector: '[data-look]'}}]}})
  const {{violations, passes}} = await axe.run(options)
  return [{{violations, passes: passes.length}}, fresh.filter(one => !one.includes(ALONE))]
}}"""
_PASSED_ON = {"content-type": "Content-Type", "hx-request": "HX-Request", "x-csrftoken": "X-CSRFToken"}


@contextmanager
def browsing(
    browser: Browser, client: Client, *, width: int = DESKTOP, elder: bool = False, scripts: bool = True
) -> Iterator[Page]:
    """A page on `HOST`, logged in as the client is. At the end its console must be free of faults.

    A page that ended well is wiped and used again: a new one, its process and its machine code cost more
    than two pages of ours. Cookies never get there, `client` keeps them.
    """
    kept = _KEPT.setdefault(browser, {})
    page = kept.pop(scripts, None) or _new_page(browser, scripts=scripts)
    _resize(page, {"width": width, "height": HEIGHT})
    if elder:
        client.cookies["elder"] = "1"
    faults: list[str] = []

    def note(told: ConsoleMessage) -> None:
        if told.type == "error":
            faults.append(told.text)

    def note_fault(fault: Error) -> None:
        faults.append(str(fault))

    page.on("console", note)
    page.on("pageerror", note_fault)
    page.route("**/*", lambda route: _answer(route, client))
    try:
        yield page
        told = [one for one in faults if "the server responded with a status of" not in one]
        assert not told, told
        assert page.context.pages == [page], "close what was opened"
        page.evaluate(_WIPE)
        page.goto("about:blank")
        page.remove_listener("console", note)
        page.remove_listener("pageerror", note_fault)
        page.unroute_all(behavior="wait")
        kept[scripts] = page
    finally:
        if kept.get(scripts) is not page:
            page.context.close()


def _new_page(browser: Browser, *, scripts: bool) -> Page:
    return browser.new_context(locale="zh-CN", java_script_enabled=scripts).new_page()


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
    scrolling on a phone (also in elder mode) or a desktop.

    The contrast of a text is computed once in a process for texts that look alike (`_LOOKS`): it takes
    most of the time, and what decides it is the same on every page.
    """
    tools = page.context.new_cdp_session(page)
    tools.send("Runtime.evaluate", {"expression": _AXE})  # as it is, so that it is compiled once in a process
    tools.detach()
    found, looks = page.evaluate(_AUDIT, [_OPTIONS, sorted(_CONTRASTS)])
    assert found["passes"], "the rules were not applied"
    told = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]
    if not any(one["id"] == "color-contrast" for one in found["violations"]):
        _CONTRASTS.update(looks)
    return told + _too_wide(page)


def _too_wide(page: Page) -> list[str]:
    """How far the page scrolls sideways at each width; its present one is tried first, and kept."""
    told = []
    was = page.viewport_size
    for width in sorted(_WIDTHS, key=lambda one: was is None or one != was["width"]):
        _resize(page, {"width": width, "height": HEIGHT})
        for elder, over in zip(_WIDTHS[width], page.evaluate(_OVER, _WIDTHS[width]), strict=True):
            if over > 0:
                told.append(f"{over} px too wide at {width} px{' in elder mode' if elder else ''}")
    if was:
        _resize(page, was)
    return told


def _resize(page: Page, size: ViewportSize) -> None:
    if page.viewport_size != size:  # being asked for the same again costs as much
        page.set_viewport_size(size)
