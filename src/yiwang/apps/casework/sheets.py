# SPDX-License-Identifier: Apache-2.0
"""The sheet of one item case: what its item asks for, and nothing else of the application.

A department that handles one item sees the form values and documents this item's definition
names; of the other items of the application it sees only how they stand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.apps.commitments.public import LetterView, letters
from yiwang.apps.licences.public import LicenceView, licences
from yiwang.apps.lookups.public import Consented, lookups
from yiwang.apps.materials.public import EMaterialView, StoredFile, describe
from yiwang.engines.definitions.kinds import Citation, Item
from yiwang.engines.evidence import ProviderKind
from yiwang.engines.planning.conditions import Judge
from yiwang.kernel.actor import Actor

from .domain.masks import masked, sees_whole
from .domain.roles import parts_of
from .domain.values import from_json
from .held import files_of, kept_for
from .marks import marks_on
from .models import Document, ItemCase
from .queries import scope_of

_SOURCES = {
    "generated": "由申请表自动生成",
    ProviderKind.E_LICENCE.value: "电子证照，免交",
    ProviderKind.SHARED_DATA.value: "数据共享，免交",
    ProviderKind.E_MATERIAL.value: "以前交过的材料，免交",
    ProviderKind.EARLIER_STEP.value: "前面事项的结果，免交",
    ProviderKind.COMMITMENT.value: "书面承诺代替",
    ProviderKind.APPLICANT.value: "申请人提交",
}
_PROMISED = "容缺：承诺后补"


@dataclass(frozen=True)
class FieldOfCase:
    """A form value this item asks for. `hidden`: `value` is a mask, because the reader does not
    need the whole. `source`: the licence or department it comes from; "" when the applicant gave it. `mark`:
    somebody says that the department's record is wrong here."""

    element: str
    name: str
    group: str
    value: Any
    hidden: bool
    required: bool
    source: str
    mark: str = ""


@dataclass(frozen=True)
class DocumentOfCase:
    """A document this item needs: where it comes from, what to look at.

    `due_on`: until when a promised document (容缺) must come; `letter`: the commitment signed
    for it (告知承诺), and how it stands; `kept`: the document of an earlier case that stands here; `shared`:
    the lookup of shared data that stands here, with consent and receipt; `mark`: somebody says that it
    is wrong.
    """

    material: str
    name: str
    source: str
    files: Sequence[StoredFile]
    licence: LicenceView | None
    kept: EMaterialView | None
    shared: Consented | None
    deferred: bool
    due_on: dt.date | None
    lapsed: bool
    letter: LetterView | None
    required: bool
    paper_original: bool
    review_points: Sequence[str]
    cite: Citation
    mark: str = ""


def fields_of(actor: Actor, case: ItemCase, opened: OpenRelease) -> list[FieldOfCase]:
    """The form values the item asks for, in the order of its definition."""
    catalogue, item = opened.catalogue, opened.catalogue.items[case.item]
    known = _known(case)
    judge = Judge(catalogue, from_json(catalogue, known))
    has_part = bool(parts_of(actor, scope_of(case.application, case)))
    whole = sees_whole(has_part=has_part, is_open=case.open)
    found, sources, marks = [], _sources(case), _marks(case)
    for use in item.elements:
        raw = known.get(use.element)
        if raw in (None, "") and judge.holds(use.when) is not True:
            continue  # not asked in this case
        element = catalogue.elements[use.element]
        hidden = element.sensitive and not whole
        shown = masked(element, raw) if hidden else raw
        source = sources.get((element.id, str(raw)), "")
        said = (shown, hidden, use.required, source, marks.get(element.id, ""))
        found.append(FieldOfCase(element.id, element.name, element.group, *said))
    return found


def _marks(case: ItemCase) -> Mapping[str, str]:
    """Element → words, for what shared data answered, also where the applicant said otherwise."""
    return {key: one.words for key, one in marks_on(case.application.public_id).elements.items()}


_LOOKED_UP = (ProviderKind.E_LICENCE, ProviderKind.SHARED_DATA, ProviderKind.E_MATERIAL)


def _sources(case: ItemCase) -> dict[tuple[str, str], str]:
    """Where values came from at submission, by element and value: what was corrected since is the
    applicant's."""
    fields = (case.application.plan or {}).get("form", {}).get("fields", [])
    looked_up = [one for one in fields if one["source"] in _LOOKED_UP]
    form = case.application.form
    return {
        (one["element"], str(form.get(one["element"]))): one["reason"].removesuffix("，请您核对。")
        for one in looked_up
        if _same(one["value"], form.get(one["element"]))
    }


def _same(planned: Any, kept: Any) -> bool:
    """A plan writes whole numbers as numbers, a form as text."""
    return planned == kept or str(planned) == str(kept)


def _known(case: ItemCase) -> Mapping[str, Any]:
    return {**case.application.answers, **case.application.form}


def documents_of(case: ItemCase, opened: OpenRelease) -> list[DocumentOfCase]:
    """The documents the item needs that apply in this case, in the order of its definition."""
    rows = {row.material: row for row in case.application.documents.all()}
    evidence = {one.public_id: one for one in licences([r.evidence for r in rows.values() if r.evidence])}
    kept, shared = kept_for(rows.values()), lookups([r.evidence for r in rows.values() if _is_shared(r)])
    item = opened.catalogue.items[case.item]
    found = [
        _document(opened, use, rows[use.material], evidence, kept)
        for use in item.materials
        if use.material in rows
    ]
    marks = marks_on(case.application.public_id).lookups if shared else {}
    words = {key: one.words for key, one in marks.items()}
    signed = letters([row.letter for row in rows.values()])
    return [
        replace(
            one,
            shared=shared.get(rows[one.material].evidence),
            mark=words.get(rows[one.material].evidence, ""),
            letter=signed.get(rows[one.material].letter),
        )
        for one in found
    ]


def _is_shared(row: Document) -> bool:
    return row.resolution == ProviderKind.SHARED_DATA.value


def _document(
    opened: OpenRelease,
    use: Any,
    row: Document,
    evidence: Mapping[str, LicenceView],
    kept: Mapping[str, EMaterialView],
) -> DocumentOfCase:
    return DocumentOfCase(
        material=row.material,
        name=opened.catalogue.materials[row.material].name,
        source=_PROMISED if row.deferred else _SOURCES.get(row.resolution, "申请人提交"),
        files=describe(files_of(row, kept)),
        licence=evidence.get(row.evidence),
        kept=kept.get(row.evidence),
        shared=None,
        deferred=row.deferred,
        due_on=row.due_on,
        lapsed=row.deferred and row.lapsed_at is not None,
        letter=None,
        required=use.required,
        paper_original=use.paper_original,
        review_points=use.review_points,
        cite=use.cite,
    )


def file_in_case(case: ItemCase, item: Item, file_id: str) -> bool:
    """Whether the file was handed in for a document this item needs."""
    needed = [use.material for use in item.materials]
    rows = list(case.application.documents.filter(material__in=needed))
    kept = kept_for(rows)
    return any(file_id in files_of(row, kept) for row in rows)
