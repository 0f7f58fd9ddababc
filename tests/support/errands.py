# SPDX-License-Identifier: Apache-2.0
"""Do a whole errand through the door of casework, whatever its definitions ask.

Nothing here knows a life event: answers, form, documents and results are made from the release.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from django.utils import timezone

from yiwang.apps.casework import public as cw
from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.conf.demo.papers import paper
from yiwang.conf.demo.values import right_value
from yiwang.engines.definitions.kinds import Element, LifeEvent
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.planning.conditions import Judge
from yiwang.kernel.actor import Actor, ActorKind, Post, Role

HOME = "yicheng"


@dataclass(frozen=True)
class Applicant:
    """Who applies: the person who acts, and for whom (themselves or a firm)."""

    actor: Actor
    subject: str


def officer(org: str, place: str = HOME, *, name: str = "甲") -> Actor:
    """An officer who may handle and decide for a department in a place."""
    posts = (Post(Role.HANDLER, org, place), Post(Role.APPROVER, org, place))
    return Actor(ActorKind.OFFICER, f"o-{org}-{place}-{name}", f"{org}{name}", posts)


def clerk(place: str = HOME) -> Actor:
    """A clerk at the counter of a place."""
    return Actor(ActorKind.OFFICER, f"o-counter-{place}", "窗口", (Post(Role.COUNTER, "", place),))


# -- answers


def _alternatives(element: Element, random: Random, today: dt.date) -> list[Any]:
    """Answers worth trying to a guiding question."""
    if element.type is ElementType.BOOLEAN:
        return [False, True]
    if element.type is ElementType.CHOICES:
        return [[c.value] for c in element.choices]
    if element.choices:
        return [c.value for c in element.choices]
    if element.type is ElementType.DATE:
        born = [dt.date(random.randint(1958, 1975), random.randint(1, 12), 15) for _ in range(4)]
        soon = [today.replace(day=1) + dt.timedelta(days=30 * random.randint(0, 36)) for _ in range(4)]
        return [day.isoformat() for day in (*born, *soon)]
    if element.type in (ElementType.INTEGER, ElementType.DECIMAL, ElementType.MONEY):
        least = int(element.minimum or 0)
        return [str(least + more) for more in (0, 1, 3, 50, 200, 300, 9_000)]
    return [right_value(element, today=today, place=HOME)]


def _broken(release: OpenRelease, event: LifeEvent, answers: dict[str, Any]) -> int:
    values = {k: cw.read_value(release.catalogue.elements[k], v) for k, v in answers.items()}
    judge = Judge(release.catalogue, values)
    return sum(judge.holds(condition.when) is False for condition in event.eligibility)


def eligible_answers(event_id: str, seed: int) -> dict[str, Any]:
    """Answers to every guiding question under which the life event may be done.

    Starts from random answers and changes one at a time as long as no more conditions break.
    Raises AssertionError when none is found: such a life event cannot be done by anybody.
    """
    release, random, today = current(), Random(seed), timezone.localdate()
    event, elements = release.catalogue.life_events[event_id], release.catalogue.elements
    asked = [q.element for q in event.questions]
    answers = {one: random.choice(_alternatives(elements[one], random, today)) for one in asked}
    broken = _broken(release, event, answers)
    for _ in range(3_000):
        if broken == 0:
            return answers
        one = random.choice(asked)
        tried = answers | {one: random.choice(_alternatives(elements[one], random, today))}
        if (now := _broken(release, event, tried)) <= broken:
            answers, broken = tried, now
    raise AssertionError(f"{event_id}: no answers found under which it may be done")


# -- the applicant


def begin(applicant: Applicant, event: str, answers: dict[str, Any], *, place: str = HOME) -> str:
    """Start a draft."""
    new = cw.NewDraft(event, applicant.subject, applicant.actor.id, place, answers)
    return cw.start_draft(applicant.actor, new)


def fill(actor: Actor, draft: str, *, deliver: str = "electronic") -> None:
    """Answer what is open, fill in every asked field, attach every document, choose delivery.

    Filling in may open further questions: it goes on until nothing is missing.
    """
    today = timezone.localdate()
    for _ in range(6):
        view = cw.draft_view(actor, draft)
        elements = view.release.catalogue.elements
        open_questions = {
            q.element: right_value(elements[q.element], today=today, place=HOME) for q in view.plan.questions
        }
        if open_questions:
            cw.save_answers(actor, draft, {**view.answers, **open_questions}, choice=view.choice)
            continue
        typed = {
            f.element: right_value(elements[f.element], today=today, place=HOME)
            for f in view.plan.form.fields
            if f.source.asked and view.typed.get(f.element) in (None, "")
        }
        if not typed:
            break
        cw.save_form(actor, draft, typed)
    attach_all(actor, draft)
    cw.save_delivery(actor, draft, method=deliver, address="驿城区雪松大道1号")


def attach_all(actor: Actor, draft: str) -> None:
    """Attach a file to every document the applicant has to hand in; sign where a commitment will do."""
    view = cw.draft_view(actor, draft)
    for line in view.plan.materials.lines:
        if line.resolution.submitted and line.material not in view.documents:
            name, content = paper(view.release.catalogue.materials[line.material])
            cw.attach_file(actor, draft, line.material, name=name, content=content)
    for material, text in view.commitments.items():
        if material not in view.documents:
            cw.sign_commitment(actor, draft, material, version=text.version)


def apply(applicant: Applicant, event: str, answers: dict[str, Any], *, place: str = HOME) -> str:
    """From nothing to a submitted application; its public id."""
    draft = begin(applicant, event, answers, place=place)
    fill(applicant.actor, draft)
    missing = cw.draft_view(applicant.actor, draft).problems
    assert missing == {}
    cw.submit(applicant.actor, draft, key=f"journey-{draft}")
    return draft


# -- the officers


def review(who: Actor, case: str) -> cw.CaseView:
    """Everything before the opinion: acceptance, review, special steps, site visit.

    Returns the case as it was before.
    """
    seen = cw.case_view(who, case)
    cw.accept(who, case)
    cw.begin_review(who, case)
    for step, _, _ in seen.special_steps:
        cw.begin_special(who, case, step=step, basis="行政许可法第四十五条")
        cw.end_special(who, case, opinion="已完成")
    if seen.finding_missing:
        assert seen.visit is not None
        if seen.visit.planned_on is None:
            cw.plan_visit(who, seen.visit.id, on=timezone.localdate())
        cw.record_finding(who, case, passed=True, words="现场符合要求")
    return seen


def grant(who: Actor, case: str) -> list[str]:
    """Handle a submitted item to its granted end; returns the results issued."""
    seen = review(who, case)
    cw.propose(who, case, opinion="符合条件")
    return cw.grant(who, case, opinion="准予", states=states_of(seen))


def states_of(seen: cw.CaseView) -> dict[str, Any]:
    """A right value for everything the item's results state for the first time."""
    elements, today = seen.release.catalogue.elements, timezone.localdate()
    return {
        element: right_value(elements[element], today=today, place=HOME) for element, _ in seen.result_fields
    }


def ready(applicant: Applicant, application: str) -> Iterator[tuple[str, Actor]]:
    """The items that wait for an officer now, each with an officer of its department."""
    view = cw.application_view(applicant.actor, application)
    for item in view.items:
        if item.state in ("submitted", "supplied"):
            yield item.id, officer(view.release.catalogue.items[item.item].org)


def grant_all(applicant: Applicant, application: str) -> cw.ApplicationView:
    """Let every department decide, round after round, until nothing is open."""
    for _ in range(20):
        waiting = list(ready(applicant, application))
        if not waiting:
            break
        for case, who in waiting:
            grant(who, case)
    return cw.application_view(applicant.actor, application)
