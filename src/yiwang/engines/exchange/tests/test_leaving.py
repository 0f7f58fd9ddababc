# SPDX-License-Identifier: Apache-2.0
"""Important data stays inside; personal information is published only by consent; nobody is singled out."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from yiwang.engines.exchange.kinds import Resource
from yiwang.engines.exchange.leaving import Way, grade_of, refuse_leaving, refuse_publishing, way_from
from yiwang.engines.exchange.singling import check_before_opening, single_out
from yiwang.engines.exchange.words import Grade
from yiwang.kernel.errors import NotAllowed

FIELDS: list[dict[str, Any]] = [
    {"id": "name", "name": "姓名", "type": "text", "grade": "general_3", "mask": "name"},
    {
        **{"id": "number", "name": "身份号码", "type": "id_number", "grade": "general_4"},
        **{"mask": "id_number", "key": True, "subject_id": True},
    },
    {"id": "town", "name": "乡镇", "type": "text", "grade": "general_2"},
    {"id": "age", "name": "年龄段", "type": "text", "grade": "general_2"},
]


def resource(*, grade: str = "general_4", **more: Any) -> Resource:
    """A resource about people; `more` replaces what it says."""
    known = {
        **{"id": "people", "name": "人口", "provider": "public-security", "subject": "person"},
        **{"library": "population", "summary": "人口", "sharing": "conditional", "condition": "按需"},
        **{"grade": grade, "cycle": "daily", "fields": FIELDS, "cite": {"doc": "x", "at": "第一条"}},
    }
    return Resource.model_validate({**known, **more})


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("grade", list(Grade))
def test_important_data_stays_inside(grade: Grade, way: Way) -> None:
    inside = way is Way.GOVERNMENT or grade.rank < Grade.IMPORTANT.rank
    if inside:
        refuse_leaving(resource(grade=grade.value), ["town"], way)
        return
    with pytest.raises(NotAllowed, match="第十九条"):
        refuse_leaving(resource(grade=grade.value), ["town"], way)


def test_one_important_item_is_enough_and_an_unknown_one_counts_as_core() -> None:
    fields = [*FIELDS, {"id": "map", "name": "坐标", "type": "text", "grade": "important"}]
    mixed = resource(fields=fields)
    assert grade_of(mixed, ["town"]) is Grade.GENERAL_4
    assert grade_of(mixed, ["town", "map"]) is Grade.IMPORTANT
    assert grade_of(mixed, ["nothing like it"]) is Grade.CORE
    with pytest.raises(NotAllowed, match="重要数据"):
        refuse_leaving(mixed, ["map"], Way.FILE)


@pytest.mark.parametrize(
    ("address", "file", "way"),
    [
        ("10.1.2.3", False, Way.GOVERNMENT),
        ("10.1.2.3", True, Way.GOVERNMENT),
        ("59.207.1.1", False, Way.INTERNET),
        ("59.207.1.1", True, Way.FILE),
        ("", False, Way.INTERNET),
        ("10.1.2.3, 1.1.1.1", False, Way.INTERNET),
        ("::1", False, Way.INTERNET),
    ],
)
def test_an_address_nobody_named_is_the_internet(address: str, file: bool, way: Way) -> None:
    assert way_from(address, ["10.0.0.0/8", " "], file=file) is way
    assert way_from(address, [], file=file) is (Way.FILE if file else Way.INTERNET)


def test_personal_information_is_published_only_by_consent() -> None:
    opened = resource(openness="按乡镇统计后")
    refuse_publishing(opened, ["town", "age"], consent=False)
    with pytest.raises(NotAllowed, match="第二十一条"):
        refuse_publishing(opened, ["town", "number"], consent=False)
    refuse_publishing(opened, ["town", "number"], consent=True)
    with pytest.raises(NotAllowed, match="开放"):
        refuse_publishing(resource(), ["town"], consent=True)
    with pytest.raises(NotAllowed, match="第十九条"):
        refuse_publishing(resource(grade="core", openness="是"), ["town"], consent=True)


def test_counting_groups_agrees_with_counting_by_hand() -> None:
    dice = random.Random(1)
    for _ in range(50):
        k = dice.randint(2, 6)
        rows = [
            {"town": dice.choice("甲乙丙"), "age": dice.choice("老中青"), "sick": dice.choice("是否")}
            for _ in range(dice.randint(0, 60))
        ]
        sizes = Counter((row["town"], row["age"]) for row in rows)
        seen = single_out(rows, quasi=["town", "age"], k=k)
        assert (seen.rows, seen.groups) == (len(rows), len(sizes))
        assert seen.smallest == min(sizes.values(), default=0)
        assert seen.at_risk == sum(size for size in sizes.values() if size < k)
        assert seen.may_open is all(size >= k for size in sizes.values())


def test_a_mask_is_no_hiding_and_a_secret_all_share_is_told() -> None:
    rows = [{"number": "411702********001X", "town": "甲", "age": "老"}] * 9
    seen = check_before_opening(resource(), rows, k=5)
    assert (seen.may_open, seen.identifiers) == (False, ("number",))
    assert check_before_opening(resource(), [{"town": "甲", "age": "老"}] * 9, k=5).may_open
    few = check_before_opening(resource(), [{"town": "甲", "age": "老"}] * 4, k=5)
    assert not few.may_open
    assert "最小的一组只有4条" in few.sentence
    same = single_out([{"town": "甲", "sick": "是"}] * 9, quasi=["town"], k=5, confidential=["sick"])
    assert (same.may_open, same.telling) == (False, ("sick",))
