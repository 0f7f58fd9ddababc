# SPDX-License-Identifier: Apache-2.0
"""The clerk uses an authorisation: by the code the visitor says, or one that names the clerk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.identity.public import subjects
from yiwang.apps.presentment import public as present
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.desks.middleware import tell
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, YiwangError

from .visitor import visitor_of


class CodeForm(forms.Form):
    """What the holder reads out."""

    use_required_attribute = False
    code = forms.CharField(
        label="授权码",
        max_length=30,
        help_text="8位数字，请持证人念给您，或者看他写下来的",
        error_messages={"required": "请输入授权码。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


@access(roles=CLERKS)
@require_http_methods(["GET", "POST"])
def authorised(request: RequestWithActor) -> HttpResponseBase:
    """Type a code for the visitor who is here; see what names this clerk."""
    visitor = visitor_of(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 400
    if request.method == "POST" and visitor is None:
        form.add_error(None, "请先在窗口首页核对来人的身份，再输入授权码。")
    elif visitor is not None and form.is_valid():
        try:
            here = {visitor.applicant, visitor.agent}
            used = present.use_by_code(request.actor, form.cleaned_data["code"], subjects=here)
            return redirect("portal:use", used)
        except (Conflict, NotAllowed, Invalid) as error:
            form.add_error("code", str(error))
            status = {Conflict: 409, NotAllowed: 403}.get(type(error), 400)
    return _page(request, form, status if form.errors else 200)


def _page(request: RequestWithActor, form: CodeForm, status: int) -> HttpResponseBase:
    named = present.addressed_to(request.actor)
    holders = subjects({one.subject for one in named})
    page: dict[str, Any] = {
        "form": form,
        "visitor": visitor_of(request),
        "named": [(one, holders[one.subject].masked_name) for one in named],
    }
    return render(request, "desks/counter/authorised.html", page, status=status)


@access(roles=CLERKS)
@require_POST
def use_named(request: RequestWithActor) -> HttpResponseBase:
    """Use one that names this clerk."""
    try:
        return redirect(
            "portal:use", present.use_as_named(request.actor, request.POST.get("authorisation", ""))
        )
    except YiwangError as error:
        tell(request, error)
        return redirect("counter-authorised")
