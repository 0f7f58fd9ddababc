# SPDX-License-Identifier: Apache-2.0
"""The words of a notice and a letter have what the city asks of them."""

from __future__ import annotations

import datetime as dt

import pytest

from support.city import definitions
from yiwang.apps.commitments.domain.texts import authority_words, commitment_text
from yiwang.engines.definitions import Catalogue


@pytest.fixture(scope="module")
def known() -> Catalogue:
    """The definitions of the house."""
    return definitions()


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
    for part in (*notice, *letter, "20个工作日", "公开；范围", "250个工作日"):
        assert part in text.words, part
    again = commitment_text(known, "drainage-works-report", ["drainage-permit"])
    assert again is not None
    assert (len(text.version), text.version) == (64, again.version)


def test_what_one_item_wants_as_a_paper_cannot_be_promised(known: Catalogue) -> None:
    assert commitment_text(known, "authorisation-letter", ["drainage-permit"]) is None
    assert commitment_text(known, "drainage-works-report", []) is None


def test_a_letter_of_authority_says_who_lets_whom_commit(known: Catalogue) -> None:
    text = commitment_text(known, "premises-use-proof", ["firm-registration"])
    assert text is not None
    assert text.agent_may
    assert "经办人要有申请人的特别授权" in text.words
    said = authority_words("甲公司", "李四", text, dt.date(2026, 3, 2))
    for part in ("甲公司特别授权李四", text.title, "2026年03月02日", "只对这一份申请、这一项证明有效"):
        assert part in said
