# SPDX-License-Identifier: Apache-2.0
"""Promises of the resolver, over random places and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines.evidence import (
    Answer,
    Asked,
    Context,
    Look,
    ProviderKind,
    Question,
    QuestionKey,
    Resolution,
    Resolver,
    Standing,
)
from yiwang.kernel.actor import system
from yiwang.kernel.dates import BEIJING

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=BEIJING)
CONTEXT = Context(system("受理"), NOW)


@dataclass(frozen=True)
class Place:
    kind: ProviderKind
    answers: Mapping[QuestionKey, Answer]
    order: int
    raises: bool = False
    name: str = "某处"

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        if self.raises:
            raise ConnectionError
        return self.answers


kinds = st.sampled_from(ProviderKind)
questions = st.builds(
    Question,
    st.sampled_from(Asked),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["p", "q"]),
    st.lists(st.sampled_from(["i", "j"]), max_size=2).map(tuple),
    st.sampled_from(["用途一", "用途二"]),
    st.just("依据"),
    st.frozensets(kinds),
)
keys = st.builds(
    QuestionKey, st.sampled_from(Asked), st.sampled_from(["a", "b", "c"]), st.sampled_from(["p", "q"])
)
days = st.none() | st.dates(date(2026, 2, 25), date(2026, 3, 10))


@st.composite
def places(draw: st.DrawFn) -> Place:
    kind = draw(kinds)
    answers = st.builds(
        Answer,
        kind=st.sampled_from([kind, kind, kind, ProviderKind.E_LICENCE]),
        standing=st.sampled_from([Standing.VALID, Standing.VALID, *Standing]),
        value=st.sampled_from([True, "有", None]),
        source=st.sampled_from(["来源", "来源", ""]),
        basis=st.sampled_from(["依据", "依据", ""]),
        obtained_at=st.sampled_from([NOW, NOW, None, NOW + timedelta(days=1)]),
        valid_from=days,
        valid_until=days,
        evidence=st.sampled_from(["e1", "e1", ""]),
    )
    return Place(kind, draw(st.dictionaries(keys, answers)), draw(st.integers(0, 3)), draw(st.booleans()))


def resolve(asked: list[Question], given: list[Place]) -> tuple[Mapping[QuestionKey, Resolution], list[Look]]:
    looks: list[Look] = []
    return Resolver(given, looks.append).resolve(asked, CONTEXT), looks


def asked_of_applicant(found: Mapping[QuestionKey, Resolution]) -> set[QuestionKey]:
    return {key for key, each in found.items() if each.asks_applicant}


@given(st.lists(questions), st.lists(places(), max_size=6), places())
def test_the_promises_hold(asked: list[Question], given_places: list[Place], more: Place) -> None:
    """Whatever is asked of whatever places; to invent these takes far longer than to ask them."""
    found, looks = resolve(asked, given_places)
    _nothing_doubtful_is_ever_in_hand(found)
    _each_question_meets_the_places_in_order_and_each_look_is_logged(found, looks, given_places)
    after, _ = resolve(asked, [*given_places, more])
    assert asked_of_applicant(after) <= asked_of_applicant(found), "one more place, and more to give"
    distinct = list({(place.kind, place.order): place for place in given_places}.values())
    one, _ = resolve(asked, distinct)
    other, _ = resolve(asked, distinct[::-1])
    assert one == other, "the order in which places are given does not matter"


def _nothing_doubtful_is_ever_in_hand(found: Mapping[QuestionKey, Resolution]) -> None:
    for resolution in found.values():
        answer = resolution.answer
        if answer is None:
            continue
        assert answer.standing in (Standing.VALID, Standing.PROMISED)
        assert answer.valid_until is None or answer.valid_until >= date(2026, 3, 2)
        assert answer.valid_from is None or answer.valid_from <= date(2026, 3, 2)
        assert answer.source
        assert answer.kind in resolution.question.ways
        if answer.kind.looks_up:
            assert answer.standing is Standing.VALID
            assert answer.basis
            assert answer.obtained_at is not None


def _each_question_meets_the_places_in_order_and_each_look_is_logged(
    found: Mapping[QuestionKey, Resolution], looks: list[Look], given_places: list[Place]
) -> None:
    for key, resolution in found.items():
        ranks = [look.kind.rank for look in looks if look.key == key]
        assert ranks == sorted(ranks)
        kept = [place for place in given_places if place.kind.looks_up]
        open_to = [place for place in kept if place.kind in resolution.question.ways]
        if not resolution.kind.looks_up:
            assert len(ranks) == len(open_to)
        else:
            assert ranks[-1] == resolution.kind.rank
    assert all(look.purpose and look.basis for look in looks)
