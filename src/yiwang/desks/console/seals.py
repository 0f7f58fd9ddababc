# SPDX-License-Identifier: Apache-2.0
"""Administer seals: review, make, file, cancel; imprints filed with the police."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.seals import public as seals
from yiwang.desks import seal_pages
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.desks.seal_move_forms import MoveForm
from yiwang.desks.seal_moves import CONSOLE
from yiwang.desks.seal_pages import Desk
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import YiwangError

READS = (Role.SEALS, Role.AUDITOR)
DESK = Desk("console", "desks/console/seal.html", CONSOLE)
_LARGEST = 2_000_001


class ImprintForm(MoveForm):
    """An imprint as the public security organ filed it."""

    number = forms.CharField(
        label="印模备案编号", max_length=60, error_messages={"required": "请填写备案编号。"}
    )
    unit_name = forms.CharField(
        label="单位法定名称", max_length=120, error_messages={"required": "请填写单位名称。"}
    )
    width_mm = forms.IntegerField(
        label="宽（毫米）", initial=42, error_messages={"required": "请填写。", "invalid": "请填整数。"}
    )
    height_mm = forms.IntegerField(
        label="高（毫米）", initial=42, error_messages={"required": "请填写。", "invalid": "请填整数。"}
    )
    picture = forms.FileField(
        label="印模图像", help_text="PNG，备案回执所附", error_messages={"required": "请上传图像。"}
    )


@access(roles=READS)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """What waits, what ends soon, and all seals."""
    actor = request.actor
    context = {
        "waiting": seals.waiting_seals(actor),
        "expiring": seals.expiring_seals(actor),
        "seals": seals.all_seals(actor),
        "suspended": seals.all_seals(actor, state=seals.State.SUSPENDED),
        "maker": seals.maker_name(),
        "lists_ended": [one for one in seals.revocation_lists() if not one.is_current],
    }
    return render(request, "desks/console/seals.html", context)


@access(roles=READS)
@require_GET
def one(request: RequestWithActor, seal: str) -> HttpResponseBase:
    """One seal."""
    return seal_pages.show(request, DESK, seals.seal(request.actor, seal))


@access(roles=(Role.SEALS,))
@require_POST
def act(request: RequestWithActor, seal: str, action: str) -> HttpResponseBase:
    """One move: approve, refuse, make, file, cancel, resume."""
    return seal_pages.act(request, DESK, seal, action)


@access(roles=READS)
@require_GET
def picture(request: RequestWithActor, seal: str) -> HttpResponseBase:
    """What it looks like."""
    return seal_pages.picture(request, seal)


@access(roles=READS)
@require_GET
def paper(request: RequestWithActor, seal: str, paper: str) -> HttpResponseBase:
    """A paper of its application."""
    return seal_pages.paper(request, seal, paper)


@access(roles=(Role.SEALS,))
@require_GET
def certificate_request(request: RequestWithActor, seal: str) -> HttpResponseBase:
    """The request for a certificate, to take to an authority."""
    body = seals.as_pem(seals.request_of(request.actor, seal))
    answer = HttpResponse(body, content_type="application/pkcs10")
    answer["Content-Disposition"] = f'attachment; filename="{seal}.csr"'
    return answer


@access(roles=(Role.SEALS,))
@require_http_methods(["GET", "POST"])
def imprints(request: RequestWithActor) -> HttpResponseBase:
    """Filed imprints, and taking over one more."""
    if request.method == "GET":
        return _imprints(request, ImprintForm())
    form = ImprintForm(request.POST, request.FILES)
    if not form.is_valid():
        return _imprints(request, form, 400)
    given: dict[str, Any] = dict(form.cleaned_data)
    given["picture"] = given["picture"].read(_LARGEST)
    try:
        seals.record_imprint(request.actor, seals.FiledImprint(**given))
    except YiwangError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _imprints(request, form, STATUS[error.kind])
    messages.success(request, "备案印模已录入。")
    return redirect("console-imprints")


def _imprints(request: RequestWithActor, form: ImprintForm, status: int = 200) -> HttpResponseBase:
    context = {"form": form, "imprints": seals.imprints()}
    return render(request, "desks/console/seal_imprints.html", context, status=status)
