# SPDX-License-Identifier: Apache-2.0
"""告知承诺核查: what is due, what other bodies ask of us, one check from the first look to its conclusion."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yiwang.apps.casework.public import case_view, find_commitment_untrue
from yiwang.apps.catalogue.public import current
from yiwang.apps.commitments import public as commitments
from yiwang.apps.commitments.public import Found, Method, Severity, Untruth
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, YiwangError

_WAYS = (Method.ONLINE, Method.SITE, Method.DAILY)
_REFUSED = "refused"
_WRONG = (Invalid, Conflict, NotAllowed)


@access(roles=commitments.CHECKS)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """What the officer's department has to check; what it was asked to help with, and its answer."""
    error: YiwangError | None = None
    if request.method == "POST":
        try:
            _answer(request.actor, request.POST)
        except _WRONG as wrong:
            error = wrong
        else:
            messages.success(request, "已答复。")
            return redirect("office-commitments")
    page = {
        "rows": commitments.due_checks(request.actor),
        "asked": commitments.asked_of_us(request.actor),
        "found": list(Found),
        "refused": _REFUSED,
        "typed": request.POST,
        "error": error,
    }
    return render(request, "desks/office/commitments.html", page, status=STATUS[error.kind] if error else 200)


def _answer(actor: Actor, typed: QueryDict) -> None:
    chosen = typed.get("found", "")
    if chosen not in {*Found, _REFUSED}:
        raise Invalid("请选择查到的结果。", mend="不能提供协助的，选“不能协助”并写明理由。", field="found")
    found = None if chosen == _REFUSED else Found(chosen)
    commitments.answer_help(actor, typed.get("help", ""), found=found, words=typed.get("words", ""))


@access(roles=commitments.CHECKS)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: RequestWithActor, commitment_check: str) -> HttpResponseBase:
    """One check: write down a look, ask for help, conclude. What was typed stays when something is wrong."""
    seen, error = commitments.check_view(request.actor, commitment_check), None
    if request.method == "POST":
        try:
            done = _ACTS.get(request.POST.get("act", ""), _unknown)(
                request.actor, commitment_check, request.POST
            )
        except _WRONG as wrong:
            error = wrong
        else:
            messages.success(request, done)
            return redirect("office-commitment", commitment_check)
    known = current().catalogue
    page: Mapping[str, object] = {
        "seen": seen,
        "ways": _WAYS,
        "found": list(Found),
        "orgs": sorted((org.name, key) for key, org in known.orgs.items() if key != seen.row.org),
        "severities": list(Severity),
        "typed": request.POST,
        "error": error,
    }
    return render(request, "desks/office/commitment.html", page, status=STATUS[error.kind] if error else 200)


def _look(actor: Actor, check: str, typed: QueryDict) -> str:
    method, found = typed.get("method", ""), typed.get("found", "")
    if method not in set(_WAYS) or found not in set(Found):
        raise Invalid("请选择核查的方式和结果。", mend="两项都要选。", field="method")
    commitments.look(actor, check, method=Method(method), found=Found(found), words=typed.get("words", ""))
    return "已记下核查结果。"


def _help(actor: Actor, check: str, typed: QueryDict) -> str:
    commitments.ask_help(actor, check, org=typed.get("org", ""), question=typed.get("question", ""))
    return "已请求协助，对方答复后会显示在这里。"


def _true(actor: Actor, check: str, typed: QueryDict) -> str:
    commitments.conclude_true(actor, check)
    return "已办结：承诺属实，履行情况已计入信用记录。"


def _untruth(typed: QueryDict) -> Untruth:
    severity = typed.get("severity", "")
    if severity not in set(Severity):
        raise Invalid("请选择失信程度。", mend="按虚假承诺造成的社会影响选择。", field="severity")
    words, penalty, transfer = (typed.get(name, "") for name in ("words", "penalty", "transfer"))
    return Untruth(words, Severity(severity), penalty, transfer)


def _untrue(actor: Actor, check: str, typed: QueryDict) -> str:
    commitments.conclude_untrue(actor, check, _untruth(typed))
    return "已办结：承诺不实，证照已撤销，已责令整改并计入信用记录。"


def _mended(actor: Actor, check: str, typed: QueryDict) -> str:
    commitments.note_mended(actor, check, words=typed.get("words", ""))
    return "已记下整改情况。"


def _unknown(actor: Actor, check: str, typed: QueryDict) -> str:
    raise Invalid("没有这个操作。", mend="请刷新页面后重试。")


_ACTS: Mapping[str, Callable[[Actor, str, QueryDict], str]] = {
    "look": _look,
    "help": _help,
    "true": _true,
    "untrue": _untrue,
    "mended": _mended,
}


@access(roles=(Role.APPROVER,))
@require_http_methods(["GET", "HEAD", "POST"])
def untrue_early(request: RequestWithActor, case_id: str) -> HttpResponseBase:
    """Before the decision: say that what was committed is untrue; the proof is asked for instead."""
    seen, error = case_view(request.actor, case_id), None
    standing = [one for one in seen.documents if one.letter is not None and one.letter.state.stands]
    if request.method == "POST":
        try:
            what, material = _untruth(request.POST), request.POST.get("material", "")
            if not material:
                raise Invalid("请选择是哪一份承诺。", mend="选一份。", field="material")
            find_commitment_untrue(request.actor, case_id, material, what)
        except _WRONG as wrong:
            error = wrong
        else:
            messages.success(request, "已记下：承诺不实，不再凭它办理，已请申请人补交材料，并计入信用记录。")
            return redirect("office-case", case_id)
    elif not standing or not seen.item.open:
        return redirect("office-case", case_id)
    page = {
        "case": seen,
        "standing": standing,
        "severities": list(Severity),
        "typed": request.POST,
        "error": error,
    }
    status = STATUS[error.kind] if error else 200
    return render(request, "desks/office/commitment_untrue.html", page, status=status)
