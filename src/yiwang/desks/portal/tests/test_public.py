# SPDX-License-Identifier: Apache-2.0
"""What anybody may see: search, questions, plan, notice, guides; no secret in an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from support.city import ANSWERS, City

At = Callable[[str], Client]
RESTAURANT = "/life-events/open-restaurant"
QUERY = {key: str(value).lower() if isinstance(value, bool) else value for key, value in ANSWERS.items()}
BIRTH = "1966-05-04"


@pytest.fixture
def visitor(at: At) -> Client:
    return at("anonymous")


def page(client: Client, address: str, status: int = 200, /, **query: Any) -> str:
    """The text of a page."""
    answer = client.get(address, query)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_front_page_offers_life_events_to_persons_and_firms(city: City, visitor: Client) -> None:
    text = page(visitor, "/")
    persons, firms = text.split('id="firms"')
    assert "/life-events/retirement" in persons
    assert "/life-events/open-firm" in firms
    assert "12345" in text


def test_a_plain_sentence_finds_the_errand_first(city: City, visitor: Client) -> None:
    text = page(visitor, "/search", q="我想开一家小饭馆")
    assert text.index("/life-events/open-restaurant") < text.index("/items/")
    assert text.index("/life-events/open-restaurant") == text.index("/life-events/")


def test_nothing_found_says_what_to_do_next(city: City, visitor: Client) -> None:
    text = page(visitor, "/search", q="造火箭上天")
    assert "没有找到" in text
    assert "tel:12345" in text
    assert "/life-events/" in text
    assert visitor.get("/search", {"q": " "})["Location"] == "/"


def test_a_conditional_question_waits_for_its_answer(city: City, visitor: Client) -> None:
    assert 'name="fire-check-way"' not in page(visitor, RESTAURANT)
    assert 'name="fire-check-way"' in page(visitor, RESTAURANT, **{"seat-count": "12"})
    assert 'name="fire-check-way"' not in page(visitor, RESTAURANT, **{"seat-count": "0"})
    assert 'name="fire-check-way"' in page(visitor, f"{RESTAURANT}/plan", **{"seat-count": "12"})


def test_with_scripts_only_what_changed_comes_back(city: City, visitor: Client) -> None:
    def asked(**data: str) -> str:
        return visitor.post(f"{RESTAURANT}/answers", data, headers={"HX-Request": "true"}).content.decode()

    assert 'id="slot-fire-check-way"' in asked(**{"seat-count": "12"})
    assert asked(**{"seat-count": "12", "shown": "fire-check-way"}).strip() == ""
    gone = asked(**{"seat-count": "0", "shown": "fire-check-way"})
    assert 'id="slot-fire-check-way"' in gone
    assert "<input" not in gone


def test_a_wrong_answer_stays_and_is_explained(city: City, visitor: Client) -> None:
    text = page(visitor, f"{RESTAURANT}/plan", 400, **{"seat-count": "十来个"})
    assert 'value="十来个"' in text
    assert 'href="#f-seat-count"' in text
    assert 'id="wrong-seat-count"' in text
    assert 'aria-invalid="true"' in text


def test_the_plan_says_what_why_when_and_what_is_saved(city: City, visitor: Client) -> None:
    text = page(visitor, f"{RESTAURANT}/plan", **QUERY)
    for words in ("受理条件", "交什么", "填什么", "收多少钱", "不满意怎么办", "一件一件分开办", "第 1 步"):
        assert words in text
    assert "《中华人民共和国食品安全法》第三十五条" in text
    assert "不用您办的" in text
    assert "<svg" in text
    assert "style=" not in text.replace("font-style=", "")


def test_some_items_can_be_left_and_others_added(city: City, visitor: Client) -> None:
    some = page(visitor, f"{RESTAURANT}/plan", **QUERY, chosen="1", take=["health-check"])
    assert "<strong>1 件事</strong>" in some
    assert 'value="health-check" checked' in some
    more = page(
        visitor, f"{RESTAURANT}/plan", **QUERY, chosen="1", take=["health-check", "tobacco-licence-issue"]
    )
    assert "<strong>2 件事</strong>" in more
    none = page(visitor, f"{RESTAURANT}/plan", **QUERY, chosen="1")
    assert "没有要办的事项" in none
    assert 'value="health-check" checked' in none


def test_what_the_law_binds_has_no_box_and_follows(city: City, visitor: Client) -> None:
    bound = next(
        (member, event)
        for event in city.catalogue.life_events.values()
        for member in event.items
        if member.bound_with
    )
    member, event = bound
    group = {member.item, *member.bound_with}
    text = page(visitor, f"/life-events/{event.id}/plan")
    boxes = {item for item in group if f'name="take" value="{item}"' in text}
    assert len(boxes) == 1
    assert "一起办" in text
    alone = page(visitor, f"/life-events/{event.id}/plan", chosen="1", take=list(boxes))
    assert f"<strong>{len(group)} 件事</strong>" in alone


def test_a_refusal_names_the_clause_and_the_other_way(city: City, visitor: Client) -> None:
    text = page(visitor, "/life-events/simple-deregistration/plan", **{"dereg-abnormal": "true"})
    assert "您现在走不了" in text
    assert "市场主体登记管理条例实施细则" in text
    assert "一般注销程序" in text
    assert "dereg-abnormal=true" in text  # the way back keeps the answers


def test_a_personal_answer_never_stands_in_an_address(city: City, visitor: Client) -> None:
    retirement = "/life-events/retirement"
    assert 'method="post"' in page(visitor, retirement).split('id="ask"')[1][:200]
    given = {"retiree-birth-date": BIRTH, "retiree-category": "男职工", "household-in-province": "true"}
    answer = visitor.post(f"{retirement}/answers", given)
    assert BIRTH not in answer["Location"]
    assert "household-in-province=true" in answer["Location"]
    plan = page(visitor, answer["Location"])
    assert BIRTH not in plan
    assert f'value="{BIRTH}"' in page(visitor, retirement)  # and it is not asked twice
    assert BIRTH not in page(Client(), retirement)
    forged = page(visitor, retirement, **{"retiree-birth-date": "1990-01-01"})
    assert 'value="1990-01-01"' not in forged


def test_the_notice_can_be_printed_and_kept(city: City, visitor: Client) -> None:
    assert "一次告知单" in page(visitor, f"{RESTAURANT}/notice", **QUERY)
    file = visitor.get(f"{RESTAURANT}/notice", {**QUERY, "download": ""})
    assert file["Content-Disposition"] == 'attachment; filename="open-restaurant-notice.html"'
    assert "一次告知单" in file.content.decode()


def test_every_item_has_a_guide_with_the_seven_fields(city: City, visitor: Client) -> None:
    fields = ("设定依据", "受理条件", "申请材料", "办理流程", "收费依据及标准", "办结时限", "办理结果")
    for item in city.catalogue.items:
        text = page(visitor, f"/items/{item}")
        places = [text.index(f"<h2>{one}</h2>") for one in fields]
        assert places == sorted(places)


def test_every_life_event_has_a_page_and_a_plan(city: City, visitor: Client) -> None:
    for event in city.catalogue.life_events.values():
        assert event.name in page(visitor, f"/life-events/{event.id}")
        assert "开始办理" in page(visitor, f"/life-events/{event.id}/plan")


@pytest.mark.parametrize("address", ["/life-events/nothing", "/life-events/nothing/plan", "/items/nothing"])
def test_what_is_not_there_is_said_plainly(city: City, visitor: Client, address: str) -> None:
    assert "请回到首页" in page(visitor, address, 404)
