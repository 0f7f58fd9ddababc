# SPDX-License-Identifier: Apache-2.0
"""What the records of one unit (a household, a charging pile) give within one year: record by record.

The policy's rule says what the unit is owed for the year so far. A record is worth what it adds to that, so
that caps of the year hold to the fen whatever comes late, is withdrawn or is corrected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .calculate import Standing, calculate
from .kinds import Policy
from .settlement_kinds import Recover, Settled

_VERY_MUCH = Decimal(10) ** 9


@dataclass(frozen=True)
class Entry:
    """One record: its day and its columns, by their names in the definition. In the order they count."""

    key: str
    day: dt.date
    columns: Mapping[str, Any]


@dataclass(frozen=True)
class Worth:
    """What one record is worth, and why it is not more."""

    key: str
    fen: int
    why: str = ""


@dataclass(frozen=True)
class YearSoFar:
    """A unit's year: each record's worth, their sum, and what the year can still give (None: no limit)."""

    records: tuple[Worth, ...]
    fen: int
    left: int | None
    sums: Mapping[str, Decimal] = field(default_factory=dict)


def worth_of(policy: Policy, registered: Mapping[str, Any], entries: Sequence[Entry]) -> YearSoFar:
    """The worth of each record of one unit in one year, in the order given.

    A record whose own facts do not fit the policy is worth nothing and does not count towards the year's
    sums. Raises RuleError for facts the rules cannot hold; ValueError: the policy is not settled by period.
    """
    settled = policy.settled
    if settled is None:
        raise ValueError(f"{policy.id} 不按期结算")
    sums = {one.fact: Decimal(0) for one in settled.columns if one.adds and one.fact}
    found, before, full = [], 0, False
    for entry in entries:
        then = {name: sums[name] + added for name, added in _added(settled, entry).items()}
        said = calculate(policy, {**registered, **_plain(settled, entry), **then}, entry.day)
        if said.standing is not Standing.FITS:
            found.append(Worth(entry.key, 0, _why(said.standing, said.needs)))
            continue
        fen, sums = max(before, said.fen or 0), then
        full = fen - before < _alone(policy, settled, registered, entry)
        found.append(Worth(entry.key, fen - before, "到了全年限额，超出部分不补" if full else ""))
        before = fen
    return YearSoFar(tuple(found), before, _left(policy, settled, registered, entries, before), sums)


def _added(settled: Settled, entry: Entry) -> dict[str, Decimal]:
    return {
        one.fact: Decimal(entry.columns.get(one.name, 0)) for one in settled.columns if one.adds and one.fact
    }


def _plain(settled: Settled, entry: Entry) -> dict[str, Any]:
    return {one.fact: entry.columns.get(one.name) for one in settled.columns if one.fact and not one.adds}


def _alone(policy: Policy, settled: Settled, registered: Mapping[str, Any], entry: Entry) -> int:
    facts = {**registered, **_plain(settled, entry), **_added(settled, entry)}
    return calculate(policy, facts, entry.day).fen or 0


def _why(standing: Standing, needs: Sequence[str]) -> str:
    if standing is Standing.OPEN:
        return f"还缺：{'、'.join(needs)}"
    return "不符合补贴条件" if standing is Standing.NOT else standing.term


def _left(
    policy: Policy, settled: Settled, registered: Mapping[str, Any], entries: Sequence[Entry], given: int
) -> int | None:
    """What the year can still give, by trying a quantity nobody reaches; None when there is no limit."""
    if not entries:
        return None
    last = entries[-1]
    plain = _plain(settled, last)

    def most(quantity: Decimal) -> int:
        much = {one.fact: quantity for one in settled.columns if one.adds and one.fact}
        return calculate(policy, {**registered, **plain, **much}, last.day).fen or 0

    ceiling = most(_VERY_MUCH)
    return None if most(_VERY_MUCH * 2) != ceiling else max(0, ceiling - given)


def first_day_free(recover: Recover, decided: dt.date) -> dt.date:
    """The first day on which somebody may apply again after money was taken back."""
    return _years_after(decided, recover.ban_years)


def ran_too_short(recover: Recover, since: dt.date, ended: dt.date) -> bool:
    """Whether something ended before it had run for as long as it must: the last day counts."""
    return recover.must_run_years is not None and ended < _years_after(since, recover.must_run_years)


def _years_after(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return dt.date(day.year + years, 3, 1)
