# SPDX-License-Identifier: Apache-2.0
"""The door of the gateway (共享数据网关)."""

from __future__ import annotations

from .domain.answers import Answer, Flag
from .domain.breaker import Circuit
from .domain.connecting import (
    Connector,
    Factory,
    Limits,
    Page,
    Query,
    Registered,
    SourceBusy,
    SourceChanged,
    SourceDown,
    SourceMalformed,
    SourceSlow,
    SourceTooLarge,
    SourceUnknown,
    TablePage,
    WrongSubject,
)
from .sources import answer, fetch
from .sources_kept import connector_of, sources_folder, use_connectors
from .sources_kept import forget as forget_sources
from .sources_kept import kinds as source_kinds
from .sources_registry import (
    NewSource,
    SourceState,
    SourceView,
    save_source,
    source_states,
    source_view,
    sources,
    switch_source,
    try_source,
)

__all__ = [
    "Answer",
    "Circuit",
    "Connector",
    "Factory",
    "Flag",
    "Limits",
    "NewSource",
    "Page",
    "Query",
    "Registered",
    "SourceBusy",
    "SourceChanged",
    "SourceDown",
    "SourceMalformed",
    "SourceSlow",
    "SourceState",
    "SourceTooLarge",
    "SourceUnknown",
    "SourceView",
    "TablePage",
    "WrongSubject",
    "answer",
    "connector_of",
    "fetch",
    "forget_sources",
    "save_source",
    "source_kinds",
    "source_states",
    "source_view",
    "sources",
    "sources_folder",
    "switch_source",
    "try_source",
    "use_connectors",
]
