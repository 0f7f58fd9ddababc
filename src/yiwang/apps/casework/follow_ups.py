# SPDX-License-Identifier: Apache-2.0
"""What was granted on a promise that is not kept yet (容缺): somebody has to follow it up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from yiwang.apps.catalogue.public import release
from yiwang.kernel.actor import Actor, Role

from .domain.promises import uses_of
from .models import Document, ItemCase

_OFFICE = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.AUDITOR)


@dataclass(frozen=True)
class FollowUp:
    """A document that an item was granted without, and until when it was promised."""

    case: str
    number: str
    item_name: str
    material: str
    material_name: str
    due_on: dt.date | None
    lapsed: bool


def follow_ups(actor: Actor, *, limit: int = 100) -> list[FollowUp]:
    """The promised documents that are still missing where the officer's department granted an item on
    the promise, the longest overdue first."""
    reach = Q()
    for post in actor.posts:
        if post.role in _OFFICE:
            part = {key: value for key, value in (("org", post.org), ("place", post.place)) if value}
            reach |= Q(**part, open__in=(True, False))
    if not reach:
        return []
    granted = ItemCase.objects.filter(reach, decision__granted=True, application__documents__deferred=True)
    cases = granted.select_related("application").distinct().order_by("id")
    rows = [row for case in cases for row in _of(case)]
    return sorted(rows, key=lambda row: (row.due_on or dt.date.max, row.number))[:limit]


def _of(case: ItemCase) -> list[FollowUp]:
    catalogue = release(case.application.release).catalogue
    missing = Document.objects.filter(application=case.application, deferred=True).order_by("id")
    return [
        FollowUp(
            case=case.public_id,
            number=case.application.number or "",
            item_name=catalogue.items[case.item].name,
            material=row.material,
            material_name=catalogue.materials[row.material].name,
            due_on=row.due_on,
            lapsed=row.lapsed_at is not None,
        )
        for row in missing
        if uses_of(catalogue, [case.item], row.material)
    ]
