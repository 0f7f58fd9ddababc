# SPDX-License-Identifier: Apache-2.0
"""Requests of firms at the counter: a clerk takes one down for whoever came for a firm, prints the receipt,
finds it again another day, gives them the reply and writes down whether it settles the matter.

Which firm it is, is whichever the clerk met, never what an address says.
"""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.firms import public as rooms
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.desks.console.named import Refused, add_error, done
from yiwang.desks.portal.firm_requests import RequestForm
from yiwang.engines.definitions import whole
from yiwang.kernel.errors import NotFound, YiwangError

from .visitor import Visitor, visitor_of


def _firm_before(request: RequestWithActor) -> Visitor:
    """Whoever stands here for a firm. Raises NotFound when nobody does."""
    visitor = visitor_of(request)
    if visitor is None or not visitor.is_firm:
        raise NotFound(
            "没有这件诉求，或者企业没有人在您窗口。", mend="请先在综合窗口核对来人，填写企业的代码。"
        )
    return visitor


@access(roles=CLERKS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_down(request: RequestWithActor) -> HttpResponseBase:
    """Take a request down in the words of whoever stands here."""
    visitor = visitor_of(request)
    if visitor is None or not visitor.is_firm:
        messages.warning(request, "请先核对来人，并填写他代表的企业的统一社会信用代码。")
        return redirect("counter")
    form = RequestForm(request.POST if request.method == "POST" else None, initial={"key": uuid4().hex})
    if request.method == "POST" and form.is_valid() and (made := _taken_down(request, form, visitor)):
        return redirect("counter-firm-request", made)
    page = {
        "visitor": visitor,
        "form": form,
        "days": whole(current().catalogue, rooms.LIMITS[rooms.Part.REPLY]),
        "asked": rooms.requests_of_visitor(request.actor, visitor.applicant, agent=visitor.agent),
    }
    return render(request, "desks/counter/firm_requests.html", page, status=400 if form.errors else 200)


def _taken_down(request: RequestWithActor, form: forms.Form, visitor: Visitor) -> str:
    new = rooms.NewRequest(firm=visitor.applicant, agent=visitor.agent, **form.cleaned_data)
    try:
        made = rooms.raise_request(request.actor, new)
    except YiwangError as error:
        add_error(form, error)
        return ""
    messages.success(request, "已经替企业登记，请打印回执交给来人。")
    return made


@access(roles=CLERKS)
@never_cache
@require_safe
def one(request: RequestWithActor, heard_request: str) -> HttpResponseBase:
    """One request of the firm that stands here: the receipt, and the reply, for the printer."""
    return _one(request, heard_request, _firm_before(request))


def _one(
    request: RequestWithActor, heard_request: str, visitor: Visitor, refused: Refused | None = None
) -> HttpResponseBase:
    seen = rooms.request_of_visitor(request.actor, heard_request, agent=visitor.agent)
    replied = next((turn for turn in reversed(seen.turns) if turn.reply), None)
    page = {"visitor": visitor, "seen": seen, "row": seen.row, "replied": replied, "refused": refused}
    status = refused.status if refused else 200
    return render(request, "desks/counter/firm_request.html", page, status=status)


@access(roles=CLERKS)
@require_POST
def hand_over(request: RequestWithActor, heard_request: str) -> HttpResponseBase:
    """The reply was given to the firm on paper."""
    visitor = _firm_before(request)
    return done(
        request,
        lambda: rooms.hand_over(request.actor, heard_request, agent=visitor.agent),
        "已经记下：答复交给了企业。",
        to=("counter-firm-request", heard_request),
    )


@access(roles=CLERKS)
@never_cache
@require_POST
def rate(request: RequestWithActor, heard_request: str) -> HttpResponseBase:
    """Whether the reply settles it, as whoever stands here says."""
    visitor = _firm_before(request)
    satisfied, words = request.POST.get("satisfied") == "yes", request.POST.get("words", "")
    return done(
        request,
        lambda: rooms.rate(
            request.actor, heard_request, satisfied=satisfied, words=words, agent=visitor.agent
        ),
        "已经记下企业的评价。",
        to=("counter-firm-request", heard_request),
        again=lambda error: _one(request, heard_request, visitor, Refused("rate", words, error)),
    )
