# SPDX-License-Identifier: Apache-2.0
"""Seals on pages: from the application to the cancellation, and what a page says when it goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from support import city as town
from support.city import City
from support.sealed import sealed_thing, stage_of
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.tests import stage as play
from yiwang.apps.seals.tests.stage import MAKER_PASSPHRASE, PASSPHRASE, UNIT, Stage

pytestmark = pytest.mark.django_db
At = Callable[[str], Client]
NAME = f"{UNIT}行政审批专用章"


@pytest.fixture
def stage(city: City) -> Stage:
    """The city's people in their parts."""
    return stage_of(city)


def png(shade: int = 30) -> SimpleUploadedFile:
    return SimpleUploadedFile("印模.png", play.png(shade), "image/png")


def pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, town.pdf(), "application/pdf")


def file_imprint(at: At, number: str = "YX-9") -> None:
    answer = at("seals").post(
        "/console/seals/imprints/",
        {"number": number, "unit_name": UNIT, "width_mm": "42", "height_mm": "42", "picture": png()},
    )
    assert answer.status_code == 302


def filled_in(city: City, **changed: Any) -> dict[str, Any]:
    given = {
        "kind": "business",
        "unit": f"{town.OFFICE}|{town.HERE}",
        "unit_name": UNIT,
        "name": NAME,
        "custodian": city["custodian"].id,
        "imprint_number": "YX-9",
        "width_mm": "42",
        "height_mm": "42",
        "paper_unit": pdf("法人证书.pdf"),
        "paper_handler": pdf("经办人.pdf"),
    }
    return {key: value for key, value in {**given, **changed}.items() if value is not None}


def applied(city: City, at: At) -> str:
    file_imprint(at)
    answer = at("handler").post("/office/seals/apply", filled_in(city))
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"].rsplit("/", 1)[1]


def do(client: Client, desk: str, seal: str, action: str, **typed: Any) -> Any:
    fields = {f"{action}-{name}": value for name, value in typed.items()}
    return client.post(f"/{desk}/seals/{seal}/do/{action}", fields)


def test_the_whole_life_of_a_seal_on_pages(city: City, at: At, stage: Stage) -> None:
    seal = applied(city, at)
    office, console = at("custodian"), at("seals")
    assert seal in console.get("/console/seals/").content.decode()
    assert do(console, "console", seal, "approve", words="属实").status_code == 302
    assert do(office, "office", seal, "key", new=PASSPHRASE, again=PASSPHRASE).status_code == 302
    request = console.get(f"/console/seals/{seal}/request").content.decode()
    assert request.startswith("-----BEGIN CERTIFICATE REQUEST-----")
    assert do(console, "console", seal, "make", passphrase=MAKER_PASSPHRASE).status_code == 302
    assert do(console, "console", seal, "file").status_code == 302
    page = office.get(f"/office/seals/{seal}").content.decode()
    assert "备案编号" in page
    assert "法人证书" not in page  # a paper is named by what it proves
    asked = office.post(
        f"/office/seals/{seal}/ask",
        {"scope": "one", "purpose": "发函", "document": "函1号", "until": timezone.localdate().isoformat()},
    )
    use = asked.headers["Location"].rsplit("/", 1)[1]
    assert at("approver").post(f"/office/seals/uses/{use}/approve", {"words": "同意"}).status_code == 302
    with seals.pressing(city["custodian"], seal, use=use, passphrase=PASSPHRASE) as press:
        press(b"\1" * 32, "doc", about="函1号")
    assert "已盖" in office.get(f"/office/seals/{seal}").content.decode()
    new = "换过以后的保管口令-987"
    assert do(office, "office", seal, "passphrase", old=PASSPHRASE, new=new, again=new).status_code == 302
    assert do(at("handler"), "office", seal, "loss", reason="lost", words="丢了").status_code == 302
    assert do(console, "console", seal, "cancel", words="").status_code == 302
    assert "已注销" in office.get(f"/office/seals/{seal}").content.decode()
    change = at("handler").get(f"/office/seals/{seal}/change").content.decode()
    assert UNIT in change


