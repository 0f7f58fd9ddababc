# SPDX-License-Identifier: Apache-2.0
"""The page that asks before other departments are asked: all, some, none; withdrawn; dead providers;
stale pages; at the counter; and what the form and the documents say then."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser

from support import city as town
from support.city import City
from support.pages import HOST, PHONE, barriers, browsing
from support.sharing import FakeExchange, consents, plugged, theirs
from yiwang.apps.casework import public as casework
from yiwang.apps.lookups.public import Request, use_exchange
from yiwang.kernel.errors import Unavailable

At = Callable[[str], Client]
EVENT = "newborn"
QUESTION = "同意向有关部门查询以下数据"


@pytest.fixture
def exchange(city: City) -> Iterator[FakeExchange]:
    """Marriages and people may be asked about."""
    only = frozenset({"marriage-registration", "household-population"})
    with plugged(FakeExchange(_answer, only=only)) as made:
        yield made


def _answer(request: Request) -> list[dict[str, object]]:
    values = {"resident-name": "王甲", "resident-address": "共享路8号", "marital-status": "已婚"}
    if "spouse-id-number" in request.fields:
        values |= {"spouse-id-number": "411702199001010016"}
    return theirs(request, **values)


@pytest.fixture
def draft(city: City) -> str:
    """A draft of the newborn errand, nothing filled in."""
    own = city["owner"].id
    return casework.start_draft(city["owner"], casework.NewDraft(EVENT, own, own, town.HERE))


def address(draft: str, page: str = "shared-data") -> str:
    """A page of the draft."""
    return f"/applications/{draft}/{page}"


def text_of(client: Client, where: str) -> str:
    """A page's text."""
    answer = client.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(text: str, name: str = "shown") -> list[str]:
    """The offers of a page, by what its form sends."""
    return re.findall(rf'name="{name}" value="([\w,]+)"', text)


