# SPDX-License-Identifier: Apache-2.0
"""Every way in, tried by everybody, on their own things and on others': generated from the URLs.

What is expected follows from the declared access and from `support.matrix.KNOWS`: whoever may not
use a route is refused; whoever may, but knows nothing of the thing asked for, gets the very answer
that somebody gets who asks for a thing that does not exist; and nothing changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from support import (
    around_benefits,
    around_commitments,
    around_credit,
    around_firms,
    around_objections,
    around_policies,
    around_security,
    around_settlements,
)
from support.access_map import Way, page, ways
from support.around_requests import ASKED, READERS
from support.caller import Answer, Caller
from support.city import PERSONAS, SORTS, definitions_read_once
from support.matrix import (
    ADDRESSEES,
    ALWAYS,
    CLERK,
    DRAFT,
    FIRM,
    KNOWS,
    MISSING,
    OF_THE_BUREAU,
    OWN,
    PAPERS,
    PERSONAL,
    RECORDS,
    SEALS,
    World,
    make_world,
)
from support.quiet_client import refusals_unsaid
from support.sources import ROOT
from support.standing import standing
from yiwang.kernel.actor import ActorKind

pytestmark = pytest.mark.django_db
NUMBERS = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
LOGIN = "/login"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all; every call in it is undone."""
    with standing(django_db_blocker), definitions_read_once(), refusals_unsaid():
        yield make_world()


def methods(way: Way) -> tuple[str, ...]:
    """Which methods are tried."""
    return tuple({"GET", "POST"} & set(way.methods)) if way.is_api else ("GET", "POST")


def told(wrong: list[Any]) -> str:
    """One line for each thing that is wrong."""
    return "\n".join(["", *(" ".join(str(part) for part in one) for one in wrong)])


def owners(way: Way, things: dict[str, dict[str, str]]) -> list[str]:
    """Whose things can be asked for by this route."""
    asked = PERSONAL & set(way.parameters)
    return [whose for whose in (DRAFT, OWN, FIRM) if asked and asked <= set(things[whose])]


def knows(persona: str, way: Way, whose: str) -> bool:
    """Whether the persona may know of this thing."""
    if {"notice", "showing"} & set(way.parameters):
        return ADDRESSEES[whose] == persona
    if {"seal", "seal_use"} & set(way.parameters):
        return whose in SEALS.get(persona, ())
    if around_security.PARAMETERS & set(way.parameters):
        return whose == OWN and persona in around_security.KNOWS
    if set(around_objections.KNOWS) & set(way.parameters):
        return whose == OWN and around_objections.knows(persona, set(way.parameters))
    if set(around_policies.MISSING) & set(way.parameters):
        return whose == OWN and persona in around_policies.KNOWS
    if set(around_benefits.MISSING) & set(way.parameters):
        return around_benefits.knows(persona, set(way.parameters), whose, FIRM)
    if set(around_settlements.MISSING) & set(way.parameters):
        return around_settlements.knows(persona, set(way.parameters), whose, FIRM)
    if set(around_firms.MISSING) & set(way.parameters):
        return around_firms.knows(persona, set(way.parameters), whose, FIRM)
    if set(around_commitments.MISSING) & set(way.parameters):
        return whose == FIRM and around_commitments.knows(persona, set(way.parameters))
    if set(around_credit.MISSING) & set(way.parameters):
        return around_credit.knows(persona, set(way.parameters), whose, FIRM)
    if "record" in way.parameters:
        return persona in RECORDS and whose != DRAFT
    if "use" in way.parameters:
        return persona == CLERK
    if set(ASKED) & set(way.parameters):
        return whose == OWN and persona in READERS
    if "signing_id" in way.parameters:
        return whose == OWN and persona == "owner"
    return whose in (PAPERS if "file" in way.parameters else KNOWS)[persona]


def test_every_way_in_has_a_decision() -> None:
    undecided = [way.path for way in ways() if way.access is None]
    assert undecided == [], "put @access(...) on the view, or @allowed/@public on the API operation"


def test_every_public_way_in_says_why() -> None:
    assert [way.path for way in ways() if way.access and way.access.public and not way.access.why] == []


def test_every_route_lets_somebody_in() -> None:
    closed = [
        w.path for w in ways() if w.access and not (w.access.public or w.access.person or w.access.roles)
    ]
    assert closed == []


def test_every_parameter_is_known_here(world: World) -> None:
    known = set(world.parameters(OWN))
    unknown = {name: way.path for way in ways() for name in way.parameters if name not in known}
    assert unknown == {}, (
        "tell support/matrix.py what this path parameter is: a value in World.parameters, "
        "and in PERSONAL if it leads to something of somebody"
    )


