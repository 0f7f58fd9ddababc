# SPDX-License-Identifier: Apache-2.0
"""A catalogue with one resource, its source in memory, a grant."""

from __future__ import annotations

import pytest

from support import gateway as world


@pytest.fixture
def source(db: None) -> world.Memory:
    """The source of the one resource: the houses of nine people."""
    world.publish()
    memory = world.Memory({world.number(n): world.row_of(n) for n in range(1, 10)})
    world.connect(memory)
    return memory


@pytest.fixture
def grant(source: world.Memory) -> str:
    """A grant of everything but the mortgage, the name plain."""
    return world.grant()
