# SPDX-License-Identifier: Apache-2.0
"""公共信用: what everybody may look up, what is kept about oneself, objection and repair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.credit import public as credit
from yiwang.apps.identity.public import firms_of
from yiwang.apps.journal.public import looks_at
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import add_error
from yiwang.desks.middleware import STATUS
from yiwang.engines.credit import CreditBook
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid, YiwangError

LAW = "驻政〔2018〕85号 L631：行政许可、行政处罚和红黑名单向社会公示"
_LOOKS = 20


@access(public=True, why=LAW)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: RequestWithActor) -> HttpResponse:
    """The public part by full name or code; posted, so that what is typed stands in no address."""
    asked, found, error = request.POST.get("q", "").strip(), [], None
    if asked:
        try:
            found = credit.public_search(asked)
        except YiwangError as wrong:
            error = wrong
    page = {"asked": asked if error is None or error.field is None else "", "found": found, "error": error}
    status = STATUS[error.kind] if error else 200
    return render(request, "desks/portal/credit.html", page, status=status)


@access(public=True, why=LAW)
@require_safe
def lists(request: RequestWithActor) -> HttpResponse:
    """Who stands on the red and black lists now; by which standard one gets on each list and off it."""
    entries = CreditBook.of(current().catalogue).entries.values()
    page = {"lines": credit.public_lists(), "standards": [one for one in entries if one.entering is not None]}
    return render(request, "desks/portal/credit_lists.html", page)


@access(public=True, why="驻政〔2018〕85号 L715：年中、年底通报落实情况")
@require_safe
def bulletins(request: RequestWithActor) -> HttpResponse:
    """The half-year figures of public credit, the newest first."""
    return render(request, "desks/portal/credit_bulletins.html", {"every": credit.bulletins()})


class ObjectForm(forms.Form):
    """What is wrong with a record."""

    use_required_attribute = False
    words = forms.CharField(
        label="哪里不对、为什么",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明事实和理由，不少于5个字",
        error_messages={"required": "请写明哪里不对。"},
    )
    proof = forms.FileField(
        label="证据（可以不交）", required=False, help_text="PDF、OFD 或照片，每份不超过10MB"
    )


class RepairForm(forms.Form):
    """How it was mended; the commitment and training where the conditions ask for them."""

    use_required_attribute = False
    way = forms.ChoiceField(
        label="怎样修复的", choices=[(one.value, one.value) for one in credit.Way],
        initial=credit.Way.MENDED.value, widget=forms.RadioSelect,
        error_messages={"required": "请选择怎样修复的。"},
    )  # fmt: skip
    words = forms.CharField(
        label="纠正和履行的情况",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写明怎样纠正、履行。"},
    )
    promise = forms.CharField(
        label="信用承诺",
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：以后守法经营，不再发生同类问题。修复后公开",
        error_messages={"required": "请写一段承诺，修复后公开。"},
    )
    trained_on = forms.DateField(
        label="参加信用修复培训的日期", widget=forms.DateInput({"type": "date"}),
        error_messages={"required": "请填写哪天参加的培训。", "invalid": "日期的写法不对，例如 2026-01-04。"},
    )  # fmt: skip
    trained_at = forms.CharField(
        label="培训名称和证明编号", max_length=200, error_messages={"required": "请填写培训名称和证明编号。"}
    )
    proof = forms.FileField(label="证明材料", required=False, help_text="PDF、OFD 或照片，每份不超过10MB")

    def ask(self, one: credit.RecordView) -> None:
        """Ask for what the conditions of this record ask for."""
        self.fields["promise"].required = one.asks_promise
        if not one.asks_training:
            del self.fields["trained_on"], self.fields["trained_at"]


class DefenceForm(forms.Form):
    """What somebody says before something is decided about a list."""

    use_required_attribute = False
    words = forms.CharField(
        label="陈述、申辩",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明同意不同意、为什么，不少于5个字",
        error_messages={"required": "请写明您的意见。"},
    )


@access(person=True)
@require_safe
def mine(request: RequestWithActor) -> HttpResponse:
    """All about oneself, or one's firm; who looked."""
    whom = _whom(request.actor)
    chosen = request.GET.get("subject", "")
    chosen = chosen if chosen in dict(whom) else request.actor.id
    page = {
        "whom": whom,
        "chosen": chosen,
        "name": dict(whom)[chosen],
        "records": credit.own_records(request.actor, chosen),
        "hearings": credit.own_hearings(request.actor, chosen),
        "looks": [one for one in looks_at(chosen) if one["action"].startswith("credit.")][:_LOOKS],
    }
    return render(request, "desks/portal/my_credit.html", page)


