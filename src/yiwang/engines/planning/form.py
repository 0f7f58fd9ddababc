# SPDX-License-Identifier: Apache-2.0
"""One form (一表申请): every element once, with who asks for it and where its answer comes from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.evidence import ProviderKind, Resolution

from .conditions import condition_words
from .model import AnswerSource, Form, FormField, Savings
from .needs import AskedElement, Needs
from .order import Order


def make_form(
    catalogue: Catalogue, needs: Needs, resolved: Mapping[str, Resolution], guiding: Collection[str]
) -> Form:
    """Merge the questions of all taken items. `guiding`: elements that an open guiding question
    will ask for."""
    fields = [
        _field(catalogue, askers, resolved[element], guiding) for element, askers in needs.elements.items()
    ]
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


def _field(
    catalogue: Catalogue, askers: Sequence[AskedElement], resolution: Resolution, guiding: Collection[str]
) -> FormField:
    definition = catalogue.elements[resolution.question.id]
    conditional = all(asker.conditional for asker in askers)
    rules = tuple(dict.fromkeys(asker.use.when for asker in askers if asker.use.when)) if conditional else ()
    source = _source(resolution, guiding)
    reason = _reason(catalogue, askers, resolution, source)
    return FormField(
        element=definition.id,
        name=definition.name,
        question=definition.question,
        group=definition.group,
        required=any(asker.use.required for asker in askers),
        conditional=conditional,
        when=rules,
        sensitive=definition.sensitive,
        asked_by=tuple(asker.item for asker in askers),
        source=source,
        value=resolution.answer.value if resolution.answer else None,
        reason=f"{condition_words(rules)}{reason}" if rules else reason,
    )


def _source(resolution: Resolution, guiding: Collection[str]) -> AnswerSource:
    if resolution.asks_applicant:
        return AnswerSource.GUIDING if resolution.question.id in guiding else AnswerSource.APPLICANT
    if resolution.kind is ProviderKind.APPLICANT:
        return AnswerSource.ANSWERS
    return AnswerSource(resolution.kind.value)


def _reason(
    catalogue: Catalogue, askers: Sequence[AskedElement], resolution: Resolution, source: AnswerSource
) -> str:
    answer = resolution.answer
    if source is AnswerSource.ANSWERS:
        return "前面已经回答，不再问。"
    if source is AnswerSource.GUIDING:
        return "在引导问题里回答，表上不再问。"
    if answer and source is AnswerSource.EARLIER_STEP:
        return f"“{catalogue.items[answer.evidence].name}”办好后就有，系统自动填写。"
    if answer and source.looked_up:
        return f"{answer.kind.term}：{answer.source}，请您核对。"
    if len(askers) == 1:
        return "请您填写。"
    names = "、".join(f"“{catalogue.items[asker.item].name}”" for asker in askers)
    return f"请您填写一次，{names}共用。"
