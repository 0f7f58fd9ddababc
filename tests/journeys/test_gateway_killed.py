# SPDX-License-Identifier: Apache-2.0
"""Provider, gateway and worker are killed while a system asks: its own log against the journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.deployed import Deployed
from support.filled import SETUP, Filled
from support.gateway_served import Provider, System


def test_killed_under_load_nothing_is_answered_unwritten_or_with_anothers_data(
    tmp_path: Path, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider, server = Provider(), Deployed(tmp_path)
    provider.start()
    monkeypatch.setenv("HOUSES", str(provider.port))
    filled.copy_to(server, what=SETUP)
    told = server.aside("prepare", "support.gateway_served")
    system = System(server, told["grant"], told["pem"])
    server.start()
    worker = server.begin("worker")
    try:
        with system.asking():
            system.wait_for(200, 60)
            provider.kill()
            system.wait_for(503, 10)
            worker.kill()
            provider.start()
            server.kill()
            server.start()
            system.wait_for(200, 60)
            server.kill()
    finally:
        worker.kill()
        worker.communicate()
        provider.kill()
        server.kill()
    found = server.aside("inspect", "support.gateway_served")

    answered = [one for one in system.log if one.status == 200]
    assert [one for one in answered if one.owner != f"王第{one.serial}"] == []
    books = {receipt: (outcome, *digests) for receipt, outcome, *digests in found["calls"]}
    for one in answered:
        assert books[one.receipt] == ("answered", one.request, one.response)
        assert found["entries"][one.receipt] == ["gateway.call.look", one.request, one.response]

    sent = {one.request: one for one in system.log}
    heard = {one.receipt for one in answered}
    for receipt, (outcome, request, response) in books.items():
        assert found["entries"][receipt][1:] == [request, response]
        assert request in sent
        if outcome == "answered" and receipt not in heard:
            assert sent[request].status == 0, "written as answered, but the system was told otherwise"
    assert set(found["entries"]) == set(books)
    assert {one.status for one in system.log} <= {0, 200, 503}
    assert found["problems"] == []
    assert found["unsealed"] == 0
