# SPDX-License-Identifier: Apache-2.0
"""Every licence that an item of the house issues has a template, and long names fit on it."""

from __future__ import annotations

import datetime as dt

import pytest

from support.city import definitions
from yiwang.engines import papers
from yiwang.engines.definitions.kinds import Element, Template
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.kinds.materials import MaterialKind
from yiwang.engines.definitions.kinds.templates import Fact

LONG_NAME = "驻马店市驿城区老王家正宗胡辣汤逍遥镇餐饮服务有限责任公司第一分公司"
LONG_ADDRESS = "河南省驻马店市驿城区雪松路与乐山路交叉口向东二百米路北金雀花园三号楼一层一〇二号商铺"
ETHNIC_NAME = "阿依古丽·买买提·吐尔逊江·艾合买提·阿卜杜热依木𠮷㐂"
TODAY = dt.date(2026, 11, 21)


def issued() -> list[str]:
    """The licence types that some item issues."""
    catalogue = definitions()
    return sorted(
        one.id
        for one in catalogue.materials.values()
        if one.kind is MaterialKind.LICENCE and one.id in catalogue.producers
    )


def sample(element: Element) -> str:
    """A long but possible value."""
    if element.choices:
        return "、".join(choice.value for choice in element.choices[:3])
    return {
        ElementType.ID_NUMBER: "411702198503041234",
        ElementType.USCC: "91411702MA0000001A",
        ElementType.DATE: "2026年11月21日",
        ElementType.ADDRESS: LONG_ADDRESS,
        ElementType.DECIMAL: "12345.5",
        ElementType.MONEY: "壹仟贰佰叁拾肆万伍仟元整",
        ElementType.LONG_TEXT: "餐饮服务；食品销售；外卖递送服务。" * 6,
    }.get(element.type, ETHNIC_NAME)


def values(template: Template) -> dict[str, str]:
    """Every value the template prints."""
    elements = definitions().elements
    found = {field.element: sample(elements[field.element]) for field in template.fields if field.element}
    facts = dict.fromkeys(map(str, Fact), "2026年11月21日")
    facts |= {
        str(Fact.NUMBER): "豫（驻驿）市监食字第2026-000123456号",
        str(Fact.HOLDER): LONG_NAME,
        str(Fact.HOLDER_CODE): "91411702MA0000001A",
        str(Fact.ISSUER): "驻马店市人力资源和社会保障局",
        str(Fact.VALIDITY): "2026年11月21日至2031年11月20日",
    }
    return {**found, **facts, papers.QR: "https://zwfw.example.gov.cn/verify/ABCD-EFGH-JKLM-NPQR"}


def test_there_are_types_to_look_at() -> None:
    assert len(issued()) > 20


@pytest.mark.parametrize("material", issued())
def test_each_type_has_a_template_on_which_long_values_fit(material: str) -> None:
    template = definitions().template_of(material, TODAY)
    assert template is not None
    assert papers.render_pdf(template, values(template), fonts=papers.system_fonts()).startswith(b"%PDF-")
