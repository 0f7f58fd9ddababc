# SPDX-License-Identifier: Apache-2.0
"""Quotas: calls of a grant per minute and per day, exact over all processes.

One row per grant and window, moved by one atomic statement in the transaction that writes the calls:
whoever finds that the row went beyond the limit is refused and gives it back, under the row's lock. A
count over the call rows would be exact only under a lock as well, and grow with the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from django.db import connection, transaction

from yiwang.kernel.dates import BEIJING

from .domain.calls import QuotaUsed
from .models.calls import QuotaUse

Window = tuple[str, str]
"""Grant and window."""

_MINUTE, _DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@dataclass(frozen=True)
class Spend:
    """What one call takes of its grant's quota."""

    grant: str
    per_minute: int
    per_day: int
    at: dt.datetime

    @cached_property
    def windows(self) -> list[tuple[Window, int, dt.datetime]]:
        """The two windows (Beijing time) it falls into: which, the limit, when it ends."""
        local = self.at.astimezone(BEIJING)
        minute = local.replace(second=0, microsecond=0)
        day = minute.replace(hour=0, minute=0)
        return [
            ((self.grant, f"m:{minute:%Y%m%d%H%M}"), self.per_minute, minute + _MINUTE),
            ((self.grant, f"d:{day:%Y%m%d}"), self.per_day, day + _DAY),
        ]


_full: dict[tuple[Window, int], dt.datetime] = {}
"""Windows that this process saw full: calls are refused before the source is asked."""


def require_room(spend: Spend) -> None:
    """Raise QuotaUsed when this process knows that a window is full."""
    for window, limit, until in spend.windows:
        if (window, limit) in _full:
            raise _used(window, limit, until)


def is_news(refusal: QuotaUsed) -> bool:
    """Whether this process refuses by this window for the first time."""
    if refusal.window in _told:
        return False
    if len(_told) > _MOST:
        _told.clear()
    _told.add(refusal.window)
    return True


_told: set[Window] = set()


def wanted_windows(wanted: Sequence[Spend]) -> list[tuple[Window, int, int, dt.datetime]]:
    """What calls take together: window, how many, the limit (the least, where it just changed), its end."""
    found: dict[Window, tuple[Window, int, int, dt.datetime]] = {}
    for one in wanted:
        for window, limit, until in one.windows:
            _, count, least, _ = found.get(window, (window, 0, limit, until))
            found[window] = (window, count + 1, min(least, limit), until)
    return list(found.values())


def remember_full(wanted: Sequence[Spend], full: Collection[Window]) -> None:
    """Remember that these windows of calls that were written have no room left."""
    for one in wanted if full else ():
        for window, limit, until in one.windows:
            if window in full:
                _remember(window, limit, until)


def spend_all(wanted: Sequence[Spend]) -> list[QuotaUsed | None]:
    """Take the calls from their quotas, in the caller's transaction; for each the refusal, if it is one.

    What is refused is taken from no window.
    """
    asked = {window: count for window, count, _, _ in wanted_windows(wanted)}
    ends = {window: until for window, _, _, until in wanted_windows(wanted)}
    if not asked:
        return []
    used = _move(asked, ends)
    verdicts: list[QuotaUsed | None] = [None] * len(wanted)
    for place in range(len(wanted) - 1, -1, -1):  # who came last is refused first
        for window, limit, until in wanted[place].windows:
            if used[window] > limit and verdicts[place] is None:
                verdicts[place] = _used(window, limit, until)
        if verdicts[place] is not None:
            for window, _, _ in wanted[place].windows:
                used[window] -= 1
    back: dict[Window, int] = {}
    for one, verdict in zip(wanted, verdicts, strict=True):
        for window, limit, until in one.windows:
            if verdict is not None:
                back[window] = back.get(window, 0) - 1
            if used[window] >= limit:
                transaction.on_commit(partial(_remember, window, limit, until))
    if back:
        _move(back, ends)
    return verdicts


def _move(by: Mapping[Window, int], ends: Mapping[Window, dt.datetime]) -> dict[Window, int]:
    """Move the counters; what each is now. In one order, so that two writers never wait in a ring."""
    table = QuotaUse._meta.db_table
    column = QuotaUse._meta.get_field("until")
    rows, values = sorted(by), []
    for grant, window in rows:
        until = column.get_db_prep_save(ends[grant, window], connection)
        values += [grant, window, by[grant, window], until]
    marks = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ("grant", "window", "used", "until") VALUES {marks}'  # noqa: S608
            f"{move_sql()}",
            values,
        )
        return {(grant, window): used for grant, window, used in cursor.fetchall()}


def move_sql() -> str:
    """What follows the values of an INSERT of uses: who is there already is moved; what each is now."""
    table = QuotaUse._meta.db_table
    return (
        f' ON CONFLICT ("grant", "window") DO UPDATE SET "used" = "{table}"."used" + excluded."used"'
        ' RETURNING "grant", "window", "used"'
    )


def _remember(window: Window, limit: int, until: dt.datetime) -> None:
    if len(_full) > _MOST:
        _full.clear()
    _full[window, limit] = until


_MOST = 10_000


def _used(window: Window, limit: int, until: dt.datetime) -> QuotaUsed:
    span = "这一分钟" if window[1].startswith("m:") else "今天"
    refusal = QuotaUsed(
        f"{span}的调用次数（{limit} 次）已经用完。",
        mend=f"请在 {until.astimezone(BEIJING):%H:%M} 以后再调用；长期不够用的，请申请提高频次。",
    )
    refusal.window = window
    return refusal


def forget_quotas(now: dt.datetime) -> int:
    """Delete the counters of windows that ended before yesterday; how many."""
    return QuotaUse.objects.filter(until__lt=now - _DAY).delete()[0]
