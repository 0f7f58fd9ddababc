# SPDX-License-Identifier: Apache-2.0
"""What is told is recorded once, corrected by a further version, withdrawn; what follows from it."""

from __future__ import annotations

import datetime as dt

import pytest

from yiwang.apps.credit import public as credit
from yiwang.apps.credit.models import Record
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed

from .conftest import Town


def test_a_grave_penalty_bars_commitments_until_its_time_is_over(town: Town) -> None:
    told = credit.record(town.officer, town.penalty())
    assert town.kinds() == ["closer_look", "no_commitment"]
    (found,) = credit.effects(town.firms[0], on=town.today, kinds={credit.EffectKind.NO_COMMITMENT})
    assert found.record == told
    assert "信用修复前不适用告知承诺制" in found.basis
    assert found.until == dt.date(2029, 12, 27)
    assert town.kinds(on=dt.date(2029, 12, 28)) == []
    assert town.kinds(1) == []


def test_the_same_told_twice_is_one_record_and_other_words_are_refused(town: Town) -> None:
    first = credit.record(town.officer, town.penalty())
    assert credit.record(town.second, town.penalty()) == first
    with pytest.raises(Conflict):
        credit.record(town.officer, town.penalty(title="另一个说法"))
    assert Record.objects.count() == 1


@pytest.mark.storage
def test_of_two_who_correct_the_same_version_the_first_counts(town: Town) -> None:
    told = credit.record(town.officer, town.penalty())
    mild = town.penalty(severity=credit.Severity.SLIGHT)
    credit.correct(town.officer, mild, version=1, reason="程度写错")
    assert town.kinds() == []
    with pytest.raises(Conflict, match="第2版"):
        credit.correct(town.second, town.penalty(title="我也来改"), version=1, reason="标题写错")
    assert credit.correct(town.second, mild, version=1, reason="程度写错") == told
    row = Record.objects.get(public_id=told)
    assert [one.severity for one in row.versions.order_by("number")] == ["严重", "轻微"]


def test_a_correction_to_another_subject_frees_the_first(town: Town) -> None:
    credit.record(town.officer, town.penalty())
    credit.correct(town.officer, town.penalty(1), version=1, reason="对象写错")
    assert town.kinds(0) == []
    assert town.kinds(1) == ["closer_look", "no_commitment"]


def test_a_withdrawn_decision_never_counted(town: Town) -> None:
    told = credit.record(town.officer, town.penalty())
    credit.withdraw(town.officer, told, reason="复议撤销")
    assert town.kinds() == []
    with pytest.raises(Conflict):
        credit.withdraw(town.officer, told, reason="再撤一次")


def test_only_the_unit_tells_and_everything_wrong_is_told_at_once(town: Town) -> None:
    with pytest.raises(NotAllowed):
        credit.record(town.other, town.penalty())
    with pytest.raises(Invalid) as told:
        credit.record(town.officer, town.penalty(title="", fields={"外星": "有"}, severity=None))
    for word in ("标题", "外星", "违法事实", "失信程度"):
        assert word in told.value.message


def test_nobody_is_entered_on_a_list_before_being_heard(town: Town) -> None:
    entry = town.penalty(catalogue="credit-black-market", severity=None, fields={"列入事由": "较重处罚"})
    with pytest.raises(Invalid, match="告知日期"):
        credit.record(town.officer, entry)
