# SPDX-License-Identifier: Apache-2.0
"""The catalogue of licence types, the responsibility list, and until when each list's stock is due."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from yiwang.apps.licences import public as licences
from yiwang.desks.access import RequestWithActor, access
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import YiwangError

from .named import DEPARTMENT, add_error, csv_answer, done, is_bureau, material_name, org_name, own_orgs

_READERS = (*DEPARTMENT, Role.AUDITOR)


class StockForm(forms.Form):
    """How much stock of a type a department has, and of which years."""

    use_required_attribute = False
    duty = forms.ChoiceField(label="单位和证照", error_messages={"required": "请选择单位和证照。"})
    count = forms.IntegerField(
        label="存量数据量（件）",
        min_value=0,
        error_messages={"required": "请填件数，没有填 0。", "invalid": "请填整数。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    span_from = forms.DateField(
        label="最早一件的颁发日期",
        error_messages={"required": "请填日期。", "invalid": "请写成 2020-05-06 的样子。"},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    span_to = forms.DateField(
        label="最晚一件的颁发日期",
        error_messages={"required": "请填日期。", "invalid": "请写成 2020-05-06 的样子。"},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ListForm(forms.Form):
    """A published list of usable licences."""

    use_required_attribute = False
    list_name = forms.CharField(
        label="清单名称",
        max_length=120,
        help_text="照公布的写，例如“可用电子证照清单（第一批）”",
        error_messages={"required": "请填清单名称。"},
    )
    published_on = forms.DateField(
        label="公布日期",
        error_messages={"required": "请填公布日期。", "invalid": "请写成 2020-05-06 的样子。"},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    materials = forms.MultipleChoiceField(
        label="清单上的证照",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少勾选一种证照。"},
    )


@access(roles=_READERS)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """Types, who makes which, what is due."""
    return _page(request, StockForm(), ListForm())


def _page(
    request: RequestWithActor, stock: StockForm, lists: ListForm, status: int = 200
) -> HttpResponseBase:
    types = licences.licence_types()
    stock.fields["duty"].choices = _duties(request)  # type: ignore[attr-defined]
    lists.fields["materials"].choices = [(one.material, one.name) for one in types]  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "types": [{"type": one, "issuers": [org_name(org) for org in one.issuers]} for one in types],
        "duties": [{"duty": one, "org": org_name(one.org)} for one in licences.duties()],
        "targets": [{"target": one, "name": material_name(one.material)} for one in licences.targets()],
        "stock": stock,
        "lists": lists,
        "may_report": bool(stock.fields["duty"].choices),  # type: ignore[attr-defined]
        "is_bureau": is_bureau(request.actor),
    }
    return render(request, "desks/console/licence_types.html", context, status=status)


def _duties(request: RequestWithActor) -> list[tuple[str, str]]:
    rows = licences.duties()
    mine = {org for org, _ in own_orgs(request.actor, {one.org for one in rows})}
    return [
        (f"{one.org}/{one.material}", f"{org_name(one.org)}：{one.material_name}")
        for one in rows
        if one.org in mine
    ]


@access(roles=DEPARTMENT)
@require_POST
def report(request: RequestWithActor) -> HttpResponseBase:
    """A department reports its stock of a type."""
    form = StockForm(request.POST)
    form.fields["duty"].choices = _duties(request)  # type: ignore[attr-defined]
    if not form.is_valid():
        return _page(request, form, ListForm(), 400)
    given = form.cleaned_data
    org, _, material = given["duty"].partition("/")
    span = (given["span_from"], given["span_to"])
    try:
        licences.report_stock(request.actor, org=org, material=material, count=given["count"], span=span)
    except YiwangError as error:
        return _page(request, form, ListForm(), add_error(form, error))
    return done(request, lambda: None, "存量已登记。", to=("console-types",))


@access(roles=(Role.DATA,))
@require_POST
def expect(request: RequestWithActor) -> HttpResponseBase:
    """The bureau notes a published list: the months run for its types."""
    form = ListForm(request.POST)
    types = licences.licence_types()
    form.fields["materials"].choices = [(one.material, one.name) for one in types]  # type: ignore[attr-defined]
    if not form.is_valid():
        return _page(request, StockForm(), form, 400)
    given = form.cleaned_data
    try:
        licences.expect_stock(
            request.actor,
            list_name=given["list_name"],
            materials=given["materials"],
            published_on=given["published_on"],
        )
    except YiwangError as error:
        return _page(request, StockForm(), form, add_error(form, error))
    return done(request, lambda: None, "清单已登记，转换期限已经算好。", to=("console-types",))


@access(roles=DEPARTMENT)
@require_POST
def finish(request: RequestWithActor, target: int) -> HttpResponseBase:
    """A department says that the stock of a type on a list is in."""
    return done(
        request,
        lambda: licences.finish_target(request.actor, target),
        "已记为转换完成。",
        to=("console-types",),
    )


@access(roles=_READERS)
@require_GET
def duties_file(request: RequestWithActor) -> HttpResponseBase:
    """The responsibility list as a table."""
    rows = [("责任单位", "证照类型", "存量数据量", "时间跨度自", "时间跨度至", "已入库")]
    rows += [
        (
            org_name(one.org),
            one.material_name,
            "" if one.stock_count is None else str(one.stock_count),
            one.span_from.isoformat() if one.span_from else "",
            one.span_to.isoformat() if one.span_to else "",
            str(one.on_record),
        )
        for one in licences.duties()
    ]
    return csv_answer("电子证照制作责任清单.csv", rows)
