# SPDX-License-Identifier: Apache-2.0
"""An item case as the officer sees it who handles it: all that is needed to decide, no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.apps.credit.public import KeptCheck
from yiwang.apps.identity.public import Subject, subject
from yiwang.apps.materials.public import StoredFile, content_of, describe
from yiwang.engines.process.clock import ClockState
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotFound

from . import queries
from .case_actions import ActionView, actions_of, reachable_from, special_steps_of
from .credit_checks import credit_now
from .deadlines import due_of, intake_until, legal_due_of, rules_of, special_until
from .declarations import signed_how
from .domain import settings
from .domain.results import missing_fields, results_of
from .domain.roles import parts_of
from .item_views import ItemView, VisitView, item_view, visits_of
from .looks import log_look
from .models import ItemCase
from .rows import ApplicationRow, row_of
from .sheets import DocumentOfCase, FieldOfCase, documents_of, fields_of, file_in_case


@dataclass(frozen=True)
class StepView:
    """A step of handling (环节): `standing` is done, now, later or skipped."""

    id: str
    term: str
    says: str
    standing: str


@dataclass(frozen=True)
class OtherItem:
    """Another item of the same application: how it stands, nothing of its content."""

    name: str
    department: str
    state_term: str


@dataclass(frozen=True)
class FindingView:
    """What this department found on the site visit; `passed` None until it is written down."""

    passed: bool | None
    words: str
    at: dt.datetime | None


@dataclass(frozen=True)
class ExtensionView:
    """How far the limit may still be extended, who approves, on which basis."""

    at_most: Decimal
    approver: str
    basis: str


@dataclass(frozen=True)
class CaseView:
    """An item case as the officer who handles it sees it.

    `item.due_on` follows the promised limit, `legal_due_on` the limit of the law; `special_until` is
    the last day of the special step it is in. `form_signed`: how the application form is signed; ""
    when no item asks for it. `credit`: what public credit says to it, for those who handle it.
    """

    item: ItemView
    version: int
    row: ApplicationRow
    release: OpenRelease
    applicant: Subject
    agent: Subject
    fields: Sequence[FieldOfCase]
    documents: Sequence[DocumentOfCase]
    others: Sequence[OtherItem]
    steps: Sequence[StepView]
    actions: Sequence[ActionView]
    visit: VisitView | None
    finding: FindingView | None
    may_plan_visit: bool
    result_fields: Sequence[tuple[str, str]]
    special_steps: Sequence[tuple[str, str, bool]]
    reachable: Sequence[tuple[str, str]]
    extension: ExtensionView | None
    intake_until: dt.date | None
    remedy: str
    clock: Sequence[str]
    legal_due_on: dt.date | None
    special_until: dt.date | None
    form_signed: str
    credit: KeptCheck | None

    @property
    def finding_missing(self) -> bool:
        """Whether the item needs a site visit whose finding is not written down yet."""
        return self.finding is not None and self.finding.at is None


@transaction.atomic
def case_view(actor: Actor, public_id: str) -> CaseView:
    """An item case with what may be done to it now; the look is logged. Raises NotFound."""
    case, opened = queries.case_for(actor, public_id)
    log_look(actor, case.application, case)
    parts = parts_of(actor, queries.scope_of(case.application, case))
    finding = _finding(case)
    visit = _own_visit(case, opened)
    return CaseView(
        item=item_view(case, opened),
        version=case.version,
        row=row_of(case.application),
        release=opened,
        applicant=subject(case.application.subject),
        agent=subject(case.application.agent),
        fields=fields_of(actor, case, opened),
        documents=documents_of(case, opened),
        others=_others(case, opened),
        steps=_steps(case, opened),
        actions=actions_of(actor, case, opened),
        visit=visit,
        finding=finding,
        may_plan_visit=bool(visit and not visit.done_on and case.open and Part.HANDLER in parts),
        result_fields=_result_fields(case, opened),
        special_steps=special_steps_of(case, opened),
        reachable=reachable_from(case, opened),
        extension=_extension(parts, case, opened),
        intake_until=intake_until(case),
        remedy=str(settings.setting(opened.catalogue, settings.REMEDY)),
        clock=due_of(case, opened).explanations,
        legal_due_on=legal_due_of(case, opened).due_date,
        special_until=special_until(case, opened),
        credit=credit_now(actor, case),
        form_signed=signed_how(case.application),
    )


@transaction.atomic
def case_file(actor: Actor, public_id: str, file_id: str) -> tuple[StoredFile, bytes]:
    """A file handed in for a document this item needs; the look is logged. Raises NotFound."""
    case, opened = queries.case_for(actor, public_id)
    log_look(actor, case.application, case)
    found = describe([file_id])
    if not found or not file_in_case(case, opened.catalogue.items[case.item], file_id):
        raise NotFound("没有这个文件，或者本事项不需要它。", mend="请回到办件页面，从材料清单中打开。")
    return found[0], content_of(file_id)[1]


def _others(case: ItemCase, opened: OpenRelease) -> list[OtherItem]:
    names, orgs = opened.catalogue.items, opened.catalogue.orgs
    return [
        OtherItem(names[o.item].name, orgs[o.org].name, opened.machine.state(o.state).term)
        for o in case.application.items.exclude(pk=case.pk).order_by("id")
    ]


def _steps(case: ItemCase, opened: OpenRelease) -> list[StepView]:
    """The steps of the process, special ones only where the item has them."""
    process = opened.machine.definition
    passed = {opened.machine.state(m.before).step for m in case.moves.all()}
    now = opened.machine.state(case.state).step
    if not case.open:
        passed, now = {*passed, now}, None
    order = [step.id for step in process.steps]
    reached = max((order.index(s) for s in {*passed, now} - {None} if s in order), default=-1)
    shown = {s.id for s in process.steps} - _absent(case, opened)
    return [
        StepView(s.id, s.term, s.says, _standing(s.id, now=now, passed=passed, before=i < reached))
        for i, s in enumerate(process.steps)
        if s.id in shown
    ]


def _standing(step: str, *, now: str | None, passed: set[str | None], before: bool) -> str:
    if step == now:
        return "now"
    if step in passed:
        return "done"
    return "skipped" if before else "later"


def _absent(case: ItemCase, opened: OpenRelease) -> set[str]:
    absent = {"archive"}
    if not hasattr(case, "finding"):
        absent.add("survey")
    if not special_steps_of(case, opened):
        absent.add("special")
    return absent


def _own_visit(case: ItemCase, opened: OpenRelease) -> VisitView | None:
    if not hasattr(case, "finding"):
        return None
    shown = visits_of(case.application, opened)
    return next((v for v in shown if v.id == case.finding.visit.public_id), None)


def _finding(case: ItemCase) -> FindingView | None:
    if not hasattr(case, "finding"):
        return None
    return FindingView(case.finding.passed, case.finding.words, case.finding.at)


def _result_fields(case: ItemCase, opened: OpenRelease) -> list[tuple[str, str]]:
    """What the results state that nobody has given yet: (element id, label)."""
    known = {**case.application.answers, **case.application.form}
    labels: dict[str, str] = {}
    for material in results_of(opened.catalogue, opened.catalogue.items[case.item], known):
        missing = set(missing_fields(material, known))
        labels |= {f.element: f.label for f in material.fields if f.element in missing}
    return list(labels.items())


def _extension(parts: frozenset[Part], case: ItemCase, opened: OpenRelease) -> ExtensionView | None:
    """What the approver may still add; None when there is nothing, or the clock does not run."""
    rules = rules_of(case, opened)
    due = due_of(case, opened)
    if rules.extension is None or Part.APPROVER not in parts or due.overdue:
        return None
    if due.state not in (ClockState.RUNNING, ClockState.PAUSED):
        return None
    if case.clock.filter(kind="extend").count() >= rules.extension.times:
        return None
    return ExtensionView(rules.extension.at_most, rules.extension.approver, rules.extension.basis)
