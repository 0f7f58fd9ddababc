# SPDX-License-Identifier: Apache-2.0
"""免申即享, the facts besides lists: what matching takes from the registration and from shared data,
under whose grant; a data officer gives a delivery to matching."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.benefits import public as benefits
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import done
from yiwang.kernel.actor import Role

from .benefits import READERS


@access(roles=READERS)
@require_safe
def listed(request: RequestWithActor) -> HttpResponseBase:
    """From where each fact comes, how fresh it is, and the deliveries that may be given to matching."""
    page = {
        "sources": benefits.fact_sources(),
        "deliveries": benefits.deliveries(request.actor),
    }
    return render(request, "desks/office/benefit_sources.html", page)


@access(roles=(Role.DATA,))
@require_POST
def take(request: RequestWithActor) -> HttpResponseBase:
    """Give a delivery to matching."""
    batch, source = request.POST.get("batch", ""), request.POST.get("source", "")
    return done(
        request,
        lambda: benefits.take_extract(request.actor, batch, source),
        "已经交给比对；系统会自动比对，授权停用时这些事实自动删除。",
        to=("office-benefit-sources",),
    )
