# SPDX-License-Identifier: Apache-2.0
"""Benefits (惠企惠民政策): what a policy gives, for one subject with reasons and for everybody at once.

`kinds` is how a policy is written, `rules` turns it into the house's one rule language, `calculate`
works it out for one subject, `population` for all, `checks` keeps definitions honest.
"""

from __future__ import annotations

from .calculate import (
    Entitlement,
    Standing,
    calculate,
    calculate_all,
    facts_needed,
    next_questions,
)
from .checks import check_policies
from .facts import facts_of
from .kinds import BENEFIT_KINDS, Policy

__all__ = [
    "BENEFIT_KINDS",
    "Entitlement",
    "Policy",
    "Standing",
    "calculate",
    "calculate_all",
    "check_policies",
    "facts_needed",
    "facts_of",
    "next_questions",
]
