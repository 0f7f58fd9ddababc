# SPDX-License-Identifier: Apache-2.0
"""Whom a case is about: the applicant, who acts for or represents them, and whoever its form names by number.

For watching whether data was called for the people of a case only; nothing of it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from yiwang.apps.identity.public import numbers_of, representatives_of

from .models import Application, ItemCase

_NUMBER = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
"""The form of an identity number and of a unified social credit code."""
_CHUNK = 2000  # names in one statement


@dataclass(frozen=True)
class Concerned:
    """Public ids of applicant and agent; every identity number and credit code that belongs to the case."""

    ids: frozenset[str]
    numbers: frozenset[str]


def applying(cases: Collection[str]) -> dict[str, frozenset[str]]:
    """Public id or number of an application, or public id of an item case → public ids of applicant and
    agent. Nothing locked is read; what is no case is left out."""
    found: dict[str, frozenset[str]] = {}
    for items, rows in _known(cases):
        listed = rows.values_list("pk", "public_id", "number", "subject", "agent")
        for key, public_id, number, subject, agent in listed.iterator(chunk_size=_CHUNK):
            told = frozenset((subject, agent))
            found |= dict.fromkeys(items.named(key, public_id, number), told)
    return found


def concerned(cases: Collection[str]) -> dict[str, Concerned]:
    """Public id or number of an application, or public id of an item case → whom it is about; what is no
    case is left out. The forms are opened: ask only where `applying` does not say enough."""
    asked: list[tuple[set[str], Application]] = []
    for items, rows in _known(cases):
        whole = rows.only("public_id", "number", "subject", "agent", "form", "answers")
        asked += [(items.named(row.pk, row.public_id, row.number), row) for row in whole]
    ids = {one for _, row in asked for one in (row.subject, row.agent)}
    chiefs: dict[str, tuple[str, str]] = {}
    for some in _few(ids):
        chiefs |= representatives_of(some)
    numbers = _numbers(ids | {person for person, _ in chiefs.values()})
    found: dict[str, Concerned] = {}
    for names, row in asked:
        found |= dict.fromkeys(names, _told(row, chiefs.get(row.subject), numbers))
    return found


@dataclass(frozen=True)
class _Names:
    """What was asked for, and which item cases of it belong to which application."""

    asked: frozenset[str]
    items: Mapping[int, set[str]]

    def named(self, key: int, *names: str | None) -> set[str]:
        """Under which names an application was asked for."""
        return {one for one in names if one in self.asked} | self.items.get(key, set())


def _known(cases: Collection[str]) -> Iterator[tuple[_Names, QuerySet[Application]]]:
    """The applications of these cases, so many at a time."""
    for some in _few(cases):
        items: dict[int, set[str]] = {}
        listed = ItemCase.objects.filter(public_id__in=some).values_list("public_id", "application_id")
        for item, application in listed:
            items.setdefault(application, set()).add(item)
        rest = frozenset(some).difference(*items.values())
        by_name = Q(public_id__in=rest) | Q(number__in=rest) | Q(pk__in=list(items))
        yield _Names(rest, items), Application.objects.filter(by_name)


def _few(names: Collection[str]) -> Iterator[list[str]]:
    """So many names at a time as one statement may hold."""
    ordered = sorted(names)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))


def _numbers(ids: Collection[str]) -> dict[str, str]:
    """Public id → identity number or credit code; who is gone is left out."""
    found: dict[str, str] = {}
    for some in _few(ids):
        found |= numbers_of(some)
    return found


def _told(row: Application, chief: tuple[str, str] | None, known: Mapping[str, str]) -> Concerned:
    ids = {row.subject, row.agent} | ({chief[0]} if chief else set())
    named = {one for text in _texts([row.form, row.answers]) for one in _NUMBER.findall(text.upper())}
    return Concerned(frozenset(ids), frozenset(named | {known[one] for one in ids if one in known}))


def _texts(value: Any) -> Iterator[str]:
    """Every text inside, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _all(value.values())
    elif isinstance(value, list):
        yield from _all(value)


def _all(values: Iterable[Any]) -> Iterator[str]:
    for one in values:
        yield from _texts(one)
