# SPDX-License-Identifier: Apache-2.0
"""Benefits without application: a firm's claim, what it may apply for besides, a list of the department
`OFFICE`, an objection that is not this department's to answer."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from support.city import OFFICE, City
from yiwang.apps.benefits import public as benefits
from yiwang.apps.identity.public import subject
from yiwang.kernel.actor import Actor, ActorKind, Post, Role

_ZEROS = "0" * 26
INDUSTRY = "industry-it"
MISSING = {"claim": f"cl_{_ZEROS}", "roster": f"ro_{_ZEROS}", "benefit_objection": f"bo_{_ZEROS}"}
CLAIMANTS = {"representative of the firm", "agent"}
DEPARTMENT = {
    *("handler", "handler elsewhere", "approver", "representative", "data of a department"),
}
"""A list is the department's, wherever in the city its officers sit."""


def knows(persona: str, parameters: set[str], whose: str, firm: str) -> bool:
    """Whether the persona may know of these things of `firm` (the only ones there are)."""
    if whose != firm or "benefit_objection" in parameters:
        return False
    return persona in (CLAIMANTS if "claim" in parameters else DEPARTMENT)


def around_benefits(city: City) -> dict[str, str]:
    """Path parameter → id, of the firm: a claim that waits for its answer, a list that waits for review."""
    firm, today = subject(city.firm), timezone.localdate()
    heading = "统一社会信用代码,名称,省级智能工厂或车间,企业规模,是否上云企业"
    officers = [
        Actor(
            ActorKind.OFFICER,
            f"of-{number}",
            "工作人员",
            (Post(Role.HANDLER, INDUSTRY), Post(Role.HANDLER, OFFICE)),
        )
        for number in (1, 2)
    ]
    made = [
        benefits.hand_in_roster(
            officers[0],
            org=org,
            title=f"测试名单{what}",
            valid_from=today,
            valid_to=today + dt.timedelta(days=30),
            data=f"{heading}\n{firm.number},{firm.name},{what},小型,是".encode(),
        )
        for org, what in ((INDUSTRY, "智能工厂"), (OFFICE, "智能车间"))
    ]
    benefits.review_roster(officers[1], made[0], approve=True)
    benefits.match_if_changed()
    benefits.remind_unclaimed()
    boss = city["representative of the firm"]
    (claim,) = benefits.claims_of(boss)
    objection = benefits.object_to(boss, policy=claim.policy, claim=claim.id, words="金额好像不对，请核对")
    return {"claim": claim.id, "roster": made[1], "benefit_objection": objection}
