# SPDX-License-Identifier: Apache-2.0
"""Agents of a firm (授权经办人): the legal representative says who may act for it, in what, until when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.identity import public as identity
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import add_error, done
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import Kind, NotFound, YiwangError

EVERYTHING, CHOSEN = "all", "chosen"


class AgentForm(forms.Form):
    """Whom, in what, until when."""

    use_required_attribute = False
    name = forms.CharField(
        label="经办人姓名",
        max_length=60,
        help_text="与身份证一致",
        error_messages={"required": "请填写姓名。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    id_number = forms.CharField(
        label="经办人公民身份号码",
        max_length=30,
        error_messages={"required": "请填写公民身份号码。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    scope = forms.ChoiceField(
        label="授权哪些事",
        choices=[
            (CHOSEN, "只限下面勾选的事"),
            (EVERYTHING, "全部事项（也包括信用、签章等没有列出的事）"),
        ],
        initial=CHOSEN,
        widget=forms.RadioSelect,
        error_messages={"required": "请选授权哪些事。"},
    )
    matters = forms.MultipleChoiceField(
        label="可以办哪几类事",
        choices=[(one.value, one.term) for one in Matter],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="选了“全部事项”的，不用勾",
    )
    valid_to = forms.DateField(
        label="到哪天为止",
        required=False,
        help_text="含当天；不填，到您撤销为止",
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": "日期写成 2026-12-31 的样子。"},
    )


def led_firm(actor: Actor, firm: str) -> identity.Subject:
    """A firm whose legal representative the actor is. Raises NotFound, in the same words for any other."""
    for one in identity.firms_of(actor):
        if one.public_id == firm and identity.firm_facts(firm).representative_id == actor.id:
            return one
    raise NotFound("没有这家企业，或者您不是它的法定代表人。", mend="授权由法定代表人登录后办理。")


@access(person=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agents(request: RequestWithActor, led: str) -> HttpResponseBase:
    """Who may act for the firm; authorise one more, or one anew in place of before."""
    one = led_firm(request.actor, led)
    held = identity.mandates_of(request.actor, led)
    form = AgentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _authorised(request, form, led):
        return redirect("portal:agents", led)
    page = {"here": "firm", "firm": one, "form": form, "agents": held}
    return render(request, "desks/portal/agents.html", page, status=400 if form.errors else 200)


def _authorised(request: RequestWithActor, form: AgentForm, firm: str) -> bool:
    given: dict[str, Any] = form.cleaned_data
    chosen = {Matter(one) for one in given["matters"]}
    try:
        agent = identity.find_person(given["id_number"], given["name"])
        identity.give_mandate(
            request.actor, firm, agent.public_id, valid_to=given["valid_to"],
            matters=None if given["scope"] == EVERYTHING else chosen,
        )  # fmt: skip
    except NotFound as error:
        form.add_error("name", str(error))
        return False
    except YiwangError as error:
        if error.kind is Kind.FORBIDDEN:
            raise
        add_error(form, error)
        return False
    messages.success(request, "已经授权，马上生效；随时可以撤销。")
    return True


@access(person=True)
@require_POST
def revoke(request: RequestWithActor, led: str) -> HttpResponseBase:
    """Take an agent's authority back."""
    led_firm(request.actor, led)
    agent = request.POST.get("agent", "")
    return done(
        request,
        lambda: identity.revoke_mandate(request.actor, led, agent),
        "已经撤销，这个人从现在起不能再代表企业。",
        to=("portal:agents", led),
    )
