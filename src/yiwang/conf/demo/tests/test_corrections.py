# SPDX-License-Identifier: Apache-2.0
"""The twin that takes corrections: over HTTP, from the gateway alone, each once; it says why it refuses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from yiwang.apps.gateway import public as gateway
from yiwang.apps.quality.adapters.provider_http import HttpProviders
from yiwang.apps.quality.public import CorrectionMessage, Reply, Said
from yiwang.conf.demo import corrections

NUMBER = "411702198503040013"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """Somebody in the register."""
    with closing(sqlite3.connect(tmp_path / "police.sqlite3")) as db, db:
        db.execute("CREATE TABLE household_population (resident_id_number TEXT, resident_address TEXT)")
        db.execute("INSERT INTO household_population VALUES (?, ?)", (NUMBER, "旧址"))
    return tmp_path / "police.sqlite3"


@pytest.fixture
def address(register: Path, settings: Any, tmp_path: Path) -> Iterator[str]:
    """The twin that runs."""
    settings.DATA_DIR = tmp_path
    with corrections.running(register, gateway.system_public_pem()) as found:
        yield found


def nobody(_: CorrectionMessage) -> Reply:
    """Every department here has a system."""
    raise AssertionError


def told(address: str, number: str, **more: str) -> Reply:
    """What the twin says to a correction."""
    given = {"item": "resident-address", "key": NUMBER, "old": "旧址", "new": "新址", "evidence": "户口簿"}
    message = CorrectionMessage(number, corrections.PROVIDER, corrections.RESOURCE, **given | more)
    systems = HttpProviders({corrections.PROVIDER: address}, nobody, gateway.sign_request, lambda: 10)
    return systems.carry(message)


def test_it_mends_its_own_register_once_and_says_why_not(address: str, register: Path) -> None:
    first = told(address, "cor_1")
    assert (first.said, first.receipt) == (Said.MENDED, "HJ-000001")
    assert told(address, "cor_1", new="又改") == first
    with closing(sqlite3.connect(register)) as db:
        assert db.execute("SELECT resident_address FROM household_population").fetchall() == [("新址",)]
    for odd in ({"key": "nobody"}, {"item": "resident-id-number"}, {"item": 'x" = 1, "y'}):
        refused = told(address, f"cor_{odd}"[:40].encode().hex(), **odd)
        assert (refused.said, bool(refused.words)) == (Said.REFUSED, True)


def test_it_believes_the_gateway_alone_and_only_once(address: str) -> None:
    body = b'{"id": "cor_9"}'
    signed = gateway.sign_request("POST", "/corrections", body)
    statuses = [
        httpx.post(f"{address}/corrections", content=content, headers=headers).status_code
        for content, headers in ((body, {}), (body + b" ", signed), (body, signed), (body, signed))
    ]
    assert statuses == [401, 401, 400, 401]
