# SPDX-License-Identifier: Apache-2.0
"""Credit inside a case: checked when handed in and before a grant; a granted permit is collected."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.tests import town as t
from yiwang.apps.credit import public as credit
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict

UNIT = system("处罚机关")


def barred(town: t.Town, item: str) -> str:
    """A record that bars its subject from one item; its public id."""
    day = timezone.localdate()
    return credit.record(
        UNIT,
        credit.NewRecord(
            "credit-licence-by-fraud", town["owner"].id, "骗取许可", "第七十九条", day, day, "health",
            {"违法事实": "提供假材料", "处罚内容": "警告", "事项": item}, reference="罚1号", item=item,
        ),
    )  # fmt: skip


def test_each_item_is_checked_when_handed_in_and_a_grant_becomes_a_record(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    made = t.submitted(town, t.Errand(items=("alpha", "gamma")))
    assert {one.check.item for one in credit.checks_of(made)} == {"alpha", "gamma"}
    case = t.bring(made, to="awaiting_decision")
    cw.grant(town["approver"], case, opinion="同意", states={"alpha-code": "甲0001"})
    (permit,) = credit.own_records(town["owner"], town["owner"].id)
    assert (permit.entry.id, permit.org) == ("credit-permit", "health")
    assert permit.fields["许可编号"]
    assert permit.case == made
    assert permit.decided_on == timezone.localdate()


def test_a_bar_refuses_the_grant_and_names_its_record(town: t.Town, clock: time_machine.Traveller) -> None:
    made = t.submitted(town)
    case = t.bring(made, to="awaiting_decision")
    record = barred(town, "alpha")
    with pytest.raises(Conflict, match=record):
        cw.grant(town["approver"], case, opinion="同意", states={"alpha-code": "甲0001"})
    credit.withdraw(UNIT, record, reason="处罚决定被撤销")
    assert cw.grant(town["approver"], case, opinion="同意", states={"alpha-code": "甲0001"})


def test_a_bar_on_another_item_does_nothing(town: t.Town, clock: time_machine.Traveller) -> None:
    case = t.bring(t.submitted(town), to="awaiting_decision")
    barred(town, "beta")
    assert cw.grant(town["approver"], case, opinion="同意", states={"alpha-code": "甲0001"})


def test_who_stands_on_the_red_list_is_marked_on_the_worklist_until_the_record_ends(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    t.bring(t.submitted(town), to="awaiting_decision")

    def marked() -> bool:
        (row,) = (one for one in cw.worklist(town["approver"]).rows if one.item == "alpha")
        return row.green_lane

    assert not marked()
    day = timezone.localdate()
    listed = credit.NewRecord(
        "credit-red", town["owner"].id, "守信", "L663", day, day, "health", {"列入事由": "连续三年守信"},
        reference="红1号", told_on=day - dt.timedelta(days=30),
    )  # fmt: skip
    record = credit.record(UNIT, listed)
    assert marked()
    credit.withdraw(UNIT, record, reason="认定有误")
    assert not marked()
