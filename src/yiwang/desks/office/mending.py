# SPDX-License-Identifier: Apache-2.0
"""What a department must mend after a quality check of its licences (质量抽查整改)."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from yiwang.apps.catalogue.public import current
from yiwang.apps.licences.public import orders_of, say_mended
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Conflict, Invalid, YiwangError

_MAY = (Role.APPROVER, Role.REPRESENTATIVE)


@access(roles=_MAY)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The orders of the officer's departments, the most urgent first."""
    return _page(request)


def _page(
    request: RequestWithActor, typed: tuple[int, str] = (0, ""), error: YiwangError | None = None
) -> HttpResponseBase:
    materials = current().catalogue.materials
    rows = [
        {
            "one": one,
            "type": materials[one.material].name if one.material in materials else one.material,
            "typed": typed[1] if one.id == typed[0] else "",
            "error": error if one.id == typed[0] else None,
        }
        for one in orders_of(request.actor)
    ]
    status = STATUS[error.kind] if error else 200
    return render(request, "desks/office/mending.html", {"rows": rows}, status=status)


@access(roles=_MAY)
@require_POST
def mended(request: RequestWithActor, order: int) -> HttpResponseBase:
    """Say how a licence was mended; what was typed stays when something is wrong."""
    words = request.POST.get("words", "")
    try:
        say_mended(request.actor, order, words=words)
    except (Invalid, Conflict) as error:
        return _page(request, (order, words), error)
    messages.success(request, "已报告整改，等数据管理部门复核。")
    return redirect("office-mending")
