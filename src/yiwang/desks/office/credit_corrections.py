# SPDX-License-Identifier: Apache-2.0
"""公共信用, the units' side: correcting one record on a page, taking somebody off a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.credit import public as credit
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import add_error, done
from yiwang.engines.credit import CreditEntry
from yiwang.kernel.errors import YiwangError

from .credit import DEPARTMENT, again

_OWN = "f-"  # before the name of each of the entry's own fields


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class CorrectForm(forms.Form):
    """What a record shall say, and why it is corrected; `version`: the one that is corrected."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="标题", max_length=200)
    basis = forms.CharField(label="依据", max_length=1_000)
    happened_on = forms.DateField(label="发生日期", widget=_day())
    decided_on = forms.DateField(label="决定日期", widget=_day())
    until = forms.DateField(label="有效期止（没有就不填）", required=False, widget=_day())
    severity = forms.ChoiceField(label="失信程度")
    told_on = forms.DateField(label="列入前告知的日期", required=False, widget=_day())
    item = forms.CharField(label="事项编号（没有就不填）", max_length=80, required=False)
    code = forms.CharField(
        label="更正为另一个单位：它的统一社会信用代码", max_length=30, required=False,
        help_text="对象没有写错的不填",
    )  # fmt: skip
    reason = forms.CharField(
        label="更正原因", max_length=1_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写清楚原来哪里不对；当事人看得到",
    )  # fmt: skip

    def __init__(self, entry: CreditEntry, *given: Any, **also: Any) -> None:
        super().__init__(*given, **also)
        degrees = [(one.value, one.value) for one in entry.severities()]
        if degrees:
            self.fields["severity"].choices = degrees  # type: ignore[attr-defined]
        else:
            del self.fields["severity"]
        if entry.entering is None:
            del self.fields["told_on"]
        own = {
            _OWN + one.name: forms.CharField(label=one.name, required=one.required, max_length=4_000)
            for one in entry.fields
        }
        last = {name: self.fields.pop(name) for name in ("code", "reason")}
        self.fields |= own | last


def _initial(one: credit.RecordView) -> dict[str, Any]:
    given = {
        "version": one.number, "title": one.title, "basis": one.basis, "happened_on": one.happened_on,
        "decided_on": one.decided_on, "until": one.until, "severity": one.severity, "item": one.item,
    }  # fmt: skip
    return given | {_OWN + name: text for name, text in one.fields.items()}


def _new(one: credit.RecordView, given: dict[str, Any]) -> credit.NewRecord:
    return credit.NewRecord(
        catalogue=one.entry.id, subject=credit.firm_with(given["code"]) if given["code"] else one.subject,
        title=given["title"], basis=given["basis"], happened_on=given["happened_on"],
        decided_on=given["decided_on"], org=one.org, reference=one.reference, until=given["until"],
        fields={name.removeprefix(_OWN): text for name, text in given.items() if name.startswith(_OWN)},
        severity=credit.Severity(given["severity"]) if given.get("severity") else None,
        item=given["item"], told_on=given.get("told_on"), case=one.case,
    )  # fmt: skip


@access(roles=DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: RequestWithActor, credit_record: str) -> HttpResponseBase:
    """Correct a record of the unit's own by a further version, with the reason."""
    one = credit.record_view(request.actor, credit_record)
    form = CorrectForm(one.entry, request.POST or None, initial=_initial(one))
    if request.method == "POST" and form.is_valid() and _corrected(request, one, form):
        messages.success(request, "已经更正，原来的版本保留在更正过程里，当事人已收到通知。")
        return redirect("office-credit-record", credit_record)
    page = {"form": form, "one": one}
    return render(request, "desks/office/credit_correct.html", page, status=400 if form.errors else 200)


def _corrected(request: RequestWithActor, one: credit.RecordView, form: CorrectForm) -> bool:
    given = form.cleaned_data
    try:
        credit.correct_record(
            request.actor, one.id, _new(one, given), version=given["version"], reason=given["reason"]
        )
    except YiwangError as error:
        add_error(form, error)
        return False
    return True


@access(roles=DEPARTMENT)
@require_POST
def decide_removal(request: RequestWithActor, credit_removal: str) -> HttpResponseBase:
    """Take somebody off a list for the clean, or leave them on it."""
    remove, words = request.POST.get("remove") == "yes", request.POST.get("words", "")
    return done(
        request,
        lambda: credit.decide_removal(request.actor, credit_removal, remove=remove, words=words),
        "已经移出名单，结果已通知本人。" if remove else "保留在名单上，结果已通知本人。",
        to=("office-credit",),
        again=again(request, credit_removal),
    )
