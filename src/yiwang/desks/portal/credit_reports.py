# SPDX-License-Identifier: Apache-2.0
"""信用报告: one's own, drawn and downloaded; a firm's public version, for anybody."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.credit import public as credit
from yiwang.apps.identity.public import firms_of
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import as_file
from yiwang.desks.middleware import STATUS
from yiwang.desks.slowing import PerMinute
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid, YiwangError

LAW = "驻政〔2018〕85号 L629：向社会提供信用信息查询、报告打印"
MEDIA = {"pdf": "application/pdf", "ofd": "application/ofd"}
_TRIES = "credit-report-tries-per-minute"
_tries = PerMinute()
_TOO_MANY = 429


def whom_of(actor: Actor) -> list[tuple[str, str]]:
    """Whose credit somebody may see as their own: themselves, their firms."""
    return [(actor.id, f"{actor.name}（本人）"), *((one.public_id, one.name) for one in firms_of(actor))]


def chosen_of(request: RequestWithActor) -> str:
    """Whose is asked for: a firm one acts for, or oneself."""
    asked = request.POST.get("subject", "") or request.GET.get("subject", "")
    return asked if asked in dict(whom_of(request.actor)) else request.actor.id


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: RequestWithActor) -> HttpResponseBase:
    """Which versions there are, what was drawn; one is drawn here."""
    actor, chosen, error = request.actor, chosen_of(request), None
    if request.method == "POST":
        try:
            new = credit.NewReport(chosen, request.POST.get("report", ""))
            return redirect("portal:my_credit_report", credit.draw_report(actor, new).id)
        except YiwangError as wrong:
            error = wrong
    whom = whom_of(actor)
    page = {
        "whom": whom,
        "chosen": chosen,
        "name": dict(whom)[chosen],
        "versions": credit.report_versions(
            credit.Audience.OWN, kind="person" if chosen == actor.id else "firm"
        ),
        "drawn": credit.reports_of(actor, chosen),
        "error": error,
    }
    status = 400 if error else 200
    return render(request, "desks/portal/my_credit_reports.html", page, status=status)


@access(person=True)
@require_safe
def one(request: RequestWithActor, credit_report: str) -> HttpResponse:
    """A report about oneself or one's firm, whoever drew it."""
    return _page(request, credit_report, own=True)


@access(person=True)
@require_safe
def file(request: RequestWithActor, credit_report: str, form: str) -> HttpResponse:
    """The sealed file."""
    return answer_with(request, credit_report, form)


@access(public=True, why=LAW)
@require_POST
def draw_public(request: RequestWithActor) -> HttpResponseBase:
    """Draw the public version about the firm with a code; posted, so that no address names the firm."""
    error: YiwangError
    if not _tries.take(request, whole(current().catalogue, _TRIES)):
        error = Invalid("您出具得太快了。", mend="请过一分钟再试。")
        page = {"asked": "", "found": [], "error": error}
        return render(request, "desks/portal/credit.html", page, status=_TOO_MANY)
    try:
        versions = credit.report_versions(credit.Audience.PUBLIC)
        if not versions:
            raise Invalid("现在没有公开版的信用报告。", mend="请先查询公开的信息。")
        firm = credit.firm_with(request.POST.get("code", ""))
        drawn = credit.draw_report(request.actor, credit.NewReport(firm, versions[0].id))
    except YiwangError as wrong:
        page = {"asked": "", "found": [], "error": wrong}
        return render(request, "desks/portal/credit.html", page, status=STATUS[wrong.kind])
    return redirect("portal:credit_report", drawn.id)


@access(public=True, why=LAW)
@require_safe
def public(request: RequestWithActor, credit_public_report: str) -> HttpResponse:
    """A public report."""
    return _page(request, credit_public_report, own=False)


@access(public=True, why=LAW)
@require_safe
def public_file(request: RequestWithActor, credit_public_report: str, form: str) -> HttpResponse:
    """The sealed file of a public report."""
    return answer_with(request, credit_public_report, form)


def _page(request: RequestWithActor, report: str, *, own: bool) -> HttpResponse:
    view = credit.report_view(request.actor, report)
    name = "portal:my_credit_report_file" if own else "portal:credit_report_file"
    page = {"report": view, "own": own, **{form: reverse(name, args=(view.id, form)) for form in MEDIA}}
    answer = render(request, "desks/portal/credit_report.html", page)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def answer_with(request: RequestWithActor, report: str, form: str) -> HttpResponse:
    """The sealed file as a download."""
    name, content = credit.report_file(request.actor, report, form)
    answer = HttpResponse(content, content_type=MEDIA[form])
    answer["Cache-Control"] = "private, no-store"
    return as_file(answer, name)
