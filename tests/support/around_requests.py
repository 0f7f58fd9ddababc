# SPDX-License-Identifier: Apache-2.0
"""What the department `OFFICE` asked of others: a request with its consent and grant, an IT project, a
request to the province."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from support.city import OFFICE, City, pdf
from yiwang import wiring
from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import (
    Decision,
    NewProject,
    NewProvincialRequest,
    NewRequest,
    ProjectStage,
)
from yiwang.kernel.actor import Actor, ActorKind, Post, Role

PROVIDER, RESOURCE = "civil-affairs", "marriage-registration"
PROVINCE_CODE = "demo-degree"
ASKED = ("data_request", "data_grant", "consent", "project", "provincial")
"""Path parameters that lead to what a department asked for."""
READERS = (
    *("handler", "handler elsewhere", "approver", "representative", "data of a department", "security"),
    *("data", "auditor"),
)
"""Who may know of it: the department's own officers, the data bureau, the city's auditor."""
MISSING = dict(zip(ASKED, ("dr_", "dg_", "dc_", "dp_", "dv_"), strict=True))
MISSING = {name: start + "0" * 26 for name, start in MISSING.items()}


def asked_things(city: City) -> dict[str, str]:
    """Path parameter → id."""
    today = timezone.localdate()
    until = today + dt.timedelta(days=90)
    names = tuple(one.id for one in exchange.resource(RESOURCE).fields)
    new = NewRequest(
        resource=RESOURCE,
        org=OFFICE,
        fields=names,
        purpose="核对婚姻状况，不再让申请人交证明",
        basis="基本公共服务清单",
        valid_from=today,
        valid_until=until,
        per_minute=60,
        per_day=600,
        third_party="测试医院",
        third_party_why="由其代为核对，用后删除",
    )
    request = exchange.ask(city["handler"], new)
    leader = _officer("leader", Role.APPROVER)
    consent = exchange.consent(leader, request, words="同意仅用于核对", name="同意.pdf", content=pdf())
    grant = exchange.review(_officer("data", Role.DATA), request, Decision(True, "同意"), version=1)
    wiring.read_province()
    up = NewProvincialRequest(
        PROVINCE_CODE, OFFICE, ("school",), "核对从业人员学历", "执业医师法第九条", until
    )
    return {
        "data_request": request,
        "data_grant": grant,
        "consent": consent,
        "project": exchange.register_project(city["handler"], _project()),
        "provincial": exchange.ask_province(city["handler"], up),
    }


def _officer(name: str, role: Role) -> Actor:
    return Actor(ActorKind.OFFICER, f"o_{name}", name, (Post(role, PROVIDER),))


def _project() -> NewProject:
    facts = {
        **{"it-project-secret": False, "it-project-catalogued": True, "it-project-own-platform": False},
        **{"it-project-connected": True, "it-project-extends-old": False, "it-project-own-network": False},
    }
    year = timezone.localdate().year
    return NewProject("健康证明管理系统", OFFICE, ProjectStage.NEW, year, 35_000_000, "办理健康证明", facts)
