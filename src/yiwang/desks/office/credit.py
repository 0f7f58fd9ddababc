# SPDX-License-Identifier: Apache-2.0
"""公共信用, the units' side: send records, answer objections, decide repairs, enter on lists, look up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.casework.public import feed_back_credit
from yiwang.apps.catalogue.public import current
from yiwang.apps.credit import public as credit
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import Refused, add_error, as_file, done, org_name
from yiwang.engines.credit import CreditBook
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import YiwangError

DEPARTMENT = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.DATA)
READERS = (*DEPARTMENT, Role.AUDITOR)


class DeliverForm(forms.Form):
    """A file with records of one kind."""

    use_required_attribute = False
    org = forms.ChoiceField(label="单位")
    catalogue = forms.ChoiceField(label="信用信息目录")
    file = forms.FileField(
        label="文件（CSV 或 Excel）",
        help_text="按模板填写；最后一行写“合计”和条数，用来核对文件有没有传完整",
        error_messages={"required": "请选择文件。"},
    )


class LookForm(forms.Form):
    """Whom to look up, for what."""

    use_required_attribute = False
    number = forms.CharField(
        label="统一社会信用代码或者公民身份号码", max_length=30, error_messages={"required": "请填写。"}
    )
    purpose = forms.CharField(
        label="查询用途", max_length=200, help_text="会登记下来，被查询人可以看到",
        error_messages={"required": "请写明查询用途。"},
    )  # fmt: skip
    case = forms.CharField(label="为哪个办件（没有就不填）", max_length=60, required=False)


def orgs_for(actor: Actor) -> list[tuple[str, str]]:
    """The units an officer tells for: (id, name), by id."""
    mine = {post.org for post in actor.posts if post.role in DEPARTMENT and post.org}
    return sorted((org, org_name(org)) for org in mine)


@access(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: RequestWithActor) -> HttpResponseBase:
    """What waits, what was sent, how it is kept; a file is sent here."""
    form = _deliver_form(request, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _delivered(request, form):
        return redirect("office-credit")
    return _home(request, form)


def again(request: RequestWithActor, about: str) -> Callable[[YiwangError], HttpResponseBase]:
    """The page of the unit once more, with what was typed about one of its matters and what is wrong."""
    words = request.POST.get("words", "")
    return lambda error: _home(request, _deliver_form(request), Refused(about, words, error))


def _home(request: RequestWithActor, form: DeliverForm, refused: Refused | None = None) -> HttpResponse:
    actor, orgs = request.actor, orgs_for(request.actor)
    status = refused.status if refused else 400 if form.errors else 200
    asked = request.GET.get("reference", "")
    page = {
        "form": form if orgs else None,
        "entries": _entries() if orgs else (),
        "matters": credit.matters(actor) if orgs or actor.has(Role.AUDITOR) else None,
        "deliveries": credit.deliveries(actor),
        "units": credit.late_units(actor),
        "today": timezone.localdate(),
        "outcomes": list(credit.Outcome),
        "records": credit.records_of_unit(actor, reference=asked),
        "asked": asked,
        "refused": refused,
    }
    return render(request, "desks/office/credit.html", page, status=status)


def _deliver_form(request: RequestWithActor, *sent: Any) -> DeliverForm:
    form = DeliverForm(*sent)
    form.fields["org"].choices = orgs_for(request.actor)  # type: ignore[attr-defined]
    form.fields["catalogue"].choices = _entries()  # type: ignore[attr-defined]
    return form


def _entries() -> list[tuple[str, str]]:
    """What may be delivered: (id, name)."""
    return [(key, one.name) for key, one in CreditBook.of(current().catalogue).entries.items()]


def _delivered(request: RequestWithActor, form: DeliverForm) -> bool:
    given = form.cleaned_data
    try:
        got = credit.deliver_file(
            request.actor, given["file"].read(), org=given["org"], catalogue=given["catalogue"]
        )
    except YiwangError as error:
        add_error(form, error)
        return False
    before = "这份文件以前收到过，没有重复入库。" if got.again else ""
    messages.success(
        request,
        f"{before}共{got.rows}条：入库{got.taken}条、更正{got.corrected}条、重复{got.repeated}条、"
        f"等待单位登记{got.waiting}条、退回{got.rejected}条。"
        f"{'退回的请下载后按原因改好再报送。' if got.rejected else ''}",
    )
    return True


@access(roles=READERS)
@require_safe
def rejects(request: RequestWithActor, credit_delivery: str) -> HttpResponse:
    """What was sent back of a delivery, as a file with the reasons."""
    answer = HttpResponse(
        credit.rejects_file(request.actor, credit_delivery), content_type="text/csv; charset=utf-8"
    )
    answer["Cache-Control"] = "private, no-store"
    return as_file(answer, "退回的信用信息.csv")


@access(roles=READERS)
@require_safe
def template(request: RequestWithActor) -> HttpResponse:
    """An empty file with the columns of an entry."""
    entry = request.GET.get("entry", "")
    answer = HttpResponse(credit.template_file(entry), content_type="text/csv; charset=utf-8")
    return as_file(answer, "信用信息报送模板.csv")


@access(roles=DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: RequestWithActor) -> HttpResponseBase:
    """Look somebody up, with purpose and case; the look is registered."""
    form, found = LookForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            found = credit.look_up(
                request.actor, given["number"], purpose=given["purpose"], case=given["case"]
            )
        except YiwangError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    page = {"form": form, "found": found}
    return render(request, "desks/office/credit_look.html", page, status=400 if form.errors else 200)


@access(roles=DEPARTMENT)
@require_safe
def evidence(request: RequestWithActor, credit_matter: str) -> HttpResponse:
    """A file that came with an objection or a repair; the look is logged. `n`: which one, from 0."""
    given = request.GET.get("n", "0")
    name, content = credit.evidence_of(
        request.actor, credit_matter, int(given) if given.isdecimal() and len(given) < 3 else 99
    )
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Cache-Control"] = "private, no-store"
    return as_file(answer, name)


@access(roles=READERS)
@require_safe
def record(request: RequestWithActor, credit_record: str) -> HttpResponse:
    """A record of the unit's own, whole; the look is logged."""
    return _record(request, credit_record)


