# SPDX-License-Identifier: Apache-2.0
"""One call: what the grant holds, nothing else, and written down before anybody sees it.

1. The grant must be in force and the caller's department's; purpose, items and keys must be its own.
2. Quota: a window known to be full refuses before the source is asked.
3. The answer: one kept for this very grant and question, where the grant allows; else the source's.
4. Only granted items, masked unless granted plain.
5. Row and journal entry are committed (`calls_writing`); there quota, replay and the grant's end are
   decided for good. Only then the answer leaves. What failed or was refused is written as that.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.exchange import public as exchange
from yiwang.apps.vault.public import blind_index, blind_indexes
from yiwang.engines.definitions import whole
from yiwang.engines.exchange import Resource
from yiwang.engines.exchange.leaving import refuse_leaving
from yiwang.engines.exchange.masking import screen
from yiwang.kernel.errors import NotFound, YiwangError
from yiwang.kernel.ids import new_public_id

from . import cache
from .calls_line import CallRecord, Line
from .calls_writing import books
from .domain.call_settings import KEPT_ANSWERS, ROWS
from .domain.calls import Caller, NewCall, QuotaUsed, check_form, fields_of, no_grant, require_grant
from .domain.connecting import Query
from .domain.documents import answer_document, digest, request_document
from .marks import marks_on
from .models.calls import Outcome, SeenNonce
from .quota import Spend, is_news, require_room
from .sources import fetch


@dataclass(frozen=True)
class CallResult:
    """What a caller gets. `document` is the answer as bytes (canonical JSON with rows, receipt, salt);
    `response_digest` is its SHA-256, `request_digest` that of the request; both lie in the journal."""

    rows: tuple[Mapping[str, Any], ...]
    receipt: str
    request_digest: str
    response_digest: str
    cached: bool
    document: bytes


@dataclass(frozen=True)
class _Known:
    """What a call needs of the definitions and the grant. `rows`, `kept`: the settings' limits."""

    grant: exchange.GrantView
    resource: Resource
    rows: int
    kept: int


_FRESH = 1.0
"""Seconds for which a process remembers a grant and its resource. A revocation takes effect at once all the
same: the transaction that writes a call asks again."""
_MOST = 1_000
_remembered: dict[str, tuple[float, _Known]] = {}


def call(caller: Caller, asked: NewCall, *, now: dt.datetime, nonce: SeenNonce | None = None) -> CallResult:
    """Ask a source within a grant; never inside a transaction.

    Args:
        asked: its `purpose` is the purpose of the grant, word for word (case numbers go into `case`).
        nonce: of the signature the request came with: taken in the same transaction.

    Raises:
        NoGrant, Ended, OutOfScope, QuotaUsed, Replayed: refused. Invalid: a question of no good form.
        SourceDown, SourceSlow, SourceMalformed, SourceTooLarge, SourceUnknown: the source failed.
        Each was written down; `receipt_of` an error says under which receipt.
    """
    made = _Call(caller, asked, now, nonce)
    try:
        check_form(asked)
        made.admit()
        document = made.answer()
    except Exception as error:
        raise made.ended(error) from error
    books().write(made.line)
    if made.line.lost is not None:
        raise _noted(made.line.lost, made.row.receipt)
    row = made.row
    return CallResult(
        tuple(made.rows), row.receipt, row.request_digest, row.response_digest, row.cached, document
    )


