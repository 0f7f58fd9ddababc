# SPDX-License-Identifier: Apache-2.0
"""Submit: one form, one set of documents, all items at once; acknowledged once, with a number.

Either everything of an application is there after this, or nothing: rows, number, journal entry
and messages are one transaction, and the acknowledgement is given after it is committed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.planning import AnswerSource, Plan, Supply
from yiwang.engines.planning.jsonform import to_json as plan_json
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.ids import new_public_id

from ..domain.numbers import case_number, series_of
from ..domain.places import require_reach
from ..domain.values import from_json, read, to_json
from ..evidence import Asker, Errand, Outlook, plan_for
from ..models import Application, Document, Finding, ItemCase, Move, Stage, Visit
from ._context import Context, lock_application
from ._numbering import take_number
from .deferring import promise_later
from .drafts import NewDraft, save_delivery, save_form, start_draft


@dataclass(frozen=True)
class Receipt:
    """The acknowledgement (回执)."""

    application: str
    number: str
    submitted_at: Any
    due_on: Any


class NotComplete(Invalid):
    """What is missing or wrong, all of it at once: `problems` is (element or material id, words)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__(f"还有 {len(problems)} 处没有填好。", mend="请按提示补全后再提交，已填的都还在。")


@transaction.atomic
def submit(actor: Actor, application_id: str, *, key: str) -> Receipt:
    """Submit a draft. The same key, or the same draft again, gives the same receipt.

    Args:
        key: idempotency key, made by the page or client that submits.

    Raises:
        NotComplete: with every missing or wrong field and document.
        NotEligible, BoundItems: as the plan says.
        Conflict: the key was used for another application; the draft was thrown away.
    """
    context = lock_application(actor, application_id)
    application = context.application
    if application.submitted_at is not None:
        return receipt_of(application)
    if application.stage != Stage.DRAFT:
        raise Conflict("这份草稿已经作废。", mend="请重新开始办理。")
    if not key or Application.objects.filter(key=key).exists():
        raise Conflict("这次提交的编号已经用过。", mend="请刷新页面后再提交。")
    outlook = plan_for(
        Asker(actor, application.subject, application.agent, application.public_id, context.now),
        Errand(
            context.release,
            application.life_event,
            application.answers,
            context.today,
            application.choice,
            application.form,
        ),
    )
    planned = outlook.plan
    if problems := problems_of(application, context.release, planned):
        raise NotComplete(problems)
    for item in planned.included:
        require_reach(
            context.release.catalogue.items[item.id], application.receiving_place, application.handling_place
        )
    _keep(context, planned, key)
    _keep_documents(context, outlook)
    _open_items(context, planned)
    name = context.release.catalogue.life_events[application.life_event].name
    context.note(
        "application.submitted", detail={"number": application.number, "items": len(planned.included)}
    )
    context.tell_applicant(
        f"“{name}”已提交",
        f"办件编号 {application.number}，预计 {application.due_on} 前办完。不用再交别的材料。",
    )
    return receipt_of(application)


@transaction.atomic
def submit_at_once(  # noqa: PLR0913 - all named by the caller
    actor: Actor,
    new: NewDraft,
    *,
    form: Mapping[str, object],
    delivery: tuple[str, str],
    key: str,
    promised: Sequence[str] = (),
) -> Receipt:
    """Start and submit in one step, for systems that call us. The same key gives the same receipt.

    Args:
        delivery: method and address.
        promised: documents that will come later (容缺).

    Raises Conflict when the key was used for something else; see also `submit`.
    """
    earlier = Application.objects.filter(key=key).first()
    if earlier is not None:
        if (earlier.life_event, earlier.subject, earlier.agent) != (new.life_event, new.subject, new.agent):
            raise Conflict("这个幂等键已用于另一份申请。", mend="请为每份申请使用不同的键。", field="key")
        return receipt_of(earlier)
    draft = start_draft(actor, new)
    save_form(actor, draft, form)
    save_delivery(actor, draft, method=delivery[0], address=delivery[1])
    for material in promised:
        promise_later(actor, draft, material)
    return submit(actor, draft, key=key)


