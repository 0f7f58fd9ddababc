# SPDX-License-Identifier: Apache-2.0
"""A light model test over the database: whatever units and subjects do in whatever order, the effects are
those of a plain list kept beside."""

from __future__ import annotations

import datetime as dt
import random

import pytest
import time_machine

from yiwang.apps.credit import public as credit
from yiwang.apps.credit.models import Ending, Version
from yiwang.engines.credit import months_after
from yiwang.kernel.errors import Conflict, Invalid

from .conftest import Town

_GRADES = {credit.Severity.SLIGHT: 3, credit.Severity.COMMON: 12, credit.Severity.GRAVE: 36}
_EFFECTS = {
    credit.Severity.SLIGHT: [],
    credit.Severity.COMMON: ["closer_look"],
    credit.Severity.GRAVE: ["closer_look", "no_commitment"],
}


@pytest.mark.parametrize("seed", range(3))
def test_effects_follow_what_was_done(town: Town, clock: time_machine.Traveller, seed: int) -> None:
    chance = random.Random(seed)
    living: dict[str, tuple[int, credit.Severity, dt.date, int]] = {}  # id → firm, degree, decided, version
    written: dict[str, credit.NewRecord] = {}
    for step in range(25):
        do = chance.choice(["tell", "tell", "correct", "object", "repair", "withdraw", "wait"])
        one = chance.choice(sorted(living)) if living else ""
        if do == "tell":
            new = town.penalty(
                chance.randrange(2), reference=f"{seed}-{step}号", severity=chance.choice([*_GRADES])
            )
            assert new.severity is not None
            told = credit.record(town.officer, new)
            written[told] = new
            living[told] = (town.firms.index(new.subject), new.severity, new.decided_on, 1)
        elif do == "correct" and one:
            firm, _, day, version = living[one]
            changed = vars(written[one]) | {"severity": chance.choice([*_GRADES]), "title": f"更正{step}"}
            new = credit.NewRecord(**changed)
            assert new.severity is not None
            credit.correct(town.officer, new, version=version, reason="写错了")
            written[one], living[one] = new, (firm, new.severity, day, version + 1)
        elif do == "object" and one:
            raised = credit.object_to(town.bosses[living[one][0]], one, words="这条记录不对")
            upheld = chance.random() < 0.5
            outcome = credit.Outcome.REMOVED if upheld else credit.Outcome.DISMISSED
            credit.answer(town.officer, raised, outcome=outcome, words="核查过了，理由如下")
            if upheld:
                del living[one]
        elif do == "repair" and one:
            asked = credit.NewRepair(one, credit.Way.MENDED, "都改好了，请修复", "以后守法")
            try:
                matter = credit.ask_repair(town.bosses[living[one][0]], asked)
            except (Invalid, Conflict):
                continue  # too early, or it is over already
            credit.decide_repair(town.second, matter, grant=True, words="同意")
            del living[one]
        elif do == "withdraw" and one:
            credit.withdraw(town.officer, one, reason="撤销了")
            del living[one]
        elif do == "wait":
            clock.shift(dt.timedelta(days=chance.randrange(200)))
        _agrees(town, living)
    ended = set(Ending.objects.values_list("record__public_id", flat=True))
    assert ended.isdisjoint(living)
    assert Version.objects.count() >= len(written)


def _agrees(town: Town, living: dict[str, tuple[int, credit.Severity, dt.date, int]]) -> None:
    for which, firm in enumerate(town.firms):
        expected = sorted(
            (kind, record)
            for record, (owner, degree, day, _) in living.items()
            if owner == which and town.today <= months_after(day, _GRADES[degree])
            for kind in _EFFECTS[degree]
        )
        found = credit.effects(firm, on=town.today)
        assert sorted((one.kind.value, one.record) for one in found) == expected
        assert all(one.basis and one.until is not None for one in found)
