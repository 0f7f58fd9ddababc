# SPDX-License-Identifier: Apache-2.0
"""Trainings of those on lists (信用修复培训, 驻政〔2018〕85号 L695), noted by the leading unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record as note_down
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

from ..models import Training
from ..parts import is_lead, require_lead
from ..queries.counties import must_be_trained

LONGEST_COURSE = 80


def may_note_training(actor: Actor) -> bool:
    """Whether the actor works for the unit that notes trainings."""
    return is_lead(actor, current())


@transaction.atomic
def note_training(actor: Actor, firms: Collection[str], *, on: dt.date, course: str) -> int:
    """The legal representatives of these listed firms took part; of how many it was noted.

    Raises:
        NotAllowed: not the leading unit. Conflict: one of them does not wait for it any more.
        Invalid: nobody chosen, no course, a day to come.
    """
    opened, now = current(), timezone.now()
    require_lead(actor, opened)
    today, name = timezone.localdate(now), course.strip()
    if not firms:
        raise Invalid("请选择参加培训的企业。", mend="在名单里勾选。", field="firms")
    if not name or len(name) > LONGEST_COURSE:
        raise Invalid("请写明哪一期培训。", mend=f"不超过{LONGEST_COURSE}个字。", field="course")
    if on > today:
        raise Invalid("培训日期晚于今天。", mend="培训以后再登记。", field="on")
    if set(firms) - must_be_trained(opened, today):
        raise Conflict("有的企业已经登记过，或者已经不在名单上。", mend="请刷新后重新选择。")
    for firm in sorted(firms):
        try:
            with transaction.atomic():
                Training.objects.create(firm=firm, on=on, course=name, by=actor.id, at=now)
        except IntegrityError:
            raise Conflict("有的企业这一期已经登记过。", mend="请刷新后重新选择。") from None
        detail = {"on": on.isoformat(), "course": name}
        note_down(actor, "credit.trained", stream="credit-training", about=firm, subject=firm, detail=detail)
    return len(firms)
