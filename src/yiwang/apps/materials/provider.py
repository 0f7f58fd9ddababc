# SPDX-License-Identifier: Apache-2.0
"""Documents that earlier cases accepted, as answers: each answers for itself and for nothing else.

It fails closed: what is withdrawn, expired, damaged or somebody else's never counts, nor does
anything while no rule in force and no basis says that it may be used again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from django.utils import timezone

from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.reusing import reuse_rule
from yiwang.engines.evidence import Answer, Asked, Context, ProviderKind, Question, QuestionKey, Standing

from .domain.reuse import BASIS, usable_until
from .e_materials import is_intact
from .models import EMaterial


class EMaterialProvider:
    """Answers from kept documents. `catalogue` gives the definitions in force."""

    kind: ClassVar = ProviderKind.E_MATERIAL

    def __init__(self, catalogue: Callable[[], Catalogue], *, order: int = 0) -> None:
        self.order = order
        self.name = "电子材料库"
        self._catalogue = catalogue

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        """One answer per question for a document that may be used again, from the best kept one."""
        catalogue = self._catalogue()
        able = [one for one in questions if _may_be_reused(one, catalogue, context.on)]
        if not able:
            return {}
        kept: dict[QuestionKey, list[EMaterial]] = {}
        rows = EMaterial.objects.filter(
            about__in={one.subject for one in able}, material__in={one.id for one in able}
        )
        for row in rows.exclude(valid_until=None).order_by("-accepted_at", "-id"):
            kept.setdefault(QuestionKey(Asked.MATERIAL, row.material, row.about), []).append(row)
        return {one.key: _best(kept[one.key], catalogue, context, one.id) for one in able if one.key in kept}


def _may_be_reused(question: Question, catalogue: Catalogue, day: dt.date) -> bool:
    wanted = question.asked is Asked.MATERIAL and question.id not in question.anew
    return wanted and reuse_rule(catalogue, question.id, day) is not None


def _best(rows: Iterable[EMaterial], catalogue: Catalogue, context: Context, material: str) -> Answer:
    """The first that counts, of those accepted last; else the last one, saying why it does not."""
    answers = []
    for row in rows:
        answer = _answer(row, catalogue, context, material)
        if answer.standing is Standing.VALID and answer.valid_until and context.on <= answer.valid_until:
            if is_intact(row):
                return answer
            answer = _answer(row, catalogue, context, material, Standing.UNKNOWN)
        answers.append(answer)
    return answers[0]


def _answer(
    row: EMaterial,
    catalogue: Catalogue,
    context: Context,
    material: str,
    standing: Standing = Standing.VALID,
) -> Answer:
    """What a row says: by the shorter of the rule of its time and the rule of today."""
    rule, basis = reuse_rule(catalogue, material, context.on), catalogue.settings.get(BASIS)
    accepted_on = timezone.localdate(row.accepted_at)
    assert rule is not None  # asked of `_may_be_reused`
    assert row.valid_until is not None  # only such rows are read
    org = catalogue.orgs.get(row.org)
    return Answer(
        ProviderKind.E_MATERIAL,
        Standing.REVOKED if row.withdrawn_at is not None else standing,
        source=f"{org.name if org else row.org}采用过的材料",
        basis=str(basis.value) if basis else "",
        obtained_at=context.at,
        valid_from=accepted_on,
        valid_until=min(row.valid_until, usable_until(rule, accepted_on)),
        evidence=row.public_id,
    )