def _whom(actor: Actor) -> list[tuple[str, str]]:
    return [(actor.id, f"{actor.name}（本人）"), *((one.public_id, one.name) for one in firms_of(actor))]


@access(person=True)
@require_safe
def one(request: RequestWithActor, credit_record: str) -> HttpResponseBase:
    """One record with its history, and what may be done about it."""
    return _one(request, credit_record, ObjectForm(prefix="o"), RepairForm(prefix="r"))


def _one(
    request: RequestWithActor, record: str, objecting: ObjectForm, repairing: RepairForm
) -> HttpResponseBase:
    view = credit.record_view(request.actor, record)
    if not repairing.is_bound:
        repairing.ask(view)
    page = {"one": view, "objecting": objecting, "repairing": repairing}
    status = 400 if objecting.errors or repairing.errors else 200
    return render(request, "desks/portal/credit_record.html", page, status=status)


@access(person=True)
@require_POST
def object_to(request: RequestWithActor, credit_record: str) -> HttpResponseBase:
    """Raise an objection."""
    form = ObjectForm(request.POST, request.FILES, prefix="o")

    def do(files: list[str]) -> None:
        credit.object_to(request.actor, credit_record, words=form.cleaned_data["words"], files=files)

    if _done(request, credit_record, form, do):
        messages.success(request, "异议已经提出，作出决定的单位会在期限内核查，结果会通知您。")
        return redirect("portal:credit_record", credit_record)
    return _one(request, credit_record, form, RepairForm(prefix="r"))


@access(person=True)
@require_POST
def repair(request: RequestWithActor, credit_record: str) -> HttpResponseBase:
    """Ask for a repair."""
    form = RepairForm(request.POST, request.FILES, prefix="r")

    def do(files: list[str]) -> None:
        given = {name: value for name, value in form.cleaned_data.items() if name != "proof"}
        given["way"] = credit.Way(given["way"])
        credit.ask_repair(request.actor, credit.NewRepair(credit_record, files=files, **given))

    if _done(request, credit_record, form, do):
        messages.success(request, "修复申请已经提交，结果会通知您；同意后这条信息即日起不再公示和使用。")
        return redirect("portal:credit_record", credit_record)
    return _one(request, credit_record, ObjectForm(prefix="o"), form)


def _done(request: RequestWithActor, record: str, form: forms.Form, do: Callable[[list[str]], None]) -> bool:
    """Whether it was done; what is wrong stands beside the form, with what was typed."""
    view = credit.record_view(request.actor, record)
    if isinstance(form, RepairForm):
        form.ask(view)
    if not form.is_valid():
        return False
    try:
        do(_stored(request.actor, view.subject, request.FILES, form.prefix or ""))
    except YiwangError as error:
        add_error(form, error)
        return False
    return True


def _stored(actor: Actor, subject: str, files: MultiValueDict[str, Any], prefix: str) -> list[str]:
    return [
        credit.store_evidence(actor, subject=subject, name=getattr(file, "name", "") or "", content=file)
        for file in files.getlist(f"{prefix}-proof")
    ]


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def defend(request: RequestWithActor, credit_hearing: str) -> HttpResponseBase:
    """Say something before being entered on a list, or taken off one."""
    one, form = _told(request.actor, credit_hearing), DefenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            credit.defend(request.actor, one.id, words=form.cleaned_data["words"])
        except Invalid as error:
            add_error(form, error)
        else:
            messages.success(request, "您的陈述申辩已经收到，决定时会一并考虑。")
            return redirect("portal:my_credit")
    page = {"one": one, "form": form}
    return render(request, "desks/portal/credit_hearing.html", page, status=400 if form.errors else 200)


def _told(actor: Actor, wanted: str) -> credit.HearingView:
    """What the actor or one of their firms was told. Raises NoSuchRecord."""
    every = (one for subject in (actor.id, *actor.firms) for one in credit.own_hearings(actor, subject))
    found = next((one for one in every if one.id == wanted), None)
    if found is None:
        raise credit.NoSuchRecord
    return found
