# SPDX-License-Identifier: Apache-2.0
"""Unusual access to shared data (异常访问): what one caller did on one day, against their own past.

A caller is an officer or a client system. Seven questions are asked, each with figures that say why:
far more than on their own days before (数量); outside the unit's hours (时段); many different people in a
short time, people outside the case, fields never used before (范围); one person again and again; calls
refused in a row; signatures used twice. Thresholds are settings (`Rules`); nothing here knows a number.

Pure: rows in, findings out, in a fixed order. A finding's key is the same while it means the same thing,
and another one when the figure has doubled, so that whoever keeps alerts can drop repetitions.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import sqrt
from statistics import median

from yiwang.kernel.dates import BEIJING

from .unusual_words import (
    Access,
    CallerKind,
    DaySum,
    Ending,
    Finding,
    Open,
    Past,
    People,
    Rules,
    Unusual,
    past_of,
)

__all__ = [
    "Access",
    "CallerKind",
    "DaySum",
    "Ending",
    "Finding",
    "Open",
    "Past",
    "People",
    "Rules",
    "Unusual",
    "find_unusual",
    "past_of",
]


def find_unusual(  # noqa: PLR0913 - one day of one caller, and what it is held against
    kind: CallerKind,
    day: Sequence[Access],
    past: Past,
    *,
    rules: Rules,
    is_open: Open,
    people: People | None = None,
    sums: DaySum | None = None,
) -> list[Finding]:
    """What is unusual about one caller's calls of one day, by kind.

    Args:
        day: the calls, oldest first; may be only the newest ones when `sums` says how many there were.
        past: the same caller's days before.
        people: case → whom it is about; cases that are not in it are judged by how many people they have.
    """
    if not day:
        return []
    total = sums or DaySum(_day(day[0]), len(day), sum(one.rows for one in day))
    is_officer = kind is CallerKind.OFFICER
    found: list[Finding] = [*_volume(day, total, past, rules)]
    found += _closed(day, is_open, rules) if is_officer else _new_hours(day, past, rules)
    if is_officer:
        found += [*_many_people(day, rules), *_same_person(day, rules)]
        found += _outside_case(day, people or {}, rules)
    return [*found, *_new_fields(day, past, rules), *_refused(day, rules), *_replayed(day, rules)]


def _volume(day: Sequence[Access], total: DaySum, past: Past, rules: Rules) -> Iterator[Finding]:
    for measure, name, unit in (("calls", "调用", "次"), ("rows", "取得", "条")):
        now = int(getattr(total, measure))
        if now < rules.volume_at_least:
            continue
        before = [int(getattr(one, measure)) for one in past.days if one.day < total.day]
        if len(before) < rules.past_days_at_least:
            if measure == "rows" and now > rules.newcomer_rows:
                said = (
                    f"刚开始使用（此前只有{len(before)}天的记录），当天就取得{now}条，"
                    f"超过新用户上限{rules.newcomer_rows}条。"
                )
                figures = {"now": now, "limit": rules.newcomer_rows, "days": len(before)}
                yield _found(Unusual.VOLUME, day, figures, said, extra=measure, over=rules.newcomer_rows)
            continue
        usual, limit = _limit(before, rules)
        if now > limit:
            said = (
                f"当天{name}{now}{unit}；以往{len(before)}个使用日的中位数是{usual}{unit}，"
                f"最多的一天{max(before)}{unit}，超过{limit}{unit}即提示。"
            )
            figures = {"now": now, "usual": usual, "busiest": max(before), "limit": limit}
            yield _found(Unusual.VOLUME, day, figures, said, extra=measure, over=limit)


def _limit(before: Sequence[int], rules: Rules) -> tuple[int, int]:
    """(median, what is still ordinary): robust deviations above the median, and above the busiest day."""
    usual = median(before)
    spread = 1.4826 * median(abs(one - usual) for one in before)  # of a normal distribution: one deviation
    by_spread = usual + rules.deviations * max(spread, sqrt(usual), 1.0)
    by_busiest = max(before) * rules.over_busiest_percent / 100
    return round(usual), int(max(by_spread, by_busiest))


def _closed(day: Sequence[Access], is_open: Open, rules: Rules) -> Iterator[Finding]:
    late = [one for one in day if not is_open(one.at)]
    if len(late) >= rules.closed_calls:
        said = f"在本单位工作时间以外调用{len(late)}次，最早{_clock(late[0])}，最晚{_clock(late[-1])}。"
        yield _found(Unusual.HOUR, late, {"calls": len(late)}, said, over=rules.closed_calls)


def _new_hours(day: Sequence[Access], past: Past, rules: Rules) -> Iterator[Finding]:
    if len(past.days) < rules.past_days_at_least:
        return
    fresh = [one for one in day if not past.hours.get(one.at.astimezone(BEIJING).hour)]
    if len(fresh) >= rules.new_hour_calls:
        said = (
            f"系统在以往{len(past.days)}个使用日从未调用过的时段调用{len(fresh)}次，"
            f"最早{_clock(fresh[0])}，最晚{_clock(fresh[-1])}。"
        )
        figures = {"calls": len(fresh), "days": len(past.days)}
        yield _found(Unusual.HOUR, fresh, figures, said, over=rules.new_hour_calls)


def _many_people(day: Sequence[Access], rules: Rules) -> Iterator[Finding]:
    """The window with the most different people, if there are too many in it."""
    about = [one for one in day if one.subject and one.ending is Ending.ANSWERED]
    width, start, inside = dt.timedelta(minutes=rules.people_minutes), 0, Counter[str]()
    most, window = 0, (0, 0)
    for end, one in enumerate(about):
        inside[one.subject] += 1
        while one.at - about[start].at > width:
            inside[about[start].subject] -= 1
            if not inside[about[start].subject]:
                del inside[about[start].subject]
            start += 1
        if len(inside) > most:
            most, window = len(inside), (start, end + 1)
    if most >= rules.people:
        calls = about[slice(*window)]
        said = (
            f"{_clock(calls[0])}至{_clock(calls[-1])}，{rules.people_minutes}分钟内查询了{most}个不同的人，"
            f"达到{rules.people}人即提示。"
        )
        yield _found(Unusual.MANY_PEOPLE, calls, {"people": most}, said, over=rules.people)


def _same_person(day: Sequence[Access], rules: Rules) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[Access]] = {}
    for one in day:
        if one.subject and one.ending is Ending.ANSWERED:
            groups.setdefault((one.subject, one.resource), []).append(one)
    for (subject, resource), calls in sorted(groups.items()):
        if len(calls) >= rules.same_person:
            said = f"一天内对同一个人的同一项数据查询了{len(calls)}次，达到{rules.same_person}次即提示。"
            figures = {"calls": len(calls)}
            found = _found(
                Unusual.SAME_PERSON,
                calls,
                figures,
                said,
                extra=f"{resource}:{subject}",
                over=rules.same_person,
            )
            yield replace(found, resource=resource, subject=subject)


def _outside_case(day: Sequence[Access], people: People, rules: Rules) -> Iterator[Finding]:
    cases: dict[str, list[Access]] = {}
    for one in day:
        if one.case and one.subject and one.ending is Ending.ANSWERED:
            cases.setdefault(one.case, []).append(one)
    for case, calls in sorted(cases.items()):
        strangers = [one for one in calls if one.subject not in people.get(case, {one.subject})]
        asked = len({one.subject for one in calls})
        if strangers:
            count = len({one.subject for one in strangers})
            said = f"以办件为由查询了{count}个与该办件无关的人。"
            found = _found(Unusual.OUTSIDE_CASE, strangers, {"people": count}, said, extra=case, over=1)
            yield replace(found, case=case)
        elif case not in people and asked >= rules.people_of_a_case:
            said = f"同一办件名下查询了{asked}个不同的人，达到{rules.people_of_a_case}人即提示。"
            found = _found(
                Unusual.OUTSIDE_CASE, calls, {"people": asked}, said, extra=case, over=rules.people_of_a_case
            )
            yield replace(found, case=case)


def _new_fields(day: Sequence[Access], past: Past, rules: Rules) -> Iterator[Finding]:
    """Only of resources the caller has used before: a new resource comes with a new grant."""
    if len(past.days) < rules.past_days_at_least:
        return
    for resource in sorted({one.resource for one in day} & set(past.fields)):
        known = past.fields[resource]
        calls = [one for one in day if one.resource == resource and one.fields - known]
        fresh = sorted({name for one in calls for name in one.fields} - known)
        if fresh:
            said = f"以往{len(past.days)}个使用日从未要过的字段，当天要了{len(fresh)}个：{'、'.join(fresh)}。"
            figures = {"fields": len(fresh), "calls": len(calls)}
            found = _found(
                Unusual.NEW_FIELDS, calls, figures, said, extra=f"{resource}:{'+'.join(fresh)}", over=0
            )
            yield replace(found, resource=resource)


def _refused(day: Sequence[Access], rules: Rules) -> Iterator[Finding]:
    longest, start = day[:0], 0
    for end, one in enumerate(day, start=1):
        if one.ending is not Ending.REFUSED:
            start = end
        elif end - start > len(longest):
            longest = day[start:end]
    if len(longest) >= rules.refused_in_a_row:
        said = f"连续{len(longest)}次被拒绝，达到{rules.refused_in_a_row}次即提示：可能在试探权限范围。"
        yield _found(Unusual.REFUSED, longest, {"calls": len(longest)}, said, over=rules.refused_in_a_row)


def _replayed(day: Sequence[Access], rules: Rules) -> Iterator[Finding]:
    again = [one for one in day if one.ending is Ending.REPLAYED]
    if len(again) >= rules.replays:
        said = f"有{len(again)}次调用重复使用了用过的签名，达到{rules.replays}次即提示：签名可能被他人截取。"
        yield _found(Unusual.REPLAYED, again, {"calls": len(again)}, said, over=rules.replays)


def _found(
    kind: Unusual,
    calls: Sequence[Access],
    figures: Mapping[str, int],
    said: str,
    *,
    over: int,
    extra: str = "",
) -> Finding:
    """A finding whose key changes with each doubling of its first figure above `over`."""
    count = next(iter(figures.values()))
    level = (count // over).bit_length() if over > 0 else 0
    key = ":".join([kind.value, _day(calls[0]).isoformat(), extra, str(level)])
    return Finding(kind, key, calls[0].at, calls[-1].at, figures, said, about=extra, level=level)


def _day(one: Access) -> dt.date:
    return one.at.astimezone(BEIJING).date()


def _clock(one: Access) -> str:
    return one.at.astimezone(BEIJING).strftime("%H:%M")
