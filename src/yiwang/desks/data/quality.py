# SPDX-License-Identifier: Apache-2.0
"""Quality on the data desk: scores per resource and department, findings, what is to be mended."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.quality import public as quality
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import Refused, done
from yiwang.desks.context import DATA_DESK
from yiwang.engines.exchange.quality_kinds import Dimension
from yiwang.kernel.actor import Role


@access(roles=DATA_DESK)
@require_safe
def listed(request: RequestWithActor) -> HttpResponseBase:
    """How every resource and department stands, the worst first; what the reader's department has to mend."""
    found = quality.scores()
    page = {
        "scores": found,
        "departments": quality.department_scores(found),
        "tasks": quality.tasks(request.actor, unfinished=True),
        "mends": bool(quality.provides_for(request.actor)) or quality.sees_all(request.actor),
    }
    return render(request, "desks/data/quality.html", page)


@access(roles=DATA_DESK)
@require_safe
def one(request: RequestWithActor, resource: str) -> HttpResponseBase:
    """One resource: its score by dimension, how it changed, each rule's finding."""
    return _one(request, resource)


def _one(request: RequestWithActor, resource: str, refused: Refused | None = None) -> HttpResponseBase:
    seen = quality.resource_quality(request.actor, resource)
    latest = seen.standing.latest
    page = {
        "seen": seen,
        "standing": seen.standing,
        "dimensions": [(one, latest.dimensions[one]) for one in Dimension if one in latest.dimensions]
        if latest
        else [],
        "trend": list(reversed(seen.trend)),
        "refused": refused,
    }
    status = refused.status if refused else 200
    return render(request, "desks/data/quality_one.html", page, status=status)


@access(roles=(Role.DATA,))
@require_POST
def run(request: RequestWithActor, resource: str) -> HttpResponseBase:
    """Ask for a run now (自查)."""
    words = "已经安排检查，读完数据后这里会有结果。"
    return done(
        request, lambda: quality.run(request.actor, resource), words, to=("data-quality-one", resource)
    )


@access(roles=(Role.DATA,))
@require_POST
def mended(request: RequestWithActor, resource: str, mending: str) -> HttpResponseBase:
    """Say that something is mended; a run looks again."""

    words = request.POST.get("words", "")
    return done(
        request,
        lambda: quality.run(request.actor, quality.say_mended(request.actor, mending, words)),
        "已经报整改，并安排了复查；复查合格才算办结。",
        to=("data-quality-one", resource),
        again=lambda error: _one(request, resource, Refused(mending, words, error)),
    )
