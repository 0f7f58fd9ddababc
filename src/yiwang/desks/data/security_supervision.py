# SPDX-License-Identifier: Apache-2.0
"""Supervision on the data desk: cases and their moves, notices, the ledger (第二十五、二十六条)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.data_security import public as security
from yiwang.apps.data_security.public import CaseMove, NewCase
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import org_name
from yiwang.desks.console.told_forms import ToldForm
from yiwang.desks.context import DATA_DESK
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Kind, NotFound, YiwangError

SUPERVISORS = (Role.DATA, Role.SECURITY, Role.APPROVER)


class CaseForm(forms.Form):
    """What a supervising body found."""

    use_required_attribute = False
    org = forms.ChoiceField(label="单位")
    title = forms.CharField(label="标题", max_length=100, error_messages={"required": "请写标题。"})
    breach = forms.CharField(
        label="违反的规定和事实",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写违反的规定和事实。"},
    )
    is_serious = forms.BooleanField(
        label="存在较大风险", required=False, help_text="认定存在较大风险的，可以约谈单位主要负责人"
    )

    def __init__(self, *args: Any, orgs: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        org = self.fields["org"]
        assert isinstance(org, forms.ChoiceField)
        org.choices = [("", "请选择"), *((one, org_name(one)) for one in orgs)]


class MoveForm(ToldForm):
    """The next move, with what it needs."""

    words = forms.CharField(
        label="写明情况",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每一步都要写",
    )
    talked_with = forms.CharField(
        label="被约谈的主要负责人", required=False, max_length=100, help_text="约谈时写职务和姓名"
    )
    due_on = forms.DateField(
        label="整改期限",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="要求整改时写；不写的按设定的工作日计算",
    )

    def __init__(self, names: set[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "talk" not in names and "talked_with" not in self.data:
            del self.fields["talked_with"]
        if not names & {"order", "reject"} and "due_on" not in self.data:
            del self.fields["due_on"]


@access(roles=DATA_DESK)
@require_safe
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The cases the reader may know of: the open ones first."""
    rows = [(one, org_name(one.org), org_name(one.body)) for one in security.cases(request.actor)]
    may_open = security.may_supervise_anybody(request.actor)
    return render(request, "desks/data/security_cases.html", {"rows": rows, "may_open": may_open})


@access(roles=SUPERVISORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: RequestWithActor) -> HttpResponseBase:
    """Enter a breach that a supervising body found."""
    form = CaseForm(request.POST or None, orgs=security.supervised_by(request.actor))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = security.open_case(request.actor, NewCase(**form.cleaned_data))
        except YiwangError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            status = STATUS[error.kind]
        else:
            messages.success(request, "已登记，并告知该单位。")
            return redirect("data-security-case", made)
    elif form.errors:
        status = 400
    return render(request, "desks/data/security_case_new.html", {"form": form}, status=status)


@access(roles=DATA_DESK)
@require_safe
def one(request: RequestWithActor, supervision: str) -> HttpResponseBase:
    """One case, and what the reader may do with it now."""
    return _one(request, supervision)


@access(roles=DATA_DESK)
@require_POST
def move(request: RequestWithActor, supervision: str) -> HttpResponseBase:
    """Make a move."""
    seen = security.case(request.actor, supervision)
    form = MoveForm({one.name for one in seen.moves}, request.POST)
    if not form.is_valid():
        return _one(request, supervision, form, "请改正后再提交。", 400)
    given = form.cleaned_data
    made = CaseMove(given["words"], given.get("talked_with", ""), given.get("due_on"))
    try:
        security.move_case(request.actor, supervision, request.POST.get("move", ""), made)
    except NotFound:
        return _one(request, supervision, form, "请选择一步。", 400)
    except YiwangError as error:
        return _one(request, supervision, form, str(error), STATUS[error.kind])
    messages.success(request, "已记录。")
    return redirect("data-security-case", supervision)


def _one(
    request: RequestWithActor,
    supervision: str,
    form: forms.Form | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponseBase:
    seen = security.case(request.actor, supervision)
    context = {
        "seen": seen,
        "org": org_name(seen.org),
        "body": org_name(seen.body),
        "form": form or MoveForm({one.name for one in seen.moves}),
        "lost": form is not None and not seen.moves,
        "error": error,
    }
    return render(request, "desks/data/security_case.html", context, status=status)


@access(roles=DATA_DESK)
@require_safe
def ledger(request: RequestWithActor) -> HttpResponseBase:
    """City-wide notices and deductions of a year, with totals per unit."""
    return _ledger(request)


@access(roles=(Role.DATA,))
@require_POST
def take_back(request: RequestWithActor, ledger_entry: str) -> HttpResponseBase:
    """Take an entry back that was made in error."""
    why = request.POST.get("why", "")
    try:
        security.take_back(request.actor, ledger_entry, why=why)
    except NotFound:
        raise
    except YiwangError as error:
        return _ledger(request, error=str(error), status=STATUS[error.kind], entry=ledger_entry, why=why)
    messages.success(request, "已撤回，台账上另记一条。")
    return redirect("data-security-ledger")


def _ledger(
    request: RequestWithActor, *, error: str = "", status: int = 200, entry: str = "", why: str = ""
) -> HttpResponseBase:
    this = timezone.localdate().year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this
    lines = security.notices(request.actor, year=year)
    context = {
        "year": year,
        "earlier": year - 1,
        "later": year + 1 if year < this else None,
        "lines": [(one, org_name(one.org)) for one in lines],
        "totals": [(one, org_name(one.org)) for one in security.totals(year=year)] if lines else [],
        "may_take_back": security.may_take_back(request.actor),
        "error": error,
        "entry": entry,
        "why": why,
        "late": status == STATUS[Kind.CONFLICT],
    }
    return render(request, "desks/data/security_ledger.html", context, status=status)
