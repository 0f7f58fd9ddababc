# SPDX-License-Identifier: Apache-2.0
"""For the tests of all rooms: one browser for a run (Playwright runs once in a thread), and the dearest tests
first: whoever has nothing left takes over from the end of another's list, which is of small tests then.
"""

import gc

import pytest

from support.chromium import browser
from support.claims import claims
from support.databases import django_db_setup

__all__ = ["browser", "claims", "django_db_setup"]
_FIRST = (
    *("tests/journeys/test_killed.py", "tests/journeys/test_gateway_killed.py", "tests/operations/"),
    *("tests/journeys/test_bad_input.py", "tests/guards/test_access_matrix.py"),
    *("tests/journeys/test_demonstration.py", "tests/journeys/test_at_once.py"),
    *("tests/journeys/test_stock_killed.py", "tests/journeys/test_match_killed.py"),
    "src/yiwang/engines/planning/tests/test_promises_of_every_plan.py",
)


gc.disable()  # until everything is collected: there is no garbage among what stays


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first; the others stay as they were collected."""
    items.sort(key=lambda item: not item.nodeid.startswith(_FIRST))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Thousands of collected tests stay until the end: garbage is looked for elsewhere, and less often."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)
