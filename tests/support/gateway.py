# SPDX-License-Identifier: Apache-2.0
"""A city whose departments share data: resources of its own in the catalogue, a source in memory that can
fail in every way, grants made as departments make them."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils import timezone

from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.models import Grant
from yiwang.apps.gateway import public as gateway
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.engines.exchange import Resource
from yiwang.engines.house import load
from yiwang.engines.sealing import PrivateKey, generate, sm3
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.ids import make_id_number

PROVIDER, ASKER, STRANGER = "real-estate-registry", "health", "education"
PURPOSE = "核对场所的权属，不再让申请人交证明"
BASIS = "食品安全法第三十五条"
FIELDS = ("owner", "number", "address", "area")
PARTS = '"@method" "@path" "content-digest"'
CITE = {"doc": "xingzheng-xuke-fa", "at": "第一条"}
NEEDED = {"orgs", "places", "settings", "sources", "calendars", "clocks", "processes"}
MANY = 10_000_000  # calls: more than a city grants, as many as a test makes


def officer(name: str, *posts: Post) -> Actor:
    """An officer with these posts."""
    return Actor(ActorKind.OFFICER, f"o-{name}", name, posts)


BUREAU = officer("bureau", Post(Role.DATA))
ASKING = officer("asker", Post(Role.HANDLER, ASKER, "yicheng"))
ASKING_DATA = officer("asker's data officer", Post(Role.DATA, ASKER))
REVIEWING = officer("reviewer", Post(Role.DATA, PROVIDER))


def resource(id_: str = "house", **more: Any) -> Resource:
    """Houses and their owners: searched by the owner's number, each item masked in its way."""
    items: list[dict[str, Any]] = [
        {"id": "owner", "name": f"{id_}权利人", "type": "text", "grade": "general_2", "mask": "name"},
        {
            **{"id": "number", "name": f"{id_}证件号码", "type": "id_number", "grade": "general_3"},
            **{"mask": "id_number", "key": True, "subject_id": True},
        },
        {"id": "address", "name": f"{id_}坐落", "type": "text", "grade": "general_2", "mask": "address"},
        {"id": "area", "name": f"{id_}面积", "type": "decimal", "grade": "general_1"},
        {"id": "debt", "name": f"{id_}抵押", "type": "text", "grade": "general_4", "mask": "hide"},
    ]
    base = {
        **{"id": id_, "name": f"资源{id_}", "provider": PROVIDER, "subject": "person"},
        **{"library": "department", "summary": "测试资源", "sharing": "unconditional", "grade": "general_3"},
        **{"cycle": "daily", "fields": items, "cite": CITE, **more},
    }
    return Resource.model_validate(base)


@lru_cache(maxsize=4)
def catalogue(ids: tuple[str, ...] = ("house",)) -> Catalogue:
    """These resources, and of the house's definitions what sharing needs: a small release is quick."""
    known = load().folders()
    folders: dict[str, Any] = {name: known[name] if name in NEEDED else {} for name in known}
    folders["exchange"] = {id_: resource(id_) for id_ in ids}
    return Catalogue.of(folders, digest=digest_of(folders))


def publish(ids: tuple[str, ...] = ("house",)) -> None:
    """Put them in force."""
    digest = draft_release(system("测试"), catalogue(ids), summary="测试")
    review_release(system("测试复核"), digest, approve=True)
    publish_release(system("测试"), digest)


