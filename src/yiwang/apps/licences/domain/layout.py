# SPDX-License-Identifier: Apache-2.0
"""The general layout of a licence type that has no template: its name, its fields one below the other,
what every licence says of itself, the seal and the code. Plain, so that nobody takes it for a unified one."""

from __future__ import annotations

from decimal import Decimal

from yiwang.engines.definitions.kinds import Material, Template
from yiwang.engines.definitions.kinds.base import Citation
from yiwang.engines.definitions.kinds.templates import (
    Align,
    Border,
    BorderStyle,
    Drawing,
    Face,
    Fact,
    Identifiers,
    Page,
    SealPlace,
    Square,
    TemplateField,
    Words,
)

_FIRST = ((Fact.NUMBER, "证照编号"), (Fact.HOLDER, "持证主体"))
_LAST = ((Fact.VALIDITY, "有效期限"), (Fact.ISSUER, "发证机关"), (Fact.ISSUED_ON, "发证日期"))
_LEFT, _WIDTH, _LABEL = Decimal(25), Decimal(160), Decimal(48)
_TOP, _BOTTOM, _TALLEST = Decimal(66), Decimal(222), Decimal(14)
_MOST = 95  # fields a template may have, less the facts


def general_layout(material: Material) -> Template:
    """The layout of a type, made from its definition: the same definition gives the same layout."""
    rows: list[dict[str, object]] = [{"fact": fact, "label": label} for fact, label in _FIRST]
    rows += [
        {"element": one.element, "label": one.label, "required": False, "empty": "——"}
        for one in material.fields[:_MOST]
    ]
    rows += [{"fact": fact, "label": label} for fact, label in _LAST]
    step = min(_TALLEST, ((_BOTTOM - _TOP) / len(rows)).quantize(Decimal("0.01")))
    where = Citation(doc="setting", at="通用版式")
    return Template(
        id="general-layout",
        name=f"{material.name}（通用版式）",
        material=material.id,
        version=1,
        page=Page(width=Decimal(210), height=Decimal(297)),
        drawing=Drawing(border=Border(style=BorderStyle.DOUBLE, inset=Decimal(12), colour="#444444")),
        title=Words(
            text=material.name,
            x=_LEFT,
            y=Decimal(34),
            width=_WIDTH,
            height=Decimal(20),
            size=Decimal(28),
            face=Face.SONG_BOLD,
            align=Align.CENTER,
        ),
        fields=[
            TemplateField.model_validate(
                {
                    **row,
                    "label_width": _LABEL,
                    "x": _LEFT,
                    "y": _TOP + step * at,
                    "width": _WIDTH,
                    "height": step - 1,
                    "size": min(Decimal(14), (step * 2).quantize(Decimal("0.1"))),
                }
            )
            for at, row in enumerate(rows)
        ],
        seal=SealPlace(x=Decimal(150), y=Decimal(244)),
        qr=Square(x=Decimal(27), y=Decimal(230), size=Decimal(26), caption="扫码核验本证照"),
        type=Identifiers(cite=where),
        cite=where,
    )
