# SPDX-License-Identifier: Apache-2.0
"""What is plugged into this room by the wiring: calls to watch, whom a case is about, what was saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Protocol

from yiwang.apps.gateway import public as gateway


class Calls(Protocol):
    """Where calls are read: the gateway."""

    def calls_per_day(self, since: dt.date, until: dt.date) -> Mapping[dt.date, int]:
        """How many calls each day of a span has."""
        ...

    def sums_of(self, day: dt.date) -> Iterator[gateway.CallSum]:
        """The calls of a day, summed."""
        ...

    def callers_between(self, first: dt.datetime, end: dt.datetime) -> Mapping[tuple[str, str, str], int]:
        """(kind, caller, org) → how many calls from a moment up to another."""
        ...

    def calls_of_day(
        self, day: dt.date, callers: Collection[tuple[str, str, str]]
    ) -> Iterator[gateway.LookedAt]:
        """The calls of a day by these callers, caller by caller, each caller's oldest first."""
        ...

    def turned_away(self, since: dt.datetime) -> list[gateway.TurnedAway]:
        """Requests turned away since then before anybody was believed, oldest first."""
        ...


People = Callable[[Mapping[str, Collection[str]]], Mapping[str, Collection[str]]]
"""Case → who was asked about for it, to case → whom it is about (as far as that says who was a stranger);
cases that are not known are left out."""
Savings = Callable[[dt.date], Mapping[tuple[str, str], tuple[int, int]]]
"""Day → (department, resource) → questions and documents that applicants were spared."""

_people: list[People] = []
_savings: list[Savings] = []


def use_people(people: People) -> None:
    """Plug in who knows whom a case is about."""
    _people[:] = [people]


def use_savings(savings: Savings) -> None:
    """Plug in who knows what applicants were spared."""
    _savings[:] = [savings]


def people_of(asked: Mapping[str, Collection[str]]) -> Mapping[str, Collection[str]]:
    """Case → whom it is about, as far as anybody knows, given who was asked about for it."""
    return _people[0](asked) if _people and asked else {}


def saved_on(day: dt.date) -> Mapping[tuple[str, str], tuple[int, int]]:
    """What applicants were spared on a day, as far as anybody knows."""
    return _savings[0](day) if _savings else {}
