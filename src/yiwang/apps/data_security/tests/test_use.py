# SPDX-License-Identifier: Apache-2.0
"""Use analysis: daily sums equal counting by hand, also after late rows; the evaluation; good cases."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.calls import Call
from yiwang.apps.data_security import plugs
from yiwang.apps.data_security import public as d
from yiwang.apps.data_security.domain.use import Figures, UseLine, evaluate, figures_of, kind_of
from yiwang.apps.data_security.models import CallerDay, UseDay
from yiwang.apps.gateway import public as gateway
from yiwang.engines.exchange import NeedKind, resources
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import BEIJING
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable

from .conftest import NOON, TODAY, called, made

Town = dict[str, Actor]
PERIOD = d.Period(TODAY - dt.timedelta(days=20), TODAY)


def random_calls(count: int, seed: int) -> None:
    """Calls all over the last days, some at the edge of a day."""
    dice = random.Random(seed)
    for _ in range(count):
        at = NOON - dt.timedelta(days=dice.randint(0, 9), hours=dice.choice((0, 11, 12, 3)), seconds=1)
        called(
            at,
            org=dice.choice(("health", "housing")),
            caller=f"o_{dice.randint(1, 3)}",
            caller_kind=dice.choice(("officer", "client", "system")),
            subject=dice.choice(("", "p_1")),
            case=dice.choice(("", "A-1")),
            resource=dice.choice(("household", "firms")),
            fields=dice.choice((["name"], ["name", "address"])),
            rows=dice.randint(0, 3),
            item=dice.choice(("", "health-check", "food-licence")),
            outcome=dice.choice(("answered", "answered", "refused", "failed")),
            ms=dice.randint(1, 90),
        )


def by_hand() -> list[UseLine]:
    """Every call as a line of its own."""
    known = resources(made())
    return [
        UseLine(
            one.at.astimezone(BEIJING).date(),
            one.org,
            one.resource,
            kind_of(
                known.get(one.resource),
                one.fields,
                by_system=one.caller_kind != "officer",
                for_case=bool(one.case),
                of_subject=bool(one.subject),
                many=one.rows > 1,
            ).value,
            one.item,
            one.outcome,
            1,
            one.rows,
            one.ms,
        )
        for one in Call.objects.all()
    ]


@pytest.mark.storage
def test_daily_sums_equal_counting_by_hand_also_after_late_rows(town: Town) -> None:
    random_calls(80, 1)
    assert d.roll_up(gateway) > 0
    assert d.roll_up(gateway) == 0
    random_calls(40, 2)
    assert d.roll_up(gateway) > 0
    for per_resource in (False, True):
        kept = [
            UseLine(*row)
            for row in UseDay.objects.values_list(
                "day", "org", "resource", "kind", "item", "outcome", "calls", "rows", "ms"
            )
        ]
        assert figures_of(kept, per_resource=per_resource) == figures_of(by_hand(), per_resource=per_resource)
    seen = d.use_report(town["bureau"], PERIOD)
    assert sum(one.calls for one in seen.departments) == sum(count for _, count in seen.per_day) == 120
    assert sum(row.calls for row in CallerDay.objects.all()) == 120
    hours = {
        (row.caller_kind, row.caller, row.org, row.day): set(row.hours) for row in CallerDay.objects.all()
    }
    told: dict[tuple[str, str, str, dt.date], set[int]] = {}
    for one in Call.objects.all():
        local = one.at.astimezone(BEIJING)
        told.setdefault((one.caller_kind, one.caller, one.org, local.date()), set()).add(local.hour)
    assert hours == told


def test_a_page_reads_sums_and_no_calls(town: Town) -> None:
    random_calls(30, 3)
    d.roll_up(gateway)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        d.use_report(town["bureau"], PERIOD)
    assert asked.captured_queries
    assert [one["sql"] for one in asked.captured_queries if "gateway_call" in one["sql"]] == []


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], tuple[int, int]]:
    """What applicants were spared, as the wiring would say."""
    known: dict[tuple[str, str], tuple[int, int]] = {}
    monkeypatch.setattr(plugs, "_savings", [lambda day: known if day == TODAY else {}])
    return known


def test_what_applicants_were_spared_is_the_effect(
    town: Town, saved: dict[tuple[str, str], tuple[int, int]]
) -> None:
    called()
    called(org="housing", resource="firms")
    saved["health", "household"] = (4, 1)
    d.roll_up(gateway)
    saved["health", "household"] = (5, 2)
    d.roll_up(gateway)
    health, housing = sorted(d.use_report(town["bureau"], PERIOD).departments, key=lambda one: one.org)
    assert (health.questions, health.documents, health.saved) == (5, 2, 7)
    assert housing.saved == 0
    first, second = d.use_report(town["bureau"], PERIOD).evaluations
    assert (first.org, first.parts["effect"], second.parts["effect"]) == ("health", 100.0, 50.0)


def test_a_department_sees_its_own_figures_and_its_rank_in_the_city(town: Town) -> None:
    for _ in range(9):
        called()
    called(org="housing")
    d.roll_up(gateway)
    seen = d.use_report(town["housing data"], PERIOD)
    assert [one.org for one in seen.departments] == ["housing"]
    assert [(one.org, one.rank) for one in seen.evaluations] == [("housing", 2)]
    assert sum(count for _, count in seen.per_day) == 1
    assert len(d.use_report(town["auditor"], PERIOD).departments) == 2
    with pytest.raises(NotAllowed):
        d.use_report(town["catalogue"], PERIOD)
    with pytest.raises(Invalid):
        d.Period(TODAY, TODAY - dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("by_system", "for_case", "of_subject", "many", "kind"),
    [
        (True, True, True, False, NeedKind.COOPERATE),
        (False, True, True, False, NeedKind.QUERY),
        (True, False, True, False, NeedKind.QUERY),
        (True, False, False, True, NeedKind.ANALYSE),
        (False, False, True, True, NeedKind.QUERY),
    ],
)
def test_the_type_of_a_call(
    by_system: bool, for_case: bool, of_subject: bool, many: bool, kind: NeedKind
) -> None:
    known = next(iter(resources(made()).values()))
    fields = [known.fields[0].id]
    assert (
        kind_of(known, fields, by_system=by_system, for_case=for_case, of_subject=of_subject, many=many)
        is kind
    )


def test_a_call_that_gets_only_yes_or_no_is_a_check() -> None:
    found = [
        (resource, [one.id for one in resource.fields if one.type.value == "boolean"])
        for resource in resources(made()).values()
    ]
    resource, fields = next((one, yes) for one, yes in found if yes)
    told = {"by_system": False, "for_case": False, "of_subject": True, "many": False}
    assert kind_of(resource, fields, **told) is NeedKind.VERIFY
    assert kind_of(resource, [*fields, *[one.id for one in resource.fields]], **told) is NeedKind.QUERY
    assert kind_of(None, fields, **told) is NeedKind.QUERY


def test_the_evaluation_by_hand() -> None:
    days = frozenset(TODAY - dt.timedelta(days=n) for n in range(5))
    kinds = {kind.value: 1 for kind in NeedKind}
    best = Figures("a", "", kinds, 100, 100, days=days, items=frozenset("xy"), questions=50)
    half = Figures("b", "", {"query": 1}, 100, 50, days=frozenset({TODAY}), items=frozenset("x"))
    weights = {"volume": 20, "variety": 15, "frequency": 15, "scenes": 20, "effect": 30}
    first, second = evaluate([half, best], weights=weights, workdays=5)
    assert (first.org, first.score, first.rank) == ("a", 100.0, 1)
    assert second.parts == {
        "volume": 100.0,
        "variety": 25.0,
        "frequency": 20.0,
        "scenes": 50.0,
        "effect": 25.0,
    }
    assert second.score == round(20 + 3.75 + 3 + 10 + 7.5, 1)
    assert evaluate([], weights=weights, workdays=0) == []
    twins = evaluate([best, best], weights=weights, workdays=5)
    assert [one.rank for one in twins] == [1, 1]


def test_weights_make_a_hundred() -> None:
    from yiwang.apps.data_security.domain.settings import weights_of

    known = made()
    assert sum(weights_of(known).values()) == 100
    wrong = {**known.settings}
    wrong["use-weight-volume"] = wrong["use-weight-volume"].model_copy(update={"value": 21})

    class Changed:
        settings = wrong

    with pytest.raises(Unavailable):
        weights_of(Changed())  # type: ignore[arg-type]


def test_good_cases_are_nominated_chosen_and_published(town: Town) -> None:
    used = sorted(resources(made()))[:2]
    called(resource=used[0], rows=2)
    d.roll_up(gateway)
    story = {"title": "开餐馆不用交身份证", "story": "窗口直接核验"}
    case = d.nominate(town["health data"], "health", used=used, **story)
    for name in ("health clerk", "housing data", "bureau"):
        with pytest.raises(NotAllowed):
            d.nominate(town[name], "health", used=used, **story)
    with pytest.raises(Invalid):
        d.nominate(town["health data"], "health", used=["no-such"], **story)
    (seen,) = d.good_cases(town["bureau"])
    assert (seen.state, seen.figures) == (d.GoodCaseState.NOMINATED, {"calls": 1, "rows": 2})
    assert d.good_cases(town["housing data"]) == []
    for name in ("health data", "cyberspace"):
        with pytest.raises((NotAllowed, NotFound)):
            d.judge(town[name], case, choose=True, words="好")
    with pytest.raises(Conflict):
        d.publish(town["bureau"], case)
    d.judge(town["bureau"], case, choose=True, words="成效明显")
    with pytest.raises(Conflict):
        d.judge(town["bureau"], case, choose=False, words="改主意")
    assert d.good_cases(town["housing data"]) == []
    d.publish(town["bureau"], case)
    (seen,) = d.good_cases(town["housing data"])
    assert seen.title == story["title"]
    with pytest.raises(NotFound):
        d.publish(town["bureau"], "good_nothing")
