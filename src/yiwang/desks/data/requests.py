# SPDX-License-Identifier: Apache-2.0
"""Requests for data on the data desk: a department's own, what waits for review, asking and mending."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.context import DATA_DESK
from yiwang.desks.middleware import STATUS
from yiwang.engines.definitions.citing import quoted_words
from yiwang.engines.exchange import Resource
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Conflict, YiwangError

from .requests_forms import AskForm, typed_before

ASKS = (Role.DATA, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)


@access(roles=DATA_DESK)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """What the officer's departments asked for, and how it stands."""
    rows = exchange.own_requests(request.actor)
    return render(
        request, "desks/data/requests.html", {"rows": rows, "may_ask": bool(exchange.asks_for(request.actor))}
    )


@access(roles=DATA_DESK)
@require_GET
def reviews(request: RequestWithActor) -> HttpResponseBase:
    """What waits for review, by the clock; how departments kept theirs this year."""
    first = dt.date(timezone.localdate().year, 1, 1)
    orgs = current().catalogue.orgs
    counts = [
        (orgs[one.provider].name if one.provider in orgs else one.provider, one)
        for one in exchange.review_counts(request.actor, since=first)
    ]
    context = {"rows": exchange.to_review(request.actor), "counts": counts, "year": first.year}
    context["days"] = exchange.review_days()
    return render(request, "desks/data/reviews.html", context)


@access(roles=ASKS)
@require_http_methods(["GET", "POST"])
def ask(request: RequestWithActor, resource: str) -> HttpResponseBase:
    """Ask for a resource. What was typed stays when something is wrong."""
    known = _resource(resource)
    orgs = exchange.asks_for(request.actor)
    if request.method == "GET":
        item = request.GET.get("item", "")
        return _ask_page(request, AskForm(known, orgs, initial={"item": item}), known)
    form = AskForm(known, orgs, request.POST)
    if not form.is_valid():
        return _ask_page(request, form, known, status=400)
    try:
        made = exchange.ask(request.actor, form.asked())
    except YiwangError as error:
        return _ask_page(request, form, known, error=error)
    messages.success(request, "已经提交，等数据提供部门审核。")
    return redirect("data-request", made)


@access(roles=ASKS)
@require_http_methods(["GET", "POST"])
def mend(request: RequestWithActor, data_request: str) -> HttpResponseBase:
    """Put right a request that came back."""
    seen = exchange.request_view(request.actor, data_request)
    if seen.known is None or not seen.may_mend:
        raise Conflict("这份申请现在不能修改。", mend="请回到申请页，看最新情况。")
    orgs = {seen.row.org}
    if request.method == "GET":
        first = typed_before(seen.asked) | {"version": seen.version}
        return _ask_page(request, AskForm(seen.known, orgs, initial=first), seen.known, seen=seen)
    form = AskForm(seen.known, orgs, request.POST)
    if not form.is_valid():
        return _ask_page(request, form, seen.known, seen=seen, status=400)
    version = form.cleaned_data["version"] or 0
    try:
        exchange.mend(request.actor, data_request, form.asked(), version=version)
    except YiwangError as error:
        return _ask_page(request, form, seen.known, seen=seen, error=error)
    messages.success(request, "已经重新提交，等数据提供部门审核。")
    return redirect("data-request", data_request)


@access(roles=ASKS)
@require_POST
def withdraw(request: RequestWithActor, data_request: str) -> HttpResponseBase:
    """Take a request back."""
    exchange.withdraw(request.actor, data_request, words=request.POST.get("words", ""))
    messages.success(request, "申请已经撤回。")
    return redirect("data-request", data_request)


def _resource(resource: str) -> Resource:
    return exchange.resource(resource)


def _ask_page(
    request: RequestWithActor,
    form: AskForm,
    known: Resource,
    *,
    seen: exchange.RequestView | None = None,
    error: YiwangError | None = None,
    status: int = 200,
) -> HttpResponseBase:
    if isinstance(error, exchange.NotComplete):
        form.tell(error.problems)
    orgs, law = current().catalogue.orgs, known.not_shared
    context = {
        "form": form,
        "lines": form.lines(),
        "it": known,
        "provider": orgs[known.provider].name if known.provider in orgs else known.provider,
        "law": quoted_words(current().catalogue, law) if law else "",
        "days": exchange.review_days().get(known.sharing),
        "seen": seen,
        "error": error,
        "wrong": getattr(form, "wrong", {}),
    }
    return render(request, "desks/data/ask.html", context, status=STATUS[error.kind] if error else status)
