# SPDX-License-Identifier: Apache-2.0
"""What goes into a plan and what a plan is: frozen values, nothing that computes.

Lists stand in a fixed order (the life event's own order of items, then of definitions), so two
plans from the same inputs are equal field by field. Days are working days unless said, halves
are written .5; dates are dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from yiwang.engines.definitions.kinds import Citation
from yiwang.engines.evidence import HeldLicence, ProviderKind
from yiwang.engines.rules.values import Value
from yiwang.kernel.termed import Termed


@dataclass(frozen=True)
class Facts:
    """What the government already knows about the subject of this errand (and nobody else).

    `waived`: the published list of certificate-free items, (item, material) → batch; it only marks.
    """

    elements: Mapping[str, Value] = field(default_factory=dict)  # element id → value
    licences: tuple[HeldLicence, ...] = ()
    waived: Mapping[tuple[str, str], int] = field(default_factory=dict)


NO_FACTS = Facts()


class AnswerSource(StrEnum):
    """Where the answer to a field of the form comes from; the places of `evidence` keep its words."""

    ANSWERS = "answers"  # already answered in the guiding questions
    E_LICENCE = ProviderKind.E_LICENCE.value
    SHARED_DATA = ProviderKind.SHARED_DATA.value
    E_MATERIAL = ProviderKind.E_MATERIAL.value
    EARLIER_STEP = ProviderKind.EARLIER_STEP.value  # printed on what an earlier item issues
    GUIDING = "guiding"  # an open guiding question: asked there, not again on the form
    APPLICANT = ProviderKind.APPLICANT.value

    @property
    def asked(self) -> bool:
        """Whether the applicant still has to give the answer."""
        return self in (AnswerSource.GUIDING, AnswerSource.APPLICANT)

    @property
    def looked_up(self) -> bool:
        """Whether it was found in a licence, in shared data or in an earlier case."""
        return self in (AnswerSource.E_LICENCE, AnswerSource.SHARED_DATA, AnswerSource.E_MATERIAL)


class Supply(Termed):
    """How a material comes to the officer; the places of `evidence` keep its words."""

    GENERATED = "generated", "免交（由申请表自动生成）"
    E_LICENCE = ProviderKind.E_LICENCE.value, "免交（电子证照）"
    SHARED_DATA = ProviderKind.SHARED_DATA.value, "免交（数据共享）"
    E_MATERIAL = ProviderKind.E_MATERIAL.value, "免交（以前交过）"
    EARLIER_STEP = ProviderKind.EARLIER_STEP.value, "免交（前面的事项产生）"
    COMMITMENT = ProviderKind.COMMITMENT.value, "可用承诺代替"
    DEFERRED = ProviderKind.DEFERRED.value, "可以先办后补（容缺）"
    APPLICANT = ProviderKind.APPLICANT.value, "请您提交"

    @property
    def submitted(self) -> bool:
        """Whether the applicant has to hand the document in, now or later."""
        return self in (Supply.APPLICANT, Supply.DEFERRED)


@dataclass(frozen=True)
class PlannedItem:
    """A member of the life event: taken or not, and why."""

    id: str
    name: str
    org: str
    department: str
    included: bool
    optional: bool
    decided: bool  # False: the answers do not say yet whether it applies; it is kept until they do
    reason: str
    cite: Citation | None
    undecided_by: tuple[str, ...] = ()  # names of the elements whose answers would decide


@dataclass(frozen=True)
class OpenQuestion:
    """A guiding question without an answer that something in this plan depends on."""

    element: str
    name: str
    question: str
    why: str


@dataclass(frozen=True)
class OpenCondition:
    """A condition of the whole life event that the answers do not decide yet."""

    reason: str
    cite: Citation
    undecided_by: tuple[str, ...]


@dataclass(frozen=True)
class FormField:
    """A question of the one form. `value` is None where nobody knows it yet."""

    element: str
    name: str
    question: str
    group: str
    required: bool
    conditional: bool  # asked only if a condition holds that is not decided yet
    when: tuple[str, ...]  # the conditions, any of which makes it asked; empty unless conditional
    sensitive: bool  # personal information: masked where it is shown
    asked_by: tuple[str, ...]
    source: AnswerSource
    value: Value
    reason: str


@dataclass(frozen=True)
class Savings:
    """How often something was wanted, how often the applicant still has to give it."""

    wanted: int
    given: int

    @property
    def saved(self) -> int:
        """What the plan spares the applicant."""
        return self.wanted - self.given


@dataclass(frozen=True)
class Form:
    """The one form: every element once, in groups."""

    fields: tuple[FormField, ...]
    savings: Savings


@dataclass(frozen=True)
class MaterialLine:
    """A material of the one set, and how it comes to the officer."""

    material: str
    name: str
    required_by: tuple[str, ...]
    required: bool
    conditional: bool
    copies: int
    paper_original: bool
    resolution: Supply
    produced_by: tuple[str, ...]  # items of this plan that issue it
    reason: str
    review_points: tuple[str, ...]
    cite: Citation
    free: str = ""  # why guides mark it 「免」, whoever asks; empty: they do not


@dataclass(frozen=True)
class Materials:
    """The one set of materials: every material once."""

    lines: tuple[MaterialLine, ...]
    savings: Savings


@dataclass(frozen=True)
class FeeLine:
    """A fee of an item that is charged, or may be (`conditional`)."""

    item: str
    name: str
    standard: str
    amount_fen: int | None
    conditional: bool
    cite: Citation


class EdgeKind(StrEnum):
    """Why one item waits for another."""

    LICENCE = "licence"  # a material the first one issues
    ELEMENT = "element"  # a figure that only the first one gives out (a number, a code)
    LAW = "law"  # the definition says so (`after`)


@dataclass(frozen=True, order=True)
class Edge:
    """`after` waits for `before` because of `what` (a material or element id; empty for law)."""

    before: str
    after: str
    kind: EdgeKind
    what: str = ""


@dataclass(frozen=True)
class Stage:
    """Items that may run at once, and the departments that work side by side."""

    items: tuple[str, ...]
    departments: tuple[tuple[str, tuple[str, ...]], ...]  # (department, its items)


@dataclass(frozen=True)
class JointVisit:
    """One visit to one place for several items (联合踏勘), in the days when all of them run."""

    place: str
    place_name: str
    items: tuple[str, ...]
    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True)
class Window:
    """When an item runs: it begins at the end of `starts` (the days after it count)."""

    item: str
    starts: dt.date
    ends: dt.date
    legal_end: dt.date
    days: Decimal


class DueBy(StrEnum):
    """Which promise makes the due date."""

    ITEMS = "items"
    LIFE_EVENT = "life_event"


@dataclass(frozen=True)
class Timetable:
    """When everything will be done. `provisional`: some day counted is not announced yet."""

    windows: tuple[Window, ...]
    serial: Decimal
    planned: Decimal
    critical_path: tuple[str, ...]
    due_date: dt.date
    due_by: DueBy
    computed_due_date: dt.date
    promised_due_date: dt.date | None  # of the life event as a whole
    legal_due_date: dt.date
    provisional: bool
    calendar_version: str


@dataclass(frozen=True)
class Plan:
    """Everything computed for one subject and one life event."""

    catalogue: str  # digest of the definitions it was made from
    life_event: str
    name: str
    start: dt.date
    items: tuple[PlannedItem, ...]
    questions: tuple[OpenQuestion, ...]
    open_conditions: tuple[OpenCondition, ...]
    form: Form
    materials: Materials
    fees: tuple[FeeLine, ...]
    edges: tuple[Edge, ...]
    stages: tuple[Stage, ...]
    visits: tuple[JointVisit, ...]
    visit_savings: Savings
    timetable: Timetable

    @property
    def included(self) -> tuple[PlannedItem, ...]:
        """The items that are taken, in the life event's order."""
        return tuple(item for item in self.items if item.included)
