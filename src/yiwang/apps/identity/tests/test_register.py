# SPDX-License-Identifier: Apache-2.0
"""The register: who is in it, how they are found, how they log in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.contrib.auth.backends import ModelBackend
from django.db import connection

from yiwang.apps.identity.models import Account, Person
from yiwang.apps.identity.public import (
    actor_of,
    close_account,
    digest_id_number,
    find_person,
    firms_of,
    may_act_for,
    open_account,
    register_firm,
    register_person,
    subject,
)
from yiwang.apps.journal.public import entries_of
from yiwang.kernel.actor import ANONYMOUS, ActorKind, Post, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import make_uscc

from . import factories
from .factories import SYSTEM

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

PASSWORD = "一句只有自己记得的话2026"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def test_a_person_is_found_by_number_and_name_however_the_number_is_typed() -> None:
    number = factories.number(1)
    wang = factories.person("王芳", number)
    for typed in (number, f" {number[:6]} {number[6:]} ", number.translate(FULL_WIDTH), number.lower()):
        assert find_person(typed, " 王芳 ").public_id == wang.id
    assert subject(wang.id).number == number


def test_an_unknown_number_and_a_wrong_name_are_answered_in_the_same_words() -> None:
    number = factories.number()
    factories.person("王芳", number)
    answers = set()
    for asked, name in ((number, "王方"), (factories.number(), "王芳"), (number, "")):
        with pytest.raises(NotFound) as refused:
            find_person(asked, name)
        answers.add((refused.value.message, refused.value.mend))
        assert number not in str(refused.value)
    assert len(answers) == 1


def test_a_number_that_cannot_be_is_told_so_whether_anybody_has_it_or_not() -> None:
    right = factories.number()
    factories.person("王芳", right)
    wrong = right[:17] + ("0" if right[-1] != "0" else "1")
    with pytest.raises(Invalid, match="校验码"):
        find_person(wrong, "王芳")


def test_the_digest_needs_the_key_and_is_what_the_index_holds(settings: object, tmp_path: Path) -> None:
    number = factories.number()
    wang = factories.person("王芳", number)
    kept = Person.objects.get(public_id=wang.id).id_digest
    assert kept == digest_id_number(number)
    assert number not in kept
    settings.VAULT_KEYS = str(tmp_path / "another.json")  # type: ignore[attr-defined]
    assert digest_id_number(number) != kept


def test_nobody_is_registered_twice() -> None:
    number = factories.number()
    factories.person("王芳", number)
    with pytest.raises(Conflict):
        factories.person("王芳", number.lower())
    chief = factories.person("李明")
    code = make_uscc("411702", 900)
    firm = {"kind": "公司", "representative": chief.id, "founded": dt.date(2020, 1, 1)}
    register_firm(SYSTEM, name="甲", uscc=code, **firm)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        register_firm(SYSTEM, name="乙", uscc=code.lower(), **firm)  # type: ignore[arg-type]


def test_a_firm_needs_a_code_that_checks_and_a_representative_who_is_known() -> None:
    firm = {"name": "甲", "kind": "公司", "founded": dt.date(2020, 1, 1)}
    with pytest.raises(Invalid):
        register_firm(SYSTEM, uscc="91411702MA0000000X", representative="p_x", **firm)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        register_firm(SYSTEM, uscc=make_uscc("411702", 901), representative="p_x", **firm)  # type: ignore[arg-type]


def test_only_the_system_writes_the_register() -> None:
    wang = factories.person()
    clerk = factories.officer("赵", "health", Post(Role.COUNTER))
    for actor in (ANONYMOUS, wang, clerk):
        with pytest.raises(NotAllowed):
            register_person(actor, name="李", id_number=factories.number())
        with pytest.raises(NotAllowed):
            open_account(actor, username="li", password=PASSWORD, owner=wang.id)
        with pytest.raises(NotAllowed):
            close_account(actor, "li")


def test_the_journal_never_holds_a_number_or_a_phone() -> None:
    number = factories.number()
    chief = factories.person("王芳", number)
    factories.firm(chief)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM journal_entry")
        written = str(cursor.fetchall())
    assert number not in written
    assert "13800000011" not in written
    assert [e["action"] for e in entries_of(f"person:{chief.id}")] == ["identity.person.registered"]


def test_a_subject_masks_what_others_need_not_see() -> None:
    wang = subject(factories.person("王小芳").id)
    assert (wang.masked_name, wang.masked_phone) == ("王*芳", "138****0011")
    assert wang.number not in wang.masked_number
    shop = subject(factories.firm(factories.person()))
    assert (shop.masked_name, shop.masked_number) == (shop.name, shop.number)


def test_an_unknown_subject_is_not_found() -> None:
    with pytest.raises(NotFound):
        subject("p_nobody")


def test_a_login_becomes_the_person_or_the_officer_and_ends_when_it_is_closed() -> None:
    wang = factories.person("王芳")
    zhao = factories.officer("赵", "health", Post(Role.HANDLER, "health", "yicheng"))
    for username, owner in (("wang", wang), ("zhao", zhao)):
        open_account(SYSTEM, username=username, password=PASSWORD, owner=owner.id)
        account = Account.objects.get(username=username)
        assert ModelBackend().authenticate(None, username=username, password=PASSWORD) == account
        assert actor_of(account) == owner
    close_account(SYSTEM, "zhao")
    assert ModelBackend().authenticate(None, username="zhao", password=PASSWORD) is None
    assert actor_of(Account.objects.get(username="zhao")) is ANONYMOUS
    with pytest.raises(NotFound):
        close_account(SYSTEM, "zhao")
    assert actor_of(None) is ANONYMOUS


@pytest.mark.parametrize("password", ["short", "password12", "12345678901", ""])
def test_a_password_that_is_easy_to_guess_is_refused_with_what_to_do(password: str) -> None:
    wang = factories.person()
    with pytest.raises(Invalid) as refused:
        open_account(SYSTEM, username="wang", password=password, owner=wang.id)
    assert "至少 10 个字符" in refused.value.mend
    assert not Account.objects.exists()


def test_one_login_each_and_each_login_once() -> None:
    wang, li = factories.person("王芳"), factories.person("李明")
    open_account(SYSTEM, username="wang", password=PASSWORD, owner=wang.id)
    with pytest.raises(Conflict, match="登录名已被使用"):
        open_account(SYSTEM, username="wang", password=PASSWORD, owner=li.id)
    with pytest.raises(Conflict, match="已有登录名"):
        open_account(SYSTEM, username="wang2", password=PASSWORD, owner=wang.id)
    with pytest.raises(NotFound):
        open_account(SYSTEM, username="x", password=PASSWORD, owner="p_nobody")


def test_firms_come_by_name_and_only_those_one_may_act_for() -> None:
    wang, li = factories.person("王芳"), factories.person("李明")
    for name in ("B饭馆", "A饭馆"):
        factories.firm(wang, name)
    factories.firm(li, "C饭馆")
    wang = factories.as_actor(wang.id)
    assert wang.kind is ActorKind.PERSON
    found = firms_of(wang)
    assert [f.name for f in found] == ["A饭馆", "B饭馆"]
    assert all(may_act_for(wang.id, f.public_id) for f in found)
    assert not any(may_act_for(li.id, f.public_id) for f in found)
    assert not may_act_for("p_nobody", found[0].public_id)
