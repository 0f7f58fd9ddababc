# SPDX-License-Identifier: Apache-2.0
"""Requests to use a seal (用印申请): ask, approve, refuse, take back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.public import NewUse, Scope, UseState, UseView
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.desks.seal_move_forms import MoveForm
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import Kind, YiwangError

from .seal_forms import UseForm, licence_types
from .seals import OF_UNIT

DECIDES = (Role.APPROVER, Role.REPRESENTATIVE)


class WordsForm(MoveForm):
    """Words of whoever decides."""

    words = forms.CharField(
        label="意见", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


@access(roles=OF_UNIT)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The requests of my unit: those that wait first."""
    context = {"uses": seals.uses_of_unit(request.actor), "names": _material_names()}
    return render(request, "desks/office/seal_uses.html", context)


@access(roles=OF_UNIT)
@require_http_methods(["GET", "POST"])
def ask(request: RequestWithActor, seal: str) -> HttpResponseBase:
    """Ask to use a seal."""
    seen = seals.seal(request.actor, seal)
    types = licence_types(catalogue.current().catalogue, seen.org)
    form = UseForm(types, request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = seals.request_use(request.actor, seal, _new(form.cleaned_data))
        except YiwangError as error:
            if error.kind is Kind.MISSING:
                raise
            form.add_error(error.field if error.field in form.fields else None, str(error))
            status = STATUS[error.kind]
        else:
            messages.success(request, "已提交，请等待本单位审批人审批。")
            return redirect("office-seal-use", made)
    elif request.method == "POST":
        status = 400
    return render(request, "desks/office/seal_use_ask.html", {"form": form, "seal": seen}, status=status)


def _new(given: Mapping[str, Any]) -> NewUse:
    return NewUse(
        scope=Scope(given["scope"]),
        purpose=given["purpose"],
        until=given["until"],
        document=given["document"],
        material=given["material"],
        limit=given["limit"] or 1,
    )


@access(roles=OF_UNIT)
@require_GET
def one(request: RequestWithActor, seal_use: str) -> HttpResponseBase:
    """One request, and what this officer may do with it."""
    return _page(request, seals.use(request.actor, seal_use), WordsForm())


def _page(request: RequestWithActor, use: UseView, form: WordsForm, *, status: int = 200) -> HttpResponseBase:
    actor = request.actor
    decides = actor.has(*DECIDES, org=use.org, place=use.place)
    waits = use.state is UseState.REQUESTED
    context = {
        "use": use,
        "form": form,
        "may_decide": decides and waits and use.asked_by != actor.id,
        "may_withdraw": waits and use.asked_by == actor.id,
        "may_end": decides and use.state is UseState.APPROVED,
        "material": _material_names().get(use.material, use.material),
    }
    return render(request, "desks/office/seal_use.html", context, status=status)


def _material_names() -> dict[str, str]:
    return {one.id: one.name for one in catalogue.current().catalogue.materials.values()}


_MOVES: dict[str, tuple[Callable[[Actor, str, str], None], str]] = {
    "approve": (lambda actor, use, words: seals.approve_use(actor, use, words=words), "已同意用印。"),
    "refuse": (lambda actor, use, words: seals.refuse_use(actor, use, words=words), "已决定不同意。"),
    "end": (lambda actor, use, words: seals.end_use(actor, use, words=words), "已收回这份批准。"),
    "withdraw": (lambda actor, use, words: seals.withdraw_use(actor, use), "申请已撤回。"),
}


@access(roles=OF_UNIT)
@require_POST
def act(request: RequestWithActor, seal_use: str, action: str) -> HttpResponseBase:
    """Approve, refuse, end or take back; what is wrong is shown with what was typed."""
    seen = seals.use(request.actor, seal_use)
    form = WordsForm(request.POST)
    if action not in _MOVES:
        form.add_error(None, "没有这一步，请用下面的按钮办理。")
    if not form.is_valid():
        return _page(request, seen, form, status=400)
    command, done = _MOVES[action]
    try:
        command(request.actor, seal_use, form.cleaned_data["words"])
    except YiwangError as error:
        if error.kind is Kind.MISSING:
            raise
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, seals.use(request.actor, seal_use), form, status=STATUS[error.kind])
    messages.success(request, done)
    return redirect("office-seal-use", seal_use)
