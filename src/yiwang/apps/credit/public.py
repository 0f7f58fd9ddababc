# SPDX-License-Identifier: Apache-2.0
"""The door of public credit.

1. A unit tells what it decided: `record`, `correct` (a further version, never a change), `withdraw`; or
   many at once: `deliver_file`, `deliver_rows`; what is wrong comes back (`rejects_file`).
2. `effects` says what the valid records of a person or firm do to a matter, each by one record; `check`
   asks that for an application and keeps the answer, `feed_back` says what was done.
3. Whoever it is about may object (`object_to`, `answer`) and repair (`ask_repair`, `decide_repair`); both
   end every effect and the publicity at once. On lists only after having been told and heard
   (`tell_listing`, `defend`, `decide_listing`); off one for the clean by `decide_removal`. `mend` repairs
   without being asked what the unit itself sees done.
   For a public-resource matter `start_check` is asked by its unit or trading system, and closed by
   `feed_back_dealing`.
4. `public_search` and `public_lists` are for everybody, `own_records` for whom it is about, `look_up` for
   officers with purpose and case. `late_units`, `coverage`, `deliveries`, `matters` are for the work.
5. The worker calls `look_after_credit`, `evaluate_due` for the evaluation of each period, and `merge_facts`.
6. `export_facts` writes records as columns, `history_in` reads one subject's. `evaluate_subject` evaluates
   one firm with every reason, `evaluate_firms` all of them from the columns.
7. `draw_report` makes a sealed credit report in one of the `report_versions`; `report_view` and `report_file`
   open it, `report_check` and `was_report` answer anybody who has its code or file.
8. `published_rules` are for everybody; `evaluation_of` says one evaluation in words, `graded_firms` who is in
   which class. `integrity_file` is everything about oneself.
9. `score_offer`, `agree_to_score`, `use_score`, `withdraw_score`: the personal score, by the person alone,
   for benefits alone; `score_use_check` answers whoever gives the benefit.
10. `month_report` counts by unit and county, `untrained` and `note_training` are for the leading unit,
   `bulletins` the half-year figures for everybody.
11. The standard of a list changes with a release, and only after `put_up`, `comment_on` and `answer_comment`:
   else `guard_standards` lets no release be put in force.
"""

from __future__ import annotations

from yiwang.engines.credit import (
    Audience,
    Dealing,
    Effect,
    EffectKind,
    Evaluated,
    Matter,
    Scene,
    Severity,
    Way,
    records_named,
)

from .commands.checking import CreditCheck, KeptCheck, check, checks_of, feed_back
from .commands.codes import map_code
from .commands.collecting import (
    Received,
    Returned,
    deliver_file,
    deliver_rows,
    delivery_view,
    rejects_file,
    template_file,
)
from .commands.consulting import answer_comment, comment_on, guard_standards, put_up
from .commands.dealing import NewDealing, feed_back_dealing, start_check
from .commands.defending import defend
from .commands.listing import NewListing, decide_listing, tell_listing
from .commands.objecting import Outcome, answer, object_to
from .commands.recording import correct, correct_record, record, withdraw
from .commands.removing import decide_removal
from .commands.repairing import NewRepair, ask_repair, decide_repair, mend
from .commands.timers import look_after_credit
from .commands.training import may_note_training, note_training
from .domain.telling import NewRecord
from .evaluating import Everybody, evaluate_firms, evaluate_subject, history_in
from .evaluation_runs import evaluate_due, run_for_pages
from .evaluations import (
    EvaluationView,
    PublishedRules,
    evaluation_of,
    published_rules,
)
from .evidence import store_evidence
from .facts import Exported, export_facts, merge_facts
from .graded import MOST_LISTED, GradedPage, RunView, graded_firms
from .integrity import IntegrityFile, integrity_file
from .parts import NoSuchRecord, knows_entry
from .queries.bulletins import BulletinView, bulletins
from .queries.consulting import (
    AnswerView,
    CommentView,
    ConsultationView,
    ToPutUp,
    comments_on,
    consultation,
    consultations,
    consultations_of,
    own_comment,
    standards_to_put_up,
)
from .queries.counties import CountyFigures, Untrained, untrained
from .queries.dealings import DealingHit, DealingView, dealing_view, dealings
from .queries.figures import (
    Coverage,
    DeliveryView,
    LateUnit,
    WaitingCode,
    coverage,
    deliveries,
    late_units,
    waiting_codes,
)
from .queries.goals import Goal
from .queries.histories import effects, effects_of_many, in_green_lane
from .queries.matters import HearingView, Matters, matters, own_hearings
from .queries.reporting import Disclosure, MonthReport, UnitMonth, Usage, month_report
from .queries.seeing import evidence_of, firm_with, look_up, own_records, record_view, records_of_unit
from .queries.shown import PublicLine, PublicSubject, public_lists, public_search
from .queries.views import EndingView, MatterView, RecordView, VersionView
from .reports import NewReport, draw_numbered, draw_report, report_versions
from .reports_contents import Section
from .reports_drawing import SEAL_PURPOSE, stored_digests
from .reports_reading import (
    ReportCheck,
    ReportView,
    report_check,
    report_file,
    report_view,
    reports_drawn_by,
    reports_of,
    was_report,
)
from .scores import (
    ScoreOffer,
    UseView,
    agree_to_score,
    score_offer,
    score_use_check,
    use_score,
    withdraw_score,
)

