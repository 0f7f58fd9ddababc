# SPDX-License-Identifier: Apache-2.0
"""Whose a code was on a day: by the mapping table first (old codes, codes that changed owner), then by the
register. Looked up once for a whole delivery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from yiwang.apps.identity.public import firms_by_code, people_by_number, subjects
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.errors import YiwangError

from ..domain.lines import CODE, NUMBER, Holder, read_code
from ..models import CodeUse


def plain_code(text: str) -> str:
    """A code as the mapping table keeps it: old registration numbers have no check digit."""
    return "".join(text.upper().split())


@dataclass
class Holders:
    """Everything needed for the codes of one delivery."""

    today: dt.date
    uses: dict[str, list[CodeUse]] = field(default_factory=dict)
    known: dict[str, Holder] = field(default_factory=dict)
    kinds: dict[str, Subject] = field(default_factory=dict)
    checked: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Collection[Mapping[str, str]], *, today: dt.date) -> Holders:
        """Look up every code of the rows in a few queries."""
        made = cls(today)
        given = {column: {text for row in rows if (text := row.get(column))} for column in (CODE, NUMBER)}
        codes = {plain_code(text) for text in given[CODE]}
        for use in CodeUse.objects.filter(code__in=codes).order_by("since"):
            made.uses.setdefault(use.code, []).append(use)
        sound = {column: made._sound(texts, column) for column, texts in given.items()}
        found = {**firms_by_code(sound[CODE]), **people_by_number(sound[NUMBER])}
        for code, one in found.items():
            made.known[code] = Holder(one.public_id, one.name)
            made.kinds[one.public_id] = Subject(one.kind)
        old = {use.subject for uses in made.uses.values() for use in uses} - set(made.kinds)
        for public_id, one in subjects(old).items():
            made.kinds[public_id] = Subject(one.kind)
        return made

    def _sound(self, texts: Iterable[str], column: str) -> list[str]:
        sound = set()
        for text in texts:
            try:
                plain = self.checked[column, text] = read_code(column, text, self.today)
                sound.add(plain)
            except YiwangError:
                continue  # told when its line is read
        return sorted(sound)

    def find(self, column: str, text: str, day: dt.date) -> Holder | None:
        """Whose it was on a day; None: nobody's we know. Raises Invalid: a wrong check digit."""
        if self.uses and column == CODE:
            for use in self.uses.get(plain_code(text), ()):
                if use.since <= day and (use.until is None or day <= use.until):
                    return Holder(use.subject, "")
        code = self.checked.get((column, text)) or read_code(column, text, self.today)
        return self.known.get(code)

    def kind_of(self, subject: str) -> Subject:
        """What a subject found here is."""
        return self.kinds[subject]
