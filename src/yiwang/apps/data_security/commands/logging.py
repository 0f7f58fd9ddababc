# SPDX-License-Identifier: Apache-2.0
"""The operation log of a unit (第十八条): who used which data, when, for which case. So is looking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from yiwang.apps.gateway import public as gateway
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.dates import BEIJING

from ..domain.powers import sees_all, units_of
from ._shared import bodies, note, refuse, required

LOG_READERS = (Role.SECURITY, Role.DATA)
_SIZE = 50


@dataclass(frozen=True)
class LogQuery:
    """What is looked for. `before`: the last row of the page before. `why`: why somebody looks."""

    why: str
    org: str = ""
    caller: str = ""
    case: str = ""
    resource: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    before: int | None = None


@dataclass(frozen=True)
class LogPage:
    """A page of the log, newest first; `before`: where the next begins, None at the end."""

    rows: Sequence[gateway.LoggedCall]
    before: int | None


@transaction.atomic
def read_log(actor: Actor, query: LogQuery) -> LogPage:
    """A page of the operation log: calls by one's own unit and of its data; all for supervising bodies.

    Raises NotAllowed: neither an administrator or data officer of the unit, nor a supervising body.
    Invalid: no reason why.
    """
    own, everything = units_of(actor, *LOG_READERS), sees_all(actor, bodies())
    if not (own or everything) or (query.org and not everything and query.org not in own):
        raise refuse("查看这个单位的操作日志")
    why = required(query.why, "查看日志的原因", field="why", longest=200)
    orgs = [query.org] if query.org else None if everything else sorted(own)
    rows = gateway.log_page(
        orgs,
        caller=query.caller,
        case=query.case,
        resource=query.resource,
        since=_start(query.first),
        until=_start(query.last + dt.timedelta(days=1)) if query.last else None,
        before=query.before,
        size=_SIZE + 1,
    )
    page = rows[:_SIZE]
    detail = {"orgs": orgs or ["全市"], "rows": len(page), "why": why}
    sought = {"caller": query.caller, "case": query.case, "resource": query.resource}
    detail |= {name: value for name, value in sought.items() if value}
    note(actor, "log.read", "data-security-log", query.org, detail)
    return LogPage(page, page[-1].id if len(rows) > _SIZE else None)


def _start(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), BEIJING) if day else None
