# SPDX-License-Identifier: Apache-2.0
"""Public credit (公共信用): what may be recorded, how long it counts, what it does to a matter.

`kinds` is how the catalogue, the measures list and the conditions of repair are written, `facts` is the
one rule from a record's history to its effects, `checks` keeps definitions honest.
"""

from __future__ import annotations

from .book import CreditBook
from .checks import check_credit
from .facts import (
    Effect,
    Ending,
    EndKind,
    History,
    Matter,
    Standing,
    Version,
    effects_of,
    is_shown,
    months_after,
    repairable_from,
    shown_until,
    standing,
    used_until,
)
from .kinds import CREDIT_KINDS, CreditEntry, CreditField, CreditMeasure, CreditRepair
from .words import EffectKind, Proof, Scene, Severity, Sort, Way

__all__ = [
    "CREDIT_KINDS",
    "CreditBook",
    "CreditEntry",
    "CreditField",
    "CreditMeasure",
    "CreditRepair",
    "Effect",
    "EffectKind",
    "EndKind",
    "Ending",
    "History",
    "Matter",
    "Proof",
    "Scene",
    "Severity",
    "Sort",
    "Standing",
    "Version",
    "Way",
    "check_credit",
    "effects_of",
    "is_shown",
    "months_after",
    "repairable_from",
    "shown_until",
    "standing",
    "used_until",
]