__all__ = [
    "MOST_LISTED",
    "SEAL_PURPOSE",
    "AnswerView",
    "Audience",
    "BulletinView",
    "CommentView",
    "ConsultationView",
    "CountyFigures",
    "Coverage",
    "CreditCheck",
    "Dealing",
    "DealingHit",
    "DealingView",
    "DeliveryView",
    "Disclosure",
    "Effect",
    "EffectKind",
    "EndingView",
    "Evaluated",
    "EvaluationView",
    "Everybody",
    "Exported",
    "Goal",
    "GradedPage",
    "HearingView",
    "IntegrityFile",
    "KeptCheck",
    "LateUnit",
    "Matter",
    "MatterView",
    "Matters",
    "MonthReport",
    "NewDealing",
    "NewListing",
    "NewRecord",
    "NewRepair",
    "NewReport",
    "NoSuchRecord",
    "Outcome",
    "PublicLine",
    "PublicSubject",
    "PublishedRules",
    "Received",
    "RecordView",
    "ReportCheck",
    "ReportView",
    "Returned",
    "RunView",
    "Scene",
    "ScoreOffer",
    "Section",
    "Severity",
    "ToPutUp",
    "UnitMonth",
    "Untrained",
    "Usage",
    "UseView",
    "VersionView",
    "WaitingCode",
    "Way",
    "agree_to_score",
    "answer",
    "answer_comment",
    "ask_repair",
    "bulletins",
    "check",
    "checks_of",
    "comment_on",
    "comments_on",
    "consultation",
    "consultations",
    "consultations_of",
    "correct",
    "correct_record",
    "coverage",
    "dealing_view",
    "dealings",
    "decide_listing",
    "decide_removal",
    "decide_repair",
    "defend",
    "deliver_file",
    "deliver_rows",
    "deliveries",
    "delivery_view",
    "draw_numbered",
    "draw_report",
    "effects",
    "effects_of_many",
    "evaluate_due",
    "evaluate_firms",
    "evaluate_subject",
    "evaluation_of",
    "evidence_of",
    "export_facts",
    "feed_back",
    "feed_back_dealing",
    "firm_with",
    "graded_firms",
    "guard_standards",
    "history_in",
    "in_green_lane",
    "integrity_file",
    "knows_entry",
    "late_units",
    "look_after_credit",
    "look_up",
    "map_code",
    "matters",
    "may_note_training",
    "mend",
    "merge_facts",
    "month_report",
    "note_training",
    "object_to",
    "own_comment",
    "own_hearings",
    "own_records",
    "public_lists",
    "public_search",
    "published_rules",
    "put_up",
    "record",
    "record_view",
    "records_named",
    "records_of_unit",
    "rejects_file",
    "report_check",
    "report_file",
    "report_versions",
    "report_view",
    "reports_drawn_by",
    "reports_of",
    "run_for_pages",
    "score_offer",
    "score_use_check",
    "standards_to_put_up",
    "start_check",
    "store_evidence",
    "stored_digests",
    "tell_listing",
    "template_file",
    "untrained",
    "use_score",
    "waiting_codes",
    "was_report",
    "withdraw",
    "withdraw_score",
]
