# SPDX-License-Identifier: Apache-2.0
"""Drafts: start one (online or at the counter), answer, fill in, attach documents.

A draft belongs to the applicant whoever started it: what a clerk began at the counter the person
continues online, and the other way round.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.identity.public import may_act_for
from yiwang.apps.identity.public import subject as subject_of
from yiwang.apps.journal.public import record
from yiwang.apps.lookups.public import forget
from yiwang.apps.materials.public import discard
from yiwang.engines.planning import BadAnswers
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor, ActorKind, Matter, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.places import handles
from ..domain.values import read, to_json
from ..evidence import may_differ
from ..models import Application, Channel, Stage
from ._context import Context, lock_application
from ._documents import editable, require_open
from ._planning import plan_of

_CLERKS = (Role.COUNTER, Role.REPRESENTATIVE)


@dataclass(frozen=True)
class NewDraft:
    """What a draft begins with. `agent` is the natural person who acts (the applicant themselves,
    or for a firm its representative or agent). `suggested`: what they answered elsewhere before (the
    policy calculator); it is offered for checking where nobody knows better, and counts once saved."""

    life_event: str
    subject: str
    agent: str
    place: str
    answers: Mapping[str, object] = field(default_factory=dict)
    choice: Sequence[str] | None = None
    suggested: Mapping[str, object] = field(default_factory=dict)


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
    if not handles(release.catalogue.places.get(new.place)):
        raise Invalid("没有这个办理地。", mend="请从列表中选择县区。", field="place")
    application = Application.objects.create(
        public_id=new_public_id("a"),
        life_event=event.id,
        release=release.digest,
        subject=new.subject,
        agent=new.agent,
        channel=channel,
        started_by=actor.id,
        receiving_place=_counter_place(actor, new.place),
        handling_place=new.place,
        answers=_typed(release, new.answers, keep_wrong=False),
        choice=list(new.choice) if new.choice is not None else None,
        suggested=_typed(release, new.suggested, keep_wrong=False),
        created_at=timezone.now(),
    )
    record(
        actor,
        "application.started",
        stream=f"case:{application.public_id}",
        about=application.public_id,
        subject=new.subject,
        detail={"life_event": event.id, "channel": channel, "suggested": len(new.suggested)},
    )
    return application.public_id


def _channel(actor: Actor, new: NewDraft) -> str:
    if actor.kind is ActorKind.PERSON:
        if actor.id == new.agent and actor.is_subject(new.subject, Matter.APPLICATIONS):
            return Channel.PORTAL.value
        raise NotAllowed("您不能替这个申请人办理。", mend="请先由对方授权，或让对方自己登录办理。")
    if actor.has(*_CLERKS):
        if not may_act_for(new.agent, new.subject, Matter.APPLICATIONS):
            raise NotAllowed("来人不能替这个申请人办理。", mend="请法定代表人到场，或先办理授权。")
        return Channel.COUNTER.value
    raise NotAllowed("只有申请人和窗口人员可以开始办理。", mend="请换用窗口账号。")


def _counter_place(actor: Actor, wanted: str) -> str:
    """Where the clerk sits: in the place wanted if one of their posts covers it, else where the first
    post is; online it is the place wanted."""
    if actor.kind is ActorKind.PERSON or actor.has(*_CLERKS, place=wanted):
        return wanted
    return next((p.place for p in actor.posts if p.role in _CLERKS and p.place), wanted)


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


@dataclass(frozen=True)
class Saved:
    """A draft was saved; `version` is its new one.

    `overwritten`: what another page or person had written there since this page was opened, by
    element id; it is replaced by what was typed here, and the page shows it, so that nothing typed
    is lost unseen.
    """

    version: int
    overwritten: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def save_answers(
    actor: Actor,
    application_id: str,
    answers: Mapping[str, object],
    *,
    choice: Sequence[str] | None = None,
    version: int | None = None,
) -> Saved:
    """Answer the guiding questions anew, and take all or some of the items. Raises BadAnswers.

    Args:
        version: of the draft the page showed; None: the page does not say.
    """
    context = draft_of(actor, application_id)
    application = context.application
    typed = _typed(context.release, answers, keep_wrong=False)
    overwritten = _overwritten(context, version, application.answers, typed, application.answers)
    application.answers = typed
    application.choice = list(choice) if choice is not None else None
    return saved(context, "answers", "choice", overwritten=overwritten)


@transaction.atomic
def save_form(
    actor: Actor, application_id: str, values: Mapping[str, object], *, version: int | None = None
) -> Saved:
    """Keep what was typed, right or wrong: nothing is lost. What is wrong is refused at submission,
    and shown beside its field before. An empty value clears the field; fields not named stay.

    While a correction is asked for, only the fields it names may change.

    Args:
        version: of the draft the page showed; None: the page does not say.

    Raises Invalid for a field that is not in the house.
    """
    context = editable(actor, application_id)
    typed = _typed(context.release, values, keep_wrong=True)
    require_open(context, values)
    form = context.application.form
    overwritten = _overwritten(context, version, form, typed, values)
    context.application.form = {k: v for k, v in form.items() if k not in values} | typed
    return saved(context, "form", overwritten=overwritten)


def _overwritten(
    context: Context,
    version: int | None,
    before: Mapping[str, Any],
    typed: Mapping[str, Any],
    concerned: Collection[str],
) -> dict[str, Any]:
    """What somebody else wrote that this page did not know of and now replaces."""
    if version is None or version == context.application.version:
        return {}
    return {key: before[key] for key in concerned if key in before and before[key] != typed.get(key)}


@transaction.atomic
def correct_known(actor: Actor, application_id: str, element_id: str) -> None:
    """The applicant says that what a licence states is otherwise this time (another shop, another
    house), or is objected to in shared data: the value becomes theirs to change. Clearing the field takes it
    from the licence again.

    Raises Invalid for what was not filled in from elsewhere, NotAllowed for who a person is.
    """
    context = draft_of(actor, application_id)
    outlook = plan_of(context)
    if element_id not in outlook.marks and not may_differ(context.release, element_id):
        raise NotAllowed("身份信息以证件为准，不能在这里改。", mend="请到发证机关更正，或拨打12345。")
    found = {field.element: field for field in outlook.plan.form.fields}.get(element_id)
    if found is None or not found.source.looked_up:
        raise Invalid("这一项不是从证照带出来的。", mend="请直接在表上修改。", field=element_id)
    context.application.form = {**context.application.form, element_id: to_json(found.value)}
    saved(context, "form")


@transaction.atomic
def save_delivery(actor: Actor, application_id: str, *, method: str, address: str = "") -> None:
    """How the results shall be handed over (领取方式). Raises Invalid."""
    context = draft_of(actor, application_id)
    if method not in ("electronic", "counter", "courier"):
        raise Invalid("请选择领取方式。", mend="可以选电子送达、窗口领取或邮寄。", field="delivery")
    if method == "courier" and not address.strip():
        raise Invalid("邮寄要写地址。", mend="请填写收件地址，或改选其他领取方式。", field="delivery_address")
    context.application.delivery, context.application.delivery_address = method, address.strip()[:200]
    saved(context, "delivery", "delivery_address")


@transaction.atomic
def drop_draft(actor: Actor, application_id: str) -> None:
    """Throw a draft away, with what was typed and uploaded. What was submitted can only be withdrawn."""
    context = draft_of(actor, application_id)
    application = context.application
    for document in application.documents.all():
        for file in document.files:
            discard(actor, file)
        document.delete()
    application.stage, application.finished_at = Stage.WITHDRAWN, context.now
    application.answers, application.form, application.delivery_address = {}, {}, ""
    application.save()
    forget(application_id)
    context.note("application.dropped")


def draft_of(actor: Actor, application_id: str) -> Context:
    """A draft, locked, for the applicant or the clerk who helps. Raises Conflict once submitted."""
    context = lock_application(actor, application_id)
    context.require_part(Part.APPLICANT, Part.RECEIVER)
    if context.application.stage != Stage.DRAFT:
        raise Conflict("申请已经提交，不能再改。", mend="可以在“我的办件”中查看进度，需要时撤回后重新申请。")
    return context


def saved(context: Context, *fields: str, overwritten: Mapping[str, Any] | None = None) -> Saved:
    """Save these fields; what every page of the draft showed before is one version old now."""
    context.application.version += 1
    context.application.save(update_fields=[*fields, "version"])
    if fields:
        context.note("application.saved", detail={"fields": list(fields)})
    return Saved(context.application.version, overwritten or {})
