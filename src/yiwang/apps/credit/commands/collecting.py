# SPDX-License-Identifier: Apache-2.0
"""Take a delivery of records: a file or a call, as a whole received once, each row by itself taken,
repeated, corrected, kept waiting for its firm to be registered, or sent back with its reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import gathered
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.vault.public import watermark
from yiwang.engines.definitions import whole
from yiwang.engines.sealing import sm3
from yiwang.kernel.actor import Actor
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import new_public_id

from ..domain.lines import MARK, WHY, check_heading, columns_of, plain_text
from ..domain.sheets import read_sheet, write_sheet
from ..models import Delivery
from ..parts import MOST_ROWS, NoSuchRecord, book_of, leads, orgs_of, require_unit
from ._taking import take_rows
from ._teller import Teller
from .waiting import keep_waiting

_ATTEMPTS = 3


@dataclass(frozen=True)
class Received:
    """The receipt of a delivery. `again`: the same was received before; nothing was written twice.
    `waiting`: rows about firms that are not registered yet."""

    id: str
    rows: int
    taken: int
    corrected: int
    repeated: int
    rejected: int
    again: bool = False
    waiting: int = 0


def deliver_file(
    actor: Actor, data: bytes, *, org: str, catalogue: str, now: dt.datetime | None = None
) -> Received:
    """Take a CSV or Excel file of one unit for one entry; its receipt.

    Raises NotAllowed, NotFound; Invalid: the file as a whole cannot be taken, nothing of it was.
    """
    require_unit(actor, org)
    opened = current()
    entry = book_of(opened).entry(catalogue)
    digest = sm3(data).hex()
    if again := _before(org, catalogue, digest):
        return again
    sheet = read_sheet(data, most_rows=whole(opened.catalogue, MOST_ROWS))
    check_heading(sheet.heading, entry)
    rows = [dict(zip_longest(sheet.heading, row, fillvalue="")) for row in sheet.rows]
    return _deliver(actor, rows, org=org, catalogue=catalogue, digest=digest, way="file", now=now)


def deliver_rows(
    actor: Actor,
    rows: Sequence[Mapping[str, str]],
    *,
    org: str,
    catalogue: str,
    count: int,
    now: dt.datetime | None = None,
) -> Received:
    """Take rows sent by a call; `count` is how many the sender says there are. Raises as `deliver_file`."""
    require_unit(actor, org)
    opened = current()
    entry = book_of(opened).entry(catalogue)
    if count != len(rows) or len(rows) > whole(opened.catalogue, MOST_ROWS):
        raise Invalid(
            f"说是{count}条，收到{len(rows)}条。", mend="请重新报送整批，一次不要太多。", field="count"
        )
    if not rows:
        raise Invalid("没有内容。", mend="每一条写明目录要求的各项。", field="rows")
    for heading in {tuple(row) for row in rows}:
        check_heading(heading, entry)
    digest = sm3(canonical_json([dict(row) for row in rows])).hex()
    if again := _before(org, catalogue, digest):
        return again
    plain = [{name: plain_text(text) for name, text in row.items()} for row in rows]
    return _deliver(actor, plain, org=org, catalogue=catalogue, digest=digest, way="api", now=now)


def _before(org: str, catalogue: str, digest: str) -> Received | None:
    row = Delivery.objects.filter(org=org, catalogue=catalogue, digest=digest).first()
    return received(row, again=True) if row else None


def received(row: Delivery, *, again: bool = False) -> Received:
    """The receipt of a delivery."""
    return Received(
        row.public_id, row.rows, row.taken, row.corrected, row.repeated, row.rejected, again,
        row.waiting,
    )  # fmt: skip


def _deliver(
    actor: Actor, rows: Sequence[Mapping[str, str]], *, org: str, catalogue: str, digest: str, **how: object
) -> Received:
    at = how["now"] if isinstance(how["now"], dt.datetime) else timezone.now()
    for attempt in range(_ATTEMPTS):
        delivery = Delivery(
            public_id=new_public_id("cd"), org=org, catalogue=catalogue, way=str(how["way"]), digest=digest,
            by=actor.id, at=at, rows=len(rows),
        )  # fmt: skip
        try:
            with transaction.atomic(), gathered():
                delivery.save()
                teller = Teller.now(actor, catalogue, at, delivery=delivery.public_id)
                _take(teller, delivery, rows)
                _note(actor, delivery)
            return received(delivery)
        except IntegrityError:  # somebody else wrote the same delivery, or one of its numbers, meanwhile
            if again := _before(org, catalogue, digest):
                return again
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _take(teller: Teller, delivery: Delivery, rows: Sequence[Mapping[str, str]]) -> None:
    got = take_rows(teller, delivery.org, list(enumerate(rows)))
    keep_waiting(delivery, {place: rows[place] for place in got.waits}, opened=teller.opened)
    delivery.taken, delivery.corrected = got.taken, got.corrected
    delivery.repeated, delivery.rejected = got.repeated, len(got.rejects)
    delivery.waiting = len(got.waits)
    delivery.rejects = [
        {"cells": dict(rows[place]), "why": "".join(got.rejects[place])} for place in sorted(got.rejects)
    ]
    delivery.save()


def rejects_file(actor: Actor, delivery: str) -> bytes:
    """What was sent back of a delivery, as a file with the reasons: mended, it can be sent again.

    Every row has a record number, which tells whose copy a file that turns up elsewhere was.
    Raises NoSuchRecord: none the actor may read.
    """
    row = _readable(actor, delivery)
    heading = list(columns_of(book_of(current()).entry(row.catalogue)))
    body = [[*(one["cells"].get(name, "") for name in heading), one["why"]] for one in row.rejects]
    mark = watermark(receipt=row.public_id, receiver=row.org, who=actor.name or actor.id)
    return write_sheet([*heading, WHY, MARK], mark.rows(body))


@dataclass(frozen=True)
class Returned:
    """A delivery with what was sent back of it: the cells of each row and why."""

    receipt: Received
    rejects: Sequence[tuple[Mapping[str, str], str]]


def delivery_view(actor: Actor, delivery: str) -> Returned:
    """The receipt as it stands now, with the rows sent back. Raises NoSuchRecord: none the actor may read."""
    row = _readable(actor, delivery)
    return Returned(received(row), [(one["cells"], one["why"]) for one in row.rejects])


def template_file(catalogue: str) -> bytes:
    """An empty file for an entry, with its columns. Raises NotFound."""
    return write_sheet(columns_of(book_of(current()).entry(catalogue)), [])


def _readable(actor: Actor, delivery: str) -> Delivery:
    row = Delivery.objects.filter(public_id=delivery).first()
    if row is None or not (row.org in orgs_of(actor) or leads(actor, current())):
        raise NoSuchRecord
    return row


def _note(actor: Actor, row: Delivery) -> None:
    detail = {
        "catalogue": row.catalogue, "org": row.org, "digest": row.digest, "rows": row.rows,
        "taken": row.taken, "corrected": row.corrected, "rejected": row.rejected, "waiting": row.waiting,
    }  # fmt: skip
    note_down(
        actor,
        "credit.delivered",
        stream=f"credit-delivery:{row.public_id}",
        about=row.public_id,
        detail=detail,
    )
