# SPDX-License-Identifier: Apache-2.0
"""Draw a licence: which template, which words, as PDF, OFD and JSON. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import subject
from yiwang.engines import papers
from yiwang.engines.definitions.kinds import Template
from yiwang.engines.definitions.kinds.templates import Fact
from yiwang.engines.definitions.spoken import spoken
from yiwang.engines.papers.compose import compose
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import NotFound

from .domain.check_codes import written
from .domain.layout import general_layout
from .models import Licence
from .templates import template_by_id


@dataclass(frozen=True)
class Sheets:
    """A licence drawn, not sealed."""

    template: Template
    pdf: bytes
    ofd: bytes
    json: bytes


def status_url(check_code: str) -> str:
    """The address at which anybody asks how the licence stands: what its QR code says."""
    return f"{settings.ENV['PUBLIC_URL']}/verify/{written(check_code)}"


def try_to_draw(licence: Licence) -> None:
    """Lay the licence out without making a file. Raises what `draw` raises."""
    opened = current()
    template = template_of(opened, licence)
    compose(template, words_of(opened, licence, template), papers.system_fonts())


def draw(licence: Licence) -> Sheets:
    """The licence as three files.

    Raises:
        NotFound: the type or template is no longer defined, or the holder not registered.
        Invalid: a field has no value, does not fit, or holds a character that no font has.
        Unavailable: fonts are missing, or no release is in force.
    """
    opened = current()
    template = template_of(opened, licence)
    words = words_of(opened, licence, template)
    fonts = papers.system_fonts()
    return Sheets(
        template,
        pdf=papers.render_pdf(template, words, fonts=fonts),
        ofd=papers.render_ofd(template, words, fonts=fonts),
        json=papers.licence_json(template, words),
    )


def template_of(opened: OpenRelease, licence: Licence) -> Template:
    """The template the licence was issued with; without one, the general layout of its type."""
    if licence.template:
        found = template_by_id(licence.template)
        if found is None:
            raise NotFound(
                "这件证照的模板不在目录里了。", mend="请数据管理员恢复该模板，或更正证照后重新制证。"
            )
        return found
    material = opened.catalogue.materials.get(licence.material)
    if material is None:
        raise NotFound("目录里没有这类证照。", mend="请目录管理员补上定义。")
    return general_layout(material)


def words_of(opened: OpenRelease, licence: Licence, template: Template) -> dict[str, str]:
    """What is printed: by data element, by fact, and the address in the QR code."""
    labels = {field.key: field.label or "" for field in template.fields}
    elements = opened.catalogue.elements
    words = {}
    for key, raw in licence.fields.items():
        if element := elements.get(key):
            unit = element.unit or ""
            text = spoken(opened.catalogue, element, raw)
            words[key] = text.removesuffix(unit) if unit and unit in labels.get(key, "") else text
    org = opened.catalogue.orgs.get(licence.issuer)
    facts = _facts(licence) | {Fact.ISSUER: org.name if org else licence.issuer}
    return (
        words
        | {str(key): text for key, text in facts.items()}
        | {
            papers.QR: status_url(licence.check_code),
            papers.CODE: written(licence.check_code),
        }
    )


def _facts(licence: Licence) -> dict[Fact, str]:
    holder = subject(licence.holder)
    start, end = licence.valid_from, licence.valid_until
    return {
        Fact.NUMBER: licence.number,
        Fact.IDENTIFIER: licence.identifier,
        Fact.HOLDER: holder.name,
        Fact.HOLDER_CODE: holder.number,
        Fact.ISSUED_ON: format_date(start),
        Fact.VALID_FROM: format_date(start),
        Fact.VALID_TO: format_date(end) if end else "长期",
        Fact.VALIDITY: f"{format_date(start)}至{format_date(end)}" if end else "长期",
    }
