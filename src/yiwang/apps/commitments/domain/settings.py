# SPDX-License-Identifier: Apache-2.0
"""Names of the settings of this room, and how their limits are read."""

from __future__ import annotations

from decimal import Decimal

from yiwang.engines.definitions import Catalogue, whole
from yiwang.kernel.workdays import Limit, Unit

WAY, CIVIL, ADMINISTRATIVE, CRIMINAL, CHECKING = NOTICE = (
    "commitment-way",
    "commitment-liability-civil",
    "commitment-liability-administrative",
    "commitment-liability-criminal",
    "commitment-checking-power",
)
LETTER = "commitment-letter"
ASSISTANCE = "commitment-assistance-days"
MENDING = "commitment-mending-days"
LIST_REVIEWS, LIST_APPROVES = "commitment-list-reviewer", "commitment-list-approver"
COMPARE_AGAIN = "commitment-compare-again-minutes"


def limit_of(catalogue: Catalogue, name: str) -> Limit:
    """A setting that is a number of working days. Raises Unavailable when the release does not hold it."""
    return Limit(Decimal(whole(catalogue, name)), Unit.WORKING)