def test_what_was_typed_and_uploaded_is_not_asked_again(city: City, at: At, stage: Stage) -> None:
    file_imprint(at)
    client = at("handler")
    first = client.post("/office/seals/apply", filled_in(city, name="", paper_handler=None))
    page = first.content.decode()
    assert first.status_code == 400
    assert "请填写印章名称。" in page
    assert "法人证书.pdf" in page
    kept = re.findall(r'name="kept-paper_unit" value="([^"]+)"', page)
    assert len(kept) == 1
    again = filled_in(city, paper_unit=None)
    assert client.post("/office/seals/apply", again | {"kept-paper_unit": kept[0]}).status_code == 302
    stolen = at("approver").post("/office/seals/apply", again | {"kept-paper_unit": kept[0]})
    assert stolen.status_code == 400
    assert "单位合法身份证明" in stolen.content.decode()


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"picture": png(77)}, 409, "图样"),
        ({"imprint_number": "YX-没有"}, 409, "没有印模图像"),
        ({"width_mm": "五"}, 400, "请填整数"),
        ({"unit": "education|yicheng"}, 400, "education|yicheng"),
        ({"paper_unit": SimpleUploadedFile("x.pdf", b"not a pdf")}, 400, "x.pdf"),
        ({"kind": "name", "name": "王一印"}, 400, "持有人"),
    ],
)
def test_a_wrong_application_says_what_is_wrong(
    city: City, at: At, stage: Stage, changed: dict[str, Any], status: int, words: str
) -> None:
    file_imprint(at)
    answer = at("handler").post("/office/seals/apply", filled_in(city, **changed))
    assert answer.status_code == status
    if words not in ("education|yicheng", "x.pdf"):
        assert words in answer.content.decode()
    assert seals.seals_of_unit(city["handler"]) == []


def test_a_move_that_fails_is_shown_with_its_words_and_never_the_passphrase(
    city: City, at: At, stage: Stage
) -> None:
    seal = applied(city, at)
    console, office = at("seals"), at("custodian")
    refused = do(console, "console", seal, "refuse", words=" ")
    assert (refused.status_code, "请填写不予制发的理由" in refused.content.decode()) == (400, True)
    do(console, "console", seal, "approve", words="")
    weak = do(office, "office", seal, "key", new="短-1", again="短-1")
    assert (weak.status_code, "至少 12 个字符" in weak.content.decode()) == (400, True)
    assert "短-1" not in weak.content.decode()
    unlike = do(office, "office", seal, "key", new=PASSPHRASE, again=PASSPHRASE + "x")
    assert "两次输入的口令不一样" in unlike.content.decode()
    do(office, "office", seal, "key", new=PASSPHRASE, again=PASSPHRASE)
    stale = do(office, "office", seal, "key", new=PASSPHRASE, again=PASSPHRASE)
    assert (stale.status_code, "待制作" in stale.content.decode()) == (409, True)
    wrong = do(console, "console", seal, "make", passphrase="不对的口令-123")
    assert (wrong.status_code, "保护口令不对" in wrong.content.decode()) == (400, True)


def test_a_request_to_use_is_decided_by_somebody_else(city: City, at: At, stage: Stage) -> None:
    thing = sealed_thing(stage, 1)
    client = at("approver")
    own = client.post(
        f"/office/seals/{thing['seal']}/ask",
        {"scope": "decided", "purpose": "发证", "material": "health-certificate", "limit": "3", "until": "x"},
    )
    assert (own.status_code, "2026-01-31" in own.content.decode()) == (400, True)
    until = timezone.localdate().isoformat()
    given = {"scope": "decided", "purpose": "发证", "material": "health-certificate", "limit": "3"}
    made = client.post(f"/office/seals/{thing['seal']}/ask", given | {"until": until})
    address = made.headers["Location"]
    assert "同意用印" not in client.get(address).content.decode()
    assert client.post(f"{address}/approve", {"words": ""}).status_code == 403
    other = at("representative")
    empty = other.post(f"{address}/refuse", {"words": ""})
    assert (empty.status_code, "不同意的理由" in empty.content.decode()) == (400, True)
    assert other.post(f"{address}/approve", {"words": "可以"}).status_code == 302
    assert client.post(f"{address}/withdraw").status_code == 409
    assert other.post(f"{address}/end", {"words": "收回"}).status_code == 302


def test_trust_is_given_and_taken_on_a_page(city: City, at: At, stage: Stage) -> None:
    client = at("seals")
    believed = seals.trust()
    rubbish = SimpleUploadedFile("x.crt", b"rubbish")
    answer = client.post("/console/seals/trust/authorities", {"authority-file": rubbish})
    assert answer.status_code == 400
    unsaid = SimpleUploadedFile("root.pem", believed.anchors[0].pem())
    answer = client.post("/console/seals/trust/authorities", {"authority-file": unsaid})
    assert "指纹不符" in answer.content.decode()
    known = SimpleUploadedFile("1.crl", believed.crls[-1].der)
    answer = client.post("/console/seals/trust/lists", {"crl-file": known}, follow=True)
    assert "以前导入过" in answer.content.decode()
    digest = believed.intermediates[0].digest.hex()
    assert client.post(f"/console/seals/trust/{digest}/distrust", {}).status_code == 400
    answer = client.post(f"/console/seals/trust/{digest}/distrust", {"distrust-words": "停业"}, follow=True)
    assert "不再信任" in answer.content.decode()
    assert seals.trust().intermediates == ()
    reader = at("auditor").get("/console/seals/trust/").content.decode()
    assert "核对并信任" not in reader
