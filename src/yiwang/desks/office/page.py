# SPDX-License-Identifier: Apache-2.0
"""What the case page says, put into words: values shown, sources cited."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from yiwang.apps.casework.public import CaseView
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words, duration_words
from yiwang.engines.definitions.spoken import spoken
from yiwang.engines.exchange import resources

_UNSAID = "（未填）"


def page_of(case: CaseView) -> dict[str, Any]:
    """The context of the case page."""
    catalogue = case.release.catalogue
    item = catalogue.items[case.item.item]
    return {
        "groups": _groups(case),
        "documents": [_document(case, one) for one in case.documents],
        "conditions": item.conditions,
        "basis": [cite_words(catalogue, cite) for cite in item.basis],
        "promised": duration_words(item.promised_limit),
        "legal": duration_words(item.legal_limit),
        "on_the_spot": item.on_the_spot,
        "any_hidden": any(field.hidden for field in case.fields),
    }


def _groups(case: CaseView) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    """The form values by group, in the item's order: (group, [(name, words, where they come
    from, what is said to be wrong)])."""
    catalogue = case.release.catalogue
    order = list(dict.fromkeys(field.group for field in case.fields))
    fields = sorted(case.fields, key=lambda field: order.index(field.group))
    return [
        (
            group,
            [
                (f.name, f.value if f.hidden else _words(catalogue, f.element, f.value), f.source, f.mark)
                for f in members
            ],
        )
        for group, members in groupby(fields, key=lambda field: field.group)
    ]


def _document(case: CaseView, document: Any) -> dict[str, Any]:
    """A document with what its licence states, in words."""
    catalogue = case.release.catalogue
    material = catalogue.materials[document.material]
    licence = document.licence
    stated = [
        (field.label, _words(catalogue, field.element, licence.fields[field.element]))
        for field in material.fields
        if licence is not None and field.element in licence.fields
    ]
    issuer = catalogue.orgs.get(licence.issuer) if licence else None
    return {
        "is": document,
        "stated": stated,
        "issuer": issuer.name if issuer else "",
        "shared": _shared(catalogue, document.shared),
        "cite": cite_words(catalogue, document.cite),
    }


def _shared(catalogue: Catalogue, shared: Any) -> dict[str, Any]:
    """The shared data that stands for a document, in words; empty when none does."""
    resource = resources(catalogue).get(shared.resource) if shared else None
    if resource is None:
        return {}
    provider = catalogue.orgs.get(resource.provider)
    at_counter = shared.given_by != shared.recorded_by
    return {
        "name": resource.name,
        "provider": provider.name if provider else resource.provider,
        "at": shared.asked_at,
        "receipt": shared.receipt,
        "basis": shared.basis,
        "consent": "当面同意，窗口登记" if at_counter else "网上同意",
        "consented_at": shared.at,
    }


def _words(catalogue: Catalogue, element: str, raw: Any) -> str:
    return spoken(catalogue, catalogue.elements[element], raw) or _UNSAID
