# SPDX-License-Identifier: Apache-2.0
"""Units on the data desk: who their administrator is (第十四条), the registers they keep."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.data_security import public as security
from yiwang.apps.data_security.public import Register
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.context import DATA_DESK
from yiwang.desks.middleware import STATUS
from yiwang.kernel.errors import NotFound, YiwangError


@access(roles=DATA_DESK)
@require_safe
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The units the reader may know of: vacant ones first."""
    rows = security.units(request.actor)
    vacant = sum(one.is_vacant for one in rows)
    return render(request, "desks/data/security_units.html", {"rows": rows, "vacant": vacant})


@access(roles=DATA_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: RequestWithActor, unit: str) -> HttpResponseBase:
    """One unit: its administrator, its registers."""
    seen = security.unit(request.actor, unit)
    error = ""
    status = 200
    if request.method == "POST":
        try:
            return _appoint(request, unit)
        except YiwangError as problem:
            error, status = str(problem), 400 if isinstance(problem, NotFound) else STATUS[problem.kind]
    context = {
        "seen": seen,
        "registers": [(one, one in seen.missing) for one in Register],
        "candidates": security.candidates(request.actor, unit),
        "error": error,
        "why": request.POST.get("why", ""),
    }
    return render(request, "desks/data/security_unit.html", context, status=status)


def _appoint(request: RequestWithActor, unit: str) -> HttpResponseBase:
    if "dismiss" in request.POST:
        security.dismiss(request.actor, unit, why=request.POST.get("why", ""))
        messages.success(request, "已免去。请尽快另行指定。")
    else:
        security.appoint(request.actor, unit, request.POST.get("officer", ""))
        messages.success(request, "已指定，岗位即时生效。")
    return redirect("data-security-unit", unit)


class LineForm(forms.Form):
    """A line of a register: its columns come from the register."""

    use_required_attribute = False

    def __init__(self, register: Register, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column in register.sheet.columns:
            self.fields[column.id] = forms.CharField(
                label=column.label,
                required=column.required,
                max_length=500,
                help_text=column.hint,
                widget=_WIDGETS[column.kind](),
                error_messages={"required": f"请填写{column.label}。"},
            )


_WIDGETS: dict[str, Any] = {
    "text": forms.TextInput,
    "number": lambda: forms.TextInput(attrs={"inputmode": "numeric"}),
    "date": lambda: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    "long": lambda: forms.Textarea(attrs={"rows": 2}),
}


@access(roles=DATA_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: RequestWithActor, unit: str, register: str) -> HttpResponseBase:
    """One register of a unit: its lines, a new one, a correction."""
    seen = security.unit(request.actor, unit)
    if register not in set(Register):
        raise NotFound("没有这种登记。", mend="请回到单位页面，从中选择。")
    which = Register(register)
    form = LineForm(which, request.POST or None)
    corrects = (request.POST or request.GET).get("corrects", "")
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            security.enter(request.actor, unit, which, form.cleaned_data, corrects=corrects)
        except YiwangError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            status = STATUS[error.kind]
        else:
            messages.success(request, "已登记。")
            return redirect("data-security-register", unit, register)
    elif form.errors:
        status = 400
    lines = security.register_lines(request.actor, unit, which)
    columns = which.sheet.columns
    context = {
        "seen": seen,
        "sheet": which.sheet,
        "register": register,
        "columns": columns,
        "lines": [(one, [(c.label, one.content.get(c.id, "")) for c in columns]) for one in lines],
        "form": form,
        "corrects": corrects,
    }
    return render(request, "desks/data/security_register.html", context, status=status)
