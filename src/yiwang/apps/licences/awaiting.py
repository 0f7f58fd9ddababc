# SPDX-License-Identifier: Apache-2.0
"""Licences that await their seal: by when, how pressing it is, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import Actor, ActorKind, Role

from .domain.states import Standing
from .looks import seal_light
from .models import Licence
from .queries import LicenceView, view

SEES = (Role.CUSTODIAN, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)


@dataclass(frozen=True)
class Awaiting:
    """A licence on the list. `fault`: why it cannot be drawn and what to do; empty when it can."""

    licence: LicenceView
    light: Light
    fault: str


def awaiting_seal(actor: Actor, *, material: str = "", limit: int = 100) -> list[Awaiting]:
    """What awaits a seal in the actor's departments, the most pressing first; late ones stand on top.

    Args:
        material: only this licence type.
    """
    rows = _rows(actor).select_related("trial").order_by(F("seal_due").asc(nulls_last=True), "id")
    if material:
        rows = rows.filter(material=material)
    today = timezone.localdate()
    return [
        Awaiting(view(row), seal_light(row.seal_due, today), row.trial.fault if hasattr(row, "trial") else "")
        for row in rows[:limit]
    ]


def awaiting_count(actor: Actor, *, late: bool = False) -> int:
    """How many await a seal in the actor's departments; only those past their day if `late`."""
    rows = _rows(actor)
    return rows.filter(seal_due__lt=timezone.localdate()).count() if late else rows.count()


def _rows(actor: Actor) -> QuerySet[Licence]:
    """Those in good standing, where one of the actor's posts reaches; none for anybody else."""
    reach = Q(pk__in=[])
    if actor.kind is ActorKind.OFFICER:
        for post in actor.posts:
            if post.role in SEES:
                here = Q(issuer=post.org) if post.org else ~Q(issuer="")
                reach |= here & (Q(place=post.place) | Q(place="")) if post.place else here
    waiting = Licence.objects.filter(seal_asked_at__isnull=False, sealed_at__isnull=True)
    return waiting.filter(reach, standing=Standing.VALID.value)
