# SPDX-License-Identifier: Apache-2.0
"""What a department has in data security: an alert, an incident, a supervision case, a line of the ledger."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from support.calls import Call
from support.city import OFFICE, City
from yiwang.apps.catalogue.public import current
from yiwang.apps.data_security import public as security
from yiwang.apps.data_security.commands.ledger import write_notice
from yiwang.apps.data_security.models import Alert, SupervisionCase
from yiwang.apps.gateway import public as gateway
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.exchange import resources
from yiwang.kernel.ids import new_public_id

KNOWS = {"approver", "data", "data of a department", "security", "auditor"}
"""Who may know of them: who acts for the department, the bureau, auditors of the whole city."""
PARAMETERS = {"alert", "incident", "supervision", "unit"}
MISSING = {
    **{"alert": "alert_" + "0" * 26, "incident": "inc_" + "0" * 26, "supervision": "sup_" + "0" * 26},
    "unit": "no-such-unit-at-all",
}


def around_security(city: City) -> dict[str, str]:
    """Path parameter → id: things of the department `OFFICE`."""
    now = timezone.now()
    found = security.NewIncident(
        *(OFFICE, security.IncidentKind.HAZARD, security.Stage.STORAGE, "机房门禁失灵", "门禁不能刷卡"),
        found_at=now - dt.timedelta(minutes=30),
    )
    return {
        "incident": security.find_incident(city["security"], found),
        "supervision": security.open_case(
            city["data"], security.NewCase(OFFICE, "日志不全", "没有按规定建立操作日志", True)
        ),
        "alert": _alert(now, city["handler"].id).public_id,
        "unit": OFFICE,
    }


def _alert(now: dt.datetime, caller: str) -> Alert:
    return Alert.objects.create(
        public_id=new_public_id("alert"),
        key=new_public_id("key"),
        day=timezone.localdate(now),
        kind="many_people",
        org=OFFICE,
        caller_kind="officer",
        caller=caller,
        caller_name="工作人员3",
        resource=sorted(resources(_catalogue()))[0],
        first_at=now,
        last_at=now,
        figures={"people": 26},
        sentence="09:10至09:19，10分钟内查询了26个不同的人，达到25人即提示。",
        raised_at=now,
        state="open",
    )


def _catalogue() -> Catalogue:
    return current().catalogue


def on_record(city: City, supervision: str) -> dict[str, str]:
    """A line of the ledger and a nominated case: path parameter → id."""
    case = SupervisionCase.objects.get(public_id=supervision)
    with transaction.atomic():
        line = write_notice(city["data"], case, "逾期没有改正")
    used = sorted(resources(_catalogue()))[:2]
    told = {"title": "开餐馆不用交身份证", "story": "窗口直接核验，群众少跑一趟。"}
    good = security.nominate(city["data of a department"], OFFICE, used=used, **told)
    return {"ledger_entry": line.public_id, "good_case": good, "register": "training"}


def some_calls(count: int = 12) -> None:
    """Calls of the last days, as the gateway writes them, summed."""
    known = sorted(resources(_catalogue()))
    for n in range(count):
        Call(
            receipt=new_public_id("call"),
            at=timezone.now() - dt.timedelta(days=n % 5, minutes=5),
            grant="g_1",
            resource=known[n % 3],
            provider="public-security",
            org=OFFICE if n % 4 else "housing",
            caller_kind="officer",
            caller=f"o_{n % 2}",
            caller_name="工作人员3",
            purpose="核对申请人情况",
            item="health-check",
            case="A-1",
            subject="p_1",
            fields=["name"],
            rows=1,
            outcome="refused" if n % 6 == 5 else "answered",
            ms=20 + n,
            stream="t",
            seq=n,
        ).save()
    security.roll_up(gateway)
