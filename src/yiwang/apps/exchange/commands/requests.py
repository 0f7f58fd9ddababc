# SPDX-License-Identifier: Apache-2.0
"""The user department's part: ask for data, mend what came back, withdraw.

Between departments no confidentiality agreement is asked for (原则上部门之间非涉密数据共享免签保密协议,
gb-2022-10 L475); data that are state or work secrets are not in the catalogue and cannot be asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.engines.definitions.kinds.places import OrgKind
from yiwang.engines.exchange import Resource, resources
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain.asking import Move, State, after, begun
from ..domain.review_clock import due_on, limits_of
from ..domain.terms import Complaint, NewRequest, complaints, refusal_of
from ..models import DataRequest, RequestMove
from ..requests_parts import NoSuchRequest, asks_for, data_officers, may_read


class NotComplete(Invalid):
    """What is missing or wrong, all at once: `problems` is (field, words)."""

    def __init__(self, problems: Sequence[Complaint]) -> None:
        self.problems = list(problems)
        super().__init__(f"还有 {len(self.problems)} 处没有填好。", mend="请按提示改好再提交，已填的都还在。")


class NotToBeAskedFor(Conflict):
    """The resource cannot be asked for: the message says on what basis."""

    def __init__(self, why: str) -> None:
        super().__init__(why, mend="如确因履职需要，请与数据提供部门或数据管理部门联系。")


@transaction.atomic
def ask(actor: Actor, new: NewRequest) -> str:
    """Ask a provider for data; returns the request's public id. Its review clock begins.

    Raises:
        NotAllowed: not an officer of the department that asks. NotFound: no such resource or item.
        NotToBeAskedFor: not shared (with the legal basis), or the department's own, or no department asks.
        NotComplete: everything that is wrong. Conflict: the same is under review already.
    """
    _require_own(actor, new.org)
    opened = current()
    _require_government(opened, new.org)
    known = _checked(opened, new)
    now = timezone.now()
    row = DataRequest(
        public_id=new_public_id("dr"),
        org=new.org,
        state=begun().value,
        asked_at=now,
        asked_by=actor.id,
        askers=[actor.id],
        **_columns(opened, new, known),
    )
    _save(row)
    note(actor, Move.ASK, row)
    _tell_provider(row, known)
    return row.public_id


@transaction.atomic
def mend(actor: Actor, request: str, new: NewRequest, *, version: int) -> None:
    """Put right what came back and ask again; a new review clock begins.

    Raises NoSuchRequest; Conflict: it was not sent back, or the page is out of date; and what `ask` raises.
    """
    row = locked_own(actor, request)
    require_version(row.version, version)
    state = after(State(row.state), Move.MEND)
    if (new.resource, new.org) != (row.resource, row.org):
        raise Invalid("修改申请不能换资源或换部门。", mend="要申请别的资源，请另提一份申请。")
    opened = current()
    known = _checked(opened, new)
    for name, value in _columns(opened, new, known).items():
        setattr(row, name, value)
    row.state, row.round, row.words = state.value, row.round + 1, ""
    row.asked_at, row.asked_by = timezone.now(), actor.id
    row.askers = sorted({*row.askers, actor.id})
    row.decided_at, row.decided_by = None, ""
    row.told_leader_at = row.told_bureau_at = None
    row.version += 1
    _save(row)
    note(actor, Move.MEND, row)
    _tell_provider(row, known)


@transaction.atomic
def withdraw(actor: Actor, request: str, *, words: str = "") -> None:
    """Take a request back before it is granted. Raises NoSuchRequest, Conflict."""
    row = locked_own(actor, request)
    row.state = after(State(row.state), Move.WITHDRAW).value
    row.words = words.strip()[:500]
    row.decided_at, row.decided_by = timezone.now(), actor.id
    row.version += 1
    row.save(update_fields=["state", "words", "decided_at", "decided_by", "version"])
    note(actor, Move.WITHDRAW, row, words)


def locked_own(actor: Actor, request: str) -> DataRequest:
    """The request, locked, for an officer of the department that asks.

    Raises NoSuchRequest; NotAllowed for those who may read it only.
    """
    row = DataRequest.objects.select_for_update().filter(public_id=request).first()
    if row is None or not may_read(actor, row.org, row.provider):
        raise NoSuchRequest
    if row.org not in asks_for(actor):
        raise NotAllowed("只能由申请部门修改、撤回。", mend="请联系申请部门的经办人。")
    return row


def require_version(now: int, seen: int) -> None:
    """Raise Conflict when the page that was sent is out of date."""
    if now != seen:
        raise Conflict("这份申请刚刚有了变化，您看到的页面已经过时。", mend="请刷新页面，看清最新内容再办。")


def note(actor: Actor, move: Move, row: DataRequest, words: str = "") -> None:
    """One line of the request's history, and one journal entry."""
    RequestMove.objects.create(
        request=row,
        at=timezone.now(),
        move=move.value,
        state=row.state,
        round=row.round,
        due_on=row.due_on,
        actor=actor.id,
        actor_name=actor.name[:80],
        words=words.strip()[:500],
    )
    record(
        actor,
        f"data_request.{move.value}",
        stream=f"data-request:{row.public_id}",
        about=row.public_id,
        purpose=row.purpose,
        basis=row.basis,
        detail={"resource": row.resource, "org": row.org, "provider": row.provider, "state": row.state},
    )


