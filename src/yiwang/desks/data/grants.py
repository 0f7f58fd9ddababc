# SPDX-License-Identifier: Apache-2.0
"""Grants on the data desk: what departments were given, what they gave, and ending one."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from yiwang.apps.exchange import public as exchange
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.told_forms import tried
from yiwang.desks.context import DATA_DESK
from yiwang.kernel.actor import Role

from .requests_forms import ReasonForm


@access(roles=DATA_DESK)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """Grants the officer's departments were given, or gave."""
    side = "given" if request.GET.get("side") == "given" else "received"
    rows = exchange.given(request.actor) if side == "given" else exchange.received(request.actor)
    return render(request, "desks/data/grants.html", {"rows": rows, "side": side})


@access(roles=DATA_DESK)
@require_GET
def one(request: RequestWithActor, data_grant: str) -> HttpResponseBase:
    """A grant: what may be asked by it, how often, until when."""
    return _page(request, data_grant, ReasonForm())


@access(roles=(Role.DATA,))
@require_POST
def revoke(request: RequestWithActor, data_grant: str) -> HttpResponseBase:
    """End a grant at once."""
    exchange.grant_row(request.actor, data_grant)
    form = ReasonForm(request.POST)

    def do() -> str:
        exchange.revoke(request.actor, data_grant, form.cleaned_data["words"])
        return "授权已经收回，使用部门会收到通知。"

    said, status = tried(form, do)
    if not said:
        return _page(request, data_grant, form, status=status)
    messages.success(request, said)
    return redirect("data-grant", data_grant)


def _page(
    request: RequestWithActor, data_grant: str, form: ReasonForm, *, status: int = 200
) -> HttpResponseBase:
    row = exchange.grant_row(request.actor, data_grant)
    lost = form.is_bound and not row.may_revoke
    context = {"row": row, "grant": row.grant, "form": form, "lost": lost}
    return render(request, "desks/data/grant.html", context, status=status)
