# SPDX-License-Identifier: Apache-2.0
"""公共信用 by call: a unit's system sends records in batches and gets the receipt and what came back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from yiwang.apps.credit import public as credit
from yiwang.kernel.actor import Role

from . import schemas as s
from .auth import allowed

router = Router()
UNITS = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.DATA)
Cell = Annotated[str, Field(max_length=4000)]
PublicId = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class DeliveryIn(s.Closed):
    """Rows by the columns of the entry (`docs/formats/credit.md`); `count`: how many the sender says."""

    org: s.Identifier
    catalogue: s.Identifier
    count: int = Field(ge=1, le=10_000)
    rows: list[dict[str, Cell]] = Field(min_length=1, max_length=10_000)


class DeliveryOut(Schema):
    """The receipt. `again`: the same was received before, nothing was written twice."""

    id: str
    rows: int
    taken: int
    corrected: int
    repeated: int
    rejected: int
    again: bool


class EffectOut(Schema):
    """One measure by one record."""

    kind: str
    record: str
    measure: str
    basis: str
    since: dt.date
    until: dt.date | None
    org: str
    disputed: bool


class CheckIn(s.Closed):
    """Whom a dealing is about (by public id), for which matter: public resources, inspection …"""

    subject: PublicId
    scene: credit.Scene
    matter: PublicId


class CheckOut(Schema):
    """What the check found; it is kept under `id`."""

    id: str
    effects: list[EffectOut]


ERRORS = dict.fromkeys((400, 401, 403, 404, 409, 422, 503), s.Problem)


@router.post("/deliveries", response={200: DeliveryOut, **ERRORS}, tags=["信用"])
@allowed(roles=UNITS)
def credit_deliver(request: HttpRequest, body: DeliveryIn) -> Any:
    """报送一批信用信息。同一批再报一次返回同一回执；退回的逐条写明原因，在审批端“公共信用”下载。"""
    actor = request.actor  # type: ignore[attr-defined]
    return credit.deliver_rows(actor, body.rows, org=body.org, catalogue=body.catalogue, count=body.count)


@router.post("/checks", response={200: CheckOut, **ERRORS}, tags=["信用"])
@allowed(roles=UNITS)
def credit_check(request: HttpRequest, body: CheckIn) -> Any:
    """逢报必查：公共资源交易等系统核查一个主体。查询写入日志，本人可以看到。"""
    actor = request.actor  # type: ignore[attr-defined]
    [found] = credit.check(actor, body.subject, items=[""], case=body.matter, scene=body.scene)
    return {"id": found.id, "effects": found.effects}
