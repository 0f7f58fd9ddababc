# SPDX-License-Identifier: Apache-2.0
"""The door of quality and objections (数据质量、异议).

1. `object_to`: somebody says a record is wrong; the provider has five working days. It may `extend` once,
   with a reason, and ends the check with `answer_objection`: corrected, or answered with reasons.
2. `give_feedback`: whoever raised it says whether that settles it; if not, it is checked once more.
3. `open_objections(resource, subject)` says what stands beside the items of a record meanwhile;
   `note_read` takes the note of a correction away once the source itself says the new value.
4. The worker calls `look_after`.
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
from .commands.objecting import NewObjection, give_feedback, object_to, owner_of, store_evidence
from .counting import Tally, tallies
from .domain.objections import State, Way
from .marks import Mark, note_read, open_objections
from .parts import NoSuchObjection, is_bureau, provides_for, sees_all, uses_for
from .queries import (
    CorrectionView,
    ObjectionRow,
    ObjectionView,
    RoundView,
    evidence,
    objection,
    objections,
)

__all__ = [
    "CORRECTION_TOPIC",
    "Answered",
    "Corrected",
    "CorrectionView",
    "Mark",
    "NewObjection",
    "NoSuchObjection",
    "ObjectionRow",
    "ObjectionView",
    "RoundView",
    "State",
    "Tally",
    "Way",
    "answer_objection",
    "evidence",
    "extend",
    "give_feedback",
    "is_bureau",
    "look_after_objections",
    "note_read",
    "object_to",
    "objection",
    "objections",
    "open_objections",
    "owner_of",
    "provides_for",
    "sees_all",
    "store_evidence",
    "tallies",
    "uses_for",
]
