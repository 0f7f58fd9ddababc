# SPDX-License-Identifier: Apache-2.0
"""What proves one entry without this house: the entry, its path to the day's root, the seal on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yiwang.kernel.dates import BEIJING
from yiwang.kernel.errors import NotFound

from .domain.chain import body_of
from .domain.merkle import Step, from_hex, path_of
from .models import Batch, BatchEntry, DayRoot, DaySeal, Entry


@dataclass(frozen=True)
class Proof:
    """An entry's proof.

    Attributes:
        entry: canonical JSON; its SHA-256 is the leaf of the batch's tree.
        in_batch, in_day: from the leaf to the batch's root; from that root, a leaf again, to the day's.
        statement: of the day (`domain.days`).
        seal: the SES_Signature over the statement, DER.
    """

    entry_id: int
    entry: bytes
    in_batch: list[Step]
    in_day: list[Step]
    day: dt.date
    statement: bytes
    seal: bytes
    sealed_at: dt.datetime

    def path(self) -> bytes:
        """The path as a file: a step a line, `left` and `right` name the neighbour's side, `leaf`
        makes the batch's root a leaf of the day."""
        lines = [*map(_line, self.in_batch), "leaf", *map(_line, self.in_day)]
        return ("\n".join(lines) + "\n").encode("ascii")


@dataclass(frozen=True)
class Pending:
    """No proof yet: the day is still running, or its root is not sealed.

    Attributes:
        day: under whose root the entry comes, or will at the earliest.
        rooted: the day has its root; only the seal is missing.
    """

    day: dt.date
    rooted: bool


def _line(step: Step) -> str:
    return f"{'left' if step.left else 'right'} {step.digest.hex()}"


def proof_of(entry_id: int) -> Proof | Pending:
    """The proof of an entry, or why there is none yet. Raises NotFound when there is no such entry."""
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("日志里没有这一行。", mend="请核对行号。")
    line = BatchEntry.objects.select_related("batch").filter(entry_id=entry_id).first()
    if line is None:
        return Pending(entry.at.astimezone(BEIJING).date(), rooted=False)
    batch = line.batch
    root = DayRoot.objects.filter(first_batch__lte=batch.number, last_batch__gte=batch.number).first()
    if root is None:
        return Pending(batch.sealed_at.astimezone(BEIJING).date(), rooted=False)
    seal = DaySeal.objects.filter(day=root).first()
    return Pending(root.day, rooted=True) if seal is None else _proof(entry, line, root, seal)


def _proof(entry: Entry, line: BatchEntry, root: DayRoot, seal: DaySeal) -> Proof:
    digests = list(line.batch.lines.order_by("position").values_list("digest", flat=True))
    numbers = Batch.objects.filter(number__gte=root.first_batch, number__lte=root.last_batch)
    roots = list(numbers.order_by("number").values_list("root", flat=True))
    return Proof(
        entry_id=entry.pk,
        entry=body_of(entry.previous, str(entry.stream_id), entry.seq, entry.content()),
        in_batch=path_of([from_hex(one) for one in digests], line.position),
        in_day=path_of([from_hex(one) for one in roots], line.batch.number - root.first_batch),
        day=root.day,
        statement=root.said().statement(),
        seal=bytes(seal.signature),
        sealed_at=seal.sealed_at,
    )


def entry_in(stream: str, action: str) -> int | None:
    """The row number of the newest entry of this kind in a stream."""
    found = Entry.objects.filter(stream_id=stream, action=action).order_by("-seq")
    return found.values_list("pk", flat=True).first()


def entry_at(stream: str, seq: int) -> int | None:
    """The row number of an entry by its place in its stream."""
    return Entry.objects.filter(stream_id=stream, seq=seq).values_list("pk", flat=True).first()


@dataclass(frozen=True)
class DaysSoFar:
    """How far the days are rooted and sealed. `unsealed`: days with a root that nobody sealed yet;
    `unsealed_since`: the first of them."""

    rooted: dt.date | None
    sealed: dt.date | None
    unsealed: int
    unsealed_since: dt.date | None
    last_digest: str


def days_so_far() -> DaysSoFar:
    """How far the days are rooted and sealed."""
    last = DayRoot.objects.order_by("-number").first()
    sealed = DaySeal.objects.order_by("-day__number").values_list("day__day", flat=True).first()
    waiting = DayRoot.objects.filter(seal=None)
    return DaysSoFar(
        rooted=last.day if last else None,
        sealed=sealed,
        unsealed=waiting.count(),
        unsealed_since=waiting.order_by("number").values_list("day", flat=True).first(),
        last_digest=last.digest if last else "",
    )
