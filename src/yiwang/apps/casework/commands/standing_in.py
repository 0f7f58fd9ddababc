# SPDX-License-Identifier: Apache-2.0
"""What may stand in for a document: a promise to bring it later (容缺), a signed commitment (告知承诺).

Either is the applicant's own choice, made in the draft; the document itself is always welcome.
"""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from yiwang.apps.commitments import public as commitments
from yiwang.engines.planning import Supply
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, Invalid

from ..domain.promises import may_promise, uses_of
from ..models import Decision, Document, Stage
from ..promised import deferral_bars, no_deferral_words
from ._context import Context, lock_application
from ._documents import drop_letter
from ._planning import plan_of
from .drafts import draft_of, saved

_LOOKED_UP = (Supply.E_LICENCE, Supply.SHARED_DATA, Supply.E_MATERIAL)


@transaction.atomic
def promise_later(actor: Actor, application_id: str, material_id: str) -> None:
    """The applicant promises to supply a document after acceptance. Raises Invalid when an item does
    not allow it, Conflict when it is there already, or a credit record of a broken promise bars it: it is
    named. Whether the plan allows it is checked again at submission."""
    context = draft_of(actor, application_id)
    context.require_part(Part.APPLICANT, Part.RECEIVER)
    members = context.release.catalogue.life_events[context.application.life_event].items
    uses = uses_of(context.release.catalogue, [m.item for m in members], material_id)
    if not may_promise(uses):
        raise Invalid("这项材料不能容缺。", mend="请上传材料后再提交。", field=material_id)
    _require_may_defer(context, material_id)
    row = _row(context, material_id)
    row.deferred, row.promised_at, row.resolution = True, context.now, "deferred"
    drop_letter(context, row)
    row.save()
    context.note("document.promised", detail={"material": material_id})
    saved(context)


@transaction.atomic
def sign_commitment(actor: Actor, application_id: str, material_id: str, *, version: str) -> None:
    """The applicant chooses to commit instead of handing a document in, and signs the words shown.

    Args:
        version: of the text the applicant read (`CommitmentText.version`).

    Raises:
        Invalid: no commitment may stand for this document here.
        Conflict: the words have changed since they were shown, the document is there already, or a credit
            record bars commitments: it is named.
        NotAllowed: somebody commits for the applicant without special authority (特别授权).
    """
    context = draft_of(actor, application_id)
    context.require_part(Part.APPLICANT, Part.RECEIVER)
    text = _text_now(context, material_id)
    if text is None:
        _require_no_bar(context, material_id)
        raise Invalid("这项材料不能用承诺代替。", mend="请上传材料。", field=material_id)
    if text.version != version:
        raise Conflict("承诺书的内容有变化。", mend="请重新阅读后再签署。", field=material_id)
    row = _row(context, material_id)
    row.resolution, row.deferred, row.promised_at = "commitment", False, None
    row.letter = commitments.sign(actor, _who(context), text, now=context.now)
    row.save()
    saved(context)


@transaction.atomic
def authorise_commitment(actor: Actor, application_id: str, material_id: str) -> None:
    """The legal representative lets the one who handles this application commit for the firm, for this one
    document (特别授权). Raises Invalid when the law does not let others commit, NotAllowed, Conflict."""
    context = draft_of(actor, application_id)
    context.require_part(Part.APPLICANT)
    text = _text_now(context, material_id)
    if text is None or not text.agent_may:
        raise Invalid("这一项不能由他人代为承诺。", mend="请法定代表人自己承诺，或者上传材料。")
    who = replace(_who(context), agent=context.application.agent)
    commitments.authorise(actor, who, text, now=context.now)


