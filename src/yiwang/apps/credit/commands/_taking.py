# SPDX-License-Identifier: Apache-2.0
"""Rows of one entry, read, checked and written: those just sent, and those that waited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from yiwang.engines.definitions.kinds.elements import Subject

from ..domain.lines import Line, Reader
from ..queries.fitness import unfit
from ._holders import Holders
from ._teller import Teller
from ._writing import Writer

_AT_ONCE = 2_000
_Rows = Sequence[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True)
class Taken:
    """What became of rows. `rejects`: place → reasons; `waits`: places of rows whose firm is not known."""

    taken: int
    corrected: int
    repeated: int
    rejects: Mapping[int, list[str]]
    waits: Sequence[int]


def take_rows(teller: Teller, org: str, rows: _Rows) -> Taken:
    """Take each row of plain cells, or say why not. Needs a transaction."""
    today = timezone.localdate(teller.at)
    holders = Holders.of([cells for _, cells in rows], today=today)
    reader = Reader(teller.entry, org, holders.find)
    bad = unfit(teller.entry, holders.kinds, on=today)
    writer = Writer(teller, holders.kind_of)
    rejects: dict[int, list[str]] = {}
    waits: list[int] = []
    for part in _parts(rows):
        lines: list[tuple[int, Line]] = []
        for place, cells in part:
            line, wrong = reader.read(cells)
            if line is not None:
                known = line.new.subject
                wrong = teller.wrong(line.new, holders.kind_of(known) if known else Subject.FIRM)
            if line is None or wrong:
                rejects[place] = wrong
            elif not line.new.subject:
                waits.append(place)
            elif line.new.subject in bad:
                rejects[place] = [bad[line.new.subject]]
            else:
                lines.append((place, line))
        rejects |= writer.write(lines)
    return Taken(writer.taken, writer.corrected, writer.repeated, rejects, waits)


def _parts(rows: _Rows) -> Iterator[_Rows]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]
