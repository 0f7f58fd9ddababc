# SPDX-License-Identifier: Apache-2.0
"""The purposes that the city defines: none tells anybody more than it says."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest
from pydantic import ValidationError

from support.city import definitions
from yiwang.apps.presentment.domain.purposes import OWN, purpose_of, purposes_for
from yiwang.apps.presentment.domain.seen import Holder, Record, seen
from yiwang.engines.definitions.kinds.materials import MaterialKind
from yiwang.engines.definitions.kinds.purposes import Shown, UsePurpose, Way
from yiwang.kernel.actor import Role

ON = dt.date(2026, 6, 1)
SECRET = "不该看见的值"
HOLDER = Holder("王小明", "王*明", dt.date(2000, 1, 2))


def purposes() -> list[UsePurpose]:
    """Every purpose of the repository's definitions."""
    return [one for one in definitions().others["purposes"].values() if isinstance(one, UsePurpose)]


def record_of(material: str, *, usable: bool = True) -> Record:
    """A licence on which every field has a value that tells which it is."""
    fields = {one.element: f"{SECRET}{one.element}" for one in definitions().materials[material].fields}
    standing = "有效" if usable else "暂停"
    return Record("l_1", material, "编号1", "health", fields, dt.date(2025, 1, 1), None, standing, usable)


def cases() -> list[tuple[UsePurpose, str]]:
    """Every purpose with every licence it may be used for."""
    catalogue = definitions()
    kinds = [one for one in catalogue.materials.values() if one.kind is MaterialKind.LICENCE]
    return [
        (purpose, kind.id)
        for way, kind in product(Way, kinds)
        for purpose in purposes_for(catalogue, way, kind, on=ON)
    ]


def test_there_is_one_for_each_way_and_every_one_is_used_for_something() -> None:
    assert {way for one in purposes() for way in one.ways} == set(Way)
    assert {purpose.id for purpose, _ in cases()} == {one.id for one in purposes()}
    assert purpose_of(definitions(), OWN, on=ON).ways == [Way.OWN]


def test_people_never_see_numbers_whole_names_of_people_or_sensitive_values() -> None:
    catalogue = definitions()
    for purpose, material in cases():
        if not purpose.people:
            continue
        assert not {Shown.HOLDER, Shown.NUMBER} & set(purpose.shows), purpose.id
        shown = seen(catalogue, purpose, record_of(material), HOLDER, on=ON)
        told = {line.element for line in shown.lines if line.element}
        assert not {one for one in told if catalogue.elements[one].sensitive}, (purpose.id, material)
        assert "王小明" not in repr(shown)
        assert "2000" not in repr(shown)


def test_only_the_fields_of_the_purpose_are_seen() -> None:
    catalogue = definitions()
    for purpose, material in cases():
        shown = seen(catalogue, purpose, record_of(material), HOLDER, on=ON)
        told = {line.element for line in shown.lines if line.element}
        printed = {one.element for one in catalogue.materials[material].fields}
        assert told == (printed if purpose.all_fields else printed & set(purpose.fields))


def test_what_does_not_stand_tells_nothing_but_that() -> None:
    for purpose, material in cases():
        shown = seen(definitions(), purpose, record_of(material, usable=False), HOLDER, on=ON)
        assert (shown.lines, shown.usable, shown.standing) == ((), False, "暂停")
        assert SECRET not in repr(shown)


def test_an_age_that_nobody_knows_is_not_guessed() -> None:
    purpose = purpose_of(definitions(), "adult-proof", on=ON)
    firm = Holder("某公司", "某公司")
    shown = seen(definitions(), purpose, record_of("id-card"), firm, on=ON)
    assert {line.label: line.value for line in shown.lines}["已满18周岁"] == "无法判断"


@pytest.mark.parametrize(
    "wrong",
    [
        {"ways": ["show"]},
        {"ways": ["authorise"], "people": True},
        {"ways": ["show"], "people": True, "all_fields": True},
        {"ways": []},
    ],
)
def test_a_purpose_that_makes_no_sense_does_not_load(wrong: dict[str, object]) -> None:
    whole = {
        "id": "x",
        "name": "试",
        "tells": "试",
        "basis": "试",
        "cite": {"doc": "minfadian", "at": "第一条"},
        "officers": [],
    }
    with pytest.raises(ValidationError):
        UsePurpose.model_validate(whole | wrong)
    assert UsePurpose.model_validate(whole | {"ways": ["show"], "officers": [Role.HANDLER.value]})
