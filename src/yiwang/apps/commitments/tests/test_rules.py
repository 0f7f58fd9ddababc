# SPDX-License-Identifier: Apache-2.0
"""Rules without a database: nothing changes unreviewed, no machine finds anybody untrue, nobody is shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from yiwang.apps.commitments.domain.comparing import Pair, judge, together
from yiwang.apps.commitments.domain.listing import (
    Line,
    ListState,
    changes,
    digest_of,
    moved,
    unreviewed,
)
from yiwang.apps.commitments.domain.showing import masked_words
from yiwang.apps.commitments.domain.states import Found
from yiwang.kernel.errors import Conflict

LINE = Line(
    "permit", "甲许可", "proof", "甲证明", "甲", "有场地", "某法第一条", "20日内逐件核查", "不公开", "不可以"
)
OTHER = replace(LINE, item="licence", item_name="乙许可")
ADJUSTED = replace(LINE, proves="有合法的场地")


def test_a_list_is_named_by_what_it_says_and_each_change_is_told() -> None:
    assert digest_of([LINE]) == digest_of([replace(LINE)])
    assert digest_of([LINE]) != digest_of([ADJUSTED])
    found = [(one.sort, one.line.item) for one in changes([LINE], [ADJUSTED, OTHER])]
    assert found == [("新增", "licence"), ("调整", "permit")]
    assert [one.sort for one in changes([LINE], [])] == ["删去"]
    assert changes([LINE], [LINE]) == []


@pytest.mark.parametrize("after", [[ADJUSTED], [LINE, OTHER], []])
def test_no_change_is_published_without_review(after: list[Line]) -> None:
    before = {"registrar": [LINE], "water": [OTHER]}
    new = {"registrar": after, "water": [OTHER]}
    assert unreviewed(before, new, frozenset()) == ["registrar"]
    assert unreviewed(before, new, frozenset({("water", digest_of(after))})) == ["registrar"]
    assert unreviewed(before, new, frozenset({("registrar", digest_of(after))})) == []
    assert unreviewed(before, before, frozenset()) == []


def test_a_list_goes_its_steps_in_order() -> None:
    way = [ListState.SENT, ListState.REVIEWED, ListState.APPROVED, ListState.PUBLISHED, ListState.FILED]
    for now, to in pairwise(way):
        assert moved(now, to) is to
    for now, to in zip(way, way[2:], strict=False):
        with pytest.raises(Conflict):
            moved(now, to)
    assert [one for one in way if one.may_be_published] == way[2:]


@pytest.mark.parametrize(
    ("said", "held", "found"),
    [
        ("2026-03-02", dt.date(2026, 3, 2), Found.TRUE),
        ("120", Decimal("120.0"), Found.TRUE),
        ("王 五", "王五", Found.TRUE),
        (True, "是", Found.TRUE),
        ("2026-03-02", dt.date(2026, 3, 1), Found.UNCLEAR),
        ("王五", "", Found.UNCLEAR),
        (None, "王五", Found.UNCLEAR),
    ],
)
def test_the_same_in_another_writing_is_the_same(said: Any, held: Any, found: Found) -> None:
    verdict = judge("某资源", [[Pair("某项", said, held)]])
    assert (verdict.found, "某项" in verdict.words) == (found, True)
    assert "王" not in verdict.words


def test_nothing_several_or_masked_is_left_to_an_officer() -> None:
    same = [Pair("姓名", "王五", "王五")]
    assert judge("某资源", []).found is Found.UNCLEAR
    assert judge("某资源", [same, same]).found is Found.TRUE
    assert judge("某资源", [same, [Pair("姓名", "王五", "李四")]]).found is Found.UNCLEAR
    assert judge("某资源", [[Pair("姓名", "王五", "王*", plain=False)]]).found is Found.UNCLEAR
    true, unclear = judge("甲", [same]), judge("乙", [])
    assert together([true, true]).found is Found.TRUE
    assert (together([true, unclear]).found, together([]).found) == (Found.UNCLEAR, Found.UNCLEAR)


def test_what_is_public_names_nobody() -> None:
    text = "王小明（411702199107081234）承诺，电话13800000001，见驻政办〔2021〕8号第765页"
    shown = masked_words(text, [("王小明", "王**")])
    assert shown == "王**（**************1234）承诺，电话*******0001，见驻政办〔2021〕8号第765页"
