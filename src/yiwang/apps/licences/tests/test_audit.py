# SPDX-License-Identifier: Apache-2.0
"""Whatever is changed, deleted, added or moved behind the platform's back is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model, QuerySet

from support.standing import standing
from yiwang.apps.licences.audit import audit
from yiwang.apps.licences.commands.correcting import Correction, correct
from yiwang.apps.licences.models import Licence, LicenceEvent
from yiwang.apps.licences.public import (
    NewLicence,
    Standing,
    change_standing,
    history,
    issue,
    licence,
    load_stock,
    withdraw_event,
)
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict, Invalid

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

START = dt.date(2026, 1, 1)
SYSTEM = system("测试")


def new(number: str) -> NewLicence:
    return NewLicence("food-licence", number, "p_wang", "health", START, None, {"shop-name": "甲"})


def rows(model: type[Model]) -> QuerySet[Model]:
    """As a person with the database's password reaches them: nothing refuses."""
    return QuerySet(model)


@pytest.fixture(scope="module")
def standing_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """Licences with all sorts of pasts."""
    with standing(django_db_blocker):
        yield furnished()


@pytest.fixture
def city(standing_city: dict[str, str], db: None) -> dict[str, str]:
    """Those licences; what a test changes is undone after it."""
    return standing_city


def furnished() -> dict[str, str]:
    """Issue them, suspend, revoke, correct and load some."""
    found = {"plain": issue(SYSTEM, new("1")), "revoked": issue(SYSTEM, new("2"))}
    change_standing(SYSTEM, found["revoked"], Standing.SUSPENDED, reason="整改")
    change_standing(SYSTEM, found["revoked"], Standing.REVOKED, reason="查实")
    withdraw_event(SYSTEM, found["revoked"], 3, reason="看错了")
    correct(SYSTEM, found["plain"], Correction({"shop-name": "乙"}), reason="印错了")
    found["stock"], found["other"] = load_stock(SYSTEM, [new("S1"), new("S2")])
    return found


def problems() -> list[str]:
    return [str(one) for one in audit()]


def alter(row: Model, column: str, value: object) -> None:
    """Change a column as somebody who holds even the keys of encryption could."""
    setattr(row, column, value)
    Model.save(row, update_fields=[column])


def test_what_the_platform_wrote_is_whole(city: dict[str, str]) -> None:
    assert problems() == []


OTHER_VALUES = {
    "valid_from": dt.date(2025, 1, 1),
    "valid_until": dt.date(2030, 1, 1),
    "standing_since": dt.date(2026, 2, 2),
    "seal_due": dt.date(2030, 1, 1),
    "seal_asked_at": dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
    "sealed_at": dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
    "recorded_at": dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
    "fields": {"shop-name": "丙"},
    "version": 9,
}
COLUMNS = [one.name for one in Licence._meta.concrete_fields if not one.primary_key]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("which", ["plain", "stock"])
def test_every_altered_column_of_a_licence_is_named(city: dict[str, str], which: str, column: str) -> None:
    value = OTHER_VALUES.get(column, "x")
    alter(rows(Licence).get(public_id=city[which]), column, value)
    found = problems()
    assert found
    assert all(city[which] in one or "证照 x" in one for one in found)
    assert any("被改动" in one for one in found)


