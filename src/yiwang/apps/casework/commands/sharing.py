# SPDX-License-Identifier: Apache-2.0
"""What other departments already know, looked up for a draft by consent (共享数据).

1. `consent_to_sharing`: what was agreed to is written down in one transaction, then asked for outside
   it. An offer that changed since the page was shown is refused: nobody agrees to what they did not see.
2. `ask_sharing_again`, `withdraw_sharing`: the applicant's own choice, at any time before submission.
The paper way stays open whatever somebody chooses here.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from yiwang.apps.lookups.public import Asking, Offer, agree, agreed, ask_again, carry_out, offers, withdraw
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict

from ..evidence import known_values, not_given
from ._context import Context
from ._planning import plan_of
from .drafts import draft_of, saved


def consent_to_sharing(actor: Actor, application_id: str, chosen: Collection[str]) -> int:
    """The person who handles a draft agrees to these offers (by digest), and they are asked; a clerk
    writes down what the person in front of them says. Returns how many are asked. Pressing twice asks
    once.

    Raises:
        NotFound, NotAllowed, Conflict: as drafts do; Conflict too when an offer is another one now.
    """
    begun = _agree(actor, application_id, frozenset(chosen))
    carry_out(begun)
    return len(begun)


@transaction.atomic
def _agree(actor: Actor, application_id: str, chosen: frozenset[str]) -> list[str]:
    context = draft_of(actor, application_id)
    if not chosen:
        return []
    person = person_of(context.actor, context.application.agent)
    offered = {one.digest: one for one in _offers(context, person)}
    if any(one not in offered for one in _new(context, chosen)):
        raise Conflict("要查的内容刚有变化，还没有查。", mend="请看清楚现在要查什么，再选一次。")
    wanted = [offered[one] for one in sorted(chosen) if one in offered]
    begun = agree(actor, application_id, wanted, given_by=person, now=context.now)
    if begun:
        saved(context)
    return begun


def _new(context: Context, chosen: frozenset[str]) -> list[str]:
    """Of what was chosen, what is not agreed to already: a button pressed twice is no change."""
    before = agreed(context.application.public_id)
    return [one for one in chosen if one not in before]


def _offers(context: Context, person: str) -> list[Offer]:
    outlook = plan_of(context)
    handed_in = {row.material for row in context.application.documents.all() if row.files}
    known = known_values(outlook.plan, context.application.form)
    return offers(
        context.release.catalogue,
        not_given(outlook.still_open, handed_in),
        Asking(context.application.public_id, person, known, context.now),
    )


def person_of(actor: Actor, agent: str) -> str:
    """Who agrees: the person themselves; at the counter, whoever the clerk helps."""
    return actor.id if actor.kind is ActorKind.PERSON else agent


def ask_sharing_again(actor: Actor, application_id: str, consent: str) -> int:
    """Ask once more what had no answer. Returns how many are asked. Raises as `consent_to_sharing`."""
    with transaction.atomic():
        context = draft_of(actor, application_id)
        begun = ask_again(actor, application_id, consent, now=context.now)
    carry_out(begun)
    return len(begun)


@transaction.atomic
def withdraw_sharing(actor: Actor, application_id: str, consent: str) -> None:
    """Withdraw a consent: what was found is deleted, and the applicant fills in or hands in themselves.

    Raises NotFound, NotAllowed; Conflict once submitted.
    """
    context = draft_of(actor, application_id)
    withdraw(actor, application_id, consent, now=context.now)
    saved(context)
