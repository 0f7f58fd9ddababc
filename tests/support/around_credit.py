# SPDX-License-Identifier: Apache-2.0
"""Public credit: a penalty of the firm decided by the department `OFFICE`, an objection to it, a repair that
waits, somebody to be listed and to be taken off a list, a delivery that came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from unittest import mock

from django.utils import timezone

from support.around_benefits import CLAIMANTS, DEPARTMENT
from support.city import OFFICE, City, pdf
from support.credit_reports import drawn
from yiwang.apps.credit import public as credit
from yiwang.apps.identity.public import subject
from yiwang.apps.seals.tests.stage import Stage
from yiwang.engines.papers import ofd
from yiwang.engines.papers.fonts import Letter
from yiwang.kernel.actor import system
from yiwang.kernel.ids import make_uscc

_ZEROS = "0" * 26
MISSING = {
    "credit_record": f"cr_{_ZEROS}",
    "credit_objection": f"co_{_ZEROS}",
    "credit_repair": f"cp_{_ZEROS}",
    "credit_hearing": f"ce_{_ZEROS}",
    "credit_listing": f"ce_{_ZEROS}",
    "credit_removal": f"cm_{_ZEROS}",
    "credit_dealing": f"cc_{_ZEROS}",
    "credit_delivery": f"cd_{_ZEROS}",
    "credit_matter": f"cp_{_ZEROS}",
    "credit_standard": f"cv_{_ZEROS}",
    **dict.fromkeys(("credit_report", "credit_public_report", "credit_officer_report"), f"rp_{_ZEROS}"),
}
OF_THE_LEADING_UNIT = ("office-credit-reporting", "office-credit-graded", "office-credit-training")
"""Pages that a route opens to data officers, and the room behind them to those of the leading unit, or with a
unit's own figures alone."""
BODIES: dict[str, dict[str, Any]] = {
    "credit_deliver": {
        "org": OFFICE,
        "catalogue": "credit-permit",
        "count": 1,
        "rows": [{"文号": "一"}],
    },
    "credit_check": {
        "org": OFFICE,
        "dealing": "招标投标",
        "matter": "招标1号",
        "number": make_uscc("410102", 9),
    },
    "credit_feedback": {"record": "cr_1", "measure": "没有这项措施", "applied": True},
}
"""API operation → a body it would take."""
_AUDITORS = {"auditor", "auditor elsewhere"}
_KNOW = {
    "credit_record": CLAIMANTS | DEPARTMENT | _AUDITORS,
    "credit_objection": DEPARTMENT,
    "credit_repair": DEPARTMENT,
    "credit_hearing": CLAIMANTS,
    "credit_listing": DEPARTMENT,
    "credit_removal": DEPARTMENT,
    "credit_dealing": DEPARTMENT | _AUDITORS,
    "credit_delivery": DEPARTMENT | _AUDITORS,
    "credit_matter": DEPARTMENT,
    "credit_report": CLAIMANTS,
    "credit_officer_report": {"handler"} | _AUDITORS,
}


def knows(persona: str, parameters: set[str], whose: str, firm: str) -> bool:
    """Whether the persona may know of these things of `firm` (the only ones there are)."""
    return whose == firm and all(persona in _KNOW[name] for name in parameters & set(_KNOW))


def around_credit(city: City, stage: Stage | None = None) -> dict[str, str]:
    """Path parameter → id; with a stage of seals also of reports drawn about the firm."""
    firm, boss, officer = city.firm, city["representative of the firm"], city["handler"]
    with mock.patch.object(ofd, "subset", _no_outlines):
        reports = drawn(stage, firm, boss=boss, officer=officer) if stage else {}
    return _around(city) | reports


def _no_outlines(letters: Iterable[Letter], name: str) -> tuple[bytes, dict[str, int]]:
    """A font without outlines: to draw them is the dearest part of a report, and nobody reads these."""
    return name.encode(), {letter.character: 1 for letter in letters}


def _around(city: City) -> dict[str, str]:
    unit, today = system("测试机关"), timezone.localdate()
    honest = credit.NewListing(
        "credit-red", city.firm, OFFICE, "拟列1号", "列入守信红名单", "行业标准", today,
        {"列入事由": "连续三年守信"},
    )  # fmt: skip
    listing = credit.tell_listing(unit, honest)
    credit.record(unit, replace(honest, reference="红1号").as_record(told_on=today, decided_on=today))
    told = [
        credit.record(unit, _penalty(city, number, today - dt.timedelta(days=100))) for number in ("1", "2")
    ]
    boss = city["representative of the firm"]
    removal = next(one for one in credit.own_hearings(boss, city.firm) if one.because)
    proof = credit.store_evidence(boss, subject=city.firm, name="凭证.pdf", content=pdf())
    mended = credit.NewRepair(told[1], credit.Way.MENDED, "已经改正并缴清罚款", "以后守法经营", files=[proof])
    repair = credit.ask_repair(boss, mended)
    return {
        "credit_record": told[0],
        "credit_objection": credit.object_to(boss, told[0], words="这条记录不对，请核查"),
        "credit_repair": repair,
        "credit_matter": repair,
        "credit_hearing": listing,
        "credit_listing": listing,
        "credit_removal": removal.id,
        "credit_delivery": _delivery(),
        "credit_dealing": credit.start_check(
            unit, credit.NewDealing(OFFICE, credit.Dealing.TENDER, "招标1号", subject(city.firm).number)
        ),
    }


def _penalty(city: City, number: str, day: dt.date) -> credit.NewRecord:
    fields = {"违法事实": "未公示", "处罚依据": "第一条", "处罚种类": "警告", "处罚内容": "警告"}
    return credit.NewRecord(
        "credit-penalty", city.firm, f"行政处罚{number}", "第一条", day, day, OFFICE, fields,
        reference=f"罚{number}号", severity=credit.Severity.COMMON,
    )  # fmt: skip


def _delivery() -> str:
    sheet = credit.template_file("credit-permit").decode("utf-8-sig").splitlines()
    columns = sheet[0].count(",")
    file = "\n".join([sheet[0], "X" + "," * columns, "合计,1"])
    got = credit.deliver_file(system("测试机关"), file.encode(), org=OFFICE, catalogue="credit-permit")
    return got.id
