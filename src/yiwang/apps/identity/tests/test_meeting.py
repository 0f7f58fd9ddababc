# SPDX-License-Identifier: Apache-2.0
"""Somebody stands at the counter: who may look, what is logged, what is never told."""

from __future__ import annotations

import pytest

from yiwang.apps.identity.public import give_mandate, meet_applicant, revoke_mandate, subject
from yiwang.apps.journal.public import entries_of, looks_at
from yiwang.kernel.actor import ANONYMOUS, Actor, Post, Role
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound

from . import factories
from .factories import SYSTEM

pytestmark = [pytest.mark.storage, pytest.mark.django_db]


@pytest.fixture
def clerk() -> Actor:
    return factories.officer("赵窗口", "health", Post(Role.COUNTER, "", "yicheng"))


def test_who_shows_their_card_is_met_and_can_read_that_they_were_looked_up(clerk: Actor) -> None:
    number = factories.number()
    wang = factories.person("王芳", number)
    applicant, agent = meet_applicant(clerk, id_number=number, name="王芳")
    assert applicant == agent == subject(wang.id)
    (look,) = looks_at(wang.id)
    assert look["actor"] == clerk.id
    assert look["purpose"]
    assert look["basis"]


def test_an_agent_is_met_for_the_firm_only_while_the_mandate_lasts(clerk: Actor) -> None:
    number = factories.number()
    chief, agent = factories.person("王芳"), factories.person("李明", number)
    firm = factories.firm(chief)
    code = subject(firm).number
    with pytest.raises(NotFound):
        meet_applicant(clerk, id_number=number, name="李明", uscc=code)
    give_mandate(chief, firm, agent.id)
    applicant, met = meet_applicant(clerk, id_number=number, name="李明", uscc=code)
    assert (applicant.public_id, met.public_id) == (firm, agent.id)
    revoke_mandate(chief, firm, agent.id)
    with pytest.raises(NotFound):
        meet_applicant(clerk, id_number=number, name="李明", uscc=code)


def test_whatever_does_not_agree_is_told_in_the_same_words_and_logged(clerk: Actor) -> None:
    number = factories.number()
    factories.person("王芳", number)
    code = subject(factories.firm(factories.person())).number
    told = set()
    for asked in (
        {"id_number": number, "name": "王方"},
        {"id_number": factories.number(), "name": "王芳"},
        {"id_number": number, "name": "王芳", "uscc": code},
    ):
        with pytest.raises(NotFound) as refused:
            meet_applicant(clerk, **asked)
        told.add(str(refused.value))
    assert len(told) == 1
    actions = [e["action"] for e in entries_of(f"counter:{clerk.id}")]
    assert actions == ["identity.meet.failed"] * 3


def test_only_those_at_a_counter_may_look(clerk: Actor) -> None:
    number = factories.number()
    wang = factories.person("王芳", number)
    others = [Post(role) for role in Role if role not in (Role.COUNTER, Role.REPRESENTATIVE)]
    for actor in (ANONYMOUS, wang, SYSTEM, factories.officer("钱", "health", *others)):
        with pytest.raises(NotAllowed):
            meet_applicant(actor, id_number=number, name="王芳")
    assert looks_at(wang.id) == []
    with pytest.raises(Invalid):
        meet_applicant(clerk, id_number="1234", name="王芳")
