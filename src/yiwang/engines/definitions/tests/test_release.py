# SPDX-License-Identifier: Apache-2.0
"""A release gives back exactly what was put in, and nothing that was touched since."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines.definitions import KINDS, Catalogue, load
from yiwang.engines.definitions.kinds import Setting
from yiwang.engines.definitions.release import FieldChange, diff_releases, dump_release, load_release
from yiwang.kernel.errors import Invalid

from .support import SOUND, city, swapped


def stored(catalogue: Catalogue) -> dict[str, Any]:
    """The release after a stay in a database."""
    found: dict[str, Any] = json.loads(json.dumps(dump_release(catalogue), ensure_ascii=False))
    return found


def test_a_release_gives_the_catalogue_back(tmp_path: Path) -> None:
    catalogue = load(city(tmp_path))
    back = load_release(stored(catalogue))
    assert back == catalogue
    assert back.digest == catalogue.digest
    assert dump_release(back) == dump_release(catalogue)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", 3),
        ("0.50", "0.50"),
        ("true", True),
        ("甲", "甲"),
        ("'3'", "3"),
        ("0.0000001", None),
        ("'1.5'", None),
        ("2.0", "2.0"),
    ],
)
def test_a_setting_keeps_its_type(tmp_path: Path, written: str, value: object) -> None:
    text = f"id: figure\nname: 数\nvalue: {written}\nwhy: 试\n"
    catalogue = load(city(tmp_path, {"city/settings/a.yaml": text}))
    back = load_release(stored(catalogue))
    kept = back.settings["figure"].value
    assert (type(kept), kept) == (
        type(catalogue.settings["figure"].value),
        catalogue.settings["figure"].value,
    )
    if value is not None:
        assert str(kept) == str(value)


@given(st.integers(-(10**15), 10**15) | st.decimals(-(10**12), 10**12) | st.booleans() | st.text(min_size=1))
def test_any_setting_survives(value: Any) -> None:
    setting = Setting(id="a", name="甲", value=value, why="试")
    back = Setting.model_validate(json.loads(json.dumps(setting.model_dump(mode="json"))))
    assert (type(back.value), back) == (type(setting.value), setting)


def test_the_digest_names_the_content_not_the_files(tmp_path: Path) -> None:
    one = load(city(tmp_path / "one"))
    moved: dict[str, str | bytes | None] = {
        "national/items/food.yaml": None,
        "national/items/deep/er.yaml": "# 搬了家\n" + SOUND["national/items/food.yaml"],
    }
    assert load(city(tmp_path / "two", moved)).digest == one.digest


def test_the_digest_names_the_merged_value(tmp_path: Path) -> None:
    one = load(city(tmp_path / "one"))
    written = SOUND["national/items/food.yaml"].replace(
        "promised_limit: {days: 20", "promised_limit: {days: 5"
    )
    changed = {"national/items/food.yaml": written, "city/items/food.yaml": None}
    assert load(city(tmp_path / "two", dict(changed))).digest == one.digest


def test_the_digest_changes_with_any_value(tmp_path: Path) -> None:
    digests = {load(city(tmp_path / "0")).digest}
    changes = [("第三十五条}]", "第三十六条}]"), ("days: 20", "days: 20.5"), ("有固定场所", "有固定的场所")]
    for number, (old, new) in enumerate(changes, 1):
        changed = swapped("national/items/food.yaml", old, new)
        digests.add(load(city(tmp_path / str(number), changed)).digest)
    assert len(digests) == len(changes) + 1


def test_the_digest_of_nothing_is_known() -> None:
    empty = dump_release(Catalogue())
    # printf '{"digests":{},"format":"yiwang-release/1"}' | sha256sum
    assert empty["digest"] == "f16589063c9c3de1b6f8bac8825cd4bd503e8b96f461979464f0fa3dc9649196"


def _tampered(release: dict[str, Any]) -> dict[str, dict[str, Any]]:
    def changed(change: Any) -> dict[str, Any]:
        other = copy.deepcopy(release)
        change(other)
        return other

    food = release["definitions"]["items"]["food"]
    return {
        "a value": changed(lambda r: r["definitions"]["items"]["food"].update(summary="另一句")),
        "a value and its digest": changed(
            lambda r: (
                r["definitions"]["items"]["food"].update(summary="另一句"),
                r["digests"]["items"].update(food="0" * 64),
            )
        ),
        "a definition gone": changed(lambda r: r["definitions"]["items"].pop("food")),
        "a definition gone with its digest": changed(
            lambda r: (r["definitions"]["items"].pop("food"), r["digests"]["items"].pop("food"))
        ),
        "a definition more": changed(lambda r: r["definitions"]["items"].update(more=food)),
        "the digest": changed(lambda r: r.update(digest="0" * 64)),
        "no digest": changed(lambda r: r.pop("digest")),
        "no digests": changed(lambda r: r.pop("digests")),
        "the format": changed(lambda r: r.update(format="yiwang-release/2")),
    }


def test_a_release_that_was_touched_is_refused(tmp_path: Path) -> None:
    release = stored(load(city(tmp_path)))
    for what, touched in _tampered(release).items():
        with pytest.raises(Invalid) as caught:
            load_release(touched)
        assert caught.value.mend, what


def test_a_kind_that_is_not_known_is_refused(tmp_path: Path) -> None:
    release = stored(load(city(tmp_path)))
    with pytest.raises(Invalid, match="不认识的种类“items”"):
        load_release(release, kinds={folder: kind for folder, kind in KINDS.items() if folder != "items"})


def test_two_releases_are_compared_value_by_value(tmp_path: Path) -> None:
    before = load(city(tmp_path / "one"))
    food = (
        SOUND["national/items/food.yaml"]
        .replace("  - {element: area}\n  - {element: trade}\n", "  - {element: trade, required: false}\n")
        .replace("days: 20, cite", "days: 15, cite", 1)
    )
    changed = {
        "national/items/food.yaml": food,
        "national/orgs/more.yaml": "id: bank\nname: 银行\nkind: bank\nshort_name: 行\n"
        "cite: {doc: setting, at: 一}\n",
        "city/life_events/restaurant.yaml": None,
    }
    after = load(city(tmp_path / "two", dict(changed)))
    diff = diff_releases(dump_release(before), dump_release(after))
    assert diff.added == (("orgs", "bank"),)
    assert diff.removed == (("life_events", "restaurant"),)
    assert [(change.folder, change.id) for change in diff.changed] == [("items", "food")]
    fields = {field.path: field for field in diff.changed[0].fields}
    assert fields["legal_limit.days"] == FieldChange("legal_limit.days", "20", "15")
    assert fields["elements[trade].required"] == FieldChange("elements[trade].required", True, False)
    assert fields["elements[area]"].after is None
    assert len(fields) == 3


def test_another_order_is_a_difference(tmp_path: Path) -> None:
    before = dump_release(load(city(tmp_path / "one")))
    changed = swapped(
        "national/items/food.yaml",
        "  - {element: area}\n  - {element: trade}\n",
        "  - {element: trade}\n  - {element: area}\n",
    )
    diff = diff_releases(before, dump_release(load(city(tmp_path / "two", changed))))
    assert diff.changed[0].fields == (
        FieldChange("elements（顺序）", ["[area]", "[trade]"], ["[trade]", "[area]"]),
    )


def test_equal_releases_do_not_differ(tmp_path: Path) -> None:
    release = dump_release(load(city(tmp_path)))
    assert not diff_releases(release, release)


_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "kind", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)


_parts = st.dictionaries(st.sampled_from("abc"), _values, max_size=3)


def sparse(value: Any) -> Any:
    """The value without keys that hold nothing."""
    if isinstance(value, dict):
        return {key: sparse(child) for key, child in value.items() if child is not None}
    return [sparse(child) for child in value] if isinstance(value, list) else value


@given(_parts, _parts)
def test_a_difference_is_told_exactly_when_there_is_one(a: dict[str, Any], b: dict[str, Any]) -> None:
    def release(value: dict[str, Any]) -> dict[str, Any]:
        return {
            "definitions": {"x": {"y": value}},
            "digests": {"x": {"y": json.dumps(value, sort_keys=True)}},
        }

    diff = diff_releases(release(a), release(b))
    same = json.dumps(sparse(a), sort_keys=True) == json.dumps(sparse(b), sort_keys=True)
    assert bool(diff) != same
    if diff:
        assert diff.changed[0].fields
