# SPDX-License-Identifier: Apache-2.0
"""What flowed back from the province, for the rooms above: they decide who may use it and write each use
into the journal."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from yiwang.kernel.dates import BEIJING
from yiwang.kernel.errors import Invalid, NotFound

from ..domain.cascading import State
from ..models import ReturnedBatch, ReturnedContent


@dataclass(frozen=True)
class ReturnedNow:
    """The batch that counts now: the newest whole one. `fields`: the province's items that were granted."""

    id: str
    fields: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str
    landed_at: dt.datetime


def returned_now(code: str, org: str, *, at: dt.datetime | None = None) -> ReturnedNow | None:
    """The newest whole batch of a provincial resource that a department was given, while the province's
    grant holds (at: aware, default now); None: nothing has landed, or the grant has run out."""
    day = (at or timezone.now()).astimezone(BEIJING).date()
    rows = landed().filter(request__resource__code=code, request__org=org)
    found = rows.filter(request__state=State.GRANTED.value, request__granted_until__gte=day).first()
    if found is None or found.landed_at is None:
        return None
    granted = tuple(found.request.granted_fields)
    return ReturnedNow(found.public_id, granted, found.rows, found.bytes, found.sha256, found.landed_at)


def landed() -> QuerySet[ReturnedBatch]:
    """Batches that are here whole, newest first: as the province announced them, not as they arrived."""
    found = ReturnedBatch.objects.filter(landed_at__isnull=False, forgotten_at=None)
    return found.select_related("request", "request__resource").order_by("-id")


def returned_content(public_id: str) -> bytes:
    """The lines of a batch as the province sent them, verified against its digest once more.

    Raises NotFound: it has not landed, or was forgotten. Invalid: it is not what the province sent.
    """
    row = ReturnedContent.objects.select_related("batch").filter(public_id=public_id).first()
    if row is None:
        raise NotFound("没有这批回流数据。", mend="请在级联页面查看是否已经落地。")
    lines = bytes(row.lines)
    if hashlib.sha256(lines).hexdigest() != row.batch.sha256:
        raise Invalid("回流的数据与省平台给的摘要不一致，不能使用。", mend="请联系省级平台重新下发。")
    return lines


def returned_rows(public_id: str) -> list[dict[str, Any]]:
    """The rows of a batch. Raises NotFound, Invalid: see `returned_content`."""
    lines = returned_content(public_id).decode("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]
