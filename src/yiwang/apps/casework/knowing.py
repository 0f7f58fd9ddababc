# SPDX-License-Identifier: Apache-2.0
"""What the government already knows of somebody, outside any application: for the policy calculator and
the firm's page. Asked in the fixed order of the resolver, every look logged like any other."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.engines.evidence import Asked, Context, Look, LookOutcome, ProviderKind, Question, Resolver
from yiwang.engines.rules import Value
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import NotAllowed

from .evidence import providers_now


@dataclass(frozen=True)
class KnownValue:
    """One value, where it is from, and how long that holds. `evidence`: public id of the licence."""

    element: str
    value: Value
    kind: ProviderKind
    source: str
    evidence: str
    since: dt.date | None
    until: dt.date | None


@transaction.atomic
def known_about(
    actor: Actor, subject: str, elements: Iterable[str], *, purpose: str, basis: str
) -> Mapping[str, KnownValue]:
    """The elements among those wanted to which there is an answer on record about `subject`, by element.

    Raises NotAllowed unless the actor is this person or may act for this firm.
    """
    if not actor.is_subject(subject, Matter.DATA, Matter.BENEFITS):
        raise NotAllowed("只能查看本人和您代表的企业的信息。", mend="请先取得企业授权。")
    looks: list[Look] = []
    questions = [Question(Asked.ELEMENT, one, subject, (), purpose, basis) for one in elements]
    context = Context(actor, timezone.now())
    found = Resolver(providers_now(), looks.append).resolve(questions, context)
    _log(actor, subject, looks)
    return {
        key.id: KnownValue(
            key.id,
            one.answer.value,
            one.answer.kind,
            one.answer.source,
            one.answer.evidence,
            one.answer.valid_from,
            one.answer.valid_until,
        )
        for key, one in found.items()
        if one.answer is not None and one.in_hand
    }


def _log(actor: Actor, subject: str, looks: list[Look]) -> None:
    """One entry per place looked into, with names of what was asked and never a value."""
    by_place: dict[str, list[Look]] = {}
    for look in looks:
        by_place.setdefault(look.provider, []).append(look)
    for place, group in by_place.items():
        asked = [one.key.id for one in group if one.outcome is LookOutcome.FOUND]
        record(
            actor,
            "evidence.look",
            stream=f"subject:{subject}",
            subject=subject,
            purpose=group[0].purpose[:200],
            basis=group[0].basis[:200],
            detail={
                "provider": place,
                "asked": asked,
                "outcome": dict(Counter(one.outcome.value for one in group)),
            },
        )
