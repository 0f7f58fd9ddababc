# SPDX-License-Identifier: Apache-2.0
"""Tables of public credit."""

from __future__ import annotations

from .deliveries import CodeUse, Delivery, WaitingRow
from .figures import Bulletin, Training
from .matters import Check, CheckFeedback, Listing, Objection, Removal, Repair
from .records import Ending, Record, Version
from .reports import Report, ScoreConsent, ScoreUse
from .runs import EvaluationRun

__all__ = [
    "Bulletin",
    "Check",
    "CheckFeedback",
    "CodeUse",
    "Delivery",
    "Ending",
    "EvaluationRun",
    "Listing",
    "Objection",
    "Record",
    "Removal",
    "Repair",
    "Report",
    "ScoreConsent",
    "ScoreUse",
    "Training",
    "Version",
    "WaitingRow",
]
