# SPDX-License-Identifier: Apache-2.0
"""The door of the journal.

1. A command writes its change and calls `record(...)` in the same transaction; what must reach
   others goes out through `send(...)`, in the same transaction too.
2. The worker calls `deliver_due(...)` and `seal_batch()` again and again.
3. The worker ends each day (`close_days`) and has it sealed (`seal_days`); `proof_of(...)` is what
   proves one entry to anybody, without this house.
4. `verify()` names the first altered, missing or reordered row.
"""

from __future__ import annotations

from . import one_statement
from .checking import verify
from .commands import gathered, record, seal_batch
from .day_checks import SealCheck
from .days import SEAL_PURPOSE, STATEMENT, SealPress, close_days, seal_days
from .domain.chain import Problem
from .kit import FORM, check_script, kit_of, write_kit, zipped
from .looks import Kinds, Look, LooksPage, Span, looks_page
from .models import AppendOnly
from .outbox import Handler, Outside, deliver_due, retry_parked, send, send_many
from .own import NewEntry, OwnStream
from .proofs import DaysSoFar, Pending, Proof, days_so_far, entry_at, entry_in, proof_of
from .queries import (
    SealedBatch,
    Vouched,
    Waiting,
    backlog,
    entries_named,
    entries_of,
    last_batch,
    looks_at,
    looks_per_thing,
    undelivered,
)
from .rows import for_update, insert, marks_for, read_rows, store, store_changes

__all__ = [
    "FORM",
    "SEAL_PURPOSE",
    "STATEMENT",
    "AppendOnly",
    "DaysSoFar",
    "Handler",
    "Kinds",
    "Look",
    "LooksPage",
    "NewEntry",
    "Outside",
    "OwnStream",
    "Pending",
    "Problem",
    "Proof",
    "SealCheck",
    "SealPress",
    "SealedBatch",
    "Span",
    "Vouched",
    "Waiting",
    "backlog",
    "check_script",
    "close_days",
    "days_so_far",
    "deliver_due",
    "entries_named",
    "entries_of",
    "entry_at",
    "entry_in",
    "for_update",
    "gathered",
    "insert",
    "kit_of",
    "last_batch",
    "looks_at",
    "looks_page",
    "looks_per_thing",
    "marks_for",
    "one_statement",
    "proof_of",
    "read_rows",
    "record",
    "retry_parked",
    "seal_batch",
    "seal_days",
    "send",
    "send_many",
    "store",
    "store_changes",
    "undelivered",
    "verify",
    "write_kit",
    "zipped",
]
