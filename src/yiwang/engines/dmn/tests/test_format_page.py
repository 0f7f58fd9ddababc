# SPDX-License-Identifier: Apache-2.0
"""docs/formats/dmn.md tells the truth: its limits are those of the code, its sums add up."""

from __future__ import annotations

import re
from pathlib import Path

from yiwang.engines import dmn
from yiwang.engines.dmn import boxed, items, running, xml
from yiwang.engines.rules import parser, wide_lists, wide_run, wide_text

PAGE = (Path(__file__).parents[5] / "docs" / "formats" / "dmn.md").read_text(encoding="utf-8")


def test_the_page_states_the_limits() -> None:
    limits = PAGE.split("## Limits")[1].split("##")[0]
    stated = set(re.findall(r"\d+(?:,\d{3})*", limits))
    assert stated >= {
        f"{limit:,}"
        for limit in (
            xml.MAX_BYTES, xml.MAX_ELEMENTS, boxed.MAX_DEPTH, items.MAX_DEPTH, running.MAX_DEPTH,
            wide_run.MAX_CALLS, parser.MAX_LENGTH, parser.MAX_NESTING, running.MAX_STEPS,
            wide_text.MAX_PATTERN, wide_text.MAX_SEARCHED, wide_lists.MAX_COMPARED,
        )
    }  # fmt: skip


def test_what_is_not_passed_adds_up() -> None:
    total, passed = re.search(r"^\| 3 \| ([\d,]+) \| ([\d,]+) ", PAGE, re.MULTILINE).groups()  # type: ignore[union-attr]
    rows = re.findall(r"^\| \d{4}-\S+ \| ([\d,]+) of ([\d,]+) ", PAGE, re.MULTILINE)
    missed = sum(_number(all_) - _number(good) for good, all_ in rows)
    assert missed == _number(total) - _number(passed)


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def test_the_page_names_what_the_door_offers() -> None:
    named = PAGE.split("## Using it")[1].split("## What is read")[0]
    assert all(name in named for name in ("read_model", "imported_namespaces", "Evaluation", "write_model"))
    assert set(dmn.__all__) >= {"read_model", "imported_namespaces", "Evaluation", "write_model"}
