# SPDX-License-Identifier: Apache-2.0
"""A small city with two departments that report, and a data bureau."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
import time_machine

from support import city as town
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.waivers import volumes
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Item, Material
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import system

CITE = {"doc": "xingzheng-xuke-fa", "at": "第一条"}
DAYS = {"days": 5, "cite": CITE}
MAY = dt.datetime(2026, 5, 20, 2, tzinfo=dt.UTC)
VOLUMES = {"eat": 900, "drink": 40, "sleep": 0, "build": 7}


def _material(id_: str, kind: str, issuer: str | None = None) -> Material:
    words = {"id": id_, "name": f"材料{id_}", "kind": kind, "subject": "firm", "issuer": issuer}
    return Material.model_validate(words)


def _item(id_: str, org: str, needs: list[str], makes: str) -> Item:
    base = {"id": id_, "name": f"事项{id_}", "summary": id_, "kind": "licensing", "org": org}
    return Item.model_validate(
        {
            **base,
            **{"for_firms": True, "conditions": ["符合"], "basis": [CITE], "steps": [{"kind": "accept"}]},
            "materials": [{"material": one, "cite": CITE} for one in needs],
            "outputs": [{"material": makes}],
            "legal_limit": DAYS,
            "promised_limit": DAYS,
        }
    )


@lru_cache(maxsize=1)
def made() -> Catalogue:
    """Three items of one department, one of another; two licences, one of them made here."""
    known = town.definitions()
    materials = [
        _material("shop-licence", "licence", "health"),
        _material("deed", "licence", "real-estate-registry"),
        _material("form", "form"),
        _material("notice", "result"),
    ]
    items = [
        _item("eat", "health", ["deed", "form"], "shop-licence"),
        _item("drink", "health", ["shop-licence"], "notice"),
        _item("sleep", "health", ["shop-licence", "deed"], "notice"),
        _item("build", "housing", ["deed"], "notice"),
    ]
    definitions: dict[str, Any] = {
        **{"sources": known.sources, "settings": known.settings, "orgs": known.orgs},
        **{"places": known.places, **known.others, "reuse": {}, "templates": {}, "purposes": {}},
        "materials": {one.id: one for one in materials},
        "items": {one.id: one for one in items},
    }
    return Catalogue.of(definitions, digest=digest_of(definitions))


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """The city in force, its case volumes of last year, and the clock in May 2026."""
    monkeypatch.setattr(volumes, "_source", [lambda year: VOLUMES if year == 2025 else {}])
    with time_machine.travel(MAY, tick=True) as clock:
        digest = draft_release(system("测试"), made(), summary="测试")
        review_release(system("测试复核"), digest, approve=True)
        publish_release(system("测试"), digest)
        yield clock
