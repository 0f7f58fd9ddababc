# SPDX-License-Identifier: Apache-2.0
"""What is written about definitions is true: every key is named, every example is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from yiwang.conf.cli_definitions import group
from yiwang.engines import house
from yiwang.engines.definitions import KINDS, default_directory
from yiwang.engines.definitions.reading import read

GUIDE = default_directory() / "README.md"
FORMAT = default_directory().parent / "docs" / "formats" / "definitions.md"


def _section(folder: str) -> str:
    text = FORMAT.read_text(encoding="utf-8")
    found = re.search(rf"\*\*`{folder}/`\*\*(.*?)\n\n", text, re.DOTALL)
    assert found, f"{FORMAT.name} does not tell of {folder}/"
    return found[1]


@pytest.mark.parametrize("folder", KINDS)
def test_every_key_of_a_kind_is_told_and_bold_where_it_must_be_there(folder: str) -> None:
    kind: type[BaseModel] = KINDS[folder]
    section = _section(folder)
    for name, field in kind.model_fields.items():
        if name in ("id", "name", "valid_from", "valid_to", "note"):
            continue
        assert f"`{name}`" in section, f"{folder}: {name}"
        assert (f"**`{name}`**" in section) == field.is_required(), f"{folder}: {name}"


def test_every_folder_is_told_in_the_guide() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [folder for folder in house.HOUSE_KINDS if f"{folder}/`" not in text] == []


def test_every_command_of_the_guide_is_there() -> None:
    told = set(re.findall(r"`yiwang definitions (\w+)", GUIDE.read_text(encoding="utf-8")))
    assert told <= set(group.commands)
    assert {"check", "list", "show", "diff", "digest"} <= told


@pytest.mark.parametrize("path", [GUIDE, FORMAT], ids=lambda path: path.name)
def test_every_example_is_readable(path: Path) -> None:
    for block in re.findall(r"```yaml\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
        assert read(block.encode(), path.name)[1] == []
