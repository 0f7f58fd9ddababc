# SPDX-License-Identifier: Apache-2.0
"""Quality and objections in a real browser: no barrier, wide or on a phone, in elder mode too."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from playwright.sync_api import Browser

from support.city import City, pdf
from support.pages import HOST, barriers, browsing
from yiwang.apps.quality import public as quality
from yiwang.apps.quality.tests.rows import Source
from yiwang.engines.exchange import resources
from yiwang.kernel.ids import make_id_number

At = Callable[[str], Client]
CONNECTOR_OF = "yiwang.apps.quality.commands.running.connector_of"
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
RESOURCE = "health-certificates"
ANSWER = quality.Answered("体检登记与门诊记录一致", "可以带体检单到卫生监督窗口复核，或拨打12345")


def judged(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs over health certificates, of which some are faulty."""
    items = resources(city.catalogue)[RESOURCE].fields
    numbers = [make_id_number("411702", dt.date(1990, 5, day), 11) for day in range(1, 21)]
    row: dict[str, Any] = {one.id: "测试" for one in items} | {"expires": "2027-01-01", "qualified": "true"}
    rows = [
        row | {"resident-id-number": number, "certificate-number": f"健{number[-4:]}"} for number in numbers
    ]
    people = [{"resident-id-number": number, "resident-name": "测试"} for number in numbers]
    faulty = rows[:17] + [one | {"unit": None, "certificate-number": "健0"} for one in rows[17:]]
    for found in (rows, faulty):
        sources = {RESOURCE: Source(found, size=50), "household-population": Source(people, size=50)}
        monkeypatch.setattr(CONNECTOR_OF, sources.__getitem__)
        quality.run(city["data of a department"], RESOURCE)
        assert quality.work_on_runs() == 1


def objected(city: City) -> str:
    """An objection that was extended, answered, found wanting, and is checked again."""
    owner, provider = city["owner"], city["data of a department"]
    file = quality.store_evidence(owner, owner=owner.id, name="体检单.pdf", content=pdf()).public_id
    new = quality.NewObjection(
        RESOURCE,
        "unit",
        "市中心医院",
        "体检单上写的是市中心医院",
        says="市人民医院",
        subject=owner.id,
        files=[file],
    )
    made = quality.object_to(owner, new)
    quality.extend(provider, made, days=2, reason="要到体检机构调取登记")
    quality.answer_objection(provider, made, ANSWER)
    quality.give_feedback(owner, made, satisfied=False, words="没有看我交的体检单")
    return made


def test_no_barrier(
    city: City,
    at: At,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
    tmp_path: Path,
) -> None:
    settings.DATA_DIR = tmp_path
    judged(city, monkeypatch)
    made = objected(city)
    done = quality.NewObjection(RESOURCE, "expires", "2027-03-01", "证上写的", subject=city["owner"].id)
    corrected = quality.object_to(city["owner"], done)
    quality.answer_objection(
        city["data of a department"],
        corrected,
        quality.Corrected("2027-01-01", "2027-03-01", "与发证登记核对一致"),
    )
    pages = {
        "data of a department": [
            "/data/quality/",
            f"/data/quality/{RESOURCE}",
            "/data/objections/",
            f"/data/objections/{made}",
        ],
        "owner": [
            "/my-data/objections/",
            f"/my-data/objections/{corrected}",
            f"/my-data/objections/new/{RESOURCE}/unit",
        ],
    }
    wrong = {}
    for persona, addresses in pages.items():
        with browsing(browser, at(persona)) as page:
            for address in addresses:
                page.goto(HOST + address)
                if found := barriers(page):
                    wrong[address] = found
    assert wrong == {}
    desk = at("data of a department")
    shown = desk.get(f"/data/quality/{RESOURCE}").content.decode()
    unsaid: Any = desk.post(re.findall(rf"/data/quality/{RESOURCE}/mended/\w+", shown)[0], {"words": " "})
    assert (unsaid.status_code, "请写明怎样改的" in unsaid.content.decode()) == (400, True)
    assert 'aria-invalid="true"' in unsaid.content.decode()
