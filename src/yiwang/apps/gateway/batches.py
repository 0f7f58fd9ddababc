# SPDX-License-Identifier: Apache-2.0
"""Deliveries in batches (分批交付): asked for under a grant, made by the worker, taken file by file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.apps.journal.public import record
from yiwang.apps.vault.public import watermark
from yiwang.engines.exchange.leaving import Way, refuse_leaving
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import BEIJING, format_date
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from . import batches_files as files
from .domain.deliveries import BatchState, Form, manifest
from .models.batches import Batch, BatchDownload, BatchPart

_LISTED = 200


@dataclass(frozen=True)
class NewBatch:
    """A delivery that is asked for. `fields`: which of the granted items; None: all of them."""

    grant: str
    form: Form
    fields: tuple[str, ...] | None = None


@dataclass(frozen=True)
class PartView:
    """One file of a delivery."""

    number: int
    rows: int
    size: int
    digest: str


@dataclass(frozen=True)
class TakenView:
    """Who took a file, when. `number` 0 is the manifest."""

    number: int
    at: dt.datetime
    name: str


@dataclass(frozen=True)
class BatchView:
    """A delivery as pages show it."""

    id: str
    grant: str
    resource: str
    org: str
    fields: tuple[str, ...]
    plain: frozenset[str]
    form: Form
    purpose: str
    basis: str
    watermark: str
    state: BatchState
    why: str
    rows: int
    doubts: Mapping[str, int]
    marks: Mapping[str, int]
    digest: str
    asked_name: str
    asked_at: dt.datetime
    ready_at: dt.datetime | None
    expires_at: dt.datetime | None
    parts: tuple[PartView, ...] = ()
    taken: tuple[TakenView, ...] = ()


@transaction.atomic
def ask_batch(actor: Actor, new: NewBatch) -> str:
    """Ask for a delivery; the worker makes it. Returns its public id.

    Raises:
        NotFound: no such grant of the actor's department.
        NotAllowed: the grant is not in force, or not for batches.
        Invalid: items that are not granted. Conflict: the same is being made already.
    """
    grant = exchange.grant(new.grant)
    if grant.org not in exchange.data_orgs(actor):
        raise NotFound("没有这项授权。", mend="请核对授权编号；只能由被授权部门的数据管理员申请交付。")
    now = timezone.now()
    if why := why_no_batch(grant, now):
        raise NotAllowed(why, mend="需要分批交付的，请在申请共享时写明。")
    fields = grant.fields if new.fields is None else new.fields
    if not fields or set(fields) - set(grant.fields):
        raise Invalid("有信息项没有授权。", mend="请只选授权里的信息项。", field="fields")
    chosen = tuple(one for one in grant.fields if one in set(fields))
    running = Batch.objects.filter(grant=grant.id, state__in=[BatchState.WAITING, BatchState.RUNNING])
    if running.filter(form=new.form.value, fields=list(chosen)).exists():
        raise Conflict("同样的交付正在生成。", mend="请等它生成完，或者先停止。")
    batch = Batch.objects.create(
        public_id=(identity := new_public_id("batch")),
        grant=grant.id,
        resource=grant.resource,
        org=grant.org,
        fields=list(chosen),
        plain=sorted(set(grant.plain) & set(chosen)),
        form=new.form.value,
        purpose=grant.purpose[:500],
        basis=grant.basis[:500],
        watermark=watermark_of(identity, grant, now),
        state=BatchState.WAITING.value,
        asked_by=actor.id,
        asked_name=actor.name,
        asked_at=now,
        try_at=now,
    )
    watermark(receipt=identity, receiver=grant.org, line=batch.watermark)
    detail = {"resource": grant.resource, "grant": grant.id, "fields": list(chosen), "form": new.form.value}
    write(actor, "batch.asked", batch, detail)
    return identity


def why_no_batch(grant: exchange.GrantView, at: dt.datetime) -> str:
    """Why nothing may be delivered under a grant at this moment; empty when it may."""
    if not grant.usable(at):
        return grant.why_not(at)
    return "" if grant.batch else "这项授权不含分批交付。"


def watermark_of(identity: str, grant: exchange.GrantView, at: dt.datetime) -> str:
    """Who receives it, under which grant, when, in which delivery."""
    day = format_date(at.astimezone(BEIJING).date())
    org = current().catalogue.orgs.get(grant.org)
    who = org.name if org else grant.org
    return f"{who}依授权{grant.id}于{day}接收，批次{identity}，仅限约定用途，不得转交"


def batches(actor: Actor) -> list[BatchView]:
    """The deliveries that the actor may see, newest first: of the departments whose data officer they are, as
    receiver or provider; the bureau sees all."""
    rows = Batch.objects.order_by("-asked_at")
    if not exchange.is_bureau(actor):
        orgs = exchange.data_orgs(actor)
        provided = [one.id for one in exchange.resources() if one.resource.provider in orgs]
        rows = rows.filter(Q(org__in=orgs) | Q(resource__in=provided))
    return [_view(row) for row in rows[:_LISTED]]


def batch_view(actor: Actor, identity: str) -> BatchView:
    """One delivery with its files and who took them. Raises NotFound."""
    batch = _visible(actor, identity)
    taken = batch.downloads.order_by("-at", "-id")[:_LISTED]
    return _view(batch, batch.parts.order_by("number"), taken)


def may_take(actor: Actor, batch: BatchView) -> bool:
    """Whether the actor may download it: a data officer of the receiving department."""
    return batch.org in exchange.data_orgs(actor)


def deliveries_of(resource: str, *, since: dt.datetime) -> list[BatchView]:
    """Deliveries of a resource that were made since: whose rows went out in bulk, to whom."""
    found = Batch.objects.filter(resource=resource, ready_at__gte=since).order_by("-ready_at")
    return [_view(row) for row in found[:_LISTED]]


def take_file(actor: Actor, identity: str, number: int, *, way: Way = Way.FILE) -> tuple[str, bytes]:
    """A file of a delivery (0: the manifest), its name and bytes; the taking is written down first.

    Raises:
        NotFound: no such delivery of the actor's department, no such file.
        Conflict: it is not ready, or its time is over, or the file on the disk was damaged.
        NotAllowed: the grant was revoked or ended meanwhile; important data by this way (第十九条).
    """
    batch = Batch.objects.filter(public_id=identity, org__in=exchange.data_orgs(actor)).first()
    if batch is None:
        raise no_batch()
    now = timezone.now()
    if batch.state != BatchState.READY or batch.expires_at is None or batch.expires_at <= now:
        raise Conflict(
            f"这次交付现在是“{BatchState(batch.state).term}”，不能下载。", mend="需要时请重新申请交付。"
        )
    if why := why_no_batch(exchange.grant(batch.grant), now):
        raise NotAllowed(why, mend="授权停用后，没有取走的文件不能再取。")
    refuse_leaving(exchange.resource(batch.resource), batch.fields, way)
    name, data = (f"{identity}-清单.json", manifest_of(batch)) if number == 0 else _file(batch, number)
    with transaction.atomic():
        BatchDownload.objects.create(
            batch=batch, number=number, at=now, actor=actor.id, actor_name=actor.name
        )
        write(actor, "batch.taken", batch, {"number": number})
    return name, data


@transaction.atomic
def stop_batch(actor: Actor, identity: str) -> None:
    """Stop a delivery and remove its files. Raises NotFound, Conflict."""
    batch = (
        Batch.objects.select_for_update()
        .filter(public_id=identity, org__in=exchange.data_orgs(actor))
        .first()
    )
    if batch is None:
        raise no_batch()
    if batch.state not in (BatchState.WAITING, BatchState.RUNNING, BatchState.READY):
        raise Conflict("这次交付已经停止。", mend="需要时请重新申请交付。")
    stop(batch, actor, "接收单位停止")


def stop(batch: Batch, actor: Actor, why: str) -> None:
    """Stop a delivery whose row is locked; its files go when that is committed."""
    batch.state, batch.why, batch.removed_at = BatchState.STOPPED.value, why[:300], timezone.now()
    batch.save(update_fields=["state", "why", "removed_at"])
    write(actor, "batch.stopped", batch, {"why": why})
    identity = batch.public_id
    transaction.on_commit(lambda: files.remove_all(identity))


def manifest_of(batch: Batch) -> bytes:
    """The manifest of a delivery."""
    told = {
        "batch": batch.public_id,
        "resource": batch.resource,
        "grant": batch.grant,
        "receiver": batch.org,
        "fields": list(batch.fields),
        "plain": list(batch.plain),
        "form": batch.form,
        "purpose": batch.purpose,
        "watermark": batch.watermark,
        "asked_at": batch.asked_at.isoformat(),
        "doubtful": dict(batch.doubts),
        "objected": dict(batch.marks),
    }
    parts = [
        {"name": file_name(batch, one.number), "rows": one.rows, "bytes": one.size, "sha256": one.digest}
        for one in batch.parts.order_by("number")
    ]
    return manifest(told, parts)


def file_name(batch: Batch, number: int) -> str:
    """What a file is called when it is taken."""
    return f"{batch.public_id}-{number:04d}.{batch.form}"


def write(actor: Actor, action: str, batch: Batch, detail: Mapping[str, object]) -> None:
    """Tell the journal."""
    record(
        actor,
        action,
        stream=f"batch:{batch.public_id}",
        about=batch.public_id,
        purpose=batch.purpose,
        basis=batch.basis,
        detail=detail,
    )


def no_batch() -> NotFound:
    """The refusal for what is not there and what is somebody else's, alike."""
    return NotFound("没有这次交付。", mend="请从交付列表里查找。")


