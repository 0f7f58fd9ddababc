# SPDX-License-Identifier: Apache-2.0
"""Definitions that would harm somebody, or do nothing, do not load."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from yiwang.engines.credit import CreditEntry, CreditMeasure

CITE = {"doc": "setting", "at": "测试"}


def made(**changed: Any) -> dict[str, Any]:
    """A sound entry with some keys changed."""
    sound: dict[str, Any] = {
        "id": "x", "name": "某类", "kind": "entry", "sort": "penalty", "subjects": ["firm"], "basis": [CITE],
        "terms": [{"least": 3, "shown": 12, "used": 12, "cite": CITE}],
    }  # fmt: skip
    return sound | changed


def test_a_sound_entry_loads() -> None:
    assert CreditEntry.model_validate(made()).terms[0].shown == 12


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"terms": [{"shown": None, "used": None, "cite": CITE}]}, "使用期"),
        ({"terms": [{"least": 13, "shown": 12, "used": 12, "cite": CITE}]}, "最短公示期"),
        ({"terms": [{"shown": 24, "used": 12, "cite": CITE}]}, "不能长于使用期"),
        ({"sort": "black"}, "entering"),
        ({"sort": "permit", "repair": "some"}, "不需要修复"),
        ({"basis": []}, "basis"),
        ({"subjects": ["thing"]}, "subjects"),
        (
            {
                "sort": "black",
                "entering": {
                    "standard": ["x"],
                    "standard_cite": CITE,
                    "leaving": ["x"],
                    "leaving_cite": CITE,
                    "notice": {"days": 5, "cite": CITE},
                    "clean": True,
                },
            },
            "守信名单",
        ),
    ],
)
def test_an_unsound_one_does_not(changed: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        CreditEntry.model_validate(made(**changed))


def test_dealings_are_of_public_resources_alone() -> None:
    given = {
        "id": "x", "name": "某措施", "kind": "measure", "effect": "bar", "scenes": ["办件"], "org": "o",
        "section": "某科", "post": "某岗", "basis": CITE, "dealings": ["招标投标"],
    }  # fmt: skip
    with pytest.raises(ValidationError, match="公共资源交易"):
        CreditMeasure.model_validate(given)
    sound = CreditMeasure.model_validate(given | {"scenes": ["公共资源交易"]})
    assert [one.value for one in sound.dealings] == ["招标投标"]
