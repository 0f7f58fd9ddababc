# SPDX-License-Identifier: Apache-2.0
"""However a file is spoiled, the loader tells of a place that exists, and never breaks."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.engines.definitions import inspect
from yiwang.engines.definitions.complaints import MOST

from .support import SOUND, city, told

_PIECES = st.sampled_from(
    [
        "", " ", "\n", "  ", "\t", ":", ": ", "- ", "[", "]", "{", "}", "'", '"', "#", "&a ", "*a", "!!str ",
        "null", "true", "0", "1.5", "2026-01-01", "id", "refines: true\n", "name: 甲\n", "经营面积", "food",
        "valid_to: 2020-01-01\n", "when: 经营面积 >\n", "\u2028", "\x00", "---\n", "<<: {}\n",
    ]
)  # fmt: skip


@given(st.sampled_from([name for name in SOUND if "/" in name]), st.data())
@settings(max_examples=150, deadline=None)
def test_a_spoiled_file_is_told_with_a_place_that_exists(name: str, data: st.DataObject) -> None:
    text = SOUND[name]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + data.draw(_PIECES) + text[end:]
    with tempfile.TemporaryDirectory() as folder:
        root = city(Path(folder), {name: text})
        for problem in inspect(root).problems:
            content = (root.parent / problem.file).read_text(encoding="utf-8")
            assert 1 <= problem.line <= content.count("\n") + 1
            assert problem.what
            assert problem.mend


def test_a_thousand_mistakes_in_one_definition_do_not_drown_the_others(tmp_path: Path) -> None:
    many = SOUND["national/items/food.yaml"] + "".join(f"wrong{number}: 1\n" for number in range(2_000))
    law = SOUND["national/sources/laws.yaml"].replace("kind: law", "kind: lawn")
    problems = told(tmp_path, {"national/items/food.yaml": many, "national/sources/laws.yaml": law})
    assert len([p for p in problems if p.file.endswith("food.yaml")]) == MOST
    assert len([p for p in problems if p.file.endswith("laws.yaml")]) == 1
