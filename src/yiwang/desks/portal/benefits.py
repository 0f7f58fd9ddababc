# SPDX-License-Identifier: Apache-2.0
"""我的惠企惠民: what one is owed without having applied: confirm once, decline, follow, object; what one may
apply for, and whether letters about it are wanted; the list that is shown in public before money is paid."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.benefits import public as benefits
from yiwang.apps.catalogue.public import current
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import add_error
from yiwang.desks.middleware import tell
from yiwang.kernel.errors import NotFound, YiwangError


class AccountForm(forms.Form):
    """Where the money goes."""

    holder = forms.CharField(label="户名", max_length=80, help_text="必须是本人（本企业）名下的账户")
    bank = forms.CharField(label="开户银行", max_length=60, help_text="例如：中国农业银行驻马店驿城支行")
    number = forms.CharField(
        label="账号", max_length=40, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
    )


class ObjectionForm(forms.Form):
    """What is wrong."""

    words = forms.CharField(
        label="哪里不对",
        max_length=1_000,
        widget=forms.Textarea({"rows": 5}),
        help_text="写清楚事实，5到1000个字",
    )


@access(person=True)
@require_safe
def listed(request: RequestWithActor) -> HttpResponseBase:
    """Everything one is owed, what waits for an answer first; what one may apply for; one's objections."""
    found = benefits.claims_of(request.actor)
    page = {
        "here": "benefits",
        "waiting": [one for one in found if one.state is benefits.State.NOTICED],
        "others": [one for one in found if one.state is not benefits.State.NOTICED],
        "unclaimed": benefits.unclaimed(request.actor),
        "letters": benefits.letters(request.actor),
        "objections": benefits.objections(request.actor),
    }
    return render(request, "desks/portal/benefits.html", page)


@access(person=True)
@require_POST
def choose_letters(request: RequestWithActor) -> HttpResponseBase:
    """Whether letters about what one may apply for are wanted, for oneself or a firm."""
    wanted = request.POST.get("wanted") == "yes"
    try:
        benefits.choose_letters(request.actor, request.POST.get("subject", ""), wanted=wanted)
    except YiwangError as error:
        tell(request, error)
    else:
        done = "有新的会写信告诉您。" if wanted else "不再写信，这里照样能看到。"
        messages.success(request, f"已经记下：{done}")
    return redirect(reverse("portal:benefits") + "#letters")


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: RequestWithActor, claim: str) -> HttpResponseBase:
    """One claim: why, how much; confirm it with an account."""
    one = benefits.claim_view(request.actor, claim)
    form = AccountForm(
        request.POST if request.method == "POST" else None, initial={"holder": one.subject_name}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            benefits.confirm(
                request.actor, claim, holder=given["holder"], bank=given["bank"], account=given["number"]
            )
        except YiwangError as error:
            add_error(form, error)
        else:
            messages.success(request, "已经确认。拨付后会给您发通知，不用再跑。")
            return redirect("portal:benefits")
    return _page(request, one, form)


def _page(request: RequestWithActor, one: benefits.ClaimView, form: forms.Form) -> HttpResponse:
    policy = current().catalogue.others.get("policies", {}).get(one.policy)
    page = {"here": "benefits", "one": one, "form": form, "policy": policy}
    page["waits"] = one.state is benefits.State.NOTICED
    return render(request, "desks/portal/benefit.html", page, status=400 if form.errors else 200)


@access(person=True)
@require_POST
def decline(request: RequestWithActor, claim: str) -> HttpResponseBase:
    """Not wanted."""
    try:
        benefits.decline(request.actor, claim)
    except NotFound:
        raise
    except YiwangError as error:
        tell(request, error)
    else:
        messages.success(request, "已经记下：这一项您不享受。")
    return redirect("portal:benefits")


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: RequestWithActor, policy: str = "", claim: str = "") -> HttpResponseBase:
    """Say that a claim is wrong, or (by its policy) that one was left out."""
    if claim:
        policy = benefits.policy_objected_to(request.actor, claim)
    named = current().catalogue.others.get("policies", {}).get(policy)
    if named is None:
        raise NotFound("没有这项政策。", mend="请从政策列表中选择。")
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            benefits.object_to(request.actor, policy=policy, claim=claim, words=form.cleaned_data["words"])
        except NotFound:
            raise
        except YiwangError as error:
            add_error(form, error)
        else:
            messages.success(request, "已经提交，责任部门会按期答复，结果会通知您。")
            return redirect("portal:benefits")
    page = {"here": "benefits", "form": form, "policy": named, "claim": claim}
    return render(request, "desks/portal/benefit_objection.html", page, status=400 if form.errors else 200)


@access(public=True, why="公示的名单，证件号码已脱敏")
@require_safe
def shown(request: RequestWithActor) -> HttpResponseBase:
    """Who will be paid what, before it is paid; and what was paid this year, in counts and sums."""
    year = timezone.localdate().year
    page = {
        "rows": benefits.shown(),
        "sheets": benefits.shown_sheets(),
        "year": year,
        "results": benefits.results(year),
    }
    return render(request, "desks/portal/benefits_shown.html", page)
