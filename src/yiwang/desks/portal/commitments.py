# SPDX-License-Identifier: Apache-2.0
"""告知承诺 after submission: withdraw a commitment; one's letters with all that became of them."""

from __future__ import annotations

from django.contrib.messages import success
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.casework.public import ApplicationView, DocumentView, application_view, withdraw_commitment
from yiwang.apps.commitments import public as letters
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import tell
from yiwang.kernel.errors import Conflict, Invalid


def commitments_of(seen: ApplicationView) -> list[DocumentView]:
    """The documents for which somebody committed, with what became of it."""
    return [one for one in seen.documents if one.letter is not None]


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: RequestWithActor, application: str) -> HttpResponseBase:
    """Withdraw a commitment with a reason; the document is handed in instead."""
    seen = application_view(request.actor, application)
    standing = [one for one in commitments_of(seen) if one.letter and one.letter.state.may_withdraw]
    if seen.row.stage != "handling" or not standing:
        return redirect("portal:progress", application)
    material, reason = request.POST.get("material", ""), request.POST.get("reason", "").strip()[:300]
    problems = []
    if request.method == "POST":
        try:
            withdraw_commitment(request.actor, application, material, reason=reason)
        except Invalid as wrong:
            problems = [(wrong.field or "reason", f"{wrong}")]
        except Conflict as late:
            tell(request, late)
            return redirect("portal:progress", application)
        else:
            success(request, "已撤回承诺。请补交材料。")
            return redirect("portal:supply_later", application)
    page = {
        "row": seen.row,
        "standing": standing,
        "material": material or standing[0].material,
        "reason": reason,
        "problems": [("reason", words) for _, words in problems],
    }
    return render(request, "desks/portal/withdraw_commitment.html", page, status=400 if problems else 200)


@access(person=True)
@require_safe
def mine(request: RequestWithActor) -> HttpResponseBase:
    """One's own letters, and those of one's firms."""
    page = {"letters": letters.own_letters(request.actor)}
    return render(request, "desks/portal/my_commitments.html", page)


@access(person=True)
@require_safe
def one(request: RequestWithActor, commitment_letter: str) -> HttpResponseBase:
    """A letter with its whole chain of facts, from the words shown to the repair."""
    page = {"one": letters.own_letter(request.actor, commitment_letter)}
    return render(request, "desks/portal/my_commitment.html", page)
