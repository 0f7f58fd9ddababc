# SPDX-License-Identifier: Apache-2.0
"""Sources and deliveries on the data desk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from support import city as cities
from support import gateway as world
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.adapters import CONNECTORS
from yiwang.apps.identity import public as identity
from yiwang.kernel.actor import Post, Role, system

_SETUP = system("测试准备")
_COLUMNS = {f"col-{name}": name for name in ("owner", "number", "address", "area", "debt")}
SQL = {
    "dialect": "sqlite",
    "path": "houses.sqlite3",
    "table": "house",
    "order": "number",
    "version": "0",
    **_COLUMNS,
}


@pytest.fixture
def folder(db: None, tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A city with one resource, the houses of three people in a file."""
    settings.ENV = settings.ENV | {"SOURCES_DIR": str(tmp_path)}
    settings.DATA_DIR = tmp_path / "data"
    world.publish()
    gateway.use_connectors(CONNECTORS)
    with closing(sqlite3.connect(tmp_path / "houses.sqlite3")) as db_, db_:
        db_.execute("CREATE TABLE house (owner, number TEXT PRIMARY KEY, address, area, debt)")
        rows = [world.row_of(n) for n in range(1, 4)]
        db_.executemany("INSERT INTO house VALUES (:owner, :number, :address, :area, :debt)", rows)
    yield tmp_path
    gateway.forget_sources()


def officer(name: str, org: str) -> Client:
    """A browser in which a data officer is logged in; of the bureau when `org` is empty."""
    posts = (Post(Role.DATA, org),)
    owner = identity.appoint_officer(_SETUP, name=name, org=org or "service-bureau", posts=posts)
    identity.open_account(_SETUP, username=name, password=cities.PASSWORD, owner=owner)
    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_bureau_enters_a_source_tries_it_and_switches_it(folder: Path) -> None:
    bureau = officer("bureau", "")
    assert "未接入" in text(bureau.get("/data/sources/"))
    wrong = bureau.post("/data/sources/house?kind=sql", SQL | {"table": 'a"; DROP TABLE house'})
    assert wrong.status_code == 400
    assert "houses.sqlite3" in text(wrong)  # what was typed is still there
    assert bureau.post("/data/sources/house?kind=sql", SQL).status_code == 302
    tried = bureau.post("/data/sources/house/try", {"key": "number", "value": world.number(1)}, follow=True)
    assert "5 个信息项都读得出" in text(tried)
    assert "王第1" not in text(tried)
    assert "正常" in text(bureau.get("/data/sources/"))
    stale = bureau.post("/data/sources/house?kind=sql", SQL)
    assert stale.status_code == 409
    bureau.post("/data/sources/house/switch", {"on": "0"})
    with pytest.raises(gateway.SourceUnknown):
        gateway.fetch("house", gateway.Query(("owner",), {"number": world.number(1)}, 1))
    bureau.post("/data/sources/house/switch", {"on": "1"})
    assert gateway.fetch("house", gateway.Query(("owner",), {"number": world.number(1)}, 1))


def test_a_secret_goes_in_and_never_comes_out_nor_follows_a_new_address(folder: Path) -> None:
    bureau = officer("bureau", "")
    page = "/data/sources/house?kind=http"
    entered = {
        "url": "https://data.example.gov.cn/q",
        "token": "Bearer s3cret-t0ken",
        "rows": "rows",
        **_COLUMNS,
    }
    assert bureau.post(page, entered).status_code == 302
    assert "s3cret" not in text(bureau.get(page))
    moved = entered | {"url": "https://evil.example.com/q", "token": "", "version": "1"}
    answer = bureau.post(page, moved)
    assert answer.status_code == 400
    assert "重新填写" in text(answer)
    assert bureau.post(page, entered | {"token": "", "version": "1", "rows": "data"}).status_code == 302
    known = gateway.source_view(world.BUREAU, "house")
    assert known is not None
    assert known.secrets == ("Authorization",)


def test_only_the_bureau_sees_sources(folder: Path) -> None:
    department = officer("health", "health")
    assert department.get("/data/sources/").status_code == 403
    assert department.post("/data/sources/house?kind=sql", SQL).status_code == 403
    assert Client().get("/data/sources/").status_code == 302


def test_the_grantee_asks_for_a_delivery_and_takes_its_files(folder: Path) -> None:
    bureau, taker = officer("bureau", ""), officer("asker", world.ASKER)
    bureau.post("/data/sources/house?kind=sql", SQL)
    grant = world.grant(batch=True)
    assert "资源house" in text(taker.get("/data/batches/"))
    asked = taker.post("/data/batches/", {"grant": grant, "form": "csv"})
    assert asked.status_code == 302
    assert "等待生成" in text(taker.get(asked["Location"]))
    gateway.work_on_batches()
    assert "可以下载" in text(taker.get(asked["Location"]))
    answer = taker.get(f"{asked['Location']}/files/1")
    assert "attachment" in answer["Content-Disposition"]
    assert text(answer).count("\n") == 4
    assert world.number(1) not in text(answer)
    assert "第 1 份" in text(taker.get(asked["Location"]))
    for other in (officer("education", "education"), bureau):
        assert other.get(f"{asked['Location']}/files/1").status_code == 404
    assert taker.post(f"{asked['Location']}/stop", follow=True).status_code == 200
    assert taker.get(f"{asked['Location']}/files/1").status_code == 409
    assert taker.post("/data/batches/", {"grant": "no", "form": "csv"}).status_code == 400
