# SPDX-License-Identifier: Apache-2.0
"""What a licence states may be otherwise this time: another shop, another house."""

from __future__ import annotations

import datetime as dt

import pytest

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.tests import town as t
from yiwang.apps.licences.public import NewLicence, load_stock
from yiwang.engines.planning import AnswerSource, FormField
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound


@pytest.fixture
def holder(town: t.Town) -> t.Town:
    """The owner holds the licence of an earlier shop."""
    old = NewLicence(
        "alpha-licence", "旧1", town["owner"].id, "health", dt.date(2020, 1, 1), fields={"shop": "旧店"}
    )
    load_stock(t.SETUP, [old])
    return town


def shop(town: t.Town, made: str) -> FormField:
    """The form's field for the shop's name."""
    fields = cw.draft_view(town["owner"], made).plan.form.fields
    return next(field for field in fields if field.element == "shop")


def untyped(town: t.Town, *items: str) -> str:
    """A draft whose form does not say the shop's name yet."""
    made = t.draft(town, t.Errand(items))
    cw.save_form(town["owner"], made, {"shop": ""})
    return made


def test_a_licence_in_hand_fills_in(holder: t.Town) -> None:
    field = shop(holder, untyped(holder, "beta"))
    assert (field.source, field.value) == (AnswerSource.E_LICENCE, "旧店")


def test_the_applicant_says_it_is_otherwise_this_time(holder: t.Town) -> None:
    made = untyped(holder, "beta")
    cw.correct_known(holder["owner"], made, "shop")
    assert shop(holder, made).source is AnswerSource.APPLICANT
    assert cw.draft_view(holder["owner"], made).typed["shop"] == "旧店"
    cw.save_form(holder["owner"], made, {"shop": "新店"})
    number = cw.submit(holder["owner"], made, key="differs-1").application
    assert cw.application_view(holder["owner"], number).form["shop"] == "新店"


def test_clearing_the_field_takes_it_from_the_licence_again(holder: t.Town) -> None:
    made = untyped(holder, "beta")
    cw.correct_known(holder["owner"], made, "shop")
    cw.save_form(holder["owner"], made, {"shop": ""})
    assert shop(holder, made).value == "旧店"


def test_an_errand_that_issues_the_licence_anew_asks(holder: t.Town) -> None:
    assert shop(holder, untyped(holder, "alpha")).source is AnswerSource.APPLICANT


def test_what_was_not_filled_in_from_elsewhere_is_simply_typed(holder: t.Town) -> None:
    made = untyped(holder, "alpha")
    with pytest.raises(Invalid):
        cw.correct_known(holder["owner"], made, "shop")
    with pytest.raises(NotAllowed):
        cw.correct_known(holder["owner"], made, "nothing")
    with pytest.raises(NotFound):
        cw.correct_known(holder["stranger"], made, "shop")
