# SPDX-License-Identifier: Apache-2.0
"""Apply for a seal, or for one in place of another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.materials import public as materials
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.public import FollowUp, NewSeal, SealKind, SealView
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.kernel.errors import Conflict, Kind, YiwangError

from .seal_forms import ApplicationForm, ChangeForm
from .seals import OF_UNIT

_FIELDS = {"papers": "paper_unit"}
_LARGEST = 2_000_001  # one more than a picture may have: the room says so


@access(roles=OF_UNIT)
@require_http_methods(["GET", "POST"])
def apply(request: RequestWithActor) -> HttpResponseBase:
    """A new seal."""
    known = catalogue.current().catalogue
    if request.method == "GET":
        return _page(request, ApplicationForm(request.actor, known))
    form = ApplicationForm(request.actor, known, request.POST, request.FILES)
    return _submit(request, form, None)


@access(roles=OF_UNIT)
@require_http_methods(["GET", "POST"])
def change(request: RequestWithActor, seal: str) -> HttpResponseBase:
    """A seal in place of this one."""
    old = seals.seal(request.actor, seal)
    known = catalogue.current().catalogue
    if request.method == "GET":
        return _page(request, ChangeForm(request.actor, known, initial=_as_before(old)), old)
    form = ChangeForm(request.actor, known, request.POST, request.FILES)
    return _submit(request, form, old)


def _as_before(old: SealView) -> dict[str, Any]:
    return {
        "kind": old.kind.value,
        "unit": f"{old.org}|{old.place}",
        "unit_name": old.unit_name,
        "name": old.name,
        "holder_name": old.holder_name,
        "holder_post": old.holder_post,
        "custodian": old.custodian,
        "imprint_number": old.imprint_number,
        "width_mm": old.width_mm,
        "height_mm": old.height_mm,
    }


def _submit(request: RequestWithActor, form: ApplicationForm, old: SealView | None) -> HttpResponseBase:
    if not form.is_valid():
        return _page(request, form, old, status=400)
    given = form.cleaned_data
    after = FollowUp(old.public_id, given["reason"], given["words"]) if old else None
    try:
        made = seals.apply_for_seal(request.actor, _new(form), after=after)
        materials.keep(request.actor, [one.file for one in form.papers()])
    except YiwangError as error:
        if error.kind is Kind.MISSING:
            raise
        field = _FIELDS.get(error.field or "", error.field)
        form.add_error(field if field in form.fields else None, str(error))
        return _page(request, form, old, status=STATUS[error.kind])
    messages.success(request, "申请已提交，请等待印章管理员审核。")
    return redirect("office-seal", made)


def _new(form: ApplicationForm) -> NewSeal:
    """The application. Without a picture the filed imprint is taken. Raises Conflict when there is none."""
    given = form.cleaned_data
    org, place = given["unit"].split("|")
    number = given["imprint_number"].strip()
    upload = given.get("picture")
    picture = upload.read(_LARGEST) if upload else seals.filed_picture(number)
    if picture is None:
        raise Conflict("没有印模图像。", mend="请上传印模图像，或填写已录入的印模备案编号。")
    return NewSeal(
        kind=SealKind(given["kind"]),
        org=org,
        place=place,
        unit_name=given["unit_name"],
        name=given["name"],
        custodian=given["custodian"],
        picture=picture,
        width_mm=given["width_mm"],
        height_mm=given["height_mm"],
        imprint_number=number,
        holder_name=given["holder_name"],
        holder_post=given["holder_post"],
        papers=form.papers(),
    )


def _page(
    request: RequestWithActor, form: ApplicationForm, old: SealView | None = None, status: int = 200
) -> HttpResponseBase:
    context = {"form": form, "old": old, "kept": form.kept}
    return render(request, "desks/office/seal_apply.html", context, status=status)
