# SPDX-License-Identifier: Apache-2.0
"""One form (一表申请): every element once, with who asks for it and where its answer comes from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.rules.values import Value

from .conditions import condition_words
from .lookups import Found, FoundElement
from .model import AnswerSource, Form, FormField, Savings
from .needs import AskedElement, Needs
from .order import Order


def make_form(
    catalogue: Catalogue,
    needs: Needs,
    *,
    answers: Mapping[str, Value],
    found: Found,
    supplied: Mapping[str, Sequence[str]],
    guiding: Collection[str],
) -> Form:
    """Merge the questions of all taken items.

    `supplied`: elements that an earlier item gives to everyone who asks, with its makers;
    `guiding`: elements that an open guiding question will ask for.
    """
    fields: list[FormField] = []
    for element, askers in needs.elements.items():
        way = _way(catalogue, element, answers=answers, found=found, supplied=supplied, guiding=guiding)
        fields.append(_field(catalogue, element, askers, way))
    groups = {field.group: None for field in fields}
    ranks = {group: rank for rank, group in enumerate(groups)}
    ordered = tuple(sorted(fields, key=lambda field: ranks[field.group]))
    wanted = sum(len(field.asked_by) for field in ordered)
    given = sum(field.source.asked for field in ordered)
    return Form(ordered, Savings(wanted, given))


def supplied_elements(
    needs: Needs, order: Order, carriers: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Elements that an item before each asker gives out, with the items that give them."""
    return {
        element: carriers[element]
        for element, askers in needs.elements.items()
        if element in carriers
        and all(any(order.precedes(maker, asker.item) for maker in carriers[element]) for asker in askers)
    }


def _way(
    catalogue: Catalogue,
    element: str,
    *,
    answers: Mapping[str, Value],
    found: Found,
    supplied: Mapping[str, Sequence[str]],
    guiding: Collection[str],
) -> FoundElement:
    if element in answers:
        return FoundElement(AnswerSource.ANSWERS, answers[element], "前面已经回答，不再问。")
    if element in found.elements:
        return found.elements[element]
    if element in supplied:
        maker = catalogue.items[supplied[element][0]].name
        return FoundElement(AnswerSource.EARLIER_STEP, None, f"“{maker}”办好后就有，系统自动填写。")
    if element in guiding:
        return FoundElement(AnswerSource.GUIDING, None, "在引导问题里回答，表上不再问。")
    return FoundElement(AnswerSource.APPLICANT, None, "")


def _field(
    catalogue: Catalogue, element: str, askers: Sequence[AskedElement], way: FoundElement
) -> FormField:
    definition = catalogue.elements[element]
    conditional = all(asker.conditional for asker in askers)
    rules = tuple(dict.fromkeys(asker.use.when for asker in askers if asker.use.when)) if conditional else ()
    reason = way.reason or _shared_reason(catalogue, askers)
    return FormField(
        element=element,
        name=definition.name,
        question=definition.question,
        group=definition.group,
        required=any(asker.use.required for asker in askers),
        conditional=conditional,
        when=rules,
        sensitive=definition.sensitive,
        asked_by=tuple(asker.item for asker in askers),
        source=way.source,
        value=way.value,
        reason=f"{condition_words(rules)}{reason}" if rules else reason,
    )


def _shared_reason(catalogue: Catalogue, askers: Sequence[AskedElement]) -> str:
    if len(askers) == 1:
        return "请您填写。"
    names = "、".join(f"“{catalogue.items[asker.item].name}”" for asker in askers)
    return f"请您填写一次，{names}共用。"
