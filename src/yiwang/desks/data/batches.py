# SPDX-License-Identifier: Apache-2.0
"""Deliveries in batches on the data desk: asked for, watched, taken file by file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.exchange import public as exchange
from yiwang.apps.gateway import public as gateway
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.desks.ways import way_of
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import Kind, YiwangError

from .named import org_name, resource_name

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class BatchForm(forms.Form):
    """Which delivery is wanted."""

    use_required_attribute = False
    grant = forms.ChoiceField(
        label="按哪项授权",
        help_text="只列出写明可以分批交付、现在有效的授权",
        error_messages={"required": "请选择授权。", "invalid_choice": "请从列表里选。"},
    )
    form = forms.ChoiceField(
        label="文件格式",
        choices=[(one.value, one.term) for one in gateway.Form],
        widget=forms.RadioSelect,
        initial=gateway.Form.CSV.value,
        error_messages={"required": "请选择文件格式。"},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.now()
        self.fields["grant"].choices = [  # type: ignore[attr-defined]
            (one.id, f"{resource_name(one.resource)}（{one.purpose}）")
            for org in sorted(exchange.data_orgs(actor))
            for one in exchange.grants_of(org)
            if one.batch and one.usable(now)
        ]


@access(roles=(Role.DATA,))
@require_http_methods(["GET", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The deliveries of the officer's department; a new one is asked for here."""
    actor = request.actor
    form = BatchForm(request.POST if request.method == "POST" else None, actor=actor)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                given = form.cleaned_data
                made = gateway.ask_batch(actor, gateway.NewBatch(given["grant"], gateway.Form(given["form"])))
            except YiwangError as error:
                if error.kind is Kind.MISSING:
                    raise
                form.add_error(None, str(error))
                status = STATUS[error.kind]
            else:
                messages.success(request, "已经开始生成。可以离开这一页，稍后回来下载。")
                return redirect("data-batch", made)
    context = {
        "form": form,
        "may_ask": bool(exchange.data_orgs(actor)),
        "batches": [_row(one) for one in gateway.batches(actor)],
    }
    return render(request, "desks/data/batches.html", context, status=status)


@access(roles=(Role.DATA,))
@require_GET
def one(request: RequestWithActor, data_batch: str) -> HttpResponseBase:
    """One delivery: how far it is, its files, who took them."""
    view = gateway.batch_view(request.actor, data_batch)
    resource = next((r.resource for r in exchange.resources() if r.id == view.resource), None)
    names = {field.id: field.name for field in resource.fields} if resource else {}
    context = _row(view) | {
        "fields": [(names.get(name, name), name in view.plain) for name in view.fields],
        "doubts": [(names.get(name, name), count) for name, count in view.doubts.items()],
        "marks": [(names.get(name, "整条记录"), count) for name, count in view.marks.items()],
        "may_take": gateway.may_take(request.actor, view),
        "may_stop": gateway.may_take(request.actor, view)
        and view.state in (gateway.BatchState.WAITING, gateway.BatchState.RUNNING, gateway.BatchState.READY),
        "ready": view.state is gateway.BatchState.READY,
    }
    return render(request, "desks/data/batch.html", context)


@access(roles=(Role.DATA,))
@require_GET
def file(request: RequestWithActor, data_batch: str, part: int) -> HttpResponseBase:
    """A file of a delivery; 0 is the manifest."""
    name, data = gateway.take_file(request.actor, data_batch, part, way=way_of(request, file=True))
    kind = _TYPES.get(name.rpartition(".")[2], "application/json")
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "no-store"
    return answer


@access(roles=(Role.DATA,))
@require_POST
def stop(request: RequestWithActor, data_batch: str) -> HttpResponseBase:
    """Stop a delivery and remove its files."""
    gateway.stop_batch(request.actor, data_batch)
    messages.success(request, "已停止，文件已删除。")
    return redirect("data-batch", data_batch)


def _row(view: gateway.BatchView) -> dict[str, Any]:
    return {"batch": view, "resource": resource_name(view.resource), "receiver": org_name(view.org)}
