# SPDX-License-Identifier: Apache-2.0
"""The pages of seals in a real browser: no barrier, on a wide screen and on a phone, in elder mode too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser

from support.city import City
from support.pages import HOST, barriers, browsing
from support.sealed import sealed_thing, stage_of
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.tests import stage as play
from yiwang.engines.sealing import sm2

At = Callable[[str], Client]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def pages_of(city: City) -> dict[str, list[str]]:
    """Who opens which pages."""
    stage = stage_of(city)
    thing = sealed_thing(stage, 5)
    waiting = sealed_thing(stage, 6)
    seals.ask_cancellation(stage.custodian, waiting["seal"], reason="lost", words="出差途中遗失")
    play.record_imprint()
    fresh = seals.apply_for_seal(stage.handler, play.application(stage))
    with (
        pytest.raises(seals.WrongPassphrase),
        seals.pressing(stage.custodian, thing["seal"], use=thing["seal_use"], passphrase="不对的口令-123"),
    ):
        raise AssertionError
    own = f"/office/seals/{thing['seal']}"
    return {
        "custodian": ["/office/seals/", own, f"{own}/ask", f"{own}/change", "/office/seals/apply"],
        "approver": ["/office/seals/uses/", f"/office/seals/uses/{thing['seal_use']}"],
        "seals": [
            "/console/seals/",
            f"/console/seals/{fresh}",
            f"/console/seals/{waiting['seal']}",
            "/console/seals/imprints/",
            "/console/seals/trust/",
        ],
    }


def test_no_barrier(city: City, at: At, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sm2, "PASSPHRASE_ROUNDS", 10)
    wrong = {}
    for persona, addresses in pages_of(city).items():
        with browsing(browser, at(persona)) as page:
            for address in addresses:
                page.goto(HOST + address)
                if found := barriers(page):
                    wrong[address] = found
    assert wrong == {}
