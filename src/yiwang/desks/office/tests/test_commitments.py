# SPDX-License-Identifier: Apache-2.0
"""告知承诺核查 on its pages: what is due, looked at, concluded; the applicant sees what became of it."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from support import city as town
from support.around_commitments import around_commitments
from support.city import City
from yiwang.apps.commitments import public as commitments

At = Callable[[str], Client]


def test_a_check_from_the_list_to_its_end(city: City, at: At) -> None:
    check = around_commitments(city, town.submitted(city))["commitment_check"]
    listed = at("handler").get("/office/commitments/").content.decode()
    page = f"/office/commitments/{check}"
    assert page in listed
    assert "告知承诺核查" in at("handler").get("/office/").content.decode()
    seen = at("handler").get(page).content.decode()
    assert "一、告知" in seen
    out_of_turn = {"act": "look", "method": "site", "found": "true", "words": "看过现场了"}
    refused = at("handler").post(page, out_of_turn)
    assert refused.status_code == 409
    assert "看过现场了" in refused.content.decode()
    assert at("handler").post(page, {"act": "look", "found": "true"}).status_code == 400
    assert at("handler").post(page, {"act": "untrue", "severity": "严重", "words": "假的"}).status_code in (
        403,
        409,
    )
    found = {"act": "look", "method": "online", "found": "untrue", "words": "登记里没有"}
    assert at("handler").post(page, found).status_code == 302
    assert at("approver").post(page, {"act": "untrue", "words": "登记里没有"}).status_code == 400
    done = at("approver").post(page, {"act": "untrue", "severity": "严重", "words": "登记里没有"})
    assert done.status_code == 302
    assert "责令整改" in at("approver").get(page).content.decode()
    assert commitments.bars(city.firm, on=timezone.localdate())
    assert at("handler").post(page, {"act": "mended", "words": "改好了"}).status_code == 302
    assert "没有要核查的承诺" in at("handler").get("/office/commitments/").content.decode()


def test_another_department_neither_sees_nor_answers(city: City, at: At) -> None:
    check = around_commitments(city, town.submitted(city))["commitment_check"]
    other = at("handler of another department")
    assert other.get(f"/office/commitments/{check}").status_code == 404
    answer = {"help": "ch_" + "0" * 26, "found": "true", "words": "有"}
    assert other.post("/office/commitments/", answer).status_code == 404
    assert other.post("/office/commitments/", {**answer, "found": ""}).status_code == 400
    assert at("owner").get("/office/commitments/").status_code == 403
