# SPDX-License-Identifier: Apache-2.0
"""MAP.md names every app and every engine that exists, and none that does not."""

import re
from pathlib import Path

import pytest

from support.sources import APPS, ENGINES, ROOT, rooms

MAP = ROOT / "MAP.md"


@pytest.mark.skipif(not MAP.exists(), reason="there is no MAP.md yet")
@pytest.mark.parametrize("folder", [APPS, ENGINES], ids=lambda folder: folder.name)
def test_the_map_shows_the_rooms_that_exist(folder: Path) -> None:
    shown = set(re.findall(rf"\b{folder.name}/([a-z_]+)", MAP.read_text(encoding="utf-8")))
    assert shown == {room.name for room in rooms(folder)}