def _file(batch: Batch, number: int) -> tuple[str, bytes]:
    part = BatchPart.objects.filter(batch=batch, number=number).first()
    if part is None:
        raise NotFound("没有这个文件。", mend="请从交付页面里选。")
    data = files.load(batch.public_id, number, part)
    if data is None:
        raise Conflict("这个文件损坏了，或者已经不在。", mend="请重新申请交付，并告诉运维人员。")
    return file_name(batch, number), data


def _visible(actor: Actor, identity: str) -> Batch:
    batch = Batch.objects.filter(public_id=identity).first()
    if batch is None:
        raise no_batch()
    if exchange.is_bureau(actor) or batch.org in exchange.data_orgs(actor):
        return batch
    provider = next((one.resource.provider for one in exchange.resources() if one.id == batch.resource), "")
    if provider not in exchange.data_orgs(actor):
        raise no_batch()
    return batch


def _view(batch: Batch, parts: Iterable[BatchPart] = (), taken: Iterable[BatchDownload] = ()) -> BatchView:
    return BatchView(
        id=batch.public_id,
        grant=batch.grant,
        resource=batch.resource,
        org=batch.org,
        fields=tuple(batch.fields),
        plain=frozenset(batch.plain),
        form=Form(batch.form),
        purpose=batch.purpose,
        basis=batch.basis,
        watermark=batch.watermark,
        state=BatchState(batch.state),
        why=batch.why,
        rows=batch.rows_done,
        doubts=dict(batch.doubts),
        marks=dict(batch.marks),
        digest=batch.digest,
        asked_name=batch.asked_name,
        asked_at=batch.asked_at,
        ready_at=batch.ready_at,
        expires_at=batch.expires_at,
        parts=tuple(PartView(one.number, one.rows, one.size, one.digest) for one in parts),
        taken=tuple(TakenView(one.number, one.at, one.actor_name) for one in taken),
    )
