# SPDX-License-Identifier: Apache-2.0
"""The public check (证照核验): how a licence stands, or whether a credit report is genuine, by its check
code or by its file. Nobody logs in.

A code is 80 random bits and a visitor has few tries a minute: nobody finds a licence by trying. The
address holds the code that is printed on the licence and nothing of its holder.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.credit.public import report_check, score_use_check, was_report
from yiwang.apps.licences.public import check_upload, public_check, read_check_code, written_check_code
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.desks.slowing import PerMinute
from yiwang.engines.definitions import whole
from yiwang.kernel.errors import Invalid, NotFound, YiwangError

TRIES = "verify-tries-per-minute"
_WHY = "证照是给人看的：扫码的人不用登录就能知道它现在是否有效"
_tries = PerMinute()
_TOO_MANY = 429
_FORMS = {
    "pdf": "PDF 证照文件",
    "ofd": "OFD 证照文件",
    "json": "JSON 证照数据",
    "seal": "电子印章",
    "": "文件",
}


@access(public=True, why=_WHY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: RequestWithActor) -> HttpResponseBase:
    """Ask for a code or a file; check the file that was sent."""
    if request.method != "POST":
        return _form(request)
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        return _by_code(request, request.POST.get("code", ""))
    return _by_file(request, upload)


def _by_code(request: RequestWithActor, typed: str) -> HttpResponseBase:
    try:
        if not typed.strip():
            raise Invalid(
                "请输入查验码，或者选择证照文件。", mend="查验码印在证照的二维码下面。", field="code"
            )
        return redirect("portal:verify_code", written_check_code(read_check_code(typed)))
    except YiwangError as error:
        return _form(request, error, typed=typed)


@access(public=True, why=_WHY)
@never_cache
@require_safe
def verify_code(request: RequestWithActor, code: str) -> HttpResponseBase:
    """How the licence with this code stands now; a wrong code is told in the same words whatever it is."""
    try:
        page = _known(code)
    except (Invalid, NotFound) as error:
        if not _tries.take(request, _most()):
            return _slow(request)
        return _form(request, error, typed=code[:40])
    return _private(render(request, "desks/portal/verified.html", page))


def _known(code: str) -> dict[str, Any]:
    """The licence, credit report or proof for a benefit with this code. Raises Invalid, NotFound."""
    try:
        return {"now": public_check(code)}
    except NotFound as error:
        for name, check in (("report", report_check), ("benefit", score_use_check)):
            try:
                return {name: check(code)}
            except NotFound:
                continue
        raise error from None


def _by_file(request: RequestWithActor, upload: UploadedFile) -> HttpResponseBase:
    if not _tries.take(request, _most()):
        return _slow(request)
    most = settings.ENV["UPLOAD_MAX_MB"]
    if not upload.size:
        return _form(request, Invalid("这个文件是空的。", mend="请重新选择文件。", field="file"))
    if upload.size > most * 1_000_000:
        return _form(
            request, Invalid(f"文件超过{most}MB。", mend="证照文件没有这么大，请核对。", field="file")
        )
    content = upload.read()
    found = check_upload(content)
    page = {
        "report": was_report(content),
        "check": found,
        "now": found.now,
        "form_name": _FORMS.get(found.form, "文件"),
        "name": upload.name,
    }
    return _private(render(request, "desks/portal/verified.html", page))


def _most() -> int:
    return whole(current().catalogue, TRIES)


def _slow(request: HttpRequest) -> HttpResponse:
    error = Invalid("您查得太快了。", mend="请过一分钟再试。")
    return _form(request, error, status=_TOO_MANY)


def _form(
    request: HttpRequest, error: YiwangError | None = None, *, typed: str = "", status: int = 0
) -> HttpResponse:
    page: dict[str, Any] = {"error": error, "typed": typed, "most": settings.ENV["UPLOAD_MAX_MB"]}
    status = status or (STATUS[error.kind] if error else 200)
    return _private(render(request, "desks/portal/verify.html", page, status=status))


def _private(answer: HttpResponse) -> HttpResponse:
    """No search engine keeps it."""
    answer["X-Robots-Tag"] = "noindex"
    return answer
