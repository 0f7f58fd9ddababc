# SPDX-License-Identifier: Apache-2.0
"""docs/formats/plan.md lists exactly the keys that a plan has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from yiwang.engines.planning import to_json

from .restaurant import BIG, make, restaurant

_PAGE = next(
    parent / "docs/formats/plan.md"
    for parent in Path(__file__).parents
    if (parent / "docs/formats/plan.md").is_file()
)
_WORDS = re.compile(r"`([a-z_]+)`")


def _rows() -> dict[str, set[str]]:
    """Key → the words in backticks beside it, in the table of what comes out."""
    part = _PAGE.read_text(encoding="utf-8").split("## What comes out")[1].split("## Other forms")[0]
    rows = re.findall(r"^\| `([a-z_]+)` \| (.*) \|$", part, re.MULTILINE)
    return {key: set(_WORDS.findall(content)) for key, content in rows}


def _document() -> dict[str, Any]:
    fee = {"name": "登记费", "standard": "80元", "cite": {"doc": "law", "at": "第二条"}}
    catalogue = restaurant(eligibility=[{"when": "是否连锁", "refusal": "不行。", "cite": fee["cite"]}])
    paid = catalogue.items["setup"].model_validate({**catalogue.items["setup"].model_dump(), "fees": [fee]})
    items = {**catalogue.items, "setup": paid}
    catalogue = type(catalogue).of({**catalogue.folders(), "items": items})
    made = make(catalogue, {"sign": BIG["sign"]})
    return to_json(made, catalogue)


def test_the_page_lists_every_key_in_order() -> None:
    assert list(_rows()) == list(_document())


def test_the_page_lists_the_keys_inside() -> None:
    rows, document = _rows(), _document()
    for key, value in document.items():
        first = value[0] if isinstance(value, list) and value else value
        if key == "departments":
            first = value[0][0]
        if isinstance(first, dict):
            assert set(first) <= rows[key], key
    form = document["form"]
    assert set(form["fields"][0]) | set(form["questions"]) <= rows["form"]
    assert all(document[key] for key in ("open_conditions", "questions", "fees", "edges", "visits"))
