# SPDX-License-Identifier: Apache-2.0
"""End the journal's days: one root a day, chained to the day before, then sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from yiwang.kernel.dates import BEIJING

from .commands import locked_head
from .domain.days import Day
from .domain.merkle import from_hex, root_of, sm3
from .models import BATCHES, DAY_SEALS, DAYS, Batch, DayRoot, DaySeal, Stream

SealPress = Callable[[bytes, str], bytes]
"""(SM3 of the statement, its file name) → SES_Signature of GB/T 38540, DER."""

STATEMENT = "day.txt"
SEAL_PURPOSE = "journal-day"
"""For which purpose the system's seal seals days."""


def close_days(*, now: dt.datetime | None = None) -> int:
    """Give each Beijing day that has ended its root; returns how many. Days missed are made up for.

    The sealer of batches waits meanwhile, the writers of entries do not. A day without entries has a
    root too, so that a day that is missing is missed.
    """
    today = (now or timezone.now()).astimezone(BEIJING).date()
    newest = DayRoot.objects.order_by("-number").first()
    if newest is not None and newest.day >= today - dt.timedelta(days=1):
        return 0
    with transaction.atomic():
        locked_head(BATCHES)
        head = locked_head(DAYS)
        return _close_until(today, head)


def _close_until(today: dt.date, head: Stream) -> int:
    newest = DayRoot.objects.order_by("-number").first()
    day = newest.day + dt.timedelta(days=1) if newest else _first_day()
    before, count = newest.said() if newest else None, 0
    while day is not None and day < today:
        before = _day(day, before, head.head)
        digest = before.digest()
        DayRoot.objects.create(**vars(before), digest=digest)
        head.length, head.head = before.number, digest
        day, count = day + dt.timedelta(days=1), count + 1
    Stream.objects.filter(key=DAYS).update(length=head.length, head=head.head)
    return count


def _first_day() -> dt.date | None:
    first = Batch.objects.order_by("number").values_list("sealed_at", flat=True).first()
    return first.astimezone(BEIJING).date() if first else None


def _day(day: dt.date, before: Day | None, previous: str) -> Day:
    """The day as it is: its batches are those sealed before its end that no day before has."""
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), BEIJING)
    done = before.last_batch if before else 0
    sealed = Batch.objects.filter(number__gt=done, sealed_at__lt=end).order_by("-number")
    last = sealed.values_list("number", flat=True).first() or done
    batches = Batch.objects.filter(number__gt=done, number__lte=last)
    return Day(
        number=before.number + 1 if before else 1,
        day=day,
        first_batch=done + 1,
        last_batch=last,
        entries=batches.aggregate(total=Sum("count"))["total"] or 0,
        root=batch_roots_root(done + 1, last),
        previous=previous,
    )


def batch_roots_root(first: int, last: int) -> str:
    """The root of the tree over the roots of these batches."""
    found = Batch.objects.filter(number__gte=first, number__lte=last).order_by("number")
    roots = found.values_list("root", flat=True).iterator(chunk_size=5_000)
    return root_of(from_hex(root) for root in roots).hex()


def seal_days(press: SealPress | None) -> int:
    """Seal every day that has a root and no seal, oldest first; returns how many.

    Args:
        press: None when no key is set up: the days stay visibly unsealed and are sealed later.
    """
    if press is None:
        return 0
    count = 0
    while _seal_next(press):
        count += 1
    return count


@transaction.atomic
def _seal_next(press: SealPress) -> bool:
    day = DayRoot.objects.filter(seal=None).order_by("number").first()
    if day is None:
        return False
    head = locked_head(DAY_SEALS)
    if DaySeal.objects.filter(day=day).exists():
        return True  # another sealer was quicker
    signature = press(sm3(day.said().statement()), STATEMENT)
    DaySeal.objects.create(day=day, sealed_at=timezone.now(), signature=signature)
    Stream.objects.filter(key=DAY_SEALS).update(length=head.length + 1, head=chained(head.head, signature))
    return True


def chained(head: str, signature: bytes) -> str:
    """The head of the chain of seals after one more."""
    return sm3(from_hex(head) + signature).hex()
