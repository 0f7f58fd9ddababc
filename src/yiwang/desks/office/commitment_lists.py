# SPDX-License-Identifier: Apache-2.0
"""告知承诺清单: a department sends a changed list, justice reviews it, the approval is noted, it is filed
with the province; a county draws up, reviews, publishes and files its own."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yiwang.apps.commitments import public as commitments
from yiwang.apps.commitments.public import ListView
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import ids_of
from yiwang.desks.console.told_forms import tried
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid

from .commitment_forms import ApproveForm, ReferenceForm, ReviewForm, SendForm

_KEYS = ("org", "release", "place")


@access(roles=commitments.LISTS)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The versions the officer has to do with; lists of drafted releases that wait to be sent."""
    actor, status = request.actor, 200
    form = SendForm(request.POST or None, auto_id=_ids(request.POST))
    if request.method == "POST":
        made, status = tried(form, lambda: _send(actor, form.cleaned_data))
        if made:
            messages.success(request, "已报送，等待审核。")
            return redirect("office-commitment-list", made)
    waiting = [
        (one, _form_of({"org": one.org, "release": one.release}, form))
        for one in commitments.lists_to_send(actor)
    ]
    counties = [
        (place, name, _form_of({"place": place}, form))
        for place, name in commitments.counties_to_draw_up(actor)
    ]
    shown = [one[-1] for one in (*waiting, *counties)]
    page = {
        "rows": commitments.lists_to_work_on(actor),
        "waiting": waiting,
        "counties": counties,
        "form": form,
        "lost": form.is_bound and form not in shown,
    }
    return render(request, "desks/office/commitment_lists.html", page, status=status)


def _form_of(given: Mapping[str, str], typed: SendForm) -> SendForm:
    """The form of one list: the one that was typed in, where it was this one's."""
    mine = typed.is_bound and all(typed.data.get(key, "") == given.get(key, "") for key in _KEYS)
    return typed if mine else SendForm(initial=dict(given), auto_id=_ids(given))


def _ids(given: Mapping[str, str]) -> str:
    """Ids of the fields of one form among several."""
    return ids_of("-".join([given.get(key, "")[:12] for key in _KEYS]))


def _send(actor: Actor, given: Mapping[str, str]) -> str:
    if place := given["place"]:
        return commitments.draw_up_county_list(actor, place, reason=given["words"])
    if not given["org"] or not given["release"]:
        raise Invalid("请选择要报送的清单。", mend="从“等着报送”的里面选一份。")
    return commitments.send_list(actor, given["org"], given["release"], reason=given["words"])


@access(roles=commitments.LISTS)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: RequestWithActor, commitment_list: str) -> HttpResponseBase:
    """One version with what it changes; the step whose turn it is."""
    seen = commitments.list_view(request.actor, commitment_list)
    act, form, status = request.POST.get("act", ""), None, 200
    if request.method == "POST":
        form = _form(act, seen, request.POST)
        done, status = tried(form, lambda: _do(request.actor, commitment_list, act, form))
        if done:
            messages.success(request, done)
            return redirect("office-commitment-list", commitment_list)
    acts = {name: form if name == act and form else _form(name, seen) for name in _offered(seen)}
    page = {"seen": seen, "acts": acts, "form": form, "lost": form and act not in acts}
    return render(request, "desks/office/commitment_list.html", page, status=status)


def _offered(seen: ListView) -> list[str]:
    """The acts whose turn it is for this officer."""
    turns = {
        "review": seen.may_review,
        "approve": seen.may_approve,
        "publish": seen.may_publish,
        "file": seen.may_file,
    }
    return [act for act, may in turns.items() if may]


def _form(act: str, seen: ListView, data: QueryDict | None = None) -> forms.Form:
    """The form of an act. Raises Invalid for an act there is not."""
    ids = f"{act}-%s"
    if act == "review":
        yes = "同意，报县区政府公布" if seen.row.place else "同意，报市政府审定"
        return ReviewForm(data, auto_id=ids, yes=yes)
    if act == "approve":
        return ApproveForm(data, auto_id=ids, yes="审定通过")
    if act in ("publish", "file"):
        return ReferenceForm(data, auto_id=ids)
    raise Invalid("没有这个操作。", mend="请刷新页面后重试。")


def _do(actor: Actor, made: str, act: str, form: forms.Form) -> str:
    """Do what a sound form says; what was done, in words."""
    given = form.cleaned_data
    if isinstance(form, ApproveForm):
        words, reference, agree = given["words"], given["reference"], form.agreed
        commitments.approve_list(actor, made, agree=agree, reference=reference, words=words)
        return "已登记审定结果，目录管理员可以发布这个目录版本。" if agree else "已退回修改。"
    if isinstance(form, ReviewForm):
        commitments.review_list(actor, made, agree=form.agreed, words=given["words"])
        return "已审核。" if form.agreed else "已退回修改。"
    if act == "publish":
        commitments.publish_county_list(actor, made, reference=given["reference"])
        return "已登记公布，所有人都能在网上看到。"
    commitments.file_list(actor, made, reference=given["reference"])
    return "已登记备案。"
