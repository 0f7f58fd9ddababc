# SPDX-License-Identifier: Apache-2.0
"""A commitment was untrue: in one transaction its licences end, mending is ordered, it goes on record.

What other departments issued on the same letter is suspended at once; each decides for itself (L775).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.credit import public as credit
from yiwang.apps.licences.public import LicenceView, Standing, change_standing, history
from yiwang.apps.licences.public import licences as licences_of
from yiwang.apps.notices.public import notify
from yiwang.kernel.actor import Actor, system
from yiwang.kernel.errors import Conflict, NotAllowed

from ..domain.settings import MENDING, limit_of
from ..domain.states import CheckState, Found, LetterState
from ..models import Check, Letter
from ..parts import CHECKS, DECIDES, works_on
from ._chain import go, locked, tell, written
from .checking import NoSuchCheck, close, open_check, require_found

FALSE_ENTRY = "credit-false-commitment"
BASIS = "驻政办〔2021〕8号；行政许可法第六十九条"  # L775
REVOKER = system("告知承诺核查")


@dataclass(frozen=True)
class Untruth:
    """What was found untrue, how grave it is, and what follows. `penalty`, `transfer`: notes on a decision of
    punishment and on handing over to the prosecution, if there are any."""

    words: str
    severity: credit.Severity
    penalty: str = ""
    transfer: str = ""


@transaction.atomic
def conclude_untrue(actor: Actor, check_id: str, what: Untruth) -> str:
    """Decide that a commitment was untrue; the credit record's public id. A letter goes on record once,
    however many departments find so.

    Raises NoSuchCheck, NotAllowed (approvers only), Invalid without words, Conflict unless a look found so.
    """
    check, now = open_check(actor, check_id, *DECIDES), timezone.now()
    require_found(check, Found.UNTRUE)
    words, letter, opened = written(what.words, "哪里不实"), check.letter, current()
    close(check, actor, CheckState.UNTRUE, now)
    if LetterState(letter.state) is not LetterState.UNTRUE:
        go(letter, LetterState.UNTRUE)
    tell(actor, letter, "untrue", at=now, words=words, about=check.public_id)
    _revoke(actor, check, words, now)
    _suspend_others(letter, check, now)
    check.mend_until = opened.calendar.due(timezone.localdate(now), limit_of(opened.catalogue, MENDING)).date
    until = f"{check.mend_until:%Y年%m月%d日}前"
    tell(actor, letter, "mend_ordered", at=now, words=until, about=check.public_id)
    _notes(actor, letter, what, about=check.public_id, now=now)
    found = _Place(check.item, check.org, check.public_id, ("撤销", "责令限期整改"))
    check.record = _record_once(actor, letter, what, found, now=now)
    check.save(update_fields=["mend_until", "record"])
    name = opened.catalogue.materials[letter.material].name
    notify(
        letter.subject, "承诺核查有了结果",
        f"“{name}”：查实的情况：{words}。凭它核发的证照已经撤销；请在{until}整改，并已计入信用记录。"
        f"信用修复以前不再适用告知承诺。依据：{BASIS}。对信用信息有异议的，可以在“我的信用”里提出。",
        about=letter.case,
    )  # fmt: skip
    return check.record


@dataclass(frozen=True)
class Handled:
    """An item that is being handled on a letter: who handles it where."""

    item: str
    org: str
    place: str


@transaction.atomic
def untrue_before_grant(actor: Actor, letter_id: str, what: Untruth, handled: Handled) -> str:
    """A commitment is found untrue before the decision: it stops what rests on it (终止办理, L775), the proof
    is asked for the ordinary way or the item is refused; it goes on record once. The credit record's id.

    Raises NotAllowed (approvers of the department only), Invalid without words, Conflict when the letter does
    not count any more or this item was granted on it: then it is concluded by its check.
    """
    if not works_on(actor, handled.org, handled.place, DECIDES):
        raise NotAllowed("查实承诺不实由本部门审批人决定。", mend="请转给有审批权限的工作人员。")
    letter, now = locked(letter_id), timezone.now()
    words = written(what.words, "哪里不实")
    if letter.checks.filter(item=handled.item).exists():
        raise Conflict("这一项已经凭承诺办结。", mend="请在“告知承诺核查”里下结论。")
    go(letter, LetterState.UNTRUE)
    tell(actor, letter, "untrue", at=now, words=words)
    tell(actor, letter, "terminated", at=now)
    _suspend_others(letter, None, now)
    _notes(actor, letter, what, about="", now=now)
    found = _Place(handled.item, handled.org, letter.public_id, ("终止办理",))
    return _record_once(actor, letter, what, found, now=now)


def _notes(actor: Actor, letter: Letter, what: Untruth, *, about: str, now: dt.datetime) -> None:
    """What else was decided: a penalty, handing over to the prosecution."""
    for kind, note in (("penalty", what.penalty), ("transferred", what.transfer)):
        if note.strip():
            tell(actor, letter, kind, at=now, words=note.strip()[:2_000], about=about)


def _revoke(actor: Actor, check: Check, words: str, now: dt.datetime) -> None:
    for one in _resting_on(check):
        if one.standing in (Standing.VALID, Standing.SUSPENDED):
            by = actor if one.issuer == check.org else REVOKER
            reason = f"凭以核发的承诺不实：{words}"[:200]
            change_standing(by, one.public_id, Standing.REVOKED, reason=reason, basis=BASIS)
            tell(actor, check.letter, "revoked", at=now, about=one.public_id)


def _resting_on(check: Check) -> Iterator[LicenceView]:
    """What was issued on the letter, and whatever has taken its place since (换发)."""
    ahead, seen = list(check.licences), set[str]()
    while ahead:
        found = licences_of(ahead)
        seen |= set(ahead)
        yield from found
        replaced = [one.public_id for one in found if one.standing is Standing.REPLACED]
        events = [event for public_id in replaced for event in history(public_id)]
        ahead = sorted({str(event.facts["by"]) for event in events if "by" in event.facts} - seen)


def _suspend_others(letter: Letter, own: Check | None, now: dt.datetime) -> None:
    """Other departments' licences on this letter count no more until each has decided; its check is due."""
    today = timezone.localdate(now)
    others = letter.checks.exclude(pk=own.pk) if own else letter.checks.all()
    for other in others.exclude(state=CheckState.UNTRUE.value):
        for one in _resting_on(other):
            if one.standing is Standing.VALID:
                reason = "凭以核发的承诺经另一部门查实不实"
                change_standing(REVOKER, one.public_id, Standing.SUSPENDED, reason=reason, basis=BASIS)
                tell(REVOKER, letter, "suspended", at=now, about=one.public_id)
        other.state, other.due_on, other.why = CheckState.DUE.value, today, "另一部门查实这份承诺不实"
        other.save(update_fields=["state", "due_on", "why"])


