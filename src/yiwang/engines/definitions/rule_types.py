# SPDX-License-Identifier: Apache-2.0
"""The type a data element has in rules."""

from __future__ import annotations

from yiwang.engines.rules import BOOLEAN, DATE, NUMBER, STRING, Type, choice, list_of

from .catalogue import Catalogue
from .kinds import Element
from .kinds.elements import ElementType

_TYPES = {
    ElementType.INTEGER: NUMBER,
    ElementType.DECIMAL: NUMBER,
    ElementType.MONEY: NUMBER,  # in yuan, as the applicant writes it
    ElementType.DATE: DATE,
    ElementType.BOOLEAN: BOOLEAN,
}


def rule_type(element: Element) -> Type:
    """The type of the answers to `element` in a rule; what is not listed above is text."""
    values = [one.value for one in element.choices]
    if element.type is ElementType.CHOICE:
        return choice(*values)
    if element.type is ElementType.CHOICES:
        return list_of(choice(*values))
    return _TYPES.get(element.type, STRING)


def rule_types(catalogue: Catalogue) -> dict[str, Type]:
    """Name in rules → type, for every element of the catalogue."""
    return {element.name: rule_type(element) for element in catalogue.elements.values()}
