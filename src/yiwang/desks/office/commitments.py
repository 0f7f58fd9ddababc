# SPDX-License-Identifier: Apache-2.0
"""告知承诺核查: what is due, what other bodies ask of us, one check from the first look to its conclusion."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yiwang.apps.casework.public import case_view, find_commitment_untrue
from yiwang.apps.catalogue.public import current
from yiwang.apps.commitments import public as commitments
from yiwang.apps.commitments.public import CheckView, Found, Method
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import ids_of
from yiwang.desks.console.told_forms import tried
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import Invalid

from .commitment_forms import (
    REFUSED,
    AnswerForm,
    EarlyForm,
    EndForm,
    HelpForm,
    LookForm,
    MendedForm,
    UntrueForm,
)


@access(roles=commitments.CHECKS)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """What the officer's department has to check; what it was asked to help with, and its answer."""
    typed, status = request.POST.get("help", ""), 200
    form = AnswerForm(request.POST or None, auto_id=ids_of(typed))
    if request.method == "POST":
        done, status = tried(form, lambda: _answer(request.actor, form.cleaned_data))
        if done:
            messages.success(request, done)
            return redirect("office-commitments")
    asked = [
        (one, form if one.public_id == typed else _answering(one.public_id))
        for one in commitments.asked_of_us(request.actor)
    ]
    lost = form.is_bound and form not in [own for _, own in asked]
    page = {"rows": commitments.due_checks(request.actor), "asked": asked, "form": form, "lost": lost}
    return render(request, "desks/office/commitments.html", page, status=status)


def _answering(help_id: str) -> AnswerForm:
    return AnswerForm(initial={"help": help_id}, auto_id=ids_of(help_id))


def _answer(actor: Actor, given: dict[str, str]) -> str:
    found = None if given["found"] == REFUSED else Found(given["found"])
    commitments.answer_help(actor, given["help"], found=found, words=given["words"])
    return "已答复。"


@access(roles=commitments.CHECKS)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: RequestWithActor, commitment_check: str) -> HttpResponseBase:
    """One check: write down a look, ask for help, conclude. What was typed stays when something is wrong."""
    seen = commitments.check_view(request.actor, commitment_check)
    act, form, status = request.POST.get("act", ""), None, 200
    if request.method == "POST":
        form = _form(act, seen, request.POST)
        done, status = tried(form, lambda: _do(request.actor, commitment_check, act, form))
        if done:
            messages.success(request, done)
            return redirect("office-commitment", commitment_check)
    shown = [(name, form if name == act and form else _form(name, seen)) for name in _offered(seen)]
    page = {"seen": seen, "acts": dict(shown), "form": form, "lost": form and act not in dict(shown)}
    return render(request, "desks/office/commitment.html", page, status=status)


def _offered(seen: CheckView) -> list[str]:
    """The acts whose turn it may be."""
    acts = ["look", "help"] if seen.is_open else []
    if seen.is_open and seen.settled is Found.TRUE:
        acts.append("true")
    if seen.is_open and seen.settled is Found.UNTRUE and seen.may_decide:
        acts.append("untrue")
    return [*acts, "mended"] if seen.row.mend_until else acts


def _form(act: str, seen: CheckView, data: QueryDict | None = None) -> forms.Form:
    """The form of an act. Raises Invalid for an act there is not."""
    given: dict[str, Any] = {"data": data, "auto_id": f"{act}-%s"}
    if act == "help":
        orgs = current().catalogue.orgs.items()
        others = sorted((one.name, key) for key, one in orgs if key != seen.row.org)
        return HelpForm(**given, orgs=[(key, name) for name, key in others])
    plain = {"look": LookForm, "true": EndForm, "untrue": UntrueForm, "mended": MendedForm}
    if act not in plain:
        raise Invalid("没有这个操作。", mend="请刷新页面后重试。")
    return plain[act](**given)


def _do(actor: Actor, check: str, act: str, form: forms.Form) -> str:
    """Do what a sound form says; what was done, in words."""
    given = form.cleaned_data
    if act == "look":
        method, found = Method(given["method"]), Found(given["found"])
        commitments.look(actor, check, method=method, found=found, words=given["words"])
        return "已记下核查结果。"
    if act == "help":
        commitments.ask_help(actor, check, org=given["org"], question=given["question"])
        return "已请求协助，对方答复后会显示在这里。"
    if isinstance(form, UntrueForm):
        commitments.conclude_untrue(actor, check, form.untruth)
        return "已办结：承诺不实，证照已撤销，已责令整改并计入信用记录。"
    if act == "mended":
        commitments.note_mended(actor, check, words=given["words"])
        return "已记下整改情况。"
    commitments.conclude_true(actor, check)
    return "已办结：承诺属实，履行情况已计入信用记录。"


@access(roles=(Role.APPROVER,))
@require_http_methods(["GET", "HEAD", "POST"])
def untrue_early(request: RequestWithActor, case_id: str) -> HttpResponseBase:
    """Before the decision: say that what was committed is untrue; the proof is asked for instead."""
    seen, status = case_view(request.actor, case_id), 200
    standing = [one for one in seen.documents if one.letter is not None and one.letter.state.stands]
    letters = [(one.material, one.name) for one in standing]
    form = EarlyForm(request.POST or None, auto_id="%s", letters=letters)

    def do() -> str:
        find_commitment_untrue(request.actor, case_id, form.cleaned_data["material"], form.untruth)
        return "已记下：承诺不实，不再凭它办理，已请申请人补交材料，并计入信用记录。"

    if request.method == "POST":
        done, status = tried(form, do)
        if done:
            messages.success(request, done)
            return redirect("office-case", case_id)
    elif not standing or not seen.item.open:
        return redirect("office-case", case_id)
    page = {"case": seen, "form": form}
    return render(request, "desks/office/commitment_untrue.html", page, status=status)
