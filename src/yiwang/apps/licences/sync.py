# SPDX-License-Identifier: Apache-2.0
"""Tell the province's store of every licence and every change of how it stands (索引与状态同步).

1. Whoever writes an event of a licence calls `announce` in the same transaction: one message.
2. The worker delivers it: the index records are made from what is on record *then*, so that messages
   that overtake each other do no harm, and handed to the province under the message's key.
3. What the province took is noted (`IndexPush`). Results that are no licences, and licences that
   flowed back to us, are not pushed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import subjects
from yiwang.apps.journal.public import Outside, record, send, store, undelivered
from yiwang.engines.definitions.kinds.materials import MaterialKind
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotAllowed
from yiwang.kernel.ids import new_public_id

from .domain.index_record import IndexRecord
from .domain.states import Standing
from .models import IndexPush, Licence
from .templates import template_by_id

INDEX = "licence.index"
"""The topic of the messages to the province's store."""
BATCH = 500  # licences of one message
_LISTED = 200


class Province(Protocol):
    """The province's store. A key it has seen is the same delivery."""

    def push(self, key: str, records: Sequence[Mapping[str, Any]]) -> str:
        """Take index records; returns a receipt. Raises Unavailable, Conflict."""


def announce(licences: Sequence[str], *, key: str) -> None:
    """Let the province know of these licences (public ids), in the caller's transaction.

    Args:
        key: what makes this announcement one and the same, e.g. licence and number of its event.
    """
    for start in range(0, len(licences), BATCH):
        part = list(licences[start : start + BATCH])
        send(INDEX, f"{INDEX}:{key}:{start}" if start else f"{INDEX}:{key}", {"licences": part})


def push_index(province: Province) -> Outside:
    """The handler of the messages."""

    def deliver(key: str, payload: Mapping[str, Any]) -> None:
        found = records_of(payload["licences"])
        known = _known({one.key for one in found})
        fresh = [one for one in found if known.get(one.key, -1) < one.seq]
        if not fresh:
            return
        receipt = province.push(key, [one.as_metadata() for one in fresh])
        _note(fresh, receipt)

    return Outside(deliver)


def records_of(licences: Collection[str]) -> list[IndexRecord]:
    """The index records of those of the licences that are pushed, as they stand now."""
    opened = current()
    kinds = {one.id for one in opened.catalogue.materials.values() if one.kind is MaterialKind.LICENCE}
    rows = list(
        Licence.objects.filter(public_id__in=licences, material__in=kinds, flowed_back__isnull=True)
        .annotate(seq=Max("events__seq"))
        .order_by("pk")
    )
    holders = subjects({row.holder for row in rows})
    return [_record(opened, row, holders[row.holder]) for row in rows]


def _record(opened: OpenRelease, row: Licence, holder: Any) -> IndexRecord:
    org = opened.catalogue.orgs.get(row.issuer)
    template = template_by_id(row.template) if row.template else None
    return IndexRecord(
        key=row.public_id,
        seq=getattr(row, "seq", None) or 0,
        identifier=row.identifier,
        name=opened.catalogue.materials[row.material].name,
        type_code=(template.type.type_code if template else None) or "",
        number=row.number,
        issuer=org.name if org else row.issuer,
        issuer_code=(org.code if org else None) or "",
        holder=holder.name,
        holder_code=holder.number,
        holder_is_firm=holder.kind == "firm",
        issued_on=row.valid_from,
        valid_until=row.valid_until,
        standing=Standing(row.standing).term,
        standing_since=row.standing_since,
    )


def _known(licences: Collection[str]) -> dict[str, int]:
    """Up to which event the province knows each of the licences; those it never took are left out."""
    pushed = IndexPush.objects.filter(licence__public_id__in=licences)
    return dict(pushed.values_list("licence__public_id", "seq"))


@transaction.atomic
def _note(records: Sequence[IndexRecord], receipt: str) -> None:
    """Note what the province took; never an older state over a newer one."""
    keys = {one.key: one for one in records}
    rows = Licence.objects.filter(public_id__in=keys).values_list("pk", "public_id")
    kept = {
        row.licence_id: row
        for row in IndexPush.objects.select_for_update().filter(licence__public_id__in=keys)
    }
    fresh, changed, now = list[IndexPush](), list[IndexPush](), timezone.now()
    for pk, public_id in rows:
        one = keys[public_id]
        row = kept.get(pk) or IndexPush(licence_id=pk, seq=-1)
        if row.seq < one.seq:
            row.seq, row.digest, row.receipt, row.pushed_at = one.seq, one.digest(), receipt, now
            (changed if pk in kept else fresh).append(row)
    store(fresh)
    IndexPush.objects.bulk_update(changed, ["seq", "digest", "receipt", "pushed_at"])


@dataclass(frozen=True)
class SyncState:
    """How far the province's store is behind."""

    on_record: int
    pushed: int
    messages: Sequence[Any]
    parked: int
    newest: dt.datetime | None


def sync_state(actor: Actor) -> SyncState:
    """How many licences the province knows, and which messages wait. Raises NotAllowed for others than
    bureau, auditors and operators."""
    _require_reader(actor)
    waiting = [one for one in undelivered(limit=_LISTED) if one.topic == INDEX]
    return SyncState(
        on_record=_ours().count(),
        pushed=IndexPush.objects.count(),
        messages=waiting,
        parked=sum(one.state == "parked" for one in waiting),
        newest=IndexPush.objects.aggregate(newest=Max("pushed_at"))["newest"],
    )


@transaction.atomic
def announce_missing(actor: Actor) -> int:
    """Announce every licence the province never took, e.g. those taken over before the link was there;
    returns how many.

    Raises NotAllowed: neither the bureau nor the system.
    """
    bureau = any(post.role is Role.DATA and not post.org for post in actor.posts)
    if actor.kind is not ActorKind.SYSTEM and not bureau:
        raise NotAllowed("补推索引由数据管理部门办理。", mend="请联系数据管理员。")
    missing = list(_ours().filter(index_push=None).values_list("public_id", flat=True))
    if missing:
        key = new_public_id("sync")
        announce(missing, key=key)
        record(
            actor, "licence.index.announced", stream="licence-sync", about=key, detail={"count": len(missing)}
        )
    return len(missing)


def _ours() -> Any:
    kinds = [one.id for one in current().catalogue.materials.values() if one.kind is MaterialKind.LICENCE]
    return Licence.objects.filter(Q(material__in=kinds), flowed_back__isnull=True)


def _require_reader(actor: Actor) -> None:
    bureau = any(post.role is Role.DATA and not post.org for post in actor.posts)
    if not (bureau or actor.has(Role.AUDITOR, Role.OPERATOR) or actor.kind is ActorKind.SYSTEM):
        raise NotAllowed("同步情况由数据管理部门查看。", mend="请联系数据管理员。")
