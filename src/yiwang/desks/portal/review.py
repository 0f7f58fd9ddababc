# SPDX-License-Identifier: Apache-2.0
"""Delivery, the last look at everything, one submission, and its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.casework.public import (
    SIGNATURE,
    Declared,
    DraftView,
    NotComplete,
    application_view,
    asks_signature,
    declaration_text,
    draft_view,
    form_to_sign,
    save_delivery,
    submit,
)
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.engines.definitions.spoken import spoken
from yiwang.engines.planning import AnswerSource, NotEligible
from yiwang.kernel.actor import ActorKind
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import new_public_id

from .documents import committed_of, spared_of, wanted_of
from .drafts import STEPS, draft_page, missing_of, page_of, redirect_to, refusal_of
from .forms import Group, groups_of
from .proof import receipt_parts

DELIVERIES = (
    ("electronic", "电子送达", "办好后在“我的办件”里看，手机上出示，和纸质的一样有效。"),
    ("counter", "窗口领取", "办好后带身份证到办理地的政务服务中心，一次领齐。"),
    ("courier", "邮寄", "办好后一起寄给您。"),
)


@draft_page("GET", "HEAD", "POST")
def delivery(request: RequestWithActor, draft: DraftView) -> HttpResponseBase:
    """How the results shall come."""
    typed = {"method": draft.delivery, "address": draft.delivery_address or draft.agent.address}
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        address = " ".join(request.POST.get("address", "").split())  # on one line, however it was written
        typed = {"method": request.POST.get("method", ""), "address": address}
        try:
            save_delivery(request.actor, draft.row.id, **typed)
        except Invalid as wrong:
            problems = [("address" if wrong.field == "delivery_address" else "method", str(wrong))]
        else:
            return redirect("portal:applications") if "later" in request.POST else _to_review(draft)
    page = page_of(
        draft, "delivery", typed=typed, deliveries=DELIVERIES, problems=problems, wrong=dict(problems)
    )
    return render(request, "desks/portal/delivery.html", page, status=400 if problems else 200)


def _to_review(draft: DraftView) -> HttpResponseBase:
    return redirect("portal:review", draft.row.id)


@dataclass(frozen=True)
class Answered:
    """A value on the review, and whose it is."""

    name: str
    value: str
    source: str


@dataclass(frozen=True)
class Sheet:
    """A group of the form on the review."""

    name: str
    lines: Sequence[Answered]


def sheets_of(draft: DraftView) -> list[Sheet]:
    """The whole form as it will be handed in."""
    return [_sheet(draft, group) for group in groups_of(draft, {}) if group.shown]


def _sheet(draft: DraftView, group: Group) -> Sheet:
    known = draft.release.catalogue
    typed = [
        Answered(
            slot.field.official, spoken(known, known.elements[slot.name], draft.typed.get(slot.name)), ""
        )
        for slot in group.slots
        if slot.field
    ]
    return Sheet(group.name, [*(Answered(k.name, k.value, k.source) for k in group.known), *typed])


@draft_page("GET", "HEAD")
def review(request: RequestWithActor, draft: DraftView) -> HttpResponseBase:
    """Everything on one page before it is handed in."""
    return _show(request, draft)


def _show(
    request: RequestWithActor, draft: DraftView, *, error: str = "", at: str = "promise", status: int = 200
) -> HttpResponseBase:
    missing = missing_of(draft)
    page = page_of(
        draft,
        "review",
        missing=[(view, name, list(missing[view].items())) for view, name in STEPS if missing[view]],
        error=error,
        error_at=at,
        key=new_public_id("k"),
        sheets=sheets_of(draft),
        answers=_answers(draft),
        wanted=wanted_of(draft, {}),
        committed=committed_of(draft, {}),
        spared=spared_of(draft),
        delivery_name={one: name for one, name, _ in DELIVERIES}.get(draft.delivery, ""),
        declaration=declaration_text(draft.release),
        signing=_signing(request, draft),
    )
    return render(request, "desks/portal/review.html", page, status=status)


def _signing(request: RequestWithActor, draft: DraftView) -> dict[str, Any]:
    """How the form is to be signed; empty when no item asks for it."""
    uses = asks_signature(draft.release, draft.plan)
    if not uses:
        return {}
    signed = form_to_sign(request.actor, draft.row.id).signed
    way = request.POST.get("signing") or ("electronic" if signed else "")
    return {
        "says": [use.says for use in uses],
        "signed": signed,
        "way": way,
        "by_hand_only": request.actor.kind is not ActorKind.PERSON,
    }


def _answers(draft: DraftView) -> list[Answered]:
    known = draft.release.catalogue
    on_form = {one.element for one in draft.plan.form.fields if one.source is AnswerSource.ANSWERS}
    return [
        Answered(known.elements[e].name, spoken(known, known.elements[e], raw), "")
        for e, raw in draft.answers.items()
        if e not in on_form
    ]


@access(person=True, roles=CLERKS)
@require_POST
def hand_in(request: RequestWithActor, application: str) -> HttpResponseBase:
    """Submit once. The key was made with the page: pressing twice, or going back, gives one receipt."""
    if "true" not in request.POST.getlist("promise"):
        draft = draft_view(request.actor, application)
        if draft.row.stage != "draft":
            return redirect("portal:receipt", application)
        return _show(request, draft, error="请先勾选“我承诺以上内容属实”，再提交。", status=400)
    declared = Declared(request.POST.get("declaration", ""), request.POST.get("signing", ""))
    try:
        submit(request.actor, application, key=request.POST.get("key", ""), declared=declared)
    except NotComplete as missing:
        if words := dict(missing.problems).get(SIGNATURE):
            draft = draft_view(request.actor, application)
            return _show(request, draft, error=words, at="signing", status=400)
        return redirect_to("portal:review", application, "#missing")
    except Invalid as wrong:
        if wrong.field != SIGNATURE:
            raise
        draft = draft_view(request.actor, application)
        return _show(request, draft, error=str(wrong), at="signing", status=400)
    except NotEligible as refused:
        return refusal_of(request, application, refused)
    return redirect("portal:receipt", application)


@access(person=True, roles=CLERKS)
@require_safe
def receipt(request: RequestWithActor, application: str) -> HttpResponseBase:
    """The acknowledgement (回执): number, due day, what happens next."""
    seen = application_view(request.actor, application)
    if seen.row.submitted_at is None:
        return redirect("portal:application", application)
    page: dict[str, Any] = {"seen": seen, "row": seen.row, "applicant": seen.applicant}
    if request.actor.kind is ActorKind.PERSON:
        page |= receipt_parts(request, application)
    return render(request, "desks/portal/receipt.html", page)
