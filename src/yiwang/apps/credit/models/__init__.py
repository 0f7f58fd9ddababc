# SPDX-License-Identifier: Apache-2.0
"""Tables of public credit."""

from __future__ import annotations

from .deliveries import CodeUse, Delivery, WaitingRow
from .figures import Bulletin, Training
from .matters import Check, CheckFeedback, Hearing, Listing, Objection, Removal, Repair, RepairOffer
from .records import Ending, Record, Version
from .reports import Report, ScoreConsent, ScoreUse
from .runs import EvaluationRun
from .standards import Comment, Consultation

__all__ = [
    "Bulletin",
    "Check",
    "CheckFeedback",
    "CodeUse",
    "Comment",
    "Consultation",
    "Delivery",
    "Ending",
    "EvaluationRun",
    "Hearing",
    "Listing",
    "Objection",
    "Record",
    "Removal",
    "Repair",
    "RepairOffer",
    "Report",
    "ScoreConsent",
    "ScoreUse",
    "Training",
    "Version",
    "WaitingRow",
]
