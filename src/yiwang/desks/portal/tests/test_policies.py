# SPDX-License-Identifier: Apache-2.0
"""Lists of policies, their guides, and the calculator: asks little, says why, keeps nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Browser

from support.pages import HOST, PHONE, barriers, browsing
from yiwang.desks.portal.policies import in_wan

At = Callable[[str], Client]
pytestmark = pytest.mark.django_db
HUB = {
    "to": "firm",
    "field": "现代物流",
    "logistics-hub": "国家物流枢纽",
    "logistics-gap-filling": "true",
    "logistics-project-investment": "6000 万",
}


@pytest.fixture
def in_2023() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2023, 5, 4, 2, tzinfo=dt.UTC), tick=False):
        yield


def test_what_is_over_is_listed_when_asked_for_and_says_so(city: object, at: At) -> None:
    page = at("anonymous").get("/policies/").content.decode()
    assert "产业并购奖励" in page
    assert "物流公共服务基础设施补短板项目补助" not in page, "it was over at the end of 2025"
    all_ = at("anonymous").get("/policies/?over=1&list=惠企").content.decode()
    assert "物流公共服务基础设施补短板项目补助" in all_
    assert "已到期" in all_
    assert "产业并购奖励" in at("anonymous").get("/policies/?list=金融").content.decode()


def test_what_can_be_computed_comes_before_what_has_to_be_asked(city: object, at: At) -> None:
    page = at("anonymous").get("/policies/?list=金融").content.decode()
    assert 0 < page.index("产业并购奖励") < page.index("要问部门的") < page.index("海关税款保证保险补贴")


@pytest.mark.parametrize(
    ("query", "first", "absent"),
    [
        ("q=我家烧煤&over=1", "洁净型煤替代补贴", "产业并购奖励"),
        ("q=上云", "企业上云奖励", "产业并购奖励"),
        ("field=信用&to=person", "守信主体激励", "企业上云奖励"),
        ("to=body", "部门和县区争取国家级中心奖励", "企业上云奖励"),
        ("level=省&q=首台套", "首台（套）装备保费补贴（省）", "首台（套）装备市级配套奖励"),
        ("q=外星人登陆", "没有找到这样的政策", "产业并购奖励"),
    ],
)
def test_plain_words_and_choices_narrow_the_list(
    city: object, at: At, query: str, first: str, absent: str
) -> None:
    page = at("anonymous").get(f"/policies/?{query}").content.decode()
    assert first in page
    assert absent not in page


def test_the_search_of_the_front_page_finds_policies_too(city: object, at: At) -> None:
    page = at("anonymous").get("/search?q=企业上云").content.decode()
    assert "有关的政策" in page
    assert "企业上云奖励" in page


def test_what_is_less_to_pay_is_not_called_a_payment(city: object, at: At) -> None:
    page = at("anonymous").get("/policies/intensive-land-price").content.decode()
    assert "少付多少" in page
    assert "缴费、缴税、付款的时候直接办" in page


def test_a_guide_without_a_number_says_to_whom_and_whom_to_ask(city: object, at: At) -> None:
    page = at("anonymous").get("/policies/legal-fees-people").content.decode()
    assert "低收入群体、老年人、残疾人" in page
    assert "驻马店市司法局" in page
    assert "12345" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("并购金额小于500000000", "并购金额小于5亿"),
        ("最高3000000元", "最高300万元"),
        ("1.5亿是150000000", "1.5亿是1.5亿"),
        ("12345678", "12345678"),
        ("大于50000000.01", "大于50000000.01"),
    ],
)
def test_large_round_numbers_are_said_as_people_say_them(text: str, said: str) -> None:
    assert in_wan(text) == said


def test_a_guide_says_the_scale_the_clause_and_what_goes_not_with_it(city: object, at: At) -> None:
    merger = at("anonymous").get("/policies/merger-reward").content.decode()
    assert "并购金额小于5亿" in merger
    assert "正好10亿元：300万元" in merger
    assert "不是这几类企业：没有" in merger
    assert "（十三）降低优质企业并购成本" in merger
    assert "L2886" not in merger, "a line of our text of the gazette helps nobody who reads the gazette"
    assert "国家级示范物流园区" in at("anonymous").get("/policies/logistics-5a-firm").content.decode()
    assert at("anonymous").get("/policies/nothing").status_code == 404


@pytest.mark.usefixtures("in_2023")
def test_answers_give_amounts_with_reasons_and_leave_the_rest_open(city: object, at: At) -> None:
    answer = at("anonymous").post("/policies/calculator", HUB | {"logistics-project-investment": "60000000"})
    page = answer.content.decode()
    assert "一次性最多￥5,000,000.00" in page.replace("¥", "￥")
    assert "物流项目总投资额大于50000000" in page
    assert "还差信息的" in page
    assert "已经回答的（3项" in page


@pytest.mark.usefixtures("in_2023")
def test_it_asks_first_what_decides_most(city: object, at: At) -> None:
    page = at("anonymous").get("/policies/calculator?to=firm&field=跨境电商").content.decode()
    assert "是不是在本市注册" in page, "every policy of this field hangs on it"
    assert page.count('id="f-') == 5


@pytest.mark.usefixtures("in_2023")
def test_what_cannot_be_read_stays_and_is_explained(city: object, at: At) -> None:
    answer = at("anonymous").post("/policies/calculator", HUB | {"logistics-project-investment": "很多"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'value="很多"' in page
    assert "应当是数字" in page
    assert "checked" in page, "the other answers stay"


def test_a_policy_that_is_over_says_what_it_would_have_given(city: object, at: At) -> None:
    answer = at("anonymous").post("/policies/calculator", HUB | {"logistics-project-investment": "60000000"})
    page = answer.content.decode()
    assert "已失效的" in page
    assert "2022年10月18日 至 2025年12月31日" in page
    assert "当时本可享受：一次性最多￥5,000,000.00" in page
    assert "按照不超过总投资额30%的标准给予补助" in page, "the words of the clause"
    guide = at("anonymous").get("/policies/logistics-gap-filling-subsidy").content.decode()
    assert "这项政策已经到期" in guide
    assert "算一算当时能得到什么" in guide


def test_where_the_source_is_silent_the_page_says_so(city: object, at: At) -> None:
    page = at("anonymous").get("/policies/merger-reward").content.decode()
    assert "驻政办〔2020〕48号" in page
    assert "受益财政承担50%" in page
    assert "来源未规定，请问责任部门" in page


def test_what_has_to_be_asked_is_a_link_in_the_calculator_not_a_row(city: object, at: At) -> None:
    page = at("anonymous").get("/policies/calculator?to=person").content.decode()
    assert "要问部门：" in page
    assert "天中英才通" not in page
    listed = at("anonymous").get("/policies/?to=person").content.decode()
    assert "天中英才通" in listed


def test_nothing_is_kept(city: object, at: At) -> None:
    client = at("anonymous")
    client.post("/policies/calculator", HUB)
    assert not client.session.keys()


@pytest.mark.browser
def test_they_keep_nobody_out(city: object, at: At, browser: Browser) -> None:
    with browsing(browser, at("anonymous"), width=PHONE) as page:
        for address in ("/policies/", "/policies/merger-reward", "/policies/calculator?field=现代物流"):
            page.goto(HOST + address)
            assert (address, barriers(page)) == (address, [])
        page.get_by_role("button", name="算一算").click()
        assert barriers(page) == []
