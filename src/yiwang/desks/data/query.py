# SPDX-License-Identifier: Apache-2.0
"""Look something up for a case (数据查询): one subject, under a grant of the officer's department.

What comes back is shown on the page that was posted to and kept nowhere; every look is in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.apps.gateway import public as gateway
from yiwang.apps.journal.public import zipped
from yiwang.apps.quality import public as quality
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.context import DATA_DESK
from yiwang.desks.middleware import STATUS
from yiwang.desks.ways import way_of
from yiwang.engines.exchange import Resource
from yiwang.kernel.errors import NotFound, YiwangError


class QueryForm(forms.Form):
    """Whom or what, and for which case. One field for each item the resource is searched by."""

    use_required_attribute = False
    case = forms.CharField(
        label="办件编号",
        max_length=80,
        help_text="正在办理的这件事；会和您的姓名一起记入日志，当事人看得到",
        error_messages={"required": "请填写办件编号。"},
    )

    def __init__(self, *args: Any, resource: Resource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = resource.keys
        for name in self.keys:
            field = resource.field(name)
            self.fields[f"key-{name}"] = forms.CharField(
                label=field.name if field else name,
                required=len(self.keys) == 1,
                max_length=100,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                error_messages={"required": "请填写要查的对象。"},
            )
        self.order_fields([*(f"key-{name}" for name in self.keys), "case"])

    def clean(self) -> dict[str, Any]:
        """One key at least."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.asked():
            raise forms.ValidationError("请至少填写一项要查的内容。")
        return given

    def asked(self) -> dict[str, str]:
        """What is searched by."""
        typed = {name: self.cleaned_data.get(f"key-{name}", "").strip() for name in self.keys}
        return {name: value for name, value in typed.items() if value}


@access(roles=gateway.LOOKERS)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """What the officer may look up now, and what they looked up lately."""
    known = current().catalogue
    rows = []
    for grant in gateway.grants_for(request.actor, now=timezone.now()):
        resource = exchange.resource(grant.resource)
        rows.append({"grant": grant, "resource": resource, "provider": known.orgs[resource.provider].name})
    lately = gateway.calls_by(request.actor.id, gateway.orgs_looking(request.actor))
    return render(
        request,
        "desks/data/query.html",
        {"rows": rows, "lately": lately},
    )


@access(roles=gateway.LOOKERS)
@never_cache
@require_http_methods(["GET", "POST"])
def one(request: RequestWithActor, usable_grant: str) -> HttpResponseBase:
    """Ask under one grant; the answer is shown once, on this page."""
    mine = {one.id: one for one in gateway.grants_for(request.actor, now=timezone.now())}
    if usable_grant not in mine:
        raise NotFound("没有这项授权，或者现在不能用。", mend="请从数据查询的清单里选择。")
    view = mine[usable_grant]
    resource = exchange.resource(view.resource)
    form = QueryForm(request.POST or None, resource=resource)
    context: dict[str, Any] = {"grant": view, "resource": resource, "form": form}
    status = 200
    if request.method == "POST":
        status = _ask(request, form, context) if form.is_valid() else 400
    return render(request, "desks/data/query_one.html", context, status=status)


def _ask(request: RequestWithActor, form: QueryForm, context: dict[str, Any]) -> int:
    view, resource = context["grant"], context["resource"]
    case = form.cleaned_data["case"]
    asked = gateway.NewCall(view.id, form.asked(), None, view.purpose, case=case, way=way_of(request))
    try:
        found = gateway.look_up(request.actor, asked, now=timezone.now())
    except YiwangError as error:
        form.add_error(None, f"{error.message}{error.mend}")
        return STATUS[error.kind]
    names = {field.id: field.name for field in resource.fields}
    context["receipt"] = found.receipt
    marks = _marks(resource.id, list(form.asked().values()), found.rows)
    context["whole"] = marks.get("")
    context["answer"] = [
        [(names[name], value, marks.get(name)) for name, value in row.items()] for row in found.rows
    ]
    context["asked"] = True
    return 200


def _marks(
    resource: str, asked: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> Mapping[str, quality.Mark]:
    """What stands beside an answer. A correction that the one record found shows already needs no note."""
    found = quality.marks_of(resource, asked)
    if found and len(rows) == 1 and sum(quality.note_read(resource, key, rows[0]) for key in asked):
        return quality.marks_of(resource, asked)
    return found


@access(roles=DATA_DESK)
@require_GET
def receipt(request: RequestWithActor, call_receipt: str) -> HttpResponseBase:
    """One call: who, when, for what, how it ended, and how to prove it later."""
    known = current().catalogue
    found = gateway.call_for(request.actor, call_receipt)
    names = {org: known.orgs[org].name for org in (found.call.org, found.call.provider) if org in known.orgs}
    context = {
        "found": found,
        "call": found.call,
        "org": names.get(found.call.org, found.call.org),
        "provider": names.get(found.call.provider, found.call.provider),
    }
    return render(request, "desks/data/receipt.html", context)


@access(roles=DATA_DESK)
@require_GET
def proof(request: RequestWithActor, call_receipt: str) -> HttpResponseBase:
    """The proof of a call as a ZIP: checked offline, with nobody's data in it."""
    found = gateway.call_for(request.actor, call_receipt)
    content = zipped(gateway.call_kit(found.call.receipt), found.call.receipt)
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{found.call.receipt}.zip"'
    return answer
