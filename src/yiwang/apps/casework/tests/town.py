# SPDX-License-Identifier: Apache-2.0
"""Who plays in casework's tests, and an errand brought to where a test needs it.

Everything goes through the door, so a test begins where a city would be.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

import pikepdf
from django.db import transaction
from django.utils import timezone

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.models import Application, ItemCase
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.identity import public as identity
from yiwang.engines.definitions import Catalogue
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import NotAllowed, NotFound
from yiwang.kernel.ids import make_id_number, make_uscc

from .small import EVENT, ORGS

HERE, ELSEWHERE = "yicheng", "xiping"
SETUP = system("测试准备")
FORM = {"shop": "小店", "phone": "13800000000", "site": "雪松路1号"}
SMALL_AREA, LARGE_AREA = {"area": "50"}, {"area": "150"}
_serials = count(1)


def officer(name: str, *posts: Post) -> Actor:
    """An officer with these posts."""
    return Actor(ActorKind.OFFICER, f"o-{name}", name, posts)


OFFICERS: dict[str, Actor] = {
    "clerk": officer("clerk", Post(Role.COUNTER, "", HERE)),
    "clerk elsewhere": officer("clerk elsewhere", Post(Role.COUNTER, "", ELSEWHERE)),
    "handler": officer("handler", Post(Role.HANDLER, "health", HERE)),
    "handler elsewhere": officer("handler elsewhere", Post(Role.HANDLER, "health", ELSEWHERE)),
    "other department": officer("other department", Post(Role.HANDLER, "public-security", HERE)),
    "approver": officer("approver", Post(Role.APPROVER, "health", HERE)),
    "representative": officer("representative", Post(Role.REPRESENTATIVE, "health", HERE)),
    "auditor": officer("auditor", Post(Role.AUDITOR)),
    "operator": officer("operator", Post(Role.OPERATOR)),
}


def both(item: str, place: str = HERE) -> Actor:
    """An officer who handles and decides an item in a place."""
    org = ORGS[item]
    return officer(f"{org}-{place}", Post(Role.HANDLER, org, place), Post(Role.APPROVER, org, place))


@dataclass(frozen=True)
class Town:
    """Persona → actor, and the firm that "chief" represents and "agent" has a mandate of."""

    actors: Mapping[str, Actor]
    firm: str

    def __getitem__(self, persona: str) -> Actor:
        return self.actors[persona]


def build() -> Town:
    """People, a firm and officers; the mandate of "former agent" has ended."""
    ids = {one: _person(one) for one in ("owner", "stranger", "chief", "agent", "former agent")}
    firm = identity.register_firm(
        SETUP,
        name="测试有限公司",
        uscc=make_uscc("411702", 9000 + next(_serials)),
        kind="公司",
        representative=ids["chief"],
        founded=dt.date(2020, 5, 6),
    )
    chief = _actor("chief", ids, firm)
    for one in ("agent", "former agent"):
        identity.give_mandate(chief, firm, ids[one])
    identity.revoke_mandate(chief, firm, ids["former agent"])
    people = {one: _actor(one, ids, firm if one in ("chief", "agent") else "") for one in ids}
    return Town({**people, **OFFICERS, "visitor": ANONYMOUS}, firm)


def _person(name: str) -> str:
    number = make_id_number("411702", dt.date(1991, 7, 8), next(_serials))
    return identity.register_person(SETUP, name=f"李{name}", id_number=number, phone="13800000001")


def _actor(name: str, ids: Mapping[str, str], firm: str) -> Actor:
    return Actor(ActorKind.PERSON, ids[name], f"李{name}", (), frozenset({firm} - {""}))


def publish(catalogue: Catalogue) -> None:
    """Put a catalogue in force."""
    digest = draft_release(SETUP, catalogue, summary="测试")
    review_release(system("测试复核"), digest, approve=True)
    publish_release(SETUP, digest)


@lru_cache(maxsize=1)
def pdf() -> bytes:
    """A good PDF of one empty page."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(out)
    return out.getvalue()


# -- an errand


