# SPDX-License-Identifier: Apache-2.0
"""Sources on the data desk: which resource is answered from where, and how each is doing."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.exchange.public import resource as resource_of
from yiwang.apps.gateway import public as gateway
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Kind, YiwangError

from .named import org_name
from .sources_forms import FORMS, KINDS, TryForm


@access(roles=(Role.DATA,))
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """Every resource with its source."""
    found = sorted(
        gateway.sources(request.actor),
        key=lambda pair: (pair[1] is None, pair[0].provider, pair[0].name),
    )
    rows = [
        {"resource": resource, "source": source, "provider": org_name(resource.provider), "kinds": KINDS}
        for resource, source in found
    ]
    context = {
        "rows": rows,
        "connected": sum(source is not None for _, source in found),
        "open": sum(
            source is not None and source.on and source.state.circuit is not gateway.Circuit.CLOSED
            for _, source in found
        ),
        "folder": gateway.sources_folder(),
    }
    return render(request, "desks/data/sources.html", context)


@access(roles=(Role.DATA,))
@require_http_methods(["GET", "POST"])
def one(request: RequestWithActor, resource: str) -> HttpResponseBase:
    """One source: how it is doing, its registration, which is saved here. `?kind=` chooses another kind."""
    known = gateway.source_view(request.actor, resource)
    wanted = resource_of(resource)
    kind = request.GET.get("kind", "") or (known.kind if known else "sql")
    make = FORMS.get(kind, FORMS["sql"])
    form = make(request.POST if request.method == "POST" else None, resource=wanted, known=known)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return _save(request, resource, form)
            except YiwangError as error:
                if error.kind in (Kind.MISSING, Kind.FORBIDDEN):
                    raise
                names = {"secret": next(iter(form.secrets), None)}
                field = names.get(error.field or "", error.field)
                form.add_error(field if field in form.fields else None, str(error))
                status = STATUS[error.kind]
    context = {
        "resource": wanted,
        "provider": org_name(wanted.provider),
        "source": known,
        "form": form,
        "kind": make.kind,
        "kinds": KINDS,
        "trying": TryForm(resource=wanted),
    }
    return render(request, "desks/data/source.html", context, status=status)


def _save(request: RequestWithActor, resource: str, form: forms.Form) -> HttpResponseBase:
    new = gateway.NewSource(
        resource=resource,
        kind=form.kind,  # type: ignore[attr-defined]
        config=form.config(),  # type: ignore[attr-defined]
        secret=form.secret(),  # type: ignore[attr-defined]
        at_once=form.cleaned_data["at_once"],
        total_seconds=form.cleaned_data["total_seconds"],
        version=form.cleaned_data["version"] or 0,
    )
    gateway.save_source(request.actor, new)
    messages.success(request, "已保存。请接着试连一次，确认读得出、类型相符。")
    return redirect("data-source", resource)


@access(roles=(Role.DATA,))
@require_POST
def attempt(request: RequestWithActor, resource: str) -> HttpResponseBase:
    """Try a source with one row; only whether it fits is told."""
    form = TryForm(request.POST, resource=resource_of(resource))
    given = form.cleaned_data if form.is_valid() else {"key": "", "value": ""}
    key = given["key"] if given["value"] else ""
    words = gateway.try_source(request.actor, resource, key=key, value=given["value"])
    (messages.success if words.startswith("连上了") else messages.error)(request, words)
    return redirect("data-source", resource)


@access(roles=(Role.DATA,))
@require_POST
def switch(request: RequestWithActor, resource: str) -> HttpResponseBase:
    """Switch a source on or off."""
    on = request.POST.get("on") == "1"
    gateway.switch_source(request.actor, resource, on=on)
    messages.success(request, "已启用。" if on else "已停用：调用会得到“没有接入”的回答。")
    return redirect("data-source", resource)
