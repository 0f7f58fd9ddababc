# SPDX-License-Identifier: Apache-2.0
"""Write the lines of a delivery: new ones in bulk; those already there are the same, a correction, or sent
back. What is there is locked in the order of its ids, so that two deliveries never wait crosswise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.errors import YiwangError

from ..domain.lines import Line
from ..models import Record, Version
from ._removals import propose_removals
from ._storing import Bulk
from ._teller import Teller
from .recording import correct


@dataclass
class Writer:
    """Counts what became of the lines."""

    teller: Teller
    kind_of: Callable[[str], Subject]
    taken: int = 0
    corrected: int = 0
    repeated: int = 0
    _records: Bulk = field(default_factory=lambda: Bulk(Record))
    _versions: Bulk = field(default_factory=lambda: Bulk(Version))

    def write(self, lines: Sequence[tuple[int, Line]]) -> dict[int, list[str]]:
        """Write some lines in their order; place → why it is sent back. Call it again for the next ones."""
        rejects: dict[int, list[str]] = {}
        known = self._known(lines)
        fresh: dict[str, Line] = {}
        for place, line in lines:
            if why := self._one(line, known, fresh):
                rejects[place] = [why]
        self._insert(list(fresh.values()))
        return rejects

    def _known(self, lines: Sequence[tuple[int, Line]]) -> dict[str, Record]:
        if not lines:
            return {}
        first = lines[0][1].new
        rows = Record.objects.select_for_update().filter(
            catalogue=first.catalogue, org=first.org, reference__in={line.new.known_by for _, line in lines}
        )  # fmt: skip
        return {row.reference: row for row in rows.order_by("id")}

    def _one(self, line: Line, known: dict[str, Record], fresh: dict[str, Line]) -> str:
        """Put a line where it belongs; why it is sent back, if it is."""
        reference = line.new.known_by
        if reference in fresh:
            if fresh[reference].new.digest != line.new.digest:
                return "同一份文件里这个文号出现两次，内容不同，请只留一条。"
            self.repeated += 1
        elif reference in known:
            return self._there(line, known[reference])
        elif line.corrects is not None:
            return "要更正的文号还没有报送过，请核对文号。"
        else:
            fresh[reference] = line
        return ""

    def _there(self, line: Line, row: Record) -> str:
        if Version.objects.get(record=row, number=row.number).digest == line.new.digest:
            self.repeated += 1
            return ""
        if line.corrects is None:
            return f"这个文号已经报送过，内容不同；要更正，请写更正版本（现在是第{row.number}版）和更正原因。"
        try:
            with transaction.atomic():
                by, at, via = self.teller.actor, self.teller.at, self.teller.delivery
                correct(
                    by, line.new, version=line.corrects, reason=line.reason, now=at, delivery=via
                )  # fmt: skip
        except YiwangError as error:
            return f"{error.message}{error.mend}"
        row.refresh_from_db()
        self.corrected += 1
        return ""

    def _insert(self, lines: Sequence[Line]) -> None:
        if not lines:
            return
        teller, records, versions = self.teller, self._records, self._versions
        keys, own_keys = records.reserve(len(lines)), versions.reserve(len(lines))
        rows, said = [], []
        for key, own_key, line in zip(keys, own_keys, lines, strict=True):
            row = _Fresh(key, **teller.begun(line.new))
            teller.carry(row, line.new, self.kind_of(line.new.subject))
            rows.append(row)
            first = {"id": own_key, "record_id": key, "number": 1, "known_since": teller.at}
            said.append(first | teller.said(line.new))
        records.store([vars(row) for row in rows])
        versions.store(said)
        teller.tell_subjects([(row, line.new.severity) for row, line in zip(rows, lines, strict=True)])
        if teller.entry.sort.is_against:
            propose_removals({row.subject for row in rows}, now=teller.at)
        self.taken += len(rows)


@dataclass
class _Fresh:
    """The row of a record that is not stored yet."""

    id: int
    public_id: str
    catalogue: str
    org: str
    reference: str
    collected_at: dt.datetime
    arrived_on: dt.date
    subject: str = ""
    decided_on: dt.date = dt.date.min
    due_on: dt.date | None = None
    published_on: dt.date | None = None
    shown_until: dt.date | None = None
    taken_down_on: dt.date | None = None
