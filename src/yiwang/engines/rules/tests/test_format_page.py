# SPDX-License-Identifier: Apache-2.0
"""docs/formats/rules.md tells the truth: its examples are run, its lists are complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from yiwang.engines.rules import builder, evaluate, evaluator, parse, parser
from yiwang.engines.rules.functions import FUNCTIONS

PAGE = (Path(__file__).parents[5] / "docs" / "formats" / "rules.md").read_text(encoding="utf-8")
FUNCTION_ROWS = 4  # of the table of functions, which is no example
EXAMPLES = re.findall(r"^\| `(.+?)` \| (.*?) ?\| `(.+?)` \|$", PAGE, re.MULTILINE)


def value(text: str) -> Any:
    """A fact as the page writes it: FEEL, and lists of records as [{额 = 1}, {额 = 2}]."""
    records = re.fullmatch(r"\[(\{.*\})\]", text)
    if records:
        return [facts(record) for record in re.findall(r"\{(.*?)\}", text)]
    return evaluate(parse(text), {})


def facts(text: str) -> dict[str, Any]:
    pairs = [pair.split(" = ", 1) for pair in text.split("; ") if pair]
    return {name: value(given) for name, given in pairs}


@pytest.mark.parametrize(("rule", "given", "result"), EXAMPLES)
def test_an_example_of_the_page(rule: str, given: str, result: str) -> None:
    assert evaluate(parse(rule), facts(given)) == evaluate(parse(result), {})


def test_the_page_has_examples_in_every_chapter() -> None:
    chapters = [part for part in PAGE.split("\n## ") if "\n| rule | facts | result |\n" in part]
    assert len(chapters) == 4
    assert len(EXAMPLES) == sum(part.count("\n| `") for part in chapters) - FUNCTION_ROWS


def test_the_page_lists_every_function_and_no_other() -> None:
    table = PAGE.split("## Functions")[1].split("`date(")[0]
    named = {
        name for row in re.findall(r"^\| (`.+?`) \|", table, re.MULTILINE) for name in row[1:-1].split("` `")
    }
    assert named == set(FUNCTIONS)


def test_the_page_states_the_limits_and_the_kept_words() -> None:
    limits = (parser.MAX_LENGTH, parser.MAX_NESTING, evaluator.MAX_STEPS)
    assert all(f"{limit:,}" in PAGE for limit in limits)
    kept = PAGE.split("These words are kept:")[1].split(".")[0]
    assert set(kept.replace("`", " ").split()) >= builder.RESERVED