@dataclass(frozen=True)
class _Place:
    """Where it was found: which item, which department, what the record refers to, what was done."""

    item: str
    org: str
    reference: str
    measures: tuple[str, ...]


def _record_once(actor: Actor, letter: Letter, what: Untruth, place: _Place, *, now: dt.datetime) -> str:
    """The credit record of this untruth: made by whoever finds it first, never a second time."""
    if letter.false_record:
        return letter.false_record
    name = current().catalogue.materials[letter.material].name
    measures = [*place.measures, *["行政处罚"] * bool(what.penalty.strip())]
    told = credit.NewRecord(
        catalogue=FALSE_ENTRY, subject=letter.subject, title=f"承诺不实：{name}", basis=BASIS,
        happened_on=timezone.localdate(letter.signed_at), decided_on=timezone.localdate(now), org=place.org,
        fields={
            "承诺事项": name, "不实情形": what.words.strip(),
            "处理措施": "、".join(measures), "事项": place.item,
        },
        case=letter.case, reference=place.reference, severity=what.severity, item=place.item,
    )  # fmt: skip
    letter.false_record = credit.record(actor, told, now=now)
    letter.save(update_fields=["false_record"])
    tell(actor, letter, "recorded", at=now, about=letter.false_record)
    return letter.false_record


@transaction.atomic
def note_mended(actor: Actor, check_id: str, *, words: str) -> None:
    """What was ordered is mended. The licence stays revoked; it may be applied for again.

    Raises NoSuchCheck, Invalid without words, Conflict when nothing was ordered or it is mended already.
    """
    check = Check.objects.select_for_update().filter(public_id=check_id).first()
    if check is None or not works_on(actor, check.org, check.place, CHECKS):
        raise NoSuchCheck
    if check.mend_until is None or check.mended_at is not None:
        raise Conflict("没有等着整改的。", mend="请刷新页面。")
    check.mended_at = timezone.now()
    said = written(words, "整改的情况")
    check.save(update_fields=["mended_at"])
    tell(actor, check.letter, "mended", at=check.mended_at, words=said, about=check.public_id)