@dataclass(frozen=True)
class Errand:
    """What is applied for, by whom, where, handed over how."""

    items: tuple[str, ...] = ("alpha",)
    by: Actor | None = None
    subject: str = ""
    place: str = HERE
    answers: Mapping[str, object] | None = None
    delivery: str = "electronic"


def draft(town: Town, errand: Errand) -> str:
    """A draft with form and delivery, without documents; its public id."""
    actor = errand.by or town["owner"]
    agent = actor.id if actor.kind is ActorKind.PERSON else town["owner"].id
    answers = dict(errand.answers if errand.answers is not None else SMALL_AREA)
    new = cw.NewDraft(EVENT, errand.subject or agent, agent, errand.place, answers, errand.items)
    made = cw.start_draft(actor, new)
    cw.save_form(actor, made, FORM)
    cw.save_delivery(actor, made, method=errand.delivery, address="雪松路1号")
    return made


def give_documents(actor: Actor, application: str) -> None:
    """Attach, promise or sign for every document the plan asks for."""
    view = cw.draft_view(actor, application)
    for line in view.plan.materials.lines:
        if line.material in view.commitments:
            cw.sign_commitment(
                actor, application, line.material, version=view.commitments[line.material].version
            )
        elif line.resolution.value == "deferred":
            cw.promise_later(actor, application, line.material)
        elif line.resolution.value == "applicant":
            cw.attach_file(actor, application, line.material, name="a.pdf", content=pdf())


def submitted(town: Town, errand: Errand | None = None) -> str:
    """A submitted application; its public id."""
    errand = errand or Errand()
    actor = errand.by or town["owner"]
    made = draft(town, errand)
    give_documents(actor, made)
    cw.submit(actor, made, key=f"key-{made}")
    return made


def case(application: str, item: str = "alpha") -> str:
    """The public id of one item case."""
    return ItemCase.objects.get(application__public_id=application, item=item).public_id


def state(application: str, item: str = "alpha") -> str:
    """The state of one item case."""
    return ItemCase.objects.get(application__public_id=application, item=item).state


def stage(application: str) -> str:
    """The stage of an application."""
    return Application.objects.get(public_id=application).stage


_WAY: tuple[tuple[str, Callable[[Actor, str], Any]], ...] = (
    ("accepted", lambda a, c: cw.accept(a, c)),
    ("compliance_review", lambda a, c: cw.begin_review(a, c)),
    ("awaiting_decision", lambda a, c: cw.propose(a, c, opinion="符合条件")),
    ("result_made", lambda a, c: cw.grant(a, c, opinion="同意", states={"alpha-code": f"甲{c[-6:]}"})),
)


def bring(application: str, item: str = "alpha", *, to: str = "result_made", place: str = HERE) -> str:
    """Take one submitted item as far as a state, looking at the site on the way; its case's public id."""
    one, by = case(application, item), both(item, place)
    for reached, step in _WAY:
        if reached == "awaiting_decision":
            _look(by, one)
        step(by, one)
        if reached == to:
            break
    return one


def bring_on(application: str, item: str = "alpha") -> None:
    """Take an accepted item to its result."""
    one, by = case(application, item), both(item)
    for _, step in _WAY[1:]:
        step(by, one)


def _look(by: Actor, one: str) -> None:
    row = ItemCase.objects.get(public_id=one)
    if not hasattr(row, "finding") or row.finding.at is not None:
        return
    if row.finding.visit.planned_on is None:
        cw.plan_visit(by, row.finding.visit.public_id, on=today())
    cw.record_finding(by, one, passed=True, words="合格")


def today() -> dt.date:
    """Today in China."""
    return timezone.localdate()


# -- who may


def who_can(town: Town, act: Callable[[Actor], object], among: Iterable[str] = ()) -> set[str]:
    """The personas for whom `act` works; it is undone each time. All others must be told that there is
    no such thing, or that it is not theirs to do; any other error is raised."""
    found = set()
    for persona in among or town.actors:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    act(town[persona])
                    found.add(persona)
            except (NotAllowed, NotFound):
                pass
            transaction.set_rollback(True)
    return found