def number(serial: int) -> str:
    """The identity number of a person of the tests."""
    return make_id_number("411702", dt.date(1970 + serial // 900, 1 + serial // 75 % 12, 5), serial % 900)


def row_of(serial: int) -> dict[str, Any]:
    """The house of a person of the tests."""
    return {
        "owner": f"王第{serial}",
        "number": number(serial),
        "address": f"驻马店市驿城区雪松路{serial}号",
        "area": f"{80 + serial % 60}.5",
        "debt": "无",
    }


@dataclass
class Memory:
    """A source in memory. `before` is called before each answer and may raise, wait, change the world."""

    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    before: Callable[[gateway.Query], None] | None = None
    asked: list[gateway.Query] = field(default_factory=list)
    seconds: float = 0.0

    def fetch(self, query: gateway.Query, *, deadline: float) -> list[dict[str, Any]]:
        """The row of a number, the fields that were asked for."""
        self.asked.append(query)
        if self.seconds:
            time.sleep(self.seconds)
        if self.before is not None:
            self.before(query)
        found = self.rows.get(str(query.keys["number"]))
        return [{name: found[name] for name in query.fields}] if found else []

    def stream(
        self, fields: Sequence[str], *, after: str | None, size: int, deadline: float
    ) -> Iterator[gateway.Page]:
        """Nothing."""
        return iter(())

    def tables(
        self, fields: Sequence[str], *, after: str | None, size: int, deadline: float
    ) -> Iterator[gateway.TablePage]:
        """Nothing."""
        return iter(())

    def close(self) -> None:
        """Nothing is open."""


def connect(memory: Memory, resource_id: str = "house") -> None:
    """Register the source in memory for a resource."""
    gateway.use_connectors({"memory": lambda _: memory})
    gateway.save_source(BUREAU, gateway.NewSource(resource_id, "memory", {}))
    gateway.forget_sources()


def connect_again(**changed: Any) -> Memory:
    """Put another source in memory behind the same registration; `changed` as `Memory`."""
    memory = Memory(**changed)
    gateway.use_connectors({"memory": lambda _: memory})
    gateway.forget_sources()
    return memory


def grant(resource_id: str = "house", **more: Any) -> str:
    """A grant of everything but the mortgage, the name plain; `more` as `NewRequest`. Its public id."""
    rates = {name: more.pop(name, MANY) for name in ("per_minute", "per_day")}
    today = timezone.localdate()
    terms: dict[str, Any] = {
        **{"resource": resource_id, "org": ASKER, "fields": FIELDS, "purpose": PURPOSE, "basis": BASIS},
        **{"valid_from": today, "valid_until": today + dt.timedelta(days=300)},
        **{"per_minute": 1, "per_day": 1, "plain": {"owner": "要与申请人姓名逐字比对"}, **more},
    }
    asking = officer("asker", Post(Role.HANDLER, terms["org"], "yicheng"))
    asked = exchange.ask(asking, exchange.NewRequest(**terms))
    version = exchange.request_view(BUREAU, asked).version
    made = exchange.review(REVIEWING, asked, exchange.Decision(grant=True), version=version)
    Grant.objects.filter(public_id=made).update(**rates)
    return made


CLIENT = gateway.Caller(gateway.CallerKind.CLIENT, "client_test", "测试系统", ASKER)
OFFICER = gateway.Caller(gateway.CallerKind.OFFICER, ASKING.id, ASKING.name, ASKER)


def question(grant_id: str, serial: int = 1, **more: Any) -> gateway.NewCall:
    """A good question about a person of the tests; `more` replaces parts of it."""
    given: dict[str, Any] = {"keys": {"number": number(serial)}, "fields": None, "purpose": PURPOSE}
    return gateway.NewCall(**{"grant": grant_id, **given, **more})


def client_system(org: str = ASKER, name: str = "餐饮许可审批系统") -> tuple[str, PrivateKey]:
    """A department's system with a key of its own: public id, private key."""
    keeper = officer("data officer", Post(Role.DATA, org))
    client, key = gateway.register_client(keeper, org=org, name=name), generate()
    gateway.set_client_key(keeper, client, key.public.to_pem().decode())
    return client, key


def signed(
    key: PrivateKey, method: str, path: str, body: bytes = b"", *, parts: str = PARTS, **params: Any
) -> dict[str, str]:
    """The headers of a request that a client signs; `params` replace what is said of the signature."""
    told = {
        **{"created": int(time.time()), "nonce": secrets.token_hex(16)},
        **{"keyid": sm3(key.public.spki).hex(), "alg": "sm2-sm3"},
    } | params
    listed = "".join(
        f";{name}={value}" if isinstance(value, int) else f';{name}="{value}"'
        for name, value in told.items()
        if value is not None
    )
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    values = {"@method": method, "@path": path, "content-digest": digest, "@authority": "testserver"}
    names = re.findall(r'"([^"]+)"', parts)
    base = "\n".join(
        [*(f'"{name}": {values[name]}' for name in names), f'"@signature-params": ({parts}){listed}']
    )
    value = base64.b64encode(key.sign(base.encode())).decode()
    return {
        "Content-Digest": digest,
        "Signature-Input": f"sig1=({parts}){listed}",
        "Signature": f"sig1=:{value}:",
    }


def body_of(grant_id: str, serial: int = 1, **more: Any) -> bytes:
    """The body of a good call; `more` replaces parts of it, None leaves one out."""
    told = {
        **{"request_id": secrets.token_hex(12), "grant": grant_id, "keys": {"number": number(serial)}},
        **{"purpose": PURPOSE, **more},
    }
    return json.dumps({k: v for k, v in told.items() if v is not None}, ensure_ascii=False).encode()
