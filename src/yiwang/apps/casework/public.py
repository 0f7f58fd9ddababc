# SPDX-License-Identifier: Apache-2.0
"""The door of casework.

1. `start_draft` … `save_answers`, `save_form`, `attach_file`, `save_delivery` … `submit`: the
   applicant, or a clerk for them. `submit` acknowledges once, with a number.
2. Officers `accept` (or `ask_correction` once, or `refuse_acceptance`), review, visit the site
   together, `propose`, and `grant` or `refuse`. A granted item issues its results; items that
   waited for them go on by themselves.
3. When every item has its outcome all results are handed over together (`deliver`, or by
   themselves when electronic); `deliver(early=True)` when one cannot wait for the others.
4. A document may be given by the file itself, by a promise to bring it after acceptance
   (`promise_later`, 容缺; `attach_file` works for it until it is there), or by a signed commitment
   where the law takes one (`sign_commitment`, 告知承诺; the words are in `DraftView.commitments`).
   `hand_in_myself`: the applicant hands in what the government has already; the paper way stays open.
5. What is handed in is declared (`Declared`) and, where an item asks for it, signed: `form_to_sign` is
   the application form as it stands, `sign_form` signs exactly that.
6. What other departments know already is looked up for a draft only by consent (`consent_to_sharing`,
   `withdraw_sharing`); what may be asked stands in `DraftView.still_open`.
7. `known_about` tells a person or a firm's representative what is on record about them.
8. The worker calls `run_timers`; it also writes the archive packages (`archive_package`).
"""

from __future__ import annotations

from yiwang.apps.commitments.public import CommitmentText

from .applied import Applied, applied
from .archives import Package, archive_package
from .case_views import CaseView, case_file, case_view
from .commands._completeness import NotComplete
from .commands.attaching import attach_file, detach_file
from .commands.deciding import grant, refuse, send_back, terminate
from .commands.declaring import (
    SIGNATURE,
    Declared,
    FormToSign,
    asks_signature,
    declaration_text,
    form_to_sign,
    sign_form,
)
from .commands.drafts import (
    NewDraft,
    Saved,
    correct_known,
    drop_draft,
    save_answers,
    save_delivery,
    save_form,
    start_draft,
)
from .commands.finishing import deliver, withdraw
from .commands.handling import (
    begin_review,
    begin_special,
    end_special,
    extend,
    pass_compliance,
    plan_visit,
    propose,
    record_finding,
)
from .commands.receiving import Point, accept, ask_correction, hand_over, refuse_acceptance, supply_correction
from .commands.sharing import ask_sharing_again, consent_to_sharing, person_of, withdraw_sharing
from .commands.standing_in import (
    authorise_commitment,
    hand_in_myself,
    promise_later,
    sign_commitment,
    take_back,
    withdraw_commitment,
)
from .commands.submitting import Receipt, submit, submit_at_once
from .commands.timers import run_timers
from .commands.untruth import find_commitment_untrue
from .concerned import Concerned, applying, concerned
from .counters import drafts_begun, ready_to_deliver, submitted_here, volumes
from .credit_checks import feed_back_credit
from .declarations import DeclarationView, declaration_of
from .domain.values import complaints_of
from .domain.values import read as read_value
from .evidence import Errand, plan_for_visitor, use_providers
from .follow_ups import FollowUp, follow_ups
from .knowing import KnownValue, known_about
from .lists import OrgLights, Worklist, WorkRow, intake, lights_by_org, worklist
from .papers import DocumentView, commitments_of
from .rows import applications_of, applications_of_cases
from .views import ApplicationView, DraftView, application_view, draft_view

__all__ = [
    "SIGNATURE",
    "ApplicationView",
    "Applied",
    "CaseView",
    "CommitmentText",
    "Concerned",
    "DeclarationView",
    "Declared",
    "DocumentView",
    "DraftView",
    "Errand",
    "FollowUp",
    "FormToSign",
    "KnownValue",
    "NewDraft",
    "NotComplete",
    "OrgLights",
    "Package",
    "Point",
    "Receipt",
    "Saved",
    "WorkRow",
    "Worklist",
    "accept",
    "application_view",
    "applications_of",
    "applications_of_cases",
    "applied",
    "applying",
    "archive_package",
    "ask_correction",
    "ask_sharing_again",
    "asks_signature",
    "attach_file",
    "authorise_commitment",
    "begin_review",
    "begin_special",
    "case_file",
    "case_view",
    "commitments_of",
    "complaints_of",
    "concerned",
    "consent_to_sharing",
    "correct_known",
    "declaration_of",
    "declaration_text",
    "deliver",
    "detach_file",
    "draft_view",
    "drafts_begun",
    "drop_draft",
    "end_special",
    "extend",
    "feed_back_credit",
    "find_commitment_untrue",
    "follow_ups",
    "form_to_sign",
    "grant",
    "hand_in_myself",
    "hand_over",
    "intake",
    "known_about",
    "lights_by_org",
    "pass_compliance",
    "person_of",
    "plan_for_visitor",
    "plan_visit",
    "promise_later",
    "propose",
    "read_value",
    "ready_to_deliver",
    "record_finding",
    "refuse",
    "refuse_acceptance",
    "run_timers",
    "save_answers",
    "save_delivery",
    "save_form",
    "send_back",
    "sign_commitment",
    "sign_form",
    "start_draft",
    "submit",
    "submit_at_once",
    "submitted_here",
    "supply_correction",
    "take_back",
    "terminate",
    "use_providers",
    "volumes",
    "withdraw",
    "withdraw_commitment",
    "withdraw_sharing",
    "worklist",
]
