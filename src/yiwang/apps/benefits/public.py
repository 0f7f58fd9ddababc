# SPDX-License-Identifier: Apache-2.0
"""The door of benefits without application (免申即享).

1. A department hands in a roster (`hand_in_roster`), a second officer reviews it (`review_roster`).
2. The worker matches (`match_if_changed`), writes to those who are owed, reminds them (`remind`).
3. They `confirm` once, with an account; the worker shows and orders (`advance`); the treasury pays
   (`pay_through`), its statement is compared (`reconcile`).
4. Whoever thinks it wrong objects (`object_to`); the department answers (`answer`).
"""

from __future__ import annotations

from .commands.claiming import confirm, decline, remind
from .commands.matching import match_if_changed
from .commands.objecting import answer, object_to
from .commands.paying import (
    TOPIC,
    Order,
    Receipt,
    Treasury,
    advance,
    pay_through,
    reconcile,
    reconcile_yesterday,
    settle,
)
from .commands.rosters import RosterWrong, hand_in_roster, review_roster
from .domain.states import State
from .knowing import KnownFact, known_facts
from .parts import NoSuchClaim
from .queries import (
    ClaimView,
    Figures,
    ObjectionView,
    RosterView,
    Shown,
    claim_view,
    claims_of,
    figures,
    last_run,
    objections,
    policy_objected_to,
    rosters,
    shown,
)

__all__ = [
    "TOPIC",
    "ClaimView",
    "Figures",
    "KnownFact",
    "NoSuchClaim",
    "ObjectionView",
    "Order",
    "Receipt",
    "RosterView",
    "RosterWrong",
    "Shown",
    "State",
    "Treasury",
    "advance",
    "answer",
    "claim_view",
    "claims_of",
    "confirm",
    "decline",
    "figures",
    "hand_in_roster",
    "known_facts",
    "last_run",
    "match_if_changed",
    "object_to",
    "objections",
    "pay_through",
    "policy_objected_to",
    "reconcile",
    "reconcile_yesterday",
    "remind",
    "review_roster",
    "rosters",
    "settle",
    "shown",
]
