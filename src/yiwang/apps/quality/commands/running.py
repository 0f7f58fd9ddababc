# SPDX-License-Identifier: Apache-2.0
"""Run over resources: when it is time, page by page, on from where it broke off; judged at the end."""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current, current_digest
from yiwang.apps.gateway.public import SourceChanged, SourceUnknown, connector_of
from yiwang.apps.journal.public import record
from yiwang.engines.definitions import whole
from yiwang.engines.exchange import Resource, resources
from yiwang.engines.exchange.quality import ROW
from yiwang.engines.exchange.quality_values import texts_of
from yiwang.kernel.actor import Actor, ActorKind, system
from yiwang.kernel.errors import Conflict, Kind, NotAllowed, NotFound, YiwangError
from yiwang.kernel.ids import new_public_id

from .. import pages_kept
from ..domain import settings
from ..domain.runs import RunState
from ..judging import judge_pages, wanted
from ..models import QualityRun
from ..parts import is_bureau, provides_for
from .finishing import fail, finish

log = logging.getLogger(__name__)
CLOCK = system("质量检查")
_FIRST_WAIT = dt.timedelta(minutes=1)  # before a source that failed is asked again; doubled each time


def run(actor: Actor, resource: str, *, now: dt.datetime | None = None) -> str:
    """Ask for a run over a resource now (数据质量自查): the provider, the bureau, the system. One that is
    under way already is the one. Returns its public id.

    Raises NotFound: no such resource, or no rules. NotAllowed. SourceUnknown: it is not connected.
    """
    known = resources(current().catalogue).get(resource)
    if known is None:
        raise NotFound("没有这个数据资源。", mend="请从数据目录中选择。")
    ours = actor.kind is ActorKind.SYSTEM or is_bureau(actor)
    if not ours and known.provider not in provides_for(actor):
        raise NotAllowed("只能检查本部门提供的数据。", mend="请由提供部门或数据管理局的数据管理员操作。")
    if not known.quality:
        raise NotFound("这个资源还没有质量规则。", mend="请在目录的 quality 中写明规则并发布。")
    connector_of(resource)
    return _begun(actor, known, now or timezone.now())


