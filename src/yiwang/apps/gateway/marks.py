# SPDX-License-Identifier: Apache-2.0
"""What stands beside an answer: items that somebody objects to (有异议，核查中). Who knows is plugged in; the
gateway passes on what is said, as part of the answer that its digest covers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

Marks = Callable[[str, Collection[str]], Mapping[str, str]]
"""(resource, indexes of subjects) → item → words; the item "" is the whole record."""
MarkedRecords = Callable[[str], Mapping[str, Mapping[str, str]]]
"""Resource → what a record is found by → item → words, for deliveries of every row."""
_known: list[Marks] = []
_records: list[MarkedRecords] = []


def use_marks(marks: Marks, records: MarkedRecords) -> None:
    """Plug in who knows of objections: to records of one subject, to all records of a resource."""
    _known[:], _records[:] = [marks], [records]


def marked_records(resource: str) -> Mapping[str, Mapping[str, str]]:
    """The records of a resource that somebody objects to."""
    return _records[0](resource) if _records else {}


def marks_on(resource: str, about: Collection[str], fields: Collection[str]) -> dict[str, str]:
    """What stands beside these items of these subjects, and beside their whole records."""
    known = [index for index in about if index]
    if not _known or not known:
        return {}
    found = _known[0](resource, known)
    return {item: words for item, words in sorted(found.items()) if not item or item in fields}
