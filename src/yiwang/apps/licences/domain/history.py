# SPDX-License-Identifier: Apache-2.0
"""Two clocks: from when something is true in law, and when we recorded it.

A licence is the sum of its events. `as_known` adds them up for one day in law, as we knew it at
one time: what was recorded later is left out, what was withdrawn by then does not count, and
after a final standing (revoked, replaced) nothing counts that takes effect later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yiwang.kernel.canonical import canonical_digest
from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Termed

from .states import Standing, change, is_legal, usable, word

GENESIS = "0" * 64


class EventKind(Termed):
    """What can happen to a licence."""

    ISSUED = "issued", "核发"
    SEALED = "sealed", "签章"
    SUSPENDED = "suspended", "暂停"
    RESTORED = "restored", "恢复"
    REVOKED = "revoked", "撤销"
    EXPIRED = "expired", "期满"  # computed from the date, never a row
    REPLACED = "replaced", "换发"
    CORRECTED = "corrected", "更正"


KIND_OF = {
    Standing.SUSPENDED: EventKind.SUSPENDED,
    Standing.VALID: EventKind.RESTORED,
    Standing.REVOKED: EventKind.REVOKED,
    Standing.REPLACED: EventKind.REPLACED,
}
"""The event that brings a licence to a standing."""
_STANDING_OF = {kind: standing for standing, kind in KIND_OF.items()}


@dataclass(frozen=True)
class Event:
    """What happened to a licence. A correction's `facts` say what the licence stated before and
    states since: `were` and `now`, each with the parts that changed (see `Content.changed`)."""

    seq: int
    kind: EventKind
    effective_on: dt.date
    recorded_at: dt.datetime
    actor: str
    actor_name: str
    reason: str = ""
    basis: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    corrects: int | None = None

    @property
    def changes_content(self) -> bool:
        """Whether it corrects what the licence states, not another event."""
        return self.kind is EventKind.CORRECTED and self.corrects is None


@dataclass(frozen=True)
class Content:
    """What a licence states."""

    valid_from: dt.date
    valid_until: dt.date | None
    fields: Mapping[str, Any]

    def changed(self, parts: Mapping[str, Any]) -> Content:
        """With the parts that are given: `valid_from`, `valid_until` (dates as text) and `fields`
        (by data element; None takes one away)."""
        start, end = parts.get("valid_from", self.valid_from), parts.get("valid_until", self.valid_until)
        fields = {**self.fields, **parts.get("fields", {})}
        return Content(
            dt.date.fromisoformat(start) if isinstance(start, str) else start,
            dt.date.fromisoformat(end) if isinstance(end, str) else end,
            {key: value for key, value in fields.items() if value is not None},
        )

    def difference(self, other: Content) -> dict[str, Any]:
        """The parts in which `other` differs, with this content's values, as `changed` takes them."""
        parts: dict[str, Any] = {}
        if self.valid_from != other.valid_from:
            parts["valid_from"] = self.valid_from.isoformat()
        if self.valid_until != other.valid_until:
            parts["valid_until"] = self.valid_until.isoformat() if self.valid_until else None
        keys = sorted({*self.fields, *other.fields})
        fields = {k: self.fields.get(k) for k in keys if self.fields.get(k) != other.fields.get(k)}
        return {**parts, "fields": fields} if fields else parts


@dataclass(frozen=True)
class Known:
    """A licence on one day in law, as known at one time."""

    on: dt.date
    content: Content
    standing: Standing
    since: dt.date
    reason: str
    sealed: bool

    @property
    def usable(self) -> bool:
        """Whether it proves anything on that day."""
        return usable(self.standing, self.content.valid_from, self.content.valid_until, self.on)

    @property
    def word(self) -> str:
        """How it stands on that day, in Chinese."""
        return word(self.standing, self.content.valid_from, self.content.valid_until, self.on)


def as_known(
    events: Sequence[Event], today: Content, *, true_on: dt.date, known_at: dt.datetime
) -> Known | None:
    """The licence on `true_on`, from what was recorded until `known_at`; None before it was recorded.

    Args:
        today: what the licence states now, all corrections made.
    """
    recorded = [event for event in events if event.recorded_at <= known_at]
    if not recorded:
        return None
    content = today
    for event in reversed(events):
        if event.changes_content:
            content = content.changed(event.facts["were"])
    for event in recorded:
        if event.changes_content and event.effective_on <= true_on:
            content = content.changed(event.facts["now"])
    standing, since, reason = standing_on(recorded, true_on, content.valid_from)
    marks = [event for event in recorded if event.kind is EventKind.SEALED or event.changes_content]
    sealed = bool(marks) and marks[-1].kind is EventKind.SEALED
    return Known(true_on, content, standing, since, reason, sealed)


def standing_on(events: Iterable[Event], day: dt.date, since: dt.date) -> tuple[Standing, dt.date, str]:
    """How a licence stands on a day, since when and why, by these events."""
    found = Standing.VALID, since, ""
    for event in counting(events):
        to = _STANDING_OF[event.kind]
        if event.effective_on <= day and is_legal(found[0], to):
            found = to, event.effective_on, event.reason
    return found


def counting(events: Iterable[Event]) -> list[Event]:
    """The changes of standing that were not withdrawn, in the order of the law."""
    events = list(events)
    withdrawn = {event.corrects for event in events if event.corrects is not None}
    kept = [event for event in events if event.kind in _STANDING_OF and event.seq not in withdrawn]
    return sorted(kept, key=lambda event: (event.effective_on, event.seq))


def require_fits(
    events: Sequence[Event], to: Standing, *, on: dt.date, valid_from: dt.date, today: dt.date
) -> None:
    """Raise Conflict unless the licence may come to stand as `to` from `on`.

    A revocation may reach back behind other changes: after it nothing counts. Any other change
    follows the ones before it in law, and only one change may lie ahead of today.
    """
    if on < valid_from:
        raise Conflict(
            f"生效日期早于证照生效之日（{valid_from:%Y-%m-%d}）。",
            mend="请核对日期。撤销自始无效的，填证照生效之日。",
        )
    last = max((event.effective_on for event in counting(events)), default=valid_from)
    if last > on and to is not Standing.REVOKED:
        raise Conflict(
            f"已经登记了自 {last:%Y-%m-%d} 起生效的变更，不能再登记更早的变更。",
            mend="请改填日期，或先更正那一条。",
        )
    if last > today and on > last:
        raise Conflict(
            f"已经登记了自 {last:%Y-%m-%d} 起的变更，还没有生效。", mend="等它生效，或先更正那一条。"
        )
    change(standing_on(events, on, valid_from)[0], to)


def chained(previous: str, licence: str, content: Mapping[str, Any]) -> str:
    """The digest of an event: over what it says, whose it is, and the digest before it."""
    return canonical_digest({"previous": previous, "licence": licence, "event": dict(content)})
