# SPDX-License-Identifier: Apache-2.0
"""Calls by departments' systems (数据共享接口): signed requests, signed replies (docs/formats/gateway.md).

The middleware below signs every reply under the prefix, refusals and faults too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import Router
from pydantic import Field, ValidationError

from yiwang.apps.gateway import public as gateway
from yiwang.apps.quality import public as quality
from yiwang.desks.middleware import STATUS, error_body
from yiwang.desks.visitors import address_of
from yiwang.desks.ways import way_of
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.errors import Invalid, YiwangError

from . import schemas as s
from .auth import public
from .parsing import StrictJson

PREFIX = "/api/exchange/v1"
WHY = "调用的系统以国密签名或令牌证明身份，每次核验；没有证明的一律拒绝"
router = Router(auth=None, tags=["数据共享"])

_ANSWERS: dict[int, Any] = {200: dict[str, Any]} | dict.fromkeys(
    (400, 401, 403, 404, 405, 409, 413, 429, 503), s.Problem
)
Work = Callable[[gateway.Proven, gateway.Received], bytes]


class QueryIn(s.Closed):
    """A question within a grant."""

    request_id: Annotated[str, Field(min_length=16, max_length=80, pattern=r"^[!-~]+$")]
    grant: Annotated[str, Field(min_length=1, max_length=40)]
    keys: dict[Annotated[str, Field(max_length=80)], str | int]
    fields: list[Annotated[str, Field(max_length=80)]] | None = None
    purpose: Annotated[str, Field(max_length=500)]
    case: Annotated[str, Field(max_length=80)] = ""
    consent: Annotated[str, Field(max_length=80)] = ""


class ReceiptIn(s.Closed):
    """The receipt of a call of one's own."""

    receipt: Annotated[str, Field(min_length=1, max_length=40)]


class CorrectionIn(s.Closed):
    """What became of a correction that was sent to this department's system."""

    correction: Annotated[str, Field(min_length=1, max_length=40)]
    outcome: Annotated[str, Field(pattern=r"^(taken|mended|refused)$")]
    words: Annotated[str, Field(max_length=500)] = ""


