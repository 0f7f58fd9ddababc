# SPDX-License-Identifier: Apache-2.0
"""Requests of the sample city that are on their way: some wait for review, one came back; an IT project
that fails the gate. So there is something to review on the data desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import Decision, NewProject, NewRequest, ProjectStage, RequestState
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import system

from .grants import data_officer

_READER = system("示例城市")
_DAYS = 180


@dataclass(frozen=True)
class Asked:
    """One request: who asks for what, why; the reason with which it came back, if it did."""

    org: str
    resource: str
    purpose: str
    basis: str
    returned: str = ""


ASKED = (
    Asked(
        "education",
        "birth-certificate-record",
        "核对入学儿童的出生日期，不再让家长交证明",
        "义务教育法第十一条",
    ),
    Asked("hrss", "firm-registration-record", "核对参保单位的登记状态", "社会保险法第五十七条"),
    Asked("hrss", "death-registration", "及时停发已故人员的养老金", "社会保险法第十七条"),
    Asked(
        "housing",
        "marriage-registration",
        "查询家庭情况",
        "按照工作需要",
        "依据要写到条款，用途要写清办哪件事",
    ),
)
_PROJECT = NewProject(
    name="示例：住房保障信息系统改造",
    org="housing",
    stage=ProjectStage.UPGRADE,
    year=2026,
    money=120_000_000,
    summary="给原有的部门共享交换平台扩容，新建与公积金中心的专线（示例项目）。",
    facts={
        "it-project-secret": False,
        "it-project-catalogued": True,
        "it-project-own-platform": False,
        "it-project-connected": True,
        "it-project-extends-old": True,
        "it-project-own-network": True,
    },
)


@transaction.atomic
def furnish_requests(catalogue: Catalogue) -> int:
    """Have them asked, unless some wait already; returns how many were made now."""
    on_their_way = (RequestState.ASKED, RequestState.RETURNED)
    if any(one.state in on_their_way for one in exchange.own_requests(_READER)):
        return 0
    for asked in ASKED:
        _ask(catalogue, asked)
    exchange.register_project(
        data_officer(catalogue, _PROJECT.org), replace(_PROJECT, year=timezone.localdate().year)
    )
    return len(ASKED)


def _ask(catalogue: Catalogue, asked: Asked) -> None:
    known, today = resources(catalogue)[asked.resource], timezone.localdate()
    new = NewRequest(
        resource=known.id,
        org=asked.org,
        fields=tuple(one.id for one in known.fields),
        purpose=asked.purpose,
        basis=asked.basis,
        valid_from=today,
        valid_until=today + dt.timedelta(days=_DAYS),
        per_minute=60,
        per_day=2000,
    )
    request = exchange.ask(data_officer(catalogue, asked.org), new)
    if asked.returned:
        reviewer = data_officer(catalogue, known.provider)
        exchange.review(reviewer, request, Decision(False, asked.returned), version=1)
