# SPDX-License-Identifier: Apache-2.0
"""公共信用, the units' side: telling somebody before they are entered on a list; the mapping of codes."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yiwang.apps.catalogue.public import current
from yiwang.apps.credit import public as credit
from yiwang.desks.access import RequestWithActor, access
from yiwang.engines.credit import CreditBook
from yiwang.kernel.errors import YiwangError

from .credit import DEPARTMENT, orgs_for


class ListingForm(forms.Form):
    """Whom the unit means to enter on which list."""

    use_required_attribute = False
    org = forms.ChoiceField(label="单位")
    catalogue = forms.ChoiceField(label="名单")
    code = forms.CharField(label="统一社会信用代码", max_length=30)
    reference = forms.CharField(label="告知文书号", max_length=120)
    title = forms.CharField(label="列入事由（公示的标题）", max_length=200)
    why = forms.CharField(label="具体情形", max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))
    basis = forms.CharField(label="依据", max_length=500)
    happened_on = forms.DateField(label="发生日期", widget=forms.DateInput({"type": "date"}))


@access(roles=DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def tell_listing(request: RequestWithActor) -> HttpResponseBase:
    """Tell somebody that they shall be entered on a list."""
    form = ListingForm(request.POST or None)
    entries = CreditBook.of(current().catalogue).entries.values()
    lists = [(one.id, one.name) for one in entries if one.entering is not None]
    form.fields["org"].choices = orgs_for(request.actor)  # type: ignore[attr-defined]
    form.fields["catalogue"].choices = lists  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and _told(request, form):
        messages.success(request, "已经告知当事人；期满后由另一位同事决定。")
        return redirect("office-credit")
    standards = [one for one in entries if one.entering is not None]
    page = {"form": form, "standards": standards}
    return render(request, "desks/office/credit_tell.html", page, status=400 if form.errors else 200)


def _told(request: RequestWithActor, form: ListingForm) -> bool:
    given = dict(form.cleaned_data)
    code, why = given.pop("code"), given.pop("why")
    try:
        subject = credit.firm_with(code)
        new = credit.NewListing(subject=subject, fields={"列入事由": why}, **given)
        credit.tell_listing(request.actor, new)
    except YiwangError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    return True


class CodeForm(forms.Form):
    """Whose an old or changed code was."""

    use_required_attribute = False
    code = forms.CharField(label="旧代码（注册号、机构代码或者换过主体的代码）", max_length=40)
    firm = forms.CharField(label="当时属于哪个单位（写它现在的统一社会信用代码）", max_length=30)
    since = forms.DateField(label="从哪天起", widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(
        label="到哪天为止（含当日；还在用的不填）", required=False, widget=forms.DateInput({"type": "date"})
    )
    why = forms.CharField(label="依据", max_length=200)


@access(roles=DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: RequestWithActor) -> HttpResponseBase:
    """Write down whose an old code was: the leading unit."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            credit.map_code(request.actor, given.pop("code"), **given)
        except YiwangError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "已经登记，以后报送按发生日期对应到当时的单位；等待它的也已处理。")
            return redirect("office-credit-codes")
    page = {"form": form, "waiting": credit.waiting_codes(request.actor), "today": timezone.localdate()}
    return render(request, "desks/office/credit_codes.html", page, status=400 if form.errors else 200)
