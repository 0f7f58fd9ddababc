# SPDX-License-Identifier: Apache-2.0
"""What credit says to an item case, as the officer sees it: the answer kept last while it still holds, a new
one otherwise; and what the officer says was done about it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yiwang.apps.credit import public as credit
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotAllowed

from . import queries
from .domain.roles import parts_of
from .models import ItemCase

_HANDLES = frozenset({Part.HANDLER, Part.APPROVER})


def credit_now(actor: Actor, case: ItemCase) -> credit.KeptCheck | None:
    """The check that holds for an open case; the last one kept for a case that has its outcome. None: it
    was never checked, or the actor does not handle it. Needs a transaction."""
    if not parts_of(actor, queries.scope_of(case.application, case)) & _HANDLES:
        return None
    application = case.application
    kept = next(iter(credit.checks_of(application.public_id, case.item)), None)
    if not case.open:
        return kept
    today = timezone.localdate()
    matter = credit.Matter(credit.Scene.APPROVAL, case.item)
    holds = credit.effects(application.subject, on=today, matter=matter)
    if kept is not None and kept.check.effects == holds:
        return kept
    credit.check(actor, application.subject, items=[case.item], case=application.public_id, on=today)
    return next(iter(credit.checks_of(application.public_id, case.item)), None)


@transaction.atomic
def feed_back_credit(
    actor: Actor, case_id: str, *, record: str, measure: str, applied: bool, words: str = ""
) -> None:
    """Say what was done about a measure of the check that holds. Raises NotFound, NotAllowed, Conflict."""
    case, _ = queries.case_for(actor, case_id)
    found = credit_now(actor, case)
    if found is None:
        raise NotAllowed("这一步由办理这个事项的工作人员反馈。", mend="请联系经办人或审批人。")
    credit.feed_back(
        actor, found.check.id, record=record, measure=measure, applied=applied, words=words
    )  # fmt: skip