def _record(request: RequestWithActor, record: str, refused: Refused | None = None) -> HttpResponse:
    one = credit.record_view(request.actor, record)
    page = {"one": one, "mine": one.org in dict(orgs_for(request.actor)), "refused": refused}
    return render(request, "desks/office/credit_record.html", page, status=refused.status if refused else 200)


@access(roles=DEPARTMENT)
@require_POST
def withdraw(request: RequestWithActor, credit_record: str) -> HttpResponseBase:
    """The decision was revoked: the record never counted."""
    reason = request.POST.get("reason", "")
    return done(
        request,
        lambda: credit.withdraw(request.actor, credit_record, reason=reason),
        "已经撤下，公示和惩戒即时终止。",
        to=("office-credit-record", credit_record),
        again=lambda error: _record(request, credit_record, Refused(credit_record, reason, error)),
    )


@access(roles=DEPARTMENT)
@require_POST
def feed_back(request: RequestWithActor, case_id: str) -> HttpResponseBase:
    """Say what was done about a measure in a case."""
    given = {name: request.POST.get(name, "") for name in ("record", "measure", "words")}
    applied = request.POST.get("applied") == "yes"
    return done(
        request,
        lambda: feed_back_credit(request.actor, case_id, applied=applied, **given),
        "已经反馈，记入信用核查记录。",
        to=("office-case", case_id),
    )


@access(roles=DEPARTMENT)
@require_POST
def answer(request: RequestWithActor, credit_objection: str) -> HttpResponseBase:
    """Answer an objection."""
    outcome, words = request.POST.get("outcome", ""), request.POST.get("words", "")
    if outcome not in list(credit.Outcome):
        outcome, words = credit.Outcome.DISMISSED, ""  # nothing was chosen: refused for want of words
    return done(
        request,
        lambda: credit.answer(request.actor, credit_objection, outcome=credit.Outcome(outcome), words=words),
        "已经答复，结果已通知本人。",
        to=("office-credit",),
        again=again(request, credit_objection),
    )


@access(roles=DEPARTMENT)
@require_POST
def decide_repair(request: RequestWithActor, credit_repair: str) -> HttpResponseBase:
    """Decide on a repair."""
    grant, words = request.POST.get("grant") == "yes", request.POST.get("words", "")
    said = "已同意修复，公示和惩戒即时终止。" if grant else "已作出不同意的决定。"
    return done(
        request,
        lambda: credit.decide_repair(request.actor, credit_repair, grant=grant, words=words),
        said,
        to=("office-credit",),
        again=again(request, credit_repair),
    )


@access(roles=DEPARTMENT)
@require_POST
def decide_listing(request: RequestWithActor, credit_listing: str) -> HttpResponseBase:
    """Enter somebody on a list, or do not."""
    enter, words = request.POST.get("enter") == "yes", request.POST.get("words", "")

    def do() -> None:
        credit.decide_listing(request.actor, credit_listing, enter=enter, words=words)

    home = again(request, credit_listing)
    return done(request, do, "已经决定，结果已通知本人。", to=("office-credit",), again=home)
