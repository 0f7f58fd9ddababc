# SPDX-License-Identifier: Apache-2.0
"""Write the lines of a delivery: new ones in bulk; those already there are the same, a correction, or sent
back. What is there is locked in the order of its ids, so that two deliveries never wait crosswise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from yiwang.apps.identity.public import subjects
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.errors import YiwangError

from ..domain.lines import Line
from ..models import Record, Version
from ._removals import propose_removals
from ._teller import Teller
from .recording import correct

_AT_ONCE = 500


@dataclass
class Writer:
    """Counts what became of the lines."""

    teller: Teller
    taken: int = 0
    corrected: int = 0
    repeated: int = 0

    def write(self, lines: Sequence[tuple[int, Line]]) -> dict[int, list[str]]:
        """Write all lines in their order; place → why it is sent back."""
        rejects: dict[int, list[str]] = {}
        for part in _parts(lines):
            known = self._known(part)
            fresh: dict[str, Line] = {}
            for place, line in part:
                if why := self._one(line, known, fresh):
                    rejects[place] = [why]
            self._insert(list(fresh.values()))
        return rejects

    def _known(self, part: Sequence[tuple[int, Line]]) -> dict[str, Record]:
        first = part[0][1].new
        rows = Record.objects.select_for_update().filter(
            catalogue=first.catalogue, org=first.org, reference__in={line.new.known_by for _, line in part}
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
        kinds = subjects({line.new.subject for line in lines}) if lines else {}
        rows = [self.teller.row(line.new, Subject(kinds[line.new.subject].kind)) for line in lines]
        Record.objects.bulk_create(rows)
        Version.objects.bulk_create(
            [self.teller.version(row, line.new) for row, line in zip(rows, lines, strict=True)]
        )
        for row in rows:
            self.teller.tell_subject(row)
        if self.teller.entry.sort.is_against:
            propose_removals({row.subject for row in rows}, now=self.teller.at)
        self.taken += len(rows)


def _parts(lines: Sequence[tuple[int, Line]]) -> Iterator[Sequence[tuple[int, Line]]]:
    for start in range(0, len(lines), _AT_ONCE):
        yield lines[start : start + _AT_ONCE]
