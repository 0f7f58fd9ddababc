# SPDX-License-Identifier: Apache-2.0
"""Check a letter after the decision: look online, then on site, then ask another body (L777); conclude.

True: the promise was kept, and that is recorded. Untrue: what rests on it ends at once (L775).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.credit import public as credit
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain.comparing import Verdict
from ..domain.settings import ASSISTANCE, limit_of
from ..domain.states import CheckState, Found, LetterState, Method, require_turn
from ..models import Assistance, Check, Look
from ..parts import CHECKS, works_on
from ._chain import go, locked, tell, written

KEPT_ENTRY = "credit-commitment-kept"
KEPT_BASIS = "驻政办〔2021〕8号"  # L783


class NoSuchCheck(NotFound):
    """There is none, or none of the officer's department: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这项核查，或者不归您办理。", mend="请回到待核查列表，从中选择。")


def open_check(actor: Actor, public_id: str, *roles: Role) -> Check:
    """A check under the lock of its letter. Raises NoSuchCheck; Conflict once it is concluded; NotAllowed for
    officers of the department without one of these roles."""
    found = Check.objects.filter(public_id=public_id).select_related("letter").first()
    if found is None or not works_on(actor, found.org, found.place, CHECKS):
        raise NoSuchCheck
    letter = locked(found.letter.public_id)
    check = Check.objects.get(pk=found.pk)
    check.letter = letter
    if not works_on(actor, check.org, check.place, roles or CHECKS):
        raise NotAllowed("查实不实、撤销证照由审批人决定。", mend="请转给本部门有审批权限的工作人员。")
    if not CheckState(check.state).is_open:
        raise Conflict(f"这项核查已经有结论：{CheckState(check.state).term}。", mend="请刷新页面。")
    return check


@transaction.atomic
def look(actor: Actor, check_id: str, *, method: Method, found: Found, words: str) -> None:
    """Write down one look: online first; on site where that cannot settle it; daily supervision any time.

    Raises NoSuchCheck, Invalid without words, Conflict out of turn or when it is concluded.
    """
    check = open_check(actor, check_id)
    if method is Method.ASSISTANCE:
        raise Invalid("请其他单位协助的，由对方答复。", mend="请填写请求协助核查。", field="method")
    note_look(actor, check, method, Verdict(found, written(words, "查了什么、查到什么")))


def note_look(
    actor: Actor, check: Check, method: Method, verdict: Verdict, *, receipts: Sequence[str] = ()
) -> None:
    """Write a look down, whoever looked. Raises Conflict out of turn."""
    tried = check.looks.filter(found=Found.UNCLEAR.value).values_list("method", flat=True)
    require_turn(method, {Method(one) for one in tried})
    now = timezone.now()
    Look.objects.create(
        of=check, method=method.value, found=verdict.found.value, words=verdict.words, at=now, by=actor.id,
        by_name=actor.name, receipts=list(receipts),
    )  # fmt: skip
    says = f"{method.term}：{verdict.found.term}"
    tell(actor, check.letter, "looked", at=now, words=says, about=check.public_id)


@transaction.atomic
def ask_help(actor: Actor, check_id: str, *, org: str, question: str) -> str:
    """Ask another body to help, where neither data nor the site settle it; the request's public id.

    Raises NoSuchCheck, Invalid, Conflict (out of turn; a request to it is open).
    """
    check, opened = open_check(actor, check_id), current()
    if org not in opened.catalogue.orgs or org == check.org:
        raise Invalid("请选择要请求协助的单位。", mend="不能选本单位。", field="org")
    tried = check.looks.filter(found=Found.UNCLEAR.value).values_list("method", flat=True)
    require_turn(Method.ASSISTANCE, {Method(one) for one in tried})
    if check.assistances.filter(answered_at=None).exists():
        raise Conflict("已经请求协助，对方还没有答复。", mend="请等对方答复。")
    now = timezone.now()
    until = opened.calendar.due(timezone.localdate(now), limit_of(opened.catalogue, ASSISTANCE)).date
    row = Assistance.objects.create(
        public_id=new_public_id("ch"), of=check, org=org, question=written(question, "请对方查什么"),
        asked_at=now, asked_by=actor.id, answer_by=until,
    )  # fmt: skip
    tell(actor, check.letter, "help_asked", at=now, about=row.public_id)
    return row.public_id


@transaction.atomic
def answer_help(actor: Actor, help_id: str, *, found: Found | None, words: str) -> None:
    """The body that was asked answers; or refuses in writing, with its reasons (`found` is None).

    Raises NoSuchCheck for others, Invalid without words, Conflict when it was answered.
    """
    row = Assistance.objects.filter(public_id=help_id).select_related("of__letter").first()
    if row is None or not works_on(actor, row.org, "", CHECKS):
        raise NoSuchCheck
    locked(row.of.letter.public_id)
    row.refresh_from_db()
    if row.answered_at is not None:
        raise Conflict("已经答复过了。", mend="请刷新页面。")
    row.answer = written(words, "不能提供协助的理由" if found is None else "查到的情况")
    row.refused, row.answered_at, row.answered_by = found is None, timezone.now(), actor.id
    row.save(update_fields=["answer", "refused", "answered_at", "answered_by"])
    kind = "help_refused" if found is None else "help_given"
    tell(actor, row.of.letter, kind, at=row.answered_at, about=row.public_id)
    if found is not None and CheckState(row.of.state).is_open:
        note_look(actor, row.of, Method.ASSISTANCE, Verdict(found, row.answer))


@transaction.atomic
def conclude_true(actor: Actor, check_id: str) -> None:
    """What was committed is true: the promise was kept, and that goes on record (L783).

    Raises NoSuchCheck, Conflict unless the last look found it true, or the letter was found untrue elsewhere.
    """
    check, now = open_check(actor, check_id), timezone.now()
    require_found(check, Found.TRUE)
    letter = check.letter
    if LetterState(letter.state) is LetterState.UNTRUE:
        raise Conflict(
            "另一部门已经查实这份承诺不实。", mend="请核对后作出处理；认为属实的，先与该部门核对。"
        )
    close(check, actor, CheckState.KEPT, now)
    if LetterState(letter.state) is LetterState.COUNTED:
        go(letter, LetterState.KEPT)
    name = current().catalogue.materials[letter.material].name
    told = credit.NewRecord(
        catalogue=KEPT_ENTRY, subject=letter.subject, title=f"承诺属实：{name}", basis=KEPT_BASIS,
        happened_on=timezone.localdate(letter.signed_at), decided_on=timezone.localdate(now), org=check.org,
        fields={"承诺事项": name, "核查结果": "属实", "事项": check.item}, case=letter.case,
        reference=check.public_id, item=check.item,
    )  # fmt: skip
    check.record = credit.record(actor, told, now=now)
    check.save(update_fields=["record"])
    tell(actor, letter, "kept", at=now, about=check.public_id)
    tell(actor, letter, "recorded", at=now, about=check.record)


def require_found(check: Check, found: Found) -> None:
    """Raise Conflict unless the last look that settled anything found this."""
    settled = check.looks.exclude(found=Found.UNCLEAR.value).order_by("-id").first()
    if settled is None or settled.found != found.value:
        raise Conflict(f"还没有“{found.term}”的核查结果，不能这样下结论。", mend="请先记下核查的结果。")


def close(check: Check, actor: Actor, state: CheckState, now: dt.datetime) -> None:
    """The check has its conclusion."""
    check.state, check.concluded_at, check.concluded_by = state.value, now, actor.id
    check.save(update_fields=["state", "concluded_at", "concluded_by"])
