# SPDX-License-Identifier: Apache-2.0
"""What is said of a day of the journal (日根), as a text of a few lines that never changes again.

The day's tree has the roots of its batches as leaves; a batch's tree has the digests of its entries.
A batch belongs to the Beijing day on which it was sealed, so an entry that commits late has its one
place in a later batch, and perhaps in a later day: nobody waits for it, no day is opened again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .chain import GENESIS
from .merkle import sm3

FIRST_LINE = "一网日志日根 1"


@dataclass(frozen=True)
class Day:
    """A day of the journal that has ended.

    Attributes:
        number: the how-manieth day of this journal, from 1 on.
        first_batch, last_batch: the batches under its root; `last_batch` is one less when there are none.
        entries: how many entries lie in them.
        root, previous: hexadecimal SM3; `previous` that of the statement of the day before.
    """

    number: int
    day: dt.date
    first_batch: int
    last_batch: int
    entries: int
    root: str
    previous: str

    def statement(self) -> bytes:
        """The text that is sealed: UTF-8, one fact a line, each line ended by a line feed."""
        lines = (
            FIRST_LINE,
            f"日期 {self.day.isoformat()}",
            f"序号 {self.number}",
            f"批次 {self.first_batch}-{self.last_batch}"
            if self.last_batch >= self.first_batch
            else "批次 无",
            f"行数 {self.entries}",
            f"根 {self.root}",
            f"上日 {self.previous}",
        )
        return ("\n".join(lines) + "\n").encode()

    def digest(self) -> str:
        """The SM3 of the statement."""
        return sm3(self.statement()).hex()

    def follows(self, before: Day | None, digest: str) -> bool:
        """Whether nothing lies between the day before (with this digest) and this one: neither days
        nor batches."""
        if before is None:
            return (self.number, self.first_batch, self.previous) == (1, 1, GENESIS)
        after = (before.number + 1, before.day + dt.timedelta(days=1), before.last_batch + 1, digest)
        return (self.number, self.day, self.first_batch, self.previous) == after


def day_name(day: dt.date) -> str:
    """How a day is called where the journal's problems are told."""
    return f"日根 {day.isoformat()}"
