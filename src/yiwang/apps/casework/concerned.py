# SPDX-License-Identifier: Apache-2.0
"""Whom a case is about: the applicant, who acts for or represents them, and whoever its form names by number.

For watching whether data was called for the people of a case only; nothing of it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from yiwang.apps.identity.public import representatives_of, subjects
from yiwang.kernel.errors import NotFound

from .models import Application, ItemCase

_NUMBER = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
"""The form of an identity number and of a unified social credit code."""


@dataclass(frozen=True)
class Concerned:
    """Public ids of applicant and agent; every identity number and credit code that belongs to the case."""

    ids: frozenset[str]
    numbers: frozenset[str]


def concerned(cases: Collection[str]) -> dict[str, Concerned]:
    """Public id or number of an application, or public id of an item case → whom it is about; what is no
    case is left out."""
    asked = set(cases)
    items = ItemCase.objects.filter(public_id__in=asked).values_list("public_id", "application_id")
    of_item = dict(items)
    rows = Application.objects.filter(
        Q(public_id__in=asked) | Q(number__in=asked) | Q(pk__in=set(of_item.values()))
    )
    found: dict[str, Concerned] = {}
    for row in rows:
        told = _told(row)
        known_as = {row.public_id, row.number, *(one for one, whose in of_item.items() if whose == row.pk)}
        found |= {name: told for name in known_as & asked if name}
    return found


def _told(row: Application) -> Concerned:
    ids = {row.subject, row.agent}
    numbers = {one for value in _texts([row.form, row.answers]) for one in _NUMBER.findall(value.upper())}
    for person, number in representatives_of({row.subject}).values():
        ids, numbers = ids | {person}, numbers | {number}
    with suppress(NotFound):  # a subject that is gone: what the form names is left
        numbers |= {one.number for one in subjects(ids).values()}
    return Concerned(frozenset(ids), frozenset(numbers))


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
