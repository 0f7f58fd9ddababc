# SPDX-License-Identifier: Apache-2.0
"""A sample sheet of a template (样张): every box filled, so that a reviewer sees how it will look."""

from __future__ import annotations

from yiwang.apps.catalogue.public import current
from yiwang.engines import papers
from yiwang.engines.definitions.kinds import Element, Template
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.kinds.templates import Fact
from yiwang.kernel.actor import Actor

from .template_views import template_of_version

_DAY = "2026年1月1日"
_MADE_UP = {
    ElementType.DATE: _DAY,
    ElementType.ID_NUMBER: "000000000000000000",
    ElementType.USCC: "000000000000000000",
    ElementType.PHONE: "00000000000",
    ElementType.INTEGER: "100",
    ElementType.DECIMAL: "100.5",
    ElementType.MONEY: "100000",
    ElementType.ADDRESS: "样张路一号样张大厦一层一〇一号",
    ElementType.LONG_TEXT: "样张内容，" * 20,
}


def draw_template_sample(actor: Actor, version: str) -> bytes:
    """The sample of a version as an unsealed PDF. It leads nowhere and carries no seal.

    Raises NotFound: no such version, or none the actor may see. Unavailable: fonts are missing. Invalid:
    something does not fit.
    """
    template = template_of_version(actor, version)
    return papers.render_pdf(template, _values(template), fonts=papers.system_fonts())


def _values(template: Template) -> dict[str, str]:
    catalogue = current().catalogue
    org = catalogue.orgs.get(catalogue.materials[template.material].issuer or "")
    found = {one.element: _word(catalogue.elements[one.element]) for one in template.fields if one.element}
    facts = {
        **dict.fromkeys(map(str, Fact), _DAY),
        str(Fact.NUMBER): "样张第0000号",
        str(Fact.IDENTIFIER): "样张",
        str(Fact.HOLDER): "样张持证人",
        str(Fact.HOLDER_CODE): "000000000000000000",
        str(Fact.ISSUER): org.name if org else "发证机关",
        str(Fact.VALIDITY): f"{_DAY}至2031年1月1日",
    }
    return {**found, **facts, papers.QR: "样张，不是证照"}


def _word(element: Element) -> str:
    if element.choices:
        return element.choices[0].value
    return _MADE_UP.get(element.type, "样张内容")
