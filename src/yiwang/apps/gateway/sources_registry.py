# SPDX-License-Identifier: Apache-2.0
"""The registry of sources: entered, tested and switched by the data bureau. Secrets go in and never out."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange.public import resource as resource_of
from yiwang.apps.exchange.public import resources as published
from yiwang.apps.journal.public import record
from yiwang.engines.exchange import Resource
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.dates import today_in_china
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, YiwangError
from yiwang.kernel.ids import new_public_id

from .domain.answers import check_answer
from .domain.breaker import Circuit
from .domain.connecting import Factory, Query, Registered
from .models.sources import Source, SourceHealth
from .sources_kept import factory_of, forget, limits_of, open_source

_ADDRESS = ("url", "host", "port", "database", "user", "path", "tls")
"""What a secret belongs to: where one of these changes, it has to be entered again."""


@dataclass(frozen=True)
class NewSource:
    """A source as it is entered.

    Attributes:
        config: the registration of its kind (`adapters`): address, table or path, field → column.
        secret: passwords and tokens; None: those entered before stay.
        at_once, total_seconds: its own limits, None: as set for all.
        version: the version that was on the page; another one in store means somebody was faster.
    """

    resource: str
    kind: str
    config: Mapping[str, Any]
    secret: Mapping[str, str] | None = field(default=None, repr=False)
    at_once: int | None = None
    total_seconds: int | None = None
    version: int = 0


@dataclass(frozen=True)
class SourceView:
    """A registered source. `secrets` are the names of what was entered, never the values."""

    resource: str
    name: str
    provider: str
    kind: str
    config: Mapping[str, Any]
    secrets: tuple[str, ...]
    at_once: int | None
    total_seconds: int | None
    on: bool
    version: int
    changed_at: dt.datetime | None
    tested_at: dt.datetime | None
    test_words: str
    test_is_old: bool
    state: SourceState


@dataclass(frozen=True)
class SourceState:
    """How a source is doing."""

    resource: str
    circuit: Circuit
    open_until: dt.datetime | None
    failed: int
    refused: int
    flagged: int
    good_at: dt.datetime | None
    bad_at: dt.datetime | None
    bad_words: str


def sources(actor: Actor) -> list[tuple[Resource, SourceView | None]]:
    """Every published resource with its source, if it has one. Raises NotAllowed."""
    _require_bureau(actor)
    rows = {row.resource: row for row in Source.objects.select_related("health")}
    return [(view.resource, _view(rows.get(view.resource.id), view.resource)) for view in published()]


def source_view(actor: Actor, resource: str) -> SourceView | None:
    """The source of one resource, None before it is registered. Raises NotAllowed, NotFound."""
    _require_bureau(actor)
    return _view(
        Source.objects.select_related("health").filter(resource=resource).first(), resource_of(resource)
    )


def source_states() -> list[SourceState]:
    """How every source in use is doing: for monitoring."""
    return [
        _state(row) for row in Source.objects.select_related("health").filter(on=True).order_by("resource")
    ]


@transaction.atomic
def save_source(actor: Actor, new: NewSource) -> None:
    """Register a source, or change it. Nothing is asked of it yet: see `try_source`.

    Raises:
        NotAllowed: not the data bureau. NotFound: no such resource, no such kind.
        Invalid: the registration is wrong, or the address changed and the secret was not entered again.
        Conflict: somebody changed it meanwhile.
    """
    _require_bureau(actor)
    resource = resource_of(new.resource)
    row = Source.objects.select_for_update().filter(resource=resource.id).first()
    if (row.version if row else 0) != new.version:
        raise Conflict("这个来源刚被别人改过。", mend="请重新打开页面，看过再改。")
    secret = _secret(new, row)
    _checked(new, secret, factory_of(new.kind), resource)
    fresh = row or Source(public_id=new_public_id("src"), resource=resource.id, version=0)
    fresh.kind, fresh.config, fresh.secret = new.kind, dict(new.config), dict(secret)
    fresh.at_once, fresh.total_seconds = new.at_once, new.total_seconds
    fresh.version += 1
    fresh.changed_at, fresh.changed_by = timezone.now(), actor.id
    fresh.save()
    SourceHealth.objects.get_or_create(source=fresh)
    SourceHealth.objects.filter(source=fresh).update(circuit=Circuit.CLOSED.value, open_until=None)
    detail = {"kind": new.kind, "version": fresh.version, "secret_changed": new.secret is not None}
    record(actor, "source.saved", stream=f"source:{fresh.public_id}", about=resource.id, detail=detail)
    transaction.on_commit(lambda: forget(resource.id))


@transaction.atomic
def switch_source(actor: Actor, resource: str, *, on: bool) -> None:
    """Switch a source on or off. Raises NotAllowed, NotFound."""
    _require_bureau(actor)
    row = _row(resource)
    if row.on == on:
        return
    row.on, row.version = on, row.version + 1
    row.save(update_fields=["on", "version"])
    SourceHealth.objects.filter(source=row).update(circuit=Circuit.CLOSED.value, open_until=None)
    action = "source.switched_on" if on else "source.switched_off"
    record(actor, action, stream=f"source:{row.public_id}", about=resource)
    transaction.on_commit(lambda: forget(resource))


def try_source(actor: Actor, resource: str, *, key: str = "", value: str = "") -> str:
    """Ask a source for one row and judge it; returns what to tell, without any data of the row.

    Args:
        key, value: whom to ask for; without them the first row of all, where the source can be read whole.

    Raises NotAllowed, NotFound. What is wrong with the source is in the words.
    """
    _require_bureau(actor)
    row, wanted = _row(resource, lock=False), resource_of(resource)
    try:
        words = _tried(row, wanted, key, value)
        good = True
    except YiwangError as error:
        words, good = str(error), False
    with transaction.atomic():
        Source.objects.filter(pk=row.pk).update(
            tested_at=timezone.now(),
            tested_version=row.version if good else 0,
            test_words=words[:300],
        )
        record(
            actor,
            "source.tested",
            stream=f"source:{row.public_id}",
            about=resource,
            detail={"good": good, "version": row.version},
        )
    return words


def _tried(row: Source, wanted: Resource, key: str, value: str) -> str:
    """One row, asked with a connector of its own, so that a test tells of what is registered now."""
    source = open_source(row)
    fields = tuple(one.id for one in wanted.fields if one.id in row.config.get("columns", {}))
    deadline = time.monotonic() + source.limits.total_seconds
    try:
        if key:
            query = Query(fields, {key: value}, source.limits.most_rows)
            rows = source.connector.fetch(query, deadline=deadline)
        else:
            page = next(source.connector.stream(fields, after=None, size=1, deadline=deadline), None)
            query, rows = Query(fields, {}, 1), page.rows if page else []
        found = check_answer(wanted, query, rows, today_in_china())
    finally:
        source.connector.close()
    if not rows:
        return "连上了，没有查到数据。" if key else "连上了，里面还没有数据。"
    unmapped = [one.name for one in wanted.fields if one.id not in fields]
    more = f"还没有登记列名：{'、'.join(unmapped)}。" if unmapped else ""
    doubts = "".join(f"{wanted.field(flag.field).name}：{flag.what}" for flag in found.flags)  # type: ignore[union-attr]
    return f"连上了，{len(fields)} 个信息项都读得出，类型相符。{more}{doubts}"


def _checked(new: NewSource, secret: Mapping[str, str], make: Factory, resource: Resource) -> None:
    """Raise Invalid unless a connector can be made of it, and its columns are the resource's."""
    columns = new.config.get("columns")
    known = {one.id for one in resource.fields}
    if isinstance(columns, Mapping) and (unknown := set(columns) - known):
        raise Invalid(
            f"目录里没有这些信息项：{'、'.join(sorted(map(str, unknown)))}。", mend="请照目录填写。"
        )
    for name, figure in (("at_once", new.at_once), ("total_seconds", new.total_seconds)):
        if figure is not None and not 1 <= figure <= 300:
            raise Invalid("要填 1 到 300 的整数。", mend="不填就按统一的设定。", field=name)
    limits = limits_of(current().catalogue, new.total_seconds)
    make(Registered(new.resource, new.kind, new.config, limits, secret)).close()


