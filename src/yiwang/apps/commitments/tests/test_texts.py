# SPDX-License-Identifier: Apache-2.0
"""The words of a notice and a letter have what the city asks of them."""

from __future__ import annotations

import pytest

from yiwang.apps.commitments.domain.texts import commitment_text
from yiwang.engines import house
from yiwang.engines.definitions import Catalogue


@pytest.fixture(scope="module")
def known() -> Catalogue:
    """The definitions of the house."""
    return house.load()


def test_a_notice_has_every_part_and_the_letter_its_five(known: Catalogue) -> None:
    text = commitment_text(known, "drainage-works-report", ["drainage-permit"])
    assert text is not None
    notice = (
        "证明事项名称",
        "设定依据",
        "证明内容",
        "承诺方式",
        "民事责任",
        "行政责任",
        "刑事责任",
        "核查权力",
        "是否公开",
    )
    letter = ("身份证号或者统一社会信用代码", "已知晓和理解", "已符合", "意思表示真实", "愿意承担")
    for part in (*notice, *letter, "20个工作日", "不公开"):
        assert part in text.words, part
    again = commitment_text(known, "drainage-works-report", ["drainage-permit"])
    assert again is not None
    assert (len(text.version), text.version) == (64, again.version)


def test_what_one_item_wants_as_a_paper_cannot_be_promised(known: Catalogue) -> None:
    assert commitment_text(known, "authorisation-letter", ["drainage-permit"]) is None
    assert commitment_text(known, "drainage-works-report", []) is None
