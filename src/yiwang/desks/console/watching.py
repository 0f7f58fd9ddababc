# SPDX-License-Identifier: Apache-2.0
"""What operators and auditors watch: messages to the outside, the journal, departments' time."""

from __future__ import annotations

from itertools import islice

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.casework.public import lights_by_org
from yiwang.apps.catalogue.public import works_on_policies
from yiwang.apps.journal.public import backlog, days_so_far, last_batch, retry_parked, undelivered, verify
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import tell
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Conflict, NotFound
from yiwang.wiring import check_day_seal

from .named import DEPARTMENT, is_bureau

ALL = (Role.CATALOGUE, Role.OPERATOR, Role.AUDITOR, Role.DATA, Role.SEALS, Role.APPROVER, Role.REPRESENTATIVE)
_SHOWN = 100


@access(roles=ALL)
@require_GET
def home(request: RequestWithActor) -> HttpResponseBase:
    """What this officer may look after."""
    has = request.actor.has
    context = {
        "sees_releases": has(Role.CATALOGUE, Role.AUDITOR),
        "sees_policies": works_on_policies(request.actor),
        "operates": has(Role.OPERATOR),
        "audits": has(Role.AUDITOR),
        "sees_seals": has(Role.SEALS, Role.AUDITOR),
        "hands_in": has(*DEPARTMENT),
        "sees_types": has(*DEPARTMENT, Role.AUDITOR),
        "sees_sync": is_bureau(request.actor) or has(Role.AUDITOR, Role.OPERATOR),
        "sees_waivers": has(Role.DATA, Role.AUDITOR),
        "sees_samples": is_bureau(request.actor) or has(Role.AUDITOR),
    }
    return render(request, "desks/console/home.html", context)


@access(roles=(Role.OPERATOR,))
@require_GET
def outbox(request: RequestWithActor) -> HttpResponseBase:
    """Messages that have not arrived: those that wait for a person first."""
    context = {"backlog": backlog(), "messages_waiting": undelivered(limit=_SHOWN), "shown": _SHOWN}
    return render(request, "desks/console/outbox.html", context)


@access(roles=(Role.OPERATOR,))
@require_POST
def retry(request: RequestWithActor, message: int) -> HttpResponseBase:
    """Send a parked message again."""
    try:
        retry_parked(request.actor, message)
    except (Conflict, NotFound) as error:
        tell(request, error)
    else:
        messages.success(request, "已放回待发送，稍后会自动重发。")
    return redirect("console-outbox")


@access(roles=(Role.AUDITOR,))
@require_http_methods(["GET", "POST"])
def journal(request: RequestWithActor) -> HttpResponseBase:
    """The state of the journal; on demand every row is checked."""
    context: dict[str, object] = {
        "batch": last_batch(),
        "unsealed": backlog()["unsealed"],
        "days": days_so_far(),
    }
    if request.method == "POST":
        begun = timezone.now()
        found = list(islice(verify(check_seal=check_day_seal()), _SHOWN))
        context |= {"checked": True, "problems": found, "at": begun, "shown": _SHOWN}
    return render(request, "desks/console/journal.html", context)


@access(roles=(Role.AUDITOR,))
@require_GET
def lights(request: RequestWithActor) -> HttpResponseBase:
    """How the open cases of each department stand in time."""
    return render(request, "desks/console/lights.html", {"rows": lights_by_org(request.actor)})
