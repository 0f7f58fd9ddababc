# SPDX-License-Identifier: Apache-2.0
"""Departments hand rosters in; another officer of theirs reviews each before anybody is matched by it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import firms_by_code, people_by_number
from yiwang.apps.journal.public import record
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.engines.sealing import sm3
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.rosters import Line, Reading, read_roster, written
from ..models import Roster, RosterRow
from ..parts import NoSuchClaim, orgs_of, require_department


class RosterWrong(Invalid):
    """Lines of a roster that must be mended, all at once. `wrong`: (row, words)."""

    def __init__(self, wrong: list[tuple[int, str]]) -> None:
        first = "；".join(f"第{row}行：{words}" for row, words in wrong[:3])
        super().__init__(
            f"名单有{len(wrong)}行不对。{first}", mend="请按行改好后重新上传整份名单。", field="file"
        )
        self.wrong = wrong


def hand_in_roster(
    actor: Actor, *, org: str, title: str, valid_from: dt.date, valid_to: dt.date, data: bytes
) -> str:
    """Take a roster over as a whole, or nothing of it; its public id.

    Raises:
        NotAllowed: not an officer of the department. Invalid, RosterWrong: what must be mended.
        Conflict: the same file of the same department is there already.
    """
    require_department(actor, org)
    if not 4 <= len(title.strip()) <= 120:
        raise Invalid(
            "请写名单的名称。", mend="例如：2026年度省级智能工厂名单（豫工信〔2026〕12号）。", field="title"
        )
    if not valid_from <= valid_to:
        raise Invalid("结束日期早于开始日期。", mend="请核对名单的有效期。", field="valid_to")
    reading = read_roster(data, rule_types(current().catalogue), today=timezone.localdate())
    holders, wrong = _holders(reading)
    if wrong:
        raise RosterWrong(sorted(wrong))
    with transaction.atomic():
        digest = sm3(data).hex()
        if Roster.objects.select_for_update().filter(org=org, digest=digest, refused="").exists():
            raise Conflict("这份名单已经上传过。", mend="要更正内容，请上传改好的名单。")
        roster = Roster.objects.create(
            public_id=new_public_id("ro"),
            org=org,
            title=title.strip(),
            valid_from=valid_from,
            valid_to=valid_to,
            digest=digest,
            columns=list(reading.columns),
            handed_in_by=actor.id,
            handed_in_at=timezone.now(),
        )
        RosterRow.objects.bulk_create(
            [
                RosterRow(roster=roster, subject=holders[line.number], facts=written(line.facts))
                for line in reading.lines
            ],
            batch_size=1_000,
        )
        _note(actor, "handed_in", roster, rows=len(reading.lines))
    return roster.public_id


def _holders(reading: Reading) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """Number → public id of the registered subject; and what is wrong with which line."""
    firms = firms_by_code([line.number for line in reading.lines if line.is_firm])
    people = people_by_number([line.number for line in reading.lines if not line.is_firm])
    known = {**firms, **people}
    wrong = list(reading.wrong)
    holders = {}
    for line in reading.lines:
        found = known.get(line.number)
        if found is None or not _same_name(found.name, line):
            wrong.append((line.row, "没有登记过这个单位（个人），或者名称与登记的不一致。"))
        else:
            holders[line.number] = found.public_id
    return holders, wrong


def _same_name(registered: str, line: Line) -> bool:
    return registered.strip() == line.name


@transaction.atomic
def review_roster(actor: Actor, roster: str, *, approve: bool, words: str = "") -> None:
    """Let a roster count, or refuse it with the reason.

    Raises NoSuchClaim, NotAllowed: the same officer handed it in. Invalid: refused without a reason.
    Conflict: already reviewed.
    """
    row = Roster.objects.select_for_update().filter(public_id=roster, org__in=orgs_of(actor)).first()
    if row is None:
        raise NoSuchClaim
    if row.handed_in_by == actor.id:
        raise NotAllowed("上传人不能审核自己上传的名单。", mend="请由本部门另一位工作人员审核。")
    if row.reviewed_at is not None:
        raise Conflict("这份名单已经审核过。", mend="请刷新后查看。")
    if not approve and not words.strip():
        raise Invalid("退回要写明原因。", mend="写清楚哪里要改。", field="words")
    row.reviewed_at, row.reviewed_by = timezone.now(), actor.id
    row.refused = "" if approve else words.strip()[:500]
    row.save(update_fields=["reviewed_at", "reviewed_by", "refused"])
    _note(actor, "reviewed" if approve else "refused", row)


def _note(actor: Actor, what: str, roster: Roster, **detail: int) -> None:
    record(
        actor,
        f"benefit.roster.{what}",
        stream=f"roster:{roster.public_id}",
        about=roster.public_id,
        detail={"org": roster.org, "digest": roster.digest, **detail},
    )
