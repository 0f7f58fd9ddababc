# SPDX-License-Identifier: Apache-2.0
"""A firm's page, and a request it raised that the department `OFFICE` has, with a file."""

from __future__ import annotations

from support.city import OFFICE, City, pdf
from yiwang.apps.firms import public as firms
from yiwang.kernel.actor import Actor, ActorKind, Post, Role

_ZEROS = "0" * 26
MISSING = {"firm": f"f_{_ZEROS}", "firm_request": f"fr_{_ZEROS}", "attachment": f"file_{_ZEROS}"}
MISSING |= {"led": f"f_{_ZEROS}", "heard_request": f"fr_{_ZEROS}"}
SPEAKERS = {"representative of the firm", "agent"}
WATCHERS = {"auditor", "auditor elsewhere", "data"}
DEPARTMENT = {"handler", "handler elsewhere", "approver", "representative"}
"""The firm is registered without a county: its request is the department's wherever its officers sit."""


def knows(persona: str, parameters: set[str], whose: str, firm: str) -> bool:
    """Whether the persona may know of these things of `firm` (the only ones there are)."""
    if whose != firm or "heard_request" in parameters:  # for a clerk: nobody stands before them here
        return False
    if "led" in parameters:
        return persona == "representative of the firm"
    return persona in (SPEAKERS if "firm" in parameters else SPEAKERS | WATCHERS | DEPARTMENT)


def around_firms(city: City) -> dict[str, str]:
    """Path parameter → id, of the firm."""
    boss = city["representative of the firm"]
    file = firms.store_attachment(boss, city.firm, name="证.pdf", content=pdf()).public_id
    new = firms.NewRequest(city.firm, "other", "门口修路", "货车进不来", files=[file])
    made = firms.raise_request(boss, new)
    posts = (Post(Role.HANDLER, "service-bureau"),)
    window = Actor(ActorKind.OFFICER, "of-window", "窗口的人", posts)
    firms.dispatch(window, made, org=OFFICE)
    return {
        "firm": city.firm,
        "firm_request": made,
        "attachment": file,
        "led": city.firm,
        "heard_request": made,
    }
