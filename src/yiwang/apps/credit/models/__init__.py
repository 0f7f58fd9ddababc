# SPDX-License-Identifier: Apache-2.0
"""Tables of public credit."""

from __future__ import annotations

from .deliveries import CodeUse, Delivery, WaitingRow
from .matters import Check, CheckFeedback, Listing, Objection, Removal, Repair
from .records import Ending, Record, Version

__all__ = [
    "Check",
    "CheckFeedback",
    "CodeUse",
    "Delivery",
    "Ending",
    "Listing",
    "Objection",
    "Record",
    "Removal",
    "Repair",
    "Version",
    "WaitingRow",
]
