# SPDX-License-Identifier: Apache-2.0
"""The loop on a public-resource matter (逢报必查): started by an officer or an outside trading system,
answered with the measures and who carries them out, closed when it was said of each what was done."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import firms_by_code, officers_in, people_by_number
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.notices.public import notify
from yiwang.engines.credit import Dealing, Effect, Matter, Scene
from yiwang.engines.definitions import words
from yiwang.engines.process.limits import due_on
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import check_id_number, check_uscc, new_public_id

from ..models import Check
from ..parts import LEAD, NoSuchRecord, is_of_unit, require_unit
from ..queries.histories import effects_by_matter
from ..queries.kept_effects import kept
from ._words import said
from .checking import feed_back

BASIS = "驻政〔2018〕85号“优化完善信用平台”；豫发改财金〔2023〕39号“创新事前信用监管”"  # L621; L722–724
FEEDBACK_DAYS = "credit-feedback-days"
_MATTER = re.compile(r"[0-9A-Za-z\u4e00-\u9fff〔〕（）()\[\]._-]{2,40}")
_AT_ONCE = 500


@dataclass(frozen=True)
class NewDealing:
    """Who deals in which matter, and about whom: `number` is a unified code, or a person's number.
    `matter`: its number with the unit, such as that of a tender."""

    org: str
    dealing: Dealing
    matter: str
    number: str


@transaction.atomic
def start_check(actor: Actor, new: NewDealing, *, now: dt.datetime | None = None) -> str:
    """Check whom a matter is about; the public id of the kept answer. Asked again on the same day with the
    same answer, it is the same check. A firm the city does not know has no records here; that is kept too.

    Raises NotAllowed; Invalid: the matter's number, or whom it is about.
    """
    require_unit(actor, new.org)
    matter, at = new.matter.strip(), now or timezone.now()
    if not _MATTER.fullmatch(matter):
        raise Invalid("请写明公共资源事项的编号。", mend="2到40个字，例如招标项目编号。", field="matter")
    subject, code = _whom(new.number, timezone.localdate(at))
    today = timezone.localdate(at)
    about = Matter(Scene.RESOURCES, dealing=new.dealing)
    [found] = effects_by_matter(subject, on=today, matters=[about]) if subject else [()]
    asked = {"case": matter, "org": new.org, "dealing": new.dealing.value, "subject": subject, "code": code}
    last = Check.objects.filter(**asked, on=today).order_by("-id").first()
    if last is not None and last.effects == [kept(one) for one in found]:
        return last.public_id
    return _keep(actor, asked, found, at)


def _whom(number: str, today: dt.date) -> tuple[str, str]:
    """Subject and code; a firm nobody knows is an empty subject. Raises Invalid."""
    text = number.strip()
    try:
        code = check_uscc(text, field="number")
    except Invalid:
        person = check_id_number(text, today=today, field="number").number
        people = people_by_number([person])
        if not people:
            raise Invalid(
                "没有登记过这个人。", mend="请核对号码；外地的请查询“信用中国”。", field="number"
            ) from None
        return next(iter(people.values())).public_id, ""
    firms = firms_by_code([code])
    return (next(iter(firms.values())).public_id if firms else ""), code


def _keep(actor: Actor, asked: dict[str, str], found: tuple[Effect, ...], at: dt.datetime) -> str:
    opened, today = current(), timezone.localdate(at)
    last = due_on(opened.catalogue, opened.calendar, FEEDBACK_DAYS, today) if found else None
    row = Check.objects.create(
        **asked, public_id=new_public_id("cc"), scene=Scene.RESOURCES.value, item="", on=today, at=at,
        by=actor.id, asked_name=actor.name[:80], release=opened.digest, effects=[kept(one) for one in found],
        hits=len(found), due_on=last, closed_at=None if found else at,
    )  # fmt: skip
    if asked["subject"]:
        note_down(
            actor, "credit.check.look", stream=f"credit-check:{row.public_id}", about=row.public_id,
            subject=row.subject, purpose=f"逢报必查：{row.dealing}前查询公共信用", basis=BASIS,
            detail={"matter": row.case, "records": sorted({one.record for one in found})},
        )  # fmt: skip
    return row.public_id


@transaction.atomic
def feed_back_dealing(
    actor: Actor, check: str, *, record: str, measure: str, applied: bool, words: str = ""
) -> None:
    """Say what was done about one measure; why not, when it was not applied.

    Raises NoSuchRecord: none, or another unit's; Invalid: no reason; Conflict: as `feed_back`.
    """
    row = Check.objects.filter(public_id=check, scene=Scene.RESOURCES.value).first()
    if row is None or not is_of_unit(actor, row.org):
        raise NoSuchRecord
    plain = words.strip() if applied else said(words)
    feed_back(actor, check, record=record, measure=measure, applied=applied, words=plain)


@transaction.atomic
def tell_late_dealings(at: dt.datetime) -> int:
    """Tell the unit and the leading unit of checks whose measures nobody fed back in time; of how many."""
    rows = list(
        Check.objects.select_for_update().filter(
            closed_at=None, due_on__lt=timezone.localdate(at), told_late_at=None
        )[:_AT_ONCE]
    )  # fmt: skip
    lead = words(current().catalogue, LEAD) if rows else ""
    for row in rows:
        row.told_late_at = at
        row.save(update_fields=["told_late_at"])
        assert row.due_on is not None
        body = f"一次{row.dealing}的信用核查应在{format_date(row.due_on)}前反馈采取的措施，已经超期。"
        for officer in sorted(officers_in(row.org) | officers_in(lead)):
            notify(officer, "信用核查反馈超期", body, about=row.public_id)
    return len(rows)
