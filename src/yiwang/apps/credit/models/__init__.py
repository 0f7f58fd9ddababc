# SPDX-License-Identifier: Apache-2.0
"""Tables of public credit."""

from __future__ import annotations

from .deliveries import CodeUse, Delivery
from .matters import Check, CheckFeedback, Listing, Objection, Repair
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
    "Repair",
    "Version",
]
