# SPDX-License-Identifier: Apache-2.0
"""What is on record of one person or firm that policies ask for: told to whom it concerns, for the
calculator and the firm's page. Every look is in the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import NotAllowed

from .population import everybody, rosters_of


@dataclass(frozen=True)
class KnownFact:
    """A fact by its name in rules, who vouches for it, and since when."""

    name: str
    value: Any
    source: str
    since: dt.date | None


@transaction.atomic
def known_facts(
    actor: Actor, subject: str, *, names: Collection[str], purpose: str, basis: str
) -> Mapping[str, KnownFact]:
    """The facts among `names` that matching would use of this subject today, by name. What two places say
    differently is not known.

    Raises NotAllowed unless the actor is this person or may act for this firm.
    """
    if not actor.is_subject(subject, Matter.BENEFITS, Matter.DATA):
        raise NotAllowed("只能查看本人和您代表的企业的信息。", mend="请先取得企业授权。")
    catalogue = current().catalogue
    found = everybody(catalogue, rosters_of(timezone.localdate()), only=subject, names=sorted(names))
    known = {
        name: KnownFact(name, value, *found.origin(subject, name))
        for name, value in found.facts.get(subject, {}).items()
        if name in names and value is not None
    }
    record(
        actor,
        "benefit.facts.look",
        stream=f"subject:{subject}",
        subject=subject,
        purpose=purpose[:200],
        basis=basis[:200],
        detail={"asked": len(names), "found": sorted(known)},
    )
    return known
