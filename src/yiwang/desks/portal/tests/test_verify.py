# SPDX-License-Identifier: Apache-2.0
"""Anybody learns how a licence stands, and no more than that; nobody finds one by trying."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.workshop import PASSPHRASE, RARE, SYSTEM, Workshop, open_workshop
from yiwang.apps.licences.public import (
    Standing,
    change_standing,
    file_of,
    held_by,
    licence,
    seal_licences,
    status_url,
)
from yiwang.desks.portal import verify
from yiwang.desks.slowing import PerMinute

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(verify, "_tries", PerMinute())
    with open_workshop(tmp_path, monkeypatch) as found:
        yield found


@pytest.fixture
def sealed(workshop: Workshop) -> str:
    public_id = workshop.issue("JK-1")
    seal_licences(
        workshop.custodian, [public_id], seal=workshop.seal, use=workshop.use, passphrase=PASSPHRASE
    )
    return public_id


def page(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    return str(answer.content.decode())


def test_the_address_of_every_issued_licence_answers(workshop: Workshop, sealed: str, client: Client) -> None:
    workshop.issue("JK-2")
    change_standing(SYSTEM, workshop.issue("JK-3"), Standing.REVOKED, reason="x")
    issued = held_by([workshop.holder])
    assert len(issued) == 3
    for row in issued:
        said = page(client.get(status_url(row.check_code).removeprefix("http://127.0.0.1:8000")))
        assert row.number in said
        assert {"valid": "现在：有效", "revoked": "现在：撤销"}[row.standing.value] in said


def test_the_page_shows_what_the_purpose_needs(sealed: str, client: Client) -> None:
    code = licence(sealed).check_code
    answer = client.post("/verify", {"code": f" {code.lower()} "})
    said = page(client.get(answer["Location"]))
    for shown in ("食品从业人员健康证明", "JK-1", "卫生健康", f"{RARE[0]}****"):
        assert shown in said
    assert RARE not in said
    assert "411702" not in said


@pytest.mark.parametrize("form", ["pdf", "ofd", "json"])
def test_a_file_is_told_step_by_step(sealed: str, client: Client, form: str) -> None:
    def send(content: bytes) -> str:
        return page(client.post("/verify", {"file": SimpleUploadedFile(f"x.{form}", content)}))

    content = file_of(sealed, form)
    said = send(content)
    assert "文件盖有有效的电子印章" in said
    assert "是本平台签发的文件原件" in said
    assert "1. " in said
    assert "现在：有效" in said
    middle = len(content) // 2
    said = send(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    assert "核验不通过" in said
    assert "不是本平台签发的文件原件" in said
    change_standing(SYSTEM, sealed, Standing.REVOKED, reason="x")
    said = send(content)
    assert "现在：撤销" in said
    assert "文件盖有有效的电子印章" in said


@pytest.mark.parametrize(
    ("code", "status"), [("0" * 16, 404), ("短", 400), ("%00", 400), ("U" * 16, 400), ("a" * 300, 400)]
)
def test_a_wrong_code_is_told_and_kept_in_the_field(
    workshop: Workshop, client: Client, code: str, status: int
) -> None:
    answer = client.get(f"/verify/{code}")
    assert answer.status_code == status
    if code != "%00":
        assert code[:40] in page(answer, status)


def test_nothing_an_empty_file_and_rubbish_are_told(
    workshop: Workshop, client: Client, settings: Any
) -> None:
    assert "请输入查验码" in page(client.post("/verify", {"code": ""}), 400)
    for content, words in ((b"", "空的"), (b"x" * 2_000_001, "超过2MB")):
        settings.ENV = {**settings.ENV, "UPLOAD_MAX_MB": 2}
        said = page(client.post("/verify", {"file": SimpleUploadedFile("x.pdf", content)}), 400)
        assert words in said
    for content in (b"\x89PNG", b"%PDF-1.7", b"PK\x03\x04", b"{}", b"\x30\x80"):
        said = page(client.post("/verify", {"file": SimpleUploadedFile("x.pdf", content)}))
        assert "核验不通过" in said


def test_who_tries_much_is_slowed_down_and_who_scans_is_not(
    workshop: Workshop, sealed: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "_most", lambda: 3)
    for _ in range(3):
        page(client.get(f"/verify/{'0' * 16}"), 404)
    assert "太快" in page(client.get(f"/verify/{'1' * 16}"), 429)
    assert "太快" in page(client.post("/verify", {"file": SimpleUploadedFile("x.pdf", b"%PDF-")}), 429)
    page(client.get(f"/verify/{licence(sealed).check_code}"))
    other = Client(REMOTE_ADDR="198.51.100.7")
    page(other.get(f"/verify/{'2' * 16}"), 404)


def test_nobody_s_bytes_are_kept(sealed: str, client: Client, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    client.post("/verify", {"file": SimpleUploadedFile("x.pdf", file_of(sealed, "pdf"))})
    assert sorted(tmp_path.rglob("*")) == before
