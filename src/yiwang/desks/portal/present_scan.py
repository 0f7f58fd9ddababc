# SPDX-License-Identifier: Apache-2.0
"""Whoever scans a code (扫码核验): clerks, inspectors, shops, anybody logged in.

The address in the QR picture is opened by a phone's camera, by previews and by link checkers: opening
it tells for what the licence is shown and uses nothing up. The button on that page does, once.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.identity.public import firms_of
from yiwang.apps.licences.public import FORMS, licences
from yiwang.apps.presentment import public as present
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.kernel.actor import Matter, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, YiwangError

from .licences import download
from .present import lines_of

SCANNERS = tuple(Role)
"""Any officer may open a code; whether its purpose is for them is said by the purpose."""


class ScanForm(forms.Form):
    """What a hand scanner types: the address of the QR picture."""

    use_required_attribute = False
    code = forms.CharField(
        label="扫到的内容",
        max_length=300,
        help_text="把光标放在框里，用扫码枪扫对方屏幕上的码。用手机的，直接用相机扫就行，不用打开这一页",
        error_messages={"required": "还没有扫到内容。请再扫一次。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """The token in it."""
        token = present.token_in(self.cleaned_data["code"])
        if not token:
            raise forms.ValidationError("这不是亮证码。请扫对方“亮证”页面上的码。")
        return token


@access(person=True, roles=SCANNERS)
@require_http_methods(["GET", "POST"])
def scan_page(request: RequestWithActor) -> HttpResponseBase:
    """Where a hand scanner types into."""
    form = ScanForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect("portal:scanned", form.cleaned_data["code"])
    return render(request, "desks/portal/scan.html", {"form": form}, status=400 if form.errors else 200)


@access(person=True, roles=SCANNERS)
@require_http_methods(["GET", "POST"])
@never_cache
def scanned(request: RequestWithActor, token: str) -> HttpResponseBase:
    """A code that was scanned: first for what it is shown; then, once, what it shows."""
    offered = present.offered(request.actor, token)
    chosen = request.POST.get("on_behalf", "")
    page: dict[str, Any] = {
        "offered": offered,
        "token": token,
        "firms": firms_of(request.actor, Matter.APPLICATIONS),
        "chosen": chosen,
    }
    if request.method == "GET":
        return _page(request, page, 409 if offered.refused else 200)
    try:
        return redirect("portal:use", present.scan(request.actor, token, on_behalf=chosen))
    except Invalid as error:
        return _page(request, page | {"wrong": str(error)}, 400)
    except (Conflict, NotAllowed) as error:
        return _refused(request, page, error)


def _refused(request: RequestWithActor, page: dict[str, Any], error: YiwangError) -> HttpResponseBase:
    told = present.Offered(page["offered"].purpose, error.message, error.mend)
    return _page(request, page | {"offered": told}, 403 if isinstance(error, NotAllowed) else 409)


def _page(request: RequestWithActor, page: dict[str, Any], status: int) -> HttpResponseBase:
    return render(request, "desks/portal/scanned.html", page, status=status)


@access(person=True, roles=SCANNERS)
@require_safe
@never_cache
def use(request: RequestWithActor, use: str) -> HttpResponseBase:
    """What was seen by a scan or an authorisation; readable again for some minutes."""
    seen = present.use(request.actor, use)
    sealed = {one.public_id for one in licences(present.fetchable(seen)) if one.sealed_at is not None}
    page = {
        "use": seen,
        "licences": [(one, lines_of(one), FORMS if one.licence in sealed else ()) for one in seen.seen],
        "until": timezone.localtime(seen.page_until),
    }
    return render(request, "desks/portal/use.html", page)


@access(roles=CLERKS)
@require_safe
@never_cache
def use_file(request: RequestWithActor, use: str, licence: str, form: str) -> HttpResponseBase:
    """The sealed file of a licence that a clerk was authorised to use, to be kept with the case."""
    if form not in FORMS:
        raise NotFound("没有这种格式的证照文件。", mend="请选择 PDF、OFD 或 JSON。")
    return download(*present.fetch_file(request.actor, use, licence, form), form)
