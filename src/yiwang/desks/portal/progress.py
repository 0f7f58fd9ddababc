# SPDX-License-Identifier: Apache-2.0
"""Follow an application: every step, what has to be put right, results, and taking it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import success
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.casework.public import ApplicationView, application_view, withdraw
from yiwang.apps.identity.public import subject
from yiwang.apps.licences.public import LicenceView
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.kernel.errors import Invalid

from .commitments import commitments_of
from .corrections import points_of
from .promised import still_owed

_HAS_IT = {
    "applicant": "等您办",
    "receiver": "收件窗口在核对",
    "handler": "经办人员在办",
    "approver": "等审批人决定",
    "system": "等前面的事项，系统自动接着办",
}


@dataclass(frozen=True)
class Card:
    """An issued licence or result, as its holder shows it."""

    id: str
    name: str
    number: str
    holder: str
    issuer: str
    valid_from: dt.date
    valid_until: dt.date | None
    usable: bool


@dataclass(frozen=True)
class Line:
    """An item of the application in plain words."""

    item: Any
    has_it: str
    light: str
    light_words: str
    cards: Sequence[Card]


@access(person=True, roles=CLERKS)
@require_safe
def progress(request: RequestWithActor, application: str) -> HttpResponseBase:
    """Where everything stands: who has it, until when, what came of it."""
    seen = application_view(request.actor, application)
    if seen.row.stage == "draft":
        return redirect("portal:application", application)
    lines = [_line(seen, item) for item in seen.items]
    return render(
        request,
        "desks/portal/progress.html",
        {
            "seen": seen,
            "row": seen.row,
            "lines": lines,
            "cards": [card for line in lines for card in line.cards],
            "points": points_of(seen),
            "owed": [document for document in seen.documents if still_owed(document)],
            "committed": commitments_of(seen),
            "correct_until": min(
                (item.correction_until for item in seen.items if item.correction_until), default=None
            ),
        },
    )


def _line(seen: ApplicationView, item: Any) -> Line:
    acts = seen.release.machine.state(item.state).acts
    return Line(
        item=item,
        has_it=_HAS_IT.get(acts.value, "") if acts and item.open else "",
        light=item.light.value if item.open else "grey",
        light_words=item.light.term if item.open else "",
        cards=[_card(seen, one) for one in item.results],
    )


def _card(seen: ApplicationView, one: LicenceView) -> Card:
    known = seen.release.catalogue
    return Card(
        id=one.public_id,
        name=known.materials[one.material].name,
        number=one.number,
        holder=subject(one.holder).masked_name,
        issuer=known.orgs[one.issuer].name if one.issuer in known.orgs else one.issuer,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        usable=one.usable_on(timezone.localdate()),
    )


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: RequestWithActor, application: str) -> HttpResponseBase:
    """Withdraw what is not decided yet, with a reason."""
    seen = application_view(request.actor, application)
    if not seen.may_withdraw:
        return redirect("portal:progress", application)
    reason, problems = request.POST.get("reason", "").strip()[:300], []
    if request.method == "POST":
        try:
            count = withdraw(request.actor, application, reason=reason)
        except Invalid as wrong:
            problems = [("reason", str(wrong))]
        else:
            success(request, f"已撤回 {count} 个事项。已经办好的不受影响；您可以随时重新申请。")
            return redirect("portal:progress", application)
    page: Mapping[str, object] = {
        "seen": seen,
        "row": seen.row,
        "reason": reason,
        "problems": problems,
        "open": [item for item in seen.items if item.open and item.granted is None],
    }
    return render(request, "desks/portal/withdraw.html", page, status=400 if problems else 200)
