# SPDX-License-Identifier: Apache-2.0
"""Sheets of licences: hand in, see how far they are, download what is wrong."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.catalogue.public import current
from yiwang.apps.licences import public as licences
from yiwang.desks.access import RequestWithActor, access
from yiwang.kernel.errors import NotFound, YiwangError

from .named import DEPARTMENT, add_error, csv_answer, org_name, own_orgs, sent

_SHOWN = 100


class SheetForm(forms.Form):
    """A sheet to hand in."""

    use_required_attribute = False
    org = forms.ChoiceField(label="单位", error_messages={"required": "请选择单位。"})
    purpose = forms.ChoiceField(
        label="做什么",
        choices=[
            ("stock", "存量转换：把已经发出的纸质证照录入证照库"),
            ("batch", "批量制发：本单位新办出的一批证照"),
            ("periodic", "定期批量导入：从暂时不能共享的系统导出，更新证照和状态"),
        ],
        widget=forms.RadioSelect,
        initial="stock",
        error_messages={"required": "请选择一项。"},
    )
    file = forms.FileField(
        label="表格",
        help_text="CSV 或 XLSX；第一行是列名，和下面的表样一样",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请核对。"},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


@access(roles=DEPARTMENT)
@require_http_methods(["GET", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The sheets an officer may see; a new one is handed in here."""
    catalogue = current().catalogue
    types = licences.licence_types()
    orgs = own_orgs(request.actor, {org for one in types for org in one.issuers})
    mine = {org for org, _ in orgs}
    form = SheetForm(*sent(request))
    form.fields["org"].choices = orgs  # type: ignore[attr-defined]
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return _hand_in(request, form)
            except YiwangError as error:
                status = add_error(form, error)
    context = {
        "form": form,
        "sheets": [{"sheet": one, "org": org_name(one.org)} for one in licences.sheets(request.actor)],
        "types": [catalogue.materials[one.material] for one in types if mine & set(one.issuers)],
    }
    return render(request, "desks/console/stock.html", context, status=status)


def _hand_in(request: RequestWithActor, form: SheetForm) -> HttpResponseBase:
    given = form.cleaned_data
    known = {one.public_id for one in licences.sheets(request.actor)}
    sheet = licences.hand_in_sheet(
        request.actor,
        org=given["org"],
        purpose=licences.Purpose(given["purpose"]),
        name=given["file"].name,
        content=given["file"].read(),
    )
    if sheet in known:
        messages.warning(request, "这个表格以前交过，没有再导入一遍。")
    else:
        messages.success(request, "表格已收下，正在排队导入。可以离开这一页，稍后回来看结果。")
    return redirect("console-sheet", sheet)


@access(roles=DEPARTMENT)
@require_GET
def one(request: RequestWithActor, sheet: str) -> HttpResponseBase:
    """One sheet: how far it is, what is wrong."""
    view = licences.sheet_view(request.actor, sheet)
    problems = licences.problems_of(request.actor, sheet, limit=_SHOWN + 1)
    context = {
        "sheet": view,
        "org": org_name(view.org),
        "problems": problems[:_SHOWN],
        "more": len(problems) > _SHOWN,
        "shown": _SHOWN,
    }
    return render(request, "desks/console/sheet.html", context)


@access(roles=DEPARTMENT)
@require_GET
def report(request: RequestWithActor, sheet: str) -> HttpResponseBase:
    """The wrong rows with what to mend, as a table that may be handed in again once corrected."""
    view = licences.sheet_view(request.actor, sheet)
    return csv_answer(f"要改的行-{view.file_name}.csv", licences.report_of(request.actor, sheet))


@access(roles=DEPARTMENT)
@require_GET
def blank(request: RequestWithActor, material: str) -> HttpResponseBase:
    """An empty sheet for one type."""
    known = current().catalogue.materials.get(material)
    if known is None or not licences.issuers_of(current().catalogue, known):
        raise NotFound("没有这种证照。", mend="请从列表里下载。")
    return csv_answer(f"{known.name}-表样.csv", [licences.sheet_headings(known)])
