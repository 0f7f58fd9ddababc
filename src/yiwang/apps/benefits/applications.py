# SPDX-License-Identifier: Apache-2.0
"""Which policies somebody has applied for already. The room of cases lies above this one, so `wiring.py`
plugs in who knows; a policy without an item is applied for elsewhere, and of that nothing is known here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from typing import Protocol

from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.kinds import Per
from yiwang.engines.definitions import Catalogue

from .domain.states import State
from .models import Claim

ONCE = "一次"
_HELD = (State.CONFIRMED, State.SHOWN, State.ORDERED, State.PAID)


class Applied(Protocol):
    """An application that is open or was decided. `words`: what was answered to its guiding questions."""

    @property
    def subject(self) -> str: ...

    @property
    def item(self) -> str: ...

    @property
    def words(self) -> Collection[str]: ...

    @property
    def is_open(self) -> bool: ...

    @property
    def on(self) -> dt.date: ...


Source = Callable[[Collection[str], Collection[str]], Iterable[Applied]]
"""Subjects, items → their applications."""
_source: list[Source] = []


def use_applications(source: Source) -> None:
    """Set who knows of applications (replaces what was set)."""
    _source[:] = [source]


def period_of(per: Per, on: dt.date) -> str:
    """For which time somebody gets a policy: once for all, or a year."""
    return ONCE if per is Per.ONCE else str(on.year)


def taken(
    catalogue: Catalogue, subjects: Collection[str], policies: Collection[Policy], on: dt.date
) -> set[tuple[str, str]]:
    """(subject, policy): applied for with no end yet, or decided, in the period of this day; or another of
    its group is, or is theirs already without application (就高不重复)."""
    known = [one for one in catalogue.others.get("policies", {}).values() if isinstance(one, Policy)]
    rivals = {each.id: [one for one in known if _same_group(one, each)] for each in policies}
    everyone = {one.id: one for group in rivals.values() for one in group}
    found = _applied(subjects, everyone.values(), known, on) | _held(subjects, everyone, on)
    return {
        (subject, policy)
        for policy, group in rivals.items()
        for subject in subjects
        if any((subject, one.id) in found for one in group)
    }


def _same_group(one: Policy, other: Policy) -> bool:
    groups = {each.group for each in other.not_with}
    return one.id == other.id or any(each.group in groups for each in one.not_with)


def _applied(
    subjects: Collection[str], policies: Collection[Policy], known: Collection[Policy], on: dt.date
) -> set[tuple[str, str]]:
    """An application whose answers name no policy of its item counts for all of them."""
    items = {one.item for one in policies if one.item}
    rows = list(_source[0](subjects, items)) if _source and items and subjects else []
    return {
        (row.subject, one.id)
        for row in rows
        for one in policies
        if one.item == row.item
        and (one.name in row.words or not any(p.item == row.item and p.name in row.words for p in known))
        and (row.is_open or _counts(one, row.on, on))
    }


def _counts(policy: Policy, then: dt.date, on: dt.date) -> bool:
    """Whether what was handed in then is of the same period as this day."""
    assert policy.money is not None  # only policies with money are asked for
    return period_of(policy.money.per, then) == period_of(policy.money.per, on)


def _held(subjects: Collection[str], policies: Collection[str], on: dt.date) -> set[tuple[str, str]]:
    rows = Claim.objects.filter(
        subject__in=subjects, policy__in=list(policies), period__in=[ONCE, str(on.year)],
        state__in=[one.value for one in _HELD],
    )  # fmt: skip
    return set(rows.values_list("subject", "policy"))
