# SPDX-License-Identifier: Apache-2.0
"""The pages of licences in a real browser: the office's, the holder's, the public check; no barrier."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, expect

from support.pages import HOST, PHONE, barriers, browsing
from support.workshop import PASSPHRASE, SYSTEM, Workshop, open_workshop
from yiwang.apps.identity import public as identity
from yiwang.apps.licences.public import (
    Standing,
    change_standing,
    check_upload,
    file_of,
    licence,
    seal_licences,
)
from yiwang.apps.licences.trials import try_licence

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


@pytest.fixture
def workshop(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    settings.DATA_DIR = tmp_path
    with open_workshop(tmp_path, monkeypatch) as found:
        yield found


def logged_in(owner: str) -> Client:
    accounts = get_user_model().objects
    if not accounts.filter(username=owner).exists():
        identity.open_account(SYSTEM, username=owner, password=None, owner=owner)
    client = Client()
    account = accounts.get(username=owner)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def issued(workshop: Workshop) -> dict[str, str]:
    """Licences in every state that the pages show."""
    found = {name: workshop.issue(f"JK-2026-{name}") for name in ("sealed", "waiting", "revoked")}
    found["faulty"] = workshop.issue("JK-2026-faulty", fields={})
    for one in found.values():
        try_licence("k", {"licence": one})
    chosen = [found["sealed"], found["revoked"]]
    seal_licences(workshop.custodian, chosen, seal=workshop.seal, use=workshop.use, passphrase=PASSPHRASE)
    change_standing(SYSTEM, found["revoked"], Standing.REVOKED, reason="隐瞒有关情况", basis="某法第六十九条")
    return found


def test_no_page_of_licences_shuts_anybody_out(workshop: Workshop, browser: Browser) -> None:
    found = issued(workshop)
    code = {name: licence(one).written_check_code for name, one in found.items()}
    pages = {
        workshop.custodian.id: ["/office/licences/", "/office/licences/find"],
        workshop.stage.approver.id: [
            f"/office/licences/{found[n]}" for n in ("sealed", "revoked", "waiting")
        ],
        workshop.holder: ["/licences/", *(f"/licences/{found[n]}" for n in ("sealed", "revoked", "waiting"))],
        "": ["/verify", *(f"/verify/{code[n]}" for n in ("sealed", "revoked", "waiting")), "/verify/0"],
    }
    wrong = {}
    for who, addresses in pages.items():
        with browsing(browser, logged_in(who) if who else Client()) as page:
            for address in addresses:
                page.goto(HOST + address)
                if told := barriers(page):
                    wrong[address] = told
    assert wrong == {}


def test_a_custodian_seals_and_anybody_checks(workshop: Workshop, browser: Browser) -> None:
    found = issued(workshop)
    with browsing(browser, logged_in(workshop.custodian.id), width=PHONE) as page:
        page.goto(f"{HOST}/office/licences/")
        expect(page.get_by_label("签章：食品从业人员健康证明 JK-2026-faulty")).not_to_be_checked()
        page.get_by_label("印章保护口令").fill(PASSPHRASE)
        page.get_by_role("button", name="给选中的证照签章").click()
        expect(page.get_by_text("已签章 1 件。")).to_be_visible()
    assert check_upload(file_of(found["waiting"], "pdf")).report.ok
    with browsing(browser, Client(), width=PHONE) as page:
        page.goto(f"{HOST}/verify")
        page.get_by_label("查验码", exact=True).fill(licence(found["waiting"]).check_code.lower())
        page.get_by_role("button", name="查验", exact=True).click()
        expect(page.get_by_text("这张证照现在：有效")).to_be_visible()
        assert barriers(page) == []
