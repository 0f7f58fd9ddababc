# SPDX-License-Identifier: Apache-2.0
"""Over random legal walks: every open case has somebody responsible and exactly one clock or none, its
due day is what an independent count says, and the application closes exactly when its items are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random

import time_machine
from django.db import transaction

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.models import Application
from yiwang.apps.casework.tests import town as t
from yiwang.apps.casework.tests.conftest import MONDAY
from yiwang.apps.casework.tests.walk import check, possible
from yiwang.apps.journal.public import verify

WALKS, LONGEST = 7, 70
ENDINGS = ("withdraw", "terminate", "refuse", "refuse_acceptance", "wait 1", "wait 4")
EVERYWHERE = {
    *("accept", "ask_correction", "supply", "hand_over", "refuse_acceptance", "begin_compliance_review"),
    *("pass_compliance", "plan_visit", "finding", "begin hearing", "end_special_paused", "begin publicity"),
    *("extend", "propose_decision", "send_back", "grant", "refuse", "terminate", "late paper", "withdraw"),
    *("deliver early", "wait 1", "wait 4"),
}


def walk(town: t.Town, clock: time_machine.Traveller, errand: t.Errand, random: Random) -> Counter[str]:
    """Walk until the application is closed, checking after each step; how often what was done."""
    application = Application.objects.get(public_id=t.submitted(town, errand))
    check(application)
    done: Counter[str] = Counter()

    def wait(days: int) -> None:
        clock.move_to(dt.datetime.now(dt.UTC) + dt.timedelta(days=days))
        cw.run_timers()

    for _ in range(LONGEST):
        acts = possible(town, application, wait)
        weights = [1 if name.split()[-1] in ENDINGS or name in ENDINGS else 6 for name, _ in acts]
        ((name, act),) = random.choices(acts, weights)
        act()
        done[name if name in EVERYWHERE else name.split(" ", 1)[-1]] += 1
        application.refresh_from_db()
        check(application)
        if application.stage != "handling":
            break
    assert list(verify()) == []
    return done


def test_whatever_happens(town: t.Town, clock: time_machine.Traveller) -> None:
    at_home = t.Errand(items=("alpha", "beta", "gamma", "delta", "epsilon"))
    abroad = t.Errand(("alpha", "beta", "delta"), by=town["clerk"], place=t.ELSEWHERE, delivery="counter")
    seen: Counter[str] = Counter()
    for number in range(WALKS):
        for errand in (at_home, abroad):
            clock.move_to(MONDAY)
            with transaction.atomic():
                seen += walk(town, clock, errand, Random(number))
                transaction.set_rollback(True)
    assert set(seen) >= EVERYWHERE, EVERYWHERE - set(seen)
