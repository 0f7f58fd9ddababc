# SPDX-License-Identifier: Apache-2.0
"""按期结算, the registers: households or piles, villages, makers, accounts of treasuries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.benefits import public as benefits
from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import officers_of
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import Refused, add_error, done, sent
from yiwang.engines.benefits.settlement_kinds import At
from yiwang.kernel.errors import NotFound, YiwangError

from .benefits import DEPARTMENT
from .settlements import place_choices, policy_choices

_FACT, _KEPT = "fact-", "kept-"


class EnrolForm(forms.Form):
    """A household or a pile; what else is asked hangs on the policy."""

    where = forms.ChoiceField(label="哪里")
    number = forms.CharField(label="编号", max_length=40, help_text="证明编号或者桩编号，不能重复")
    name = forms.CharField(label="姓名或者企业名称", max_length=80)
    holder = forms.CharField(
        label="公民身份号码或者统一社会信用代码",
        max_length=18,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    began_on = forms.DateField(label="从哪天起", widget=forms.DateInput({"type": "date"}))

    def ask(self, policy: Any) -> None:
        """Add the fields of a policy's register."""
        elements = {one.name: one for one in current().catalogue.elements.values()}
        for at, name in enumerate(policy.settled.registered):
            choices = [one.value for one in elements[name].choices]
            if elements[name].type.value == "boolean":
                choices = ["是", "否"]
            pairs = [("", "请选择"), *((one, one) for one in choices)]
            made = (
                forms.ChoiceField(label=name, choices=pairs)
                if choices
                else forms.CharField(label=name, max_length=20)
            )
            self.fields[f"{_FACT}{at}"] = made
        for at, name in enumerate(policy.settled.kept):
            hint = "写成 2026-01-31" if name.endswith("日期") else ""
            self.fields[f"{_KEPT}{at}"] = forms.CharField(label=name, max_length=200, help_text=hint)


@access(roles=DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: RequestWithActor) -> HttpResponseBase:
    """Choose a policy, then enrol; and everybody the village or county has enrolled."""
    name = request.GET.get("policy", "")
    policy = benefits.settled_policies().get(name)
    form = EnrolForm(sent(request)[0])
    form.fields["where"].choices = place_choices(request)  # type: ignore[attr-defined]
    if policy is not None:
        form.ask(policy)
    if (
        request.method == "POST"
        and policy is not None
        and form.is_valid()
        and _enrolled(request, form, policy)
    ):
        return redirect(f"{request.path}?policy={name}")
    return _enrol_page(request, form, policy)


def _enrol_page(
    request: RequestWithActor, form: EnrolForm, policy: Any, refused: Refused | None = None
) -> HttpResponse:
    page = {
        "form": form if policy is not None else None,
        "policy": policy,
        "policies": policy_choices(),
        "rows": benefits.enrolments_of(request.actor),
        "today": timezone.localdate().isoformat(),
        "refused": refused,
    }
    status = refused.status if refused else 400 if form.errors else 200
    return render(request, "desks/office/settlement_enrol.html", page, status=status)


def _enrolled(request: RequestWithActor, form: EnrolForm, policy: Any) -> bool:
    given = form.cleaned_data
    at = given["where"]
    firm = policy.settled.pays == "holder"
    new = benefits.NewEnrolment(
        policy.id, given["number"], given["began_on"], given["name"],
        id_number="" if firm else given["holder"], code=given["holder"] if firm else "",
        station="" if at.startswith("place:") else at, place=at[6:] if at.startswith("place:") else "",
        facts={name: given[f"{_FACT}{n}"] for n, name in enumerate(policy.settled.registered)},
        kept={name: given[f"{_KEPT}{n}"] for n, name in enumerate(policy.settled.kept)},
    )  # fmt: skip
    try:
        benefits.enrol(request.actor, new)
    except NotFound as error:
        form.add_error("holder", str(error))
        return False
    except YiwangError as error:
        add_error(form, error)
        return False
    messages.success(request, f"已经登记，编号{new.number}。")
    return True


@access(roles=DEPARTMENT)
@require_POST
def end(request: RequestWithActor, enrolment: str) -> HttpResponseBase:
    """An enrolment ends on a day."""
    typed = request.POST.get("on", "")
    return done(
        request,
        lambda: benefits.end_enrolment(request.actor, enrolment, on=_day(typed)),
        "已经注销。",
        to=("office-settlement-enrol",),
        again=lambda error: _enrol_page(request, EnrolForm(), None, Refused(enrolment, typed, error)),
    )


@access(roles=DEPARTMENT)
@never_cache
@require_safe
def certificate(request: RequestWithActor, enrolment: str) -> HttpResponseBase:
    """The certificate of an enrolment, for the printer."""
    page = {"one": benefits.certificate(request.actor, enrolment), "back": "office-settlement-enrol"}
    return render(request, "desks/shared/certificate.html", page)


