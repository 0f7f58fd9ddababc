# SPDX-License-Identifier: Apache-2.0
"""A department that seals, with keys and files of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.workshop import Workshop, open_workshop


@pytest.fixture
def workshop(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """The department; what a test writes is undone after it."""
    settings.DATA_DIR = tmp_path
    with open_workshop(tmp_path, monkeypatch) as found:
        yield found
