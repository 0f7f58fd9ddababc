# SPDX-License-Identifier: Apache-2.0
"""The door of the gateway (共享数据网关)."""

from __future__ import annotations

from .calls import CallResult, call, receipt_of, subject_index
from .calls_read import CallRow, call_by_receipt, calls_about, calls_of
from .domain.answers import Answer, Flag
from .domain.breaker import Circuit
from .domain.calls import (
    Caller,
    CallerKind,
    Ended,
    NewCall,
    NoGrant,
    OutOfScope,
    QuotaUsed,
    Replayed,
)
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
    "CallResult",
    "CallRow",
    "Caller",
    "CallerKind",
    "Circuit",
    "Connector",
    "Ended",
    "Factory",
    "Flag",
    "Limits",
    "NewCall",
    "NewSource",
    "NoGrant",
    "OutOfScope",
    "Page",
    "Query",
    "QuotaUsed",
    "Registered",
    "Replayed",
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
    "call",
    "call_by_receipt",
    "calls_about",
    "calls_of",
    "connector_of",
    "fetch",
    "forget_sources",
    "receipt_of",
    "save_source",
    "source_kinds",
    "source_states",
    "source_view",
    "sources",
    "sources_folder",
    "subject_index",
    "switch_source",
    "try_source",
    "use_connectors",
]
