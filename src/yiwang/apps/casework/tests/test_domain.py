# SPDX-License-Identifier: Apache-2.0
"""The pure rules of casework."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.apps.casework.domain.documents import Handed, complaint_of, resolved
from yiwang.apps.casework.domain.masks import HIDDEN, masked, sees_whole
from yiwang.apps.casework.domain.numbers import case_number, is_case_number, series_of
from yiwang.apps.casework.domain.places import (
    handles,
    must_be_handed_over,
    require_reach,
    starting_place,
    within_reach,
)
from yiwang.apps.casework.domain.promises import may_promise, uses_of
from yiwang.apps.casework.domain.results import missing_fields, results_of, stated, valid_until
from yiwang.apps.casework.domain.roles import CaseScope, may_see, parts_of, takes_in
from yiwang.apps.casework.domain.settings import CORRECTION, limit_of, setting
from yiwang.apps.casework.domain.values import from_json, read, to_json
from yiwang.engines.definitions.kinds.items import Scope
from yiwang.engines.planning import Supply
from yiwang.engines.process.kinds import Role as Part
from yiwang.engines.process.lights import Light, light_of
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import Invalid, Unavailable
from yiwang.kernel.workdays import Limit

from .small import small_catalogue

DAY = dt.date(2026, 3, 2)
SMALL = small_catalogue()


# -- numbers


@given(st.integers(1, 99_999), st.data())
def test_a_wrong_digit_in_a_number_is_noticed(running: int, data: st.DataObject) -> None:
    number = case_number(series_of("411702", DAY), running)
    assert is_case_number(number)
    places = [i for i, c in enumerate(number) if c.isdigit()]
    at = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[at]]))
    assert not is_case_number(number[:at] + other + number[at + 1 :])


@pytest.mark.parametrize("text", ["", "-", "411702", "411702-20260302-00001-x"])
def test_what_is_no_number(text: str) -> None:
    assert not is_case_number(text)


# -- lights


@pytest.mark.parametrize(
    ("today", "light"),
    [
        (1, Light.GREEN),
        (4, Light.YELLOW),
        (6, Light.RED),
        (9, Light.RED),
        (10, Light.LATE),
    ],
)
def test_a_light_by_its_days(today: int, light: Light) -> None:
    day = dt.date(2026, 3, today)
    assert light_of(dt.date(2026, 3, 9), dt.date(2026, 3, 4), dt.date(2026, 3, 6), day) is light
    assert light.term


def test_no_clock_no_light() -> None:
    assert light_of(None, None, None, DAY) is Light.GREY


# -- places


@pytest.mark.parametrize(
    ("scope", "receiving", "handling", "reaches"),
    [
        (Scope.COUNTY, "yicheng", "yicheng", True),
        (Scope.COUNTY, "yicheng", "xiping", False),
        (Scope.CITY, "yicheng", "xiping", True),
        (Scope.CITY, "yicheng", "another-city", False),
        (Scope.PROVINCE, "yicheng", "zhumadian", True),
        (Scope.PROVINCE, "yicheng", "another-city", False),
        (Scope.CROSS_PROVINCE, "yicheng", "another-city", True),
    ],
)
def test_how_far_from_its_place_an_item_may_be_handed_in(
    scope: Scope, receiving: str, handling: str, reaches: bool
) -> None:
    item = SMALL.items["alpha"].model_copy(update={"scope": scope})
    assert within_reach(item, receiving, handling, SMALL.places) is reaches
    if not reaches:
        with pytest.raises(Invalid, match="不能在驿城区申请"):
            require_reach(item, receiving, handling, SMALL.places)


def test_where_a_case_begins_and_when_it_must_move() -> None:
    assert starting_place(waits=False, receiving="a", handling="b") == "a"
    assert starting_place(waits=True, receiving="a", handling="b") == "b"
    assert must_be_handed_over("a", receiving="a", handling="b")
    assert not must_be_handed_over("b", receiving="a", handling="b")
    assert not must_be_handed_over("a", receiving="a", handling="a")
    assert handles(SMALL.places["yicheng"])
    assert not handles(SMALL.places["henan"])
    assert not handles(None)


# -- who is who

SCOPE = CaseScope("f_firm", "o_clerk", "here", "health", "there")


def officer(*posts: Post, id_: str = "o_x") -> Actor:
    return Actor(ActorKind.OFFICER, id_, "甲", posts)


@pytest.mark.parametrize(
    ("actor", "parts", "takes"),
    [
        (system("时钟"), {Part.SYSTEM}, True),
        (Actor(ActorKind.PERSON, "p_1", "李", (), frozenset({"f_firm"})), {Part.APPLICANT}, False),
        (Actor(ActorKind.PERSON, "p_1", "李"), set(), False),
        (officer(Post(Role.COUNTER, "", "here")), {Part.RECEIVER}, False),
        (officer(Post(Role.COUNTER, "", "there")), {Part.RECEIVER}, True),
        (officer(Post(Role.COUNTER, "", "")), {Part.RECEIVER}, True),
        (officer(Post(Role.COUNTER, "", "elsewhere")), set(), False),
        (officer(Post(Role.HANDLER, "health", "there")), {Part.RECEIVER, Part.HANDLER}, True),
        (officer(Post(Role.HANDLER, "health", "here")), set(), False),
        (officer(Post(Role.HANDLER, "tax", "there")), set(), False),
        (officer(Post(Role.APPROVER, "health", "there")), {Part.APPROVER}, False),
        (
            officer(Post(Role.REPRESENTATIVE, "health", "there")),
            {Part.RECEIVER, Part.HANDLER, Part.APPROVER},
            True,
        ),
        (officer(Post(Role.REPRESENTATIVE, "tax", "here"), id_="o_clerk"), {Part.RECEIVER}, False),
        (officer(Post(Role.OPERATOR)), set(), False),
    ],
)
def test_who_has_which_part(actor: Actor, parts: set[Part], takes: bool) -> None:
    assert parts_of(actor, SCOPE) == parts
    assert takes_in(actor, SCOPE) is takes
    assert may_see(actor, SCOPE) is bool(parts)


def test_an_auditor_sees_and_has_no_part() -> None:
    auditor = officer(Post(Role.AUDITOR, "health", ""))
    assert parts_of(auditor, SCOPE) == frozenset()
    assert may_see(auditor, SCOPE)
    assert not may_see(officer(Post(Role.AUDITOR, "tax", "")), SCOPE)


# -- documents


def line(resolution: Supply, **more: Any) -> Any:
    given = {"name": "图", "required": True, "conditional": False, "resolution": resolution, **more}
    return SimpleNamespace(**given)


FILE, PROMISE = Handed(files=True), Handed(promised=True)


@pytest.mark.parametrize(
    ("resolution", "handed", "missing", "way"),
    [
        (Supply.APPLICANT, Handed(), True, Supply.APPLICANT),
        (Supply.APPLICANT, FILE, False, Supply.APPLICANT),
        (Supply.APPLICANT, PROMISE, True, Supply.APPLICANT),
        (Supply.APPLICANT, Handed(signed="v"), True, Supply.APPLICANT),
        (Supply.DEFERRED, Handed(), True, Supply.APPLICANT),
        (Supply.DEFERRED, PROMISE, False, Supply.DEFERRED),
        (Supply.DEFERRED, FILE, False, Supply.APPLICANT),
        (Supply.COMMITMENT, Handed(), True, Supply.APPLICANT),
        (Supply.COMMITMENT, PROMISE, True, Supply.APPLICANT),
        (Supply.COMMITMENT, Handed(signed="v"), False, Supply.COMMITMENT),
        (Supply.COMMITMENT, Handed(signed="old"), True, Supply.COMMITMENT),
        (Supply.COMMITMENT, FILE, False, Supply.APPLICANT),
        (Supply.E_LICENCE, Handed(), False, Supply.E_LICENCE),
        (Supply.E_LICENCE, FILE, False, Supply.APPLICANT),
        (Supply.EARLIER_STEP, PROMISE, False, Supply.EARLIER_STEP),
        (Supply.GENERATED, Handed(), False, Supply.GENERATED),
    ],
)
def test_whether_a_document_is_given(resolution: Supply, handed: Handed, missing: bool, way: Supply) -> None:
    one = line(resolution)
    assert bool(complaint_of(one, handed, "v")) is missing
    assert resolved(one, handed) is way
    for spared in (line(resolution, required=False), line(resolution, conditional=True)):
        assert complaint_of(spared, handed, "v") == ""


def test_only_what_every_asker_waits_for_may_be_promised() -> None:
    late, proof, plan = (uses_of(SMALL, ["alpha", "delta"], m) for m in ("late-paper", "proof", "plan"))
    assert may_promise(late)
    assert may_promise(late + proof)
    assert not may_promise(proof)
    assert not may_promise(late + plan)
    assert not may_promise([])


# -- masks


def test_who_needs_a_value_sees_it_whole() -> None:
    assert sees_whole(has_part=True, is_open=True)
    assert not sees_whole(has_part=True, is_open=False)
    assert not sees_whole(has_part=False, is_open=True)


def test_masks() -> None:
    phone, shop = SMALL.elements["phone"], SMALL.elements["shop"]
    assert masked(phone, "13800000000") == "138****0000"
    assert masked(shop, "小店") == HIDDEN
    assert masked(shop, None) == ""


# -- values


@pytest.mark.parametrize(
    ("element", "typed", "kept"),
    [
        ("area", "１，２００平方米", "1200"),
        ("area", " 50.5 ", "50.5"),
        ("seats", "12", "12"),
        ("shop", "小店", "小店"),
    ],
)
def test_what_people_type_is_understood(element: str, typed: str, kept: str) -> None:
    value = read(SMALL.elements[element], typed)
    assert to_json(value) == kept
    assert from_json(SMALL, {element: to_json(value)}) == {element: value}


def test_what_cannot_be_read_says_what_to_write() -> None:
    with pytest.raises(Invalid, match="只写数字，单位是平方米"):
        read(SMALL.elements["area"], "很大")
    assert from_json(SMALL, {"area": "很大", "unknown": "1", "shop": None}) == {}


# -- results


def test_what_a_result_states() -> None:
    alpha = SMALL.items["alpha"]
    (licence,) = results_of(SMALL, alpha, {})
    known = {"shop": "小店"}
    assert missing_fields(licence, known) == ["alpha-code"]
    assert stated(SMALL, licence, known, {"alpha-code": "甲1", "shop": "别的店"}) == {
        "alpha-code": "甲1",
        "shop": "小店",
    }
    assert stated(SMALL, licence, {}, {}) == {}


def test_how_long_a_result_is_valid() -> None:
    assert valid_until(SMALL.materials["alpha-licence"], DAY) is None
    assert valid_until(SMALL.materials["beta-licence"], DAY) == DAY + dt.timedelta(days=365)


# -- settings


def test_a_setting_is_a_limit_in_its_unit_or_said_to_be_missing() -> None:
    assert limit_of(SMALL, CORRECTION) == Limit(Decimal(30))
    with pytest.raises(Unavailable, match="no-such-setting"):
        setting(SMALL, "no-such-setting")