@transaction.atomic
def withdraw_commitment(actor: Actor, application_id: str, material_id: str, *, reason: str) -> None:
    """After submission and before the decision the applicant withdraws a commitment for good reason: the
    document is asked for instead (驻政办〔2021〕8号 L787). Raises Invalid without a reason or a commitment,
    Conflict once an item that rests on it is decided."""
    context = lock_application(actor, application_id)
    context.require_part(Part.APPLICANT, Part.RECEIVER)
    row = context.application.documents.filter(material=material_id).exclude(letter="").first()
    if row is None or row.resolution != Supply.COMMITMENT.value or context.application.stage == Stage.DRAFT:
        raise Invalid("这项材料没有可以撤回的承诺。", mend="请刷新页面。", field=material_id)
    letter = commitments.letters([row.letter])[row.letter]
    if Decision.objects.filter(
        item_case__application=context.application, item_case__item__in=letter.items
    ).exists():
        raise Conflict("凭这份承诺的事项已经办结，不能撤回。", mend="情况有变化的，请告诉办理部门。")
    commitments.withdraw(actor, row.letter, reason=reason, now=context.now)
    row.resolution, row.updated_at = Supply.APPLICANT.value, context.now
    row.save(update_fields=["resolution", "updated_at"])
    name = context.release.catalogue.materials[material_id].name
    context.tell_applicant("已撤回承诺", f"请补交“{name}”，交了以后才能作出准予决定。")


def _require_may_defer(context: Context, material_id: str) -> None:
    """Whoever broke such a promise promises nothing more while credit counts it: the record is named."""
    if words := no_deferral_words(deferral_bars(context.application.subject, on=context.today)):
        raise Conflict(words, mend="请先把那份材料补上，或者这次直接上传材料。", field=material_id)


def _require_no_bar(context: Context, material_id: str) -> None:
    """Raise Conflict naming the records, when they are why nothing may be signed."""
    found = commitments.bars(context.application.subject, on=context.today)
    if found:
        raise Conflict(commitments.bar_words(found), mend="请上传材料。", field=material_id)


def _who(context: Context) -> commitments.Signing:
    """Whose letter it is. A person who acts online commits themselves; at the counter, the one who came."""
    application, actor = context.application, context.actor
    person = actor.id if actor.kind is ActorKind.PERSON else application.agent
    return commitments.Signing(application.public_id, application.subject, person, context.release.digest)


@transaction.atomic
def hand_in_myself(actor: Actor, application_id: str, material_id: str) -> None:
    """The applicant chooses to hand a document in, on paper or as a file, although the government has
    it already (豫数政办〔2023〕3号 L289–291: the paper way stays open). Nobody looks it up then.

    Raises Invalid when this errand does not use the document.
    """
    context = draft_of(actor, application_id)
    context.require_part(Part.APPLICANT, Part.RECEIVER)
    lines = {line.material: line.resolution for line in plan_of(context).plan.materials.lines}
    if lines.get(material_id) not in _LOOKED_UP:
        raise Invalid("这项材料不是从已有证照、材料中带出来的。", mend="请刷新页面。", field=material_id)
    row = _row(context, material_id)
    row.own_way, row.resolution = True, Supply.APPLICANT.value
    row.save()
    context.note("document.own_way", detail={"material": material_id})
    saved(context)


@transaction.atomic
def take_back(actor: Actor, application_id: str, material_id: str) -> None:
    """The applicant changes their mind before submission: no promise, no commitment, and no handing in
    by themselves for this document. Raises Invalid when there is none, Conflict while files are there."""
    context = draft_of(actor, application_id)
    context.require_part(Part.APPLICANT, Part.RECEIVER)
    row = context.application.documents.filter(material=material_id).first()
    if row is None or not (row.deferred or row.letter or row.own_way):
        raise Invalid("这项材料没有选过先办后补、承诺或自己交。", mend="请刷新页面。", field=material_id)
    if row.files:
        raise Conflict("这份材料已经上传了文件。", mend="请先移除文件。", field=material_id)
    drop_letter(context, row)
    row.delete()
    context.note("document.choice.taken_back", detail={"material": material_id})
    saved(context)


def _text_now(context: Context, material_id: str) -> commitments.CommitmentText | None:
    """The words to sign for a document, by the items of the plan that need it; None: nothing to sign."""
    for line in plan_of(context).plan.materials.lines:
        if line.material == material_id and line.resolution is Supply.COMMITMENT:
            return commitments.commitment_text(context.release.catalogue, material_id, line.required_by)
    return None


def _row(context: Context, material_id: str) -> Document:
    """The document's row, without files. Raises Conflict when there are some."""
    found = context.application.documents.filter(material=material_id).first()
    row = found or Document(application=context.application, material=material_id)
    if row.files:
        raise Conflict("这项材料已经上传。", mend="不用再选；要改，请先删掉上传的文件。", field=material_id)
    row.updated_at = context.now
    return row
