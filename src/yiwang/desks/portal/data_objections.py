# SPDX-License-Identifier: Apache-2.0
"""Object to data about oneself (对自己的数据提异议): say it, follow it, say whether the answer settles it.

Linked from “my data” and from fields that were filled in by themselves. Addresses name the resource and
the item only, never a value.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import firms_of
from yiwang.apps.quality import public as quality
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.objection_forms import (
    FeedbackForm,
    ObjectForm,
    choose,
    evidence_answer,
    page_of,
    raised,
    take_evidence,
    view_page,
)
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.engines.exchange import Resource, resources
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import NotFound


class PersonForm(ObjectForm):
    """Of whose data it is said: one's own, or a firm's."""

    subject = forms.ChoiceField(label="关于谁")
    field_order = ("subject", "field", "says", "should", "why")


@access(person=True)
@require_safe
def listed(request: RequestWithActor) -> HttpResponseBase:
    """My objections and how they stand."""
    page = {"rows": quality.objections(request.actor)}
    return render(request, "desks/portal/data_objections.html", page)


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: RequestWithActor, resource: str = "", field: str = "") -> HttpResponseBase:
    """Say what is wrong in the data about oneself. Which data, is chosen from the list of what there is."""
    if not (named := resource or request.GET.get("resource", "")):
        return redirect("portal:my_resources")
    known = _resource(named)
    asked = field or request.GET.get("field", "")
    whom = _whom(request.actor, known)
    sent = request.POST if request.method == "POST" else None
    form = PersonForm(sent, resource=known, initial={"field": asked, "subject": whom[0][0] if whom else ""})
    choose(form, "subject", whom)
    kept: list[str] = []
    if request.method == "POST":
        owner = request.POST.get("subject", "")
        kept = take_evidence(request, form, owner) if owner in dict(whom) else []
        if form.is_valid() and (made := raised(request, form, known, kept)):
            messages.success(request, "异议已经提出，数据提供部门会按期核查，结果会通知您。")
            return redirect("portal:data_objection", made)
    return _page(request, known, form, kept)


def _page(request: RequestWithActor, resource: Resource, form: PersonForm, kept: list[str]) -> HttpResponse:
    provider = current().catalogue.orgs.get(resource.provider)
    context: dict[str, Any] = page_of(resource, form, kept) | {"provider": provider.name if provider else ""}
    status = 400 if form.errors else 200
    return render(request, "desks/portal/data_object.html", context, status=status)


def _resource(identity: str) -> Resource:
    found = resources(current().catalogue).get(identity)
    if found is None or found.subject not in (Subject.PERSON, Subject.FIRM):
        raise NotFound("没有这个数据资源。", mend="请从“我的数据”进入。")
    return found


def _whom(actor: Actor, resource: Resource) -> list[tuple[str, str]]:
    """Whom the resource can be about among those the visitor speaks for. Raises NotFound: nobody."""
    if resource.subject is Subject.PERSON:
        return [(actor.id, f"{actor.name}（本人）")]
    if firms := [(one.public_id, one.name) for one in firms_of(actor, Matter.DATA)]:
        return firms
    raise NotFound("这是企业的数据，您没有可以代表的企业。", mend="请先取得企业授权，再来提异议。")


@access(person=True)
@require_safe
def one(request: RequestWithActor, objection: str) -> HttpResponseBase:
    """One objection: what was said, how it was checked, what came of it."""
    return render(request, "desks/portal/data_objection.html", view_page(request, objection))


@access(person=True)
@require_POST
def feedback(request: RequestWithActor, objection: str) -> HttpResponseBase:
    """Say whether the answer settles it."""
    form = FeedbackForm(request.POST)
    said, status = form.given(request, objection)
    if said:
        messages.success(request, f"谢谢，已经记下：{said}")
        return redirect("portal:data_objection", objection)
    page = view_page(request, objection, feedback=form)
    return render(request, "desks/portal/data_objection.html", page, status=status)


@access(person=True)
@require_safe
def file(request: RequestWithActor, objection: str, evidence: str) -> HttpResponseBase:
    """A file that was handed in with one's own objection."""
    return evidence_answer(request, objection, evidence)
