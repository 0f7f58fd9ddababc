# SPDX-License-Identifier: Apache-2.0
"""Whether the answer to an objection settles it: said by whoever raised it, or written down for them.

A clerk writes it down for whoever stands at the counter, the data bureau for a department that told it so.
The word stays theirs: it is shown who wrote it down, and they have a letter of it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import may_act_for
from yiwang.apps.notices.public import notify
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

from ..domain import settings
from ..domain.objections import State, move
from ..domain.values import MOST
from ..models import Objection, Round
from ..parts import hears_at_counter, hears_units, provides_for
from ._objections import begin_round, last_round, locked, note, raised_by, refusal, tell_bureau, tell_provider

TOLD_MOST = 100
"""Characters of who said it, and how."""


@dataclass(frozen=True)
class Heard:
    """From whom an officer heard it.

    Attributes:
        agent: public id of whoever stands at the counter for the person or firm.
        told_by: who of the department said so, and how, for example 「户政科李某来电」.
    """

    agent: str = ""
    told_by: str = ""


@transaction.atomic
def give_feedback(
    actor: Actor,
    objection: str,
    *,
    satisfied: bool,
    words: str = "",
    heard: Heard | None = None,
    now: dt.datetime | None = None,
) -> State:
    """Whoever raised it says whether the answer settles it; an officer who `heard` it from them writes it
    down. Not settled: checked once more (a setting says how often); after that the data bureau is told.
    Returns the new state.

    Raises NoSuchObjection; NotAllowed; Invalid: not settled, without a word why, or without saying who told
    it; Conflict: no answer yet.
    """
    row = locked(objection)
    _require_says(actor, row, heard)
    last, moment = last_round(row), now or timezone.now()
    again = not satisfied and last.number <= whole(current().catalogue, settings.AGAIN_TIMES)
    state = move(State(row.state), State.CHECKING if again else State.CLOSED)
    if not satisfied and not words.strip():
        raise Invalid("请写明哪里还不对。", mend="提供数据的部门会看到。", field="words")
    _keep(actor, last, heard)
    last.satisfied, last.feedback, last.feedback_at = satisfied, words.strip()[:MOST], moment
    last.save()
    row.state, row.closed_at = state.value, None if again else moment
    row.save(update_fields=["state", "closed_at"])
    behalf = {"at": "counter" if heard.agent else "bureau", "agent": heard.agent} if heard else {}
    note(actor, "feedback", row, satisfied=int(satisfied), round=last.number, **behalf)
    if heard:
        _tell_raiser(actor, row, satisfied=satisfied)
    _follow(row, last.number, satisfied=satisfied, again=again, now=moment)
    return state


def _require_says(actor: Actor, row: Objection, heard: Heard | None) -> None:
    """Only whoever raised it says it; an officer writes down what they heard, and nothing of their own
    department's checks."""
    if heard is None:
        if not raised_by(actor, row):
            raise refusal(actor, row, "是否满意由提出异议的一方说。")
        return
    may = (
        hears_at_counter(actor, row.raised_org)
        and bool(heard.agent)
        and may_act_for(heard.agent, row.subject)
    )
    if not may and not (hears_units(actor, row.raised_org) and not heard.agent):
        raise refusal(actor, row, "只能替眼前的本人（或有权代表企业的人）、来电来函的部门记录。")
    if row.provider in provides_for(actor):
        raise Conflict("这是本部门核查的异议。", mend="请换一位工作人员记录提出方的意见。")
    if not heard.agent and not heard.told_by.strip():
        raise Invalid("请写明是谁、怎样告知的。", mend="例如“户政科李某来电”。", field="told_by")


def _keep(actor: Actor, last: Round, heard: Heard | None) -> None:
    if heard is not None:
        last.feedback_clerk, last.feedback_clerk_name = actor.id, actor.name
        last.feedback_told_by = heard.told_by.strip()[:TOLD_MOST]


def _tell_raiser(actor: Actor, row: Objection, *, satisfied: bool) -> None:
    said = "满意" if satisfied else "不满意"
    body = f"{actor.name}替您记录：对异议的答复{said}。不是您的意思的，请马上到窗口或者拨打12345更正。"
    notify(row.raised_by, "已经替您记下对答复的意见", body, about=row.public_id)


def _follow(row: Objection, number: int, *, satisfied: bool, again: bool, now: dt.datetime) -> None:
    if again:
        began = begin_round(row, number + 1, now)
        body = f"提出方对答复不满意，请于{began.due_on:%Y年%m月%d日}前再次核查并答复。"
        tell_provider(row, "数据异议需要再次核查", body)
    elif not satisfied:
        tell_bureau(
            "有数据异议两次核查后仍不满意", "请到“数据共享—数据异议”查看并协调。", about=row.public_id
        )
