# SPDX-License-Identifier: Apache-2.0
"""A grant connects the needs it serves, by itself; when it ends and no other serves them, they go back.

A need that people connected without a grant is theirs. Once a grant serves it, it follows the grant.
A disputed need waits: it follows when the dispute is settled.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from yiwang.apps.catalogue.public import current, current_digest
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import system
from yiwang.kernel.dates import BEIJING, format_date

from ..domain.grants import GrantView
from ..domain.needs import NeedState, Step, after, serves
from ..models import Grant, Need
from ..requests_rows import grant_view
from .needs import move

FOLLOWS = system("供需清单自动对接")
_MOVES = (NeedState.LISTED, NeedState.MATCHED, NeedState.CONNECTED, NeedState.IN_USE)
Usable = Mapping[tuple[str, str], Sequence[GrantView]]


@transaction.atomic
def follow_grants(*, org: str = "", resource: str = "", now: dt.datetime | None = None) -> int:
    """Let needs follow the grants there are at a moment (aware; default now); returns how many changed.

    Args:
        org, resource: only this department's needs of this resource, as when one grant was given or
            ended. Empty: all; the worker calls it so, for grants that begin or run out.
    """
    if current_digest() is None:
        return 0  # nothing is in force yet
    at = now or timezone.now()
    wanted = {name: one for name, one in (("org", org), ("resource", resource)) if one}
    needs = Need.objects.filter(state__in=[one.value for one in _MOVES], **wanted).exclude(resource="")
    usable = _usable(Grant.objects.filter(**wanted), at)
    asked = needs.order_by("pk").values_list("pk", "org", "resource", "item", "grant", "state")
    changed = 0
    for pk, need_org, need_resource, item, kept, state in asked:
        found = _serving(usable.get((need_org, need_resource), ()), item, kept)
        if found != kept or (found and state in (NeedState.LISTED, NeedState.MATCHED)):
            changed += _follow(pk, usable)
    return changed


def _usable(rows: QuerySet[Grant], at: dt.datetime) -> Usable:
    day = at.astimezone(BEIJING).date()
    known = resources(current().catalogue)
    found: dict[tuple[str, str], list[GrantView]] = defaultdict(list)
    live = rows.filter(revoked_at=None, valid_from__lte=day, valid_until__gte=day)
    for row in live.select_related("request", "consent").order_by("-valid_until", "-id"):
        view = grant_view(row, known)
        if view.usable(at):
            found[row.org, row.resource].append(view)
    return found


def _serving(grants: Sequence[GrantView], item: str, kept: str) -> str:
    """The grant that serves: the one that did so far, else the one that lasts longest; "" for none."""
    able = [one.id for one in grants if serves(granted_for=one.item, needed_for=item)]
    return kept if kept in able else next(iter(able), "")


def _follow(pk: int, usable: Usable) -> int:
    row = Need.objects.select_for_update().get(pk=pk)
    state = NeedState(row.state)
    found = _serving(usable.get((row.org, row.resource), ()), row.item, row.grant)
    if state not in _MOVES:
        return 0
    if not found:
        if not row.grant:
            return 0
        row.grant = ""
        move(FOLLOWS, row, after(state, Step.UNGRANTED), "授权已经结束，又没有别的授权，需要重新对接")
        return 1
    grant = next(one for one in usable[row.org, row.resource] if one.id == found)
    waits = state in (NeedState.LISTED, NeedState.MATCHED)
    row.grant, row.provider = found, grant.provider if waits else row.provider
    words = f"{'凭数据使用授权自动接通' if waits else '凭数据使用授权'}，用到{format_date(grant.valid_until)}"
    move(FOLLOWS, row, after(state, Step.GRANTED) if waits else state, words)
    return 1
