# SPDX-License-Identifier: Apache-2.0
"""Tables of this room."""

from __future__ import annotations

from .claims import BudgetYear, Claim, Objection, Payment, Roster, RosterRow, Run, Statement
from .extracts import Extract, ExtractRow
from .settlements import (
    Check,
    Enrolment,
    Line,
    Payee,
    Payout,
    Record,
    Recovery,
    Sheet,
    SheetObjection,
    Station,
    StationOfficer,
)
from .unclaimed import LetterChoice, Unclaimed

__all__ = [
    "BudgetYear",
    "Check",
    "Claim",
    "Enrolment",
    "Extract",
    "ExtractRow",
    "LetterChoice",
    "Line",
    "Objection",
    "Payee",
    "Payment",
    "Payout",
    "Record",
    "Recovery",
    "Roster",
    "RosterRow",
    "Run",
    "Sheet",
    "SheetObjection",
    "Statement",
    "Station",
    "StationOfficer",
    "Unclaimed",
]
