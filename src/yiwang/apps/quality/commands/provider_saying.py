# SPDX-License-Identifier: Apache-2.0
"""What a provider's system says of a correction closes the loop.

Mended: whoever objected is told; the note beside the item goes when the source itself says the new value.
Refused: the objection is checked once more, with the reasons before the provider's officers; where it was
checked as often as it may be, or is closed, the data bureau is told.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.notices.public import notify
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import system
from yiwang.kernel.errors import NotFound

from ..domain import settings
from ..domain.objections import State, Way, move
from ..domain.provider_says import Reply, Said, after
from ..models import Correction, Objection, Round
from ._objections import begin_round, note, tell_bureau, tell_provider

_SYSTEM = "数据提供部门的业务系统"


class NoSuchCorrection(NotFound):
    """There is none that this department's system was sent: in the same words for another department's."""

    def __init__(self) -> None:
        super().__init__("没有发给本部门的这条更正。", mend="请核对更正编号。")


@transaction.atomic
def provider_says(
    correction: str,
    reply: Reply,
    *,
    provider: str | None = None,
    by: str = "",
    now: dt.datetime | None = None,
) -> Said:
    """Write down what a provider's system said of a correction; how it stands now.

    Args:
        provider: whose system says it; None where we asked it ourselves. by: the client that said it.

    Raises NoSuchCorrection; Conflict: it said the other thing before.
    """
    known = Correction.objects.filter(public_id=correction, way=Way.MESSAGE.value)
    found = known.select_related("round__objection").first()
    if found is None or (provider is not None and found.round.objection.provider != provider):
        raise NoSuchCorrection
    row = Objection.objects.select_for_update().get(pk=found.round.objection_id)
    one = Correction.objects.select_for_update(of=("self",)).select_related("round").get(pk=found.pk)
    was, moment = Said(one.said), now or timezone.now()
    said = after(was, reply.said)
    one.receipt = reply.receipt or one.receipt
    if said is not was:
        one.said, one.said_at, one.said_words = said.value, moment, reply.words
    one.save(update_fields=["receipt", "said", "said_at", "said_words"])
    if said is was:
        return said
    note(system(_SYSTEM), f"correction_{said.value}", row, round=one.round.number, by=by)
    if said is Said.MENDED:
        body = "数据提供部门的系统已经更正；来源里读到新值以后，说明会自动撤去。"
        notify(row.raised_by, "您提出异议的数据已经更正", body, about=row.public_id)
    elif said is Said.REFUSED:
        _check_again(row, one.round, moment)
    return said


def _check_again(row: Objection, last: Round, now: dt.datetime) -> None:
    """What was corrected on paper was not mended: the check is not over."""
    open_ = State(row.state) is State.CORRECTED
    if not open_ or last.number > whole(current().catalogue, settings.AGAIN_TIMES):
        words = "提供部门系统没有照核查结论更正。请到“数据共享—数据异议”查看理由并协调。"
        tell_provider(row, "更正没有落实", words)
        tell_bureau("有数据更正没有落实", words, about=row.public_id)
        return
    row.state = move(State.CORRECTED, State.CHECKING).value
    row.save(update_fields=["state"])
    began = begin_round(row, last.number + 1, now)
    body = f"本部门系统没有照核查结论更正，理由见异议页。请于{began.due_on:%Y年%m月%d日}前再次核查并答复。"
    tell_provider(row, "更正没有落实，需要再次核查", body)
    notify(
        row.raised_by,
        "您的数据异议需要再次核查",
        f"更正没有落实，提供部门会在{began.due_on:%Y年%m月%d日}前再次核查并答复。",
        about=row.public_id,
    )
