# SPDX-License-Identifier: Apache-2.0
"""Which data is offered, and what an answer is worth: tables of cases over small resources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest

from support.city import definitions
from yiwang.apps.lookups.domain.offers import Granted, Offer, Party, make_offers
from yiwang.apps.lookups.domain.reading import Outcome, Reading, Search, read_rows
from yiwang.engines.definitions import Catalogue
from yiwang.engines.evidence import Asked, Question
from yiwang.engines.exchange import Mask, Resource
from yiwang.engines.exchange.masking import mask

CITE = {"doc": "xingzheng-xuke-fa", "at": "第一条"}
NUMBER, OTHER = "411702198503040119", "411702198503040127"
OWN = frozenset({"resident-id-number"})


def _field(id_: str, type_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": id_, "type": type_, "grade": "general_2", **more}


_WEDDING = [
    _field("one", "id_number", element="resident-id-number", mask="id_number", key=True, subject_id=True),
    _field("name", "text", element="resident-name", mask="name"),
    _field("two", "id_number", mask="id_number", key=True, subject_id=True),
    _field("how", "text") | {"name": "婚姻状况"},
    _field("until", "date") | {"name": "有效期至"},
]


def resource(fields: Sequence[dict[str, Any]] = tuple(_WEDDING), **more: Any) -> Resource:
    """A register of weddings, or something like it."""
    base = {
        **{"id": "weddings", "name": "婚姻登记", "provider": "civil-affairs", "subject": "person"},
        **{"library": "population", "summary": "测试", "sharing": "unconditional", "grade": "general_2"},
        **{"cycle": "daily", "fields": list(fields), "answers": ["marriage-certificate"], "cite": CITE},
    }
    return Resource.model_validate(base | more)


@lru_cache(maxsize=1)
def _house() -> Catalogue:
    return definitions()


def catalogue(*resources: Resource) -> Catalogue:
    """The house with only these resources."""
    known = _house()
    more: dict[str, Any] = {"exchange": {one.id: one for one in resources}}
    return replace(known, others={**known.others, **more})


def question(asked: Asked, id_: str, *items: str, anew: frozenset[str] = frozenset()) -> Question:
    """A question about `me` of some items."""
    return Question(asked, id_, "me", items or ("marriage-registration",), "办理某事", "某法", anew=anew)


CERTIFICATE = question(Asked.MATERIAL, "marriage-certificate")
NAME = question(Asked.ELEMENT, "resident-name")
ALL = frozenset({"one", "name", "two", "how", "until"})


def offered(
    *questions: Question,
    known: Catalogue | None = None,
    fields: frozenset[str] = ALL,
    plain: frozenset[str] = ALL,
    elements: frozenset[str] = OWN,
) -> list[Offer]:
    """The offers when every department has this grant."""
    item = next(iter(_house().items))
    asked = [Question(q.asked, q.id, "me", (item,), q.purpose, q.basis, anew=q.anew) for q in questions]
    parties = {"me": Party("person", NUMBER, elements)}
    return make_offers(
        known or catalogue(resource()), asked, parties, lambda *_: Granted("g", fields, plain, "授权依据")
    )


def test_one_offer_answers_the_form_and_spares_the_document() -> None:
    (one,) = offered(CERTIFICATE, NAME)
    assert (one.elements, one.materials) == ((("resident-name", "name"),), ("marriage-certificate",))
    assert one.keys == ("one", "two")
    assert one.checks == ("how", "until")
    assert one.basis == "授权依据；某法"


@pytest.mark.parametrize(
    ("change", "materials", "elements"),
    [
        ({"plain": frozenset({"how", "until"})}, 1, 0),  # a masked name fills no form
        ({"fields": ALL - {"how"}}, 0, 1),  # nobody could tell whether it still counts
        ({"fields": ALL - {"one", "two"}}, 0, 0),  # nor whom it is about
        ({"fields": frozenset()}, 0, 0),
        ({"elements": frozenset()}, 1, 0),  # found by the number of 另一方 it says nothing of oneself
    ],
)
def test_a_grant_that_lacks_something_offers_less(
    change: dict[str, Any], materials: int, elements: int
) -> None:
    found = offered(CERTIFICATE, NAME, **change)
    assert sum(len(one.materials) for one in found) == materials
    assert sum(len(one.elements) for one in found) == elements


def test_nothing_is_offered_of_what_is_not_shared_or_comes_anew() -> None:
    closed = resource(sharing="not_shared", not_shared=CITE, answers=[])
    assert offered(NAME, known=catalogue(closed)) == []
    anew = frozenset({"marriage-certificate"})
    assert offered(question(Asked.MATERIAL, "marriage-certificate", anew=anew)) == []
    assert offered(question(Asked.ELEMENT, "resident-name", anew=anew)) == []


def test_somebody_elses_number_finds_nothing() -> None:
    dead = resource(
        [_field("one", "id_number", element="decedent-id-number", mask="hide", key=True, subject_id=True)]
    )
    assert offered(CERTIFICATE, known=catalogue(dead), fields=frozenset({"one"})) == []
    own = OWN | {"decedent-id-number"}  # the form says that it is this number
    assert len(offered(CERTIFICATE, known=catalogue(dead), elements=own, fields=frozenset({"one"}))) == 1


def test_as_few_as_possible_are_asked() -> None:
    small = resource([*_WEDDING[:2]], id="names", name="姓名库", answers=[])
    (one,) = offered(CERTIFICATE, NAME, known=catalogue(small, resource()))
    assert one.resource == "weddings"
    assert [one.resource for one in offered(NAME, known=catalogue(small, resource()))] == ["names"]


def read(rows: Sequence[dict[str, Any]], key: str = "one", **change: Any) -> Reading:
    """What rows say to an offer."""
    (offer,) = offered(CERTIFICATE, NAME)
    search = Search(key, NUMBER, frozenset({"已婚"}), dt.date(2026, 5, 1))
    return read_rows(catalogue(resource()), resource(), offer, rows, search)


def row(**change: Any) -> dict[str, Any]:
    """A right row."""
    good = {"one": NUMBER, "name": "王乙", "two": OTHER, "how": "已婚", "until": "2026-05-01"}
    return good | change


def test_a_right_row_answers_everything() -> None:
    assert read([row()]) == Reading(Outcome.FOUND, {"resident-name": "王乙"}, ("marriage-certificate",))
    assert read([row(), row()]).outcome is Outcome.FOUND  # the same twice is one
    assert read([row(one=mask(NUMBER, Mask.ID_NUMBER))]).outcome is Outcome.FOUND


def test_found_as_the_other_one_it_says_nothing_of_oneself() -> None:
    found = read([row(one=OTHER, two=NUMBER)], key="two")
    assert (dict(found.elements), found.materials) == ({}, ("marriage-certificate",))


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([], Outcome.NOTHING),
        ([row(one=OTHER)], Outcome.NOT_THEIRS),
        ([row(), row(one=OTHER)], Outcome.NOT_THEIRS),
        ([row(one=None)], Outcome.NOT_THEIRS),
        ([{}], Outcome.NOT_THEIRS),
        ([row(), row(name="王丙")], Outcome.SEVERAL),
        ([row(how="离婚", name="")], Outcome.OUT_OF_FORCE),
        ([row(how=None, name="")], Outcome.OUT_OF_FORCE),
        ([row(until="2026-04-30", name="")], Outcome.OUT_OF_FORCE),
        ([row(until="长期", name="")], Outcome.OUT_OF_FORCE),
        ([row(until=None, name="")], Outcome.OUT_OF_FORCE),
    ],
)
def test_whatever_cannot_be_told_to_count_counts_not(rows: list[dict[str, Any]], outcome: Outcome) -> None:
    found = read(rows)
    assert found.outcome is outcome
    assert (dict(found.elements), found.materials) == ({}, ())
    assert outcome.words


def test_a_value_that_does_not_fit_is_left_out() -> None:
    found = read([row(name=["王乙"])])
    assert (dict(found.elements), found.materials) == ({}, ("marriage-certificate",))
