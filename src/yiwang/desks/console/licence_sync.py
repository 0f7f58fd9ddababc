# SPDX-License-Identifier: Apache-2.0
"""How far the province's store of e-licences is behind; packages that flow back."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from yiwang.apps.licences.public import announce_missing, packages, sync_state, take_package
from yiwang.desks.access import RequestWithActor, access
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import YiwangError

from .named import add_error, is_bureau, sent

_MOST = 100_000_000  # bytes of a package


class PackageForm(forms.Form):
    """A package that came from another system."""

    use_required_attribute = False
    source = forms.CharField(
        label="哪个系统回流的",
        max_length=80,
        help_text="例如“国家政务服务平台”",
        error_messages={"required": "请写明是哪个系统。"},
    )
    file = forms.FileField(
        label="数据包",
        help_text="ZIP；里面是 index.json 或 index.csv，和证照文件（PDF、OFD）",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请核对。"},
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )


@access(roles=(Role.DATA, Role.AUDITOR, Role.OPERATOR))
@require_GET
def state(request: RequestWithActor) -> HttpResponseBase:
    """What the province knows, what waits, what flowed back."""
    return _page(request, PackageForm())


def _page(request: RequestWithActor, form: PackageForm, status: int = 200) -> HttpResponseBase:
    context = {
        "state": sync_state(request.actor),
        "packages": packages(request.actor),
        "form": form,
        "is_bureau": is_bureau(request.actor),
    }
    return render(request, "desks/console/sync.html", context, status=status)


@access(roles=(Role.DATA,))
@require_POST
def announce(request: RequestWithActor) -> HttpResponseBase:
    """Announce every licence the province never took."""
    count = announce_missing(request.actor)
    messages.success(request, f"已安排补推 {count} 件。" if count else "省电子证照库都有了，不用补推。")
    return redirect("console-sync")


@access(roles=(Role.DATA,))
@require_POST
def flow_back(request: RequestWithActor) -> HttpResponseBase:
    """Take a package in; what was not taken is told on the page."""
    form = PackageForm(*sent(request))
    if not form.is_valid():
        return _page(request, form, 400)
    given = form.cleaned_data
    try:
        seen = take_package(request.actor, given["file"].read(_MOST), source=given["source"])
    except YiwangError as error:
        return _page(request, form, add_error(form, error))
    messages.success(request, f"新收 {seen.taken} 件，原已在库 {seen.known} 件，没有收 {seen.wrong} 条。")
    return redirect("console-sync")
