# SPDX-License-Identifier: Apache-2.0
"""MAP.md names every app and every engine that exists, and none that does not; every decision is listed."""

import re
from pathlib import Path

import pytest

from support.sources import APPS, ENGINES, ROOT, rooms

MAP = ROOT / "MAP.md"


@pytest.mark.parametrize("folder", [APPS, ENGINES], ids=lambda folder: folder.name)
def test_the_map_shows_the_rooms_that_exist(folder: Path) -> None:
    shown = set(re.findall(rf"\b{folder.name}/([a-z_]+)", MAP.read_text(encoding="utf-8")))
    assert shown == {room.name for room in rooms(folder)}


def test_every_decision_is_listed_in_order_under_its_own_title() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"^\| \[(\d{4})\]\(([^)]+)\) \|", (folder / "README.md").read_text("utf-8"), re.M)
    files = sorted(path.name for path in folder.glob("0*.md"))
    assert [name for _, name in listed] == files
    assert [number for number, _ in listed] == [name[:4] for name in files]
    for name in files:
        assert (folder / name).read_text("utf-8").startswith(f"# {name[:4]} — "), name
