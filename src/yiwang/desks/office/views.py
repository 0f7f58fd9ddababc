# SPDX-License-Identifier: Apache-2.0
"""The office: an officer's worklist, a case on one screen, the moves, the documents."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from yiwang.apps.casework import public as casework
from yiwang.apps.casework.public import CaseView
from yiwang.desks.access import RequestWithActor, access
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Conflict, Kind, YiwangError

from .actions import KINDS, Offer, offers, perform
from .page import page_of

HANDLING = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)
READING = (*HANDLING, Role.AUDITOR)
AT_COUNTER = (*HANDLING, Role.COUNTER)
_FRESH = "下面已经是最新的页面，您填写的内容还在：看清以后可以再办一次。"
_INLINE = frozenset({"pdf", "jpg", "png"})


@access(roles=READING)
@require_GET
def worklist(request: RequestWithActor) -> HttpResponseBase:
    """The open cases of this officer, the most pressing first, page by page."""
    waiting = request.GET.get("waiting") == "1"
    org, after = request.GET.get("org", ""), request.GET.get("after", "")
    page = casework.worklist(request.actor, after=after, waiting=waiting, org=org)
    context = {"rows": page.rows, "after": page.after, "waiting": waiting, "org": org, "first": not after}
    context["may_fill"] = request.actor.has(*HANDLING)
    context["may_decide"] = request.actor.has(Role.APPROVER, Role.REPRESENTATIVE)
    context["may_check"] = request.actor.has(Role.HANDLER, Role.APPROVER)
    return render(request, "desks/office/worklist.html", context)


@access(roles=READING)
@require_GET
def promises(request: RequestWithActor) -> HttpResponseBase:
    """What was granted on a promise (容缺) that is not kept yet."""
    return render(request, "desks/office/promises.html", {"rows": casework.follow_ups(request.actor)})


@access(roles=(*AT_COUNTER, Role.AUDITOR))
@require_GET
def case(request: RequestWithActor, case_id: str) -> HttpResponseBase:
    """Everything needed to decide one case, on one screen."""
    seen = casework.case_view(request.actor, case_id)
    return _page(request, seen, offers(seen))


@access(roles=AT_COUNTER)
@require_POST
def act(request: RequestWithActor, case_id: str, action: str) -> HttpResponseBase:
    """Make one move; what went wrong is shown on the fresh page, with everything that was typed."""
    seen = casework.case_view(request.actor, case_id)
    offered = offers(seen, posted=action, data=request.POST)
    offer = next((one for one in offered if one.id == action), None)
    if offer is None:
        return _too_late(request, seen, action)
    if not offer.form.is_valid():
        return _page(request, seen, offered, status=400)
    try:
        perform(request.actor, seen, offer)
    except YiwangError as error:
        return _refused(request, case_id, action, offer, error)
    messages.success(request, offer.kind.done)
    return redirect("office-case", case_id)


@access(roles=(*AT_COUNTER, Role.AUDITOR))
@require_GET
def file(request: RequestWithActor, case_id: str, file_id: str) -> HttpResponseBase:
    """A document handed in for this item; what a browser shows safely is shown, the rest saved."""
    found, content = casework.case_file(request.actor, case_id, file_id)
    answer = HttpResponse(content, content_type=found.media_type)
    as_attachment = found.kind not in _INLINE
    answer["Content-Disposition"] = content_disposition_header(as_attachment, found.name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _refused(
    request: RequestWithActor, case_id: str, action: str, offer: Offer, error: YiwangError
) -> HttpResponseBase:
    """The command said no: a fresh page, the same words in the form if the move is still offered."""
    if error.kind is Kind.MISSING:
        raise error
    fresh = casework.case_view(request.actor, case_id)
    offered = offers(fresh, posted=action, data=request.POST)
    again = next((one for one in offered if one.id == action), None)
    status = 409 if isinstance(error, Conflict) else 400
    if again is None:
        return _page(request, fresh, offered, error=error, typed=offer.form.typed, status=status)
    again.form.is_valid()
    again.form.fresh(fresh.version)
    stale = offer.form.cleaned_data["version"] != fresh.version
    above = Conflict(error.message, mend=_FRESH) if stale else None
    if above is None:
        again.form.complain(error.field, str(error))
    return _page(request, fresh, offered, error=above, status=status)


def _too_late(request: RequestWithActor, seen: CaseView, action: str) -> HttpResponseBase:
    """The page that was sent is stale: the move is not possible any more. What was typed is shown."""
    last = next((move for move in reversed(seen.item.moves) if move.by_person), None)
    who = f"{last.by}刚刚已经办理（{last.term}）" if last else "刚刚有变动"
    error = Conflict(
        f"这个办件{who}，现在是“{seen.item.state_term}”，刚才那一步不能再办。",
        mend="请看清最新状态后再办。",
    )
    kind = KINDS.get(action)
    typed = kind.form(seen, data=request.POST, prefix=action).typed if kind else []
    return _page(request, seen, offers(seen), error=error, typed=typed, status=409)


def _page(
    request: RequestWithActor,
    seen: CaseView,
    offered: list[Offer],
    *,
    error: YiwangError | None = None,
    typed: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"case": seen, "offers": offered, "error": error, "typed": typed or []}
    context["may_find_untrue"] = seen.item.open and request.actor.has(Role.APPROVER)
    return render(request, "desks/office/case.html", {**page_of(seen), **context}, status=status)
