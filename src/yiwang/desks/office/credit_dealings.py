# SPDX-License-Identifier: Apache-2.0
"""公共资源事项的信用核查: an officer starts a check, sees the measures and says what was done."""

from __future__ import annotations

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.credit import public as credit
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import Refused, add_error, done
from yiwang.kernel.errors import YiwangError

from .credit import DEPARTMENT, READERS, orgs_for


class DealingForm(forms.Form):
    """Which public-resource matter, and about whom."""

    use_required_attribute = False
    org = forms.ChoiceField(label="单位")
    dealing = forms.ChoiceField(label="什么事项", choices=[(one.value, one.value) for one in credit.Dealing])
    matter = forms.CharField(label="事项编号", max_length=40, help_text="例如招标项目编号、评选活动名称")
    number = forms.CharField(label="对方的统一社会信用代码；个人写公民身份号码", max_length=20)


@access(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """Start a check; those that wait for feedback come first."""
    orgs = orgs_for(request.actor)
    form = DealingForm(request.POST or None)
    form.fields["org"].choices = orgs  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"dealing": credit.Dealing(form.cleaned_data["dealing"])}
        try:
            check = credit.start_check(request.actor, credit.NewDealing(**given))
        except YiwangError as error:
            add_error(form, error)
        else:
            return redirect("office-credit-dealing", check)
    page = {"form": form if orgs else None, "found": credit.dealings(request.actor)}
    return render(request, "desks/office/credit_dealings.html", page, status=400 if form.errors else 200)


@access(roles=READERS)
@require_safe
def one(request: RequestWithActor, credit_dealing: str) -> HttpResponseBase:
    """One check with its measures, and what was fed back."""
    return _one(request, credit_dealing)


def _one(request: RequestWithActor, dealing: str, refused: Refused | None = None) -> HttpResponseBase:
    view = credit.dealing_view(request.actor, dealing)
    page = {"one": view, "mine": view.org in dict(orgs_for(request.actor)), "refused": refused}
    status = refused.status if refused else 200
    return render(request, "desks/office/credit_dealing.html", page, status=status)


@access(roles=DEPARTMENT)
@require_POST
def feed_back(request: RequestWithActor, credit_dealing: str) -> HttpResponseBase:
    """Say what was done about one measure."""
    given = {name: request.POST.get(name, "") for name in ("record", "measure", "words")}
    applied, at = request.POST.get("applied") == "yes", request.POST.get("at", "")
    return done(
        request,
        lambda: credit.feed_back_dealing(request.actor, credit_dealing, applied=applied, **given),
        "已经反馈，记入联合奖惩案例。" if applied else "已经反馈没有实施的理由。",
        to=("office-credit-dealing", credit_dealing),
        again=lambda error: _one(request, credit_dealing, Refused(at, given["words"], error)),
    )
