# SPDX-License-Identifier: Apache-2.0
"""Departments report, the bureau reviews and publishes, guides mark: each by whom it is for, once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection

from yiwang.apps.journal.public import entries_of
from yiwang.apps.waivers import public as w
from yiwang.apps.waivers.models import Filing, PublishedList
from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, YiwangError

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("city")]


def officer(name: str, *posts: Post) -> Actor:
    """An officer with these posts."""
    return Actor(ActorKind.OFFICER, f"o-{name}", name, posts)


HEALTH = officer("health", Post(Role.HANDLER, "health"))
HEALTH_TOO = officer("health too", Post(Role.APPROVER, "health", "yicheng"))
HOUSING = officer("housing", Post(Role.REPRESENTATIVE, "housing"))
BUREAU = officer("bureau", Post(Role.DATA))
BUREAU_TOO = officer("bureau too", Post(Role.DATA))
BOTH = officer("both", Post(Role.DATA), Post(Role.HANDLER, "health"))
OF_A_DEPARTMENT = officer("data of health", Post(Role.DATA, "health"))
AUDITOR = officer("auditor", Post(Role.AUDITOR))
COUNTER = officer("counter", Post(Role.COUNTER, "", "yicheng"))
CATALOGUE = officer("catalogue", Post(Role.CATALOGUE))
PERSON = Actor(ActorKind.PERSON, "p-wang", "王芳")
ALL = (
    *(HEALTH, HEALTH_TOO, HOUSING, BUREAU, BUREAU_TOO, BOTH, OF_A_DEPARTMENT, AUDITOR, COUNTER, CATALOGUE),
    *(PERSON, ANONYMOUS, system("测试")),
)
CHANNELS = {"eat": {"licences": {"deed": "province"}}, "sleep": {"licences": {"deed": "province"}}}


def who(act: Callable[[Actor], object]) -> set[str]:
    """Names of those for whom `act` works; all others are refused, or told there is no such thing."""
    found = set()
    for actor in ALL:
        try:
            act(actor)
        except (NotAllowed, NotFound):
            continue
        except YiwangError:
            pass  # may be done, only not now
        found.add(actor.name)
    return found


def surveyed(actor: Actor = HEALTH, org: str = "health") -> str:
    """A survey that was handed in."""
    filing = w.begin(actor, w.Kind.SURVEY, org=org, year=2026)
    channels = CHANNELS if org == "health" else {"build": {"licences": {"deed": "province"}}}
    version = w.save(actor, filing, channels, version=1)
    w.submit(actor, filing, version=version)
    return filing


def listed(*materials: str) -> int:
    """A published list of usable e-licences."""
    w.review(BUREAU, surveyed(), approve=True)
    return w.publish(BUREAU, w.merge(BUREAU, w.Kind.SURVEY), chosen=materials)


def declared() -> str:
    """A declaration that was handed in."""
    filing = w.begin(HEALTH, w.Kind.DECLARATION, org="health", year=2026)
    w.submit(HEALTH, filing, version=1)
    return filing


def state(filing: str) -> str:
    """How a report stands."""
    return Filing.objects.get(public_id=filing).state


# -- the department


def test_a_survey_is_begun_once_and_filled_from_what_is_known() -> None:
    filing = w.begin(HEALTH, w.Kind.SURVEY, org="health", year=2026)
    assert w.begin(HEALTH_TOO, w.Kind.SURVEY, org="health", year=2026) == filing
    seen = w.filing_view(HEALTH, filing)
    assert [(row.item, row.volume) for row in seen.surveyed] == [("eat", 900), ("drink", 40), ("sleep", 0)]
    assert all(row.in_scope for row in seen.surveyed), "all items since 2025"
    assert (seen.state, seen.due_on, seen.may_fill, seen.may_review) == (
        w.State.DRAFT,
        dt.date(2026, 5, 31),
        True,
        False,
    )


def test_all_that_is_missing_is_told_at_once_and_nothing_is_lost() -> None:
    filing = w.begin(HEALTH, w.Kind.SURVEY, org="health", year=2026)
    w.save(HEALTH, filing, {"drink": {"volume": 41, "note": "含乡镇"}}, version=1)
    with pytest.raises(w.NotComplete) as told:
        w.submit(HEALTH, filing, version=2)
    assert [item for item, _ in told.value.problems] == ["eat", "sleep"]
    row = {one.item: one for one in w.filing_view(HEALTH, filing).surveyed}["drink"]
    assert (row.volume, row.note) == (41, "含乡镇")


@pytest.mark.parametrize(
    "given",
    [
        {"eat": {"licences": {"deed": "elsewhere"}}},
        {"eat": {"volume": -1}},
        {"eat": {"volume": "12"}},
        {"eat": {"volume": True}},
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, dict[str, object]]) -> None:
    filing = w.begin(HEALTH, w.Kind.SURVEY, org="health", year=2026)
    with pytest.raises(Invalid):
        w.save(HEALTH, filing, given, version=1)
    assert w.filing_view(HEALTH, filing).version == 1


def test_what_is_not_on_the_report_is_left_out() -> None:
    filing = w.begin(HEALTH, w.Kind.SURVEY, org="health", year=2026)
    w.save(HEALTH, filing, {"build": {"volume": 5}, "eat": {"licences": {"card": "city"}}}, version=1)
    seen = {row.item: row for row in w.filing_view(HEALTH, filing).surveyed}
    assert "build" not in seen
    assert seen["eat"].licences == {"deed": ""}


def test_two_colleagues_do_not_overwrite_each_other() -> None:
    filing = w.begin(HEALTH, w.Kind.SURVEY, org="health", year=2026)
    w.save(HEALTH, filing, {"eat": {"note": "先"}}, version=1)
    for act in (
        lambda: w.save(HEALTH_TOO, filing, {"eat": {"note": "后"}}, version=1),
        lambda: w.submit(HEALTH_TOO, filing, version=1),
    ):
        with pytest.raises(Conflict, match="过时"):
            act()
    assert w.filing_view(HEALTH, filing).surveyed[0].note == "先"


def test_a_report_that_was_handed_in_stays_as_it_is_until_it_comes_back() -> None:
    filing = surveyed()
    with pytest.raises(Conflict):
        w.save(HEALTH, filing, {}, version=3)
    with pytest.raises(Conflict):
        w.submit(HEALTH, filing, version=3)
    with pytest.raises(Invalid, match="原因"):
        w.review(BUREAU, filing, approve=False, words=" ")
    w.review(BUREAU, filing, approve=False, words="办件量不对")
    seen = w.filing_view(HEALTH, filing)
    assert (seen.state, seen.words, seen.may_fill) == (w.State.RETURNED, "办件量不对", True)
    version = w.save(HEALTH, filing, {"eat": {"volume": 901}}, version=seen.version)
    w.submit(HEALTH, filing, version=version)
    w.review(BUREAU, filing, approve=True)
    assert state(filing) == "reviewed"
    done = [entry["action"].removeprefix("filing.") for entry in entries_of(f"filing:{filing}")]
    assert done == ["begun", "saved", "submitted", "returned", "saved", "submitted", "reviewed"]


@pytest.mark.parametrize("year", [2024, 2027])
def test_only_this_year_and_the_last_are_reported(year: int) -> None:
    with pytest.raises(Invalid):
        w.begin(HEALTH, w.Kind.SURVEY, org="health", year=year)


# -- the bureau


def test_whoever_filled_in_does_not_review() -> None:
    filing = surveyed(BOTH)
    with pytest.raises(NotAllowed, match="自己填"):
        w.review(BOTH, filing, approve=True)
    assert not w.filing_view(BOTH, filing).may_review
    w.review(BUREAU, filing, approve=True)


def test_a_batch_is_merged_chosen_and_published_with_the_next_number() -> None:
    w.review(BUREAU, surveyed(), approve=True)
    batch = w.merge(BUREAU, w.Kind.SURVEY)
    w.review(BUREAU, surveyed(HOUSING, "housing"), approve=True)
    assert w.merge(BUREAU_TOO, w.Kind.SURVEY) == batch
    merged = w.merged_list(w.Kind.SURVEY)
    assert merged is not None
    assert [(one.material, one.frequency) for one in merged.licences] == [
        ("deed", 907),
        ("shop-licence", 40),
    ]
    assert w.published_lists() == []
    assert w.publish(BUREAU, batch, chosen=["deed"]) == 1
    (published,) = w.published_lists(w.Kind.SURVEY)
    assert (published.number, published.published_on, published.title) == (
        1,
        dt.date(2026, 5, 20),
        "可用电子证照清单（第1批）",
    )
    assert [one.material for one in published.licences] == ["deed"]
    assert set(Filing.objects.values_list("state", flat=True)) == {"listed"}
    with pytest.raises(Conflict):
        w.publish(BUREAU, batch, chosen=["deed"])
    with pytest.raises(Conflict):
        w.merge(BUREAU, w.Kind.SURVEY)


def test_what_one_batch_left_out_comes_up_in_the_next(city: time_machine.Traveller) -> None:
    assert listed("deed") == 1
    city.move_to(dt.datetime(2027, 4, 1, 2, tzinfo=dt.UTC))
    filing = w.begin(HEALTH, w.Kind.SURVEY, org="health", year=2027)
    version = w.save(HEALTH, filing, CHANNELS, version=1)
    w.submit(HEALTH, filing, version=version)
    w.review(BUREAU, filing, approve=True)
    batch = w.merge(BUREAU, w.Kind.SURVEY)
    merged = w.merged_list(w.Kind.SURVEY)
    assert merged is not None
    assert [one.material for one in merged.licences] == ["shop-licence"]
    assert w.publish(BUREAU, batch, chosen=["shop-licence"]) == 2


@pytest.mark.parametrize("chosen", [[], ["card"], ["deed", "card"]])
def test_only_what_was_merged_can_be_published(chosen: list[str]) -> None:
    w.review(BUREAU, surveyed(), approve=True)
    batch = w.merge(BUREAU, w.Kind.SURVEY)
    with pytest.raises(Invalid):
        w.publish(BUREAU, batch, chosen=chosen)
    assert w.published_lists() == []


def test_a_published_list_of_licences_starts_the_months_for_their_stock() -> None:
    listed("deed")
    (entry,) = entries_of("licence-types")
    assert entry["detail"]["list"] == "可用电子证照清单（第1批）"
    assert entry["detail"]["due"] == "2026-11-20"


# -- 免证可办


def test_only_listed_licences_can_be_declared_and_guides_mark_them_once_published() -> None:
    listed("deed")
    filing = declared()
    assert w.waived() == {}
    w.review(BUREAU, filing, approve=True)
    batch = w.merge(BUREAU, w.Kind.DECLARATION)
    assert w.waived() == {}
    w.publish(BUREAU, batch, chosen=["eat"])
    assert w.waived() == {("eat", "deed"): 1}
    (published,) = w.published_lists(w.Kind.DECLARATION)
    assert [(one.item, one.materials) for one in published.items] == [("eat", ["deed"])]


def test_what_an_item_still_wants_on_paper_is_not_declared() -> None:
    listed("deed")
    filing = w.begin(HEALTH, w.Kind.DECLARATION, org="health", year=2026)
    with pytest.raises(Invalid):
        w.save(HEALTH, filing, {"eat": {"waived": ["shop-licence"]}}, version=1)
    w.save(HEALTH, filing, {"eat": {"waived": []}}, version=1)
    assert [list(row.waived) for row in w.filing_view(HEALTH, filing).declared] == [[], ["deed"]]


def test_nothing_listed_nothing_to_declare() -> None:
    filing = w.begin(HEALTH, w.Kind.DECLARATION, org="health", year=2026)
    assert w.filing_view(HEALTH, filing).declared == []


# -- 亮灯


def test_late_departments_are_lit(city: time_machine.Traveller) -> None:
    surveyed()

    def lights() -> dict[str, Light]:
        found = w.standings(AUDITOR, year=2026)
        return {one.org: one.light for one in found if one.kind is w.Kind.SURVEY}

    assert lights() == {"health": Light.GREEN, "housing": Light.YELLOW}
    city.move_to(dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC))
    assert lights() == {"health": Light.GREEN, "housing": Light.LATE}
    assert [one.kind for one in w.standings(HOUSING, year=2026)] == [w.Kind.SURVEY]


def test_a_department_without_listed_licences_owes_no_declaration() -> None:
    listed("shop-licence")
    owed = {one.org for one in w.standings(BUREAU, year=2026) if one.kind is w.Kind.DECLARATION}
    assert owed == {"health"}


# -- who may


def test_who_may_do_what() -> None:
    fillers = {"health", "health too", "both"}
    bureau = {"bureau", "bureau too", "both"}
    assert who(lambda a: w.begin(a, w.Kind.SURVEY, org="health", year=2026)) == fillers
    filing = Filing.objects.get().public_id
    assert who(lambda a: w.save(a, filing, {}, version=99)) == fillers
    assert who(lambda a: w.submit(a, filing, version=99)) == fillers
    assert who(lambda a: w.filing_view(a, filing)) == fillers | bureau | {"auditor"}
    assert who(lambda a: w.review(a, filing, approve=True)) == bureau
    assert who(lambda a: w.merge(a, w.Kind.SURVEY)) == bureau
    w.review(BUREAU, surveyed(HOUSING, "housing"), approve=True)
    batch = w.merge(BUREAU, w.Kind.SURVEY)
    assert who(lambda a: w.publish(a, batch, chosen=[])) == bureau
    assert who(lambda a: w.standings(a, year=2026)) == fillers | bureau | {"auditor", "housing"}


def test_what_is_not_there_is_not_found() -> None:
    for act in (
        lambda: w.filing_view(BUREAU, "w_none"),
        lambda: w.review(BUREAU, "w_none", approve=True),
        lambda: w.save(HEALTH, "w_none", {}, version=1),
        lambda: w.publish(BUREAU, "wl_none", chosen=["deed"]),
    ):
        with pytest.raises(NotFound):
            act()


# -- at once


@pytest.mark.django_db(transaction=True)
def test_two_publish_at_once_and_there_is_one_batch() -> None:
    w.review(BUREAU, surveyed(), approve=True)
    batch = w.merge(BUREAU, w.Kind.SURVEY)
    outcome: list[object] = []
    start = threading.Barrier(2)

    def publish(actor: Actor) -> None:
        start.wait()
        try:
            outcome.append(w.publish(actor, batch, chosen=["deed"]))
        except Conflict:
            outcome.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(actor,)) for actor in (BUREAU, BUREAU_TOO)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcome)) == ["1", "refused"]
    assert PublishedList.objects.get().number == 1
