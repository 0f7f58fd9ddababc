# SPDX-License-Identifier: Apache-2.0
"""The pages of asking, reviewing, granting, projects and the province keep nobody out: wide and narrow,
elder mode, with every part of them open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser

from support.city import OFFICE, City
from support.pages import HOST, barriers, browsing
from yiwang import wiring
from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import Decision, NewProject, NewProvincialRequest, ProjectStage

from .test_requests import ASK, ASKER, asked

At = Callable[[str], Client]
pytestmark = pytest.mark.browser
OPEN = "document.querySelectorAll('details').forEach(one => one.open = true)"
FACTS = {
    **{"it-project-secret": False, "it-project-catalogued": False, "it-project-own-platform": True},
    **{"it-project-connected": True, "it-project-extends-old": False, "it-project-own-network": False},
}


def furnish(city: City) -> dict[str, list[str]]:
    """Things to look at: persona → addresses."""
    wiring.read_province()
    waiting = asked(city, third_party="某某学校", third_party_why="由其代为核对，用后删除")
    granted = asked(city, resource="vaccination-record", fields=_some("vaccination-record"))
    grant = exchange.review(city["data of a department"], granted, Decision(True, "同意"), version=1)
    returned = asked(city, resource="fertility-record", fields=_some("fertility-record"))
    exchange.review(city["data of a department"], returned, Decision(False, "请写清依据条款"), version=1)
    year = timezone.localdate().year
    new = NewProject("健康证明管理系统", OFFICE, ProjectStage.NEW, year, 35_000_000, "办理健康证明", FACTS)
    project = exchange.register_project(city["handler"], new)
    until = timezone.localdate() + dt.timedelta(days=30)
    up = NewProvincialRequest(
        "demo-degree", OFFICE, ("school",), "核对从业人员学历", "执业医师法第九条", until
    )
    provincial = exchange.ask_province(city["handler"], up)
    return {
        ASKER: [f"/data/requests/{returned}/mend"],
        "data of a department": [f"/data/requests/{waiting}", f"/data/grants/{grant}"],
        "data": [f"/data/projects/{project}", "/data/cascade/", "/data/reviews/"],
        "handler": ["/data/projects/new", f"/data/cascade/requests/{provincial}"],
    }


def _some(resource: str) -> tuple[str, ...]:
    return tuple(one.id for one in exchange.resource(resource).fields)


def test_pages_without_barriers(city: City, at: At, browser: Browser) -> None:
    for persona, addresses in furnish(city).items():
        with browsing(browser, at(persona)) as page:
            for address in addresses:
                page.goto(HOST + address)
                page.evaluate(OPEN)
                assert (address, barriers(page)) == (address, [])
    with browsing(browser, at(ASKER)) as page:
        page.goto(HOST + ASK)
        page.get_by_role("button", name="提交申请").click()
        assert page.get_by_role("alert").first.is_visible()