def _secret(new: NewSource, row: Source | None) -> Mapping[str, str]:
    """The secret to keep. A secret never follows an address that was changed by somebody who may not know
    it: they could send it to themselves."""
    if new.secret is not None:
        return {name: text for name, text in new.secret.items() if text}
    if row is None or not row.secret:
        return {}
    if row.kind != new.kind or any(row.config.get(name) != new.config.get(name) for name in _ADDRESS):
        raise Invalid("地址改了，口令或令牌要重新填写。", mend="请向数据提供单位要来再填。", field="secret")
    kept: Mapping[str, str] = row.secret
    return kept


def _row(resource: str, *, lock: bool = True) -> Source:
    rows = Source.objects.select_for_update() if lock else Source.objects
    found = rows.filter(resource=resource).first()
    if found is None:
        raise NotFound("这个资源还没有登记来源。", mend="请先登记。")
    return found


def _require_bureau(actor: Actor) -> None:
    if actor.kind is ActorKind.SYSTEM:
        return
    if not any(post.role is Role.DATA and not post.org for post in actor.posts):
        raise NotAllowed("数据来源由市政务服务和大数据管理局登记。", mend="请联系市局的数据管理员。")


def _view(row: Source | None, resource: Resource) -> SourceView | None:
    if row is None:
        return None
    return SourceView(
        resource=resource.id,
        name=resource.name,
        provider=resource.provider,
        kind=row.kind,
        config=row.config,
        secrets=tuple(sorted(row.secret)),
        at_once=row.at_once,
        total_seconds=row.total_seconds,
        on=row.on,
        version=row.version,
        changed_at=row.changed_at,
        tested_at=row.tested_at,
        test_words=row.test_words,
        test_is_old=row.tested_version != row.version,
        state=_state(row),
    )


def _state(row: Source) -> SourceState:
    health = row.health if hasattr(row, "health") else SourceHealth(source=row)
    circuit = Circuit(health.circuit)
    if circuit is Circuit.OPEN and health.open_until is not None and health.open_until <= timezone.now():
        circuit = Circuit.HALF_OPEN
    return SourceState(
        resource=row.resource,
        circuit=circuit,
        open_until=health.open_until,
        failed=health.failed,
        refused=health.refused,
        flagged=health.flagged,
        good_at=health.good_at,
        bad_at=health.bad_at,
        bad_words=health.bad_words,
    )
