# SPDX-License-Identifier: Apache-2.0
"""The door of the journal.

1. A command writes its change and calls `record(...)` in the same transaction; what must reach
   others goes out through `send(...)`, in the same transaction too.
2. The worker calls `deliver_due(...)` and `seal_batch()` again and again.
3. `verify()` names the first altered, missing or reordered row.
"""

from __future__ import annotations

from .commands import Handler, deliver_due, record, retry_parked, seal_batch, send
from .models import AppendOnly
from .queries import backlog, entries_of, looks_at, verify

__all__ = [
    "AppendOnly",
    "Handler",
    "backlog",
    "deliver_due",
    "entries_of",
    "looks_at",
    "record",
    "retry_parked",
    "seal_batch",
    "send",
    "verify",
]