def _begun(actor: Actor, resource: Resource, now: dt.datetime) -> str:
    row = QualityRun(
        public_id=new_public_id("qr"),
        resource=resource.id,
        provider=resource.provider,
        state=RunState.READING.value,
        asked_by=actor.id,
        asked_at=now,
        release=current_digest() or "",
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            record(actor, "quality.asked", stream=f"quality:{resource.id}", about=row.public_id)
    except IntegrityError:
        return QualityRun.objects.get(resource=resource.id, state=RunState.READING.value).public_id
    return row.public_id


def begin_due(now: dt.datetime | None = None) -> int:
    """Begin a run over every connected resource with rules whose last one is too long ago; how many."""
    moment, opened, begun = now or timezone.now(), current(), 0
    last = dict(QualityRun.objects.order_by("asked_at").values_list("resource", "asked_at"))
    for resource in resources(opened.catalogue).values():
        if not resource.quality or not resource.valid_on(timezone.localdate(moment)):
            continue
        every = dt.timedelta(days=settings.run_days(opened.catalogue, resource.cycle))
        due = resource.id not in last or moment - last[resource.id] >= every
        if due and _connected(resource.id):
            _begun(CLOCK, resource, moment)
            begun += 1
    return begun


def _connected(resource: str) -> bool:
    """Whether a source is registered and switched on."""
    try:
        connector_of(resource)
    except SourceUnknown:
        return False
    return True


def remove_left_pages() -> int:
    """Remove pages of runs that ended elsewhere; of how many."""
    left = set(pages_kept.runs_with_pages())
    left -= set(
        QualityRun.objects.filter(public_id__in=left, state=RunState.READING.value).values_list(
            "public_id", flat=True
        )
    )
    for one in left:
        pages_kept.remove_pages(one)
    return len(left)


def work_on_runs(now: dt.datetime | None = None) -> int:
    """Work on runs for a slice of time (a setting); returns how many ended. Any number of workers may: each
    run is worked on by one, and taken over when that one gives no sign for a while."""
    until = time.monotonic() + whole(current().catalogue, settings.SLICE_SECONDS)
    ended = 0
    while time.monotonic() < until and (row := _taken(now or timezone.now())) is not None:
        ended += _work(row, until)
    return ended


@transaction.atomic
def _taken(now: dt.datetime) -> QualityRun | None:
    """A run that nobody works on, ours until the lease is over."""
    free = QualityRun.objects.select_for_update(skip_locked=True).filter(state=RunState.READING.value)
    free = free.exclude(taken_until__gt=now).exclude(next_at__gt=now)
    row = free.order_by("asked_at", "id").first()
    if row is None:
        return None
    row.taken_by, row.taken_until = new_public_id("w"), now + _lease()
    row.save(update_fields=["taken_by", "taken_until"])
    return row


def _lease() -> dt.timedelta:
    return dt.timedelta(seconds=whole(current().catalogue, settings.LEASE_SECONDS))


def _work(row: QualityRun, until: float) -> int:
    """Read on; judge when all is read. Returns 1 when the run ended."""
    opened = current()
    resource = resources(opened.catalogue).get(row.resource)
    if resource is None or not resource.quality:
        return fail(row, "目录里已经没有这个资源或它的质量规则。")
    try:
        if not _read(row, resource, opened, until):
            _let_go(row)
            return 0
        counts = {name: told["pages"] for name, told in row.progress.items()}
        outcomes, said = judge_pages(row.public_id, resource, opened, counts, on=timezone.localdate())
    except SourceChanged:
        return _again(row, opened, "读取期间数据有变动，要从头再读。", anew=True)
    except FileNotFoundError:
        return _again(row, opened, "读到的内容不在这台机器上，要从头再读。", anew=True)
    except Conflict:
        return 0  # another worker took it over
    except YiwangError as error:
        if error.kind is Kind.UNAVAILABLE:
            return _again(row, opened, str(error), anew=False)
        return fail(row, str(error))
    return finish(row, resource, outcomes, said)


def _read(row: QualityRun, resource: Resource, opened: OpenRelease, until: float) -> bool:
    """Read what is missing until the time is up. Returns whether all is read."""
    for name, fields in wanted(resource, resources(opened.catalogue)).items():
        if name != resource.id and not _connected(name):
            continue  # what is compared with it is not judged
        told = row.progress.setdefault(name, {"after": None, "pages": 0, "rows": 0, "done": False})
        if told["done"]:
            continue
        if not _read_one(row, name, fields, until):
            return False
    return True


def _read_one(row: QualityRun, name: str, fields: tuple[str, ...], until: float) -> bool:
    told: dict[str, Any] = row.progress[name]
    size = whole(current().catalogue, settings.PAGE_ROWS)
    deadline = time.monotonic() + _lease().total_seconds()
    stream = connector_of(name).tables(fields, after=told["after"], size=size, deadline=deadline)
    for page in stream:
        table = texts_of(page.table, fields, first=told["rows"], row=ROW)
        pages_kept.write_page(row.public_id, name, told["pages"], table)
        told |= {"after": page.after, "pages": told["pages"] + 1, "rows": told["rows"] + table.num_rows}
        _note_progress(row)
        if time.monotonic() >= until:
            return False
    if not told["pages"]:
        pages_kept.write_page(row.public_id, name, 0, _no_rows(fields))
        told["pages"] = 1
    told["done"] = True
    _note_progress(row)
    return True


def _no_rows(fields: tuple[str, ...]) -> Any:
    import pyarrow as pa

    return texts_of(pa.table({one: pa.array([], pa.string()) for one in fields}), fields, first=0, row=ROW)


@transaction.atomic
def _note_progress(row: QualityRun) -> None:
    """Say how far we are, if the run is still ours. Raises Conflict when another worker took it over."""
    ours = QualityRun.objects.select_for_update().filter(pk=row.pk, taken_by=row.taken_by)
    if not ours.filter(state=RunState.READING.value).exists():
        raise Conflict("这次检查已由另一个进程接着做。", mend="不用处理。")
    row.taken_until = timezone.now() + _lease()
    row.rows = row.progress.get(row.resource, {}).get("rows", 0)
    row.save(update_fields=["progress", "taken_until", "rows"])


def _let_go(row: QualityRun) -> None:
    """The slice is over: any worker may go on."""
    row.taken_until = None
    row.save(update_fields=["taken_until"])


def _again(row: QualityRun, opened: OpenRelease, why: str, *, anew: bool) -> int:
    """Try later, from where it broke off or anew; after too many tries the run has failed."""
    row.tries += 1
    if row.tries >= whole(opened.catalogue, settings.TRIES):
        return fail(row, why)
    if anew:
        pages_kept.remove_pages(row.public_id)
        row.progress, row.rows = {}, 0
    row.taken_until, row.why = None, why[:500]
    row.next_at = timezone.now() + _FIRST_WAIT * 2 ** (row.tries - 1)
    row.save(update_fields=["tries", "progress", "rows", "taken_until", "next_at", "why"])
    log.warning("quality run of %s waits", row.resource)
    return 0