def _require_own(actor: Actor, org: str) -> None:
    if org not in asks_for(actor):
        raise NotAllowed("只能为本部门申请。", mend="请由本部门的数据管理员、经办人或审批人申请。")


_OUTSIDE = (OrgKind.BANK, OrgKind.UTILITY)


def _require_government(opened: OpenRelease, org: str) -> None:
    """Banks and utilities take part in errands, and are no departments: what they are given leaves the
    government (政务数据安全管理暂行办法第二十条)."""
    known = opened.catalogue.orgs.get(org)
    if known is None or known.kind in _OUTSIDE:
        raise NotToBeAskedFor("数据共享限于政务部门之间，银行、公用企业不能直接申请。")


def _checked(opened: OpenRelease, new: NewRequest) -> Resource:
    """The resource that is asked for, if it may be asked for like this."""
    known = resources(opened.catalogue).get(new.resource)
    if known is None or not known.valid_on(timezone.localdate()):
        raise NotFound("目录里没有这项资源。", mend="请回到数据目录，从中选择；目录里没有的请登记数据需求。")
    if why := refusal_of(known, new.org):
        raise NotToBeAskedFor(why)
    wrong = complaints(new, known, limits_of(opened.catalogue), timezone.localdate())
    item = opened.catalogue.items.get(new.item)
    if new.item and (item is None or item.org != new.org):
        wrong.append(("item", "请从本部门的事项里选择；不是为某个事项申请的，留空。"))
    if wrong:
        raise NotComplete(wrong)
    return known


def _save(row: DataRequest) -> None:
    """Write it, unless the same waits for review already: two colleagues may ask at once."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict(
            "本部门已经申请了同一资源、同一事项，正在审核。", mend="请到“本部门的申请”里看进度。"
        ) from None


def _columns(opened: OpenRelease, new: NewRequest, known: Resource) -> dict[str, Any]:
    """What is asked, as columns; the last day of the review with it."""
    order = [one.id for one in known.fields if one.id in new.fields]
    today = timezone.localdate()
    return {
        "resource": known.id,
        "provider": known.provider,
        "sharing": known.sharing.value,
        "release": opened.digest,
        "fields": order,
        "plain": {one: why.strip()[:500] for one, why in new.plain.items()},
        "purpose": new.purpose.strip(),
        "basis": new.basis.strip(),
        "item": new.item,
        "per_minute": new.per_minute,
        "per_day": new.per_day,
        "valid_from": new.valid_from,
        "valid_until": new.valid_until,
        "batch": new.batch,
        "cache_seconds": new.cache_seconds,
        "third_party": new.third_party.strip()[:200],
        "third_party_why": new.third_party_why.strip()[:500],
        "due_on": due_on(opened.catalogue, opened.calendar, known.sharing, today),
    }


def _tell_provider(row: DataRequest, known: Resource) -> None:
    for officer in data_officers(row.provider):
        notify(
            officer,
            "有一份数据使用申请等您审核",
            f"申请资源：{known.name}（{known.sharing.term}）。请在{row.due_on:%Y年%m月%d日}前审核。",
            about=row.public_id,
        )
