# SPDX-License-Identifier: Apache-2.0
"""The firm's part: raise a request; say whether the reply settles it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import subject
from yiwang.apps.materials import public as materials
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain import settings
from ..domain.requests import Part, State, move, number_of, series_of
from ..models import FirmRequest
from ..parts import NoSuchRequest, refusal, require_firm, stands_before
from ._requests import MOST, begin_turn, last_turn, locked, note, take_number, tell_org, tell_supervisors


@dataclass(frozen=True)
class NewRequest:
    """What a firm asks for. `files`: stored by `store_attachment`; `key`: the same again is the same;
    `agent`: public id of whoever stands at the counter, when a clerk takes it down."""

    firm: str
    category: str
    title: str = field(repr=False)
    words: str = field(repr=False)
    files: Sequence[str] = ()
    key: str = ""
    agent: str = ""


def store_attachment(actor: Actor, firm: str, *, name: str, content: Any) -> materials.StoredFile:
    """Check a file through and store it for a request being written. Raises NotAllowed, FileRefused."""
    require_firm(actor, firm)
    most = whole(current().catalogue, settings.FILE_MEGABYTES)
    return materials.store_file(
        actor,
        owner=firm,
        name=name,
        content=content,
        accepts=("pdf", "jpg", "png", "ofd"),
        max_megabytes=most,
    )


@transaction.atomic
def raise_request(actor: Actor, new: NewRequest, *, now: dt.datetime | None = None) -> str:
    """Raise a request; the clock begins. A category with a department goes there at once, any other waits at
    the firms' window to be dispatched. Returns its public id; the same key again gives the same.

    Raises NotAllowed; NotFound: no such category or file; Invalid: nothing written, too long, too many files.
    """
    _require_speaker(actor, new)
    catalogue, moment = current().catalogue, now or timezone.now()
    category = settings.category(catalogue, new.category)
    _require(new)
    key = f"{new.firm}:{new.key}" if new.key else None
    there = FirmRequest.objects.filter(key=key).first() if key else None
    if there is not None:
        return there.public_id
    day = timezone.localdate(moment)
    row = FirmRequest.objects.create(
        public_id=new_public_id("fr"),
        number=number_of(day.year, take_number(series_of(day))),
        firm=new.firm,
        raised_by=new.agent or actor.id,
        clerk=actor.id if new.agent else "",
        clerk_name=actor.name if new.agent else "",
        category=category.id,
        title=new.title.strip(),
        words=new.words.strip(),
        files=list(new.files),
        state=(State.HANDLING if category.org else State.RAISED).value,
        org=category.org or settings.desk(catalogue),
        place=subject(new.firm).place,
        raised_at=moment,
        key=key,
    )
    if row.files:
        materials.keep(actor, row.files)
    turn = begin_turn(row, Part.REPLY if category.org else Part.DISPATCH, moment)
    at_counter = {"at": "counter", "agent": new.agent} if new.agent else {}
    note(actor, "raised", row, due=turn.due_on.isoformat(), **at_counter)
    body = f"{row.number}，请于{turn.due_on:%Y年%m月%d日}前{Part(turn.part).term}。请到“企业诉求”办理。"
    tell_org(row, row.org, f"有新的企业诉求（{category.name}）", body)
    return row.public_id


def _require_speaker(actor: Actor, new: NewRequest) -> None:
    if not new.agent:
        require_firm(actor, new.firm)
    elif not stands_before(actor, new.agent, new.firm):
        raise NotAllowed("来人不能替这家企业提诉求。", mend="请法定代表人到场，或者先在网上授权。")


def _require(new: NewRequest) -> None:
    for name, words in (("title", "一句话说清是什么事"), ("words", "具体情况")):
        text = getattr(new, name).strip()
        if not text:
            raise Invalid(f"没有写{words}。", mend="请写明后再提交。", field=name)
        if len(text) > (80 if name == "title" else MOST):
            raise Invalid("写得太长。", mend="请写短一些；详细材料可以作附件。", field=name)
    most = whole(current().catalogue, settings.FILES)
    if len(new.files) > most:
        raise Invalid(f"附件最多{most}份。", mend="请删去几份，或合成一份。", field="files")
    if any(materials.owner_of(one) != new.firm for one in new.files):
        raise NotFound("没有这份附件。", mend="请重新上传。")


@transaction.atomic
def rate(
    actor: Actor,
    request: str,
    *,
    satisfied: bool,
    words: str = "",
    agent: str = "",
    now: dt.datetime | None = None,
) -> State:
    """The firm says whether the reply settles it. Not settled: handled once more (a setting says how often)
    with the department's approvers told; after that the supervisors are. `agent`: whoever says it at the
    counter, to a clerk. Returns the new state.

    Raises NoSuchRequest; NotAllowed; Invalid: not settled, without a word why; Conflict: no reply yet.
    """
    row, moment = locked(request), now or timezone.now()
    if agent and not stands_before(actor, agent, row.firm):
        raise NoSuchRequest
    if not agent and row.firm not in actor.firms_for(Matter.REQUESTS):
        raise refusal(actor, row, "是否满意由提出诉求的企业说。")
    turn = last_turn(row)
    unhappy = row.turns.filter(satisfied=False).count()
    again = not satisfied and unhappy < whole(current().catalogue, settings.AGAIN)
    state = move(State(row.state), State.HANDLING if again else State.CLOSED)
    if not satisfied and not words.strip():
        raise Invalid("请写明哪里不满意。", mend="责任部门和督办人员会看到。", field="words")
    turn.satisfied, turn.rating_words, turn.rated_at = satisfied, words.strip()[:MOST], moment
    turn.save(update_fields=["satisfied", "rating_words", "rated_at"])
    row.state, row.closed_at = state.value, None if again else moment
    row.save(update_fields=["state", "closed_at"])
    note(actor, "rated", row, satisfied=int(satisfied), round=turn.number, agent=agent)
    if again:
        _again(row, moment)
    elif not satisfied:
        tell_supervisors(row, "有企业诉求两次答复后仍不满意，请督办", f"{row.number}，请到“企业诉求”查看。")
    return state


def _again(row: FirmRequest, now: dt.datetime) -> None:
    turn = begin_turn(row, Part.REPLY, now)
    body = f"{row.number}，企业对答复不满意，退回重办，请于{turn.due_on:%Y年%m月%d日}前再次答复。"
    tell_org(row, row.org, "企业诉求不满意，退回重办", body)
    tell_supervisors(row, "有企业诉求不满意，已退回重办", f"{row.number}，请督办。")