@pytest.mark.parametrize(
    ("table", "column"), [("licences_licence", "fields"), ("licences_licenceevent", "facts")]
)
def test_a_locked_column_that_was_overwritten_or_copied_from_another_row_is_named(
    city: dict[str, str], table: str, column: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max({column}) FROM {table}")
        for value in (cursor.fetchone()[0], '{"shop-name":"丙"}'):
            cursor.execute(f"UPDATE {table} SET {column} = %s", [value])
            assert problems()


EVENT_COLUMNS = [one.name for one in LicenceEvent._meta.concrete_fields if one.name not in ("id", "licence")]


@pytest.mark.parametrize("column", EVENT_COLUMNS)
def test_every_altered_column_of_an_event_is_named(city: dict[str, str], column: str) -> None:
    value = {
        "seq": 7,
        "corrects": 1,
        "effective_on": dt.date(2025, 1, 1),
        "recorded_at": dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
        "facts": {"x": 1},
        "kind": "restored",
    }.get(column, "f" * 12)
    alter(rows(LicenceEvent).get(licence__public_id=city["revoked"], seq=2), column, value)
    found = problems()
    assert found
    assert all(city["revoked"] in one for one in found)


def _delete_licence(city: dict[str, str]) -> str:
    rows(LicenceEvent).filter(licence__public_id=city["stock"])._raw_delete("default")
    rows(Licence).filter(public_id=city["stock"])._raw_delete("default")
    return city["stock"]


def _delete_last_event(city: dict[str, str]) -> str:
    rows(LicenceEvent).filter(licence__public_id=city["revoked"], seq=4)._raw_delete("default")
    return city["revoked"]


def _delete_first_event(city: dict[str, str]) -> str:
    rows(LicenceEvent).filter(licence__public_id=city["revoked"], seq=1)._raw_delete("default")
    return city["revoked"]


def _reorder_events(city: dict[str, str]) -> str:
    own = rows(LicenceEvent).filter(licence__public_id=city["revoked"])
    for before, after in ((2, 99), (3, 2), (99, 3)):
        own.filter(seq=before).update(seq=after)
    return city["revoked"]


def _swap_owners(city: dict[str, str]) -> str:
    one, two = (Licence.objects.get(public_id=city[name]).pk for name in ("stock", "other"))
    rows(LicenceEvent).filter(licence_id=one).update(seq=99)
    rows(LicenceEvent).filter(licence_id=two).update(licence_id=one)
    rows(LicenceEvent).filter(seq=99).update(licence_id=two, seq=1)
    return city["stock"]


def _swap_numbers(city: dict[str, str]) -> str:
    for name, number in (("stock", "tmp"), ("other", "S1"), ("stock", "S2")):
        rows(Licence).filter(public_id=city[name]).update(number=number)
    return city["other"]


def _add_licence(city: dict[str, str]) -> str:
    row = Licence.objects.get(public_id=city["plain"])
    row.pk, row.public_id, row.number, row.check_code = None, "l_forged", "9", "F" * 16
    row.save(force_insert=True)
    return "l_forged"


def _add_licence_with_event(city: dict[str, str]) -> str:
    """Somebody who knows how the digests are made, but cannot write the journal."""
    forged = _add_licence(city)
    licence = Licence.objects.get(public_id=forged)
    event = LicenceEvent.objects.filter(licence__public_id=city["plain"], seq=1).get()
    event.pk, event.licence, event._state.adding = None, licence, True
    event.content = licence.content_digest()
    event.digest = event.computed_digest(forged)
    event.save(force_insert=True)
    return forged


def _revive(city: dict[str, str]) -> str:
    """The last events are cut off and the row is put back as they say: only the journal knows."""
    change_standing(SYSTEM, city["other"], Standing.REVOKED, reason="查实")
    rows(LicenceEvent).filter(licence__public_id=city["other"], seq=2)._raw_delete("default")
    rows(Licence).filter(public_id=city["other"]).update(
        standing="valid", standing_since=START, standing_reason=""
    )
    return city["other"]


@pytest.mark.parametrize(
    "attack",
    [
        _delete_licence,
        _delete_last_event,
        _delete_first_event,
        _reorder_events,
        _swap_owners,
        _swap_numbers,
        _add_licence,
        _add_licence_with_event,
        _revive,
    ],
    ids=lambda attack: attack.__name__,
)
def test_what_is_deleted_added_or_moved_is_named(
    city: dict[str, str], attack: Callable[[dict[str, str]], str]
) -> None:
    named = attack(city)
    found = problems()
    assert any(named in one for one in found), found
    untouched = {city["plain"], city["revoked"]} - {named}
    assert not [one for one in found if any(name in one for name in untouched)]


# -- corrections


def test_a_correction_is_true_from_the_beginning_and_the_old_words_stay_known(city: dict[str, str]) -> None:
    seen = licence(city["plain"])
    assert (seen.fields, seen.version) == ({"shop-name": "乙"}, 2)
    last = history(city["plain"])[-1]
    assert last.facts == {"were": {"fields": {"shop-name": "甲"}}, "now": {"fields": {"shop-name": "乙"}}}


@pytest.mark.parametrize(
    "what",
    [
        Correction(),
        Correction({"shop-name": "乙"}),
        Correction(ends=True, until=START - dt.timedelta(days=1)),
    ],
)
def test_a_correction_changes_something_and_makes_sense(city: dict[str, str], what: Correction) -> None:
    with pytest.raises(Invalid):
        correct(SYSTEM, city["plain"], what, reason="x")
    with pytest.raises(Invalid):
        correct(SYSTEM, city["plain"], Correction({"shop-name": "丁"}), reason="")
    change_standing(SYSTEM, city["plain"], Standing.REVOKED, reason="x")
    with pytest.raises(Conflict):
        correct(SYSTEM, city["plain"], Correction({"shop-name": "丁"}), reason="x")
