# SPDX-License-Identifier: Apache-2.0
"""Letters lead to pages: every kind of thing that has a page in the tables is drawn in one room alone."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from yiwang.desks.letters import FOR_OFFICERS, FOR_PEOPLE

APPS = Path(__file__).parents[2] / "src" / "yiwang" / "apps"
_DRAWN = re.compile(r'new_public_id\("([a-z]+)"\)')


def test_a_public_id_says_what_it_is() -> None:
    rooms = defaultdict(set)
    for path in APPS.rglob("*.py"):
        for prefix in _DRAWN.findall(path.read_text(encoding="utf-8")):
            rooms[prefix].add(path.relative_to(APPS).parts[0])
    told = {*FOR_PEOPLE, *FOR_OFFICERS}
    assert {prefix: rooms[prefix] for prefix in told if len(rooms[prefix]) != 1} == {}


@pytest.mark.parametrize("pages", [FOR_PEOPLE, FOR_OFFICERS])
def test_every_page_is_there(pages: dict) -> None:
    assert all(page.address(f"{prefix}_0").startswith("/") for prefix, page in pages.items())
