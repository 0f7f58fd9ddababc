# SPDX-License-Identifier: Apache-2.0
"""Take a sheet over in steps, so that a stop at any moment loses nothing and doubles nothing.

One step is one transaction: a few hundred rows are read and judged, the good ones are put on record,
what is wrong with the others is written down, and the sheet's `done_rows` moves on. A process that is
killed leaves the last whole step; the next one goes on behind it. Two at once: the sheet's row is the
lock, and whoever finds that it has moved on leaves it to the other.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, system
from yiwang.kernel.errors import Conflict, Invalid, NotFound, YiwangError

from . import stock_files
from .commands.issuing import NewLicence, load_stock
from .commands.standing import change_standing
from .domain.states import Standing
from .domain.stock_rows import (
    HOLDER,
    NUMBER,
    STANDING,
    TYPE,
    RowProblem,
    StockRow,
    check_header,
    read_row,
)
from .domain.stock_states import Purpose, SheetState
from .looks import in_force, seal_due
from .models import Licence, StockProblem, StockSheet, StockTarget
from .stock import SheetView, forget_sheets, types_of, view_of
from .stock_holders import find_holders

STEP = 500  # rows of one transaction
_TRIES = 3
_SECONDS = 10.0  # of one call by the worker
_COUNTED = ("total_rows", "issued", "known", "updated", "wrong")


def work_on_stock(*, seconds: float = _SECONDS) -> int:
    """Work on the sheets that wait, the oldest first, for about so many seconds; returns rows done."""
    forget_sheets()
    until, done = time.monotonic() + seconds, 0
    waiting = StockSheet.objects.filter(state__in=[SheetState.WAITING, SheetState.RUNNING]).order_by("id")
    for public_id in list(waiting.values_list("public_id", flat=True)):
        for before in run_sheet(public_id):
            done += before
            if time.monotonic() > until:
                return done
    return done


def run_sheet(public_id: str, *, step: int = STEP) -> Iterator[int]:
    """Take a sheet over, step by step; yields the rows of each step when it is safely stored. Stop
    asking and it stands still; ask again, in this process or another, and it goes on.

    Raises NotFound. A sheet that turns out unreadable is marked as refused, with the reason; what was
    stored before stays.
    """
    sheet = StockSheet.objects.filter(public_id=public_id).first()
    if sheet is None:
        raise NotFound("没有这个表格。", mend="请核对编号。")
    if not SheetState(sheet.state).is_open:
        return
    try:
        _count(sheet)
        yield from _Run(sheet, step).steps()
    except (Invalid, NotFound) as error:
        _refuse(sheet, error)


def finished(public_id: str) -> SheetView:
    """How a sheet stands now."""
    return view_of(StockSheet.objects.get(public_id=public_id))


def _count(sheet: StockSheet) -> None:
    """Say how many rows there are, before the first is taken: for the progress that is shown."""
    if sheet.total_rows:
        return
    with stock_files.opened(sheet.digest, sheet.form) as rows:
        total = sum(1 for _ in rows) - 1
    StockSheet.objects.filter(pk=sheet.pk).update(total_rows=max(total, 0))


@transaction.atomic
def _refuse(sheet: StockSheet, error: YiwangError) -> None:
    row = StockSheet.objects.select_for_update().get(pk=sheet.pk)
    if SheetState(row.state).is_open:
        row.state, row.fault, row.finished_at = SheetState.REFUSED.value, str(error)[:500], timezone.now()
        row.save(update_fields=["state", "fault", "finished_at"])
        record(_actor(row), "stock.sheet.refused", stream=f"stock:{row.public_id}", about=row.public_id)


def _actor(sheet: StockSheet) -> Actor:
    """The system, named after what it does and for whom."""
    return system(f"{Purpose(sheet.purpose).term}（{sheet.given_name}）"[:60])


class _Run:
    """One pass over a sheet."""

    def __init__(self, sheet: StockSheet, step: int) -> None:
        self.pk, self.step, self.org = sheet.pk, step, sheet.org
        self.digest, self.form, self.begun = sheet.digest, sheet.form, sheet.done_rows
        self.today = timezone.localdate()
        self.types = types_of(current().catalogue, sheet.org, self.today)
        self.seen: dict[tuple[str, str], int] = {}

    def steps(self) -> Iterator[int]:
        """Every step that is still to do, each stored when it is yielded."""
        with stock_files.opened(self.digest, self.form) as rows:
            first = next(rows, None)
            if first is None:
                raise Invalid("表格是空的。", mend="请核对选的文件。")
            self.header = check_header(first[1], self.types)
            for number, cells in islice(rows, self.begun):
                self._read(number, cells)  # done before: read again only to know its number
            position = self.begun
            while batch := list(islice(rows, self.step)):
                read = [self._read(number, cells) for number, cells in batch]
                if not self._store(position, read):
                    return
                position += len(batch)
                yield len(batch)
        self._finish(position)

    def _read(self, number: int, cells: Sequence[object]) -> StockRow | list[RowProblem]:
        found = read_row(number, self.header, cells, types=self.types, today=self.today)
        if isinstance(found, list):
            return found
        first = self.seen.setdefault((found.material, found.number), number)
        if first == number:
            return found
        mend = "同一件证照只留一行；编号抄错的请改正。"
        return [RowProblem(number, NUMBER, f"和第{first}行的编号相同", mend)]

    def _store(self, position: int, read: Sequence[StockRow | list[RowProblem]]) -> bool:
        """Store one step; False when somebody else works on the sheet and is further. Another import that
        enters the same number at this very moment makes the step be done again, with that licence known."""
        for attempt in range(1, _TRIES + 1):
            try:
                with transaction.atomic():
                    return self._stored(position, read)
            except Conflict:
                if attempt == _TRIES:
                    raise
        return False

    def _stored(self, position: int, read: Sequence[StockRow | list[RowProblem]]) -> bool:
        sheet = StockSheet.objects.select_for_update().get(pk=self.pk)
        if sheet.done_rows != position or not SheetState(sheet.state).is_open:
            return False
        step = _Step(sheet, [one for one in read if isinstance(one, StockRow)])
        step.problems = [problem for one in read if isinstance(one, list) for problem in one]
        step.take()
        sheet.state, sheet.done_rows = SheetState.RUNNING.value, position + len(read)
        sheet.wrong += len({problem.row for problem in step.problems})
        sheet.save()
        StockProblem.objects.bulk_create(
            [_problem(sheet, p) for p in step.problems],
            batch_size=500,
        )
        return True

    @transaction.atomic
    def _finish(self, position: int) -> None:
        sheet = StockSheet.objects.select_for_update().get(pk=self.pk)
        if not SheetState(sheet.state).is_open or sheet.done_rows < position:
            return
        sheet.state, sheet.total_rows, sheet.finished_at = SheetState.DONE.value, position, timezone.now()
        sheet.save(update_fields=["state", "total_rows", "finished_at"])
        detail = {
            name: getattr(sheet, name) for name in ("total_rows", "issued", "known", "updated", "wrong")
        }
        stream = f"stock:{sheet.public_id}"
        record(_actor(sheet), "stock.sheet.done", stream=stream, about=sheet.public_id, detail=detail)


def _problem(sheet: StockSheet, told: RowProblem) -> StockProblem:
    return StockProblem(
        sheet=sheet, row=told.row, column=told.column[:60], what=told.what[:300], mend=told.mend[:300]
    )


def seal_by(purpose: Purpose, material: str) -> dt.date | None:
    """Until when the electronic twins of a sheet are sealed: of stock by the target of the published list
    that names the type, of a batch just issued within the limit for new ones; None where no limit runs."""
    if purpose is Purpose.BATCH:
        return seal_due(in_force(), timezone.localdate())
    open_targets = StockTarget.objects.filter(material=material, finished_on=None)
    return open_targets.aggregate(first=Min("due_on"))["first"]


class _Step:
    """The good rows of one step, in the open transaction."""

    def __init__(self, sheet: StockSheet, rows: list[StockRow]) -> None:
        self.sheet, self.rows, self.actor = sheet, rows, _actor(sheet)
        self.problems: list[RowProblem] = []

    def take(self) -> None:
        """Find or enter the holders, then put on record what is new and bring up to date what is known."""
        known = self._on_record()
        new = [row for row in self.rows if (row.material, row.number) not in known]
        held = [row for row in self.rows if (row.material, row.number) in known]
        holders, wrong = find_holders(new, create=True)
        holders_held, wrong_held = find_holders(held, create=False)
        self.problems += [*wrong, *wrong_held]
        self._issue([row for row in new if row.row in holders], holders)
        for row in held:
            if row.row in holders_held:
                self._bring_up_to_date(row, known[row.material, row.number], holders_held[row.row])

    def _on_record(self) -> dict[tuple[str, str], Licence]:
        found: dict[tuple[str, str], Licence] = {}
        for material in {row.material for row in self.rows}:
            numbers = [row.number for row in self.rows if row.material == material]
            rows = Licence.objects.filter(material=material, number__in=numbers)
            found |= {(one.material, one.number): one for one in rows}
        return found

    def _issue(self, rows: list[StockRow], holders: Mapping[int, str]) -> None:
        for material in sorted({row.material for row in rows}):
            self._issue_type(material, [row for row in rows if row.material == material], holders)

    def _issue_type(self, material: str, rows: list[StockRow], holders: Mapping[int, str]) -> None:
        new = [
            NewLicence(
                material=material,
                number=row.number,
                holder=holders[row.row],
                issuer=self.sheet.org,
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                fields=row.fields,
            )
            for row in rows
        ]
        purpose = Purpose(self.sheet.purpose)
        ids = load_stock(
            self.actor,
            new,
            reason=self._reason(),
            to_seal=purpose.makes_files,
            seal_by=seal_by(purpose, material) if purpose.makes_files else None,
        )
        self.sheet.issued += len(ids)
        for row, public_id in zip(rows, ids, strict=True):
            if row.standing is not Standing.VALID:
                self._change(row, public_id, row.valid_from)

    def _bring_up_to_date(self, row: StockRow, licence: Licence, holder: str) -> None:
        if licence.holder != holder:
            what = "这个编号的证照已在库中，持证主体不是这一个"
            self._complain(row, HOLDER, what, "请核对编号和持证主体，抄错的改正。")
        elif licence.issuer != self.sheet.org:
            self._complain(
                row, TYPE, "这个编号的证照已由别的单位登记", "请和登记的单位核对，由发证单位报送。"
            )
        elif licence.standing == row.standing.value or not Purpose(self.sheet.purpose).updates:
            self.sheet.known += 1
        elif self._change(row, licence.public_id, timezone.localdate()):
            self.sheet.updated += 1

    def _change(self, row: StockRow, public_id: str, on: dt.date) -> bool:
        try:
            with transaction.atomic():
                change_standing(self.actor, public_id, row.standing, reason=self._reason(), effective_on=on)
        except (Conflict, Invalid) as error:
            self._complain(row, STANDING, error.message, error.mend)
            return False
        return True

    def _reason(self) -> str:
        return f"{Purpose(self.sheet.purpose).term}：按报送的表格登记"

    def _complain(self, row: StockRow, column: str, what: str, mend: str) -> None:
        self.problems.append(RowProblem(row.row, column, what.rstrip("。"), mend))
