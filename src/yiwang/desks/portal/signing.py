# SPDX-License-Identifier: Apache-2.0
"""Read the application form as it will be handed in, and sign it."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from yiwang.apps.casework.public import DraftView, form_to_sign, sign_form
from yiwang.apps.signatures.public import State, my_signature
from yiwang.desks.access import RequestWithActor
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import ActorKind
from yiwang.kernel.errors import YiwangError

from .drafts import draft_page, page_of
from .signatures import method_of


@draft_page("GET", "HEAD", "POST")
def sign(request: RequestWithActor, draft: DraftView) -> HttpResponseBase:
    """The form, word for word; the applicant signs it, or a clerk prints it for signing by hand."""
    wrong: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            _sign(request, draft)
        except YiwangError as error:
            wrong[error.field or "passphrase"], status = str(error), STATUS[error.kind]
        else:
            messages.success(request, "签好了。再看一遍就可以提交。")
            return redirect("portal:review", draft.row.id)
    shown = form_to_sign(request.actor, draft.row.id)
    mine = my_signature(request.actor) if request.actor.kind is ActorKind.PERSON else None
    page = page_of(
        draft,
        "review",
        shown=shown,
        wrong=wrong,
        problems=list(wrong.items()),
        is_signer=request.actor.id == draft.agent.public_id,
        mine=mine,
        can_sign=mine is not None and mine.state is State.ACTIVE,
        here=reverse("portal:sign", args=[draft.row.id]),
    )
    return render(request, "desks/portal/sign.html", page, status=status)


def _sign(request: RequestWithActor, draft: DraftView) -> None:
    sign_form(
        request.actor,
        draft.row.id,
        digest=request.POST.get("digest", ""),
        passphrase=request.POST.get("passphrase", ""),
        method=method_of(request),
    )
