# SPDX-License-Identifier: Apache-2.0
"""Read somebody's box."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

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


def box(to: Collection[str], *, limit: int = 50) -> list[NoticeView]:
    """The letters to a person and the firms they act for, newest first."""
    found = Notice.objects.filter(to__in=to).order_by("-id")[:limit]
    return [NoticeView(n.pk, n.about, n.title, n.body, n.at, n.read_at is not None) for n in found]
