# SPDX-License-Identifier: Apache-2.0
"""The people and firms the house knows facts of, as a population on which a policy's draft is tested."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from yiwang.apps.journal.public import record
from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.kinds import For
from yiwang.engines.definitions import Catalogue
from yiwang.kernel.actor import Actor

from .population import Everybody, basis_of, everybody, rosters_of, table_of

_BEGINS = {For.PERSON: "p_", For.FIRM: "f_"}


@dataclass(frozen=True)
class KnownSubjects:
    """An Arrow table of everybody with a column `id` (public ids) and one for each fact wanted; on how
    many rosters it rests; of how many they say different things; what it rests on, as a digest."""

    table: Any
    rosters: int
    torn: int
    digest: str


def known_subjects(
    actor: Actor, catalogue: Catalogue, policies: Sequence[Policy], *, on: dt.date
) -> KnownSubjects:
    """Everybody of the kind the first policy is for of whom some roster of the day says something, with the
    facts that the policies use.

    Facts are used for the test as a whole, not looked at one by one: one entry in the journal says so.
    """
    rosters, draft = rosters_of(on), policies[0]
    found = everybody(catalogue, rosters)
    begins = _BEGINS.get(draft.to, "")
    facts = {subject: known for subject, known in found.facts.items() if subject.startswith(begins)}
    table, _ = table_of(catalogue, policies, Everybody(facts, found.torn))
    digest = basis_of(catalogue.digest, rosters, on)
    detail = {"policy": draft.id, "subjects": len(facts), "basis": digest}
    with transaction.atomic():
        record(actor, "benefit.population.used", stream="benefit-population", about=draft.id, detail=detail)
    return KnownSubjects(table, len(rosters), len(set(found.torn) & set(facts)), digest)
