# SPDX-License-Identifier: Apache-2.0
"""告知承诺清单: a department sends a changed list, justice reviews it, the approval is noted, it is filed
with the province; a county draws up, reviews, publishes and files its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yiwang.apps.commitments import public as commitments
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, YiwangError

_WRONG = (Invalid, Conflict, NotAllowed)


@access(roles=commitments.LISTS)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The versions the officer has to do with; lists of drafted releases that wait to be sent."""
    error: YiwangError | None = None
    if request.method == "POST":
        try:
            made = _send(request.actor, request.POST)
        except _WRONG as wrong:
            error = wrong
        else:
            messages.success(request, "已报送，等待审核。")
            return redirect("office-commitment-list", made)
    page = {
        "rows": commitments.lists_to_work_on(request.actor),
        "waiting": commitments.lists_to_send(request.actor),
        "counties": commitments.counties_to_draw_up(request.actor),
        "typed": request.POST,
        "error": error,
    }
    status = STATUS[error.kind] if error else 200
    return render(request, "desks/office/commitment_lists.html", page, status=status)


def _send(actor: Actor, typed: QueryDict) -> str:
    if place := typed.get("place", ""):
        return commitments.draw_up_county_list(actor, place, reason=typed.get("words", ""))
    org, digest = typed.get("org", ""), typed.get("release", "")
    if not org or not digest:
        raise Invalid("请选择要报送的清单。", mend="从“等着报送”的里面选一份。", field="org")
    return commitments.send_list(actor, org, digest, reason=typed.get("words", ""))


@access(roles=commitments.LISTS)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: RequestWithActor, commitment_list: str) -> HttpResponseBase:
    """One version with what it changes; the step whose turn it is."""
    seen, error = commitments.list_view(request.actor, commitment_list), None
    if request.method == "POST":
        try:
            act = _ACTS.get(request.POST.get("act", ""), _unknown)
            done = act(request.actor, commitment_list, request.POST)
        except _WRONG as wrong:
            error = wrong
        else:
            messages.success(request, done)
            return redirect("office-commitment-list", commitment_list)
    page = {"seen": seen, "typed": request.POST, "error": error}
    status = STATUS[error.kind] if error else 200
    return render(request, "desks/office/commitment_list.html", page, status=status)


def _review(actor: Actor, list_id: str, typed: QueryDict) -> str:
    agree = _agreed(typed)
    commitments.review_list(actor, list_id, agree=agree, words=typed.get("words", ""))
    return "已审核。" if agree else "已退回修改。"


def _approve(actor: Actor, list_id: str, typed: QueryDict) -> str:
    agree = _agreed(typed)
    reference, words = typed.get("reference", ""), typed.get("words", "")
    commitments.approve_list(actor, list_id, agree=agree, reference=reference, words=words)
    return "已登记审定结果，目录管理员可以发布这个目录版本。" if agree else "已退回修改。"


def _publish(actor: Actor, list_id: str, typed: QueryDict) -> str:
    commitments.publish_county_list(actor, list_id, reference=typed.get("reference", ""))
    return "已登记公布，所有人都能在网上看到。"


def _file(actor: Actor, list_id: str, typed: QueryDict) -> str:
    commitments.file_list(actor, list_id, reference=typed.get("reference", ""))
    return "已登记备案。"


def _agreed(typed: QueryDict) -> bool:
    if typed.get("agree") not in ("yes", "no"):
        raise Invalid("请选择同意还是退回。", mend="两项选一项。", field="agree")
    return typed["agree"] == "yes"


def _unknown(actor: Actor, list_id: str, typed: QueryDict) -> str:
    raise Invalid("没有这个操作。", mend="请刷新页面后重试。")


_ACTS: Mapping[str, Callable[[Actor, str, QueryDict], str]] = {
    "review": _review,
    "approve": _approve,
    "publish": _publish,
    "file": _file,
}
