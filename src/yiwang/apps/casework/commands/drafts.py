# SPDX-License-Identifier: Apache-2.0
"""Drafts: start one (online or at the counter), answer, fill in, attach documents.

A draft belongs to the applicant whoever started it: what a clerk began at the counter the person
continues online, and the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.identity.public import may_act_for
from yiwang.apps.identity.public import subject as subject_of
from yiwang.apps.journal.public import record
from yiwang.apps.materials.public import discard, store_file
from yiwang.engines.planning import BadAnswers
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.values import read, to_json
from ..models import Application, Channel, Document, Stage
from ._context import Context, lock_application


@dataclass(frozen=True)
class NewDraft:
    """What a draft begins with. `agent` is the natural person who acts (the applicant themselves,
    or for a firm its representative or agent)."""

    life_event: str
    subject: str
    agent: str
    place: str
    answers: Mapping[str, object] = field(default_factory=dict)
    choice: Sequence[str] | None = None


@transaction.atomic
def start_draft(actor: Actor, new: NewDraft) -> str:
    """Start a draft under the release in force; returns its public id.

    Raises:
        NotAllowed: the actor neither is the applicant nor sits at a counter of this place.
        NotFound: no such life event or applicant.
        Invalid: no such place.
    """
    channel = _channel(actor, new)
    release = catalogue.current()
    event = release.catalogue.life_event(new.life_event)
    subject_of(new.subject)
    subject_of(new.agent)
    if new.place not in release.catalogue.places:
        raise Invalid("没有这个办理地。", mend="请从列表中选择县区。", field="place")
    application = Application.objects.create(
        public_id=new_public_id("a"),
        life_event=event.id,
        release=release.digest,
        subject=new.subject,
        agent=new.agent,
        channel=channel,
        started_by=actor.id,
        receiving_place=_counter_place(actor) or new.place,
        handling_place=new.place,
        answers=_typed(release, new.answers, keep_wrong=False),
        choice=list(new.choice) if new.choice is not None else None,
        created_at=timezone.now(),
    )
    record(
        actor,
        "application.started",
        stream=f"case:{application.public_id}",
        about=application.public_id,
        subject=new.subject,
        detail={"life_event": event.id, "channel": channel},
    )
    return application.public_id


def _channel(actor: Actor, new: NewDraft) -> str:
    if actor.kind is ActorKind.PERSON:
        if actor.id == new.agent and actor.is_subject(new.subject):
            return Channel.PORTAL.value
        raise NotAllowed("您不能替这个申请人办理。", mend="请先由对方授权，或让对方自己登录办理。")
    if actor.has(Role.COUNTER, Role.REPRESENTATIVE):
        if not may_act_for(new.agent, new.subject):
            raise NotAllowed("来人不能替这个申请人办理。", mend="请法定代表人到场，或先办理授权。")
        return Channel.COUNTER.value
    raise NotAllowed("只有申请人和窗口人员可以开始办理。", mend="请换用窗口账号。")


def _counter_place(actor: Actor) -> str:
    """Where the clerk sits; empty for a person online or a clerk without a fixed place."""
    return next((p.place for p in actor.posts if p.role in (Role.COUNTER, Role.REPRESENTATIVE)), "")


def _typed(release: catalogue.OpenRelease, raw: Mapping[str, object], *, keep_wrong: bool) -> dict[str, Any]:
    """Checked values as JSON. Raises BadAnswers with every complaint, unless `keep_wrong`."""
    found: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for element_id, value in raw.items():
        element = release.catalogue.elements.get(element_id)
        if element is None:
            raise Invalid("表单之外的内容不能提交。", mend="请刷新页面后重新填写。", field=element_id)
        if value in (None, "", []):
            continue
        try:
            found[element_id] = to_json(read(element, value))
        except Invalid as error:
            wrong.append((element_id, str(error)))
            if keep_wrong:
                found[element_id] = value
    if wrong and not keep_wrong:
        raise BadAnswers(wrong)
    return found


@transaction.atomic
def save_answers(
    actor: Actor, application_id: str, answers: Mapping[str, object], *, choice: Sequence[str] | None = None
) -> None:
    """Answer the guiding questions anew, and take all or some of the items. Raises BadAnswers."""
    context = _draft(actor, application_id)
    application = context.application
    application.answers = _typed(context.release, answers, keep_wrong=False)
    application.choice = list(choice) if choice is not None else None
    _save(context, "answers", "choice")


@transaction.atomic
def save_form(actor: Actor, application_id: str, values: Mapping[str, object]) -> None:
    """Keep what was typed, right or wrong: nothing is lost. What is wrong is refused at submission,
    and shown beside its field before. An empty value clears the field.

    While a correction is asked for, only the fields it names may change.

    Raises Invalid for a field that is not in the house.
    """
    context = _editable(actor, application_id)
    typed = _typed(context.release, values, keep_wrong=True)
    _only_corrections(context, values)
    kept = {k: v for k, v in context.application.form.items() if k not in values}
    context.application.form = kept | typed
    _save(context, "form")


@transaction.atomic
def save_delivery(actor: Actor, application_id: str, *, method: str, address: str = "") -> None:
    """How the results shall be handed over (领取方式). Raises Invalid."""
    context = _draft(actor, application_id)
    if method not in ("electronic", "counter", "courier"):
        raise Invalid("请选择领取方式。", mend="可以选电子送达、窗口领取或邮寄。", field="delivery")
    if method == "courier" and not address.strip():
        raise Invalid("邮寄要写地址。", mend="请填写收件地址，或改选其他领取方式。", field="delivery_address")
    context.application.delivery, context.application.delivery_address = method, address.strip()[:200]
    _save(context, "delivery", "delivery_address")


@transaction.atomic
def attach_file(actor: Actor, application_id: str, material_id: str, *, name: str, content: bytes) -> str:
    """Attach an uploaded file to a document of the application; returns the file's public id.

    Raises Invalid for a material that is not in the house or a file that fails its check.
    """
    context = _editable(actor, application_id)
    material = context.release.catalogue.materials.get(material_id)
    if material is None:
        raise Invalid("指南之外无材料：没有这项材料。", mend="请从材料清单中选择。", field="material")
    _only_corrections(context, {material_id: None})
    stored = store_file(
        actor,
        owner=context.application.subject,
        name=name,
        content=content,
        accepts=material.accepts,
        max_megabytes=material.max_megabytes,
    )
    document, _ = Document.objects.get_or_create(
        application=context.application,
        material=material_id,
        defaults={"resolution": "applicant", "updated_at": context.now},
    )
    document.files = [*document.files, stored.public_id]
    document.deferred, document.resolution, document.updated_at = False, "applicant", context.now
    document.save()
    context.note("document.attached", detail={"material": material_id, "sha256": stored.sha256})
    return stored.public_id


@transaction.atomic
def detach_file(actor: Actor, application_id: str, material_id: str, file_id: str) -> None:
    """Take a file off a document again. Raises Invalid when it is not there."""
    context = _editable(actor, application_id)
    document = context.application.documents.filter(material=material_id).first()
    if document is None or file_id not in document.files:
        raise Invalid("没有这个文件。", mend="请刷新页面。")
    _only_corrections(context, {material_id: None})
    document.files = [f for f in document.files if f != file_id]
    document.updated_at = context.now
    document.save()
    discard(actor, file_id)
    context.note("document.detached", detail={"material": material_id})


@transaction.atomic
def drop_draft(actor: Actor, application_id: str) -> None:
    """Throw a draft away. What was submitted can only be withdrawn."""
    context = _draft(actor, application_id)
    context.application.stage = Stage.WITHDRAWN
    context.application.finished_at = context.now
    context.application.save(update_fields=["stage", "finished_at"])
    context.note("application.dropped")


def _draft(actor: Actor, application_id: str) -> Context:
    context = lock_application(actor, application_id)
    if context.application.stage != Stage.DRAFT:
        raise Conflict("申请已经提交，不能再改。", mend="可以在“我的办件”中查看进度，需要时撤回后重新申请。")
    return context


def _editable(actor: Actor, application_id: str) -> Context:
    """A draft, or a submitted application while a correction is asked for."""
    context = lock_application(actor, application_id)
    application = context.application
    if application.stage == Stage.DRAFT or application.items.filter(state="correction_asked").exists():
        return context
    raise Conflict("申请已经提交，不能再改。", mend="需要补正时会通知您，届时再改。")


def _only_corrections(context: Context, values: Mapping[str, object]) -> None:
    if context.application.stage == Stage.DRAFT:
        return
    asked = {
        point["target"]
        for case in context.application.items.filter(state="correction_asked").select_related("correction")
        for point in case.correction.points
    }
    if others := set(values) - asked:
        raise Conflict(
            "补正只能修改要求补正的内容。", mend="其他内容已提交，不能再改。", field=sorted(others)[0]
        )


def _save(context: Context, *fields: str) -> None:
    context.application.version += 1
    context.application.save(update_fields=[*fields, "version"])
    context.note("application.saved", detail={"fields": list(fields)})
