# SPDX-License-Identifier: Apache-2.0
"""Every test plugs its own service in; what was plugged in before comes back after it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

import pytest

from yiwang.apps.signatures import plugs


@pytest.fixture(autouse=True)
def own_plugs() -> Iterator[None]:
    """Put back what was plugged in."""
    before = copy(plugs._plugs)
    yield
    vars(plugs._plugs).update(vars(before))
