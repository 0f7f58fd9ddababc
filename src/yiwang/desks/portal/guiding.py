# SPDX-License-Identifier: Apache-2.0
"""The guiding questions of a life event: read from an address, shown one step at a time.

Answers stand in the address, so that a plan can be kept and sent on. An answer that is personal
information (a birth date) never does: it stays in the visitor's session until the draft has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

from yiwang.apps.casework.public import read_value
from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.desks.fields import Field, field_of, typed
from yiwang.engines.definitions.kinds import LifeEvent
from yiwang.engines.definitions.kinds.life_events import Question
from yiwang.engines.definitions.spoken import as_text
from yiwang.engines.planning.conditions import Judge
from yiwang.engines.rules.values import Value
from yiwang.kernel.errors import Invalid, NotFound

_SESSION = "private_answers"


@dataclass(frozen=True)
class Guiding:
    """What a visitor answered so far. `asked` are the questions that apply for sure."""

    release: OpenRelease
    event: LifeEvent
    asked: Sequence[Question]
    given: Mapping[str, object]
    answers: Mapping[str, Value]
    wrong: Mapping[str, str]
    choice: list[str] | None

    @property
    def has_more(self) -> bool:
        """Whether further questions may follow from the answers still missing."""
        judge = Judge(self.release.catalogue, self.answers)
        return any(judge.holds(question.when) is None for question in self.event.questions)

    def fields(self, only: Sequence[str] | None = None) -> list[Field]:
        """The questions to show now, with what was answered."""
        catalogue = self.release.catalogue
        return [
            field_of(
                catalogue,
                catalogue.elements[question.element],
                self.given.get(question.element),
                error=self.wrong.get(question.element, ""),
                why=question.why,
            )
            for question in self.asked
            if only is None or question.element in only
        ]

    def pairs(self, *, without: Sequence[str] = (), choice: bool = True) -> list[tuple[str, str]]:
        """What goes into an address: answers that are nobody's secret, and the chosen items."""
        hidden = private_elements(self.release, self.event) | set(without)
        found = [
            (element, as_text(one))
            for element, raw in self.given.items()
            if element not in hidden
            for one in (raw if isinstance(raw, list) else [raw])
        ]
        if choice and self.choice is not None:
            found += [("chosen", "1"), *(("take", item) for item in self.choice)]
        return found

    def query(self, *, choice: bool = True) -> str:
        """`pairs` as the query of an address."""
        return urlencode(self.pairs(choice=choice))


def event_of(event_id: str) -> tuple[OpenRelease, LifeEvent]:
    """A life event that is offered now, by its id. Raises NotFound."""
    opened = current()
    event = opened.catalogue.life_events.get(event_id)
    if event is None:
        raise NotFound("没有这件事。", mend="请回到首页，从列表里选，或者搜一搜。")
    return opened, event


def private_elements(release: OpenRelease, event: LifeEvent) -> set[str]:
    """The guiding questions whose answers must not stand in an address."""
    elements = release.catalogue.elements
    return {q.element for q in event.questions if elements[q.element].sensitive}


def read_guiding(request: HttpRequest, event_id: str, data: QueryDict | None = None) -> Guiding:
    """The answers in the address (or in the form `data`) and the session. Raises NotFound."""
    opened, event = event_of(event_id)
    kept = _private(request, opened, event, data)
    source = request.GET if data is None else data
    elements = opened.catalogue.elements
    raw = {q.element: typed(elements[q.element], source) for q in event.questions} | kept
    choice = source.getlist("take") if source.get("chosen") else None
    return judge_answers(opened, event, raw, choice)


def _private(
    request: HttpRequest, opened: OpenRelease, event: LifeEvent, data: QueryDict | None
) -> dict[str, object]:
    """Personal answers: never from an address; from the session unless this form gives them anew."""
    hidden = private_elements(opened, event)
    kept: Mapping[str, object] = request.session.get(_SESSION, {}).get(event.id, {}) if hidden else {}
    return {element: kept.get(element) for element in hidden if data is None or element not in data}


def judge_answers(
    opened: OpenRelease, event: LifeEvent, raw: Mapping[str, object], choice: Sequence[str] | None
) -> Guiding:
    """Which questions apply, one after the other, and what is wrong with the answers to them.

    An answer to a question that no longer applies is left out: it would be an answer to nothing.
    """
    asked: list[Question] = []
    given: dict[str, object] = {}
    answers: dict[str, Value] = {}
    wrong: dict[str, str] = {}
    for question in event.questions:
        if Judge(opened.catalogue, answers).holds(question.when) is not True:
            continue
        asked.append(question)
        value = raw.get(question.element)
        if value in (None, "", []):
            continue
        given[question.element] = value
        try:
            answers[question.element] = read_value(opened.catalogue.elements[question.element], value)
        except Invalid as error:
            wrong[question.element] = str(error)
    known = {member.item for member in event.items}
    kept = None if choice is None else [item for item in dict.fromkeys(choice) if item in known]
    return Guiding(opened, event, asked, given, answers, wrong, kept)


def keep_private(request: HttpRequest, guiding: Guiding) -> None:
    """Keep the personal answers in the session."""
    hidden = private_elements(guiding.release, guiding.event)
    own = {element: as_text(raw) for element, raw in guiding.given.items() if element in hidden}
    request.session[_SESSION] = {**request.session.get(_SESSION, {}), guiding.event.id: own}


def forget_private(request: HttpRequest, event_id: str) -> None:
    """The draft has the personal answers now: the session need not."""
    kept = dict(request.session.get(_SESSION, {}))
    if kept.pop(event_id, None) is not None:
        request.session[_SESSION] = kept
