# SPDX-License-Identifier: Apache-2.0
"""告知承诺核查 on its pages: what is due, looked at, concluded; the applicant sees what became of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from support import city as town
from support.around_commitments import around_commitments, with_proof_of
from support.city import City
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.commitments import public as commitments
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import Conflict

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


def test_a_changed_list_is_published_only_after_review_and_approval(city: City, at: At) -> None:
    setup = system("测试准备")
    digest = draft_release(setup, with_proof_of(city.catalogue, town.OFFICE), summary="新增一项")
    review_release(system("测试复核"), digest, approve=True)
    with pytest.raises(Conflict, match="还没有经司法行政部门审核"):
        publish_release(setup, digest)
    sent = {"org": town.OFFICE, "release": digest, "words": ""}
    assert "新增" in at("approver").get("/office/commitment-lists/").content.decode()
    assert at("approver").post("/office/commitment-lists/", sent).status_code == 400
    assert at("handler of another department").post("/office/commitment-lists/", sent).status_code == 404
    page = at("approver").post("/office/commitment-lists/", {**sent, "words": "群众常用"})["Location"]
    own = {"act": "review", "agree": "yes"}
    assert at("approver").post(page, own).status_code == 403
    assert at("handler of another department").get(page).status_code == 404
    made = page.rsplit("/", 1)[1]
    justice = officer("justice", "司法")
    commitments.review_list(justice, made, agree=True, words="")
    with pytest.raises(Conflict):
        publish_release(setup, digest)
    commitments.approve_list(
        officer("municipal-government-office", "市府办"), made, agree=True, reference="驻政文〔2026〕1号"
    )
    publish_release(setup, digest)
    assert commitments.list_view(justice, made).row.in_force
    commitments.file_list(justice, made, reference="豫司备〔2026〕1号")
    public = at("anonymous").get("/commitments/lists").content.decode()
    assert "豫司备〔2026〕1号" in public
    assert "已备案" in at("approver").get(page).content.decode()


def officer(org: str, name: str) -> Actor:
    """An officer of the body that has a part in a list."""
    return Actor(ActorKind.OFFICER, f"of_{org}", name, (Post(Role.APPROVER, org),))
