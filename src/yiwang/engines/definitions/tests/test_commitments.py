# SPDX-License-Identifier: Apache-2.0
"""Proofs that a commitment may replace are refused where the city's plan refuses them, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from .support import SOUND, told

FOOD, SETTINGS = "national/items/food.yaml", "city/settings/commitments.yaml"
_CITE = "cite: {doc: food-law, at: 第三十五条}"
_COMMITMENT = (
    f"    commitment: {{list_entry: 平面图, proves: 店面有多大, check: {{standard: 与实地一致}}, {_CITE}}}\n"
)
_PARTS = {
    "commitment-way": "自己选",
    "commitment-liability-civil": "赔偿",
    "commitment-liability-administrative": "撤销",
    "commitment-liability-criminal": "移送",
    "commitment-checking-power": "可以核查",
    "commitment-letter": "意思表示真实",
    "commitment-letter-parts": "意思表示真实",
    "commitment-vague-words": "其他材料、必要时",
}


def problems(tmp_path: Path, *, commitment: str = _COMMITMENT, **parts: str) -> list[str]:
    """What is said of a city with this commitment and these general parts."""
    settings = {**_PARTS, **{name.replace("_", "-"): value for name, value in parts.items()}}
    written = "".join(
        f"- {{id: {name}, name: {name}, value: {value}, why: 试, {_CITE}}}\n"
        for name, value in settings.items()
        if value
    )
    item = SOUND[FOOD].replace("  - material: floor-plan\n", "  - material: floor-plan\n" + commitment)
    return [one.what for one in told(tmp_path, {FOOD: item, SETTINGS: written})]


def test_a_whole_notice_passes(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("spoilt", "line"),
    [
        ({"commitment": _COMMITMENT.replace("check:", "concerns: [公共安全], check:")}, "L759"),
        ({"commitment": _COMMITMENT.replace("店面有多大", "其他材料")}, "L769"),
        ({"commitment": _COMMITMENT.replace("与实地一致", "必要时核对")}, "L769"),
        ({"commitment_liability_criminal": ""}, "L769"),
        ({"commitment_checking_power": "必要时核查"}, "L769"),
        ({"commitment_letter": ""}, "L771"),
        ({"commitment_letter": "我承诺"}, "L771"),
        ({"commitment": _COMMITMENT.replace("check:", "agent_may: true, check:")}, "法律依据"),
    ],
)
def test_what_the_plan_refuses_is_told_with_its_line(
    tmp_path: Path, spoilt: dict[str, str], line: str
) -> None:
    (said,) = problems(tmp_path, **spoilt)
    assert line in said
