# SPDX-License-Identifier: Apache-2.0
"""What is alike is one alert with a count; a flood in one unit is one more; nothing grave hides in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from yiwang.apps.data_security.domain.merging import MANY, Found, Merged, Who, merge
from yiwang.engines.exchange.unusual import Finding, Unusual

DAY = dt.date(2026, 5, 20)
NOON = dt.datetime(2026, 5, 20, 4, tzinfo=dt.UTC)
PERSON, MOST = Unusual.SAME_PERSON, 3


def found(caller: str = "o_1", about: str = "p_1", level: int = 0, kind: Unusual = PERSON) -> Found:
    """A finding; its figure follows its level."""
    said = f"{caller}查了{8 * 2**level}次。"
    finding = Finding(
        kind, f"{about}{level}", NOON, NOON, {"calls": 8}, said, resource="r", about=about, level=level
    )
    return Who("officer", caller, "health", caller), DAY, finding


def merged(*some: Found, before: list[Merged] | None = None) -> list[Merged]:
    """What is to be written."""
    return merge(some, before or [], most=MOST)


def test_what_is_alike_is_one_with_a_count() -> None:
    (one,) = merged(*(found(about=f"p_{n}") for n in range(5)), found(about="p_9", level=2))
    assert (len(one.pieces), one.is_new, one.tell) == (6, True, True)
    assert one.sentence == "o_1查了32次。当天同类情况共6处。", "in the words of the gravest"
    assert len(merged(found(), found(kind=Unusual.VOLUME), found("o_2"))) == 3


def test_the_same_again_is_nothing_and_a_doubling_is_told_again() -> None:
    first = merged(found(), found(about="p_2"))
    assert merged(found(), found(about="p_2"), before=first) == []
    (third,) = merged(found(about="p_3"), before=first)
    assert (len(third.pieces), third.tell, third.is_new) == (3, False, False)
    (fourth,) = merged(found(about="p_4"), before=[third])
    assert fourth.tell, "twice as many as were told"
    (graver,) = merged(found(level=1), before=[third])
    assert (graver.tell, len(graver.pieces)) == (True, 3)


def test_what_was_answered_stays_answered_until_it_is_graver_or_other() -> None:
    answered = [replace(one, is_open=False) for one in merged(found())]
    assert merged(found(), before=answered) == []
    (again,) = merged(found(), found(about="p_2"), before=answered)
    assert (again.is_new, again.generation, len(again.pieces)) == (True, 1, 1)


def test_a_unit_has_so_many_of_a_kind_and_one_for_the_rest_the_gravest_first() -> None:
    flood = [found(f"o_{n}", level=int(n == 40)) for n in range(50)]
    written = merged(*flood)
    singles, rest = [one for one in written if not one.is_rest], [one for one in written if one.is_rest]
    assert (len(singles), len(rest)) == (MOST, 1)
    assert singles[0].who.caller == "o_40"
    assert (rest[0].who.name, len(rest[0].pieces)) == (MANY, 47)
    assert "47起" in rest[0].sentence
    assert merged(*flood, before=written) == []
    (more,) = merged(found("o_77"), before=written)
    assert (more.is_rest, len(more.pieces), more.tell) == (True, 48, False)
    (own,) = merged(found("o_40", level=3), before=written)
    assert not own.is_rest, "who stands alone already, goes on alone"
    assert not merged(found("o_1", kind=Unusual.HOUR), before=written)[0].is_rest, "another kind"


def test_thousands_are_quick_enough_to_be_one() -> None:
    written = merged(*(found(f"o_{n}") for n in range(5000)))
    assert sum(len(one.pieces) for one in written) == 5000
