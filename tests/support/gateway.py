# SPDX-License-Identifier: Apache-2.0
"""A city whose departments share data: resources of its own in the catalogue, a source in memory that can
fail in every way, grants made as departments make them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils import timezone

from support.city import definitions
from support.gateway_rows import PURPOSE, body_of, number, row_of, signed
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.models import Grant
from yiwang.apps.gateway import public as gateway
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.engines.exchange import Resource
from yiwang.engines.sealing import PrivateKey, generate
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system

__all__ = ["PURPOSE", "body_of", "number", "row_of", "signed"]

PROVIDER, ASKER, STRANGER = "real-estate-registry", "health", "education"
BASIS = "食品安全法第三十五条"
FIELDS = ("owner", "number", "address", "area")
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
def catalogue(ids: tuple[str, ...] = ("house",), rest: int = 0, beside: tuple[str, ...] = ()) -> Catalogue:
    """These resources, and of the house's definitions what sharing needs: a small release is quick."""
    known = definitions().folders()
    folders: dict[str, Any] = {name: known[name] if name in {*NEEDED, *beside} else {} for name in known}
    folders["exchange"] = {id_: resource(id_) for id_ in ids}
    if rest:
        name = "source-rest-seconds"
        shorter = folders["settings"][name].model_copy(update={"value": rest})
        folders["settings"] = {**folders["settings"], name: shorter}
    return Catalogue.of(folders, digest=digest_of(folders))


def publish(ids: tuple[str, ...] = ("house",), rest: int = 0, beside: tuple[str, ...] = ()) -> None:
    """Put them in force. `rest`: seconds that a source rests after failures, if not as set; `beside`: what
    else of the house's definitions stays, by folder. Sources kept from another test's world are let go."""
    gateway.forget_sources()
    digest = draft_release(system("测试"), catalogue(ids, rest, beside), summary="测试")
    review_release(system("测试复核"), digest, approve=True)
    publish_release(system("测试"), digest)


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
