# SPDX-License-Identifier: Apache-2.0
"""My signature (我的电子签名): apply, redraw, revoke, where it was used, is it good."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.journal.public import zipped
from yiwang.apps.signatures.public import (
    Reason,
    State,
    Way,
    apply_for_signature,
    from_canvas,
    from_name,
    from_upload,
    my_signature,
    picture_of,
    revoke_signature,
    signed_document,
    signing,
    signings_of,
    verify_signing,
)
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS, tell
from yiwang.engines.definitions.kinds.templates import Face
from yiwang.engines.papers import system_fonts
from yiwang.engines.sealing import write_openssl_kit
from yiwang.kernel.errors import Invalid, NotFound, YiwangError
from yiwang.kernel.ids import new_public_id

_METHODS = {"django.contrib.auth.backends.ModelBackend": "password"}
"""How a login backend is called in the definitions (`settings/auth-level-…`)."""
_REASONS = (Reason.NOT_WANTED, Reason.LEAKED)


def method_of(request: HttpRequest) -> str:
    """How the visitor logged in; "" for a way that has no name here, which is good for nothing."""
    return _METHODS.get(request.session.get(BACKEND_SESSION_KEY, ""), "")


@access(person=True)
@require_safe
def mine(request: RequestWithActor) -> HttpResponseBase:
    """The signature as it is, and where it was used."""
    page = {
        "here": "signature",
        "signature": my_signature(request.actor),
        "in_force": _in_force(request),
        "uses": signings_of(request.actor),
        "reasons": [(one.value, one.term) for one in _REASONS],
    }
    return render(request, "desks/portal/signature.html", page)


def _in_force(request: RequestWithActor) -> bool:
    found = my_signature(request.actor)
    return found is not None and found.state is State.ACTIVE


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: RequestWithActor) -> HttpResponseBase:
    """Apply, or draw anew: by hand on the page, from a picture, or from the name."""
    wrong: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            _apply(request)
        except YiwangError as error:
            wrong[error.field or "way"], status = str(error), STATUS[error.kind]
        else:
            messages.success(request, "电子签名可以用了。签名时要输入签名口令，请记好。")
            return redirect(back(request, "/my/signature"))
    page = {
        "here": "signature",
        "wrong": wrong,
        "problems": list(wrong.items()),
        "redrawing": _in_force(request),
        "way": request.POST.get("way", Way.TYPED.value),
        "ways": [(one.value, one.term) for one in Way],
        "drawing": request.POST.get("drawing", ""),
        "key": request.POST.get("key") or new_public_id("k"),
        "next": back(request, ""),
    }
    return render(request, "desks/portal/signature_apply.html", page, status=status)


def _apply(request: RequestWithActor) -> None:
    """Read the form. Raises Invalid with the field, and what `apply_for_signature` raises."""
    try:
        way = Way(request.POST.get("way", ""))
    except ValueError:
        raise Invalid(
            "请选择签名的样子怎么来。", mend="手写、上传图片、按姓名生成，选一种。", field="way"
        ) from None
    picture = _picture(request, way)
    passphrase = request.POST.get("passphrase", "")
    if passphrase != request.POST.get("again", ""):
        raise Invalid("两次输入的签名口令不一样。", mend="请重新输入。", field="again")
    key, method = request.POST.get("key", ""), method_of(request)
    apply_for_signature(
        request.actor, way=way, picture=picture, passphrase=passphrase, method=method, key=key
    )


def _picture(request: RequestWithActor, way: Way) -> bytes:
    if way is Way.DRAWN:
        return from_canvas(request.POST.get("drawing", ""))
    if way is Way.TYPED:
        return _written(request.actor.name)
    sent = request.FILES.get("picture")
    if sent is None:
        raise Invalid("还没有选图片。", mend="请选一张签名的照片。", field="picture")
    return from_upload(sent.read(2_000_001))


def _written(name: str) -> bytes:
    """The name in a handwriting-like way. Raises FontsMissing, CharacterMissing."""
    fonts = system_fonts()

    def font_of(character: str) -> tuple[Path, int]:
        found = fonts.letter(Face.SONG, character, where="姓名").font
        return found.path, found.number

    return from_name(name, font_of)


@access(person=True)
@require_safe
def picture(request: RequestWithActor) -> HttpResponseBase:
    """One's own handwriting; without one, the page where one applies."""
    if my_signature(request.actor) is None:
        return redirect("portal:signature")
    return _png(picture_of(request.actor))


@access(person=True)
@require_safe
def written(request: RequestWithActor) -> HttpResponseBase:
    """What one's name looks like when the machine writes it."""
    return _png(_written(request.actor.name))


def _png(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="image/png")
    answer["Cache-Control"] = "private, no-store"
    return answer


@access(person=True)
@require_POST
def revoke(request: RequestWithActor) -> HttpResponseBase:
    """End the signature."""
    try:
        reason = Reason(request.POST.get("reason", ""))
    except ValueError:
        reason = Reason.NOT_WANTED
    try:
        revoke_signature(request.actor, reason=reason)
    except NotFound as nothing:
        tell(request, nothing)
    else:
        messages.success(request, "电子签名已注销，不能再用来签名。以前签过的文件仍然有效。")
    return redirect("portal:signature")


@access(person=True)
@require_safe
def use(request: RequestWithActor, signing_id: str) -> HttpResponseBase:
    """One document signed: the text, and whether the signature is good, step by step."""
    page = {
        "here": "signature",
        "use": signing(request.actor, signing_id),
        "report": verify_signing(request.actor, signing_id),
        "text": signed_document(request.actor, signing_id).document.decode(errors="replace"),
    }
    return render(request, "desks/portal/signature_use.html", page)


@access(person=True)
@require_safe
def use_kit(request: RequestWithActor, signing_id: str) -> HttpResponseBase:
    """A signed document with its signature taken apart, to check without us."""
    kept = signed_document(request.actor, signing_id)
    with tempfile.TemporaryDirectory() as folder:
        commands = write_openssl_kit(kept.der, Path(folder))
        files = {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
    lines = [
        "# 核对说明",
        "",
        f"`{kept.name}` 是您签名的原文。在这个文件夹里运行下面的命令（OpenSSL 3）：",
        "",
        "```bash",
        *commands,
        f"digest=$(openssl dgst -sm3 -r {kept.name} | cut -c1-64)",
        'xxd -p document.signed.der | tr -d "\\n" | grep -q "032100$digest" && echo 原文与签名相符',
        "```",
        "",
    ]
    files |= {kept.name: kept.document, "signature.der": kept.der, "CHECK.md": "\n".join(lines).encode()}
    answer = HttpResponse(zipped(files, "signed"), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="signed.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


def back(request: HttpRequest, fallback: str) -> str:
    """Where to go next: only to a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or fallback
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe else fallback
