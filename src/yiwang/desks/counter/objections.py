# SPDX-License-Identifier: Apache-2.0
"""Somebody at the counter says that data about them is wrong: the clerk files it for them and prints the
receipt.

Whom it is about is whoever the clerk met, never what an address says. Once there is an answer, the clerk
tells it and writes down whether it settles the matter.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.quality import public as quality
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.desks.objection_forms import (
    FeedbackForm,
    ObjectForm,
    by_provider,
    page_of,
    raised,
    take_evidence,
    view_page,
)
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.engines.exchange import Resource, resources
from yiwang.kernel.errors import NotFound

from .visitor import Visitor, visitor_of


@access(roles=CLERKS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: RequestWithActor) -> HttpResponseBase:
    """Which data, then what is wrong in it, in the words of whoever stands here."""
    visitor = visitor_of(request)
    if visitor is None:
        messages.warning(request, "请先核对来人的姓名和证件，再替来人提异议。")
        return redirect("counter")
    opened = current()
    about = _about(opened, visitor)
    known = about.get(request.GET.get("resource", ""))
    if known is None:
        page = {"visitor": visitor, "groups": by_provider(about.values())}
        return render(request, "desks/counter/object_choose.html", page)
    sent = request.POST if request.method == "POST" else None
    form = ObjectForm(sent, resource=known, initial={"field": request.GET.get("field", "")})
    kept: list[str] = []
    if request.method == "POST":
        kept = take_evidence(request, form, visitor.applicant)
        whom = {"subject": visitor.applicant, "agent": visitor.agent}
        if form.is_valid() and (made := raised(request, form, known, kept, **whom)):
            messages.success(request, "已经替来人提出异议，请打印回执。")
            return redirect("counter-objection", made)
    page = page_of(known, form, kept) | {"visitor": visitor, "provider": _name(opened, known.provider)}
    return render(request, "desks/counter/object.html", page, status=400 if form.errors else 200)


def _about(opened: OpenRelease, visitor: Visitor) -> Mapping[str, Resource]:
    """What the city holds about people, or about firms, as the visitor came."""
    subject = Subject.FIRM if visitor.is_firm else Subject.PERSON
    return {key: one for key, one in resources(opened.catalogue).items() if one.subject is subject}


def _name(opened: OpenRelease, org: str) -> str:
    known = opened.catalogue.orgs.get(org)
    return known.name if known else org


@access(roles=CLERKS)
@require_safe
def receipt(request: RequestWithActor, filed_objection: str) -> HttpResponseBase:
    """The receipt of an objection that this clerk filed, for the printer. What was said is on it on
    the day it was filed; afterwards only how it stands."""
    page = view_page(request, filed_objection)
    opened = current()
    place = opened.catalogue.places.get(next((one.place for one in request.actor.posts if one.place), ""))
    page |= {"place": place, "provider": _name(opened, page["row"].provider)}
    return render(request, "desks/counter/objection.html", page)


@access(roles=CLERKS)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: RequestWithActor, met_objection: str) -> HttpResponseBase:
    """The answer to an objection of whoever stands here, to be told; and what they say of it."""
    visitor = visitor_of(request)
    if visitor is None:
        raise NotFound("没有核对来人的身份。", mend="请回到窗口首页，先核对来人的姓名和证件。")
    form, status = None, 200
    if request.method == "POST":
        form = FeedbackForm(request.POST)
        said, status = form.given(request, met_objection, quality.Heard(agent=visitor.agent))
        if said:
            messages.success(request, f"已经替来人记下：{said}")
            return redirect("counter-objection-answer", met_objection)
    page = view_page(request, met_objection, before=visitor.agent, feedback=form) | {"visitor": visitor}
    return render(request, "desks/counter/objection_answer.html", page, status=status)
