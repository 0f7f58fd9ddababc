# SPDX-License-Identifier: Apache-2.0
"""The door of licences.

1. A decided case `issue`s; the licence awaits its seal (`awaiting_seal`), the custodian seals it
   (`seal_licences`): from then on `file_of` gives it as PDF, OFD or JSON.
2. `change_standing` suspends, restores, revokes; `correct` mends what it states; `withdraw_event` takes
   a wrong record back.
3. `held_by` says what somebody holds, `history` and `as_known_on` how it came to stand as it does.
4. `public_check` and `check_upload` answer anybody; `audit` names rows changed behind our back.
5. `LicenceProvider` answers questions of cases.
6. What surrounds it: types and templates, stock taken over from sheets (`hand_in_sheet`, `run_sheet`),
   the index pushed to the province (`push_index`), quality sampling (`draw_sample`).
"""

from __future__ import annotations

from .audit import audit
from .awaiting import Awaiting, awaiting_count, awaiting_seal
from .checking import FileCheck, PublicCheck, check_upload, public_check
from .commands.correcting import Correction, correct
from .commands.handing_out import found_for, hand_out, licence_for, look_at
from .commands.issuing import NewLicence, issue, load_stock
from .commands.sealing import MOST_AT_ONCE, Sealing, seal_licences
from .commands.standing import change_standing, withdraw_event
from .domain.check_codes import new_check_code, read_check_code
from .domain.check_codes import written as written_check_code
from .domain.history import Event, EventKind, Known
from .domain.sampling_states import FindingState
from .domain.states import Standing
from .domain.stock_states import Purpose, SheetState
from .domain.template_states import TemplateLevel, TemplateState
from .drawing import status_url
from .files import FORMS, MEDIA_TYPES, file_of, stored_digests
from .flow_back import FlowBackView, packages, received_files, take_package
from .history import as_known_on, history
from .kit import write_kit
from .provider import LicenceProvider
from .queries import LicenceView, held_by, licence, licences, numbered
from .sampling import (
    Wanted,
    close_finding,
    complain,
    complain_of_number,
    default_size,
    draw_sample,
    note_finding,
    say_mended,
)
from .sampling_views import (
    FindingView,
    SamplingView,
    late_orders,
    orders_of,
    redraw,
    sampling_view,
    samplings,
)
from .stock import (
    ProblemView,
    SheetView,
    hand_in_sheet,
    issuers_of,
    materials_of,
    problems_of,
    report_of,
    sheet_headings,
    sheet_view,
    sheets,
)
from .stock_run import finished, run_sheet, work_on_stock
from .sync import INDEX, Province, announce_missing, push_index, sync_state
from .template_samples import draw_template_sample
from .template_views import (
    TemplateView,
    downloads,
    template_of_version,
    template_text,
    template_view,
    templates_seen_by,
)
from .templates import (
    hand_in_template,
    publish_template,
    review_template,
    template_for,
)
from .trials import TRIAL, try_licence
from .types import (
    Duty,
    TargetView,
    TypeView,
    duties,
    expect_stock,
    finish_target,
    licence_types,
    report_stock,
    targets,
)

__all__ = [
    "FORMS",
    "INDEX",
    "MEDIA_TYPES",
    "MOST_AT_ONCE",
    "TRIAL",
    "Awaiting",
    "Correction",
    "Duty",
    "Event",
    "EventKind",
    "FileCheck",
    "FindingState",
    "FindingView",
    "FlowBackView",
    "Known",
    "LicenceProvider",
    "LicenceView",
    "NewLicence",
    "ProblemView",
    "Province",
    "PublicCheck",
    "Purpose",
    "SamplingView",
    "Sealing",
    "SheetState",
    "SheetView",
    "Standing",
    "TargetView",
    "TemplateLevel",
    "TemplateState",
    "TemplateView",
    "TypeView",
    "Wanted",
    "announce_missing",
    "as_known_on",
    "audit",
    "awaiting_count",
    "awaiting_seal",
    "change_standing",
    "check_upload",
    "close_finding",
    "complain",
    "complain_of_number",
    "correct",
    "default_size",
    "downloads",
    "draw_sample",
    "draw_template_sample",
    "duties",
    "expect_stock",
    "file_of",
    "finish_target",
    "finished",
    "found_for",
    "hand_in_sheet",
    "hand_in_template",
    "hand_out",
    "held_by",
    "history",
    "issue",
    "issuers_of",
    "late_orders",
    "licence",
    "licence_for",
    "licence_types",
    "licences",
    "load_stock",
    "look_at",
    "materials_of",
    "new_check_code",
    "note_finding",
    "numbered",
    "orders_of",
    "packages",
    "problems_of",
    "public_check",
    "publish_template",
    "push_index",
    "read_check_code",
    "received_files",
    "redraw",
    "report_of",
    "report_stock",
    "review_template",
    "run_sheet",
    "sampling_view",
    "samplings",
    "say_mended",
    "seal_licences",
    "sheet_headings",
    "sheet_view",
    "sheets",
    "status_url",
    "stored_digests",
    "sync_state",
    "take_package",
    "targets",
    "template_for",
    "template_of_version",
    "template_text",
    "template_view",
    "templates_seen_by",
    "try_licence",
    "withdraw_event",
    "work_on_stock",
    "write_kit",
    "written_check_code",
]