def test_the_page_of_routes_is_written_from_the_routes() -> None:
    written = (ROOT / "docs" / "guides" / "routes.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m support.access_map"


@pytest.mark.parametrize("persona", SORTS, scope="module")
def test_who_may_not_use_a_route_is_refused(world: World, persona: str) -> None:
    """A page is asked for by the one method or the other, in turn: who may is decided before the view."""
    actor, caller, wrong = world.city[persona], Caller(world, persona), []
    for number, way in enumerate(ways(), start=SORTS.index(persona)):
        if way.access is None or way.access.allows(actor):
            continue
        for method in methods(way) if way.is_api else ("GET", "POST")[number % 2 :][:1]:
            answer = caller.call(
                way, method, world.parameters(OWN if PERSONAL & set(way.parameters) else FIRM)
            )
            to_login = answer.status == 302 and answer.location.startswith(LOGIN)
            refused = answer.status == 403 if actor.kind is not ActorKind.ANONYMOUS else to_login
            if way.is_api:
                refused = answer.status == (401 if actor.kind is ActorKind.ANONYMOUS else 403)
            if not refused or answer.written:
                wrong.append((method, way.path, answer.status, answer.written))
    assert wrong == [], told(wrong)


@pytest.mark.parametrize("persona", PERSONAS, scope="module")
def test_what_is_somebody_elses_does_not_exist(world: World, persona: str) -> None:
    caller, wrong = Caller(world, persona), []
    for way, method in usable(world, persona):
        for whose in owners(way, world.things):
            if knows(persona, way, whose):
                continue
            foreign = caller.call(way, method, world.parameters(whose))
            nothing = caller.call(way, method, nothing_beside(world, persona, whose))
            if (
                foreign.status not in (404, 405)
                or foreign.written
                or not alike(world, whose, foreign, nothing)
            ):
                wrong.append((method, way.path, whose, foreign.status, nothing.status, foreign.written))
    assert wrong == [], told(wrong)


def nothing_beside(world: World, persona: str, whose: str) -> dict[str, str]:
    """Ids that nothing has; a missing file in an application that the persona knows of."""
    known = {"application"} if whose in KNOWS[persona] else set()
    return world.parameters(MISSING) | {name: world.things[whose][name] for name in known}


def alike(world: World, whose: str, foreign: Answer, nothing: Answer) -> bool:
    """Whether two answers say the same, the ids asked for aside."""
    ids = [value for things in (world.things[whose], world.things[MISSING]) for value in things.values()]
    pattern = "|".join(one for one in ids if len(one) > len("999999"))
    said = [(answer.status, re.sub(pattern, "…", answer.core)) for answer in (foreign, nothing)]
    return said[0] == said[1]


@pytest.mark.parametrize("persona", PERSONAS, scope="module")
def test_a_thing_of_ones_own_with_a_part_of_somebody_elses(world: World, persona: str) -> None:
    """Two parameters, one allowed and one not: a file of the firm under an application of the owner."""
    caller, wrong = Caller(world, persona), []
    for way, method in usable(world, persona):
        asked = [name for name in way.parameters if name in PERSONAL]
        if len(asked) < 2:
            continue
        for mine, theirs in ((OWN, FIRM), (FIRM, OWN), (OWN, DRAFT)):
            if not {*asked} <= {*world.things[mine]} or asked[-1] not in world.things[theirs]:
                continue  # a draft has no licence
            values = world.parameters(mine) | {asked[-1]: world.things[theirs][asked[-1]]}
            answer = caller.call(way, method, values)
            if answer.status not in (404, 405) or answer.written:
                wrong.append((method, way.path, mine, theirs, answer.status))
    assert wrong == [], told(wrong)


@pytest.mark.parametrize("persona", PERSONAS, scope="module")
def test_what_is_ones_own_is_there(world: World, persona: str) -> None:
    caller, wrong = Caller(world, persona), list[tuple[object, ...]]()
    for way, method in usable(world, persona):
        mine = [whose for whose in owners(way, world.things) if knows(persona, way, whose)]
        for whose in mine if PERSONAL & set(way.parameters) else [OWN]:
            answer = caller.call(way, method, world.parameters(whose))
            fine = (200, 201, 302, 405, 409) if method == "GET" else (200, 201, 302, 400, 403, 405, 409, 422)
            if answer.status not in (*ALWAYS.get(way.name, fine), *refused_to(persona, way)):
                wrong.append((method, way.path, whose, answer.status, answer.core[:300]))
            wrong += [(method, way.path, "tells of", one) for one in leaks(world, persona, answer)]
    assert wrong == [], told(wrong)


def leaks(world: World, persona: str, answer: Answer) -> list[str]:
    """What a page tells of things that the persona knows nothing of; numbers of people in addresses."""
    foreign = [thing for whose, thing in world.things.items() if whose not in {*KNOWS[persona], MISSING}]
    ids = {thing[name] for thing in foreign for name in ("application", "case", "file") if name in thing}
    told = [one for one in ids if one in answer.text]
    return told + [url for url in answer.addresses() if NUMBERS.search(url)]


@pytest.mark.parametrize("persona", SORTS, scope="module")
def test_ids_of_nothing_are_no_fault(world: World, persona: str) -> None:
    caller, wrong = Caller(world, persona), []
    for way, method in usable(world, persona):
        if not set(way.parameters) - {"action"}:
            continue
        answer = caller.call(way, method, world.parameters(MISSING))
        back = () if PERSONAL & set(way.parameters) else (302,)  # to the list, with the words why
        if answer.status not in (404, 405, *back, *refused_to(persona, way)) or answer.written:
            wrong.append((method, way.path, answer.status, answer.core[:200]))
    assert wrong == [], told(wrong)


def refused_to(persona: str, way: Way) -> tuple[int, ...]:
    """A data officer of a department is refused what is the bureau's, and the bureau what is credit's."""
    of_others = {
        "data of a department": (*OF_THE_BUREAU, *around_credit.OF_THE_LEADING_UNIT),
        "data": around_credit.OF_THE_LEADING_UNIT,
    }
    return (403, 404) if way.name in of_others.get(persona, ()) else ()


def usable(world: World, persona: str) -> Iterator[tuple[Way, str]]:
    """The ways in that the persona may use, with each method."""
    for way in ways():
        if way.access is not None and way.access.allows(world.city[persona]):
            for method in methods(way):
                yield way, method
