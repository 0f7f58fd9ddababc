# SPDX-License-Identifier: Apache-2.0
"""What a counter has in hand: what a clerk began for others, and results to be handed over."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, OuterRef

from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.dates import BEIJING

from .commands._settling import ELECTRONIC, SETTLED
from .models import Application, ItemCase, Stage
from .rows import ApplicationRow, rows_of


def drafts_begun(actor: Actor, *, limit: int = 50) -> list[ApplicationRow]:
    """The drafts this clerk began for somebody and has not submitted, newest first."""
    found = Application.objects.filter(started_by=actor.id, stage=Stage.DRAFT)
    return rows_of(found.order_by("-id")[:limit])


def submitted_here(actor: Actor, *, limit: int = 20) -> list[ApplicationRow]:
    """What this clerk began and has submitted, newest first: receipts may be printed again."""
    found = Application.objects.filter(started_by=actor.id, submitted_at__isnull=False)
    return rows_of(found.order_by("-id")[:limit])


def ready_to_deliver(actor: Actor, *, limit: int = 50) -> list[ApplicationRow]:
    """The applications whose results the clerk's counter hands over or posts, oldest first: those
    whose every item has its outcome (统一出件), and those of which some result cannot wait for the
    others (行政许可法第四十四条), see `deliver(early=True)`."""
    posts = [post for post in actor.posts if post.role is Role.COUNTER]
    if not posts:
        return []
    unsettled = ItemCase.objects.filter(application=OuterRef("pk")).exclude(state__in=SETTLED)
    made = ItemCase.objects.filter(open=True, state="result_made")  # few at any time, and in an index
    pressing = made.filter(application=OuterRef("pk")).exclude(called_at=None)
    found = Application.objects.filter(pk__in=made.values("application"), stage=Stage.HANDLING)
    found = found.exclude(delivery=ELECTRONIC)
    if all(post.place for post in posts):
        found = found.filter(receiving_place__in=[post.place for post in posts])
    found = found.filter(Exists(pressing) | ~Exists(unsettled))
    return rows_of(found.order_by("id")[:limit])


def volumes(year: int) -> dict[str, int]:
    """办件量: how many cases of each item were handed in in a year (of China)."""
    begin, end = (dt.datetime(one, 1, 1, tzinfo=BEIJING) for one in (year, year + 1))
    cases = ItemCase.objects.filter(created_at__gte=begin, created_at__lt=end)
    return dict(cases.values_list("item").annotate(count=Count("id")).order_by("item"))
