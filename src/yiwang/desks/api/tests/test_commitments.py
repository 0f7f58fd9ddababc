# SPDX-License-Identifier: Apache-2.0
"""A program can read the commitments that may be signed for documents, and sign them (告知承诺)."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from django.test import Client

from support import city as town
from support.city import City
from yiwang.apps.casework import public as casework

ANSWERS = {**town.ANSWERS, "drainage-way": "市政污水管网", "key-drainage-household": False}


def test_a_plan_brings_the_words_to_sign(city: City, at: Callable[[str], Client]) -> None:
    numbers = {"premises-area": 50, "seat-count": 12, "staff-count": 2}
    body = {"life_event": town.EVENT, "answers": {**ANSWERS, **numbers}}
    page = at("anonymous").post("/api/plans", body, content_type="application/json")
    assert page.status_code == 200, page.content
    texts = {one["material"]: one for one in page.json()["commitments"]}
    assert set(texts) == {"drainage-works-report", "drainage-quality-report"}
    for one in texts.values():
        assert one["version"] == sha256(one["words"].encode()).hexdigest()


def test_a_signature_over_other_words_is_refused(city: City, at: Callable[[str], Client]) -> None:
    body = {**town.api_body(city), "answers": ANSWERS, "signed_commitments": {"drainage-works-report": "0"}}
    page = at("owner").post(
        "/api/applications",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": "signed-12345"},
    )
    assert page.status_code == 409
    assert "内容有变化" in page.json()["message"]
    assert casework.applications_of(city["owner"]) == []
