# SPDX-License-Identifier: Apache-2.0
"""Prove a call later: receipt → journal entry → batch → the day's sealed root; checked offline.

The kit holds nobody's data: each side adds the bytes it kept, `request.json` (as it was sent) and
`response.json` (as it came), and `call.sh` compares their digests with the entry.
"""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.apps.journal.public import Pending, entry_at, kit_of, proof_of
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Conflict, NotFound

from .calls_read import CallRow, call_by_receipt
from .domain.calls import Caller
from .models.calls import Call, Outcome

_TEXTS = Path(__file__).parent / "templates" / "gateway"
_READERS = (Role.DATA, Role.SECURITY, Role.AUDITOR)


@dataclass(frozen=True)
class Provable:
    """A call and how far its proof is: `pending` says under which day's root it will come."""

    call: CallRow
    outcome_term: str
    pending: dt.date | None


def call_for(actor: Actor, receipt: str) -> Provable:
    """A call, for whoever made it, data and security officers of both departments, bureau and auditors.

    Raises NotFound, also for everybody else.
    """
    row = call_by_receipt(receipt)
    mine = actor.kind is ActorKind.OFFICER and row.caller == actor.id
    watches = any(
        post.role in _READERS and post.org in ("", row.org, row.provider) and not post.place
        for post in actor.posts
    )
    if not (mine or (actor.kind is ActorKind.OFFICER and watches) or actor.kind is ActorKind.SYSTEM):
        raise NotFound("没有这张调用回执。", mend="请核对回执编号。")
    found = proof_of(_entry_of(receipt))
    return Provable(row, Outcome(row.outcome).label, found.day if isinstance(found, Pending) else None)


def call_kit(receipt: str) -> dict[str, bytes]:
    """The proof as files; who may have it is decided by `call_for` or `receipt_for`.

    Raises NotFound; Conflict: the day is not sealed yet.
    """
    found = proof_of(_entry_of(receipt))
    if isinstance(found, Pending):
        raise Conflict(
            f"{format_date(found.day)}的日志还没有封存，现在没有存证。",
            mend="日志每天封存一次，请第二天再取。",
        )
    more = {name: (_TEXTS / name).read_bytes() for name in ("call.sh", "call.md")}
    return kit_of(found, more)


def receipt_for(caller: Caller, receipt: str) -> dict[str, Any]:
    """A call of the caller's department, and its proof once there is one: file name → base64.

    Raises NotFound.
    """
    row = call_by_receipt(receipt)
    if row.org != caller.org:
        raise NotFound("没有这张调用回执。", mend="请核对回执编号。")
    told = {
        **{"receipt": row.receipt, "at": row.at.astimezone(dt.UTC).isoformat(timespec="microseconds")},
        **{"grant": row.grant, "resource": row.resource, "outcome": row.outcome, "why": row.why},
        **{"request": row.request_digest, "response": row.response_digest, "rows": row.rows},
    }
    found = proof_of(_entry_of(receipt))
    if isinstance(found, Pending):
        return {**told, "proof": None, "sealed_after": found.day.isoformat()}
    files = call_kit(receipt)
    return {**told, "proof": {name: base64.b64encode(content).decode() for name, content in files.items()}}


def _entry_of(receipt: str) -> int:
    place = Call.objects.filter(receipt=receipt).values_list("stream", "seq").first()
    entry = entry_at(*place) if place else None
    if entry is None:
        raise NotFound("没有这张调用回执。", mend="请核对回执编号。")
    return entry
