# SPDX-License-Identifier: Apache-2.0
"""What an officer types about a licence: a change of standing, a correction, a wrong record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.licences.public import LicenceView, Standing
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.spoken import as_text
from yiwang.engines.planning import as_value
from yiwang.kernel.dates import parse_date
from yiwang.kernel.errors import Invalid, YiwangError

OFFERED = {
    Standing.VALID: (Standing.SUSPENDED, Standing.REVOKED),
    Standing.SUSPENDED: (Standing.VALID, Standing.REVOKED),
}
"""What an officer may change a standing to; a replacement follows from issuing the new licence."""
_VERBS = {Standing.SUSPENDED: "暂停", Standing.REVOKED: "撤销", Standing.VALID: "恢复有效"}
_TYPED_AS_TEXT = frozenset(ElementType) - {ElementType.CHOICES, ElementType.BOOLEAN}


@dataclass
class Typed:
    """What stands in the forms of the page, and what is wrong with it."""

    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    error: YiwangError | None = None


@dataclass(frozen=True)
class FieldLine:
    """A field of a licence that may be corrected."""

    element: str
    label: str
    value: str


def moves_of(one: LicenceView) -> list[tuple[str, str]]:
    """The changes offered: (value, words)."""
    return [(to.value, _VERBS[to]) for to in OFFERED.get(one.coming or one.standing, ())]


def read_change(data: QueryDict) -> tuple[Standing, dt.date]:
    """To what, from when. Raises Invalid."""
    try:
        to = Standing(data.get("to", ""))
    except ValueError:
        raise Invalid("请选择要做的变更。", mend="在暂停、恢复、撤销中选一个。", field="to") from None
    typed = data.get("on", "").strip()
    return to, parse_date(typed, field="on") if typed else timezone.localdate()


def field_lines(one: LicenceView, typed: Mapping[str, str]) -> list[FieldLine]:
    """The fields of the licence's type that are typed as one text, with their values now."""
    catalogue = current().catalogue
    material = catalogue.materials.get(one.material)
    return [
        FieldLine(
            line.element,
            line.label,
            typed.get(f"f-{line.element}", as_text(one.fields.get(line.element))),
        )
        for line in (material.fields if material else ())
        if catalogue.elements[line.element].type in _TYPED_AS_TEXT
    ]


def read_fields(one: LicenceView, data: QueryDict) -> dict[str, object]:
    """The fields that were typed anew, as they are stored. Raises Invalid naming the field."""
    elements = current().catalogue.elements
    changed: dict[str, object] = {}
    for line in field_lines(one, {}):
        text = data.get(f"f-{line.element}", line.value).strip()
        if text != line.value:
            changed[line.element] = _stored(elements[line.element], line, text)
    return changed


def _stored(element: Element, line: FieldLine, text: str) -> str | None:
    if not text:
        return None
    try:
        return as_text(as_value(element, text))
    except Invalid as error:
        raise Invalid(
            f"“{line.label}”：{error.message}", mend=error.mend, field=f"f-{line.element}"
        ) from None
