# SPDX-License-Identifier: Apache-2.0
"""From the plan to the receipt without scripts: nothing typed is lost, nothing is submitted twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support import city as town
from support.city import ANSWERS, HERE, PROMISED, City
from yiwang.apps.casework import public as casework
from yiwang.apps.journal.public import entries_of
from yiwang.kernel.actor import system

from .test_public import QUERY

At = Callable[[str], Client]
START = f"/applications/start?{urlencode({'event': 'open-restaurant', **QUERY})}"
PAGES = (
    "",
    "answers",
    "form",
    "documents",
    "delivery",
    "review",
    "receipt",
    "progress",
    "correct",
    "withdraw",
    "later",
)


def upload(name: str = "证.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, town.pdf() if content is None else content)


def own(city: City, persona: str) -> str:
    return city[persona].id


def begin(client: Client, applicant: str) -> str:
    """Start from the plan page's address; returns the draft's address."""
    answer = client.post(START, {"applicant": applicant, "place": HERE})
    address = str(answer["Location"])
    assert re.fullmatch(r"/applications/[a-z0-9_]+/", address)
    return address


@pytest.fixture
def draft(city: City, at: At) -> tuple[Client, str]:
    """A draft of somebody without any paper on record, and their client."""
    client = at("former agent")
    return client, begin(client, own(city, "former agent"))


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_start_asks_for_the_login_and_comes_back(city: City) -> None:
    answer = Client().get(START)
    assert answer["Location"].startswith("/login?next=%2Fapplications%2Fstart%3Fevent%3Dopen-restaurant")


def test_the_applicant_is_oneself_or_a_firm_one_acts_for(city: City, at: At) -> None:
    text = text_of(at("agent"), START)
    assert own(city, "agent") in text
    assert city.firm in text
    assert city.firm not in text_of(at("former agent"), START)
    assert f'value="{HERE}" selected' in text  # the county of the answers
    refused = at("former agent").post(START, {"applicant": city.firm, "place": ""})
    assert refused.status_code == 400
    assert "请选择给谁办" in refused.content.decode()
    assert "请选择在哪个县区办" in refused.content.decode()


def test_a_firms_draft_belongs_to_the_firm(city: City, at: At) -> None:
    address = begin(at("agent"), city.firm)
    assert text_of(at("representative of the firm"), f"{address}form")
    assert at("former agent").get(f"{address}form").status_code == 404


def form_of(city: City) -> dict[str, Any]:
    return {k: v if v is not False else "false" for k, v in town.form(city.catalogue).items()}


def test_from_the_plan_to_the_receipt(city: City, draft: tuple[Client, str]) -> None:
    client, address = draft
    assert client.get(address)["Location"] == f"{address}form"
    first = client.post(f"{address}form", {**form_of(city), "next": "1"})
    assert first["Location"] == f"{address}documents"
    files = {material: upload() for material in ("id-card", "business-licence", "premises-use-proof")}
    client.post(f"{address}documents", {**files, "promise": PROMISED[0]})
    client.post(f"{address}documents", {"promise": PROMISED[1]})
    assert client.post(f"{address}documents", {"next": "1"})["Location"] == f"{address}delivery"
    assert client.post(f"{address}delivery", {"method": "electronic"})["Location"] == f"{address}review"
    review = text_of(client, f"{address}review")
    assert "还不能提交" not in review
    hidden = dict(re.findall(r'name="(key|declaration)" value="(\w+)"', review))
    typed = {**hidden, "promise": "true", "signing": "paper"}
    sent = [client.post(f"{address}submit", typed) for _ in range(2)]
    assert {answer["Location"] for answer in sent} == {f"{address}receipt"}
    receipt = text_of(client, f"{address}receipt")
    assert len(set(re.findall(r"411702-\d{8}-\d{5}-\d", receipt))) == 1
    assert client.get(f"{address}form")["Location"] == f"{address}progress"
    actions = [entry["action"] for entry in entries_of(f"case:{address.split('/')[2]}")]
    assert actions.count("application.submitted") == 1


def test_going_on_says_everything_that_is_missing_at_once(city: City, draft: tuple[Client, str]) -> None:
    client, address = draft
    assert client.post(f"{address}form", {"next": "1"})["Location"] == f"{address}form?check=1#problems"
    text = text_of(client, f"{address}form?check=1")
    told = dict(re.findall(r'<li><a href="#f-([\w-]+)">([^<]*)', text))
    missing, known = list(told), city.catalogue.elements
    assert len(missing) > 3
    assert all(known[one].question in words for one, words in told.items()), "as it is asked"
    assert "请填写这一项" in text
    assert all(f'id="f-{one}"' in text for one in missing)
    assert "还差这几处" not in text_of(client, f"{address}form")  # nobody is scolded before they begin


def test_a_wrong_value_is_kept_and_explained(city: City, draft: tuple[Client, str]) -> None:
    client, address = draft
    client.post(f"{address}form", {"resident-id-number": "411702", "later": "1"})
    text = text_of(client, f"{address}form")
    assert 'value="411702"' in text
    assert "身份证号码应为18位" in text


def test_what_was_saved_for_later_is_there_again(city: City, draft: tuple[Client, str]) -> None:
    client, address = draft
    answer = client.post(f"{address}form", {"firm-name": "老王饭馆", "later": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/applications/"
    assert "已经保存" in answer.content.decode()
    assert 'value="老王饭馆"' in text_of(client, f"{address}form")


def test_fields_of_nobodys_form_are_not_taken(city: City, draft: tuple[Client, str]) -> None:
    client, address = draft
    client.post(f"{address}form", {"decedent-name": "某人", "later": "1"})
    typed = casework.draft_view(city["former agent"], address.split("/")[2]).typed
    assert "decedent-name" not in typed


def test_a_page_that_is_out_of_date_says_what_it_replaced(city: City, draft: tuple[Client, str]) -> None:
    client, address = draft
    old = casework.draft_view(city["former agent"], address.split("/")[2]).version
    client.post(f"{address}form", {"firm-name": "甲饭馆", "later": "1"})
    client.post(f"{address}form", {"firm-name": "乙饭馆", "version": str(old), "next": "1"})
    text = text_of(client, f"{address}form")
    assert "甲饭馆" in text
    assert 'value="乙饭馆"' in text


def test_known_values_are_shown_with_their_source_and_not_asked(city: City, at: At) -> None:
    client = at("owner")
    text = text_of(client, f"{begin(client, own(city, 'owner'))}form")
    assert "前面已经回答" in text
    assert 'name="premises-area"' not in text


def test_a_refused_file_loses_no_other(city: City, draft: tuple[Client, str]) -> None:
    client, address = draft
    files = {"id-card": upload("证.pdf", b"MZ program"), "premises-use-proof": upload()}
    answer = client.post(f"{address}documents", {**files, "next": "1"}, follow=True)
    text = answer.content.decode()
    assert 'href="#f-id-card"' in text
    assert text.count("已上传") == 1
    assert 'href="#f-id-card"' not in text_of(client, f"{address}documents")  # told once


def test_a_file_can_be_taken_off_again_and_is_nobody_elses(
    city: City, at: At, draft: tuple[Client, str]
) -> None:
    client, address = draft
    client.post(f"{address}documents", {"id-card": upload("我的证.pdf")})
    file = re.search(r"/files/(\w+)\"", text_of(client, f"{address}documents"))
    assert file
    answer = client.get(f"{address}files/{file[1]}")
    assert answer.content == town.pdf() or answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/pdf"
    assert at("other").get(f"{address}files/{file[1]}").status_code == 404
    mine = begin(at("other"), own(city, "other"))
    assert at("other").get(f"{mine}files/{file[1]}").status_code == 404
    client.post(f"{address}documents", {"remove": f"id-card/{file[1]}"})
    assert client.get(f"{address}files/{file[1]}").status_code == 404


def test_a_promise_can_be_taken_back(city: City, draft: tuple[Client, str]) -> None:
    client, address = draft
    client.post(f"{address}documents", {"promise": PROMISED[0]})
    assert "已承诺后补" in text_of(client, f"{address}documents")
    client.post(f"{address}documents", {"take_back": PROMISED[0]})
    assert "已承诺后补" not in text_of(client, f"{address}documents")


def test_a_promise_that_is_not_allowed_is_refused_in_words(city: City, draft: tuple[Client, str]) -> None:
    client, address = draft
    answer = client.post(f"{address}documents", {"promise": "id-card"}, follow=True)
    assert "这项材料不能容缺" in answer.content.decode()


def test_a_courier_needs_an_address_and_the_choice_stays(city: City, draft: tuple[Client, str]) -> None:
    client, address = draft
    answer = client.post(f"{address}delivery", {"method": "courier", "address": ""})
    assert answer.status_code == 400
    assert "邮寄要写地址" in answer.content.decode()
    assert 'value="courier" checked' in answer.content.decode()


def test_without_the_declaration_nothing_is_submitted(city: City, at: At) -> None:
    made = town.draft(city)
    answer = at("owner").post(f"/applications/{made}/submit", {"key": "k1"})
    assert answer.status_code == 400
    assert "我承诺以上内容属实" in answer.content.decode()
    assert casework.draft_view(city["owner"], made).row.stage == "draft"


def test_an_incomplete_draft_is_told_what_is_missing_and_where(city: City, draft: tuple[Client, str]) -> None:
    client, address = draft
    answer = client.post(f"{address}submit", {"key": "k2", "promise": "true"})
    assert answer["Location"] == f"{address}review#missing"
    text = text_of(client, f"{address}review")
    for link in (
        f"{address}form?check=1#f-",
        f"{address}documents?check=1#f-",
        f"{address}delivery?check=1#f-method",
    ):
        assert link in text


def test_new_answers_are_kept_only_if_they_lead_somewhere(city: City, at: At) -> None:
    actor = city["agent"]
    made = casework.start_draft(
        actor, casework.NewDraft("simple-deregistration", city.firm, actor.id, HERE, {"firm-kind": "公司"})
    )
    client, address = at("agent"), f"/applications/{made}/answers"
    refused = client.post(address, {"firm-kind": "公司", "dereg-abnormal": "true"})
    assert "您现在走不了" in refused.content.decode()
    assert casework.draft_view(actor, made).answers == {"firm-kind": "公司"}
    client.post(address, {"firm-kind": "公司", "dereg-abnormal": "false"})
    assert casework.draft_view(actor, made).answers["dereg-abnormal"] is False


def test_a_dropped_draft_is_gone(city: City, draft: tuple[Client, str]) -> None:
    client, address = draft
    assert address in text_of(client, "/applications/")
    client.post(f"{address}drop")
    assert address not in text_of(client, "/applications/")


def addresses(application: str) -> Iterator[str]:
    yield from (f"/applications/{application}/{page}" for page in PAGES)


def test_nobody_learns_of_somebody_elses_application(city: City, at: At) -> None:
    made, sent = town.draft(city), town.submitted(city)
    for address in (*addresses(made), *addresses(sent)):
        for persona in ("other", "agent"):
            assert at(persona).get(address).status_code == 404
    for page in ("submit", "drop"):
        assert at("other").post(f"/applications/{made}/{page}", {"promise": "true"}).status_code == 404


def test_whoever_is_not_logged_in_comes_back_after_the_login(city: City, at: At) -> None:
    made = town.draft(city)
    for address in (*addresses(made), "/applications/", "/notices/", "/my-data/"):
        assert at("anonymous").get(address)["Location"].startswith("/login?next=%2F")


def test_typed_answers_hold_what_the_plan_showed(city: City, draft: tuple[Client, str]) -> None:
    _, address = draft
    stored = casework.draft_view(system("测试"), address.split("/")[2]).answers
    assert set(stored) == set(ANSWERS)