def _takes(schema: type[s.Closed]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


@router.get("/catalogue", response=_ANSWERS)
@public(WHY)
def exchange_catalogue(request: HttpRequest) -> HttpResponse:
    """本系统所属部门现在可以用的授权：资源、信息项（哪些脱敏）、按什么查、用途、频次、期限。"""
    return _reply(request, lambda proven, _: canonical_json({"grants": gateway.usable_by(proven.caller)}))


@router.post("/query", response=_ANSWERS, openapi_extra=_takes(QueryIn))
@public(WHY)
def exchange_query(request: HttpRequest) -> HttpResponse:
    """按一份授权查一个对象。答复就是存证的原文：receipt 是回执编号，字节的 SHA-256 记在日志里。"""

    def work(proven: gateway.Proven, received: gateway.Received) -> bytes:
        asked = _read(QueryIn, received)
        new = gateway.NewCall(
            grant=asked.grant,
            keys=asked.keys,
            fields=asked.fields,
            purpose=asked.purpose,
            case=asked.case,
            consent=asked.consent,
            request_id=asked.request_id,
            sent=received.body,
            way=way_of(request),
        )
        return gateway.call(proven.caller, new, now=timezone.now(), nonce=proven.nonce).document

    return _reply(request, work, takes_nonce=False)


@router.post("/receipt", response=_ANSWERS, openapi_extra=_takes(ReceiptIn))
@public(WHY)
def exchange_receipt(request: HttpRequest) -> HttpResponse:
    """本部门一次调用的记录，以及它的存证（日终封存以后才有）：文件名 → base64。"""

    def work(proven: gateway.Proven, received: gateway.Received) -> bytes:
        return canonical_json(gateway.receipt_for(proven.caller, _read(ReceiptIn, received).receipt))

    return _reply(request, work)


@router.post("/correction", response=_ANSWERS, openapi_extra=_takes(CorrectionIn))
@public(WHY)
def exchange_correction(request: HttpRequest) -> HttpResponse:
    """提供部门的系统告知一条更正的结果：已收到、已更正，或不更正的理由（docs/formats/corrections.md）。"""

    def work(proven: gateway.Proven, received: gateway.Received) -> bytes:
        told = _read(CorrectionIn, received)
        caller, reply = proven.caller, quality.reply_of(told.outcome, told.words)
        said = quality.provider_says(told.correction, reply, provider=caller.org, by=caller.id)
        return canonical_json({"correction": told.correction, "outcome": said.value})

    return _reply(request, work)


@router.get("/key", response={200: dict[str, Any], 503: s.Problem})
@public("网关的公钥是公开信息，用来核对答复的签名")
def exchange_key(request: HttpRequest) -> HttpResponse:
    """网关签名用的公钥（PEM）和编号，以及换下来的公钥：核对以前的答复用。编号请与公布的核对。"""
    told = {
        "key_id": gateway.system_key()[0],
        "public_key": gateway.system_public_pem(),
        "earlier": [asdict(one) for one in gateway.earlier_keys()],
    }
    return _json(canonical_json(told))


def _reply(request: HttpRequest, work: Work, *, takes_nonce: bool = True) -> HttpResponse:
    """Find out who asks, do the work, say what came of it."""
    try:
        received = _received(request)
        proven = gateway.authenticate(received, now=timezone.now())
        if takes_nonce:
            gateway.take_nonce(proven)
        return _json(work(proven, received))
    except YiwangError as error:
        return _json(_told(error), status=_status(error))


def _received(request: HttpRequest) -> gateway.Received:
    most = gateway.most_body_bytes()
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise TooLarge(f"请求超过 {most} 字节。", mend="一次只查一个对象；成批的数据请用批量交换。")
    return gateway.Received(
        method=request.method or "",
        path=request.path,
        query=request.META.get("QUERY_STRING", ""),
        body=request.body,
        headers={name.lower(): value for name, value in request.headers.items()},
        address=address_of(request),
    )


class TooLarge(Invalid):
    """A request that is larger than may be taken."""


def _read(schema: type[Any], received: gateway.Received) -> Any:
    """The body, checked. Raises Invalid naming what is wrong, never a value."""
    try:
        return schema.model_validate(StrictJson.read(received.body))
    except ValidationError as error:
        where = "、".join(sorted({".".join(map(str, one["loc"])) or "整体" for one in error.errors()}))
        raise Invalid(f"请求里这些内容不对：{where}。", mend="请对照 /api/openapi.json。") from None
    except (ValueError, RecursionError):
        raise Invalid("请求不是正确的 JSON。", mend="请检查编码（UTF-8）和格式。") from None


def _status(error: YiwangError) -> int:
    known = {gateway.Refused: 401, gateway.QuotaUsed: 429, gateway.Replayed: 409, TooLarge: 413}
    return known.get(type(error), STATUS[error.kind])


def _told(error: YiwangError) -> bytes:
    """What is said of an error: what is wrong, what to do, under which receipt it was written."""
    more = {"why": error.why} if isinstance(error, gateway.Refused) else {}
    receipt = gateway.receipt_of(error)
    return canonical_json(
        {**error_body(error), "problems": [], **more, **({"receipt": receipt} if receipt else {})}
    )


def _json(body: bytes, *, status: int = 200) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")


class SignReplies:
    """Signs every reply under the prefix by the gateway's key, over status, digest and the request's own
    signature, so that either side can prove the exchange later."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; sign on the way back."""
        response = self.get_response(request)
        if not request.path.startswith(f"{PREFIX}/") or not isinstance(response, HttpResponse):
            return response
        try:
            signed = gateway.sign_reply(
                status=response.status_code,
                body=response.content,
                request_signature=_one_line(request.headers.get("Signature", "")),
            )
        except YiwangError as error:
            response.status_code, response.content = 503, json.dumps(error_body(error)).encode()
            return response
        for name, value in signed.items():
            response[name] = value
        return response


def _one_line(header: str) -> str:
    """A signature header as the base takes it; nothing for what is none."""
    return header if gateway.is_signature(header) else ""
