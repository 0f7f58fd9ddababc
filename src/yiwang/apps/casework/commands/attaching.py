# SPDX-License-Identifier: Apache-2.0
"""Attach files to the documents of an application, and take them off again.

Freely in a draft; after submission only what a correction names, and what was promised for later.
"""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction

from yiwang.apps.commitments.public import withdraw
from yiwang.apps.materials.public import discard, keep, store_file
from yiwang.engines.planning import Supply
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

from ..domain.promises import uses_of
from ..models import Document, Stage
from . import _promises as promises
from ._context import Context
from ._documents import drop_letter, editable, require_open


@transaction.atomic
def attach_file(actor: Actor, application_id: str, material_id: str, *, name: str, content: bytes) -> str:
    """Attach an uploaded file to a document of the application; returns the file's public id.

    The file of a promised document (容缺) counts as supplied with the first one that comes after
    submission; more pages may follow.

    Raises Invalid for a material this life event does not use or a file that fails its check,
    Conflict when nothing of this document may change any more.
    """
    context = editable(actor, application_id)
    if not _is_used(context, material_id):
        raise Invalid("指南之外无材料：没有这项材料。", mend="请从材料清单中选择。", field="material")
    require_open(context, {material_id})
    material = context.release.catalogue.materials[material_id]
    stored = store_file(
        actor,
        owner=context.application.subject,
        name=name,
        content=content,
        accepts=material.accepts,
        max_megabytes=material.max_megabytes,
    )
    row = _row(context, material_id)
    if row.deferred:
        promises.follow_calendar(context, row)
        promises.lapse(context, row)
    row.files = [*row.files, stored.public_id]
    row.updated_at = context.now
    _choose_paper(context, row)
    row.save()
    _tell_credit(context, row)
    context.note("document.attached", detail={"material": material_id, "sha256": stored.sha256})
    return stored.public_id


@transaction.atomic
def detach_file(actor: Actor, application_id: str, material_id: str, file_id: str) -> None:
    """Take a file off a document again. Raises Invalid when it is not there, Conflict when it was
    submitted already."""
    context = editable(actor, application_id)
    document = context.application.documents.filter(material=material_id).first()
    if document is None or file_id not in document.files:
        raise Invalid("没有这个文件。", mend="请刷新页面。")
    require_open(context, {material_id})
    discard(actor, file_id)
    document.files = [f for f in document.files if f != file_id]
    document.updated_at = context.now
    document.save()
    context.note("document.detached", detail={"material": material_id})


def _is_used(context: Context, material_id: str) -> bool:
    catalogue, event = context.release.catalogue, context.application.life_event
    if event not in catalogue.life_events:
        return False
    return bool(uses_of(catalogue, [m.item for m in catalogue.life_events[event].items], material_id))


def _row(context: Context, material_id: str) -> Document:
    found = context.application.documents.filter(material=material_id).first()
    return found or Document(application=context.application, material=material_id, resolution="applicant")


def _choose_paper(context: Context, row: Document) -> None:
    """The document itself is there: nothing stands in for it any more."""
    was_promised, row.deferred = row.promised_at is not None, False
    if row.resolution == Supply.COMMITMENT.value and context.application.stage != Stage.DRAFT:
        _instead_of_letter(context, row)
    row.resolution = "applicant"
    if context.application.stage == Stage.DRAFT:
        drop_letter(context, row)
        row.promised_at = None
    elif was_promised or row.letter:
        _supplied(context, row)


def _instead_of_letter(context: Context, row: Document) -> None:
    """A correction brought the document itself: the letter stands for it no more, unless a decision rests
    on it already."""
    with suppress(Conflict):
        withdraw(context.actor, row.letter, reason="按补正要求提交了材料", now=context.now)


def _tell_credit(context: Context, row: Document) -> None:
    """What became of a promise: broken and mended now, or kept where an item was granted on it before."""
    if row.supplied_at == context.now and row.promised_at is not None:
        promises.mend(context, row)
        promises.record_kept_by(context, row)


def _supplied(context: Context, row: Document) -> None:
    keep(context.actor, row.files)
    if row.supplied_at is None:
        row.supplied_at = context.now
        context.note("document.supplied", detail={"material": row.material})
    if context.application.stage == Stage.FINISHED:
        context.application.archive_due = True
        context.application.save(update_fields=["archive_due"])
