# SPDX-License-Identifier: Apache-2.0
"""The machine's own Chromium, driven by Playwright: a new, empty profile for every test run.

No browser is downloaded. A test takes the fixture `browser` and opens its own context (language,
viewport, scripts on or off), which is the unit of isolation. Pages of our one site share a process,
drawing and network are in the browser's own, and scripts are not optimised while they run: a page lives
for a second here, and starting processes and optimising cost it more than they gave.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",
    "--disable-site-isolation-trials",
    "--in-process-gpu",
    "--enable-features=NetworkServiceInProcess2",
    "--js-flags=--no-opt --no-maglev",
)


def find_chromium() -> str | None:
    """Return the path of Chromium: CHROMIUM if set, else the first known name on PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; the test fails, and says how to get one, where there is none."""
    program = find_chromium()
    if program is None:
        pytest.fail("no Chromium on this machine: run scripts/need chromium, or set CHROMIUM")
    # Playwright's synchronous interface keeps an event loop in this thread, which Django takes for
    # an asynchronous context; the tests stay synchronous, so its guard is switched off for the run.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # For the same reason Django would open a second connection here, and wait for the first one's
    # lock: while the browser runs, connections are this thread's own, whoever runs in it.
    shared, own = connections._connections, threading.local()  # type: ignore[attr-defined]
    for alias in connections:
        setattr(own, alias, connections[alias])
    connections._connections = own  # type: ignore[attr-defined]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS), headless=True)
        yield chromium
        chromium.close()
    connections._connections = shared  # type: ignore[attr-defined]
