# SPDX-License-Identifier: Apache-2.0
"""按期结算, the people's side: what my household got and what is left; the maker's records, statement and
account; objections to what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.benefits import public as benefits
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import add_error, sent
from yiwang.kernel.errors import NotFound, YiwangError

from .benefits import AccountForm, ObjectionForm


class RecordsForm(forms.Form):
    """A month's records."""

    period = forms.CharField(
        label="哪个月", max_length=7, widget=forms.TextInput({"type": "month"}), help_text="例如 2020-11"
    )
    file = forms.FileField(label="记录（CSV）")


@access(person=True)
@require_safe
def listed(request: RequestWithActor) -> HttpResponseBase:
    """One's households and piles, and the statements of the firms one may act for."""
    page = {
        "here": "benefits",
        "households": benefits.households_of(request.actor),
        "payees": benefits.payees_of(request.actor),
    }
    return render(request, "desks/portal/settlements.html", page)


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: RequestWithActor, payee: str) -> HttpResponseBase:
    """The maker's statement; a month's records are reported here."""
    form = RecordsForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            count = benefits.report(request.actor, payee, period=given["period"], data=given["file"].read())
        except YiwangError as error:
            add_error(form, error)
            for row, words in getattr(error, "wrong", [])[3:50]:
                form.add_error("file", f"第{row}行：{words}")
        else:
            messages.success(
                request, f"收到{count}笔新的记录。" if count else "这些记录以前都收到过，没有新的。"
            )
            return redirect("portal:settlement", payee)
    return _page(request, payee, form, AccountForm())


@access(person=True)
@never_cache
@require_safe
def certificate(request: RequestWithActor, enrolment: str) -> HttpResponseBase:
    """One's own certificate, for the printer."""
    page = {"one": benefits.certificate(request.actor, enrolment), "back": "portal:settlements"}
    return render(request, "desks/shared/certificate.html", page)


@access(person=True)
@never_cache
@require_POST
def check_certificate(request: RequestWithActor, payee: str) -> HttpResponseBase:
    """The seller types in what stands on a certificate."""
    number, check = request.POST.get("number", ""), request.POST.get("check", "")
    found, wrong = None, None
    benefits.statement(request.actor, payee)  # who may not know of it learns nothing here either
    try:
        found = benefits.check_certificate(request.actor, payee, number=number, check=check)
    except YiwangError as error:
        wrong = error
    told = {"found": found, "wrong": wrong, "number": number}
    return _page(request, payee, RecordsForm(), AccountForm(), told)


@access(person=True)
@require_POST
def account(request: RequestWithActor, payee: str) -> HttpResponseBase:
    """The payee's account."""
    form = AccountForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            benefits.give_account(
                request.actor, payee, holder=given["holder"], bank=given["bank"], account=given["number"]
            )
        except YiwangError as error:
            add_error(form, error)
        else:
            messages.success(request, "收款账户已经记下。")
            return redirect("portal:settlement", payee)
    return _page(request, payee, RecordsForm(), form)


def _page(
    request: RequestWithActor,
    payee: str,
    form: forms.Form,
    bank: forms.Form,
    checked: Mapping[str, Any] | None = None,
) -> HttpResponse:
    one = benefits.statement(request.actor, payee)
    if not bank.is_bound:
        bank.initial = {"holder": one.name}
    page = {"here": "benefits", "one": one, "form": form, "bank": bank, "checked": checked}
    wrong = bool(form.errors or bank.errors or (checked and checked["wrong"]))
    return render(request, "desks/portal/settlement.html", page, status=400 if wrong else 200)


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def doubt(request: RequestWithActor, tally: str, sale: str) -> HttpResponseBase:
    """Say what is wrong with a line that is shown."""
    shown = next((one for one in benefits.shown_sheets() if one.id == tally), None)
    line = next((one for one in shown.lines if one.record == sale), None) if shown else None
    if shown is None or line is None:
        raise NotFound("这一项没有在公示。", mend="请回到公示页面。")
    form = ObjectionForm(sent(request)[0])
    if request.method == "POST" and form.is_valid():
        try:
            benefits.doubt(request.actor, tally, sale, words=form.cleaned_data["words"])
        except YiwangError as error:
            add_error(form, error)
        else:
            messages.success(request, "已经提交，重新调查核实以后答复您。")
            return redirect("portal:benefits_shown")
    page = {"form": form, "shown": shown, "line": line}
    return render(request, "desks/portal/settlement_doubt.html", page, status=400 if form.errors else 200)
