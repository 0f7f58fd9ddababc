# SPDX-License-Identifier: Apache-2.0
"""Corrections on their way to the provider's own system: we send, we never write into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import Outside
from yiwang.engines.definitions import whole

from .commands.provider_saying import provider_says
from .domain.provider_says import Reply
from .domain.settings import CORRECTION_SECONDS
from .models import Correction


@dataclass(frozen=True)
class CorrectionMessage:
    """What a provider's system needs to mend one record. The same `id` twice is the same message."""

    id: str
    provider: str
    resource: str
    item: str
    key: str = field(repr=False)
    old: str = field(repr=False)
    new: str = field(repr=False)
    evidence: str = field(repr=False)

    def content(self) -> dict[str, str]:
        """As it is carried."""
        return {
            **{"id": self.id, "provider": self.provider, "resource": self.resource, "item": self.item},
            **{"key": self.key, "old": self.old, "new": self.new, "evidence": self.evidence},
        }


def correction_seconds() -> int:
    """How long to wait for a provider's system. Raises Unavailable when the release does not say."""
    return whole(current().catalogue, CORRECTION_SECONDS)


def deliver_correction(carry: Callable[[CorrectionMessage], Reply]) -> Outside:
    """The outbox handler that gives corrections to `carry`, which raises when it could not; what the
    provider's system says to it is written down."""

    def handle(_key: str, payload: Mapping[str, Any]) -> None:
        rows = Correction.objects.select_related("round__objection")
        one = rows.filter(public_id=payload["correction"]).first()
        if one is None:
            return
        objection = one.round.objection
        reply = carry(
            CorrectionMessage(
                id=one.public_id,
                provider=objection.provider,
                resource=objection.resource,
                item=objection.field,
                key=objection.record_key,
                old=one.old,
                new=one.new,
                evidence=one.evidence,
            )
        )
        provider_says(one.public_id, reply)

    return Outside(handle)
