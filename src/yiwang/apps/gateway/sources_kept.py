# SPDX-License-Identifier: Apache-2.0
"""The sources in use by this process: their connectors, circuit breakers and limits.

What the registry says is read again every two seconds, so that a change, and a circuit that another
process opened, is soon known everywhere.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.engines.definitions import Catalogue, whole
from yiwang.kernel.errors import NotFound

from .domain.breaker import Breaker
from .domain.connecting import Connector, Factory, Limits, Registered, SourceUnknown
from .models.sources import Source

_FRESH = 2.0  # seconds for which the registry need not be asked again
_MEGABYTE = 1_000_000
_factories: dict[str, Factory] = {}


def use_connectors(factories: Mapping[str, Factory]) -> None:
    """Plug in what makes connectors: kind of source → factory."""
    _factories.update(factories)


def kinds() -> tuple[str, ...]:
    """The kinds of source that can be registered."""
    return tuple(_factories)


def factory_of(kind: str) -> Factory:
    """What makes connectors of this kind. Raises NotFound."""
    if kind not in _factories:
        raise NotFound("没有这种接入方式。", mend="请从列表里选。", field="kind")
    return _factories[kind]


@dataclass
class Kept:
    """A source in use. `pace`: seconds of a call, lately."""

    source: int
    public_id: str
    resource: str
    version: int
    connector: Connector
    breaker: Breaker
    limits: Limits
    at_once: int
    wait: float
    slow: float
    read_at: float
    pace: float = 0.0
    good_told: float = field(default=float("-inf"))

    @property
    def doubtful(self) -> bool:
        """Whether it failed or was slow lately."""
        return self.breaker.in_a_row > 0 or self.pace > self.slow


_kept: dict[str, Kept] = {}
_lock = threading.Lock()


def kept(resource: str) -> Kept:
    """The source of a resource. Raises SourceUnknown; Unavailable when a setting is missing."""
    found = _kept.get(resource)
    if found is not None and time.monotonic() - found.read_at < _FRESH:
        return found
    with _lock:
        return _refreshed(resource)


def connector_of(resource: str) -> Connector:
    """The bare connector of a resource: no circuit breaker, no checks. Raises SourceUnknown."""
    return kept(resource).connector


def forget(resource: str | None = None) -> None:
    """Close and forget a source, or all of them: its next call reads the registry."""
    with _lock:
        for name in [resource] if resource else list(_kept):
            if (found := _kept.pop(name, None)) is not None:
                found.connector.close()


def _refreshed(resource: str) -> Kept:
    row = Source.objects.select_related("health").filter(resource=resource, on=True).first()
    found = _kept.get(resource)
    if row is None or row.kind not in _factories:
        if found is not None:
            _kept.pop(resource).connector.close()
        raise SourceUnknown("这个数据资源还没有接入，或者已经停用。", mend="请联系市政务服务和大数据管理局。")
    if found is None or (found.source, found.version) != (row.pk, row.version):
        if found is not None:
            found.connector.close()
        found = _kept[resource] = open_source(row)
    found.read_at = time.monotonic()
    until = row.health.open_until if hasattr(row, "health") else None
    if until is not None and (rest := (until - timezone.now()).total_seconds()) > 0:
        found.breaker.open_for(rest)
    return found


def open_source(row: Source, limits: Limits | None = None) -> Kept:
    """A connector for what is registered, with the limits in force or these. Raises Invalid, Unavailable."""
    catalogue = current().catalogue
    limits = limits or limits_of(catalogue, row.total_seconds)
    registered = Registered(row.resource, row.kind, row.config, limits, row.secret)
    return Kept(
        source=row.pk,
        public_id=row.public_id,
        resource=row.resource,
        version=row.version,
        connector=_factories[row.kind](registered),
        breaker=Breaker(
            whole(catalogue, "source-failures"), whole(catalogue, "source-rest-seconds"), time.monotonic
        ),
        limits=limits,
        at_once=row.at_once or whole(catalogue, "source-at-once"),
        wait=whole(catalogue, "source-wait-milliseconds") / 1000,
        slow=whole(catalogue, "source-slow-milliseconds") / 1000,
        read_at=time.monotonic(),
    )


def limits_of(catalogue: Catalogue, total_seconds: int | None = None) -> Limits:
    """What an answer may cost by the release in force. Raises Unavailable."""
    return Limits(
        connect_seconds=whole(catalogue, "source-connect-seconds"),
        total_seconds=total_seconds or whole(catalogue, "source-total-seconds"),
        most_bytes=whole(catalogue, "source-most-megabytes") * _MEGABYTE,
        most_file_bytes=whole(catalogue, "source-file-megabytes") * _MEGABYTE,
        most_rows=whole(catalogue, "source-most-rows"),
        folder=sources_folder(),
        plain_hosts=frozenset(settings.ENV["SOURCES_PLAIN_HOSTS"]),
    )


def sources_folder() -> Path:
    """Where providers put files."""
    named = settings.ENV["SOURCES_DIR"]
    return Path(named) if named else Path(settings.DATA_DIR) / "sources"
