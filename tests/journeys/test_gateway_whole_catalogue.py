# SPDX-License-Identifier: Apache-2.0
"""Every resource of the definitions, every grant that the items need and one of each resource besides, over a
database, a web service and files: what comes back is the granted items, masked as the rules say.

What may be seen is worked out here by hand, from grant, mask and role, not by the code under test. The whole
product of items, roles and purposes over one resource is `test_gateway_allowed`; here roles and purposes go
round, so that each meets every connector.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from support import city as cities
from support import gateway as world
from yiwang.apps.exchange import public as exchange
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.adapters import CONNECTORS
from yiwang.apps.gateway.models import Call
from yiwang.conf.demo.grants import furnish_grants, wishes
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.exchange import Grade, Mask, Resource, ResourceField, Sharing, resources
from yiwang.engines.exchange.leaving import Way
from yiwang.kernel.actor import Actor, Post, Role
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.ids import make_id_number, make_uscc

KINDS = ("sql", "http", "file")
LOOKS = {Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE}
WRONG = "为了别的事情，与授权不同"
BUREAU = world.officer("bureau", Post(Role.DATA))
_REGION = "河南省驻马店市驿城区"


def value_of(field: ResourceField, place: int, who: int) -> Any:
    """A value of the field's type that no other field of the row has. `who`: 1 is asked for, 2 is not."""
    serial = place * 10 + who
    values: dict[ElementType, Any] = {
        ElementType.ID_NUMBER: make_id_number("411702", dt.date(1985, 3, 4), serial),
        ElementType.USCC: make_uscc("411702", 1000 + serial),
        ElementType.DATE: f"20{10 + who}-01-{place % 28 + 1:02d}",
        ElementType.BOOLEAN: who == 1,
        ElementType.INTEGER: serial,
        ElementType.MONEY: serial * 100,
        ElementType.DECIMAL: f"{serial}.5",
        ElementType.CHOICES: [f"选{serial}甲", f"选{serial}乙"],
        ElementType.ADDRESS: f"{_REGION}雪松路{serial}号",
    }
    if field.mask is Mask.ADDRESS:
        return values[ElementType.ADDRESS]
    return values.get(field.type, f"甲{chr(0x4E00 + serial)}乙丙丁戊己{serial:04d}")


def masked(value: Any, how: Mask) -> Any:
    """The rules, by hand: what a value looks like to those who were not granted it plain."""
    text = str(value)
    return {
        Mask.NONE: value,
        Mask.NAME: f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}",
        Mask.ID_NUMBER: f"{text[:4]}{'*' * (len(text) - 6)}{text[-2:]}",
        Mask.ADDRESS: f"{_REGION}****",
        Mask.ACCOUNT: f"{'*' * (len(text) - 4)}{text[-4:]}",
        Mask.HIDE: "（不显示）",
    }[how]


