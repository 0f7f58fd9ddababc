# SPDX-License-Identifier: Apache-2.0
"""Write an event of a licence and its entry in the journal: the one way a licence comes to change.

The event vouches for the licence's row as it is left behind, is chained to the event before it,
and its digest stands in the journal's entry: so the journal's chain protects the licences too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from yiwang.apps.journal.public import gathered, record, store
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound

from ..domain.history import GENESIS, Event, EventKind
from ..models import Licence, LicenceEvent
from ..sync import announce

MOST_WORDS = 300


@dataclass(frozen=True)
class Happening:
    """What is told of a licence."""

    kind: EventKind
    effective_on: dt.date
    reason: str = ""
    basis: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    corrects: int | None = None

    def as_event(self, before: Sequence[Event]) -> Event:
        """As the newest event after these, before it is written."""
        seq = max((event.seq for event in before), default=0) + 1
        return Event(
            seq, self.kind, self.effective_on, timezone.now(), "", "", self.reason, self.basis, self.facts
        )


def stream_of(licence: Licence) -> str:
    """The journal's stream of one licence."""
    return f"licence:{licence.public_id}"


def tell(actor: Actor, licence: Licence, what: Happening, *, stream: str = "") -> LicenceEvent:
    """Write what happened to a licence whose row is saved and locked (or new), in this transaction."""
    last = licence.events.order_by("-seq").first()
    event = _event(actor, licence, what, last=last, stream=stream or stream_of(licence))
    event.save(force_insert=True)
    _note(actor, licence, event)
    announce([licence.public_id], key=f"{licence.public_id}:{event.seq}")
    return event


def tell_new(actor: Actor, licences: Iterable[Licence], *, reason: str, stream: str) -> None:
    """Write the first event of many licences, in one stream of the journal, in this transaction."""
    pairs = [(one, _first(actor, one, reason, stream)) for one in licences]
    store(event for _, event in pairs)
    with gathered():
        for licence, event in pairs:
            _note(actor, licence, event)
    announce([licence.public_id for licence, _ in pairs], key=stream)


def _first(actor: Actor, licence: Licence, reason: str, stream: str) -> LicenceEvent:
    what = Happening(EventKind.ISSUED, licence.valid_from, reason)
    return _event(actor, licence, what, last=None, stream=stream)


def _event(
    actor: Actor, licence: Licence, what: Happening, *, last: LicenceEvent | None, stream: str
) -> LicenceEvent:
    event = LicenceEvent(
        licence=licence,
        seq=last.seq + 1 if last else 1,
        kind=what.kind.value,
        effective_on=what.effective_on,
        recorded_at=timezone.now(),
        actor=actor.id,
        actor_name="申请人" if actor.kind is ActorKind.PERSON else actor.name,
        reason=what.reason,
        basis=what.basis,
        facts=dict(what.facts),
        corrects=what.corrects,
        stream=stream,
        content=licence.content_digest(),
        previous=last.digest if last else GENESIS,
    )
    event.digest = event.computed_digest(licence.public_id)
    return event


def _note(actor: Actor, licence: Licence, event: LicenceEvent) -> None:
    record(
        actor,
        f"licence.{event.kind}",
        stream=event.stream,
        about=licence.public_id,
        subject=licence.holder,
        detail={"material": licence.material, "event": event.digest},
    )


def locked(public_id: str) -> Licence:
    """The licence, locked until the transaction ends. Raises NotFound."""
    found = Licence.objects.select_for_update().filter(public_id=public_id).first()
    if found is None:
        raise NotFound("没有这个证照。", mend="请核对编号。")
    return found


def require_issuer(actor: Actor, licence: Licence) -> None:
    """Raise NotAllowed unless the actor decides for the department that issued it, or is the system."""
    place = licence.place or None
    decides = actor.has(Role.APPROVER, Role.REPRESENTATIVE, org=licence.issuer, place=place)
    if actor.kind is not ActorKind.SYSTEM and not (actor.kind is ActorKind.OFFICER and decides):
        raise NotAllowed("只有发证部门的审批人可以变更证照状态。", mend="请转发证部门办理。")


def reason_given(reason: str) -> str:
    """The reason, trimmed. Raises Invalid when there is none."""
    if not reason.strip():
        raise Invalid("请写明理由。", mend="写清事实和依据；当事人会看到。", field="reason")
    return reason.strip()[:MOST_WORDS]
