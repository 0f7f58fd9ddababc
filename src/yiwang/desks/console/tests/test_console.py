# SPDX-License-Identifier: Apache-2.0
"""The console: releases reviewed by a second officer, messages sent again, the journal checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from support import city as town
from support.city import City
from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.journal.public import deliver_due, send, undelivered
from yiwang.engines import house
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import Actor, system

At = Callable[[str], Client]
ITEM = "shop-sign"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("", {"catalogue", "operator", "auditor"}),
        ("releases/", {"catalogue", "auditor"}),
        ("outbox/", {"operator"}),
        ("journal/", {"auditor"}),
        ("lights/", {"auditor"}),
    ],
)
def test_who_may_see_what(city: City, at: At, path: str, allowed: set[str]) -> None:
    personas = ("catalogue", "operator", "auditor", "handler", "counter", "owner")
    seen = {who for who in personas if at(who).get(f"/console/{path}").status_code == 200}
    assert seen == allowed
    assert at("anonymous").get(f"/console/{path}").status_code == 302


def other_summary(words: str) -> Catalogue:
    """The city's definitions with one sentence changed."""
    known = town.definitions()
    items = dict(known.items)
    items[ITEM] = items[ITEM].model_copy(update={"summary": words})
    folders: dict[str, Mapping[str, Any]] = {**known.folders(), "items": items}
    return Catalogue.of(folders, digest=digest_of(folders))


def drafted(by: Actor | None = None) -> str:
    """A draft that differs from the release in force in one sentence; its digest."""
    return catalogue.draft_release(by or system("起草"), other_summary("改过的一句话"), summary="改一句")


def test_a_draft_is_compared_reviewed_and_published(city: City, at: At) -> None:
    digest, officer = drafted(), at("catalogue")
    page = f"/console/releases/{digest}"
    text = officer.get(page).content.decode()
    assert "改过的一句话" in text
    assert city.catalogue.items[ITEM].summary in text
    assert officer.post(f"{page}/review", {"verdict": "approve"})["Location"] == page
    assert catalogue.current_digest() != digest
    officer.post(f"{page}/publish")
    assert catalogue.current_digest() == digest
    assert "现行" in officer.get(page).content.decode()


def test_sending_a_draft_back_needs_a_reason(city: City, at: At) -> None:
    digest, officer = drafted(), at("catalogue")
    page = f"/console/releases/{digest}"
    answer = officer.post(f"{page}/review", {"verdict": "reject"})
    assert answer.status_code == 400
    assert "退回要写明原因" in answer.content.decode()
    officer.post(f"{page}/review", {"verdict": "reject", "words": "依据写错了"})
    assert catalogue.release_view(digest).state == "rejected"
    assert "依据写错了" in officer.get(page).content.decode()
    late = officer.post(f"{page}/review", {"verdict": "reject", "words": "写得太晚"})
    assert (late.status_code, "写得太晚" in late.content.decode()) == (409, True)


def test_nobody_reviews_their_own_draft(city: City, at: At) -> None:
    digest = drafted(city["catalogue"])
    answer = at("catalogue").post(f"/console/releases/{digest}/review", {"verdict": "approve"})
    assert answer.status_code == 403
    assert "起草人不能复核自己的版本" in answer.content.decode()
    assert catalogue.release_view(digest).state == "draft"


def test_a_draft_is_not_published_unreviewed(city: City, at: At) -> None:
    digest = drafted()
    answer = at("catalogue").post(f"/console/releases/{digest}/publish")
    assert answer.status_code == 409
    assert catalogue.current_digest() != digest


def test_an_auditor_reads_releases_only(city: City, at: At) -> None:
    digest = drafted()
    assert "提交复核" not in at("auditor").get(f"/console/releases/{digest}").content.decode()
    assert at("auditor").post(f"/console/releases/{digest}/review", {"verdict": "approve"}).status_code == 403
    assert at("auditor").get("/console/releases/none").status_code == 404


def test_a_draft_is_made_from_the_files(city: City, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = other_summary("从文件来的一句话")
    monkeypatch.setattr(house, "load", lambda directory: changed)
    assert "请写明改了什么" in at("catalogue").post("/console/releases/draft", {}).content.decode()
    answer = at("catalogue").post("/console/releases/draft", {"summary": "招牌"})
    assert answer["Location"] == f"/console/releases/{changed.digest}"
    assert catalogue.release_view(changed.digest).summary == "招牌"
    again = at("catalogue").post("/console/releases/draft", {"summary": "招牌"}, follow=True)
    assert "完全一样" in again.content.decode()


def parked() -> int:
    """A message that failed for too long; its number."""
    with transaction.atomic():
        send("notice.text", "test:parked", {"notice": 0})

    def refuse(key: str, payload: Mapping[str, Any]) -> None:
        raise ConnectionError("短信平台没有应答")

    deliver_due({"notice.text": refuse}, give_up_after=dt.timedelta(0))
    return next(one.id for one in undelivered() if one.key == "test:parked")


def test_a_parked_message_is_sent_again_by_an_operator(city: City, at: At) -> None:
    message, operator = parked(), at("operator")
    text = operator.get("/console/outbox/").content.decode()
    assert "短信平台没有应答" in text
    assert f"/console/outbox/{message}/retry" in text
    assert at("auditor").post(f"/console/outbox/{message}/retry").status_code == 403
    operator.post(f"/console/outbox/{message}/retry")
    assert {one.state for one in undelivered() if one.id == message} == {"waiting"}
    again = operator.post(f"/console/outbox/{message}/retry", follow=True)
    assert "不用人工重发" in again.content.decode()


def test_the_journal_is_checked_on_demand(city: City, at: At) -> None:
    town.submitted(city)
    auditor = at("auditor")
    assert "没有发现问题" not in auditor.get("/console/journal/").content.decode()
    assert "没有发现问题" in auditor.post("/console/journal/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET actor_name = '别人' WHERE action = 'application.submitted'")
    text = auditor.post("/console/journal/").content.decode()
    assert "此行被改动" in text
    assert "没有发现问题" not in text


def test_departments_are_counted_by_light(city: City, at: At) -> None:
    town.submitted(city)
    page = at("auditor").get("/console/lights/")
    counted = {row.org: row.open for row in page.context["rows"]}
    assert sum(counted.values()) == town.ITEMS
    assert counted[town.OFFICE] == 1
    assert city.catalogue.orgs[town.OFFICE].name in page.content.decode()
    assert "没有在办的件" in at("auditor elsewhere").get("/console/lights/").content.decode()
