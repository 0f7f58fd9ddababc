# SPDX-License-Identifier: Apache-2.0
"""Take facts for matching from a delivery of the exchange: by a data officer of the department that holds the
grant, for the sources defined for it, under the purpose the grant was given for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.gateway import public as gateway
from yiwang.apps.identity.public import firms_by_code, people_by_number
from yiwang.engines.benefits.source_kinds import FactSource, as_fact, sources_of
from yiwang.engines.exchange import Mask, Resource, ResourceField, resources
from yiwang.engines.rules import RuleError
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.late import Late

from ..domain.rosters import written
from ..models import Extract, ExtractRow
from ..sources import note

pq: Any = Late("pyarrow.parquet")
_CHUNK = 500


def deliveries(actor: Actor) -> list[tuple[gateway.BatchView, FactSource]]:
    """The deliveries that the actor may give to matching, with what for: ready, in Parquet, not taken yet."""
    found = []
    known = sources_of(current().catalogue)
    taken = set(Extract.objects.values_list("source", "batch"))
    for batch in gateway.batches(actor):
        if batch.state is not gateway.BatchState.READY or not gateway.may_take(actor, batch):
            continue
        for one in known:
            if (one.resource, one.org) == (batch.resource, batch.org) and (one.id, batch.id) not in taken:
                found.append((batch, one))
    return found


def take_extract(actor: Actor, batch: str, source: str) -> str:
    """Take from a delivery the one fact a source defines, of everybody it speaks of who is registered here;
    nothing else of it is kept. Returns the extract's public id.

    Raises:
        NotFound: no such delivery of the actor's department. Conflict: not ready, taken already.
        NotAllowed: the grant was not given for this purpose, or may be used no more.
        Invalid: nothing chosen, no such source, not Parquet, the subject's number is masked in it.
    """
    if not batch:
        raise Invalid("还没有选择交付。", mend="请先选一次交付，再交给比对。")
    view = gateway.batch_view(actor, batch)
    found = next((one for one in sources_of(current().catalogue) if one.id == source), None)
    if found is None or (found.resource, found.org) != (view.resource, view.org):
        raise Invalid("这次交付没有定义为比对的来源。", mend="请目录管理员在 fact_sources 中写明。")
    if not found.purpose or found.purpose not in view.purpose:
        raise NotAllowed(
            f"这项授权的用途里没有“{found.purpose}”，不能用来比对。", mend="请按这个用途重新申请共享。"
        )
    subject_item = _subject_item(view)
    if view.form is not gateway.Form.PARQUET:
        raise Invalid("比对只读 Parquet 格式的交付。", mend="请选 Parquet 格式重新申请交付。")
    rows, unreadable = _rows(actor, view, found, subject_item)
    return _keep(actor, view, found, rows, unreadable)


def _subject_item(view: gateway.BatchView) -> ResourceField:
    resource: Resource = resources(current().catalogue)[view.resource]
    item = next((one for one in resource.fields if one.subject_id), None)
    if item is None or item.id not in view.fields:
        raise Invalid("交付里没有主体的编号，对不上是谁。", mend="请连同编号一起申请交付。")
    if item.mask is not Mask.NONE and item.id not in view.plain:
        raise Invalid("交付里的编号是脱敏的，对不上是谁。", mend="请申请不脱敏的编号，写明理由。")
    return item


def _rows(
    actor: Actor, view: gateway.BatchView, source: FactSource, item: ResourceField
) -> tuple[dict[str, Any], int]:
    """Number → fact; of a number that comes twice with different facts none. And how many were no use: the
    rule cannot read them, or somebody objects to them."""
    rows: dict[str, Any] = {}
    torn: set[str] = set()
    unreadable = 0
    for line in _lines(actor, view):
        number = str(line.get(item.name) or "")
        if line.get(gateway.OBJECTED):
            number = ""  # somebody says that this record is wrong: it is not used until that is settled
        told = {name: as_fact(value) for name, value in line.items()}
        try:
            fact = source.fact_of(told)
        except RuleError:
            unreadable += 1
            continue
        unreadable += not number
        if number and fact is not None and rows.setdefault(number, fact) != fact:
            torn.add(number)
    return {number: fact for number, fact in rows.items() if number not in torn}, unreadable + len(torn)


def _lines(actor: Actor, view: gateway.BatchView) -> Iterator[dict[str, Any]]:
    for part in view.parts:
        _, data = gateway.take_file(actor, view.id, part.number)
        for chunk in pq.ParquetFile(io.BytesIO(data)).iter_batches(batch_size=_CHUNK * 10):
            yield from chunk.to_pylist()


@transaction.atomic
def _keep(
    actor: Actor, view: gateway.BatchView, source: FactSource, rows: dict[str, Any], unreadable: int
) -> str:
    if Extract.objects.select_for_update().filter(source=source.id, batch=view.id).exists():
        raise Conflict("这次交付已经交给比对了。", mend="请刷新页面查看。")
    holders = _holders(list(rows))
    made = timezone.localdate(view.ready_at) if view.ready_at else timezone.localdate()
    extract = Extract.objects.create(
        public_id=new_public_id("ex"),
        source=source.id,
        resource=view.resource,
        org=view.org,
        grant=view.grant,
        batch=view.id,
        made_on=made,
        taken_by=actor.id,
        taken_at=timezone.now(),
        unknown=len(rows) - len(holders),
        unreadable=unreadable,
    )
    ExtractRow.objects.bulk_create(
        [
            ExtractRow(extract=extract, subject=subject, facts=written({source.fact: rows[number]}))
            for number, subject in holders.items()
        ],
        batch_size=1_000,
    )
    note(extract, "taken", actor=actor, rows=len(holders), unknown=extract.unknown, unreadable=unreadable)
    return extract.public_id


def _holders(numbers: list[str]) -> dict[str, str]:
    """Number → public id of who is registered here."""
    found: dict[str, str] = {}
    for at in range(0, len(numbers), _CHUNK):
        some = numbers[at : at + _CHUNK]
        known = firms_by_code(some) | people_by_number([one for one in some if one not in found])
        found |= {number: one.public_id for number, one in known.items()}
    return found
