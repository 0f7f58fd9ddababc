# SPDX-License-Identifier: Apache-2.0
"""Rows of one entry, read, checked and written: those just sent, and those that waited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from yiwang.engines.definitions.kinds.elements import Subject

from ..domain.lines import Line, read_line
from ..queries.fitness import unfit
from ._holders import Holders
from ._teller import Teller
from ._writing import Writer


@dataclass(frozen=True)
class Taken:
    """What became of rows. `rejects`: place → reasons; `waits`: places of rows whose firm is not known."""

    taken: int
    corrected: int
    repeated: int
    rejects: Mapping[int, list[str]]
    waits: Sequence[int]


def take_rows(teller: Teller, org: str, rows: Sequence[tuple[int, Mapping[str, str]]]) -> Taken:
    """Take each row, or say why not. Needs a transaction."""
    holders = Holders.of([cells for _, cells in rows], today=timezone.localdate(teller.at))
    rejects: dict[int, list[str]] = {}
    lines: list[tuple[int, Line]] = []
    waits: list[int] = []
    for place, cells in rows:
        line, wrong = read_line(cells, teller.entry, org=org, find=holders.find)
        if line is not None:
            known = line.new.subject
            wrong = teller.wrong(line.new, holders.kind_of(known) if known else Subject.FIRM)
        if line is None or wrong:
            rejects[place] = wrong
        elif not line.new.subject:
            waits.append(place)
        else:
            lines.append((place, line))
    rejects |= _unfit(teller, lines)
    writer = Writer(teller, holders.kind_of)
    rejects |= writer.write([(place, line) for place, line in lines if place not in rejects])
    return Taken(writer.taken, writer.corrected, writer.repeated, rejects, waits)


def _unfit(teller: Teller, lines: Sequence[tuple[int, Line]]) -> dict[int, list[str]]:
    """Place → why whom a line of a list is about does not meet its standard."""
    found = unfit(teller.entry, {line.new.subject for _, line in lines}, on=timezone.localdate(teller.at))
    return {place: [found[line.new.subject]] for place, line in lines if line.new.subject in found}