def press(client: Client, draft: str, **sent: object) -> str:
    """Press a button; the page that comes after."""
    answer = client.post(address(draft), sent, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_question_says_who_what_for_what_and_on_which_basis(
    city: City, at: At, exchange: FakeExchange, draft: str
) -> None:
    for page in ("form", "documents"):
        assert address(draft) in text_of(at("owner"), address(draft, page))
    text = text_of(at("owner"), address(draft))
    wanted = (QUESTION, "婚姻登记信息", "户籍人口基本信息", "民政局", "公安局", "结婚证", "办理“", "依据")
    for words in wanted:
        assert words in text, words
    assert 'type="checkbox"' in text
    assert " checked" not in text  # nobody agrees by not looking
    assert exchange.asked == []


def test_all_are_asked_and_the_form_says_where_values_come_from(
    city: City, at: At, exchange: FakeExchange, draft: str
) -> None:
    client = at("owner")
    before = text_of(client, address(draft, "documents"))
    assert "要交" in before
    text = press(client, draft, all="1", shown=shown(text_of(client, address(draft))))
    assert "查到了" in text
    assert QUESTION not in text
    assert len(exchange.asked) == len(consents()) >= 2
    form = text_of(client, address(draft, "form"))
    assert "共享路" in form
    assert "户籍人口基本信息" in form
    assert "来自部门共享数据" in form
    documents = text_of(client, address(draft, "documents"))
    spared = documents.split("不用您交的")[1]
    assert "结婚证" in spared


def test_some_or_none(city: City, at: At, exchange: FakeExchange, draft: str) -> None:
    client = at("owner")
    text = press(client, draft, some="1", shown=shown(text_of(client, address(draft))))
    assert "还没有勾选" in text
    assert exchange.asked == []
    first = shown(text, "offer")[0]
    text = press(client, draft, some="1", shown=shown(text), offer=[first])
    assert {one.resource for one in exchange.asked} == {"household-population"}
    assert QUESTION in text  # the others may still be agreed to


def test_withdrawn_means_deleted_and_asked_again_only_by_consent(
    city: City, at: At, exchange: FakeExchange, draft: str
) -> None:
    client = at("owner")
    press(client, draft, all="1", shown=shown(text_of(client, address(draft))))
    asked = len(exchange.asked)
    for one in consents():
        text = press(client, draft, withdraw=one.public_id)
        assert "已撤回" in text
    assert "共享路" not in text_of(client, address(draft, "form"))
    assert "还没有查" not in text
    press(client, draft, again=consents()[0].public_id)
    assert len(exchange.asked) == asked


def test_a_dead_provider_costs_its_line_only(city: City, at: At, exchange: FakeExchange, draft: str) -> None:
    client = at("owner")

    def half_dead(request: Request) -> list[dict[str, object]]:
        if request.resource == "marriage-registration":
            raise Unavailable("不通")
        return _answer(request)

    exchange.answer = half_dead
    text = press(client, draft, all="1", shown=shown(text_of(client, address(draft))))
    assert "暂时查不到，请自己填" in text
    assert "查到了" in text
    exchange.answer = _answer
    (dead,) = [one for one in consents() if one.resource == "marriage-registration"]
    assert "暂时查不到" not in press(client, draft, again=dead.public_id)


def test_a_stale_page_and_a_second_press(city: City, at: At, exchange: FakeExchange, draft: str) -> None:
    client = at("owner")
    sent = shown(text_of(client, address(draft)))
    casework.save_form(city["owner"], draft, {"resident-address": "自己写的路1号"})
    assert "刚有变化" in press(client, draft, all="1", shown=sent)
    assert exchange.asked == []
    sent = shown(text_of(client, address(draft)))
    press(client, draft, all="1", shown=sent)
    asked = len(exchange.asked)
    press(client, draft, all="1", shown=sent)
    assert len(exchange.asked) == asked
    assert "刚有变化" in press(client, draft, all="1", shown=["nothing"])


def test_somebody_elses_draft_is_not_there(city: City, at: At, exchange: FakeExchange, draft: str) -> None:
    sent = shown(text_of(at("owner"), address(draft)))
    for persona in ("other", "counter elsewhere"):
        assert at(persona).get(address(draft)).status_code == 404
        assert at(persona).post(address(draft), {"all": "1", "shown": sent}).status_code == 404
    assert at("anonymous").get(address(draft)).status_code == 302
    assert exchange.asked == []


def test_a_clerk_asks_the_person_in_front_first(
    city: City, at: At, exchange: FakeExchange, draft: str
) -> None:
    clerk = at("counter")
    text = text_of(clerk, address(draft))
    assert "来人同意" in text
    assert "请先问来人" in press(clerk, draft, all="1", shown=shown(text))
    assert exchange.asked == []
    text = press(clerk, draft, all="1", shown=shown(text), present="1")
    assert "由窗口登记" in text
    assert {one.given_by for one in consents()} == {city["owner"].id}


def test_while_it_is_asked_the_page_says_so(city: City, at: At, exchange: FakeExchange, draft: str) -> None:
    use_exchange(exchange, runner=lambda jobs, patience: None)  # as when the answers take their time
    client = at("owner")
    text = press(client, draft, all="1", shown=shown(text_of(client, address(draft))))
    assert "正在问有关部门" in text
    assert "看看查到了没有" in text  # without scripts: by opening it again
    assert "hx-trigger" in text
    assert "暂时查不到" not in text


@pytest.mark.browser
def test_it_keeps_nobody_out(
    city: City, at: At, exchange: FakeExchange, draft: str, browser: Browser
) -> None:
    with browsing(browser, at("owner"), width=PHONE, elder=True) as page:
        page.goto(HOST + address(draft))
        assert barriers(page) == []
        page.get_by_role("button", name="全部同意，去查").click()
        page.get_by_role("heading", name="您已经同意查的").wait_for()
        assert barriers(page) == []
        page.goto(HOST + "/my-data/")
        assert barriers(page) == []
