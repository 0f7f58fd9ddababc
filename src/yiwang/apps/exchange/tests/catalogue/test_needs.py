# SPDX-License-Identifier: Apache-2.0
"""Needs: who may take which step when, what stays of it, and the editions of the list."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from yiwang.apps.exchange.models import Need, NeedEdition, NeedStep
from yiwang.apps.exchange.public import (
    NeedFilters,
    NeedState,
    NeedView,
    NewNeed,
    NoSuchNeed,
    Step,
    correct_need,
    edition,
    editions,
    list_need,
    match_need,
    need,
    need_counts,
    needs,
    publish_needs,
    take_step,
)
from yiwang.apps.journal.public import entries_of
from yiwang.engines.exchange import Level, NeedKind
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed

from .conftest import BUREAU, CIVIL, HANDLER, HEALTH, OTHER, Publish

pytestmark = pytest.mark.usefixtures("published")
NEW = NewNeed("health", NeedKind.VERIFY, "核验婚姻状况", "申请人是否已婚")


def seen(identity: str) -> NeedView:
    """The need as it stands."""
    found = need(identity)
    assert found is not None
    return found


def go(actor: Actor, identity: str, step: Step, words: str = "") -> None:
    """Take a step on the page of this moment."""
    take_step(actor, identity, step, version=seen(identity).version, words=words)


def matched() -> str:
    """A need that was handed to the supplier."""
    identity = list_need(HEALTH, NEW)
    match_need(BUREAU, identity, version=1, resource="marriage-registration")
    return identity


def test_a_need_goes_its_way_and_everything_of_it_stays() -> None:
    identity = matched()
    assert seen(identity).provider == "civil-affairs"
    go(CIVIL, identity, Step.CONNECT)
    go(HEALTH, identity, Step.USE)
    go(HEALTH, identity, Step.DISPUTE, "查不到2010年以前的")
    go(BUREAU, identity, Step.SETTLE, "民政局补录")
    assert seen(identity).state is NeedState.IN_USE
    go(HEALTH, identity, Step.CLOSE, "需求已满足")
    history = [(one.state, one.by, one.words) for one in seen(identity).steps]
    assert [state for state, _, _ in history] == [
        *(NeedState.LISTED, NeedState.MATCHED, NeedState.CONNECTED, NeedState.IN_USE),
        *(NeedState.DISPUTED, NeedState.IN_USE, NeedState.CLOSED),
    ]
    assert history[4] == (NeedState.DISPUTED, "工作人员health", "查不到2010年以前的")
    assert len(entries_of(f"need:{identity}")) == 7
    assert need_counts()[NeedState.CLOSED] == 1
    with pytest.raises(TypeError):
        NeedStep.objects.all().delete()


@pytest.mark.parametrize("before", [Step.CONNECT, None])
def test_a_settled_dispute_leads_back_to_where_it_was(before: Step | None) -> None:
    identity = matched()
    if before:
        go(BUREAU, identity, before)
    stood = seen(identity).state
    go(CIVIL, identity, Step.DISPUTE, "不是本部门的数据")
    go(BUREAU, identity, Step.SETTLE, "经协调由民政局提供")
    assert seen(identity).state is stood


@pytest.mark.parametrize(
    ("actor", "step"),
    [
        (HEALTH, Step.CONNECT),
        (OTHER, Step.CONNECT),
        (OTHER, Step.DISPUTE),
        (BUREAU, Step.DISPUTE),
        (CIVIL, Step.CLOSE),
        (OTHER, Step.CLOSE),
        (HANDLER, Step.CLOSE),
    ],
)
def test_a_step_is_taken_by_its_side_only(actor: Actor, step: Step) -> None:
    identity = matched()
    with pytest.raises(NotAllowed):
        go(actor, identity, step, "说明")
    assert seen(identity).state is NeedState.MATCHED


def test_every_step_that_does_not_follow_is_refused() -> None:
    follows = {
        NeedState.LISTED: {Step.CLOSE},
        NeedState.MATCHED: {Step.CONNECT, Step.DISPUTE, Step.CLOSE},
        NeedState.CONNECTED: {Step.USE, Step.DISPUTE, Step.CLOSE},
        NeedState.IN_USE: {Step.DISPUTE, Step.CLOSE},
        NeedState.DISPUTED: {Step.SETTLE, Step.CLOSE},
        NeedState.CLOSED: set(),
    }
    identity = matched()
    NeedStep.objects.create(
        need=Need.objects.get(),
        at=seen(identity).changed_at,
        actor="x",
        actor_name="x",
        was="in_use",
        now="disputed",
    )
    for state, allowed in follows.items():
        for step in set(Step) - {Step.MATCH} - allowed:
            Need.objects.update(state=state.value)
            for actor in (BUREAU, HEALTH, CIVIL):
                with pytest.raises((Conflict, NotAllowed)):
                    go(actor, identity, step, "说明")


@pytest.mark.parametrize("step", [Step.DISPUTE, Step.CLOSE])
def test_words_are_wanted_where_somebody_has_to_understand(step: Step) -> None:
    identity = matched()
    with pytest.raises(Invalid, match="写明"):
        go(HEALTH, identity, step, "  ")


def test_a_stale_page_is_told_so() -> None:
    identity = matched()
    with pytest.raises(Conflict, match="刚刚有变化"):
        take_step(CIVIL, identity, Step.CONNECT, version=1)
    with pytest.raises(NoSuchNeed):
        take_step(CIVIL, "need_nothing", Step.CONNECT, version=1)


@pytest.mark.parametrize(
    ("actor", "changed", "field"),
    [
        (OTHER, {}, None),
        (HANDLER, {}, None),
        (BUREAU, {}, None),
        (HEALTH, {"title": " "}, "title"),
        (HEALTH, {"wants": ""}, "wants"),
        (HEALTH, {"title": "长" * 101}, "title"),
        (HEALTH, {"item": "nothing"}, "item"),
        (HEALTH, {"resource": "nothing"}, "resource"),
        (HEALTH, {"resource": "tax-returns"}, "resource"),
        (HEALTH, {"level": Level.COUNTY}, "place"),
        (HEALTH, {"place": "xiping"}, "place"),
    ],
)
def test_a_need_that_does_not_hold_is_refused(
    actor: Actor, changed: dict[str, Any], field: str | None
) -> None:
    with pytest.raises((Invalid, NotAllowed)) as told:
        list_need(actor, replace(NEW, **changed))
    assert told.value.field == field
    assert not needs()


def test_matching_names_a_resource_or_a_department() -> None:
    identity = list_need(HEALTH, NEW)
    for given in ({}, {"provider": "nobody"}, {"resource": "tax-returns"}, {"resource": "nothing"}):
        with pytest.raises(Invalid):
            match_need(BUREAU, identity, version=1, **given)
    with pytest.raises(NotAllowed):
        match_need(HEALTH, identity, version=1, provider="civil-affairs")
    match_need(BUREAU, identity, version=1, provider="education", words="先由教育局编目")
    assert (seen(identity).provider, seen(identity).resource) == ("education", "")
    match_need(BUREAU, identity, version=2, resource="marriage-registration")
    assert seen(identity).provider == "civil-affairs"


def test_it_is_corrected_only_before_it_is_matched() -> None:
    identity = list_need(HEALTH, NEW)
    county = replace(NEW, title="核验婚姻登记", level=Level.COUNTY, place="xiping")
    correct_need(HEALTH, identity, county, version=1)
    assert (seen(identity).title, seen(identity).place_name) == ("核验婚姻登记", "西平县")
    assert [one.id for one in needs(NeedFilters(level="county", place="xiping"))] == [identity]
    match_need(BUREAU, identity, version=2, provider="civil-affairs")
    with pytest.raises(Conflict):
        correct_need(HEALTH, identity, NEW, version=3)
    with pytest.raises(NotAllowed):
        correct_need(OTHER, identity, NEW, version=3)


def test_an_edition_stays_as_it_was_published() -> None:
    with pytest.raises(Invalid, match="没有变化"):
        publish_needs(BUREAU)
    identity = matched()
    with pytest.raises(NotAllowed):
        publish_needs(HEALTH)
    assert publish_needs(BUREAU) == 1
    with pytest.raises(Invalid, match="没有变化"):
        publish_needs(BUREAU)
    go(CIVIL, identity, Step.CONNECT)
    assert publish_needs(BUREAU) == 2
    first, second = edition(1), edition(2)
    assert first is not None
    assert second is not None
    assert [line.state for line in first.lines] == [NeedState.MATCHED]
    assert [line.state for line in second.lines] == [NeedState.CONNECTED]
    assert second.lines[0].resource_name == "婚姻登记信息"
    assert [one.number for one in editions()] == [2, 1]
    assert edition(3) is None
    with pytest.raises(TypeError):
        NeedEdition.objects.all().update(number=9)


def test_the_steps_of_a_need_are_a_chain() -> None:
    identity = matched()
    go(CIVIL, identity, Step.CONNECT)
    rows = list(NeedStep.objects.filter(need__public_id=identity).order_by("id"))
    assert all(one.now == two.was for one, two in pairwise(rows))


def test_a_resource_gone_from_the_catalogue_does_not_break_the_list(published: Publish) -> None:
    identity = matched()
    published("移出", marriage_registration=None)
    assert seen(identity).resource_name == "marriage-registration"
