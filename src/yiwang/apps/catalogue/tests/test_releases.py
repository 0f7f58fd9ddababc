# SPDX-License-Identifier: Apache-2.0
"""A release is drafted, reviewed by somebody else, published, and is what its name says."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from yiwang.apps.catalogue import queries
from yiwang.apps.catalogue.models import Release
from yiwang.apps.catalogue.public import (
    current,
    draft_release,
    publish_release,
    release,
    releases,
    review_release,
)
from yiwang.apps.journal.public import entries_of
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of, dump_release
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable

from .small_city import small_city, whole_city

pytestmark = [pytest.mark.storage, pytest.mark.django_db]


def _officer(name: str, *roles: Role) -> Actor:
    return Actor(ActorKind.OFFICER, f"o_{name}", name, tuple(Post(role) for role in roles))


ANN, BOB = _officer("起草", Role.CATALOGUE), _officer("复核", Role.CATALOGUE)
STRANGERS = [
    _officer("别的角色", *(role for role in Role if role is not Role.CATALOGUE)),
    Actor(ActorKind.PERSON, "p_wang", "王芳"),
    ANONYMOUS,
]


@pytest.fixture(autouse=True)
def _nothing_opened_before() -> Iterator[None]:
    queries._opened.cache_clear()
    yield
    queries._opened.cache_clear()


def publish(catalogue: Catalogue) -> str:
    digest = draft_release(ANN, catalogue, summary="一版")
    review_release(BOB, digest, approve=True)
    publish_release(ANN, digest)
    return digest


def states() -> dict[str, str]:
    return {view.digest: view.state for view in releases()}


def test_a_release_goes_from_draft_to_review_to_force() -> None:
    city = small_city()
    digest = draft_release(ANN, city, summary="一版")
    assert digest == city.digest == release(digest).digest
    assert states() == {digest: "draft"}
    with pytest.raises(Unavailable):
        current()
    review_release(BOB, digest, approve=True, words="看过")
    with pytest.raises(Unavailable):
        current()
    publish_release(ANN, digest)
    assert current().catalogue == city
    assert [(e["action"], e["actor"]) for e in entries_of("releases")] == [
        ("release.drafted", ANN.id),
        ("release.reviewed", BOB.id),
        ("release.published", ANN.id),
    ]
    (view,) = releases()
    assert (view.state_term, view.drafted_by, view.reviewed_by) == ("已发布", ANN.id, BOB.id)


def test_who_drafted_cannot_review_also_not_by_drafting_again() -> None:
    digest = draft_release(ANN, small_city(), summary="一版")
    assert draft_release(BOB, small_city(), summary="又一版") == digest
    with pytest.raises(NotAllowed, match="起草人"):
        review_release(ANN, digest, approve=True)
    assert states() == {digest: "draft"}
    bootstrap = system("一")
    other = draft_release(bootstrap, small_city(shop="面馆"), summary="")
    with pytest.raises(NotAllowed):
        review_release(bootstrap, other, approve=True)
    review_release(system("二"), other, approve=True)


@pytest.mark.parametrize("actor", STRANGERS, ids=lambda a: a.name)
def test_nobody_else_drafts_reviews_or_publishes(actor: Actor) -> None:
    digest = draft_release(ANN, small_city(), summary="")
    with pytest.raises(NotAllowed):
        draft_release(actor, small_city(shop="面馆"), summary="")
    with pytest.raises(NotAllowed):
        review_release(actor, digest, approve=True)
    review_release(BOB, digest, approve=True)
    with pytest.raises(NotAllowed):
        publish_release(actor, digest)
    assert states() == {digest: "reviewed"}


def test_no_step_can_be_skipped_or_repeated() -> None:
    digest = draft_release(ANN, small_city(), summary="")
    with pytest.raises(Conflict, match="草稿"):
        publish_release(ANN, digest)
    review_release(BOB, digest, approve=True)
    with pytest.raises(Conflict, match="已复核"):
        review_release(BOB, digest, approve=True)
    publish_release(ANN, digest)
    with pytest.raises(Conflict, match="正在使用"):
        publish_release(ANN, digest)
    for step in (lambda: review_release(BOB, "0" * 64, approve=True), lambda: publish_release(ANN, "0" * 64)):
        with pytest.raises(NotFound):
            step()


def test_what_is_sent_back_says_why_and_can_be_drafted_again_for_another_review() -> None:
    digest = draft_release(ANN, small_city(), summary="")
    with pytest.raises(Invalid):
        review_release(BOB, digest, approve=False)
    review_release(BOB, digest, approve=False, words="缺依据")
    assert states() == {digest: "rejected"}
    with pytest.raises(Conflict, match="已退回"):
        publish_release(ANN, digest)
    assert draft_release(BOB, small_city(), summary="改好了") == digest
    with pytest.raises(NotAllowed):
        review_release(BOB, digest, approve=True)
    review_release(ANN, digest, approve=True)
    assert [e["detail"] for e in entries_of("releases") if "reviewed" in e["action"]] == [
        {"approved": False},
        {"approved": True},
    ]


def test_the_release_published_last_is_in_force_and_a_city_can_go_back() -> None:
    first, second = publish(small_city()), publish(small_city(shop="面馆"))
    assert current().digest == second
    publish_release(BOB, first)
    assert current().digest == first
    assert release(second).catalogue == small_city(shop="面馆"), "cases that began under it still read it"


def _store(digest: str, content: dict[str, Any]) -> None:
    packed = zlib.compress(json.dumps(content).encode())
    Release.objects.filter(digest=digest).update(content=packed)
    queries._opened.cache_clear()


def test_a_changed_release_is_refused_however_it_was_changed() -> None:
    digest = publish(small_city())
    city = small_city()
    event = next(iter(city.life_events.values()))
    # a value is changed
    stored = dump_release(city)
    stored["definitions"]["life_events"][event.id]["name"] = "别的事"
    _store(digest, stored)
    with pytest.raises(Invalid, match="改动"):
        current()
    # another whole release, sound in itself, is put in its place
    _store(digest, dump_release(small_city(shop="面馆")))
    with pytest.raises(Invalid, match="改动"):
        current()
    with pytest.raises(Invalid, match="改动"):
        release(digest)
    # bytes are damaged
    Release.objects.filter(digest=digest).update(content=b"\x00damaged")
    queries._opened.cache_clear()
    with pytest.raises(Invalid, match="备份"):
        current()
    # and the true content is accepted again
    _store(digest, dump_release(city))
    assert current().digest == digest


def test_an_unknown_release_is_not_found() -> None:
    with pytest.raises(NotFound):
        release("0" * 64)


def test_the_whole_city_is_stored_small_opens_and_works() -> None:
    city = whole_city()
    digest = publish(city)
    assert len(Release.objects.get(digest=digest).content) < 1_000_000
    opened = current()
    assert opened.catalogue == city
    assert digest_of(opened.catalogue.folders()) == digest
    assert opened.machine.states
    assert opened.calendar
    assert opened.clocks
    assert current() is opened, "opened once per process"
