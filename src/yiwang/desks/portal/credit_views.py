# SPDX-License-Identifier: Apache-2.0
"""Evaluations and their published rules, the personal score, the integrity file."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.credit import public as credit
from yiwang.apps.identity.public import firms_of
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.portal.credit_reports import chosen_of, whom_of
from yiwang.kernel.errors import YiwangError

RULES = "评价和评分的规则公开，任何人都可以查看（驻政〔2018〕85号 L643、L659）"


@access(public=True, why=RULES)
@require_safe
def rules(request: RequestWithActor) -> HttpResponse:
    """The published rules of evaluations and scores."""
    return render(request, "desks/portal/credit_rules.html", {"every": credit.published_rules()})


@access(public=True, why=RULES)
@require_safe
def one_rule(request: RequestWithActor, rules: str) -> HttpResponse:
    """One of them."""
    found = [one for one in credit.published_rules() if one.id == rules]
    if not found:
        raise Http404
    return render(request, "desks/portal/credit_rules.html", {"every": found})


@access(person=True)
@require_safe
def evaluation(request: RequestWithActor) -> HttpResponse:
    """A firm's own evaluation with every reason."""
    firms = [(one.public_id, one.name) for one in firms_of(request.actor)]
    asked = request.GET.get("subject", "")
    chosen = asked if asked in dict(firms) else (firms[0][0] if firms else "")
    ways = [one for one in credit.published_rules(scores=False) if one.subject == "firm"]
    told = credit.evaluation_of(request.actor, chosen, ways[0].id) if chosen and ways else None
    page = {"firms": firms, "chosen": chosen, "told": told}
    return render(request, "desks/portal/my_evaluation.html", page)


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: RequestWithActor) -> HttpResponseBase:
    """The personal score: agreed to, looked at, used, withdrawn, by the person alone."""
    if request.method == "POST":
        try:
            _do(request)
        except YiwangError as error:
            messages.error(request, str(error))
        return redirect("portal:my_score")
    return render(request, "desks/portal/my_score.html", {"offer": credit.score_offer(request.actor)})


def _do(request: RequestWithActor) -> None:
    wanted = request.POST.get("do", "")
    if wanted == "agree":
        credit.agree_to_score(request.actor)
        messages.success(request, "已经同意。分数只有您看得到，随时可以撤回。")
    elif wanted == "withdraw":
        credit.withdraw_score(request.actor)
        messages.success(request, "已经撤回，不再计算；领取的凭证已经失效。")
    elif wanted == "use":
        used = credit.use_score(request.actor, request.POST.get("scene", ""))
        messages.success(request, f"已经领取{used.scene}凭证，查验码 {used.code}。")


@access(person=True)
@require_safe
def file(request: RequestWithActor) -> HttpResponse:
    """The integrity file of oneself or one's firm."""
    chosen = chosen_of(request)
    page = {
        "whom": whom_of(request.actor),
        "chosen": chosen,
        "me": request.actor.id,
        "file": credit.integrity_file(request.actor, chosen),
    }
    return render(request, "desks/portal/credit_file.html", page)
