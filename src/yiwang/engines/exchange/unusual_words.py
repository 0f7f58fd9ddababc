# SPDX-License-Identifier: Apache-2.0
"""What the detector of unusual access speaks of: calls, a caller's past, thresholds, findings."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from yiwang.kernel.dates import BEIJING
from yiwang.kernel.termed import Termed


class CallerKind(StrEnum):
    """Who calls: people keep office hours, systems do not."""

    OFFICER = "officer"
    SYSTEM = "system"


class Ending(StrEnum):
    """How a call ended, as far as it matters here."""

    ANSWERED = "answered"
    REFUSED = "refused"
    FAILED = "failed"  # the provider did not answer
    REPLAYED = "replayed"  # a signature that had been used before


class Unusual(Termed):
    """What is unusual."""

    VOLUME = "volume", "调用量异常"
    HOUR = "hour", "非工作时段调用"
    MANY_PEOPLE = "many_people", "短时间查询多人"
    OUTSIDE_CASE = "outside_case", "查询与办件无关的人"
    NEW_FIELDS = "new_fields", "使用从未用过的字段"
    SAME_PERSON = "same_person", "反复查询同一人"
    REFUSED = "refused", "连续被拒绝"
    REPLAYED = "replayed", "重复使用签名"


@dataclass(frozen=True, slots=True)
class Access:
    """One call. `subject`: a public id or a keyed digest of whoever it was about, "" for nobody."""

    at: dt.datetime
    resource: str
    fields: frozenset[str] = frozenset()
    case: str = ""
    subject: str = ""
    rows: int = 0
    ending: Ending = Ending.ANSWERED


@dataclass(frozen=True, slots=True)
class DaySum:
    """What a caller did on one day."""

    day: dt.date
    calls: int
    rows: int


@dataclass(frozen=True)
class Past:
    """A caller's days before: only days with calls. `hours`: hour of the day → on how many days.
    `fields`: resource → fields that were ever asked for."""

    days: Sequence[DaySum] = ()
    hours: Mapping[int, int] = field(default_factory=dict)
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    """Thresholds; each is a setting of the same name with its reason."""

    past_days_at_least: int  # with fewer days of a past, only `newcomer_rows` applies to the volume
    deviations: int  # how many robust deviations above the median
    over_busiest_percent: int  # and how far above the busiest day
    volume_at_least: int  # calls or rows below this are never many
    newcomer_rows: int  # rows a day of a caller without a past
    closed_calls: int  # calls of an officer outside hours
    new_hour_calls: int  # calls of a system in an hour in which it never called
    people: int  # different people by one officer …
    people_minutes: int  # … within so many minutes
    people_of_a_case: int  # different people under one case whose people are not known
    same_person: int  # calls for one person's data of one resource on a day
    refused_in_a_row: int
    replays: int  # on a day


@dataclass(frozen=True)
class Finding:
    """Something unusual. `figures` are what the sentence says, for those who count; `about` tells findings
    of one kind on one day apart, `level` grows by one with each doubling of the figure."""

    kind: Unusual
    key: str
    first: dt.datetime
    last: dt.datetime
    figures: Mapping[str, int]
    sentence: str
    resource: str = ""
    case: str = ""
    subject: str = ""
    about: str = ""
    level: int = 0


Open = Callable[[dt.datetime], bool]
"""Whether the caller's unit is at work at a moment."""
People = Mapping[str, Collection[str]]
"""Case → whom it is about, as far as known."""


def past_of(accesses: Iterable[Access]) -> Past:
    """The past that these calls make."""
    calls, rows, fields = Counter[dt.date](), Counter[dt.date](), dict[str, set[str]]()
    hours: dict[int, set[dt.date]] = {}
    for one in accesses:
        local = one.at.astimezone(BEIJING)
        calls[local.date()] += 1
        rows[local.date()] += one.rows
        hours.setdefault(local.hour, set()).add(local.date())
        fields.setdefault(one.resource, set()).update(one.fields)
    days = tuple(DaySum(day, calls[day], rows[day]) for day in sorted(calls))
    return Past(
        days,
        {hour: len(seen) for hour, seen in hours.items()},
        {resource: frozenset(used) for resource, used in fields.items()},
    )
