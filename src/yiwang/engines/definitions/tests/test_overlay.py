# SPDX-License-Identifier: Apache-2.0
"""A lower level gives only what differs; everything keeps the place it came from."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines.definitions import load
from yiwang.engines.definitions.overlay import merge
from yiwang.engines.definitions.problems import Where
from yiwang.engines.definitions.reading import Node, plain

from .support import city, told

CITY_FOOD = "city/items/food.yaml"


def test_a_mapping_merges_key_by_key(tmp_path: Path) -> None:
    food = load(city(tmp_path)).items["food"]
    assert food.promised_limit.days == Decimal(5)
    assert food.promised_limit.cite.doc == "food-law"
    assert food.summary == "许可您卖吃的"


def test_a_list_is_replaced_whole(tmp_path: Path) -> None:
    root = city(tmp_path, {CITY_FOOD: "id: food\nrefines: true\nelements: [{element: area}]\n"})
    assert [use.element for use in load(root).items["food"].elements] == ["area"]


def test_null_takes_an_optional_value_away(tmp_path: Path) -> None:
    root = city(
        tmp_path, {"city/materials/a.yaml": "{id: floor-plan, refines: true, name: 图, issuer: null}\n"}
    )
    assert load(root).materials["floor-plan"].issuer is None
    root = city(tmp_path, {"city/materials/a.yaml": "{id: food-licence, refines: true, issuer: null}\n"})
    assert load(root).materials["food-licence"].issuer is None


def test_the_files_of_a_definition_are_known(tmp_path: Path) -> None:
    assert load(city(tmp_path)).origins["items", "food"] == (
        "definitions/national/items/food.yaml",
        "definitions/city/items/food.yaml",
    )


def test_a_wrong_value_is_told_where_it_was_written(tmp_path: Path) -> None:
    problems = told(tmp_path, {CITY_FOOD: "id: food\nrefines: true\npromised_limit:\n  days: 五\n"})
    assert [(p.file, p.line) for p in problems] == [(f"definitions/{CITY_FOOD}", 4)]


def test_a_second_definition_below_needs_refines(tmp_path: Path) -> None:
    problems = told(tmp_path, {CITY_FOOD: "id: food\npromised_limit: {days: 5}\n"})
    assert [(p.file, p.line) for p in problems] == [(f"definitions/{CITY_FOOD}", 1)]
    assert "上级已有（definitions/national/items/food.yaml:1）" in problems[0].what
    assert "refines: true" in problems[0].mend


def test_refines_without_a_target_is_told_with_the_nearest(tmp_path: Path) -> None:
    problems = told(tmp_path, {CITY_FOOD: "id: foood\nrefines: true\n"})
    assert [(p.line, p.what) for p in problems] == [(2, "上级没有可细化的“foood”")]
    assert "您是不是想写“food”？" in problems[0].mend


def test_refines_on_the_same_level_is_refused(tmp_path: Path) -> None:
    problems = told(tmp_path, {"national/items/zz.yaml": "id: food\nrefines: true\nsummary: 新\n"})
    assert [(p.file, p.line) for p in problems] == [("definitions/national/items/zz.yaml", 2)]
    assert "同一级（national）" in problems[0].what


def test_refines_is_true_or_absent(tmp_path: Path) -> None:
    problems = told(tmp_path, {CITY_FOOD: "id: food\nrefines: 是\n"})
    assert [(p.line, p.what) for p in problems] == [(2, "refines 应当是 true")]


def test_another_city_names_its_own_chain(tmp_path: Path) -> None:
    third = {
        "levels.yaml": "levels: [national, city, district]\n",
        "district/items/a.yaml": "id: food\nrefines: true\npromised_limit: {days: 2}\n",
    }
    root = city(tmp_path, dict(third))
    assert load(root).items["food"].promised_limit.days == Decimal(2)
    assert len(load(root).origins["items", "food"]) == 3


def test_a_caller_may_name_the_chain(tmp_path: Path) -> None:
    root = city(tmp_path, {"levels.yaml": None})
    assert load(root, levels=["national", "city"]).items["food"].promised_limit.days == Decimal(5)


_trees = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)


def _node(value: Any) -> Node:
    here = Where("a.yaml", 1)
    if isinstance(value, dict):
        return Node({key: _node(child) for key, child in value.items()}, here)
    return Node([_node(child) for child in value] if isinstance(value, list) else value, here)


def said_again(a: Any, b: Any) -> Any:
    """What a merge means, said once more on plain values."""
    if not (isinstance(a, dict) and isinstance(b, dict)):
        return b
    return {
        key: said_again(a[key], b[key]) if key in a and key in b else {**a, **b}[key] for key in {**a, **b}
    }


@given(_trees, _trees)
def test_merging_lays_the_second_over_the_first_and_changes_neither(a: Any, b: Any) -> None:
    one, two = _node(a), _node(b)
    assert plain(merge(one, two)) == said_again(a, b)
    assert plain(merge(one, one)) == a
    assert (plain(one), plain(two)) == (a, b)
