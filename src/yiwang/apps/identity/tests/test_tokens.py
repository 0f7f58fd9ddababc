# SPDX-License-Identifier: Apache-2.0
"""A token works until its end or until it is revoked, and nothing else works."""

import datetime as dt

import pytest
from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from yiwang.apps.identity.models import ApiToken
from yiwang.apps.identity.public import (
    actor_of_token,
    close_account,
    issue_token,
    open_account,
    register_person,
    revoke_token,
)
from yiwang.kernel.actor import ANONYMOUS, system
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import make_id_number

pytestmark = pytest.mark.django_db
SYSTEM = system("测试")


@pytest.fixture
def person() -> str:
    owner = register_person(SYSTEM, name="王小明", id_number=make_id_number("411702", dt.date(1985, 3, 4), 1))
    open_account(SYSTEM, username="ming", password="correct horse 7", owner=owner)
    return owner


def test_a_token_acts_as_its_account_and_is_not_kept(person: str) -> None:
    token = issue_token(SYSTEM, "ming", "收银系统", 30)
    actor = actor_of_token(token)
    assert actor is not None
    assert actor.id == person
    kept = ApiToken.objects.get()
    assert token not in (kept.digest, kept.name)


def test_a_revoked_token_is_nobodys(person: str) -> None:
    token = issue_token(SYSTEM, "ming", "收银系统", 30)
    revoke_token(SYSTEM, "ming", "收银系统")
    assert actor_of_token(token) is None
    with pytest.raises(NotFound):
        revoke_token(SYSTEM, "ming", "收银系统")


def test_a_token_ends_by_itself(person: str) -> None:
    token = issue_token(SYSTEM, "ming", "收银系统", 1)
    ApiToken.objects.update(expires_at=timezone.now())
    assert actor_of_token(token) is None


def test_a_closed_account_has_no_token(person: str) -> None:
    token = issue_token(SYSTEM, "ming", "收银系统", 1)
    close_account(SYSTEM, "ming")
    assert actor_of_token(token) is None


@pytest.mark.parametrize("wrong", ["", "yw_", "yw_short", "x" * 10_000, "yw_" + "é" * 40])
def test_anything_else_is_nobody(person: str, wrong: str) -> None:
    issue_token(SYSTEM, "ming", "收银系统", 1)
    assert actor_of_token(wrong) is None


def test_a_digest_is_no_token(person: str) -> None:
    issue_token(SYSTEM, "ming", "收银系统", 1)
    assert actor_of_token(ApiToken.objects.get().digest) is None


@pytest.mark.parametrize(("name", "days"), [("a", 0), ("a", 367), (" ", 1)])
def test_wrong_terms_are_refused(person: str, name: str, days: int) -> None:
    with pytest.raises(Invalid):
        issue_token(SYSTEM, "ming", name, days)


def test_one_name_is_used_once_at_a_time(person: str) -> None:
    issue_token(SYSTEM, "ming", "收银系统", 1)
    with pytest.raises(Invalid):
        issue_token(SYSTEM, "ming", "收银系统", 1)


def test_tokens_are_the_systems_matter(person: str) -> None:
    with pytest.raises(NotFound):
        issue_token(SYSTEM, "nobody", "a", 1)
    with pytest.raises(NotAllowed):
        issue_token(ANONYMOUS, "ming", "a", 1)
    with pytest.raises(NotAllowed):
        revoke_token(ANONYMOUS, "ming", "a")


def test_an_account_without_a_password_works_by_token_only() -> None:
    owner = register_person(SYSTEM, name="李小红", id_number=make_id_number("411702", dt.date(1990, 3, 4), 2))
    open_account(SYSTEM, username="machine", password=None, owner=owner)
    assert actor_of_token(issue_token(SYSTEM, "machine", "收银系统", 1)) is not None
    for attempt in ("", "None", "!"):
        assert ModelBackend().authenticate(None, username="machine", password=attempt) is None
