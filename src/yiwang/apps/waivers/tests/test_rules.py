# SPDX-License-Identifier: Apache-2.0
"""Scope, prefilling, complaints, lists and marks: pure rules, tried as tables."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import product

import pytest

from yiwang.apps.waivers.domain import rows as lines
from yiwang.apps.waivers.domain.filings import State, move
from yiwang.apps.waivers.domain.four import four_uses
from yiwang.apps.waivers.domain.lists import WaivedItem, marks, usable_licences, waived_items
from yiwang.apps.waivers.domain.settings import deadline_of, light_on, scope_on
from yiwang.apps.waivers.public import Kind
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Citation
from yiwang.engines.definitions.kinds.items import SignatureUse
from yiwang.engines.process.lights import Light
from yiwang.kernel.errors import Conflict

from .conftest import VOLUMES, made

HALF, ALL = Decimal("0.5"), Decimal(1)


@pytest.mark.parametrize(
    ("volumes", "share", "wanted"),
    [
        ({}, HALF, set()),
        ({"a": 5}, HALF, {"a"}),
        ({"a": 5, "b": 3}, HALF, {"a"}),
        ({"a": 5, "b": 3, "c": 1}, HALF, {"a", "b"}),
        ({"a": 5, "b": 3, "c": 3, "d": 1}, HALF, {"a", "b", "c"}),
        ({"a": 0, "b": 0}, HALF, {"a", "b"}),
        ({"a": 5, "b": 3}, ALL, {"a", "b"}),
        ({"a": 5, "b": 3}, Decimal(0), set()),
    ],
)
def test_the_top_share_of_items_by_case_volume(
    volumes: dict[str, int], share: Decimal, wanted: set[str]
) -> None:
    assert lines.scoped(volumes, share) == wanted


@pytest.mark.parametrize(
    ("day", "share"),
    [(dt.date(2023, 5, 1), HALF), (dt.date(2024, 12, 31), HALF), (dt.date(2025, 1, 1), ALL)],
)
def test_the_scope_widens_on_its_day(day: dt.date, share: Decimal) -> None:
    assert scope_on(made(), day) == share


def test_deadlines_and_lights_are_settings() -> None:
    city = made()
    assert deadline_of(city, Kind.SURVEY, 2026) == dt.date(2026, 5, 31)
    assert deadline_of(city, Kind.DECLARATION, 2026) == dt.date(2026, 6, 30)
    lights = [light_on(city, Kind.SURVEY, 2026, dt.date(2026, 5, day)) for day in (10, 11, 26, 31)]
    assert lights == [Light.GREEN, Light.YELLOW, Light.RED, Light.RED]
    assert light_on(city, Kind.SURVEY, 2026, dt.date(2026, 6, 1)) is Light.LATE


def test_a_survey_is_filled_from_definitions_and_volumes_the_most_used_first() -> None:
    rows = lines.survey_rows(made(), "health", VOLUMES, HALF)
    assert [(row.item, row.volume, row.in_scope) for row in rows] == [
        ("eat", 900, True),
        ("drink", 40, True),
        ("sleep", 0, False),
    ]
    assert rows[0].licences == {"deed": ""}
    assert rows[1].licences == {"shop-licence": "city"}
    assert rows[0].results == {"shop-licence": "证照"}
    assert rows[1].results == {"notice": "非证照结果"}
    assert lines.survey_complaints(made(), rows) == [("eat", "“事项eat”要的“材料deed”没有选来源渠道")]


def test_correcting_a_volume_draws_the_scope_again() -> None:
    rows = lines.survey_rows(made(), "health", VOLUMES, HALF)
    corrected = [lines.SurveyRow(row.item, 9 if row.item == "eat" else 100, False) for row in rows]
    assert {row.item for row in lines.recounted(corrected, HALF) if row.in_scope} == {"drink", "sleep"}


def test_a_declaration_begins_with_all_that_the_published_list_allows() -> None:
    rows = lines.declared_rows(made(), "health", {"deed"})
    assert [(row.item, row.waived) for row in rows] == [("eat", ["deed"]), ("sleep", ["deed"])]
    assert lines.declaration_complaints(made(), rows, {"deed"}) == []
    assert [item for item, _ in lines.declaration_complaints(made(), rows, set())] == ["eat", "sleep"]
    wrong = [lines.DeclaredRow("drink", ["deed"], ["deed"])]
    assert lines.declaration_complaints(made(), wrong, {"deed"})[0][0] == "drink"


def test_the_list_holds_what_can_be_got_electronically_and_is_not_listed_yet() -> None:
    rows = [
        lines.SurveyRow("eat", 900, True, {"deed": "province"}),
        lines.SurveyRow("sleep", 5, True, {"deed": "nation", "shop-licence": "none"}),
        lines.SurveyRow("drink", 40, True, {"shop-licence": "city"}),
    ]
    (deed, shop) = usable_licences(made(), rows, set())
    assert (deed.material, deed.frequency, deed.items, deed.channels) == (
        "deed",
        905,
        2,
        ["nation", "province"],
    )
    assert (shop.material, shop.frequency, shop.made_here) == ("shop-licence", 40, True)
    assert [one.material for one in usable_licences(made(), rows, {"deed"})] == ["shop-licence"]


def test_a_later_batch_says_anew_what_holds_for_its_items() -> None:
    first = [WaivedItem("eat", ["deed", "card"]), WaivedItem("drink", ["deed"])]
    second = [WaivedItem("eat", ["card"])]
    assert marks([(2, second), (1, first)]) == {("eat", "card"): 2, ("drink", "deed"): 1}
    assert waived_items([lines.DeclaredRow("a"), lines.DeclaredRow("b", ["deed"])]) == [
        WaivedItem("b", ["deed"])
    ]


def test_a_report_moves_one_way() -> None:
    legal = {
        ("draft", "submitted"),
        ("submitted", "returned"),
        ("submitted", "reviewed"),
        ("returned", "submitted"),
        ("reviewed", "merged"),
        ("merged", "listed"),
    }
    for now, to in product(State, State):
        if (now.value, to.value) in legal:
            assert move(now, to) is to
        else:
            with pytest.raises(Conflict):
                move(now, to)


def test_each_item_says_which_of_the_four_it_uses() -> None:
    city = made()
    eat = next(one for one in four_uses(city, dt.date(2026, 5, 1)) if one.item.id == "eat")
    assert (eat.signed, eat.count) == ([], 2)
    cite = Citation(doc="law", at="第一条")
    signs = city.items["eat"].model_copy(
        update={"signature": SignatureUse(says="要签名", level=2, cite=cite)}
    )
    signing = Catalogue.of({**city.folders(), "items": {"eat": signs}})
    (eat,) = four_uses(signing, dt.date(2026, 5, 1))
    assert (eat.licences, eat.materials, eat.sealed, eat.signed, eat.count) == (
        ["deed"],
        [],
        ["shop-licence"],
        ["form"],
        3,
    )
