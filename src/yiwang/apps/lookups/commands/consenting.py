# SPDX-License-Identifier: Apache-2.0
"""Agree, ask again, withdraw, forget. Who may do so for an application, its caller has checked; whose
data somebody may agree about is checked here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import may_act_for
from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.errors import Conflict, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.offers import Offer
from ..domain.settings import ASK_SECONDS, span
from ..models import Consent, Lookup
from ..queries import State, consent_of, state_of


@transaction.atomic
def agree(
    actor: Actor, application: str, offers: Sequence[Offer], *, given_by: str, now: dt.datetime
) -> list[str]:
    """This person agrees to these offers for an application; a clerk may write it down for the person in
    front of them. Returns the ids of the lookups to carry out, outside any transaction. What is agreed
    to already is not asked again.

    Raises NotAllowed for data of somebody they may not speak for.
    """
    if actor.kind is ActorKind.PERSON and actor.id != given_by:
        raise NotAllowed("只能由本人同意。", mend="请由本人登录，或到窗口当面同意。")
    begun = []
    for offer in offers:
        if not may_act_for(given_by, offer.subject, Matter.APPLICATIONS):
            raise NotAllowed("不能替别人同意查询数据。", mend="请由本人登录，或到窗口当面同意。")
        row, made = Consent.objects.get_or_create(
            application=application,
            shown=offer.digest,
            withdrawn_at=None,
            defaults=_consent(actor, offer, given_by, now),
        )
        if made:
            _note(actor, row, "shared_data.consented")
            begun.append(_begin(row, now))
    return begun


def _consent(actor: Actor, offer: Offer, given_by: str, now: dt.datetime) -> dict[str, object]:
    return {
        "public_id": new_public_id("sc"),
        "subject": offer.subject,
        "resource": offer.resource,
        "grant": offer.grant,
        "org": offer.org,
        "item": offer.item,
        "keys": list(offer.keys),
        "elements": [list(pair) for pair in offer.elements],
        "materials": list(offer.materials),
        "checks": list(offer.checks),
        "purpose": offer.purpose[:200],
        "basis": offer.basis[:500],
        "given_by": given_by,
        "recorded_by": actor.id,
        "at": now,
    }


def _begin(row: Consent, now: dt.datetime) -> str:
    return Lookup.objects.create(public_id=new_public_id("sl"), consent=row, began_at=now).public_id


@transaction.atomic
def ask_again(actor: Actor, application: str, consent: str, *, now: dt.datetime) -> list[str]:
    """Ask once more under a consent that stands: the id of the lookup to carry out, or none while one
    is under way or its answer is there. Raises NotFound, Conflict when it was withdrawn."""
    row = consent_of(application, consent)
    row = Consent.objects.select_for_update().get(pk=row.pk)
    last = row.lookups.order_by("-id").first()
    state = state_of(row, last, now, span(current().catalogue, ASK_SECONDS))
    if state is State.WITHDRAWN:
        raise Conflict("您已经撤回了这一项同意。", mend="要查，请重新勾选同意。")
    if state in (State.ASKING, State.FOUND):
        return []
    _note(actor, row, "shared_data.asked_again")
    return [_begin(row, now)]


@transaction.atomic
def withdraw(actor: Actor, application: str, consent: str, *, now: dt.datetime) -> None:
    """Withdraw a consent; what was found under it is deleted at once. Twice changes nothing.

    Raises NotFound.
    """
    row = consent_of(application, consent)
    row = Consent.objects.select_for_update().get(pk=row.pk)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    row.lookups.filter(values__isnull=False).update(values=None)
    _note(actor, row, "shared_data.withdrawn")


def forget(application: str) -> int:
    """The application has ended: no value is kept any longer. Returns how many answers were deleted."""
    rows = Lookup.objects.filter(consent__application=application, values__isnull=False)
    return rows.update(values=None)


def forget_expired(now: dt.datetime) -> int:
    """Delete the values of answers that are out of time; how many."""
    return Lookup.objects.filter(values__isnull=False, expires_at__lte=now).update(values=None)


def _note(actor: Actor, row: Consent, action: str) -> None:
    record(
        actor,
        action,
        stream=f"case:{row.application}",
        about=row.public_id,
        subject=row.subject,
        purpose=row.purpose,
        basis=row.basis[:200],
        detail={"resource": row.resource, "org": row.org, "given_by": row.given_by},
    )
