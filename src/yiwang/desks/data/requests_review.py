# SPDX-License-Identifier: Apache-2.0
"""One request on the data desk: its page, the provider's decision, the written consent to a third party."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import RequestView
from yiwang.apps.materials.public import content_of
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.told_forms import as_it_stands
from yiwang.desks.context import DATA_DESK
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import NotFound, YiwangError

from .requests_forms import ConsentForm, ReviewForm


@access(roles=DATA_DESK)
@require_GET
def one(request: RequestWithActor, data_request: str) -> HttpResponseBase:
    """A request: what is asked, where it stands, what the reader may do with it."""
    return _page(request, exchange.request_view(request.actor, data_request))


@access(roles=(Role.DATA,))
@require_POST
def review(request: RequestWithActor, data_request: str) -> HttpResponseBase:
    """Give what was asked, or less; or send it back."""
    seen = exchange.request_view(request.actor, data_request)
    grant = request.POST.get("decision") == "grant"
    form = ReviewForm(seen, request.POST)
    if not form.is_valid():
        return _page(request, seen, review_form=form, status=400)
    decision = form.decision(grant=grant)
    try:
        made = exchange.review(request.actor, data_request, decision, version=form.cleaned_data["version"])
    except NotFound:
        raise
    except YiwangError as error:
        if error.field in form.fields:
            form.add_error(error.field, str(error))
        return _page(request, seen, review_form=form, error=error, status=STATUS[error.kind])
    messages.success(request, "已经同意，授权即时生效。" if made else "已经退回使用部门。")
    return redirect("data-request", data_request)


@access(roles=(Role.APPROVER, Role.REPRESENTATIVE))
@require_POST
def consent(request: RequestWithActor, data_request: str) -> HttpResponseBase:
    """Consent in writing to a third party: online, or with the signed document."""
    seen = exchange.request_view(request.actor, data_request)
    form = ConsentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, seen, consent_form=form, status=400)
    file = form.cleaned_data["file"]
    given = {"name": file.name or "", "content": file.read()} if file else {}
    try:
        exchange.consent(request.actor, data_request, words=form.cleaned_data["words"], **given)
    except NotFound:
        raise
    except YiwangError as error:
        form.add_error("file" if given else "words", str(error))
        return _page(request, seen, consent_form=form, status=STATUS[error.kind])
    messages.success(request, "书面同意已经记录，数据管理员可以审核了。")
    return redirect("data-request", data_request)


@access(roles=DATA_DESK)
@require_GET
def consent_file(request: RequestWithActor, data_request: str, consent: str) -> HttpResponseBase:
    """The signed document of a consent."""
    file, name = exchange.consent_file(request.actor, data_request, consent)
    answer = HttpResponse(content_of(file)[1], content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _page(
    request: RequestWithActor,
    seen: RequestView,
    *,
    review_form: ReviewForm | None = None,
    consent_form: ConsentForm | None = None,
    error: YiwangError | None = None,
    status: int = 200,
) -> HttpResponseBase:
    if review_form is not None:
        as_it_stands(review_form, seen.version, status)
    context: dict[str, Any] = {"seen": seen, "row": seen.row, "asked": seen.asked, "error": error}
    named = {one.id: one for one in seen.known.fields} if seen.known else {}
    context["fields"] = [
        (one, named.get(one), seen.asked.plain.get(one), one in seen.asked.plain) for one in seen.asked.fields
    ]
    if seen.may_review or review_form:
        context["review_form"] = review_form or ReviewForm(seen)
    if seen.may_consent or consent_form:
        context["consent_form"] = consent_form or ConsentForm()
    return render(request, "desks/data/request.html", context, status=status)
