# SPDX-License-Identifier: Apache-2.0
"""The mapping table of codes (统一社会信用代码映射关系): whose an old or changed code was, and when."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import firms_by_code
from yiwang.apps.journal.public import record as note_down
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.ids import check_uscc

from ..models import CodeUse
from ..parts import require_lead
from ._holders import plain_code
from .waiting import settle_waiting

_LONGEST = 40


@transaction.atomic
def map_code(
    actor: Actor, code: str, *, firm: str, since: dt.date, until: dt.date | None = None, why: str
) -> None:
    """Write down that a code stood for a firm (named by its code of today) from a day to a day, both in;
    rows that waited for it are taken.

    Raises NotAllowed: not the leading unit. Invalid: what is wrong. Conflict: on those days it is another's.
    """
    require_lead(actor, current())
    plain = plain_code(code)
    if not plain or len(plain) > _LONGEST or not plain.isalnum():
        raise Invalid("旧代码的写法不对。", mend="只有字母和数字，例如15位的注册号。", field="code")
    found = firms_by_code([check_uscc(firm, field="firm")])
    if not found:
        raise Invalid("没有登记过这个单位。", mend="请写它现在的统一社会信用代码。", field="firm")
    if until is not None and until < since:
        raise Invalid("结束日期早于开始日期。", mend="请核对。", field="until")
    if not why.strip():
        raise Invalid("请写明依据。", mend="例如：换发加载统一社会信用代码的证照。", field="why")
    (owner,) = found.values()
    over = CodeUse.objects.select_for_update().filter(code=plain)
    over = over.filter(Q(until=None) | Q(until__gte=since))
    if until is not None:
        over = over.filter(since__lte=until)
    if over.exists():
        raise Conflict("这个代码在这段时间已经登记给别的单位。", mend="请核对起止日期。")
    CodeUse.objects.create(
        code=plain, subject=owner.public_id, since=since, until=until, why=why.strip()[:200], by=actor.id,
        at=timezone.now(),
    )  # fmt: skip
    note_down(
        actor, "credit.code.mapped", stream="credit-codes", about=owner.public_id, subject=owner.public_id,
        detail={"since": since.isoformat(), "until": until.isoformat() if until else ""},
    )  # fmt: skip
    settle_waiting(timezone.now(), codes=[plain])
