# SPDX-License-Identifier: Apache-2.0
"""A policy that the department `OFFICE` drafts, tested on one firm."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from support.city import OFFICE, City
from yiwang.apps.catalogue import public as catalogue
from yiwang.engines.benefits.drafting import blank

_ZEROS = "0" * 26
MISSING = {"policy_draft": f"pd_{_ZEROS}", "policy_trial": f"pt_{_ZEROS}"}
KNOWS = {
    *("catalogue", "auditor", "auditor elsewhere", "data"),
    *("data of a department", "approver", "representative"),
}
"""A draft is its departments', and known to those who review and audit; a policy has no place."""
_FACT = "省级智能工厂或车间"


def around_policies(city: City) -> dict[str, str]:
    """Path parameter → id: a new policy's draft, and its test."""
    owner = city["data of a department"]
    draft = catalogue.begin_policy(owner)
    typed = blank("matrix-award") | {
        **{"name": "测试政策", "field": "测试", "support": "资金奖补", "brings": "一万元", "views": ["惠企"]},
        **{"departments": [OFFICE], "conditions": [f'{_FACT} != "都不是"'], "rule": "10000"},
        **{"doc": "setting", "at": "本市自行设定", "quote": "测试"},
        "examples": [
            {"says": "有", "facts": f"{_FACT} = 智能工厂", "on": "", "outcome": "gives", "value": "10000"},
            {"says": "没有", "facts": f"{_FACT} = 都不是", "on": "", "outcome": "gives", "value": "0"},
        ],
    }
    version = catalogue.save_policy(owner, draft, typed, version=1, summary="新的")
    table = pa.table({"id": ["第 1 行"], _FACT: ["智能工厂"]})
    everybody = catalogue.Subjects(table, "一行", "0" * 64)
    trial = catalogue.try_policy(owner, draft, everybody, version=version, on=dt.date(2026, 11, 22))
    return {"policy_draft": draft, "policy_trial": trial}
