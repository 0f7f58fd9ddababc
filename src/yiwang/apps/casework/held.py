# SPDX-License-Identifier: Apache-2.0
"""The files behind a document: those handed in, or those of the e-material that stands for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from yiwang.apps.materials.public import EMaterialView, e_materials
from yiwang.engines.planning import Supply

from .models import Document


def kept_for(rows: Iterable[Document]) -> dict[str, EMaterialView]:
    """The e-materials that stand for these documents, by their public ids."""
    return e_materials([row.evidence for row in rows if stands_by_e_material(row)])


def stands_by_e_material(row: Document) -> bool:
    """Whether a document that an earlier case accepted stands here."""
    return row.resolution == Supply.E_MATERIAL.value and bool(row.evidence)


def files_of(row: Document, kept: Mapping[str, EMaterialView]) -> Sequence[str]:
    """The public ids of a document's files, in order. `kept` is of `kept_for`."""
    if row.files or not stands_by_e_material(row):
        return row.files
    found = kept.get(row.evidence)
    return found.files if found else ()
