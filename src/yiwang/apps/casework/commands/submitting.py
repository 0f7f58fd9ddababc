# SPDX-License-Identifier: Apache-2.0
"""Submit: one form, one set of documents, all items at once; acknowledged once, with a number.

Either everything of an application is there after this, or nothing: rows, number, journal entry
and messages are one transaction, and the acknowledgement is given after it is committed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects

from yiwang.apps.catalogue.public import OpenRelease, one_release
from yiwang.apps.journal.public import gathered, record, store, store_changes
from yiwang.engines.planning import Plan
from yiwang.engines.planning.jsonform import to_json as plan_json
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed

from ..domain.numbers import case_number, series_of
from ..domain.places import handles, require_reach
from ..domain.values import to_json
from ..evidence import Outlook
from ..models import Application, Declaration, Stage
from ..queries import may_touch
from ._completeness import NotComplete, Problem, problems_of
from ._context import Context, lock_application
from ._credit import check_items
from ._documents import count_letters, settle_documents
from ._numbering import take_number
from ._opening import open_items
from ._planning import plan_of
from .declaring import Declared, declared_now
from .drafts import NewDraft, save_delivery, save_form, start_draft
from .standing_in import promise_later, sign_commitment

_LONGEST_KEY = 80


@dataclass(frozen=True)
class Receipt:
    """The acknowledgement (回执)."""

    application: str
    number: str
    submitted_at: dt.datetime | None
    due_on: dt.date | None


class KeyTaken(Conflict):
    """The idempotency key belongs to another application."""

    def __init__(self) -> None:
        super().__init__("这次提交的编号已经用过。", mend="请刷新页面后再提交。", field="key")


def submit(actor: Actor, application_id: str, *, key: str, declared: Declared | None = None) -> Receipt:
    """Submit a draft. The same key, or the same draft again, gives the same receipt.

    Args:
        key: idempotency key, made by the page or client that submits; at most 80 characters.
        declared: what the applicant declared and how the form is signed; None: a program submits, which
            declares nothing, and what an item wants signed is signed on paper.

    Raises:
        NotComplete: with every missing or wrong field and document. What was looked up stays logged.
        NotEligible, BoundItems: as the plan says.
        NotAllowed: the agent may not act for the applicant any more.
        Conflict: the key was used for another application; the draft was thrown away; the declaration
            or the form that was signed has changed since.
    """
    try:
        with transaction.atomic(), gathered(), one_release():
            done = _submit(lock_application(actor, application_id), key, declared)
    except IntegrityError:
        if not Application.objects.filter(key=key).exists():
            raise
        raise KeyTaken from None
    if not isinstance(done, Receipt):
        raise NotComplete(done)
    return done


def _submit(context: Context, key: str, declared: Declared | None) -> Receipt | list[Problem]:
    """The receipt, or what is missing: that is no error here, because the looks must stay logged."""
    context.require_part(Part.APPLICANT, Part.RECEIVER)
    application = context.application
    if application.submitted_at is not None:
        return receipt_of(application)
    if application.stage != Stage.DRAFT:
        raise Conflict("这份草稿已经作废。", mend="请重新开始办理。")
    if application.life_event not in context.release.catalogue.life_events:
        raise Conflict("这件事现在不办理了。", mend="请在首页查找现在怎么办。")
    if not context.agent_may_act:
        raise NotAllowed("经办人已经不能代表这个申请人。", mend="请由法定代表人办理，或重新授权。")
    if not key.strip() or len(key) > _LONGEST_KEY:
        raise Invalid("这次提交没有编号，或者编号太长。", mend="请刷新页面后再提交。", field="key")
    prefetch_related_objects([application], "documents")
    outlook = plan_of(context)
    if problems := problems_of(application, context.release, outlook.plan):
        return problems
    _require_places(context, outlook.plan)
    declaration = declared_now(context, outlook, declared)
    if not isinstance(declaration, Declaration):
        return declaration
    _keep(context, outlook, key)
    documents = settle_documents(context, outlook)
    open_items(context, outlook.plan)
    check_items(context, [item.id for item in outlook.plan.included])
    store([declaration])
    count_letters(context, documents, signature=declaration.signing)
    _acknowledge(context, outlook, declaration, later=sum(row.deferred for row in documents))
    return receipt_of(application)


def _require_places(context: Context, planned: Plan) -> None:
    places, application = context.release.catalogue.places, context.application
    if not handles(places.get(application.handling_place)):
        raise Invalid("这个办理地没有政务服务中心。", mend="请重新选择办理地。", field="place")
    for item in planned.included:
        definition = context.release.catalogue.items[item.id]
        require_reach(definition, application.receiving_place, application.handling_place, places)


def _acknowledge(context: Context, outlook: Outlook, declaration: Declaration, *, later: int) -> None:
    application, count = context.application, len(outlook.plan.included)
    name = context.release.catalogue.life_events[application.life_event].name
    detail = {
        "number": application.number,
        "items": count,
        "form": declaration.digest,
        "declaration": declaration.version,
        "signed": declaration.signing or declaration.signed_how,
    }
    context.note("application.submitted", detail=detail)
    rest = f"还有 {later} 份材料受理后补交，到时会提醒您。" if later else "不用再交别的材料。"
    due = format_date(outlook.plan.timetable.due_date)
    context.tell_applicant(f"“{name}”已提交", f"办件编号 {application.number}，预计{due}前办完。{rest}")


def submit_at_once(  # noqa: PLR0913 - all named by the caller
    actor: Actor,
    new: NewDraft,
    *,
    form: Mapping[str, object],
    delivery: tuple[str, str],
    key: str,
    promised: Sequence[str] = (),
    signed: Mapping[str, str] | None = None,
) -> Receipt:
    """Start and submit in one step, for systems that call us. The same key gives the same receipt.

    Args:
        delivery: method and address.
        promised: documents that will come later (容缺).
        signed: documents a commitment stands for, with the version of the text signed (告知承诺).

    Raises Conflict when the key was used for something else; see also `submit`.
    """
    if receipt := _receipt_under(actor, new, key):
        return receipt
    try:
        with transaction.atomic(), gathered(), one_release():
            draft = start_draft(actor, new)
            save_form(actor, draft, form)
            save_delivery(actor, draft, method=delivery[0], address=delivery[1])
            for material in promised:
                promise_later(actor, draft, material)
            for material, version in (signed or {}).items():
                sign_commitment(actor, draft, material, version=version)
            return submit(actor, draft, key=key)
    except KeyTaken:  # somebody with the same key was quicker: theirs is the one
        if receipt := _receipt_under(actor, new, key):
            return receipt
        raise
    except NotComplete:
        _log_lost_look(actor, new)
        raise


def _receipt_under(actor: Actor, new: NewDraft, key: str) -> Receipt | None:
    """The receipt of the application that has this key. Raises Conflict when it is another one."""
    earlier = Application.objects.filter(key=key).first() if key else None
    if earlier is None:
        return None
    same = (earlier.life_event, earlier.subject, earlier.agent) == (new.life_event, new.subject, new.agent)
    if not same or not may_touch(actor, earlier):
        raise Conflict("这个幂等键已用于另一份申请。", mend="请为每份申请使用不同的键。", field="key")
    return receipt_of(earlier)


@transaction.atomic
def _log_lost_look(actor: Actor, new: NewDraft) -> None:
    """Nothing of the application is kept, but that the applicant's licences were looked at is."""
    record(
        actor,
        "evidence.look",
        stream=f"looks:{new.subject}",
        subject=new.subject,
        purpose="核对申请材料（没有提交成功）",
        basis="行政许可法第三十四条（审查申请材料）",
    )


def receipt_of(application: Application) -> Receipt:
    """The acknowledgement of a submitted application."""
    return Receipt(
        application.public_id, application.number or "", application.submitted_at, application.due_on
    )


def _keep(context: Context, outlook: Outlook, key: str) -> None:
    application, catalogue, planned = context.application, context.release.catalogue, outlook.plan
    known = {f.element: to_json(f.value) for f in planned.form.fields if f.value is not None}
    typed = {element: to_json(value) for element, value in outlook.typed.items()}
    application.release = context.release.digest
    application.number = _next_number(context.release, application.receiving_place, context.today)
    application.form = typed | known
    application.plan = plan_json(planned, catalogue, reveal=True)
    application.key = key
    application.stage = Stage.HANDLING
    application.submitted_at = context.now
    application.due_on = planned.timetable.due_date
    application.version += 1
    store_changes(application, _KEPT)


_KEPT = ("release", "number", "form", "plan", "key", "stage", "submitted_at", "due_on", "version")


def _next_number(release: OpenRelease, place: str, day: dt.date) -> str:
    series = series_of(release.catalogue.places[place].code or place, day)
    return case_number(series, take_number(series))
