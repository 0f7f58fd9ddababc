# SPDX-License-Identifier: Apache-2.0
"""Sheets: the village sums up a month and shows it; objections are looked into again; each level checks.

A sheet's row is the lock for its steps, the rows of its units for its lines. Each command is one
transaction: killed anywhere it has happened or it has not, and doing it again changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from yiwang.apps.catalogue.public import current, release
from yiwang.apps.journal.public import record as write_down
from yiwang.apps.materials.public import keep
from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.settlement_kinds import Settled
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.sheets import SheetState, read_period
from ..models import Check, Enrolment, Line, Record, Sheet, Station
from ..settlement_parts import NoSuchSettlement, begins, org_for, settled_of
from ..worths import targets_of

OPEN = (SheetState.SHOWN.value, SheetState.CHECKING.value, SheetState.RETURNED.value)


@transaction.atomic
def begin_sheet(
    actor: Actor,
    *,
    policy: str,
    period: str,
    station: str = "",
    place: str = "",
    now: dt.datetime | None = None,
) -> str:
    """Sum up what a village (or county) has for a month and show it, or hand it on where nothing is shown;
    the sheet's public id. Again while it is under way gives the same sheet; what comes later, or was
    corrected, goes on a further one.

    Raises NoSuchSettlement, NotAllowed. Invalid: the month is not over. Conflict: there is nothing new.
    """
    found, settled = settled_of(policy)
    at = Station.objects.select_related("parent").filter(public_id=station).first()
    where = at.place if at else place
    if not begins(actor, settled, where, at):
        raise NotAllowed("汇总由本村（居）或者本县区的工作人员办。", mend="请联系他们。")
    _, last = read_period(period)
    moment = now or timezone.now()
    if last >= timezone.localdate(moment):
        raise Invalid("这个月还没有过完。", mend="下个月再汇总。", field="period")
    area = at.public_id if at else where
    units = _lock_units(policy, where, at)
    there = list(Sheet.objects.select_for_update().filter(policy=policy, period=period, area=area))
    if under_way := [one for one in there if one.state in OPEN]:
        return under_way[0].public_id
    sheet = Sheet(
        public_id=new_public_id("ss"), policy=policy, release=current().digest, period=period, place=where,
        station=at, area=area, part=len(there) + 1, made_by=actor.id, made_at=moment,
    )  # fmt: skip
    _show(sheet, settled, moment)
    if not _fill(sheet, found, units):
        raise Conflict("这个月没有新的记录要汇总。", mend="有新的记录或者更正后再汇总。")
    _pass_first(actor, sheet, settled)
    return sheet.public_id


@transaction.atomic
def sum_up_again(actor: Actor, sheet: str) -> None:
    """The village sums a returned sheet up again, after mending what was wrong, and shows it again.

    Raises NoSuchSettlement. Conflict: it was not returned.
    """
    row, found, settled = _locked(sheet)
    if not begins(actor, settled, row.place, row.station):
        raise NoSuchSettlement
    if row.state != SheetState.RETURNED.value:
        raise Conflict("这份汇总表没有被退回。", mend="请刷新后查看。")
    units = _lock_units(row.policy, row.place, row.station)
    row.round, row.step = row.round + 1, 0
    _show(row, settled, timezone.now())
    _fill(row, found, units)
    _pass_first(actor, row, settled)


def _show(sheet: Sheet, settled: Settled, now: dt.datetime) -> None:
    publicity = settled.steps[0].publicity
    sheet.changed_at, sheet.step = now, 0
    sheet.state = (SheetState.SHOWN if publicity else SheetState.CHECKING).value
    if publicity:
        sheet.shown_from = timezone.localdate(now)
        sheet.shown_until = sheet.shown_from + dt.timedelta(days=publicity.days)
    sheet.save()


def _pass_first(actor: Actor, sheet: Sheet, settled: Settled) -> None:
    """Where nothing is shown, making a sheet is its first step."""
    if settled.steps[0].publicity is None:
        org = org_for(actor, settled.steps[0], sheet.place, sheet.station)[0]
        _check(actor, sheet, settled, [org], passed=True, words="")
    note(actor, "made", sheet, fen=total_of(sheet), until=str(sheet.shown_until or ""))


def _lock_units(policy: str, place: str, station: Station | None) -> list[Enrolment]:
    rows = Enrolment.objects.select_for_update().filter(policy=policy, place=place)
    return list(rows.filter(station=station).order_by("id"))


def _fill(sheet: Sheet, policy: Policy, units: Sequence[Enrolment]) -> int:
    """The sheet's lines: what each record is worth, less what other sheets gave for it; how many."""
    Line.objects.filter(sheet=sheet).delete()
    catalogue = release(sheet.release).catalogue
    records: dict[int, list[Record]] = {}
    rows = Record.objects.filter(enrolment__in=units).select_related("payee").order_by("id")
    for record in rows:
        records.setdefault(record.enrolment_id, []).append(record)
    given: dict[int, int] = {
        one["record"]: one["fen"]
        for one in Line.objects.filter(record__enrolment__in=units).values("record").annotate(fen=Sum("fen"))
    }
    lines = []
    for unit in units:
        for key, target in targets_of(
            policy, catalogue, unit, records.get(unit.pk, []), sheet.period
        ).items():
            delta = target.fen - given.get(key, 0)
            withdrawn = any(one.pk == key and one.withdrawn_at for one in records[unit.pk])
            if delta or (key not in given and not withdrawn):
                lines.append(Line(sheet=sheet, record_id=key, fen=delta, why=target.why))
    Line.objects.bulk_create(lines, batch_size=500)
    return len(lines)


