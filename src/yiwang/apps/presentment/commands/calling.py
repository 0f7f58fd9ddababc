# SPDX-License-Identifier: Apache-2.0
"""Holders call up their own licences online (实人实名在线调用); that look is on record too."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.apps.licences.public import LicenceView, held_by
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.errors import NotAllowed

from ..domain.purposes import OWN, purpose_of
from ..queries import own_licence
from ._refusing import stream_of


def own_licences(actor: Actor) -> list[LicenceView]:
    """The licences of the actor and of the firms they act for, newest first: kinds and standings, to
    choose from. Raises NotAllowed unless a person is logged in."""
    if actor.kind is not ActorKind.PERSON:
        raise NotAllowed("只有持证人可以调用自己的证照。", mend="请用本人账号登录。")
    return held_by({actor.id, *actor.firms_for(Matter.APPLICATIONS)})


@transaction.atomic
def call_up(actor: Actor, licence: str) -> LicenceView:
    """All of one licence of the actor's own, or of a firm they act for, however it stands; journalled
    with purpose and basis.

    Raises NotFound: not theirs.
    """
    found = own_licence(actor, licence)
    purpose = purpose_of(current().catalogue, OWN, on=timezone.localdate())
    record(
        actor,
        "licence.own.look",
        stream=stream_of(found.holder),
        about=licence,
        subject=found.holder,
        purpose=purpose.name,
        basis=purpose.basis,
    )
    return found
