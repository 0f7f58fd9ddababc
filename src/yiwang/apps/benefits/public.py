# SPDX-License-Identifier: Apache-2.0
"""The door of benefits without application (免申即享).

1. A department hands in a roster (`hand_in_roster`), a second officer reviews it (`review_roster`).
2. The worker matches (`match_if_changed`), writes to those who are owed, reminds them (`remind`).
3. They `confirm` once, with an account; the worker shows and orders (`advance`); the treasury pays
   (`pay_through`), its statement is compared (`reconcile`).
   Of what they would have to apply for themselves they are written to once (`remind_unclaimed`), unless they
   do not want that (`choose_letters`).
4. Whoever thinks it wrong objects (`object_to`); the department answers (`answer`).

And of money settled by period (按期结算):

1. Counties `add_station`, villages `enrol` households (or counties piles), the city lets makers in
   (`admit_payee`); they `give_account` and `report` a month's records.
2. The village sums up and shows (`begin_sheet`), answers objections (`doubt`, `answer_doubt`), hands up with
   photographs (`end_publicity`); each level checks (`check`), a returned sheet is summed up again.
3. `advance` puts passed sheets together, asks budget and credit, and orders; what is wrong later is
   withdrawn (`withdraw_record`) and set off, or taken back (`propose_recovery`, `decide_recovery`).
"""

from __future__ import annotations

from .applications import use_applications
from .budget_views import BudgetView, budgets
from .certificates import CertificateView, CheckedCertificate, certificate, check_certificate
from .commands.claim_money import look_at_bars
from .commands.claiming import confirm, decline, remind
from .commands.doubting import answer_doubt, doubt
from .commands.enrolling import (
    NewEnrolment,
    add_station,
    admit_payee,
    end_enrolment,
    enrol,
    give_account,
    give_treasury_account,
)
from .commands.extracts import deliveries, take_extract
from .commands.fetching import fetch_due
from .commands.matching import match_if_changed
from .commands.objecting import answer, object_to
from .commands.ordering import TOPIC, Order, Receipt, Treasury
from .commands.paying import advance, pay_through, reconcile, reconcile_yesterday, settle
from .commands.recovering import decide_recovery, note_return, propose_recovery
from .commands.reminding import choose_letters, remind_unclaimed
from .commands.reporting import RecordsWrong, report, withdraw_record
from .commands.rosters import RosterWrong, hand_in_roster, review_roster
from .commands.sheets import begin_sheet, check, end_publicity, sum_up_again
from .domain.sheets import PayoutState, SheetState
from .domain.states import State
from .enrolled import enrolments_of, stations_in
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
    objections,
    policy_objected_to,
    rosters,
    shown,
)
from .results import Reconciled, Result, last_run, reconciled, results
from .settlement_parts import NoSuchSettlement, settled_policies, stations_of
from .settlement_queries import (
    SheetRow,
    SheetView,
    month_table,
    sheet_view,
    sheets_of,
)
from .sources import REGISTER, SourceView, fact_sources
from .statements import (
    HouseholdView,
    PayeeView,
    households_of,
    payees_for_office,
    payees_of,
    shown_sheets,
    statement,
)
from .trying import KnownSubjects, known_subjects
from .unclaimed import Letters, UnclaimedView, already_applied, letters, unclaimed

__all__ = [
    "REGISTER",
    "TOPIC",
    "BudgetView",
    "CertificateView",
    "CheckedCertificate",
    "ClaimView",
    "Figures",
    "HouseholdView",
    "KnownFact",
    "KnownSubjects",
    "Letters",
    "NewEnrolment",
    "NoSuchClaim",
    "NoSuchSettlement",
    "ObjectionView",
    "Order",
    "PayeeView",
    "PayoutState",
    "Receipt",
    "Reconciled",
    "RecordsWrong",
    "Result",
    "RosterView",
    "RosterWrong",
    "SheetRow",
    "SheetState",
    "SheetView",
    "Shown",
    "SourceView",
    "State",
    "Treasury",
    "UnclaimedView",
    "add_station",
    "admit_payee",
    "advance",
    "already_applied",
    "answer",
    "answer_doubt",
    "begin_sheet",
    "budgets",
    "certificate",
    "check",
    "check_certificate",
    "choose_letters",
    "claim_view",
    "claims_of",
    "confirm",
    "decide_recovery",
    "decline",
    "deliveries",
    "doubt",
    "end_enrolment",
    "end_publicity",
    "enrol",
    "enrolments_of",
    "fact_sources",
    "fetch_due",
    "figures",
    "give_account",
    "give_treasury_account",
    "hand_in_roster",
    "households_of",
    "known_facts",
    "known_subjects",
    "last_run",
    "letters",
    "look_at_bars",
    "match_if_changed",
    "month_table",
    "note_return",
    "object_to",
    "objections",
    "pay_through",
    "payees_for_office",
    "payees_of",
    "policy_objected_to",
    "propose_recovery",
    "reconcile",
    "reconcile_yesterday",
    "reconciled",
    "remind",
    "remind_unclaimed",
    "report",
    "results",
    "review_roster",
    "rosters",
    "settle",
    "settled_policies",
    "sheet_view",
    "sheets_of",
    "shown",
    "shown_sheets",
    "statement",
    "stations_in",
    "stations_of",
    "sum_up_again",
    "take_extract",
    "unclaimed",
    "use_applications",
    "withdraw_record",
]