class _Call:
    """A call while it is made."""

    def __init__(self, caller: Caller, asked: NewCall, now: dt.datetime, nonce: SeenNonce | None) -> None:
        self.caller, self.asked, self.now = caller, asked, now
        self.started = time.perf_counter()
        self.rows: Sequence[Mapping[str, Any]] = ()
        self.reached = False  # the source was asked
        self.row = CallRecord(
            receipt=new_public_id("call"),
            at=now,
            grant=_short(asked.grant, 40),
            org=caller.org,
            caller_kind=caller.kind.value,
            caller=caller.id,
            caller_name=caller.name,
            case=_short(asked.case, 80),
            consent=_short(asked.consent, 80),
            subject=_short(asked.subject, 80),
            outcome=Outcome.ANSWERED,
        )
        self.line = Line(self.row, nonce=nonce)

    def admit(self) -> None:
        """Steps 1 and 2."""
        known = _known(self.asked.grant)
        grant, resource, row = known.grant, known.resource, self.row
        require_grant(grant, self.caller, self.now)
        row.resource, row.provider = grant.resource, resource.provider
        row.purpose, row.basis, row.item = grant.purpose, grant.basis or f"共享授权 {grant.id}", grant.item
        row.fields = list(fields_of(grant, resource, self.asked))
        refuse_leaving(resource, row.fields, self.asked.way)
        self.number = _asked_number(resource, self.asked)
        self.about = subject_index(self.number) if self.number else ""
        row.subject = row.subject or self.about
        row.request_digest = digest(request_document(self.caller, self.asked))
        spend = Spend(grant.id, grant.per_minute, grant.per_day, self.now)
        require_room(spend)
        self.known, self.line.spend = known, spend

    def answer(self) -> bytes:
        """Steps 3 and 4: the answer's document; `line` is ready to be written."""
        known, row = self.known, self.row
        seconds = known.grant.cache_seconds
        key = cache.key_of(known.grant, known.resource, row.fields, self.asked.keys) if seconds else ""
        found = cache.kept(key, now=self.now) if key else None
        row.cached = found is not None
        seen, about = found or self._fetched()
        if key and found is None:
            self.line.keep_most = known.kept
            self.line.keep = cache.to_keep(key, known.grant, (seen, about), now=self.now)
        self.rows = seen
        self.line.also = sorted({*about, self.about} - {row.subject, ""})
        row.rows, row.ms = len(seen), self._ms()
        head: dict[str, Any] = {
            "at": self.now.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "cached": row.cached,
            "grant": row.grant,
            "receipt": row.receipt,
            "request": row.request_digest,
            "resource": row.resource,
        }
        if marks := marks_on(row.resource, {*about, self.about}, row.fields):
            head["marks"] = marks
        document = answer_document(seen, head)
        row.response_digest = digest(document)
        return document

    def _fetched(self) -> tuple[list[dict[str, Any]], list[str]]:
        """What the source says, screened, and whom it is about."""
        known, fields = self.known, self.row.fields
        owners = [field.id for field in known.resource.fields if field.subject_id]
        wanted = tuple(dict.fromkeys([*fields, *owners]))
        self.reached = True
        rows = fetch(known.resource, Query(wanted, self.asked.keys, known.rows))
        seen = [screen(row, fields=fields, plain=known.grant.plain, resource=known.resource) for row in rows]
        numbers = {str(row[name]) for row in rows for name in owners if row[name]}
        about = {self.about if one == self.number else subject_index(one) for one in numbers}
        return seen, sorted(about)

    def _ms(self) -> int:
        return round((time.perf_counter() - self.started) * 1000)

    def ended(self, error: Exception) -> Exception:
        """Write down a call that failed or was refused; the error to raise, with its receipt."""
        row, told = self.row, error.message if isinstance(error, YiwangError) else type(error).__name__
        refused = isinstance(error, YiwangError) and not self.reached
        row.outcome, row.why = (Outcome.REFUSED if refused else Outcome.FAILED), told[:200]
        row.rows, row.response_digest, row.cached, row.ms = 0, "", False, self._ms()
        self.line.also, self.line.keep = (), None
        self.line.spend = None if refused else self.line.spend
        if isinstance(error, QuotaUsed) and self.line.nonce is None and not is_news(error):
            return error  # the first refusal of a window is written; a loop gone wild does not fill the books
        books().write(self.line)
        return _noted(self.line.lost or error, row.receipt)


def _known(grant_id: str) -> _Known:
    """The grant and its resource, as they were at most a second ago. Raises NoGrant."""
    asked_at = time.monotonic()
    found = _remembered.get(grant_id)
    if found is not None and asked_at - found[0] < _FRESH:
        return found[1]
    try:
        grant = exchange.grant(grant_id)
        resource = exchange.resource(grant.resource)
    except NotFound:
        raise no_grant() from None
    definitions = catalogue.current().catalogue
    known = _Known(grant, resource, whole(definitions, ROWS), whole(definitions, KEPT_ANSWERS))
    if len(_remembered) >= _MOST:
        _remembered.clear()
    _remembered[grant_id] = (asked_at, known)
    return known


def _asked_number(resource: Resource, asked: NewCall) -> str:
    """The number that is searched by, if it says whom the row is about."""
    known = (field.id for field in resource.fields if field.subject_id)
    return next((str(asked.keys[name]) for name in known if name in asked.keys), "")


def subject_index(number_: str) -> str:
    """How calls know a person or firm by identity number or credit code, without keeping it."""
    return blind_index("".join(number_.split()).upper(), purpose="gateway-subject")


def subject_indexes(number_: str) -> tuple[str, ...]:
    """Everything under which calls may know a number: `subject_index` now, and by earlier index keys, since
    what was written of a call never changes."""
    return blind_indexes("".join(number_.split()).upper(), purpose="gateway-subject")


def receipt_of(error: BaseException) -> str:
    """The receipt under which a refused or failed call was written; empty when it was not."""
    return str(getattr(error, "receipt", ""))


def _noted(error: Exception, receipt: str) -> Exception:
    error.receipt = receipt  # type: ignore[attr-defined]
    return error


def _short(text: str, most: int) -> str:
    """What fits a column and a database; what does not fit was refused, and is cut in the record of it."""
    return "".join(char for char in text[:most] if char.isprintable())
