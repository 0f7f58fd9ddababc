# SPDX-License-Identifier: Apache-2.0
"""For the tests of all rooms: one browser for a run (Playwright runs once in a thread), and the tests that
wait for real processes first, so that no worker is left alone with them at the end."""

import gc

import pytest

from support.chromium import browser
from support.claims import claims

__all__ = ["browser", "claims"]
_FIRST = ("tests/journeys/test_killed.py", "tests/journeys/test_gateway_killed.py", "tests/operations/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first; the others stay as they were collected."""
    items.sort(key=lambda item: not item.nodeid.startswith(_FIRST))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Thousands of collected tests stay until the end: garbage is looked for elsewhere, and less often."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
