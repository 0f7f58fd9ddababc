# SPDX-License-Identifier: Apache-2.0
"""Make deliveries in steps, so that a stop at any moment loses no row and doubles none.

One step is one file: a page of rows is read, checked, masked, written and locked on the disk; then, in one
transaction, its digest is put on record and the place where the next page begins. A worker that is killed
before that leaves a file nobody names; the next one reads the same page again. Two at once: the delivery's
row is the lock, and whoever finds that it moved on throws the own file away.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.apps.vault.public import watermark, watermark_of
from yiwang.engines.definitions import Catalogue, whole
from yiwang.engines.exchange import Resource
from yiwang.engines.exchange.masking_columns import screen_table
from yiwang.kernel.actor import system
from yiwang.kernel.dates import today_in_china
from yiwang.kernel.errors import Conflict, Kind, YiwangError

from . import batches_files as files
from .batches import no_batch, stop, why_no_batch, write
from .batches_columns import check_table
from .batches_marks import counted, words_beside
from .batches_writing import write as write_file
from .domain.connecting import (
    Limits,
    SourceBusy,
    SourceDown,
    SourceMalformed,
    SourceSlow,
    SourceTooLarge,
    TablePage,
)
from .domain.deliveries import EXCEL_ROWS, OBJECTED, BatchState, Form, sha256, whole_digest
from .marks import marked_records
from .models.batches import Batch, BatchPart
from .models.sources import Source
from .sources_kept import Kept, kept, limits_of, open_source

_WORKER = system("分批交付")
_LONGEST_WAIT = dt.timedelta(hours=1)


def run_batch(identity: str, *, rows: int | None = None) -> Iterator[int]:
    """Make a delivery, file by file; yields the rows of each when it is safely stored. Stop asking and it
    stands still; ask again, in this process or another, and it goes on. A source that is out of reach is
    tried again later; anything else that is wrong stops the delivery with its reason. Raises NotFound.

    Args:
        rows: of one file; as the definitions set it by default.
    """
    batch = Batch.objects.filter(public_id=identity).first()
    if batch is None:
        raise no_batch()
    if not BatchState(batch.state).is_open:
        return
    try:
        files.keep_only(identity, set(batch.parts.values_list("place", flat=True)))
        yield from _Run(batch, rows).steps()
    except (SourceDown, SourceSlow) as error:
        _later(identity, error)
    except YiwangError as error:
        if error.kind is Kind.UNAVAILABLE and not _is_answer(error):
            _later(identity, error)
        else:
            _stopped(identity, error)


@dataclass(frozen=True)
class _Kept:
    """A file on the disk that is not on record yet."""

    place: str
    size: int
    digest: str


@dataclass(frozen=True)
class _Begun:
    """A file on its way to the disk."""

    page: TablePage
    doubts: Mapping[str, int]
    kept: Future[_Kept]


def _kept(batch: str, number: int, data: bytes) -> _Kept:
    return _Kept(files.store(batch, number, data), len(data), sha256(data))


class _Run:
    """One delivery being made by this process."""

    def __init__(self, batch: Batch, rows: int | None) -> None:
        self.batch = batch
        self.catalogue = current().catalogue
        self.form = Form(batch.form)
        self.mark = watermark_of(batch.public_id) or watermark(
            receipt=batch.public_id, receiver=batch.org, line=batch.watermark
        )
        self.resource: Resource = exchange.resource(batch.resource)
        self.marked = marked_records(batch.resource)
        rows = rows or whole(self.catalogue, "batch-part-rows")
        self.size = min(rows, EXCEL_ROWS - 1) if self.form is Form.XLSX else rows

    def steps(self) -> Iterator[int]:
        """Every file that is still to be made. Three are under way at once: the rows of the next are read,
        this one is masked, the one before is packed, locked and put on the disk."""
        shared, source = self._source()
        reader, keeper = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        begun: _Begun | None = None
        try:
            coming = reader.submit(self._page, shared, source, self.batch.after)
            start = self.batch.rows_done
            while True:
                if why := why_no_batch(exchange.grant(self.batch.grant), timezone.now()):
                    raise Conflict(why, mend="需要时请重新申请共享。")
                page = coming.result()
                if page is not None:
                    coming = reader.submit(self._page, shared, source, page.after)
                    data, doubts = self._file(page.table, start)
                    start += page.table.num_rows
                before, begun = begun, None
                if page is not None:
                    number = self.batch.parts_done + (1 if before is None else 2)
                    begun = _Begun(page, doubts, keeper.submit(_kept, self.batch.public_id, number, data))
                if before is not None:
                    if not self._stored(before):
                        return
                    yield before.page.table.num_rows
                if page is None:
                    break
            self._finish()
        finally:
            reader.shutdown(cancel_futures=True)
            keeper.shutdown()
            if begun is not None and begun.kept.exception() is None:
                files.remove(self.batch.public_id, begun.kept.result().place)
            source.connector.close()

    def _source(self) -> tuple[Kept, Kept]:
        """The source as calls share it (its breaker), and one of our own with the limits of deliveries."""
        shared = kept(self.batch.resource)
        row = Source.objects.get(pk=shared.source)
        if self.batch.source_version not in (0, row.version):
            raise Conflict("数据来源的登记在交付中途改过。", mend="请重新申请这一批交付。")
        self.batch.source_version = row.version
        return shared, open_source(row, batch_limits(self.catalogue))

    def _page(self, shared: Kept, source: Kept, after: str) -> TablePage | None:
        """The rows behind a place; None behind the last. The breaker learns how it went."""
        if not shared.breaker.admit():
            raise SourceDown("这个数据来源连续失败，暂停访问。", mend="系统会自动试探恢复。")
        deadline = time.monotonic() + source.limits.total_seconds
        try:
            pages = source.connector.tables(
                self.batch.fields, after=after or None, size=self.size, deadline=deadline
            )
            page = next(pages, None)
        except (SourceDown, SourceSlow) as error:
            if isinstance(error, SourceBusy):
                shared.breaker.returned()
            else:
                shared.breaker.failed()
            raise
        except BaseException:
            shared.breaker.returned()
            raise
        shared.breaker.succeeded()
        return page

    def _file(self, table: Any, start: int) -> tuple[bytes, dict[str, int]]:
        """The rows checked, masked and written; what is doubtful in them. `start`: the first one's number."""
        batch = self.batch
        checked, doubts = check_table(self.resource, table, batch.fields, today_in_china())
        seen = screen_table(
            checked, fields=batch.fields, plain=frozenset(batch.plain), resource=self.resource
        )
        names = {one.id: one.name for one in self.resource.fields}
        named = pa.table({names[name]: seen.column(name) for name in seen.column_names})
        if (words := words_beside(self.resource, checked, self.marked)) is not None:
            named = named.append_column(OBJECTED, words)
        return write_file(named, self.form, mark=self.mark, start=start), dict(doubts)

    def _stored(self, begun: _Begun) -> bool:
        """Put a file that is on the disk on record; False when somebody else was faster, or the delivery was
        stopped."""
        before, number = self.batch, self.batch.parts_done + 1
        page, doubts, kept_file = begun.page, begun.doubts, begun.kept.result()
        with transaction.atomic():
            batch = Batch.objects.select_for_update().get(pk=before.pk)
            ours = BatchState(batch.state).is_open and batch.parts_done == before.parts_done
            if ours:
                BatchPart.objects.create(
                    batch=batch,
                    number=number,
                    rows=page.table.num_rows,
                    size=kept_file.size,
                    digest=kept_file.digest,
                    place=kept_file.place,
                )
                batch.state, batch.after, batch.parts_done = BatchState.RUNNING.value, page.after, number
                batch.source_version, batch.tries = before.source_version, 0
                batch.rows_done += page.table.num_rows
                batch.doubts = {
                    k: batch.doubts.get(k, 0) + doubts.get(k, 0) for k in {*batch.doubts, *doubts}
                }
                batch.save()
        if not ours:
            files.remove(before.public_id, kept_file.place)
            return False
        self.batch = batch
        return True

    @transaction.atomic
    def _finish(self) -> None:
        batch = Batch.objects.select_for_update().get(pk=self.batch.pk)
        if not BatchState(batch.state).is_open or batch.parts_done != self.batch.parts_done:
            return
        digests = list(batch.parts.order_by("number").values_list("digest", flat=True))
        now = timezone.now()
        batch.state, batch.ready_at, batch.digest = BatchState.READY.value, now, whole_digest(digests)
        batch.expires_at = now + dt.timedelta(days=whole(self.catalogue, "batch-keep-days"))
        batch.marks = counted(self.marked, tuple(batch.fields))
        batch.save()
        detail = {"rows": batch.rows_done, "files": batch.parts_done, "sha256": batch.digest}
        write(_WORKER, "batch.ready", batch, detail)


def batch_limits(catalogue: Catalogue) -> Limits:
    """What one page of a delivery may cost."""
    return replace(
        limits_of(catalogue, whole(catalogue, "batch-page-seconds")),
        most_bytes=whole(catalogue, "batch-part-megabytes") * 1_000_000,
    )


def _is_answer(error: YiwangError) -> bool:
    """Whether the source did answer, only wrongly: that does not get better by itself."""
    return isinstance(error, SourceMalformed | SourceTooLarge)


@transaction.atomic
def _later(identity: str, error: YiwangError) -> None:
    batch = Batch.objects.select_for_update().get(public_id=identity)
    wait = min(dt.timedelta(seconds=15 * 2 ** min(batch.tries, 10)), _LONGEST_WAIT)
    batch.tries, batch.try_at, batch.why = (
        min(batch.tries + 1, 1_000),
        timezone.now() + wait,
        error.message[:300],
    )
    batch.save(update_fields=["tries", "try_at", "why"])


@transaction.atomic
def _stopped(identity: str, error: YiwangError) -> None:
    batch = Batch.objects.select_for_update().get(public_id=identity)
    if BatchState(batch.state).is_open:
        stop(batch, _WORKER, str(error))
