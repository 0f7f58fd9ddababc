# SPDX-License-Identifier: Apache-2.0
"""The key of blind indexes changes while the city works: whoever was found before is found at every step,
nobody is entered twice, and a killed move goes on where it stood."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yiwang.apps.gateway import public as gateway
from yiwang.apps.identity import public as identity
from yiwang.apps.quality import public as quality
from yiwang.apps.quality.models import Objection
from yiwang.apps.quality.tests.conftest import NUMBERS, City, furnished
from yiwang.apps.quality.tests.test_objections import by_person
from yiwang.apps.vault import admin, indexes
from yiwang.apps.vault.models import Reindexed
from yiwang.apps.vault.public import blind_indexes, index_is_changing
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict

KEEPER = system("运维")


@pytest.fixture
def city(db: None, settings: Any, tmp_path: Path) -> Iterator[City]:
    """The city, with a key file of its own."""
    settings.VAULT_KEYS = str(tmp_path / "keys.json")
    with furnished() as made:
        yield made


def is_known(city: City) -> bool:
    """Whether everybody who has to find the person does, and nobody enters them a second time."""
    quality.forget_objected()
    with pytest.raises(Conflict, match="已登记"):
        identity.register_person(KEEPER, name="王甲", id_number=city.number)
    with pytest.raises(Conflict):
        identity.load_people(KEEPER, [identity.NewPerson("王甲", city.number)])
    with pytest.raises(Conflict, match="正在核查"):
        by_person(city)
    return (
        identity.find_person(city.number, "王甲").public_id == city.person.id
        and set(identity.people_by_number([*NUMBERS])) == {*NUMBERS[:2]}
        and identity.digests_fit_key()
        and quality.open_objections("people", city.number).keys() == {"born"}
        and quality.marks_for([("people", city.person.id)])[("people", city.person.id)].keys() == {"born"}
        and quality.words_on("people", [gateway.subject_index(city.number)]).keys() == {"born"}
    )


def test_everybody_is_found_before_during_and_after_the_move(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "BATCH", 1)
    by_person(city)
    before = gateway.subject_index(city.number)
    assert is_known(city)
    made = admin.rotate_index()
    assert (gateway.subject_index(city.number) != before, index_is_changing()) == (True, True)
    assert gateway.subject_indexes(city.number) == (gateway.subject_index(city.number), before)
    assert is_known(city), "nothing has moved yet"
    with pytest.raises(Conflict, match="还没有做完"):
        admin.rotate_index()
    running = admin.reindex()
    next(running)
    running.close()  # killed after the first row of the first column
    assert Reindexed.objects.get().after > 0
    assert is_known(city), "in the middle"
    moved = list(admin.reindex())
    assert sum(batch.done for _, batch in moved) == 2, (
        "the second person and the objection; the first was done"
    )
    assert (is_known(city), index_is_changing(), made) == (True, False, admin.fingerprint()["index"])
    assert Objection.objects.get().subject_index == gateway.subject_index(city.number)
    assert sum(batch.done for _, batch in admin.reindex()) == 0
    assert before in gateway.subject_indexes(city.number), "calls keep theirs, and are found by it"


def test_a_second_change_follows_and_a_value_that_does_not_open_is_told(city: City) -> None:
    by_person(city)
    for _ in range(2):
        admin.rotate_index()
        list(admin.reindex())
    assert is_known(city)
    assert len(blind_indexes("x", purpose="y")) == 3
    admin.rotate_index()
    Objection.objects.update(public_id="obj_other")  # its key is bound to the row: it opens no more
    for _ in range(2):
        told = list(admin.reindex())
        assert sum(batch.broken for _, batch in told) == 1
        assert index_is_changing(), "not settled while a value is left"
