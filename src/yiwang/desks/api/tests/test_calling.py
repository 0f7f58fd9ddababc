# SPDX-License-Identifier: Apache-2.0
"""Who may call, in which way: tokens, sessions with their mark, and what a refusal says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from support import city as town
from support.city import City
from yiwang.apps.casework import public as casework
from yiwang.apps.identity.public import issue_token, revoke_token
from yiwang.kernel.actor import system

pytestmark = pytest.mark.django_db
APPLY = "/api/applications"
KEY = {"Idempotency-Key": "a-key-of-the-test"}


@pytest.fixture
def token(city: City) -> str:
    """The owner's token."""
    return issue_token(system("测试"), city.logins["owner"], "测试", 1)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def send(client: Client, city: City, headers: dict[str, str]) -> Any:
    body = town.api_body(city)
    return client.post(APPLY, body, content_type="application/json", headers=KEY | headers)


def test_a_token_is_enough(city: City, token: str) -> None:
    answer = send(Client(enforce_csrf_checks=True), city, bearer(token))
    assert answer.status_code == 201
    assert re.fullmatch(r"411702-\d{8}-\d{5}-\d", answer.json()["number"])


def test_the_same_key_gives_the_same_receipt(city: City, token: str) -> None:
    said = [send(Client(), city, bearer(token)).json() for _ in range(2)]
    assert said[0] == said[1]
    assert len(casework.applications_of(city["owner"])) == 1


def test_a_key_that_somebody_else_used_gives_nothing_away(city: City, token: str) -> None:
    send(Client(), city, bearer(token))
    other = issue_token(system("测试"), city.logins["other"], "测试", 1)
    answer = send(Client(), city, bearer(other))  # the other one even names the owner as applicant
    assert answer.status_code == 409
    assert "411702" not in answer.content.decode()


def test_a_session_needs_the_mark_of_our_pages(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(city.account("owner"), backend="django.contrib.auth.backends.ModelBackend")
    answer = send(client, city, {})
    assert answer.status_code == 403
    assert "X-CSRFToken" in answer.json()["mend"]
    mark = client.get("/").cookies.get("csrftoken") or client.get("/applications/").cookies["csrftoken"]
    assert send(client, city, {"X-CSRFToken": mark.value}).status_code == 201


def test_a_wrong_token_is_not_helped_by_a_session(city: City, at: Callable[[str], Client]) -> None:
    assert send(at("owner"), city, bearer("yw_wrong")).status_code == 401


def test_a_revoked_token_is_unknown(city: City, token: str) -> None:
    revoke_token(system("测试"), city.logins["owner"], "测试")
    answer = send(Client(), city, bearer(token))
    assert answer.status_code == 401
    assert answer.json()["mend"]


@pytest.mark.parametrize("body", [b"{", b"[1", b"\xff\xfe", b'{"a": NaN}', b'"\\u0000"', b'"\\ud800"'])
def test_what_is_no_json_is_said_in_chinese(city: City, token: str, body: bytes) -> None:
    answer = Client().post(APPLY, body, content_type="application/json", headers=KEY | bearer(token))
    assert answer.status_code == 400
    assert answer.json()["kind"] == "invalid"
    assert "JSON" in answer.json()["message"]


def test_an_operation_for_officers_refuses_residents(city: City, token: str) -> None:
    answer = Client().get("/api/worklist", headers=bearer(token))
    assert (answer.status_code, answer.json()["kind"]) == (403, "forbidden")
