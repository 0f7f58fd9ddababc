# SPDX-License-Identifier: Apache-2.0
"""Facts for matching come by themselves: a department's database, its grant, a delivery the gateway makes, a
claim of a firm; nothing on the way is replaced."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from support.city import definitions
from support.gateway import BUREAU, officer
from yiwang.apps.benefits import public as benefits
from yiwang.apps.benefits.tests import conftest as room
from yiwang.apps.benefits.tests.test_sources import LEGAL, POLICY, SIZE, catalogue
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.exchange import public as exchange
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.adapters import CONNECTORS
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import Post, Role, system

pytestmark = pytest.mark.django_db
ASKER, PROVIDER = "financial-work", "industry-it"
TAKER = officer("data", Post(Role.DATA, ASKER))


def publish() -> None:
    """The release of the room's tests with what sharing needs beside it."""
    small, known = catalogue().folders(), definitions().folders()
    kinds: dict[str, Any] = {**small, **{name: known[name] for name in ("clocks", "processes", "calendars")}}
    digest = draft_release(system("测试"), Catalogue.of(kinds, digest=digest_of(kinds)), summary="测试")
    review_release(system("测试复核"), digest, approve=True)
    publish_release(system("测试"), digest)


def register(path: Path, codes: list[str]) -> None:
    """The provider's database, as a source of the gateway."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE sizes (code TEXT PRIMARY KEY, name, size, year)")
        rows = [(code, f"测试企业{n}有限公司", "小型" if n else "大型", 2025) for n, code in enumerate(codes)]
        db.executemany("INSERT INTO sizes VALUES (?, ?, ?, ?)", rows)
    columns = {"firm-uscc": "code", "firm-name": "name", "size": "size", "year": "year"}
    config = {
        "dialect": "sqlite",
        "path": path.name,
        "table": "sizes",
        "columns": columns,
        "order": "firm-uscc",
    }
    gateway.use_connectors(CONNECTORS)
    gateway.save_source(BUREAU, gateway.NewSource("sme-size", "sql", config))
    gateway.forget_sources()


def grant() -> str:
    """Asked for by the one department and given by the other, for this purpose, whole."""
    today = timezone.localdate()
    asked = exchange.ask(
        officer("asker", Post(Role.HANDLER, ASKER, "yicheng")),
        exchange.NewRequest(
            resource="sme-size", org=ASKER, fields=("firm-uscc", "firm-name", "size", "year"),
            purpose="惠企政策免申即享比对", basis="驻政办〔2022〕62号第25项", valid_from=today,
            valid_until=today + dt.timedelta(days=300), per_minute=5, per_day=50, batch=True,
        ),
    )  # fmt: skip
    version = exchange.request_view(BUREAU, asked).version
    reviewer = officer("reviewer", Post(Role.DATA, PROVIDER))
    return exchange.review(reviewer, asked, exchange.Decision(grant=True), version=version)


def test_a_departments_data_become_a_claim_without_anybody_doing_anything(
    tmp_path: Path, settings: Any
) -> None:
    settings.ENV = settings.ENV | {"SOURCES_DIR": str(tmp_path)}
    settings.DATA_DIR = tmp_path / "data"
    with time_machine.travel(room.TODAY, tick=False) as clock:
        town = room.build(tmp_path)
        publish()
        register(tmp_path / "sizes.sqlite3", town.codes)
        assert benefits.fetch_due() == 0, "nobody has granted anything yet"
        given = grant()
        assert benefits.fetch_due() == 1, "it is asked for"
        assert benefits.fetch_due() == 0, "and being made"
        assert gateway.work_on_batches()
        (made,) = gateway.batches(TAKER)
        assert (made.grant, made.state, made.rows) == (given, gateway.BatchState.READY, 3)
        assert made.fields == ("firm-uscc", "size"), "no more than the rule reads"
        assert [benefits.fetch_due(), benefits.fetch_due()] == [1, 0]
        (taken,) = gateway.batch_view(TAKER, made.id).taken
        assert taken.name == "免申即享比对（按期自动取）", "the journal of deliveries says who it was"
        assert benefits.match_if_changed() == 2
        assert benefits.claims_of(town.bosses[0]) == []
        for which in (1, 2):
            claim = town.claim(which)
            assert (claim.policy, claim.because) == (POLICY.id, {LEGAL: True, SIZE: "小型"})
        (row,) = [one for one in benefits.fact_sources() if one.extract]
        assert (row.rows, row.grant) == (3, given)
        clock.shift(dt.timedelta(days=2))
        assert benefits.fetch_due() == 0, "fresh for its cycle"
        exchange.revoke(officer("reviewer", Post(Role.DATA, PROVIDER)), given, "这项授权测试完了，收回")
        benefits.match_if_changed()
        assert town.claim(1).state is benefits.State.LAPSED
        assert [one.extract for one in benefits.fact_sources() if one.extract] == []
    gateway.forget_sources()
