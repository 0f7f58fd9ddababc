# SPDX-License-Identifier: Apache-2.0
"""How far the province's store of e-licences is behind."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from yiwang.apps.licences.public import announce_missing, sync_state
from yiwang.desks.access import RequestWithActor, access
from yiwang.kernel.actor import Role

from .named import is_bureau


@access(roles=(Role.DATA, Role.AUDITOR, Role.OPERATOR))
@require_GET
def state(request: RequestWithActor) -> HttpResponseBase:
    """What the province knows, what waits."""
    context = {"state": sync_state(request.actor), "is_bureau": is_bureau(request.actor)}
    return render(request, "desks/console/sync.html", context)


@access(roles=(Role.DATA,))
@require_POST
def announce(request: RequestWithActor) -> HttpResponseBase:
    """Announce every licence the province never took."""
    count = announce_missing(request.actor)
    messages.success(request, f"已安排补推 {count} 件。" if count else "省电子证照库都有了，不用补推。")
    return redirect("console-sync")
