# SPDX-License-Identifier: Apache-2.0
"""Every licence template of the house prints: with plain values, and with the longest a citizen may have."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

import pytest

from yiwang.engines import house
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Element, Template
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.kinds.templates import Fact
from yiwang.engines.papers import QR, render_ofd, render_pdf, system_fonts
from yiwang.engines.papers.compose import compose
from yiwang.engines.papers.sheet import POINT, Run

LONGEST_NAME = "阿卜杜热合曼·麦麦提吐尔逊·阿布都克热木江·买买提依明·𠮷"
WORDS = {
    ElementType.ID_NUMBER: "411702199001011234",
    ElementType.USCC: "92411702MA3X12345X",
    ElementType.PHONE: "13800000000",
    ElementType.DATE: "2026年6月1日",
    ElementType.MONEY: "1,000,000.00",
    ElementType.INTEGER: "12",
    ElementType.DECIMAL: "120.5",
    ElementType.BOOLEAN: "是",
    ElementType.PLACE: "驻马店市驿城区",
    ElementType.ADDRESS: "河南省驻马店市驿城区解放大道中段128号院3号楼1单元101铺",
    ElementType.LONG_TEXT: "餐饮服务；食品销售（仅销售预包装食品）；外卖递送服务",
}
FACTS = {
    Fact.NUMBER: "JY24117020000001",
    Fact.IDENTIFIER: "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    Fact.HOLDER: "驻马店市驿城区老张面馆",
    Fact.HOLDER_CODE: "92411702MA3X12345X",
    Fact.ISSUER: "驻马店市市场监督管理局",
    Fact.ISSUED_ON: "2026年6月1日",
    Fact.VALID_FROM: "2026年6月1日",
    Fact.VALID_TO: "2031年5月31日",
    Fact.VALIDITY: "2026年6月1日至2031年5月31日",
}


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    return house.load()


def ids() -> list[str]:
    return sorted(catalogue().templates)


def word(element: Element) -> str:
    """A plausible answer to the question."""
    if element.choices:
        return element.choices[0].value
    return WORDS.get(element.type, "张三" if "姓名" in element.name else element.example or "驻马店")


def values(template: Template) -> dict[str, str]:
    """Plausible values of a template's fields."""
    elements = catalogue().elements
    known = {field.element: word(elements[field.element]) for field in template.fields if field.element}
    return {
        **known,
        **{str(fact): text for fact, text in FACTS.items()},
        QR: "https://zwfw.example.gov.cn/v/7KQ29F3M",
    }


@pytest.mark.parametrize("identity", ids())
def test_every_template_prints_as_pdf_and_as_ofd(identity: str) -> None:
    template = catalogue().templates[identity]
    assert render_pdf(template, values(template), fonts=system_fonts()).startswith(b"%PDF-")
    assert render_ofd(template, values(template), fonts=system_fonts()).startswith(b"PK")


@pytest.mark.parametrize("identity", ids())
def test_no_words_stand_on_other_words_or_beside_the_page(identity: str) -> None:
    template = catalogue().templates[identity]
    sheet = compose(template, values(template), system_fonts())
    for run in sheet.runs:
        left, top, right, bottom = inked(run)
        assert left >= 0, run.text
        assert top >= 0, run.text
        assert right <= sheet.width, run.text
        assert bottom <= sheet.height, run.text
    for one, other in combinations(sheet.runs, 2):
        assert not overlap(inked(one), inked(other)), f"“{one.text}”和“{other.text}”重叠"


@pytest.mark.parametrize("identity", ids())
def test_the_longest_name_is_printed_whole(identity: str) -> None:
    template = catalogue().templates[identity]
    elements = catalogue().elements
    for field in template.fields:
        name = elements[field.element].name if field.element else str(field.fact)
        if name.endswith("姓名") or field.fact is Fact.HOLDER:
            sheet = compose(template, {**values(template), field.key: LONGEST_NAME}, system_fonts())
            assert LONGEST_NAME in "".join(run.text for run in sheet.runs), name


def inked(run: Run) -> tuple[float, float, float, float]:
    """Where the letters stand: from the top of a character to its foot."""
    size = run.size * POINT
    return run.x, run.y - 0.8 * size, run.x + sum(run.advances) - run.gap, run.y + 0.05 * size


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
