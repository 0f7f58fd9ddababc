# SPDX-License-Identifier: Apache-2.0
"""Write alerts and tell them: one unit at a time, what is alike as one, at most so many of a kind a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.db import transaction

from yiwang.apps.catalogue.public import current
from yiwang.engines.definitions import whole
from yiwang.engines.exchange.unusual import Unusual
from yiwang.kernel.actor import system
from yiwang.kernel.ids import new_public_id

from ..domain.merging import Found, Merged, Standing, merge
from ..domain.settings import ALERTS_EACH
from ..domain.words import AlertState
from ..models import Alert
from ._shared import administrators_of, bureau_officers, name_of, note, tell

_WATCH = system("异常访问监测")
_OPEN = AlertState.OPEN.value


def raise_alerts(found: Iterable[Found], *, now: dt.datetime) -> int:
    """Keep what was found as alerts; returns how many were told. Raises Unavailable: a setting is missing."""
    most = whole(current().catalogue, ALERTS_EACH)
    of_unit: dict[str, list[Found]] = {}
    for one in found:
        of_unit.setdefault(one[0].org, []).append(one)
    return sum(_raise(org, of_unit[org], most, now) for org in sorted(of_unit))


@transaction.atomic
def _raise(org: str, found: Sequence[Found], most: int, now: dt.datetime) -> int:
    days = {day for _, day, _ in found}
    rows = Alert.objects.select_for_update().filter(org=org, day__in=days).order_by("id")
    newest = {row.topic: row for row in rows}
    told = 0
    for one in merge(found, [_standing(row) for row in newest.values()], most=most):
        row = _write(org, one, newest.get(one.topic), now)
        if row is not None and one.tell:
            _tell(row)
            told += 1
    return told


def _standing(row: Alert) -> Standing:
    return Standing(
        topic=row.topic,
        is_open=row.state == _OPEN,
        generation=row.generation,
        pieces=row.pieces,
        kind=Unusual(row.kind),
        day=row.day,
        first=row.first_at,
        last=row.last_at,
        sentence=row.sentence,
        figures=row.figures,
    )


def _write(org: str, one: Merged, known: Alert | None, now: dt.datetime) -> Alert | None:
    """The alert's row; None when another worker made it first."""
    if known is not None and not one.is_new:
        known.first_at, known.last_at, known.sentence = one.first, one.last, one.sentence
        known.figures, known.pieces, known.count = dict(one.figures), dict(one.pieces), len(one.pieces)
        known.save(update_fields=["first_at", "last_at", "sentence", "figures", "pieces", "count"])
        return known
    key = sha256(f"{org}:{one.topic}:{one.generation}".encode()).hexdigest()
    row = Alert(
        public_id=new_public_id("alert"),
        key=key,
        topic=one.topic,
        generation=one.generation,
        day=one.day,
        count=len(one.pieces),
        pieces=dict(one.pieces),
        kind=one.kind.value,
        org=org,
        caller_kind=one.who.kind,
        caller=one.who.caller,
        caller_name=one.who.name,
        resource=one.resource,
        case=one.case,
        first_at=one.first,
        last_at=one.last,
        figures=dict(one.figures),
        sentence=one.sentence,
        raised_at=now,
        state=_OPEN,
    )
    Alert.objects.bulk_create([row], ignore_conflicts=True)
    return row if Alert.objects.filter(public_id=row.public_id).exists() else None


def _tell(row: Alert) -> None:
    detail = {"org": row.org, "kind": row.kind, "caller": row.caller, "figures": row.figures}
    note(_WATCH, "alert.raised", f"data-security:{row.org}", row.public_id, detail)
    to = [one for one in administrators_of(row.org) if one != row.caller] or bureau_officers()
    title = f"{name_of(row.org)}有数据访问异常：{Unusual(row.kind).term}"
    tell(to, title, "请登录数据共享的“数据安全”查看并处理。", about=row.public_id)
