# SPDX-License-Identifier: Apache-2.0
"""The sample city: invented, whole, the same every time, and never in a database of real people."""

from __future__ import annotations

from collections import Counter

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from django.utils import timezone

from support.city import definitions
from yiwang.apps.catalogue.public import current, releases
from yiwang.apps.identity import public as identity
from yiwang.apps.journal.public import entries_of
from yiwang.apps.licences.models import Licence
from yiwang.apps.licences.public import LicenceView, held_by
from yiwang.conf.demo.accounts import ACCOUNTS, PASSWORD, open_accounts
from yiwang.conf.demo.city import Cast, Invented, invent, make_city, publish, size_of_city
from yiwang.conf.demo.families import HEAD, HUSBAND, WIFE
from yiwang.conf.demo.offices import departments
from yiwang.engines.definitions.kinds.places import PlaceKind
from yiwang.kernel.actor import Role
from yiwang.kernel.ids import check_id_number, check_uscc


@pytest.fixture(scope="module")
def city() -> Invented:
    return invent(definitions())


def test_it_is_large_enough(city: Invented) -> None:
    assert sum(len(family.members) for family in city.families) >= 2_000
    assert len(city.firms) >= 500


def test_it_is_the_same_every_time(city: Invented) -> None:
    again = invent(definitions())
    assert again.families == city.families
    assert again.firms == city.firms


def test_every_number_is_right_and_used_once(city: Invented) -> None:
    people = [one for family in city.families for one in family.members]
    for one in people:
        read = check_id_number(one.id_number, today=timezone.localdate())
        assert (read.birth, read.sex) == (one.birth, one.sex)
    assert len({one.id_number for one in people}) == len(people)
    assert [check_uscc(firm.uscc) for firm in city.firms] == [firm.uscc for firm in city.firms]
    assert len({firm.uscc for firm in city.firms}) == len(city.firms)
    assert len({firm.name for firm in city.firms}) == len(city.firms)


def test_numbers_and_addresses_are_of_the_place_people_live_in(city: Invented) -> None:
    for family in city.families:
        assert any(road in family.address for road in family.place.roads)
        if family.place.code:
            assert {one.id_number[:6] for one in family.members} == {family.place.code}
    live_in = {family.place.id for family in city.families}
    assert live_in == {place.id for place in definitions().places.values() if place.roads}


def test_families_are_families(city: Invented) -> None:
    for family in city.families:
        relations = Counter(one.relation for one in family.members)
        assert relations[HEAD] == 1
        assert relations[WIFE] + relations[HUSBAND] == (1 if family.married_on else 0)
        eldest = min(one.birth for one in family.couple)
        for one in family.members:
            if one.relation in ("子", "女"):
                assert (one.birth - eldest).days > 18 * 365
        if family.married_on:
            assert all((family.married_on - one.birth).days > 22 * 365 for one in family.couple)


def test_firms_are_run_by_grown_ups(city: Invented) -> None:
    for firm in city.firms:
        assert city.adults[firm.owner][1].age >= 20
        assert firm.owner not in firm.agents
    assert len({firm.kind for firm in city.firms}) >= 4
    kinds = {choice.value for choice in definitions().elements["firm-kind"].choices}
    assert {firm.kind for firm in city.firms} <= kinds


# -- written down


def held(cast: Cast) -> dict[str, LicenceView]:
    return {one.material: one for one in held_by([cast.resident])}


@pytest.mark.django_db
def test_licences_state_what_their_definitions_declare(cast: Cast) -> None:
    person = identity.subject(cast.resident)
    card = held(cast)["id-card"]
    printed = {one.element for one in definitions().materials["id-card"].fields}
    assert set(card.fields) == printed
    assert card.fields["resident-id-number"] == person.number
    licence = next(one for one in held_by([cast.firm]) if one.material == "business-licence")
    assert licence.number == identity.subject(cast.firm).number
    assert set(licence.fields) <= {one.element for one in definitions().materials["business-licence"].fields}


@pytest.mark.django_db
def test_some_licences_no_longer_count(cast: Cast) -> None:
    stock = Licence.objects.values_list("material", "standing", "valid_until")
    standings = Counter(standing for _, standing, _ in stock)
    assert standings["valid"] > 6_000
    assert standings["revoked"] >= 1
    assert standings["suspended"] >= 1
    expired = [material for material, _, until in stock if until and until < timezone.localdate()]
    assert {"id-card", "food-licence-certificate"} <= set(expired)
    assert len(expired) < len(stock) / 20


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.HANDLER, Role.APPROVER])
def test_every_department_has_its_officers_in_every_place(cast: Cast, role: Role) -> None:
    kinds = (PlaceKind.DISTRICT, PlaceKind.COUNTY, PlaceKind.ZONE, PlaceKind.CITY)
    places = [place.id for place in definitions().places.values() if place.kind in kinds]
    bare = [
        (org, place)
        for org in departments(definitions())
        for place in places
        if not identity.officers_of(org, place, role)
    ]
    assert bare == []


@pytest.mark.django_db
def test_the_release_was_drafted_and_reviewed_by_two_officers(cast: Cast) -> None:
    assert current().digest == definitions().digest
    assert publish(definitions()) == definitions().digest
    (release,) = releases()
    assert release.drafted_by != release.reviewed_by


@pytest.mark.django_db
def test_it_is_made_once(cast: Cast) -> None:
    before = identity.register_size()
    assert make_city(definitions()) == cast
    assert identity.register_size() == before
    assert len(entries_of("demo-city")) == 1
    assert size_of_city()["people"] >= 2_000


@pytest.mark.django_db
def test_the_known_password_opens_the_few_accounts_and_no_other(cast: Cast) -> None:
    request = RequestFactory().post("/login")
    assert authenticate(request, username="jumin", password=PASSWORD) is None  # not before the demonstration
    open_accounts(definitions(), cast)
    open_accounts(definitions(), cast)
    for account in ACCOUNTS:
        assert authenticate(request, username=account.username, password=PASSWORD) is not None, account
