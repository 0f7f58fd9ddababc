# SPDX-License-Identifier: Apache-2.0
"""What time does to seals: reminders before they run out, keys of ended seals destroyed for good."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from yiwang.kernel.actor import system
from yiwang.kernel.dates import format_date

from .. import plugs
from ..domain.figures import WARN_DAYS
from ..domain.states import State
from ..models import Seal
from ._shared import note
from .trusting import take_over_crl

_CLOCK = system("时钟")
_ENDED = (State.CANCELLED.value, State.WITHDRAWN.value)


class Notify(Protocol):
    """How a letter reaches somebody's box (`notices.notify`)."""

    def __call__(self, to: str, title: str, body: str, *, about: str = "") -> None:
        """Put a letter into the box, in the caller's transaction."""
        ...


def look_after(notify: Notify) -> int:
    """The round: remind custodians, destroy what should be gone, keep our own revocation list current.
    Returns how many letters were written. Each seal is reminded of once before its end and once at it."""
    _destroy_keys()
    _renew_list()
    return sum(_remind(public_id, notify) for public_id in _ending())


def _ending() -> list[str]:
    """Those within the longest reminder that any unit has set."""
    now, rows = timezone.now(), Seal.objects.filter(state=State.ACTIVE.value, not_after__isnull=False)
    units = rows.values_list("org", "place").distinct()
    longest = max((plugs.figures(org, place).of(WARN_DAYS) for org, place in units), default=0)
    near = rows.filter(not_after__lte=now + dt.timedelta(days=longest)).order_by("pk")
    return list(near.values_list("public_id", flat=True))


def _warn_days(row: Seal) -> int:
    return plugs.figures(row.org, row.place).of(WARN_DAYS)


@transaction.atomic
def _remind(public_id: str, notify: Notify) -> int:
    seal = Seal.objects.select_for_update().get(public_id=public_id)
    now = timezone.now()
    if seal.state != State.ACTIVE.value or seal.not_after is None:
        return 0
    ended = seal.not_after <= now
    last_day = timezone.localdate(seal.not_after)
    if not ended and seal.not_after > now + dt.timedelta(days=_warn_days(seal)):
        return 0
    if seal.warned_on is not None and not (ended and seal.warned_on < last_day):
        return 0
    title = "印章已过有效期" if ended else "印章快到期了"
    body = (
        f"“{seal.name}”的有效期{'已于' if ended else '到'}{format_date(last_day)}"
        f"{'届满，不能再用印' if ended else '为止'}。请在“电子印章”中申请更新延期。"
    )
    notify(seal.custodian, title, body, about=seal.public_id)
    seal.warned_on = timezone.localdate()
    seal.save(update_fields=["warned_on"])
    note(_CLOCK, seal, "到期提醒", action="seal.expiry.warned")
    return 1


def _destroy_keys() -> None:
    """Keys of ended seals that a stop between commit and destruction left behind."""
    for row in Seal.objects.filter(state__in=_ENDED).exclude(key=""):
        plugs.keeper(row.keeper).destroy(row.key)
        Seal.objects.filter(pk=row.pk).update(key="")


@transaction.atomic
def _renew_list() -> None:
    issuer = plugs.issuer()
    fresh = issuer.fresh_list() if issuer else None
    if fresh is not None:
        take_over_crl(_CLOCK, fresh)