@dataclass(frozen=True)
class Given:
    """A grant as it was made."""

    id: str
    org: str
    resource: Resource
    fields: tuple[str, ...]
    plain: frozenset[str]
    purpose: str

    @property
    def is_important(self) -> bool:
        """Whether an item of it is important data, which stays within the government's network (第十九条)."""
        return any(one.grade is Grade.IMPORTANT for one in self.resource.fields if one.id in self.fields)

    def allowed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What of a row may be seen within it."""
        known = {one.id: one for one in self.resource.fields}
        return {
            name: row[name] if name in self.plain else masked(row[name], known[name].mask)
            for name in self.fields
        }


class Sources:
    """What departments hold: two rows of each resource, in a table, behind a service, or in a file."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def make(self, resource: Resource, kind: str) -> None:
        """Two rows, and the source registered."""
        rows = [
            {one.id: value_of(one, place, who) for place, one in enumerate(resource.fields)} for who in (1, 2)
        ]
        self.rows[resource.id] = rows
        config, secret = getattr(self, f"_{kind}")(resource, rows)
        gateway.save_source(BUREAU, gateway.NewSource(resource.id, kind, config, secret))

    def _sql(self, resource: Resource, rows: list[dict[str, Any]]) -> tuple[dict[str, Any], None]:
        columns = {one.id: f"c{place}" for place, one in enumerate(resource.fields)}
        table = resource.id.replace("-", "_")
        with closing(sqlite3.connect(self.folder / "all.sqlite3")) as db, db:
            db.execute(f"CREATE TABLE [{table}] (n INTEGER PRIMARY KEY, {', '.join(columns.values())})")
            for row in rows:
                told = [json.dumps(one) if isinstance(one, list) else one for one in row.values()]
                db.execute(f"INSERT INTO [{table}] VALUES (NULL, {', '.join('?' * len(told))})", told)
        where = {"dialect": "sqlite", "path": "all.sqlite3", "table": table}
        return {**where, "columns": columns, "order_column": "n"}, None

    def _http(self, resource: Resource, _: object) -> tuple[dict[str, Any], dict[str, str]]:
        names = {one.id: f"item.{one.id}" for one in resource.fields}
        keys = {one: one for one in resource.keys}
        config = {"url": f"{self.url}/{resource.id}", "rows": "rows", "columns": names, "parameters": keys}
        return config, {"Authorization": "Bearer test"}

    def _file(self, resource: Resource, rows: list[dict[str, Any]]) -> tuple[dict[str, Any], None]:
        with (self.folder / f"{resource.id}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([one.id for one in resource.fields])
            for row in rows:
                told = (json.dumps(one) if isinstance(one, list) else one for one in row.values())
                writer.writerow(told)
        columns = {one.id: one.id for one in resource.fields}
        config = {"path": f"{resource.id}.csv", "format": "csv", "encoding": "utf-8", "columns": columns}
        return config, None


@contextmanager
def served(rows: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """A department's service: it answers whom its keys name."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = rows[self.path.strip("/")]
            found = [{"item": one} for one in known if all(one[k] == v for k, v in asked.items())]
            data = json.dumps({"rows": found}, ensure_ascii=False).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def other_than(provider: str) -> str:
    """A department that asks."""
    return world.ASKER if provider != world.ASKER else world.STRANGER


def give_half(resource: Resource) -> Given:
    """Every second item and the keys, every second of these plain, for a department that asks."""
    org, today = other_than(resource.provider), timezone.localdate()
    fields = tuple(
        one.id for place, one in enumerate(resource.fields) if place % 2 == 0 or one.id in resource.keys
    )
    plain = frozenset(fields[::2])
    request = exchange.NewRequest(
        resource=resource.id,
        org=org,
        fields=fields,
        plain=dict.fromkeys(plain, "要与申请人所填逐字比对"),
        purpose=world.PURPOSE,
        basis=world.BASIS,
        valid_from=today,
        valid_until=today + dt.timedelta(days=300),
        per_minute=100,
        per_day=1000,
    )
    asked = exchange.ask(world.officer(f"asks for {org}", Post(Role.HANDLER, org, "yicheng")), request)
    reviewer = world.officer(f"reviews of {resource.provider}", Post(Role.DATA, resource.provider))
    made = exchange.review(reviewer, asked, exchange.Decision(grant=True, words="同意。"), version=1)
    return Given(made, org, resource, fields, plain, world.PURPOSE)


def needed() -> Iterator[Given]:
    """The grants that the items of the definitions need, given as departments give them."""
    furnish_grants(cities.definitions())
    now = timezone.now()
    for wish in wishes(cities.definitions()):
        found = exchange.active_grant(resource=wish.resource.id, org=wish.item.org, item=wish.item.id, at=now)
        assert found is not None
        known = {one.id: one for one in wish.resource.fields}
        assert set(found.fields) == set(known)
        assert all(known[one].mask is not Mask.HIDE for one in found.plain)
        yield Given(found.id, wish.item.org, wish.resource, found.fields, found.plain, found.purpose)


def ask(
    who: Actor | gateway.Caller, grant: Given, key: Mapping[str, Any], purpose: str, way: Way
) -> list[Any]:
    """The rows that come back; [] for a refusal."""
    asked = gateway.NewCall(
        grant=grant.id, keys=key, fields=None, purpose=purpose, case="驻审2026-1", way=way
    )
    try:
        if isinstance(who, Actor):
            return [dict(one) for one in gateway.look_up(who, asked, now=timezone.now()).rows]
        return [dict(one) for one in gateway.call(who, asked, now=timezone.now()).rows]
    except YiwangError:
        return []


@pytest.mark.django_db
def test_what_comes_back_of_every_resource_is_what_was_granted(tmp_path: Path, settings: Any) -> None:
    settings.ENV = settings.ENV | {"SOURCES_DIR": str(tmp_path)}
    cities.publish()
    gateway.use_connectors(CONNECTORS)
    known = resources(cities.definitions())
    shared = [one for one in known.values() if one.sharing is not Sharing.NOT_SHARED]
    rows: dict[str, list[dict[str, Any]]] = {}
    with served(rows) as url:
        sources = Sources(tmp_path, url)
        sources.rows = rows
        kinds = dict(zip(known, cycle(KINDS), strict=False))
        for resource in known.values():
            sources.make(resource, kinds[resource.id])
        grants = [*needed(), *map(give_half, shared)]
        assert {one.resource.id for one in grants} == {one.id for one in shared}
        wrong = [told for turn, grant in enumerate(grants) for told in tried(grant, rows, turn)]
    gateway.forget_sources()
    assert wrong == []
    assert Call.objects.filter(outcome="answered").count() >= len(grants)
    assert any(one.is_important for one in grants)
    for resource in (one for one in known.values() if one.sharing is Sharing.NOT_SHARED):
        with pytest.raises(YiwangError, match="不予共享"):
            give_half(resource)


def tried(grant: Given, rows: Mapping[str, list[dict[str, Any]]], turn: int) -> Iterator[Any]:
    """What is wrong with what a grant gives: to a system; for a wrong purpose or to another department, in
    turns; to a role of the department, which go round; important data also over the internet."""
    (first, _), stranger = rows[grant.resource.id], other_than(grant.org)
    key = {grant.resource.keys[0]: first[grant.resource.keys[0]]}
    allowed = [grant.allowed(first)]
    system, other = (
        gateway.Caller(gateway.CallerKind.CLIENT, f"client_{org}", "系统", org)
        for org in (grant.org, stranger)
    )
    role, inside = list(Role)[turn % len(Role)], Way.GOVERNMENT
    officer = world.officer(f"{role}", Post(role, grant.org, "yicheng"))
    refused = ((system, WRONG), (other, grant.purpose))[turn % 2]
    tries: list[tuple[Actor | gateway.Caller, str, Way, bool]] = [
        (system, grant.purpose, inside, True),
        (*refused, inside, False),
        (officer, grant.purpose, inside, role in LOOKS),
    ]
    if grant.is_important:
        tries.append((system, grant.purpose, Way.INTERNET, False))
    for who, purpose, way, right in tries:
        if (found := ask(who, grant, key, purpose, way)) != (allowed if right else []):
            yield grant.resource.id, who, purpose, way, found, allowed
