# SPDX-License-Identifier: Apache-2.0
"""Requests that a firm raises (企业诉求): raise one, follow it, say whether the reply settles it; and counts
for everybody to read."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.firms import public as rooms
from yiwang.apps.materials import public as materials
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import Refused, add_error, done
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import Matter
from yiwang.kernel.errors import YiwangError

from .firm import own_firm


class RequestForm(forms.Form):
    """What the firm asks for."""

    use_required_attribute = False
    category = forms.ChoiceField(
        label="哪一类事",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一类；说不清的选“其他，不知道找谁”。"},
    )
    title = forms.CharField(
        label="一句话说清是什么事",
        max_length=80,
        help_text="例如：贷款月底到期，续不上",
        error_messages={"required": "请用一句话说清是什么事。"},
    )
    words = forms.CharField(
        label="具体情况",
        max_length=2_000,
        widget=forms.Textarea({"rows": 6}),
        help_text="什么时候开始的、找过谁、希望怎么解决",
        error_messages={"required": "请写明具体情况。"},
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = rooms.categories(current().catalogue)
        chosen = [(one.id, f"{one.name}：{one.says}") for one in found]
        self.fields["category"].choices = chosen  # type: ignore[attr-defined]


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def raise_request(request: RequestWithActor, firm: str) -> HttpResponseBase:
    """Raise a request for a firm that one may act for."""
    one = own_firm(request.actor, firm, Matter.REQUESTS)
    form = RequestForm(request.POST if request.method == "POST" else None, initial={"key": uuid4().hex})
    kept: list[str] = []
    if request.method == "POST":
        kept = _files(request, form, firm)
        if form.is_valid() and (made := _raised(request, form, firm, kept)):
            return redirect("portal:firm_request", made)
    catalogue = current().catalogue
    page = {
        "firm": one,
        "form": form,
        "kept": materials.describe(kept),
        "days": whole(catalogue, rooms.LIMITS[rooms.Part.REPLY]),
        "most": whole(catalogue, rooms.FILES),
    }
    return render(request, "desks/portal/firm_request_new.html", page, status=400 if form.errors else 200)


def _files(request: RequestWithActor, form: forms.Form, firm: str) -> list[str]:
    """Ids of the files sent now and before; what is refused is said above the form."""
    kept = [one for one in request.POST.getlist("kept") if _owned(one, firm)]
    for file in request.FILES.getlist("files"):
        try:
            stored = rooms.store_attachment(request.actor, firm, name=file.name or "", content=file)
            kept.append(stored.public_id)
        except YiwangError as error:
            form.add_error(None, f"“{file.name}”没有收：{error}")
    return kept


def _owned(file: str, firm: str) -> bool:
    try:
        return materials.owner_of(file) == firm
    except YiwangError:
        return False


def _raised(request: RequestWithActor, form: forms.Form, firm: str, kept: list[str]) -> str:
    try:
        made = rooms.raise_request(
            request.actor, rooms.NewRequest(firm=firm, files=kept, **form.cleaned_data)
        )
    except YiwangError as error:
        add_error(form, error)
        return ""
    messages.success(request, "诉求已经收到，编号在下面。有进展会给您发通知。")
    return made


@access(person=True)
@require_safe
def firm_request(request: RequestWithActor, firm_request: str) -> HttpResponseBase:
    """One request: what was asked, who has it, until when, what was answered."""
    return _one(request, firm_request)


def _one(request: RequestWithActor, firm_request: str, refused: Refused | None = None) -> HttpResponse:
    seen = rooms.request_view(request.actor, firm_request)
    page = {"seen": seen, "row": seen.row, "refused": refused}
    status = refused.status if refused else 200
    return render(request, "desks/portal/firm_request.html", page, status=status)


@access(person=True)
@require_POST
def rate(request: RequestWithActor, firm_request: str) -> HttpResponseBase:
    """Say whether the reply settles it."""
    satisfied, words = request.POST.get("satisfied") == "yes", request.POST.get("words", "")
    return done(
        request,
        lambda: rooms.rate(request.actor, firm_request, satisfied=satisfied, words=words),
        "谢谢，已经记下。" if satisfied else "已经记下您的意见。",
        to=("portal:firm_request", firm_request),
        again=lambda error: _one(request, firm_request, Refused("rate", words, error)),
    )


@access(person=True)
@require_safe
def file(request: RequestWithActor, firm_request: str, attachment: str) -> HttpResponseBase:
    """A file of one's own request."""
    return attachment_answer(request, firm_request, attachment)


def attachment_answer(request: RequestWithActor, firm_request: str, attachment: str) -> HttpResponse:
    """A file of a request, to be saved. Raises NoSuchRequest, Unavailable."""
    name, content = rooms.attachment(request.actor, firm_request, attachment)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer


@access(public=True, why="公布企业诉求办理情况，只有件数，没有企业名称")
@require_safe
def figures(request: RequestWithActor) -> HttpResponseBase:
    """How requests were answered this year: counts only."""
    today = timezone.localdate()
    since = dt.date(today.year, 1, 1)
    page = {"tallies": rooms.tallies(since=since, until=today), "since": since, "today": today}
    return render(request, "desks/portal/firm_figures.html", page)
