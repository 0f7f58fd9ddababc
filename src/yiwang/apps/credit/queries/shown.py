# SPDX-License-Identifier: Apache-2.0
"""What everybody may see: the public part, by full name or code; the lists. People's names are masked.

Whether a record is shown is worked out for the day it is asked: nothing depends on a timer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import firms_by_code, firms_named
from yiwang.engines.credit import Sort
from yiwang.kernel.errors import Invalid, NotFound, YiwangError
from yiwang.kernel.ids import check_uscc

from ..models import Record, Repair
from ..parts import book_of
from .views import RecordView, views

MOST = 200
_LEAST_NAME = 4


@dataclass(frozen=True)
class PublicLine:
    """A record as everybody may see it."""

    entry_name: str
    sort: Sort
    org_name: str
    reference: str
    title: str
    name: str
    number: str
    severity: str
    fields: Sequence[tuple[str, str]]
    decided_on: dt.date
    published_on: dt.date
    shown_until: dt.date | None
    disputed: bool


@dataclass(frozen=True)
class PublicSubject:
    """A firm with what is public about it. `promises`: commitments it made to leave a list."""

    name: str
    code: str
    lines: Sequence[PublicLine]
    promises: Sequence[tuple[dt.date, str]]


def public_search(text: str, *, on: dt.date | None = None) -> list[PublicSubject]:
    """What is public of the firms with this full name, or this code.

    Raises Invalid: too short, or a person's number, which is not searched for; NotFound: no such firm.
    """
    plain = "".join(text.split())
    if len(plain) < _LEAST_NAME:
        raise Invalid("请输入单位的全称或者统一社会信用代码。", mend="全称要完整。", field="q")
    try:
        found = list(firms_by_code([check_uscc(plain)]).values())
    except YiwangError:
        if plain[:-1].isdecimal():
            raise Invalid(
                "代码不对，或者输入了个人的号码。", mend="个人信用信息不公开查询，本人请登录查看。", field="q"
            ) from None
        found = firms_named(plain)
    if not found:
        raise NotFound("没有登记过这个单位。", mend="请核对全称或代码；本市登记的单位才查得到。")
    return [
        PublicSubject(
            firm.name,
            firm.number,
            [_line(one) for one in _shown(Q(subject=firm.public_id), on)],
            _promises(firm.public_id),
        )
        for firm in found
    ]


def public_lists(*, sorts: Collection[Sort] = (Sort.RED, Sort.BLACK), on: dt.date | None = None) -> list[
    PublicLine
]:  # fmt: skip
    """Who stands on the red and black lists now, newest first."""
    entries = [key for key, entry in book_of(current()).entries.items() if entry.sort in sorts]
    return [_line(one) for one in _shown(Q(catalogue__in=entries), on)]


def _shown(condition: Q, on: dt.date | None) -> list[RecordView]:
    day = on or timezone.localdate()
    rows = (
        Record.objects.filter(condition, ended="", due_on__isnull=False)
        .filter(Q(shown_until=None) | Q(shown_until__gte=day))
        .order_by("-decided_on", "-id")[:MOST]
    )
    return [one for one in views(rows, on=day) if one.is_shown and one.published_on is not None]


def _line(view: RecordView) -> PublicLine:
    public = [one.name for one in view.entry.fields if one.public]
    assert view.published_on is not None
    return PublicLine(
        view.entry.name, view.entry.sort, view.org_name, view.reference, view.title, view.subject_name,
        view.subject_number, view.severity,
        [(name, view.fields[name]) for name in public if view.fields.get(name)],
        view.decided_on, view.published_on, view.shown_until,
        any(one.is_open and one.what == "异议" for one in view.matters),
    )  # fmt: skip


def _promises(subject: str) -> list[tuple[dt.date, str]]:
    """The public commitments with which a subject left a list, newest first, as long as a record would be
    shown: until the record's own last day."""
    today = timezone.localdate()
    rows = Repair.objects.filter(record__subject=subject, granted=True, record__shown_until__gte=today)
    return [
        (timezone.localdate(one.decided_at), one.promise)
        for one in rows.order_by("-id")
        if one.promise and one.decided_at is not None
    ]
