# SPDX-License-Identifier: Apache-2.0
"""The documents of an application on their way: settled at submission, kept, promised, supplied."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from yiwang.apps.commitments.public import count, drop
from yiwang.apps.journal.public import store
from yiwang.apps.materials.public import discard, keep, use_e_material
from yiwang.engines.planning import Plan, Supply
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict

from ..deadlines import promise_due
from ..domain.documents import resolved
from ..domain.settings import E_MATERIAL_BASIS, setting
from ..evidence import Outlook
from ..models import Application, Document, Stage
from ._completeness import handed_of, versions_signed
from ._context import Context, lock_application

_BY_APPLICANT = (Supply.APPLICANT, Supply.DEFERRED, Supply.COMMITMENT)


def settle_documents(context: Context, outlook: Outlook) -> list[Document]:
    """At submission every document of the plan stands in the application, once, with where it comes
    from; what the plan does not need is not kept (最小必要). Returns them all."""
    rows = {row.material: row for row in _without_unneeded(context, outlook.plan)}
    signed = versions_signed(rows.values())
    settled: list[Document] = []
    fresh: list[Document] = []
    for line in outlook.plan.materials.lines:
        row = rows.get(line.material) or Document(application=context.application, material=line.material)
        way = resolved(line, handed_of(row, signed))
        if _settle(context, row, way, outlook.evidence.get(line.material, "")) or row.pk is None:
            fresh.append(row)
        settled.append(row)
    store(fresh, once=("application_id", "material"), change=(*_SETTLED, "updated_at"))
    keep_files(context, settled)
    for row in settled:
        if row.resolution == Supply.E_MATERIAL.value:
            _use_again(context, row)
    return settled


def _use_again(context: Context, row: Document) -> None:
    """What an earlier case accepted stands for this document from now on, and its holder sees it."""
    event = context.release.catalogue.life_events[context.application.life_event]
    use_e_material(
        context.actor,
        row.evidence,
        application=context.application.public_id,
        purpose=f"办理“{event.name}”",
        basis=str(setting(context.release.catalogue, E_MATERIAL_BASIS)),
        at=context.now,
    )


def _settle(context: Context, row: Document, way: Supply, evidence: str) -> bool:
    """Set what stands for the document; whether that changed anything."""
    before = [getattr(row, name) for name in _SETTLED]
    row.resolution = way.value
    row.deferred = way is Supply.DEFERRED
    row.promised_at = context.now if row.deferred else None
    if way is not Supply.COMMITMENT:
        drop_letter(context, row)
    row.evidence = "" if way in _BY_APPLICANT else evidence
    row.updated_at = context.now
    return before != [getattr(row, name) for name in _SETTLED]


_SETTLED = ("resolution", "deferred", "promised_at", "evidence", "letter")


def drop_letter(context: Context, row: Document) -> None:
    """The letter signed for a document that was not handed in yet stands for it no more."""
    if row.letter:
        drop(context.actor, row.letter, now=context.now)
        row.letter = ""


def count_letters(context: Context, rows: Iterable[Document], *, signature: str) -> None:
    """The application was handed in: its letters count as the proof supplied."""
    if letters := {row.letter for row in rows} - {""}:
        count(context.actor, letters, signature=signature, now=context.now)


def _without_unneeded(context: Context, planned: Plan) -> list[Document]:
    """Drop the documents that the plan does not need; the others."""
    needed, left = {line.material for line in planned.materials.lines}, []
    for row in context.application.documents.all():
        if row.material in needed:
            left.append(row)
            continue
        for file in row.files:
            discard(context.actor, file)
        drop_letter(context, row)
        row.delete()
        context.note("document.dropped", detail={"material": row.material})
    return left


def keep_files(context: Context, rows: Iterable[Document]) -> None:
    """From now on nobody can discard what was handed in with this application."""
    if files := [file for row in rows for file in row.files]:
        keep(context.actor, files)


def start_promises(context: Context) -> None:
    """An item was accepted: set the day by which promised documents must come (容缺)."""
    for row in context.application.documents.filter(deferred=True):
        set_promise_due(context, row)


def set_promise_due(context: Context, row: Document) -> None:
    """Recompute until when a promised document must come."""
    due = promise_due(row, context.release)
    if due != row.due_on:
        row.due_on = due
        row.save(update_fields=["due_on"])
        context.note("document.promise.due", detail={"material": row.material, "due": str(due)})


def editable(actor: Actor, application_id: str) -> Context:
    """A draft, or a submitted application of which something may still change; locked.

    Raises Conflict when nothing may.
    """
    context = lock_application(actor, application_id)
    context.require_part(Part.APPLICANT, Part.RECEIVER)
    if context.application.stage == Stage.DRAFT or open_targets(context.application):
        return context
    raise Conflict("申请已经提交，不能再改。", mend="需要补正时会通知您，届时再改。")


def require_open(context: Context, targets: Collection[str]) -> None:
    """Raise Conflict when one of these fields or documents may not change after submission."""
    if context.application.stage == Stage.DRAFT:
        return
    if others := set(targets) - open_targets(context.application):
        raise Conflict(
            "现在只能修改要求补正的内容、补交承诺后补的材料。",
            mend="其他内容已提交，不能再改。",
            field=sorted(others)[0],
        )


def open_targets(application: Application) -> set[str]:
    """What of a submitted application may still change: what a correction names, what is asked for instead
    of a withdrawn commitment, and documents promised for later (容缺),
    also after the application was closed: a promise is kept late rather than never."""
    if application.stage not in (Stage.HANDLING, Stage.FINISHED):
        return set()
    asked = {
        point["target"]
        for case in application.items.filter(state="correction_asked").select_related("correction")
        for point in case.correction.points
    }
    later = application.documents.exclude(promised_at=None).values_list("material", flat=True)
    return asked | set(later) | asked_instead(application)


def asked_instead(application: Application) -> set[str]:
    """Documents that are asked for after their letter was withdrawn, while the application is handled."""
    if application.stage != Stage.HANDLING:
        return set()
    withdrawn = application.documents.exclude(letter="").filter(resolution=Supply.APPLICANT.value)
    return set(withdrawn.values_list("material", flat=True))
