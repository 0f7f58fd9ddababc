# SPDX-License-Identifier: Apache-2.0
"""Public-resource matters: started, answered with measures and who carries them out, fed back, told when
late."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from yiwang.apps.credit import public as credit
from yiwang.apps.journal.public import looks_at
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import make_uscc

from .conftest import OTHER, Town


def asked(town: Town, **changed: Any) -> credit.NewDealing:
    """A tender of the other unit, in which the first firm bids."""
    given = {"org": OTHER, "dealing": credit.Dealing.TENDER, "matter": "ZB2026-7", "number": town.codes[0]}
    return credit.NewDealing(**(given | changed))


def blacklisted(town: Town) -> str:
    """The first firm on the list of builders that may not bid."""
    for number in ("1号", "2号"):
        credit.record(town.other, town.penalty(org=OTHER, reference=number, severity=credit.Severity.COMMON))
    listed = town.penalty(
        org=OTHER, catalogue="credit-black-construction", reference="不良1号", severity=None,
        fields={"列入事由": "两次扬尘"}, told_on=town.today - dt.timedelta(days=30),
    )  # fmt: skip
    return credit.record(town.other, listed)


@pytest.mark.storage
def test_the_loop_runs_from_start_to_feedback(town: Town, clock: time_machine.Traveller) -> None:
    listed = blacklisted(town)
    with pytest.raises(NotAllowed):
        credit.start_check(town.officer, asked(town))
    with pytest.raises(Invalid):
        credit.start_check(town.other, asked(town, matter=" "))
    check = credit.start_check(town.other, asked(town))
    assert credit.start_check(town.other, asked(town)) == check
    view = credit.dealing_view(town.other, check)
    (hit,) = view.hits
    assert (hit.effect.kind, hit.effect.record) == (credit.EffectKind.BAR, listed)
    assert (hit.effect.section, hit.effect.post, view.asked_name) == (
        "交易受理科", "投标资格审查岗", town.other.name,
    )  # fmt: skip
    assert looks_at(town.firms[0])[0]["purpose"] == "逢报必查：招标投标前查询公共信用"
    with pytest.raises(credit.NoSuchRecord):
        credit.dealing_view(town.officer, check)
    clock.shift(dt.timedelta(days=15))
    assert credit.dealing_view(town.lead, check).is_late
    assert credit.look_after_credit() == 2  # and the figures of the half-year
    said = {"record": listed, "measure": hit.effect.measure}
    with pytest.raises(Invalid):
        credit.feed_back_dealing(town.other, check, applied=False, **said)
    with pytest.raises(credit.NoSuchRecord):
        credit.feed_back_dealing(town.officer, check, applied=True, **said)
    credit.feed_back_dealing(town.other, check, applied=True, **said)
    with pytest.raises(Conflict):
        credit.feed_back_dealing(town.other, check, applied=False, words="其实没有限制", **said)
    closed = credit.dealing_view(town.other, check)
    assert closed.closed_at is not None
    assert closed.hits[0].applied
    assert credit.look_after_credit() == 0


def test_measures_are_only_those_of_the_matter(town: Town) -> None:
    blacklisted(town)
    for dealing in (credit.Dealing.HONOURS, credit.Dealing.LAND):
        check = credit.start_check(town.other, asked(town, dealing=dealing))
        view = credit.dealing_view(town.other, check)
        assert (view.hits, view.closed_at is not None) == ([], True)


def test_a_firm_from_elsewhere_is_answered_and_kept(town: Town) -> None:
    code = make_uscc("410102", 77)
    view = credit.dealing_view(town.other, credit.start_check(town.other, asked(town, number=code)))
    assert (view.known, view.code, view.hits) == (False, code, [])
    with pytest.raises(Invalid):
        credit.start_check(town.other, asked(town, number="12345"))
    assert [one.code for one in credit.dealings(town.lead)] == [code]
    assert credit.dealings(town.officer) == []
