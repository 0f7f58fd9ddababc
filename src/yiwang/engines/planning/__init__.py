# SPDX-License-Identifier: Apache-2.0
"""Items and answers in, a plan out: form, materials, stages, dates.

The door of this engine. `plan` is pure; `read_answers` and `read_facts` turn what people and
files give into typed values; `to_json` is the format of docs/formats/plan.md.
"""

from __future__ import annotations

from .answers import BadAnswers, as_value, read_answers, read_facts
from .errors import BoundItems, CycleFound, NotEligible, Refusal
from .inquiry import Inquiry
from .jsonform import refusal_json, to_json, to_text
from .model import (
    NO_FACTS,
    AnswerSource,
    DueBy,
    Edge,
    EdgeKind,
    Facts,
    FeeLine,
    Form,
    FormField,
    JointVisit,
    MaterialLine,
    Materials,
    OpenCondition,
    OpenQuestion,
    Plan,
    PlannedItem,
    Savings,
    Stage,
    Supply,
    Timetable,
    Window,
)
from .planner import plan

__all__ = [
    "NO_FACTS",
    "AnswerSource",
    "BadAnswers",
    "BoundItems",
    "CycleFound",
    "DueBy",
    "Edge",
    "EdgeKind",
    "Facts",
    "FeeLine",
    "Form",
    "FormField",
    "Inquiry",
    "JointVisit",
    "MaterialLine",
    "Materials",
    "NotEligible",
    "OpenCondition",
    "OpenQuestion",
    "Plan",
    "PlannedItem",
    "Refusal",
    "Savings",
    "Stage",
    "Supply",
    "Timetable",
    "Window",
    "as_value",
    "plan",
    "read_answers",
    "read_facts",
    "refusal_json",
    "to_json",
    "to_text",
]
