# SPDX-License-Identifier: Apache-2.0
"""Licences answer questions: for themselves and for what is printed on them, in the elements' types,
and what does not count says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiwang.apps.licences.models import Licence
from yiwang.apps.licences.provider import BASIS
from yiwang.apps.licences.public import LicenceProvider, NewLicence, Standing, load_stock
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Element, Material, Org, Setting
from yiwang.engines.evidence import (
    Asked,
    Context,
    Look,
    Provider,
    ProviderKind,
    Question,
    QuestionKey,
    Resolution,
    Resolver,
)
from yiwang.kernel.actor import system
from yiwang.kernel.dates import BEIJING

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=BEIJING)
TODAY = NOW.date()
DAY = dt.timedelta(days=1)
WANG = "p_wang"
CITE = {"doc": "law", "at": "第一条"}


def _element(id_: str, type_: str) -> Element:
    return Element.model_validate(
        {"id": id_, "name": id_, "type": type_, "subject": "firm", "question": "？"}
    )


def catalogue(*, basis: bool = True) -> Catalogue:
    """One licence that prints an area, a name and a day; another that prints the area too."""
    printed = [{"element": e, "label": e} for e in ("area", "shop-name", "opened")]
    materials = [
        {
            "id": "food-licence",
            "name": "食品经营许可证",
            "kind": "licence",
            "subject": "firm",
            "fields": printed,
        },
        {"id": "premises", "name": "场所证明", "kind": "licence", "subject": "firm", "fields": printed[:1]},
    ]
    org = {
        "id": "market",
        "name": "市场监督管理局",
        "kind": "department",
        "short_name": "市场监管",
        "cite": CITE,
    }
    setting = {"id": BASIS, "name": "依据", "value": "某规定第十一条", "why": "法定", "cite": CITE}
    elements = [_element("area", "decimal"), _element("shop-name", "text"), _element("opened", "date")]
    elements.append(_element("owner-phone", "phone"))
    return Catalogue.of(
        {
            "elements": {e.id: e for e in elements},
            "materials": {str(m["id"]): Material.model_validate(m) for m in materials},
            "orgs": {"market": Org.model_validate(org)},
            "settings": {BASIS: Setting.model_validate(setting)} if basis else {},
        }
    )


FIELDS = {"area": "120.50", "shop-name": "甲饭馆", "opened": "2020-05-06", "owner-phone": "13800000011"}


def hold(
    number: str = "1",
    *,
    material: str = "food-licence",
    since: dt.date = TODAY - 100 * DAY,
    until: dt.date | None = None,
    standing: Standing = Standing.VALID,
    fields: Mapping[str, Any] | None = None,
) -> str:
    """Put a licence of 王芳 on record; its public id."""
    stated = FIELDS if fields is None else fields
    load_stock(system("测试"), [NewLicence(material, number, WANG, "market", since, until, stated)])
    row = Licence.objects.get(material=material, number=number)
    Licence.objects.filter(pk=row.pk).update(standing=standing.value)
    return row.public_id


def ask(asked: Asked, id_: str, *, city: Catalogue | None = None, subject: str = WANG) -> Resolution:
    """What becomes of one question when this provider is the only place to look."""
    question = Question(asked, id_, subject, ("some-item",), "核验主体资格", "条例第三条")
    looks: list[Look] = []
    known = city or catalogue()
    found = Resolver([LicenceProvider(lambda: known)], looks.append).resolve(
        [question], Context(system("受理"), NOW)
    )
    assert len(looks) == 1
    return found[question.key]


def test_it_keeps_the_protocol() -> None:
    provider: Provider = LicenceProvider(catalogue)
    assert (provider.kind, provider.order) == (ProviderKind.E_LICENCE, 0)
    assert provider.name


def test_a_valid_licence_stands_for_itself_with_source_law_and_its_public_id() -> None:
    public_id = hold(until=TODAY)
    answer = ask(Asked.MATERIAL, "food-licence").answer
    assert answer is not None
    assert (answer.evidence, answer.source, answer.basis) == (
        public_id,
        "市场监督管理局电子证照",
        "某规定第十一条",
    )
    assert (answer.valid_until, answer.obtained_at) == (TODAY, NOW)


@pytest.mark.parametrize(
    ("element", "value"),
    [("area", Decimal("120.50")), ("shop-name", "甲饭馆"), ("opened", dt.date(2020, 5, 6))],
)
def test_what_is_printed_answers_in_the_type_of_its_element(element: str, value: object) -> None:
    hold()
    answer = ask(Asked.ELEMENT, element).answer
    assert answer is not None
    assert answer.value == value
    assert type(answer.value) is type(value)


def test_what_is_stored_but_not_printed_on_the_licence_is_no_answer() -> None:
    hold()
    assert ask(Asked.ELEMENT, "owner-phone").asks_applicant


@pytest.mark.parametrize("stored", ["很大", "", None, "1e9999999"])
def test_what_no_longer_fits_its_element_is_asked_again(stored: object) -> None:
    hold(fields=FIELDS | {"area": stored})
    assert ask(Asked.ELEMENT, "area").asks_applicant
    assert ask(Asked.ELEMENT, "shop-name").in_hand


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ({"standing": Standing.SUSPENDED}, "暂停"),
        ({"standing": Standing.REVOKED}, "撤销"),
        ({"standing": Standing.REPLACED}, "撤销或注销"),
        ({"until": TODAY - DAY}, "已过有效期"),
        ({"since": TODAY + DAY}, "尚未生效"),
    ],
    ids=["suspended", "revoked", "replaced", "expired", "not yet"],
)
@pytest.mark.parametrize(("asked", "id_"), [(Asked.MATERIAL, "food-licence"), (Asked.ELEMENT, "area")])
def test_what_does_not_count_is_refused_and_the_applicant_reads_why(
    state: dict[str, Any], says: str, asked: Asked, id_: str
) -> None:
    hold(**state)
    resolution = ask(asked, id_)
    assert resolution.asks_applicant
    (refusal,) = resolution.refused
    assert says in refusal.reason


def test_a_usable_licence_answers_before_one_that_is_not_however_new() -> None:
    good = hold("1", until=TODAY)
    hold("2", since=TODAY - DAY, standing=Standing.SUSPENDED)
    hold("3", until=TODAY - DAY, fields=FIELDS | {"area": "9"})
    for asked, id_ in ((Asked.MATERIAL, "food-licence"), (Asked.ELEMENT, "area")):
        answer = ask(asked, id_).answer
        assert answer is not None
        assert answer.evidence == good


def test_of_two_usable_ones_the_later_end_counts() -> None:
    hold("1", until=TODAY + 5 * DAY)
    longest = hold("2", material="premises", until=None, fields={"area": "7"})
    answer = ask(Asked.ELEMENT, "area").answer
    assert answer is not None
    assert (answer.evidence, answer.value) == (longest, Decimal(7))


def test_nobody_elses_licence_answers() -> None:
    hold()
    assert ask(Asked.MATERIAL, "food-licence", subject="p_li").asks_applicant


def test_without_a_law_that_lets_it_stand_for_paper_it_does_not_count() -> None:
    hold()
    resolution = ask(Asked.MATERIAL, "food-licence", city=catalogue(basis=False))
    assert resolution.asks_applicant
    assert "法律依据" in resolution.refused[0].reason


def test_a_whole_errand_is_one_query() -> None:
    for number in range(20):
        hold(str(number))
    asked = [(Asked.MATERIAL, "food-licence"), (Asked.ELEMENT, "area"), (Asked.ELEMENT, "shop-name")]
    questions = [
        Question(kind, id_, subject, ("i",), "核验", "条例")
        for kind, id_ in asked
        for subject in (WANG, "p_li")
    ]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = LicenceProvider(catalogue).answer(questions, Context(system("受理"), NOW))
    assert len(queries) == 1
    assert set(found) == {QuestionKey(kind, id_, WANG) for kind, id_ in asked}
