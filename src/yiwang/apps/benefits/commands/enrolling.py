# SPDX-License-Identifier: Apache-2.0
"""The registers of a settlement: villages and who works for them, households or piles, payees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import find_person, firms_by_code, officers_in
from yiwang.apps.identity.public import subject as subject_of
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.engines.benefits import facts_of
from yiwang.engines.benefits.settlement_kinds import At, Settled
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.engines.rules import RuleError
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import check_uscc, new_public_id

from ..domain.accounts import read_account
from ..domain.rosters import written
from ..models import Enrolment, Payee, Station, StationOfficer
from ..settlement_parts import (
    NoSuchSettlement,
    begins,
    city_places,
    posts_at,
    require_city,
    settled_of,
)

COUNTY_TREASURY = "place:"
_MOST = 10**9  # more than any household or pile has of anything
_YES_NO = {"是": True, "否": False, "true": True, "false": False}


@transaction.atomic
def add_station(
    actor: Actor, *, policy: str, place: str, name: str, parent: str = "", officers: tuple[str, ...] = ()
) -> str:
    """A street or township, or with `parent` a village of it, and who works for it; its public id.
    The same again adds the officers only.

    Raises NotAllowed: not an officer of the county's step. Invalid: an officer of nobody there.
    """
    _, settled = settled_of(policy)
    county = [step for step in settled.steps if step.at is At.COUNTY]
    if not any(posts_at(actor, org, place) for step in county for org in step.orgs):
        raise NotAllowed("村（居）和街道（乡镇）由区县负责单位登记。", mend="请联系区县负责单位。")
    if not 2 <= len(name.strip()) <= 60:
        raise Invalid("请写名称。", mend="例如：老河乡、沙庄村。", field="name")
    above = Station.objects.filter(public_id=parent, place=place, level=At.TOWNSHIP.value).first()
    if parent and above is None:
        raise NoSuchSettlement
    level = At.VILLAGE if parent else At.TOWNSHIP
    org = next((step.orgs[0] for step in settled.steps if step.at is level), "")
    known = officers_in(org)
    if strangers := [one for one in officers if one not in known]:
        raise Invalid(
            f"有{len(strangers)}人不是本级的工作人员。", mend="请先由管理员登记他们的岗位。", field="officers"
        )
    station, _ = Station.objects.get_or_create(
        place=place,
        level=level.value,
        name=name.strip(),
        defaults={"public_id": new_public_id("sn"), "parent": above},
    )
    for officer in officers:
        StationOfficer.objects.get_or_create(station=station, officer=officer)
    _note(actor, "station", station.public_id, officers=list(officers))
    return station.public_id


@dataclass(frozen=True)
class NewEnrolment:
    """What is enrolled. `name` and `id_number` of the person, or `code` of the firm; facts by their names
    in rules, as text."""

    policy: str
    number: str
    began_on: dt.date
    name: str
    id_number: str = ""
    code: str = ""
    station: str = ""
    place: str = ""
    facts: Mapping[str, str] | None = None
    kept: Mapping[str, str] | None = None


@transaction.atomic
def enrol(actor: Actor, new: NewEnrolment) -> str:
    """Enrol a household or a pile (登记，开具证明); its public id. The same number again changes its facts.

    Raises NoSuchSettlement, NotAllowed, NotFound: no such person. Invalid: something is missing or wrong.
    Conflict: the number, or the holder's household, is enrolled elsewhere.
    """
    _, settled = settled_of(new.policy)
    station = Station.objects.select_related("parent").filter(public_id=new.station).first()
    place = station.place if station else new.place
    if not begins(actor, settled, place, station):
        raise NotAllowed("登记由本村（居）或者本县区的工作人员办。", mend="请到所在地登记。")
    number = new.number.strip()
    if not 1 <= len(number) <= 40 or "/" in number:
        raise Invalid("请写编号。", mend="1到40个字，不用斜杠。", field="number")
    holder, facts, kept = _holder(new), _facts(settled, new), _kept(settled, new)
    row = Enrolment.objects.select_for_update().filter(policy=new.policy, number=number).first()
    if row is not None and (
        row.holder != holder or row.place != place or row.station_id != (station and station.pk)
    ):
        raise Conflict("这个编号已经登记给别人。", mend="请核对编号。")
    if row is None:
        _refuse_second(settled, new.policy, holder)
        row = Enrolment(public_id=new_public_id("en"), policy=new.policy, number=number, holder=holder)
    row.place, row.station, row.facts, row.kept, row.began_on = place, station, facts, kept, new.began_on
    row.enrolled_by, row.enrolled_at = actor.id, timezone.now()
    row.save()
    if settled.pays == "holder":
        _payee(actor, new.policy, holder)
    _note(actor, "enrolled", row.public_id, policy=new.policy, subject=holder)
    return row.public_id


def _refuse_second(settled: Settled, policy: str, holder: str) -> None:
    """A person has one household; a firm may have many piles."""
    if settled.pays == "holder":
        return
    if Enrolment.objects.filter(policy=policy, holder=holder, ended_on=None).exists():
        raise Conflict(
            "这个人的户已经登记过。",
            mend="每户登记一次；换了地方请先在原来的村（居）注销。",
        )


@transaction.atomic
def end_enrolment(actor: Actor, enrolment: str, *, on: dt.date) -> None:
    """It counts no longer after a day: moved away, taken down. Raises NoSuchSettlement, Invalid."""
    row = Enrolment.objects.select_for_update().filter(public_id=enrolment).first()
    if row is None:
        raise NoSuchSettlement
    _, settled = settled_of(row.policy)
    if not begins(actor, settled, row.place, row.station):
        raise NoSuchSettlement
    if on < row.began_on:
        raise Invalid("注销的日子不对，或者早于登记的日子。", mend="请写成 2026-01-31 这样。", field="on")
    row.ended_on = on
    row.save(update_fields=["ended_on"])
    _note(actor, "enrolment_ended", row.public_id, on=on.isoformat())


def _holder(new: NewEnrolment) -> str:
    if not new.code:
        return find_person(new.id_number, new.name).public_id
    firm = firms_by_code([check_uscc(new.code)]).get(check_uscc(new.code))
    if firm is None or firm.name != new.name.strip():
        raise Invalid(
            "没有登记过这家企业，或者名称不一致。", mend="请核对统一社会信用代码和名称。", field="code"
        )
    return firm.public_id


def _facts(settled: Settled, new: NewEnrolment) -> dict[str, Any]:
    given = {name: text.strip() for name, text in (new.facts or {}).items() if text.strip()}
    if missing := [name for name in settled.registered if name not in given]:
        raise Invalid(f"还缺：{'、'.join(missing)}。", mend="请补上。", field="facts")
    typed: dict[str, Any] = {name: _YES_NO.get(text, text) for name, text in given.items()}
    types = rule_types(current().catalogue)
    try:
        read = facts_of({name: typed[name] for name in settled.registered}, types)
    except RuleError as error:
        raise Invalid(error.message, mend=error.mend, field="facts") from None
    elements = {one.name: one for one in current().catalogue.elements.values()}
    for name, value in read.items():
        choices = types[name].choices
        if (choices and value not in choices) or not _sensible(value, elements[name]):
            raise Invalid(f"“{name}”不对。", mend="请核对。", field="facts")
        if isinstance(value, bool) != (types[name].kind.value == "boolean"):
            raise Invalid(f"“{name}”只能写是或否。", mend="请改正。", field="facts")
    return written(read)


def _sensible(value: Any, element: Element) -> bool:
    """Whether a number can be one of its element."""
    if not isinstance(value, Decimal):
        return True
    if not value.is_finite() or not (element.minimum or 0) <= value < _MOST:
        return False
    return element.type is not ElementType.INTEGER or value == value.to_integral_value()


def _kept(settled: Settled, new: NewEnrolment) -> dict[str, str]:
    given = {name: text.strip()[:200] for name, text in (new.kept or {}).items()}
    if missing := [name for name in settled.kept if not given.get(name)]:
        raise Invalid(f"还缺：{'、'.join(missing)}。", mend="请补上。", field="kept")
    found = {name: given[name] for name in settled.kept}
    runs_from = settled.recover.runs_from if settled.recover else None
    if runs_from:
        try:
            dt.date.fromisoformat(found[runs_from])
        except ValueError:
            raise Invalid(
                f"“{runs_from}”要写成 2026-01-31 这样的日期。", mend="请改正。", field="kept"
            ) from None
    return found


def _payee(actor: Actor, policy: str, subject: str) -> Payee:
    row, _ = Payee.objects.get_or_create(
        policy=policy,
        subject=subject,
        defaults={"public_id": new_public_id("py"), "admitted_by": actor.id, "admitted_at": timezone.now()},
    )
    return row


@transaction.atomic
def admit_payee(actor: Actor, *, policy: str, code: str, name: str) -> str:
    """Let a maker report and be paid; the public id of its account with us.

    Raises NotAllowed: not the city's responsible department. Invalid: no such firm.
    """
    found, settled = settled_of(policy)
    require_city(actor, found)
    if settled.pays != "reporter":
        raise Invalid("这项补贴付给登记的单位本人，不用另外列收款单位。", mend="请直接登记。", field="code")
    firm = _holder(NewEnrolment(policy, "", timezone.localdate(), name, code=code))
    row = _payee(actor, policy, firm)
    _note(actor, "payee_admitted", row.public_id, policy=policy)
    notify(
        firm,
        "贵单位列入补贴结算单位",
        f"可以上报“{found.name}”的记录。请先登录填写收款账户。",
        about=row.public_id,
    )
    return row.public_id


@transaction.atomic
def give_account(actor: Actor, payee: str, *, holder: str, bank: str, account: str) -> None:
    """The payee's own account, by whoever may act for it; what was refused is ordered again then.

    Raises NoSuchSettlement, Invalid.
    """
    row = Payee.objects.select_for_update().filter(public_id=payee).first()
    if row is None or not actor.is_subject(row.subject, Matter.BENEFITS):
        raise NoSuchSettlement
    about = subject_of(row.subject)
    given = read_account(holder, bank, account, owner=about.name, personal=about.kind == "person")
    row.account = {"holder": given.holder, "bank": given.bank, "number": given.number}
    row.save(update_fields=["account"])
    _note(actor, "account", row.public_id, account=given.masked)


@transaction.atomic
def give_treasury_account(
    actor: Actor, *, policy: str, place: str, holder: str, bank: str, account: str
) -> None:
    """The account of a county's treasury, through which a settlement is paid, by the city's department.

    Raises NotAllowed, Invalid.
    """
    found, settled = settled_of(policy)
    require_city(actor, found)
    if settled.through is None or place in city_places() or place not in current().catalogue.places:
        raise Invalid("这项补贴不经这里拨付。", mend="请核对。", field="place")
    given = read_account(holder, bank, account, owner=holder, personal=False)
    if len(given.holder) < 4:
        raise Invalid("请写户名。", mend="例如：驿城区财政局。", field="holder")
    row = _payee(actor, policy, COUNTY_TREASURY + place)
    Payee.objects.filter(pk=row.pk).update(
        account={"holder": given.holder, "bank": given.bank, "number": given.number}
    )
    _note(actor, "treasury_account", row.public_id, account=given.masked)


def _note(actor: Actor, what: str, about: str, *, subject: str = "", **detail: Any) -> None:
    record(
        actor, f"settlement.{what}", stream=f"settlement:{about}", about=about, subject=subject, detail=detail
    )