def receipt_of(application: Application) -> Receipt:
    """The acknowledgement of a submitted application."""
    return Receipt(
        application.public_id, application.number or "", application.submitted_at, application.due_on
    )


def problems_of(application: Application, release: OpenRelease, planned: Plan) -> list[tuple[str, str]]:
    """Every field and document that is missing or wrong: (element or material id, what to do)."""
    found = [(q.element, f"请先回答：{q.question}") for q in planned.questions]
    for field in planned.form.fields:
        if field.source is AnswerSource.APPLICANT:
            raw = application.form.get(field.element)
            wanted = field.required and not field.conditional
            found += _field_problem(release.catalogue.elements[field.element], raw, wanted)
    attached = {d.material for d in application.documents.all() if d.files or d.deferred}
    for line in planned.materials.lines:
        wanted = line.resolution.submitted and line.required and not line.conditional
        if wanted and line.material not in attached:
            later = "，或选择先办后补" if line.resolution is Supply.DEFERRED else ""
            found.append((line.material, f"请上传“{line.name}”{later}"))
    if not application.delivery:
        found.append(("delivery", "请选择领取方式"))
    return found


def _field_problem(element: Element, raw: object, wanted: bool) -> list[tuple[str, str]]:
    if raw in (None, ""):
        return [(element.id, f"请填写“{element.name}”")] if wanted else []
    try:
        read(element, raw)
    except Invalid as error:
        return [(element.id, f"“{element.name}”：{error}")]
    return []


def _keep(context: Context, planned: Plan, key: str) -> None:
    application = context.application
    known = {f.element: to_json(f.value) for f in planned.form.fields if f.value is not None}
    typed = {k: to_json(v) for k, v in from_json(context.release.catalogue, application.form).items()}
    places = context.release.catalogue.places
    series = series_of(places[application.receiving_place].code or application.receiving_place, context.today)
    application.number = case_number(series, take_number(series))
    application.form = typed | known
    application.plan = plan_json(planned, context.release.catalogue, reveal=True)
    application.key = key
    application.stage = Stage.HANDLING
    application.submitted_at = context.now
    application.due_on = planned.timetable.due_date
    application.version += 1
    application.save()


def _keep_documents(context: Context, outlook: Outlook) -> None:
    application = context.application
    own = set(application.documents.values_list("material", flat=True))
    Document.objects.bulk_create(
        Document(
            application=application,
            material=line.material,
            resolution=line.resolution.value,
            evidence=outlook.evidence.get(line.material, ""),
            updated_at=context.now,
        )
        for line in outlook.plan.materials.lines
        if line.material not in own
    )


def _open_items(context: Context, planned: Plan) -> None:
    """One case per item: those whose inputs exist are submitted, the others wait for their inputs."""
    application, items = context.application, context.release.catalogue.items
    waits: dict[str, list[str]] = {}
    for edge in planned.edges:
        waits.setdefault(edge.after, []).append(edge.before)
    cases = [
        ItemCase(
            public_id=new_public_id("i"),
            application=application,
            item=item.id,
            org=items[item.id].org,
            place=application.receiving_place,
            state="waiting_earlier" if item.id in waits else "submitted",
            waits_for=sorted(set(waits.get(item.id, ()))),
            created_at=context.now,
        )
        for item in planned.included
    ]
    ItemCase.objects.bulk_create(cases)
    made = {case.item: case for case in application.items.all()}
    Move.objects.bulk_create(
        Move(
            item_case=case,
            transition="submit_waiting" if case.waits_for else "submit",
            before="draft",
            after=case.state,
            at=context.now,
            actor=context.actor.id,
            actor_name=context.actor.name,
        )
        for case in made.values()
    )
    _open_visits(context, planned, made)


def _open_visits(context: Context, planned: Plan, made: Mapping[str, ItemCase]) -> None:
    for joint in planned.visits:
        visit = Visit.objects.create(
            public_id=new_public_id("v"), application=context.application, target=joint.place
        )
        Finding.objects.bulk_create(Finding(visit=visit, item_case=made[item]) for item in joint.items)
