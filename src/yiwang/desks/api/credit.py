# SPDX-License-Identifier: Apache-2.0
"""公共信用 by call: a unit's system sends records in batches and gets the receipt and what came back; a
trading system checks whom a matter is about and says what was done."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from yiwang.apps.credit import public as credit
from yiwang.kernel.actor import Actor, Role

from . import schemas as s
from .auth import allowed

router = Router()
UNITS = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.DATA)
READERS = (*UNITS, Role.AUDITOR)
Cell = Annotated[str, Field(max_length=4000)]
PublicId = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class DeliveryIn(s.Closed):
    """Rows by the columns of the entry (`docs/formats/credit.md`); `count`: how many the sender says."""

    org: s.Identifier
    catalogue: s.Identifier
    count: int = Field(ge=1, le=10_000)
    rows: list[dict[str, Cell]] = Field(min_length=1, max_length=10_000)


class DeliveryOut(Schema):
    """The receipt. `again`: the same was received before, nothing was written twice. `waiting`: rows about
    firms that are not registered yet; they are taken when they are."""

    id: str
    rows: int
    taken: int
    corrected: int
    repeated: int
    rejected: int
    waiting: int
    again: bool


class ReturnedRow(Schema):
    """A row that was sent back: as it came, and why."""

    cells: dict[str, str]
    why: str


class DeliveryView(DeliveryOut):
    """The receipt as it stands now, with what was sent back."""

    rejects: list[ReturnedRow]


class EffectOut(Schema):
    """One measure by one record, and who carries it out. `done`: it was fed back; `applied`: carried out."""

    kind: str
    record: str
    measure: str
    basis: str
    since: dt.date
    until: dt.date | None
    section: str
    post: str
    disputed: bool
    done: bool
    applied: bool


class CheckIn(s.Closed):
    """Who deals in which public-resource matter, about whom: a unified code, or a person's number."""

    org: s.Identifier
    dealing: credit.Dealing
    matter: Annotated[str, Field(min_length=2, max_length=40)]
    number: Annotated[str, Field(min_length=15, max_length=20)]


class CheckOut(Schema):
    """What the check found; it is kept under `id`. `due_on`: last day for feeding back what was done;
    `known`: whether the city has a register entry of the subject."""

    id: str
    dealing: str
    matter: str
    known: bool
    due_on: dt.date | None
    closed: bool
    effects: list[EffectOut]


class FeedbackIn(s.Closed):
    """What was done about one measure; `words`: why not, when it was not carried out."""

    record: PublicId
    measure: Annotated[str, Field(min_length=1, max_length=120)]
    applied: bool
    words: Annotated[str, Field(max_length=1_000)] = ""


ERRORS = dict.fromkeys((400, 401, 403, 404, 409, 422, 503), s.Problem)


@router.post("/deliveries", response={200: DeliveryOut, **ERRORS}, tags=["信用"])
@allowed(roles=UNITS)
def credit_deliver(request: HttpRequest, body: DeliveryIn) -> Any:
    """报送一批信用信息。同一批再报一次返回同一回执；退回的逐条写明原因，查回执得到，审批端“公共信用”也能下载。"""
    actor = request.actor  # type: ignore[attr-defined]
    return credit.deliver_rows(actor, body.rows, org=body.org, catalogue=body.catalogue, count=body.count)


@router.get("/deliveries/{credit_delivery}", response={200: DeliveryView, **ERRORS}, tags=["信用"])
@allowed(roles=READERS)
def credit_delivery(request: HttpRequest, credit_delivery: PublicId) -> Any:
    """一次报送的回执和退回的行（原样和原因）；等待登记的单位登记后，条数会变。"""
    found = credit.delivery_view(request.actor, credit_delivery)  # type: ignore[attr-defined]
    rejects = [{"cells": dict(cells), "why": why} for cells, why in found.rejects]
    return {**vars(found.receipt), "rejects": rejects}


@router.post("/checks", response={200: CheckOut, **ERRORS}, tags=["信用"])
@allowed(roles=UNITS)
def credit_check(request: HttpRequest, body: CheckIn) -> Any:
    """逢报必查：招标投标、土地、采购、资金、评优等公共资源事项办理前核查一个主体。查询写入日志，本人可以看到。"""
    actor = request.actor  # type: ignore[attr-defined]
    return _check(actor, credit.start_check(actor, credit.NewDealing(**body.dict())))


@router.get("/checks/{credit_dealing}", response={200: CheckOut, **ERRORS}, tags=["信用"])
@allowed(roles=READERS)
def credit_dealing(request: HttpRequest, credit_dealing: PublicId) -> Any:
    """一次核查的结果和反馈情况。"""
    return _check(request.actor, credit_dealing)  # type: ignore[attr-defined]


@router.post("/checks/{credit_dealing}/feedback", response={200: CheckOut, **ERRORS}, tags=["信用"])
@allowed(roles=UNITS)
def credit_feedback(request: HttpRequest, credit_dealing: PublicId, body: FeedbackIn) -> Any:
    """反馈一项措施：已实施，或者没有实施的理由。全部反馈后，这次核查完成闭环。"""
    actor = request.actor  # type: ignore[attr-defined]
    credit.feed_back_dealing(actor, credit_dealing, **body.dict())
    return _check(actor, credit_dealing)


def _check(actor: Actor, check: str) -> dict[str, Any]:
    one = credit.dealing_view(actor, check)
    effects = [{**vars(hit.effect), "done": hit.done, "applied": hit.applied} for hit in one.hits]
    return {
        "id": one.id, "dealing": one.dealing, "matter": one.matter, "known": one.known, "due_on": one.due_on,
        "closed": one.closed_at is not None, "effects": effects,
    }  # fmt: skip
