# SPDX-License-Identifier: Apache-2.0
"""Who may see which records: one's own, the unit's own, an officer's with purpose and case, logged."""

from __future__ import annotations

from django.db import transaction

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import firms_by_code, people_by_number
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.materials import public as materials
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.dates import today_in_china
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import check_id_number, check_uscc

from ..models import Objection, Record, Repair
from ..parts import NoSuchRecord, leads, orgs_of
from .views import RecordView, views

BASIS = "驻政〔2018〕85号（查询使用登记和审查）"  # L635, L689
MOST = 500
_USCC = 18


def own_records(actor: Actor, subject: str) -> list[RecordView]:
    """All about oneself, or a firm one acts for, newest first. Raises NoSuchRecord."""
    if not actor.is_subject(subject):
        raise NoSuchRecord
    return views(Record.objects.filter(subject=subject).order_by("-decided_on", "-id")[:MOST])


def record_view(actor: Actor, record: str) -> RecordView:
    """One record, for whom it is about, its unit, the leading unit; an officer's look is logged.

    Raises NoSuchRecord.
    """
    row = Record.objects.filter(public_id=record).first()
    if row is None:
        raise NoSuchRecord
    if actor.is_subject(row.subject):
        return _one(row)
    if not (row.org in orgs_of(actor) or leads(actor, current())):
        raise NoSuchRecord
    with transaction.atomic():
        note_down(
            actor, "credit.record.look", stream=f"credit:{row.public_id}", about=row.public_id,
            subject=row.subject, purpose="办理这条信用信息", basis=BASIS,
        )  # fmt: skip
    return _one(row)


def _one(row: Record) -> RecordView:
    found = views([row])
    if not found:
        raise NoSuchRecord
    return found[0]


def firm_with(code: str) -> str:
    """The public id of the firm with this code. Raises Invalid: a wrong code, or nobody has it."""
    found = firms_by_code([check_uscc(code, field="code")])
    if not found:
        raise Invalid("没有登记过这个单位。", mend="请核对统一社会信用代码。", field="code")
    return next(iter(found.values())).public_id


def evidence_of(actor: Actor, matter: str, place: int) -> tuple[str, bytes]:
    """The name and content of a file of an objection or repair, for the unit that decides; logged.

    Raises NoSuchRecord: none the actor may read.
    """
    row = (
        Objection.objects.filter(public_id=matter).select_related("record").first()
        or Repair.objects.filter(public_id=matter).select_related("record").first()
    )
    opened = current()
    if row is None or not (row.record.org in orgs_of(actor) or leads(actor, opened)):
        raise NoSuchRecord
    if not 0 <= place < len(row.evidence):
        raise NoSuchRecord
    with transaction.atomic():
        note_down(
            actor, "credit.evidence.look", stream=f"credit:{row.record.public_id}", about=matter,
            subject=row.record.subject, purpose="核查异议、修复的证据", basis=BASIS,
        )  # fmt: skip
    return materials.content_of(row.evidence[place])


def look_up(actor: Actor, number: str, *, purpose: str, case: str = "") -> list[RecordView]:
    """The records of whoever has this code or number that count now, for an officer in a matter of theirs;
    each look is registered with its purpose and case and shown to whom it is about.

    Raises NotAllowed: no officer of a unit; Invalid: no purpose, a wrong number; NotFound: nobody has it.
    """
    if actor.kind is not ActorKind.OFFICER or not orgs_of(actor):
        raise NotAllowed("只有办理业务的工作人员可以查询。", mend="本人请登录后在“我的信用”查看。")
    if len(purpose.strip()) < 2 or len(purpose) > 200:
        raise Invalid("请写明查询用途。", mend="例如：审查招标资格。", field="purpose")
    text = number.strip()
    try:
        found = firms_by_code([check_uscc(text)])
    except Invalid:
        found = people_by_number([check_id_number(text, today=today_in_china(), field="number").number])
    if not found:
        raise NotFound("没有登记过这个单位或个人。", mend="请核对后再查。")
    (about,) = found.values()
    with transaction.atomic():
        note_down(
            actor, "credit.records.look", stream=f"credit-looks:{about.public_id}", about=case,
            subject=about.public_id, purpose=purpose.strip(), basis=BASIS, detail={"case": case[:60]},
        )  # fmt: skip
    rows = Record.objects.filter(subject=about.public_id, ended="").order_by("-decided_on", "-id")[:MOST]
    return [one for one in views(rows) if one.counts]


def records_of_unit(actor: Actor, *, reference: str = "") -> list[RecordView]:
    """The newest records of the officer's own units; those with this document number, if one is given."""
    rows = Record.objects.filter(org__in=orgs_of(actor))
    if reference.strip():
        rows = rows.filter(reference=reference.strip())
    return views(rows.order_by("-id")[:50])
