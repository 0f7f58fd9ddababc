# SPDX-License-Identifier: Apache-2.0
"""Money settled by period: a firm's charging pile, its record, a sheet of the county, money to be taken back.

Officers of this department are none of the personas: only the firm knows of its own statement.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from support.city import City
from yiwang.apps.benefits import public as benefits
from yiwang.apps.identity.public import subject
from yiwang.kernel.actor import Actor, ActorKind, Post, Role

POLICY, ORG, PLACE = "charging-operation", "development-reform", "yicheng"
STARTS = {"payee": "py", "tally": "ss", "sale": "sr", "doubt": "so", "enrolment": "en", "recovery": "rc"}
MISSING = {name: f"{start}_{'0' * 26}" for name, start in STARTS.items()}
OF_ALL = {"settled": "clean-coal-subsidy", "month": "2020-11", "photo": "1"}
"""Path parameters that lead to nobody's thing."""
CLAIMANTS = {"representative of the firm", "agent"}


def knows(persona: str, parameters: set[str], whose: str, firm: str) -> bool:
    """Whether the persona may know of these things of `firm` (the only ones there are)."""
    return whose == firm and parameters & set(MISSING) == {"payee"} and persona in CLAIMANTS


def around_settlements(city: City) -> dict[str, str]:
    """Path parameter → id, of the firm."""
    firm, boss = subject(city.firm), city["representative of the firm"]
    county, town = (
        Actor(ActorKind.OFFICER, f"of-settle-{at}", "工作人员", (Post(Role.HANDLER, ORG, at),))
        for at in (PLACE, "")
    )
    last = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    enrolment = benefits.enrol(
        county,
        benefits.NewEnrolment(
            POLICY, "桩1", last.replace(day=1), firm.name, code=firm.number, place=PLACE,
            facts={
                "充电设施是否验收合格": "是",
                "是否公共快充或按公共管理的分时共享": "是",
                "建设奖补比例": "30",
            },
            kept={"验收日期": "2024-03-01"},
        ),
    )  # fmt: skip
    (payee,) = (one[0] for one in benefits.payees_of(boss))
    data = "编号,充电量（千瓦时）,在线率（%）,运行小时\n桩1,1000,96,700".encode()
    benefits.report(boss, payee, period=f"{last:%Y-%m}", data=data)
    sheet = benefits.begin_sheet(county, policy=POLICY, period=f"{last:%Y-%m}", place=PLACE)
    recovery = benefits.propose_recovery(
        town, payee, fen=0, ground="cheating", why="查实读数有误，先行立案核查"
    )
    (line,) = benefits.sheet_view(county, sheet).lines
    return {
        "payee": payee, "tally": sheet, "sale": line.record, "doubt": MISSING["doubt"],
        "enrolment": enrolment, "recovery": recovery,
    }  # fmt: skip
