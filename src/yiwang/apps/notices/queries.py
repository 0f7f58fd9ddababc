# SPDX-License-Identifier: Apache-2.0
"""Read somebody's box."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from .models import Notice


@dataclass(frozen=True)
class NoticeView:
    """A letter as its addressee sees it."""

    id: int
    about: str
    title: str
    body: str
    at: dt.datetime
    read: bool


def box(to: Collection[str], *, limit: int = 50, before: int | None = None) -> list[NoticeView]:
    """The letters to a person and the firms they act for, newest first; `before`: older than that letter."""
    found = Notice.objects.filter(to__in=to).order_by("-id")
    if before is not None:
        found = found.filter(pk__lt=before)
    return [NoticeView(n.pk, n.about, n.title, n.body, n.at, n.read_at is not None) for n in found[:limit]]


def unread(to: Collection[str]) -> int:
    """How many letters nobody has marked as read. Every page asks: in SQL, without building a query."""
    if not to:
        return 0
    places = ", ".join(["%s"] * len(to))
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD.format(places=places), [*to])
        return int(cursor.fetchone()[0])


_UNREAD = f"""
    SELECT COUNT(*) FROM {Notice._meta.db_table} WHERE "to" IN ({{places}}) AND read_at IS NULL
"""  # noqa: S608 - the table's own name
