# SPDX-License-Identifier: Apache-2.0
"""The one rule from history to effects, over random histories: nobody is restrained by a record that is
expired, repaired, objected to with success, or about somebody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.engines.credit import (
    CreditBook,
    CreditEntry,
    CreditMeasure,
    EffectKind,
    Ending,
    EndKind,
    History,
    Matter,
    Scene,
    Severity,
    Standing,
    Version,
    effects_of,
    is_shown,
    months_after,
    standing,
)

BEGIN = dt.date(2025, 10, 1)
CITE = {"doc": "setting", "at": "测试"}
DAYS = st.integers(0, 1_500).map(lambda days: BEGIN + dt.timedelta(days=days))


def moment(day: dt.date) -> dt.datetime:
    """Noon of a day."""
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def measure(name: str, effect: EffectKind, **more: Any) -> CreditMeasure:
    """A measure of the list."""
    given_: dict[str, Any] = {
        "id": name, "name": name, "kind": "measure", "effect": effect, "scenes": ["办件"],
        "org": "finance", "section": "科", "post": "岗", "basis": CITE,
    }  # fmt: skip
    return CreditMeasure.model_validate(given_ | more)


def entry(name: str, terms: list[dict[str, Any]], measures: list[str], **more: Any) -> CreditEntry:
    """An entry of the catalogue."""
    given_: dict[str, Any] = {
        "id": name, "name": name, "kind": "entry", "sort": "penalty", "subjects": ["firm"], "basis": [CITE],
        "terms": [term | {"cite": CITE} for term in terms], "measures": measures,
        "publicity": {"within": {"days": 7, "cite": CITE}, "of": ["firm"]},
    }  # fmt: skip
    return CreditEntry.model_validate(given_ | more)


BOOK = CreditBook(
    {
        "graded": entry(
            "graded",
            [
                {"severity": "轻微", "shown": 0, "used": 3},
                {"severity": "一般", "shown": 12, "used": 12},
                {"severity": "严重", "least": 12, "shown": 36, "used": 36},
            ],
            ["look", "promise"],
        ),
        "plain": entry("plain", [{"shown": 12, "used": 24}], ["stop", "again", "promise"]),
        "nothing": entry("nothing", [{"shown": 12, "used": 24}], []),
    },
    {
        "look": measure("look", EffectKind.CLOSER_LOOK),
        "promise": measure("promise", EffectKind.NO_COMMITMENT, severities=["严重"]),
        "stop": measure("stop", EffectKind.BAR, items=["food-licence"]),
        "again": measure("again", EffectKind.BAR, same_item=True),
    },
)


@st.composite
def histories(draw: st.DrawFn) -> list[History]:
    """Records of three subjects with corrections and endings at random."""
    made = []
    for number in range(draw(st.integers(1, 6))):
        versions = []
        for place in range(draw(st.integers(1, 3))):
            decided = draw(DAYS)
            versions.append(
                Version(
                    place + 1,
                    draw(st.sampled_from(["a", "b", "c"])),
                    decided,
                    moment(decided + dt.timedelta(days=place)),
                    draw(st.sampled_from([None, *Severity])),
                    draw(st.none() | DAYS.map(lambda day: day + dt.timedelta(days=30))),
                    draw(st.sampled_from(["", "food-licence", "shop-sign"])),
                )
            )
        endings = tuple(
            Ending(kind, day, moment(day))
            for kind, day in draw(st.lists(st.tuples(st.sampled_from(list(EndKind)), DAYS), max_size=1))
        )
        name = draw(st.sampled_from([*BOOK.entries, "gone"]))
        made.append(History(f"r{number}", name, "finance", tuple(versions), endings, draw(st.booleans())))
    return made


MATTERS = st.builds(
    Matter, st.sampled_from([None, *Scene]), st.sampled_from(["", "food-licence", "shop-sign"])
)


@settings(max_examples=80, deadline=None)
@given(histories(), DAYS, st.sampled_from(["a", "b", "c"]), MATTERS)
def test_every_effect_is_one_living_record_of_its_subject(
    known: list[History], on: dt.date, subject: str, matter: Matter
) -> None:
    """Told apart from how it is worked out: by looking at each effect and asking whether it may be."""
    by_id = {one.record: one for one in known}
    for effect in effects_of(known, BOOK, subject=subject, on=on, matter=matter):
        history = by_id[effect.record]
        newest = history.versions[-1]
        rule = BOOK.entries[history.entry]
        named = {one.severity: one.used for one in rule.terms}
        months = named.get(newest.severity, min(term.used or 0 for term in rule.terms))
        assert newest.subject == subject, "another one's record"
        assert newest.decided_on <= on, "not decided yet"
        assert on <= months_after(newest.decided_on, months or 0), "expired"
        assert newest.until is None or on <= newest.until, "over by itself"
        assert not any(one.kind is EndKind.REPAIRED and one.on <= on for one in history.endings), "repaired"
        assert not any(one.kind.voids for one in history.endings), "upheld or withdrawn"
        assert effect.measure in {BOOK.measures[name].name for name in rule.measures}
        assert effect.basis
        assert effect.since == newest.decided_on
        assert effect.until is not None
        assert on <= effect.until
        if effect.measure == "again":
            assert matter.item == newest.item != ""
        if effect.measure == "stop":
            assert matter.item == "food-licence"


_RED = entry(
    "red", [{"shown": None, "used": None}], ["lane"], sort="red",
    entering={
        "standard": ["守信"], "standard_cite": CITE, "leaving": ["失信"], "leaving_cite": CITE, "clean": True,
        "notice": {"days": 5, "cite": CITE},
    },
)  # fmt: skip
_WITH_RED = CreditBook(
    {**BOOK.entries, "red": _RED}, {**BOOK.measures, "lane": measure("lane", EffectKind.GREEN_LANE)}
)


@settings(max_examples=25, deadline=None)
@given(histories(), DAYS, st.sampled_from(["a", "b", "c"]))
def test_a_list_for_the_clean_brings_something_to_the_clean_alone(
    known: list[History], on: dt.date, subject: str
) -> None:
    listed = History("red", "red", "finance", (Version(1, subject, BEGIN, moment(BEGIN)),))
    found = effects_of([*known, listed], _WITH_RED, subject=subject, on=on, kinds={EffectKind.GREEN_LANE})
    against = [
        one
        for one in known
        if one.entry in BOOK.entries
        and one.versions[-1].subject == subject
        and standing(one, BOOK.entries[one.entry], on) is Standing.COUNTS
    ]
    assert bool(found) == (not against)


@settings(max_examples=80, deadline=None)
@given(histories(), DAYS, st.sampled_from(list(EndKind)))
def test_an_ending_always_ends_and_touches_no_other_record(
    known: list[History], on: dt.date, kind: EndKind
) -> None:
    first = known[0]
    ended = History(
        first.record, first.entry, first.org, first.versions, (*first.endings, Ending(kind, on, moment(on))),
        first.disputed,
    )  # fmt: skip
    for subject in "abc":
        for day in (on, on + dt.timedelta(days=1), on + dt.timedelta(days=400)):
            before = effects_of(known, BOOK, subject=subject, on=day)
            after = effects_of([ended, *known[1:]], BOOK, subject=subject, on=day)
            assert after == tuple(one for one in before if one.record != first.record)
    if (rule := BOOK.entries.get(ended.entry)) is not None:
        assert not is_shown(ended, rule, on)


def test_an_effect_holds_on_its_last_day_and_not_on_the_next() -> None:
    told = Version(1, "a", dt.date(2024, 2, 29), moment(BEGIN), Severity.COMMON)
    history = History("r", "graded", "finance", (told,))
    rule = BOOK.entries["graded"]
    assert standing(history, rule, dt.date(2024, 2, 28)) is Standing.NOT_YET
    assert standing(history, rule, dt.date(2025, 2, 28)) is Standing.COUNTS
    assert standing(history, rule, dt.date(2025, 3, 1)) is Standing.EXPIRED


def test_a_slight_one_is_never_shown() -> None:
    history = History("r", "graded", "f", (Version(1, "a", BEGIN, moment(BEGIN), Severity.SLIGHT),))
    assert standing(history, BOOK.entries["graded"], BEGIN) is Standing.COUNTS
    assert not is_shown(history, BOOK.entries["graded"], BEGIN)


def test_what_was_known_then_can_be_asked() -> None:
    first = Version(1, "a", BEGIN, moment(BEGIN), Severity.GRAVE)
    second = Version(2, "b", BEGIN, moment(BEGIN + dt.timedelta(days=9)), Severity.GRAVE)
    history = History("r", "graded", "f", (first, second), (Ending(EndKind.UPHELD, BEGIN, moment(BEGIN)),))
    seen = history.version(moment(BEGIN + dt.timedelta(days=3)))
    assert seen is not None
    assert seen.subject == "a"
    assert history.version(moment(BEGIN - dt.timedelta(days=1))) is None


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (dt.date(2026, 12, 31), 2, dt.date(2027, 2, 28)),
        (dt.date(2026, 11, 30), 3, dt.date(2027, 2, 28)),
        (dt.date(2026, 1, 15), 12, dt.date(2027, 1, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day: dt.date, months: int, then: dt.date) -> None:
    assert months_after(day, months) == then
