# SPDX-License-Identifier: Apache-2.0
"""The door of quality and objections (数据质量、异议).

1. `object_to`: somebody says a record is wrong, at home or before a clerk, who files it for them; the
   provider has five working days. It may `extend` once, with a reason, and ends the check with
   `answer_objection`: corrected, or answered with reasons.
2. `give_feedback`: whoever raised it says whether that settles it, or an officer who heard it from them
   writes it down; if not, it is checked once more.
3. `open_objections(resource, subject)` says what stands beside the items of a record meanwhile;
   `note_read` takes the note of a correction away once the source itself says the new value.
4. `run` judges a resource by the rules in its definition, as the worker does by itself; `scores`,
   `resource_quality` tell; the provider says that something is mended (`say_mended`), the next run confirms.
5. The worker calls `look_after_objections` and `look_after_quality`.
"""

from __future__ import annotations

from .commands.checking import (
    CORRECTION_TOPIC,
    Answered,
    Corrected,
    answer_objection,
    extend,
    look_after_objections,
)
from .commands.feedback import Heard, give_feedback
from .commands.mending import say_mended
from .commands.objecting import NewObjection, object_to, store_evidence
from .commands.provider_saying import NoSuchCorrection, provider_says
from .commands.running import begin_due, run, work_on_runs
from .corrections import CorrectionMessage, correction_seconds, deliver_correction
from .counting import Tally, tallies
from .domain.objections import State, Way
from .domain.provider_says import Reply, Said, read_reply, reply_of
from .domain.runs import RunState, TaskState
from .domain.values import spoken
from .listing import ObjectionRow, filed_at_counter, objections, objections_about
from .marks import (
    Mark,
    forget_objected,
    marked_records,
    marks_for,
    marks_of,
    note_read,
    open_objections,
    words_on,
)
from .parts import NoSuchObjection, is_bureau, provides_for, sees_all, uses_for
from .queries import CorrectionView, ObjectionView, RoundView, evidence, objection
from .scoring import (
    DepartmentScore,
    FindingView,
    ResourceQuality,
    ResourceScore,
    RunView,
    TaskView,
    department_scores,
    resource_quality,
    scores,
    tasks,
)
from .timers import look_after_quality

__all__ = [
    "CORRECTION_TOPIC",
    "Answered",
    "Corrected",
    "CorrectionMessage",
    "CorrectionView",
    "DepartmentScore",
    "FindingView",
    "Heard",
    "Mark",
    "NewObjection",
    "NoSuchCorrection",
    "NoSuchObjection",
    "ObjectionRow",
    "ObjectionView",
    "Reply",
    "ResourceQuality",
    "ResourceScore",
    "RoundView",
    "RunState",
    "RunView",
    "Said",
    "State",
    "Tally",
    "TaskState",
    "TaskView",
    "Way",
    "answer_objection",
    "begin_due",
    "correction_seconds",
    "deliver_correction",
    "department_scores",
    "evidence",
    "extend",
    "filed_at_counter",
    "forget_objected",
    "give_feedback",
    "is_bureau",
    "look_after_objections",
    "look_after_quality",
    "marked_records",
    "marks_for",
    "marks_of",
    "note_read",
    "object_to",
    "objection",
    "objections",
    "objections_about",
    "open_objections",
    "provider_says",
    "provides_for",
    "read_reply",
    "reply_of",
    "resource_quality",
    "run",
    "say_mended",
    "scores",
    "sees_all",
    "spoken",
    "store_evidence",
    "tallies",
    "tasks",
    "uses_for",
    "words_on",
    "work_on_runs",
]
