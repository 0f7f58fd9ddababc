# SPDX-License-Identifier: Apache-2.0
"""The JSON API, over the same commands as the pages. OpenAPI: /api/openapi.json."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, NinjaAPI, Query
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.responses import Status

from yiwang.apps.casework import public as casework
from yiwang.apps.catalogue import public as catalogue
from yiwang.desks.middleware import STATUS, error_body
from yiwang.engines.planning import BadAnswers, NotEligible, read_answers
from yiwang.engines.planning.jsonform import to_json
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import YiwangError

from . import credit, exchange
from . import schemas as s
from .actions import act
from .auth import Session, Token, allowed, public
from .parsing import StrictJson


class _Api(NinjaAPI):
    @cached_property
    def _described(self) -> OpenAPISchema:
        return super().get_openapi_schema()

    def get_openapi_schema(self, **_: Any) -> OpenAPISchema:
        """The description, written once a process: it takes a while, and is the same for everybody."""
        return self._described


api = _Api(
    title="一网 Yiwang",
    version="1",
    description="驻马店政务服务的开放接口。错误用中文说明，并写明怎么办（mend）。",
    auth=[Session(), Token()],
    parser=StrictJson(),
    docs_url=None,
    urls_namespace="api",
)

api.add_router("/exchange/v1", exchange.router)
api.add_router("/credit/v1", credit.router)

ERRORS = dict.fromkeys((400, 401, 403, 404, 409, 422, 503), s.Problem)
OFFICERS = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@api.exception_handler(YiwangError)
def _say(request: HttpRequest, error: Any) -> HttpResponse:
    body: dict[str, Any] = {**error_body(error), "problems": []}
    if isinstance(error, BadAnswers):
        body["problems"] = [list(one) for one in error.complaints]
    elif isinstance(error, casework.NotComplete):
        body["problems"] = [list(one) for one in error.problems]
    elif isinstance(error, NotEligible):
        body["problems"] = [[one.because, one.reason] for one in error.refusals]
    return api.create_response(request, body, status=STATUS[error.kind])


@api.exception_handler(ValidationError)
def _say_invalid(request: HttpRequest, error: Any) -> HttpResponse:
    problems = [[".".join(str(p) for p in one["loc"]), one["msg"]] for one in error.errors]
    body = {"kind": "invalid", "message": "请求的格式不对。", "mend": "请对照 /api/openapi.json。"}
    return api.create_response(request, {**body, "field": None, "problems": problems}, status=422)


@api.exception_handler(AuthenticationError)
def _say_unknown(request: HttpRequest, error: Any) -> HttpResponse:
    body = {
        "kind": "forbidden",
        "message": "没有登录。",
        "mend": "请登录，或带上 Authorization: Bearer 令牌。",
    }
    return api.create_response(request, {**body, "field": None, "problems": []}, status=401)


@api.exception_handler(HttpError)
def _say_refused(request: HttpRequest, error: Any) -> HttpResponse:
    kind, message, mend = _REFUSED.get(error.status_code, _REFUSED[400])
    body: dict[str, Any] = {"kind": kind, "message": message, "mend": mend, "field": None, "problems": []}
    return api.create_response(request, body, status=error.status_code)


_REFUSED = {
    400: ("invalid", "请求不是正确的 JSON。", "请检查编码（UTF-8）和格式，对照 /api/openapi.json。"),
    403: (
        "forbidden",
        "没有带上防伪标记（CSRF）。",
        "网页请带上 X-CSRFToken；程序请改用 Authorization: Bearer 令牌。",
    ),
}


@api.get("/search", response={200: list[s.FoundOut], **ERRORS}, auth=None, tags=["目录"])
@public("办事指南是公开信息")
def search(request: HttpRequest, q: str = Query(max_length=200)) -> Any:
    """按口语查找一件事和事项。"""
    return catalogue.current().search(q)


@api.get("/life-events/{life_event}", response={200: s.LifeEventOut, **ERRORS}, auth=None, tags=["目录"])
@public("办事指南是公开信息")
def life_event(request: HttpRequest, life_event: str) -> Any:
    """一件事：引导问题和可能涉及的事项。"""
    known = catalogue.current().catalogue
    event = known.life_event(life_event)
    questions = [
        known.elements[q.element].model_dump(
            mode="json", include={"id", "name", "type", "question", "choices"}
        )
        | {"when": q.when}
        for q in event.questions
    ]
    items = [{"id": m.item, "name": known.items[m.item].name, "optional": m.optional} for m in event.items]
    return {
        "id": event.id,
        "name": event.name,
        "summary": event.summary,
        "questions": questions,
        "items": items,
    }


@api.post("/plans", response={200: dict[str, Any], **ERRORS}, auth=None, tags=["目录"])
@public("方案只由回答推算，不查任何人的信息")
def make_plan(request: HttpRequest, wanted: s.PlanIn) -> Any:
    """编排一件事：一次告知、一表、一套材料、并联阶段、办结日期（格式见 docs/formats/plan.md），
    另附可以签署的告知承诺书全文（commitments）。"""
    release = catalogue.current()
    event = release.catalogue.life_event(wanted.life_event)
    answers = read_answers(release.catalogue, wanted.answers)
    errand = casework.Errand(release, event.id, answers, timezone.localdate(), wanted.choose)
    planned = casework.plan_for_visitor(errand)
    texts = casework.commitments_of(planned, release).values()
    commitments = [
        {"material": t.material, "title": t.title, "words": t.words, "version": t.version} for t in texts
    ]
    return {**to_json(planned, release.catalogue), "commitments": commitments}


@api.post("/applications", response={201: s.ReceiptOut, **ERRORS}, tags=["办件"])
@allowed(person=True, roles=(Role.COUNTER, Role.REPRESENTATIVE))
def apply(
    request: HttpRequest,
    wanted: s.ApplicationIn,
    idempotency_key: str = Header(alias="Idempotency-Key", min_length=8, max_length=80, pattern=r"^[!-~]+$"),
) -> Any:
    """提交一件事。同一个 Idempotency-Key 只产生一个办件，重复提交返回同一回执。"""
    new = casework.NewDraft(
        wanted.life_event, wanted.subject, wanted.agent, wanted.place, wanted.answers, wanted.choose
    )
    receipt = casework.submit_at_once(
        _actor(request),
        new,
        form=wanted.form,
        promised=wanted.promised_documents,
        signed=wanted.signed_commitments,
        delivery=(wanted.delivery, wanted.delivery_address),
        key=idempotency_key,
    )
    return Status(201, receipt)


@api.get("/applications/{application}", response={200: s.ApplicationOut, **ERRORS}, tags=["办件"])
@allowed(person=True, roles=(*OFFICERS, Role.COUNTER, Role.AUDITOR))
def application(request: HttpRequest, application: str) -> Any:
    """办件进度。不是自己的办件，回答“没有这个办件”。"""
    found = casework.application_view(_actor(request), application)
    return {**vars(found.row), "items": found.items}


@api.post("/applications/{application}/withdrawal", response={200: int, **ERRORS}, tags=["办件"])
@allowed(person=True)
def withdraw(request: HttpRequest, application: str, body: s.WithdrawIn) -> Any:
    """撤回还没有决定的事项；返回撤回的个数。"""
    return casework.withdraw(_actor(request), application, reason=body.reason)


@api.get("/worklist", response={200: s.WorklistOut, **ERRORS}, tags=["审批"])
@allowed(roles=(*OFFICERS, Role.AUDITOR))
def worklist(
    request: HttpRequest, after: str = Query("", max_length=40), size: int = Query(30, ge=1, le=100)
) -> Any:
    """待办清单，最急的在前；after 是上一页给出的游标。"""
    return casework.worklist(_actor(request), after=after, size=size)


@api.get("/cases/{case}", response={200: s.CaseOut, **ERRORS}, tags=["审批"])
@allowed(roles=(*OFFICERS, Role.COUNTER, Role.AUDITOR))
def read_case(request: HttpRequest, case: str) -> Any:
    """事项办件：本事项要的内容和材料、现在能做的动作、踏勘、期限。查看会记入日志。"""
    found = casework.case_view(_actor(request), case)
    return {
        **vars(found.item),
        "version": found.version,
        "number": found.row.number,
        "actions": [one.id for one in found.actions],
        "fields": [vars(one) for one in found.fields],
        "documents": [{**vars(one), "files": [file.name for file in one.files]} for one in found.documents],
        "visit": vars(found.visit) if found.visit else None,
        "finding_missing": found.finding_missing,
        "result_fields": [name for name, _ in found.result_fields],
        "legal_due_on": found.legal_due_on,
    }


@api.post("/cases/{case}/actions/{action}", response={200: s.DoneOut, **ERRORS}, tags=["审批"])
@allowed(roles=(*OFFICERS, Role.COUNTER))
def take_action(request: HttpRequest, case: str, action: str, given: s.ActionIn) -> Any:
    """办理一步（动作编号见办理流程定义，如 accept、propose_decision、grant）。"""
    results = act(_actor(request), case, action, given)
    item = casework.case_view(_actor(request), case).item
    return {"state": item.state, "state_term": item.state_term, "results": results}
