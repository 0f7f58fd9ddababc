# SPDX-License-Identifier: Apache-2.0
"""One call on its way into the books: its row, what it takes, what the journal says of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from yiwang.apps.journal.public import NewEntry
from yiwang.kernel.canonical import canonical_digest
from yiwang.kernel.errors import YiwangError

from .models.calls import KeptAnswer, Outcome, SeenNonce
from .quota import Spend


@dataclass
class CallRecord:
    """A row of `Call` before it is written, by the same names: a model takes longer to make than to write."""

    receipt: str
    at: dt.datetime
    grant: str
    org: str
    caller_kind: str
    caller: str
    caller_name: str
    outcome: str
    resource: str = ""
    provider: str = ""
    purpose: str = ""
    basis: str = ""
    item: str = ""
    case: str = ""
    consent: str = ""
    subject: str = ""
    fields: list[str] = field(default_factory=list)
    rows: int = 0
    why: str = ""
    cached: bool = False
    ms: int = 0
    request_digest: str = ""
    response_digest: str = ""
    stream: str = ""
    seq: int = 0


@dataclass
class Line:
    """One call on its way into the books.

    `lost`: the refusal that was found while writing (quota, replay, the grant's end); the row says so.
    """

    call: CallRecord
    also: Sequence[str] = ()
    spend: Spend | None = None
    nonce: SeenNonce | None = None
    keep: KeptAnswer | None = None
    keep_most: int = 0
    lost: YiwangError | None = None

    def lose(self, why: YiwangError) -> None:
        """Turn the call into a refused one."""
        self.lost, self.also, self.keep, self.spend = why, (), None, None
        self.call.outcome, self.call.why = Outcome.REFUSED, why.message[:200]
        self.call.rows, self.call.cached, self.call.response_digest = 0, False, ""

    def others(self) -> list[dict[str, Any]]:
        """Whom else the answer is about, as rows of `CallSubject`."""
        return [{"receipt": self.call.receipt, "subject": one, "at": self.call.at} for one in self.also]

    def entry(self) -> NewEntry:
        """What the journal says of it."""
        call, detail = self.call, {"resource": self.call.resource, "grant": self.call.grant}
        return NewEntry(
            actor=call.caller,
            actor_name=call.caller_name,
            action=_ACTIONS[Outcome(call.outcome), bool(call.subject)],
            about=call.receipt,
            subject=call.subject,
            purpose=call.purpose,
            basis=call.basis,
            detail={
                **detail,
                "org": call.org,
                "case": call.case,
                "rows": call.rows,
                "cached": call.cached,
                "request": call.request_digest,
                "response": call.response_digest,
                **({"also": canonical_digest(sorted(self.also))} if self.also else {}),
                **({"why": call.why} if call.why else {}),
            },
        )


_ACTIONS = {
    (Outcome.ANSWERED, True): "gateway.call.look",
    (Outcome.ANSWERED, False): "gateway.call",
    (Outcome.FAILED, True): "gateway.call.failed",
    (Outcome.FAILED, False): "gateway.call.failed",
    (Outcome.REFUSED, True): "gateway.call.refused",
    (Outcome.REFUSED, False): "gateway.call.refused",
}
