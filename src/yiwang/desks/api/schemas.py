# SPDX-License-Identifier: Apache-2.0
"""What the API takes and gives. Closed: unknown keys are refused."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

Identifier = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9_-]+$")]
Words = Annotated[str, Field(max_length=2000)]
Scalar = str | int | bool | list[str] | None

Pair = Annotated[list[str], Field(min_length=2, max_length=2)]
"""What is wrong where: an element or material id, and words."""


class Closed(Schema):
    """Base of what callers send."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """An error: what kind, what is wrong, what to do, in which field; all problems when there are several."""

    kind: str
    message: str
    mend: str
    field: str | None = None
    problems: list[Pair] = []


class FoundOut(Schema):
    """A search result."""

    kind: str
    id: str
    name: str
    summary: str


class LifeEventOut(Schema):
    """A life event and its guiding questions."""

    id: str
    name: str
    summary: str
    questions: list[dict[str, Any]]
    items: list[dict[str, Any]]


class PlanIn(Closed):
    """What a plan is asked for. Answers by element id or Chinese name."""

    life_event: Annotated[str, Field(min_length=1, max_length=100)]
    answers: dict[Annotated[str, Field(max_length=80)], Scalar] = {}
    choose: list[Identifier] | None = None


class ApplicationIn(Closed):
    """A whole application: start and submit at once."""

    life_event: Identifier
    subject: Identifier
    agent: Identifier
    place: Identifier
    answers: dict[Identifier, Scalar] = {}
    choose: list[Identifier] | None = None
    form: dict[Identifier, Scalar] = {}
    promised_documents: list[Identifier] = []
    signed_commitments: dict[Identifier, str] = {}
    delivery: Literal["electronic", "counter", "courier"] = "electronic"
    delivery_address: Annotated[str, Field(max_length=200)] = ""


class ReceiptOut(Schema):
    """The acknowledgement."""

    application: str
    number: str
    submitted_at: dt.datetime
    due_on: dt.date | None


class ItemOut(Schema):
    """An item of an application."""

    id: str
    item: str
    name: str
    department: str
    state: str
    state_term: str
    waits_for: list[str]
    due_on: dt.date | None
    provisional: bool
    light: str
    granted: bool | None


class FieldOut(Schema):
    """A form value an item asks for; masked where the reader does not need the whole."""

    element: str
    name: str
    value: Scalar
    hidden: bool


class CaseDocumentOut(Schema):
    """A document an item needs and where it comes from."""

    material: str
    name: str
    source: str
    files: list[str]
    deferred: bool
    required: bool


class VisitOut(Schema):
    """A site visit: where, who goes, when."""

    id: str
    target: str
    departments: list[str]
    planned_on: dt.date | None
    done_on: dt.date | None


class CaseOut(ItemOut):
    """An item case as its department sees it: what it asks for, what may be done now."""

    version: int
    number: str
    actions: list[str]
    fields: list[FieldOut]
    documents: list[CaseDocumentOut]
    visit: VisitOut | None
    finding_missing: bool
    result_fields: list[str]
    legal_due_on: dt.date | None


class ApplicationOut(Schema):
    """An application as the caller may see it."""

    id: str
    number: str
    life_event: str
    name: str
    stage: str
    submitted_at: dt.datetime | None
    due_on: dt.date | None
    items: list[ItemOut]


class WorkRowOut(Schema):
    """A line of a worklist."""

    id: str
    application: str
    number: str
    item: str
    item_name: str
    state: str
    state_term: str
    due_on: dt.date | None
    light: str


class WorklistOut(Schema):
    """A page of a worklist; `after` is the cursor of the next page."""

    rows: list[WorkRowOut]
    after: str


class ActionIn(Closed):
    """What an officer gives for a move; which of it is needed depends on the move."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    opinion: Words = ""
    reason: Words = ""
    basis: Words = ""
    points: list[dict[Literal["target", "what"], Words]] = []
    to_place: Annotated[str, Field(max_length=80)] = ""
    step: Annotated[str, Field(max_length=40)] = ""
    days: Annotated[str, Field(max_length=8)] = ""
    on: dt.date | None = None
    passed: bool | None = None
    states: dict[Identifier, Scalar] = {}


class WithdrawIn(Closed):
    """Why an application is taken back."""

    reason: Words


class DoneOut(Schema):
    """It is done; where the case stands now."""

    state: str
    state_term: str
    results: list[str] = []
