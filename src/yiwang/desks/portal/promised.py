# SPDX-License-Identifier: Apache-2.0
"""Documents promised for later (容缺): hand them in after acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import success
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yiwang.apps.casework.public import ApplicationView, DocumentView, application_view
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.desks.middleware import tell
from yiwang.kernel.errors import Conflict

from .documents import accept_of, hints_of, recall_refusals, remove_file, take_files
from .drafts import redirect_to


@dataclass(frozen=True)
class Owed:
    """A promised document with its upload."""

    material: str
    name: str
    document: Any
    hints: Sequence[str]
    accept: str
    error: str

    @property
    def files(self) -> Sequence[Any]:
        """What was handed in."""
        return self.document.files


def owed_of(seen: ApplicationView, problems: dict[str, str]) -> list[Owed]:
    """What was promised and is still open, or may be added to."""
    known = seen.release.catalogue.materials
    return [
        Owed(
            one.material,
            one.name,
            one,
            hints_of(known[one.material]),
            accept_of(known[one.material]),
            problems.get(one.material, ""),
        )
        for one in seen.documents
        if (one.deferred or one.supplied_at or one.asked_instead) and one.may_attach
    ]


def still_owed(one: DocumentView) -> bool:
    """Whether it was promised, or is asked for instead of a withdrawn commitment, and is not there yet."""
    return one.deferred or (one.asked_instead and not one.files)


@access(person=True, roles=CLERKS)
@require_http_methods(["GET", "HEAD", "POST"])
def supply_later(request: RequestWithActor, application: str) -> HttpResponseBase:
    """Hand in what was promised."""
    seen = application_view(request.actor, application)
    if seen.row.stage == "draft" or not owed_of(seen, {}):
        return redirect("portal:application", application)
    if request.method == "POST":
        return _take(request, seen)
    problems = recall_refusals(request, application)
    owed = owed_of(seen, problems)
    page = {
        "row": seen.row,
        "owed": owed,
        "problems": [(one.material, one.error) for one in owed if one.error],
    }
    return render(request, "desks/portal/supply_later.html", page)


def _take(request: RequestWithActor, seen: ApplicationView) -> HttpResponseBase:
    here, known = seen.row.id, seen.release.catalogue.materials
    refused = take_files(request, here, known, [one.material for one in owed_of(seen, {})])
    try:
        remove_file(request, here)
    except Conflict as kept:
        tell(request, kept)
    if refused:
        return redirect_to("portal:supply_later", here, "#problems")
    if any(still_owed(one) for one in application_view(request.actor, here).documents):
        return redirect("portal:supply_later", here)
    success(request, "要补交的材料都收到了，谢谢。")
    return redirect("portal:progress", here)
