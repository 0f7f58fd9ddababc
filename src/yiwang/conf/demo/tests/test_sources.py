# SPDX-License-Identifier: Apache-2.0
"""The demo twins answer for the people and firms of the sample city, each over its own connector."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from support import city as cities
from yiwang.apps.exchange.public import resource
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.adapters import CONNECTORS
from yiwang.conf.demo import provider, sources
from yiwang.conf.demo.city import Invented, invent
from yiwang.conf.demo.county_rows import COUNTY, lists, registers, rows_of_county
from yiwang.conf.demo.source_rows import rows_of
from yiwang.kernel.actor import system

BUREAU = system("示例数据")


@pytest.fixture
def city(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Invented]:
    settings.ENV = settings.ENV | {"SOURCES_DIR": str(tmp_path)}
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr("yiwang.conf.demo.city.PEOPLE", 60)
    monkeypatch.setattr("yiwang.conf.demo.city.FIRMS", 8)
    cities.publish()
    gateway.use_connectors(CONNECTORS)
    found = invent(cities.definitions())
    if connection.vendor == "postgresql":  # its tables are made beside the transaction of a test
        monkeypatch.setattr(sources, "_server", lambda: None)
    sources.make_sources(found, tmp_path)
    yield found
    gateway.forget_sources()


def test_every_twin_answers_for_every_row_of_the_city(city: Invented, tmp_path: Path) -> None:
    with provider.running(tmp_path) as marriages:
        assert sources.register_sources(BUREAU, marriages) == 11 + len(lists(cities.definitions()))
        assert sources.register_sources(BUREAU, marriages) == 1
        for name, rows in rows_of(cities.definitions(), city).items():
            wanted = resource(name)
            fields = tuple(one.id for one in wanted.fields)
            key = wanted.keys[0]
            for row in (rows[0], rows[-1]):
                found = gateway.answer(name, gateway.Query(fields, {key: row[key]}, 20))
                assert found.flags == ()
                blank = {field: value or None for field, value in row.items()}  # a CSV knows no nothing
                assert blank in [{field: value or None for field, value in one.items()} for one in found.rows]
            assert gateway.try_source(BUREAU, name).startswith("连上了"), name
            stream = gateway.connector_of(name).stream(
                (key,), after=None, size=50, deadline=time.monotonic() + 60
            )
            assert sum(len(page.rows) for page in stream) == len(rows)


def test_a_countys_list_gives_its_own_rows_only(city: Invented, tmp_path: Path) -> None:
    catalogue = cities.definitions()
    sources.register_sources(BUREAU)
    every, own = registers(catalogue, city), rows_of_county(catalogue, city)
    assert len(own) >= 7
    for name, (register, wanted) in lists(catalogue).items():
        fields = tuple(one.id for one in wanted.fields)
        stream = gateway.connector_of(name).stream(
            fields, after=None, size=50, deadline=time.monotonic() + 60
        )
        found = [row for page in stream for row in page.rows]
        assert found == own[name], name
        key = wanted.keys[0]
        others = [row for row in every[register] if row[COUNTY] not in wanted.places]
        assert others
        assert len(own[name]) + len(others) == len(every[register])
        for row, count in ((others[0], 0), *((one, 1) for one in own[name][:1])):
            answered = gateway.answer(name, gateway.Query(fields, {key: row[key]}, 20))
            assert (len(answered.rows), answered.flags) == (count, ()), name
    assert own["yicheng-village-collectives"] != own["zhengyang-village-collectives"] != []


def test_the_web_service_answers_nobody_without_its_token(city: Invented, tmp_path: Path) -> None:
    with provider.running(tmp_path) as marriages:
        wrong = provider.Provider(marriages.url, "wrong", marriages.process)
        sources.register_sources(BUREAU, wrong)
        with pytest.raises(gateway.SourceMalformed):
            gateway.fetch("marriage-registration", gateway.Query((), {"resident-id-number": "1"}, 1))
    assert marriages.process.poll() is not None
