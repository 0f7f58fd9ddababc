# SPDX-License-Identifier: Apache-2.0
"""Certificates and revocation lists: whom verification believes."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from yiwang.apps.seals import public as seals
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.desks.seal_move_forms import MoveForm
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import NotFound, YiwangError

from .seals import READS

_LARGEST = 20_000_000


class AuthorityForm(MoveForm):
    """A certificate of an authority."""

    file = forms.FileField(
        label="机构证书", help_text="DER 或 PEM", error_messages={"required": "请选择证书文件。"}
    )
    fingerprint = forms.CharField(
        label="根证书的 SM3 指纹",
        help_text="照机构公布的填，64 位十六进制；中级机构的证书不用填",
        required=False,
        max_length=120,
    )


class ListForm(MoveForm):
    """A revocation list."""

    file = forms.FileField(
        label="撤销列表（CRL）", help_text="DER 或 PEM", error_messages={"required": "请选择文件。"}
    )


class DistrustForm(MoveForm):
    """Why an authority is trusted no more."""

    words = forms.CharField(
        label="不再信任的理由", max_length=300, error_messages={"required": "请写明理由。"}
    )


@access(roles=READS)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """Trusted authorities, their newest lists."""
    return _page(request)


def _page(
    request: RequestWithActor,
    *,
    authority: AuthorityForm | None = None,
    crl: ListForm | None = None,
    distrust: DistrustForm | None = None,
    status: int = 200,
) -> HttpResponseBase:
    context = {
        "authorities": seals.authorities(),
        "lists": seals.revocation_lists(),
        "may_write": request.actor.has(Role.SEALS),
        "authority": authority or AuthorityForm(prefix="authority"),
        "crl": crl or ListForm(prefix="crl"),
        "distrust": distrust or DistrustForm(prefix="distrust"),
        "posted": next((one for one in (authority, crl, distrust) if one), None),
    }
    return render(request, "desks/console/seal_trust.html", context, status=status)


@access(roles=(Role.SEALS,))
@require_POST
def import_authority(request: RequestWithActor) -> HttpResponseBase:
    """Trust one more."""
    form = AuthorityForm(request.POST, request.FILES, prefix="authority")
    if not form.is_valid():
        return _page(request, authority=form, status=400)
    given = form.cleaned_data
    try:
        data = given["file"].read(_LARGEST)
        seals.import_authority(request.actor, data, fingerprint=given["fingerprint"])
    except YiwangError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, authority=form, status=STATUS[error.kind])
    messages.success(request, "已信任这个机构。请导入它的撤销列表，否则它签发的证书验不过。")
    return redirect("console-trust")


@access(roles=(Role.SEALS,))
@require_POST
def import_list(request: RequestWithActor) -> HttpResponseBase:
    """Take over a revocation list; say what it brought."""
    form = ListForm(request.POST, request.FILES, prefix="crl")
    if not form.is_valid():
        return _page(request, crl=form, status=400)
    try:
        judged = seals.import_crl(request.actor, form.cleaned_data["file"].read(_LARGEST))
    except YiwangError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, crl=form, status=STATUS[error.kind])
    said = "这份撤销列表以前导入过。" if judged.known else "撤销列表已导入。"
    if judged.suspended:
        said += f"有 {len(judged.suspended)} 枚印章的证书被吊销，已暂停使用。"
    if judged.doubtful:
        said += f"吊销以后盖过 {judged.doubtful} 次章，这些文件现在验不过，请逐件处理。"
    (messages.warning if judged.suspended or judged.doubtful else messages.success)(request, said)
    return redirect("console-trust")


@access(roles=(Role.SEALS,))
@require_POST
def distrust(request: RequestWithActor, fingerprint: str) -> HttpResponseBase:
    """Trust one no more."""
    if fingerprint not in {one.digest for one in seals.authorities()}:
        raise NotFound("没有这个机构。", mend="请从证书列表进入。")
    form = DistrustForm(request.POST, prefix="distrust")
    if not form.is_valid():
        return _page(request, distrust=form, status=400)
    try:
        seals.distrust(request.actor, fingerprint, words=form.cleaned_data["words"])
    except YiwangError as error:
        form.add_error(None, str(error))
        return _page(request, distrust=form, status=STATUS[error.kind])
    messages.success(request, "不再信任这个机构。")
    return redirect("console-trust")
