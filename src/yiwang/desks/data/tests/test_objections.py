# SPDX-License-Identifier: Apache-2.0
"""Objections and quality on the desks: raised, checked, answered; foreign ones are not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.city import OFFICE, City, pdf
from yiwang.apps.identity.public import subject
from yiwang.apps.quality import public as quality
from yiwang.apps.quality.tests.rows import Source

At = Callable[[str], Client]
CONNECTOR_OF = "yiwang.apps.quality.commands.running.connector_of"
ABOUT = {"field": "unit", "should": "市中心医院", "why": "体检单位写错了", "says": "市人民医院"}


def text(answer: Any) -> str:
    """The page's words."""
    return str(answer.content.decode())


def object_as_owner(city: City, at: At, **more: Any) -> Any:
    """The owner says the unit on their health certificate is wrong."""
    path = "/my-data/objections/new/health-certificates/unit"
    return at("owner").post(path, {**ABOUT, "subject": city["owner"].id, **more})


def test_a_person_objects_from_a_link_that_holds_no_value(city: City, at: At) -> None:
    page = text(at("owner").get("/my-data/objections/new?resource=health-certificates&field=unit"))
    assert 'value="unit" selected' in page
    sheet = pdf()
    answer = object_as_owner(city, at, files=SimpleUploadedFile("体检单.pdf", sheet))
    assert answer.status_code == 302
    page = text(at("owner").get(answer.url))
    assert "市中心医院" in page
    assert "体检单.pdf" in page
    assert "核查中" in page
    (file,) = re.findall(r'href="(/my-data/objections/obj_\w+/file_\w+)"', page)
    assert at("owner").get(file).content == sheet
    assert at("other").get(file).status_code == 404
    assert at("other").get(answer.url).status_code == 404
    assert "核查中" in text(at("owner").get("/my-data/objections/"))
    assert "没有提过" in text(at("other").get("/my-data/objections/"))


def test_a_form_that_is_wrong_keeps_what_was_typed_and_sent(city: City, at: At) -> None:
    answer = object_as_owner(city, at, should="", files=SimpleUploadedFile("体检单.pdf", pdf()))
    assert answer.status_code == 400
    page = text(answer)
    assert "请写应当是什么" in page
    assert "体检单位写错了" in page
    (kept,) = re.findall(r'name="kept" value="(file_\w+)" checked', page)
    stolen: Any = at("other").post(
        "/my-data/objections/new/health-certificates/unit",
        {**ABOUT, "subject": city["other"].id, "kept": kept},
    )
    assert "体检单.pdf" not in text(at("other").get(stolen.url))
    sent = object_as_owner(city, at, kept=kept)
    assert "体检单.pdf" in text(at("owner").get(sent.url))


def test_a_file_that_is_none_is_refused_and_said(city: City, at: At) -> None:
    answer = object_as_owner(city, at, files=SimpleUploadedFile("病毒.exe", b"MZ"))
    assert answer.status_code == 400
    assert "“病毒.exe”没有收" in text(answer)
    assert not quality.objections(city["owner"])


def test_the_provider_checks_answers_and_the_person_says_whether_it_settles(city: City, at: At) -> None:
    made = object_as_owner(city, at).url.rsplit("/", 1)[-1]
    provider = at("data of a department")
    assert "未计时" not in text(provider.get("/data/objections/"))
    page = text(provider.get(f"/data/objections/{made}"))
    assert "市中心医院" in page
    assert subject(city["owner"].id).number in page
    bad = provider.post(f"/data/objections/{made}/answer", {"outcome": "corrected", "old": "a", "new": "b"})
    assert bad.status_code == 400
    assert "凭什么更正" in text(bad)
    longer = provider.post(f"/data/objections/{made}/extend", {"days": "两", "reason": "要调旧档"})
    assert longer.status_code == 400
    for shown in ("要调旧档", 'href="#extend-days"', 'id="extend-days_error"', "请用数字写"):
        assert shown in text(longer)
    assert (
        provider.post(f"/data/objections/{made}/extend", {"days": "2", "reason": "要调档"}).status_code == 302
    )
    given = {
        "outcome": "corrected",
        "old": "市人民医院",
        "new": "市中心医院",
        "evidence": "体检系统",
        "way": "message",
    }
    assert provider.post(f"/data/objections/{made}/answer", given).status_code == 302
    late = provider.post(f"/data/objections/{made}/answer", given | {"evidence": "又查了体检系统"})
    assert (late.status_code, "您刚才写的" in text(late)) == (409, True)
    assert "又查了体检系统" in text(late), "its form is gone, not its words"
    page = text(at("owner").get(f"/my-data/objections/{made}"))
    assert "要调档" in page
    assert "满意吗" in page
    unsaid = at("owner").post(f"/my-data/objections/{made}/feedback", {"satisfied": "no"})
    assert (unsaid.status_code, "请写明哪里还不对" in text(unsaid)) == (400, True)
    assert "会再核查一次" in text(unsaid), "what follows is still said"
    at("owner").post(f"/my-data/objections/{made}/feedback", {"satisfied": "yes"})
    assert "已办结" in text(at("owner").get(f"/my-data/objections/{made}"))


def test_who_watches_sees_no_value_and_others_nothing(city: City, at: At) -> None:
    made = object_as_owner(city, at).url.rsplit("/", 1)[-1]
    for persona in ("data", "auditor"):
        page = text(at(persona).get(f"/data/objections/{made}"))
        assert "市中心医院" not in page
        assert "只有提出方和核查的人看得到" in page
    for persona in ("handler", "handler of another department", "security"):
        assert at(persona).get(f"/data/objections/{made}").status_code == 404
    assert at("operator").get("/data/objections/").status_code == 403
    assert at("anonymous").get("/my-data/objections/").status_code == 302


def test_a_department_objects_to_a_record(city: City, at: At) -> None:
    client = at("handler of another department")
    assert "健康证" in text(client.get("/data/objections/new"))
    path = "/data/objections/new?resource=health-certificates&field=unit"
    number = subject(city["owner"].id).number
    given = {**ABOUT, "org": "education", "key": "123"}
    bad = client.post(path, given)
    assert bad.status_code == 400
    assert "18位" in text(bad)
    answer: Any = client.post(path, {**given, "key": number})
    assert answer.status_code == 302
    assert "市中心医院" in text(client.get(answer.url))
    assert number not in answer.url
    assert quality.open_objections("health-certificates", city["owner"].id).keys() == {"unit"}
    again = client.post(path, {**given, "key": number})
    assert again.status_code == 400
    assert "正在核查" in text(again)


def test_quality_pages_tell_scores_to_all_and_rows_to_who_mends(
    city: City, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = text(at("handler").get("/data/quality/"))
    assert "健康证" in page
    assert "还没有检查" in page
    assert "待整改</h2>" not in page
    page = text(at("data of a department").get("/data/quality/health-certificates"))
    assert "现在自查一次" in page
    answer = at("data of a department").post("/data/quality/health-certificates/run", follow=True)
    assert "正在读取" not in text(answer)  # it is not connected yet
    assert "还没有接入" in text(answer)
    monkeypatch.setattr(CONNECTOR_OF, {"health-certificates": Source([])}.__getitem__)
    assert at("data of a department").post("/data/quality/health-certificates/run").status_code == 302
    page = text(at("data").get("/data/quality/health-certificates"))
    assert "正在读取" in page
    assert at("handler").post("/data/quality/health-certificates/run").status_code == 403
    assert at("data").get("/data/quality/no-such-thing").status_code == 404
    assert quality.run(city["data of a department"], "health-certificates")
    assert OFFICE in {one.provider for one in quality.scores()}
