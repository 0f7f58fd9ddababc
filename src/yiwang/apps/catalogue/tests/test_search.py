# SPDX-License-Identifier: Apache-2.0
"""People find what they need in the words they use."""

from __future__ import annotations

import pytest

from yiwang.apps.catalogue.domain.search import SearchIndex

from .small_city import small_city, whole_city


@pytest.fixture(scope="module")
def small() -> SearchIndex:
    return SearchIndex(small_city())


@pytest.fixture(scope="module")
def whole() -> SearchIndex:
    return SearchIndex(whole_city())


@pytest.mark.parametrize(
    ("says", "means"),
    [
        ("我想开一家小饭馆", "open-restaurant"),
        ("餐厅", "open-restaurant"),
        ("饭店怎么开", "open-restaurant"),
        ("开书店要什么手续", "open-bookshop"),
        ("挂门头", "shop-sign"),
        ("户外招牌", "shop-sign"),
        ("污水", "drainage"),
    ],
)
def test_a_plain_sentence_finds_its_errand_first(small: SearchIndex, says: str, means: str) -> None:
    assert small.search(says)[0].id == means


def test_a_result_says_by_which_words_it_was_found(small: SearchIndex) -> None:
    found = small.search("餐厅")[0]
    assert (found.kind, found.name) == ("life_event", "开办餐饮店")
    assert "饭馆" in found.matched


def test_an_errand_comes_before_its_items(small: SearchIndex) -> None:
    ids = [f.id for f in small.search("餐饮")]
    assert ids[0] == "open-restaurant"
    assert {"food-licence", "drainage"} <= set(ids)


@pytest.mark.parametrize("says", ["", "   ", "？？！", "我想要", "xyz", "的的的", "'; DROP TABLE", "\x00"])
def test_what_means_nothing_finds_nothing(small: SearchIndex, says: str) -> None:
    assert small.search(says) == []


def test_no_more_than_asked_for_best_first_and_always_in_the_same_order(small: SearchIndex) -> None:
    found = small.search("开餐饮店办许可")
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)
    assert small.search("开餐饮店办许可", limit=2) == found[:2] == small.search("开餐饮店办许可")[:2]


@pytest.mark.parametrize(
    ("says", "means"),
    [
        ("我想开一家小饭馆", "open-restaurant"),
        ("开饭店要办什么证", "open-restaurant"),
        ("开个小吃店", "open-restaurant"),
        ("我家要生小孩了", "newborn"),
        ("孩子上户口", "newborn"),
        ("买了二手房要过户", "second-hand-house"),
        ("公司不干了怎么注销", "simple-deregistration"),
        ("退休", "retirement"),
        ("我要卖烟", "tobacco-licence-issue"),
        ("健康证", "health-check"),
    ],
)
def test_the_citys_own_catalogue_answers_plain_sentences(whole: SearchIndex, says: str, means: str) -> None:
    assert whole.search(says)[0].id == means


def test_every_errand_is_found_by_each_of_its_own_names(whole: SearchIndex) -> None:
    missed = [
        (event.id, name)
        for event in whole_city().life_events.values()
        for name in (event.name, *event.plain_names)
        if event.id not in [found.id for found in whole.search(name, limit=3)]
    ]
    assert missed == []


def test_a_word_no_list_knows_is_tried_by_its_pairs_of_characters(whole: SearchIndex) -> None:
    found = whole.search("排污水")
    assert found[0].id == "drainage-permit"
    assert "污水" in found[0].matched


def test_what_only_shares_a_common_word_is_left_out(whole: SearchIndex) -> None:
    found = whole.search("我想开一家小饭馆", limit=30)
    assert "vaccination-certificate" not in {one.id for one in found}
    assert all(one.score >= 0.1 * found[0].score for one in found)
