# SPDX-License-Identifier: Apache-2.0
"""The door of the journal.

1. A command writes its change and calls `record(...)` in the same transaction; what must reach
   others goes out through `send(...)`, in the same transaction too.
2. The worker calls `deliver_due(...)` and `seal_batch()` again and again.
3. `verify()` names the first altered, missing or reordered row.
"""

from __future__ import annotations

from .commands import gathered, record, seal_batch
from .domain.chain import Problem
from .models import AppendOnly
from .outbox import Handler, Outside, deliver_due, retry_parked, send
from .queries import SealedBatch, Waiting, backlog, entries_of, last_batch, looks_at, undelivered, verify

__all__ = [
    "AppendOnly",
    "Handler",
    "Outside",
    "Problem",
    "SealedBatch",
    "Waiting",
    "backlog",
    "deliver_due",
    "entries_of",
    "gathered",
    "last_batch",
    "looks_at",
    "record",
    "retry_parked",
    "seal_batch",
    "send",
    "undelivered",
    "verify",
]
