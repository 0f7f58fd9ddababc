# SPDX-License-Identifier: Apache-2.0
"""Whom it is for: confirm once and say where the money goes, or decline; reminders of what is waiting."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import subject as subject_of
from yiwang.apps.notices.public import notify
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import Actor, Matter, system
from yiwang.kernel.dates import BEIJING

from ..bars import CREDIT
from ..domain.accounts import read_account
from ..domain.settings import MOST_REMINDERS, REMIND_DAYS
from ..domain.states import State, move
from ..models import Claim
from ..parts import NoSuchClaim
from .noting import note

_REMINDER = system("应享未享提醒")


@transaction.atomic
def confirm(actor: Actor, claim: str, *, holder: str, bank: str, account: str) -> None:
    """The subject, or who may act for the firm, confirms and gives the account.

    Saying the same once more changes nothing (a double click).

    Raises NoSuchClaim. Invalid: the account cannot be right. Conflict: it does not await confirmation.
    """
    row = _own(actor, claim)
    about = subject_of(row.subject)
    given = read_account(holder, bank, account, owner=about.name, personal=about.kind == "person")
    stored = {"holder": given.holder, "bank": given.bank, "number": given.number}
    if row.state == State.CONFIRMED.value and row.account == stored:
        return
    row.state = move(State(row.state), "confirm").value
    row.account, row.confirmed_by, row.changed_at = stored, actor.id, timezone.now()
    row.confirmed_at = row.confirmed_at or row.changed_at  # a new account does not lose its place
    row.save()
    note(actor, "confirmed", row, account=given.masked)


@transaction.atomic
def decline(actor: Actor, claim: str) -> None:
    """The subject does not want it. Raises NoSuchClaim, Conflict."""
    row = _own(actor, claim)
    if row.state == State.DECLINED.value:
        return
    row.state = move(State(row.state), "decline").value
    row.changed_at = timezone.now()
    row.save(update_fields=["state", "changed_at"])
    note(actor, "declined", row)


def _own(actor: Actor, claim: str) -> Claim:
    row = Claim.objects.select_for_update().filter(public_id=claim).first()
    if row is None or not actor.is_subject(row.subject, Matter.BENEFITS):
        raise NoSuchClaim
    return row


def remind(now: dt.datetime | None = None, *, most: int = 200) -> int:
    """Write again to those who are owed something and have not confirmed (应享未享提醒); how many.

    After how many days, and how often at most, are settings. Several workers may run it at once.
    """
    at, catalogue = now or timezone.now(), current().catalogue
    days, times = whole(catalogue, REMIND_DAYS), whole(catalogue, MOST_REMINDERS)
    before = at - dt.timedelta(days=days)
    waiting = Claim.objects.filter(state=State.NOTICED.value, reminded__lt=times, changed_at__lt=before)
    waiting = waiting.exclude(reminded_at__gte=before).exclude(hindered=CREDIT)
    count = 0
    for pk in list(waiting.order_by("id").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            row = waiting.select_for_update().filter(pk=pk).first()
            if row is None:
                continue
            row.reminded, row.reminded_at = row.reminded + 1, at
            row.save(update_fields=["reminded", "reminded_at"])
            note(_REMINDER, "reminded", row)
            since = row.changed_at.astimezone(BEIJING).date()
            words = f"{since:%Y年%m月%d日}告知您的一项政策还没有确认，确认后就能拨付。请登录“我的惠企惠民”。"
            notify(row.subject, "有一项政策您应享未享", words, about=row.public_id)
            count += 1
    return count
