# SPDX-License-Identifier: Apache-2.0
"""Money settled by the month, in a browser: the village shows, somebody objects, the maker reports, the city
passes; on a phone too, and nothing shuts anybody out."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, Page

from support import city as small
from support.pages import HOST, PHONE, barriers, browsing
from support.winter import Winter
from yiwang.apps.benefits import public as benefits
from yiwang.apps.identity import public as identity
from yiwang.apps.identity.public import subject
from yiwang.kernel.actor import Actor, system

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


def client_of(actor: Actor, name: str) -> Client:
    """A browser of somebody who had no login yet."""
    identity.open_account(system("测试准备"), username=name, password=small.PASSWORD, owner=actor.id)
    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    return client


def village_of_coal(city: small.City) -> tuple[Winter, str, str]:
    """The village with October passed to the city, and November being shown."""
    firm = subject(city.firm)
    winter = Winter(city["representative of the firm"], firm.number, firm.name)
    winter.sell("沙庄001,2020-10-03,E1,0.1,90", period="2020-10")
    winter.sell("沙庄001,2020-11-03,F1,0.3,180", "沙庄002,2020-11-20,F3,0.4,360")
    with time_machine.travel(dt.datetime(2020, 11, 2, 2, tzinfo=dt.UTC), tick=False):
        october = winter.sum_up("2020-10")
    with time_machine.travel(dt.datetime(2020, 11, 12, 2, tzinfo=dt.UTC), tick=False):
        winter.hand_up(october)
        winter.pass_on(october, winter.street, *winter.county)
    return winter, october, winter.sum_up("2020-11")


def looked_at(page: Page, *addresses: str) -> None:
    for address in addresses:
        page.goto(HOST + address)
        assert barriers(page) == [], address


def kept(answer: Any, *shown: str) -> None:
    """Whether a page says what is wrong, with what was typed."""
    page = answer.content.decode()
    assert (answer.status_code, [one for one in shown if one not in page]) == (400, [])


def test_from_the_village_to_the_city(browser: Browser) -> None:
    city = small.build()
    winter, october, november = village_of_coal(city)
    boss, head = Client(), client_of(winter.people[0], "head")
    boss.force_login(city.account("representative of the firm"))
    with browsing(browser, head, width=PHONE) as page:
        looked_at(page, "/my/settlements/", "/policies/shown")
        page.get_by_role("link", name="提异议").nth(1).click()
        page.get_by_label("哪里不对").fill("这家十一月没有买过煤")
        page.get_by_role("button", name="提交").click()
        assert "重新调查核实" in page.inner_text("main")
        assert "张户" not in page.inner_text("main")
    desk = client_of(winter.village, "village")
    with browsing(browser, desk, width=PHONE) as page:
        looked_at(page, "/office/settlements/", "/office/settlements/enrol?policy=clean-coal-subsidy")
        looked_at(page, f"/office/settlements/{november}")
        page.get_by_label("重新调查核实的结果").fill("入户看过，确实没有买")
        page.get_by_role("button", name="异议成立").click()
        assert "已经答复" in page.inner_text("main")
    enrol = desk.get("/office/settlements/enrol").content.decode()
    wrong = desk.post(re.findall(r"/office/settlements/enrol/\w+/end", enrol)[0], {"on": "1999-12-31"})
    kept(wrong, "早于登记的日子", 'value="1999-12-31" aria-invalid="true"')
    with browsing(browser, boss, width=PHONE) as page:
        looked_at(page, "/my/settlements/", f"/my/settlements/{winter.payee}")
        file = {"name": "十二月.csv", "mimeType": "text/csv", "buffer": "编号,日期\n1,2".encode()}
        page.get_by_label("哪个月").fill("2020-12")
        page.get_by_label("记录（CSV）").set_input_files(file)  # type: ignore[arg-type]
        page.get_by_role("button", name="上报").click()
        assert "表头不对" in page.inner_text("main")
        assert barriers(page) == []
    desk = client_of(winter.city[0], "city")
    short = {"ground": "short", "yuan": "1.50", "why": "太短"}
    wrong = desk.post(f"/office/settlements/payees/{winter.payee}/recover", short)
    kept(wrong, 'id="why-wrong"', ">太短</textarea>", 'value="1.50"', 'value="short" selected')
    with browsing(browser, desk) as page:
        looked_at(
            page, "/office/settlements/registers", f"/office/settlements/{october}", "/office/settlements/"
        )
        page.get_by_label("一起通过").check()
        page.get_by_role("button", name="勾选的一起通过").click()
        assert "已经通过" in page.inner_text("main")
    assert benefits.advance() == 1