def refill(sheet: Sheet) -> None:
    """Work a sheet's lines out again, after a record of it was withdrawn; the caller has locked the sheet."""
    policy: Any = release(sheet.release).catalogue.others["policies"][sheet.policy]
    _fill(sheet, policy, _lock_units(sheet.policy, sheet.place, sheet.station))


@transaction.atomic
def end_publicity(actor: Actor, sheet: str, *, photos: Sequence[str]) -> None:
    """The village hands a sheet up when its time is over and nothing is open, with photographs of the board.

    Raises NoSuchSettlement. Invalid: no photograph. Conflict: still shown, or an objection is open.
    """
    row, _, settled = _locked(sheet)
    mine = org_for(actor, settled.steps[0], row.place, row.station)
    if not mine:
        raise NoSuchSettlement
    if row.state != SheetState.SHOWN.value:
        raise Conflict("这份汇总表已经上报。", mend="请刷新后查看。")
    if row.shown_until is None or timezone.localdate() <= row.shown_until:
        raise Conflict("公示期还没有满。", mend=f"{row.shown_until:%Y年%m月%d日}以后上报。")
    if row.objections.filter(answered_at=None).exists():
        raise Conflict("还有异议没有答复。", mend="请先重新调查核实并答复。")
    if not photos:
        raise Invalid("请上传公示栏的照片。", mend="公示期间要拍照留存，以备核查。", field="photos")
    keep(actor, photos)
    row.photos, row.state = list(photos), SheetState.CHECKING.value
    _check(actor, row, settled, mine[:1], passed=True, words="")


@transaction.atomic
def check(actor: Actor, sheets: Sequence[str], *, passed: bool, words: str = "") -> None:
    """The next level's answer to one or more sheets, all or none: pass them on, or return them with reasons.

    An officer who has done an earlier step of a sheet does no further one of it. Saying the same again
    changes nothing.

    Raises NoSuchSettlement, NotAllowed. Invalid: returned without a reason. Conflict: not at this step.
    """
    if not passed and not words.strip():
        raise Invalid("退回要写明原因。", mend="写清楚哪一户、哪一笔要重新核实。", field="words")
    for sheet in sorted(set(sheets)):
        row, _, settled = _locked(sheet)
        if row.state != SheetState.CHECKING.value:
            if row.checks.filter(round=row.round, by=actor.id, passed=passed).exists():
                continue
            raise Conflict("这份汇总表不在审核中。", mend="请刷新后查看。")
        mine = org_for(actor, settled.steps[row.step], row.place, row.station)
        done = row.checks.filter(round=row.round)
        if not mine and done.filter(by=actor.id, passed=passed).exists():
            continue
        if not mine:
            raise NoSuchSettlement
        if done.filter(by=actor.id).exclude(step=row.step).exists():
            raise NotAllowed("您已经办过这份汇总表前面的步骤。", mend="请由另一位工作人员审核。")
        _check(actor, row, settled, mine, passed=passed, words=words)


def _check(
    actor: Actor, sheet: Sheet, settled: Settled, orgs: Sequence[str], *, passed: bool, words: str
) -> None:
    """Enter a check; when all organisations of the step agree, go one step up."""
    done = sheet.checks.filter(round=sheet.round, step=sheet.step)
    if done.filter(by=actor.id).exists():
        return  # an officer with posts in two organisations speaks for one
    left = [org for org in orgs if not done.filter(org=org).exists()]
    if not left:
        raise Conflict("本单位已经审核过。", mend="请刷新后查看。")
    Check.objects.create(
        sheet=sheet, round=sheet.round, step=sheet.step, org=left[0], by=actor.id, at=timezone.now(),
        passed=passed, words=words.strip()[:500],
    )  # fmt: skip
    name, step = settled.steps[sheet.step].name, settled.steps[sheet.step]
    if not passed:
        sheet.state = SheetState.RETURNED.value
    elif set(done.filter(passed=True).values_list("org", flat=True)) >= set(step.orgs):
        sheet.step += 1
        if sheet.step == len(settled.steps):
            sheet.state = SheetState.PASSED.value
    sheet.changed_at = timezone.now()
    sheet.save()
    note(actor, "passed" if passed else "returned", sheet, step=name, org=left[0], fen=total_of(sheet))


def _locked(sheet: str) -> tuple[Sheet, Policy, Settled]:
    """A sheet, locked, with the policy as it was when it was begun. Raises NoSuchSettlement."""
    row = Sheet.objects.select_for_update().filter(public_id=sheet).first()
    if row is None:
        raise NoSuchSettlement
    policy: Any = release(row.release).catalogue.others["policies"][row.policy]
    return row, policy, policy.settled


def total_of(sheet: Sheet) -> int:
    """What a sheet gives in all."""
    return sheet.lines.aggregate(fen=Sum("fen"))["fen"] or 0


def note(actor: Actor, what: str, sheet: Sheet, **detail: Any) -> None:
    """One entry in the journal about a sheet."""
    write_down(
        actor,
        f"settlement.{what}",
        stream=f"settlement:{sheet.public_id}",
        about=sheet.public_id,
        detail={"policy": sheet.policy, "period": sheet.period, "round": sheet.round, **detail},
    )