def _day(text: str) -> dt.date:
    """A day as typed; what is none is before everything, so that the room refuses it in its own order."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.date.min


class StationForm(forms.Form):
    """A street, or a village of one."""

    title = "登记街道（乡镇）和村（居）"
    policy = forms.ChoiceField(label="补贴")
    place = forms.ChoiceField(label="县区")
    name = forms.CharField(label="名称", max_length=60)
    parent = forms.ChoiceField(label="属于哪个街道（乡镇）", required=False)
    officers = forms.MultipleChoiceField(
        label="谁在这里办", required=False, widget=forms.CheckboxSelectMultiple(), help_text="可以以后再补"
    )


class PayeeForm(forms.Form):
    """A maker that may report and be paid."""

    title = "列入结算单位"
    policy = forms.ChoiceField(label="补贴")
    name = forms.CharField(label="企业名称", max_length=80)
    code = forms.CharField(label="统一社会信用代码", max_length=18)


class TreasuryForm(forms.Form):
    """Where a county's treasury is paid."""

    title = "登记县区财政账户"
    policy = forms.ChoiceField(label="补贴")
    place = forms.ChoiceField(label="县区")
    holder = forms.CharField(label="户名", max_length=80)
    bank = forms.CharField(label="开户银行", max_length=60)
    account = forms.CharField(label="账号", max_length=40, widget=forms.TextInput({"autocomplete": "off"}))


FORMS: Mapping[str, type[forms.Form]] = {"station": StationForm, "payee": PayeeForm, "treasury": TreasuryForm}


def _acts(request: RequestWithActor) -> Mapping[str, Callable[[Mapping[str, Any]], object]]:
    actor = request.actor
    return {
        "station": lambda given: benefits.add_station(
            actor, **{**given, "officers": tuple(given["officers"])}
        ),
        "payee": lambda given: benefits.admit_payee(actor, **given),
        "treasury": lambda given: benefits.give_treasury_account(actor, **given),
    }


@access(roles=DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def registers(request: RequestWithActor) -> HttpResponseBase:
    """Villages, makers, accounts of county treasuries; statements, and what is taken back."""
    what, made = request.POST.get("what", ""), _register_forms(request)
    if what in made and made[what].is_valid():
        try:
            _acts(request)[what](made[what].cleaned_data)
        except NotFound as error:
            made[what].add_error(None, str(error))
        except YiwangError as error:
            add_error(made[what], error)
        else:
            messages.success(request, "已经登记。")
            return redirect("office-settlement-registers")
    return registers_page(request, made)


def _register_forms(request: RequestWithActor) -> dict[str, forms.Form]:
    what = request.POST.get("what", "")
    made = {key: kind(request.POST if key == what else None, prefix=key) for key, kind in FORMS.items()}
    places = [(one.id, one.name) for one in current().catalogue.places.values() if one.parent]
    for form in made.values():
        form.fields["policy"].choices = policy_choices()  # type: ignore[attr-defined]
        if "place" in form.fields:
            form.fields["place"].choices = places  # type: ignore[attr-defined]
    _offer(request, made["station"])
    return made


def registers_page(
    request: RequestWithActor, made: Mapping[str, forms.Form] | None = None, refused: Refused | None = None
) -> HttpResponse:
    """The page of the registers, with a form, or what was written about a payee, that was refused."""
    made = _register_forms(request) if made is None else made
    wrong = any(form.errors for form in made.values())
    page = {
        "forms": made,
        "payees": benefits.payees_for_office(request.actor),
        "refused": refused,
        "grounds": (("cheating", "弄虚作假"), ("short", "运营不足年限")),
        "typed": request.POST,
    }
    status = refused.status if refused else 400 if wrong else 200
    return render(request, "desks/office/settlement_registers.html", page, status=status)


def _offer(request: RequestWithActor, form: forms.Form) -> None:
    """The streets there are, and the grass-roots officers of the counties the officer works in."""
    streets = [("", "这就是一个街道（乡镇）"), *benefits.stations_in(request.actor)]
    form.fields["parent"].choices = streets  # type: ignore[attr-defined]
    orgs = {
        org
        for policy in benefits.settled_policies().values()
        for step in (policy.settled.steps if policy.settled else ())
        if step.at in (At.VILLAGE, At.TOWNSHIP)
        for org in step.orgs
    }
    places = {post.place for post in request.actor.posts if post.place}
    known = {
        one.id: one.name for org in orgs for place in places for one in officers_of(org, place, *DEPARTMENT)
    }
    form.fields["officers"].choices = sorted(known.items(), key=lambda one: one[1])  # type: ignore[attr-defined]
