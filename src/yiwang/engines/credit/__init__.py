# SPDX-License-Identifier: Apache-2.0
"""Public credit (公共信用): what may be recorded, how long it counts, what it does to a matter.

`kinds` is how the catalogue, the measures list and the conditions of repair are written, `facts` is the
one rule from a record's history to its effects, `checks` keeps definitions honest. `evaluation` evaluates one
subject with every reason, `evaluation_population` everybody at once, from the columns that `store` keeps.
`reports` says what may stand in a report, `scoring` what a person's score brings: benefits alone.
"""

from __future__ import annotations

from .book import CreditBook
from .checks import check_credit
from .evaluation import Evaluated, Fact, evaluate_one, fact_of
from .evaluation_kinds import SCORE, Evaluation
from .facts import (
    Effect,
    Ending,
    EndKind,
    History,
    Matter,
    Standing,
    Version,
    adverse,
    effects_of,
    is_shown,
    months_after,
    records_named,
    repairable_from,
    resting,
    shown_until,
    standing,
    used_until,
)
from .kinds import CREDIT_KINDS, CreditEntry, CreditField, CreditMeasure, CreditRepair, Ground
from .report_kinds import Audience, CreditReport, Holds, ReportPart
from .reports import Filed, report_parts, require_use
from .words import Dealing, EffectKind, Proof, Scene, Severity, Sort, Way

__all__ = [
    "CREDIT_KINDS",
    "SCORE",
    "Audience",
    "CreditBook",
    "CreditEntry",
    "CreditField",
    "CreditMeasure",
    "CreditRepair",
    "CreditReport",
    "Dealing",
    "Effect",
    "EffectKind",
    "EndKind",
    "Ending",
    "Evaluated",
    "Evaluation",
    "Fact",
    "Filed",
    "Ground",
    "History",
    "Holds",
    "Matter",
    "Proof",
    "ReportPart",
    "Scene",
    "Severity",
    "Sort",
    "Standing",
    "Version",
    "Way",
    "adverse",
    "check_credit",
    "effects_of",
    "evaluate_one",
    "fact_of",
    "is_shown",
    "months_after",
    "records_named",
    "repairable_from",
    "report_parts",
    "require_use",
    "resting",
    "shown_until",
    "standing",
    "used_until",
]
