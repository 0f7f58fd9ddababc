# SPDX-License-Identifier: Apache-2.0
"""Administrators (第十四条), registers (第十五至十七、二十二、二十三条), the operation log (第十八条)."""

from __future__ import annotations

import datetime as dt

import pytest

from yiwang.apps.data_security import public as d
from yiwang.apps.data_security.models import Administrator, RegisterLine
from yiwang.apps.identity import public as identity
from yiwang.apps.journal.public import entries_of
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .conftest import NOON, called

Town = dict[str, Actor]


def again(who: Actor, org: str) -> Actor:
    """Who they are at the next request."""
    return next(one for one in identity.staff_of(org) if one.id == who.id)


def test_a_unit_appoints_its_administrator_and_the_post_follows(town: Town) -> None:
    head, clerk, data = town["health head"], town["health clerk"], town["health data"]
    assert d.unit(head, "health").is_vacant
    d.appoint(head, "health", clerk.id)
    seen = d.unit(head, "health")
    assert (seen.administrator, seen.is_vacant) == ("health clerk", False)
    assert again(clerk, "health").has(Role.SECURITY, org="health")
    assert len(box([clerk.id])) == 1
    d.appoint(head, "health", data.id)
    assert not again(clerk, "health").has(Role.SECURITY)
    assert again(data, "health").has(Role.SECURITY, org="health")
    d.dismiss(head, "health", why="调离")
    assert d.unit(head, "health").is_vacant
    assert [row.why for row in Administrator.objects.order_by("id")] == ["另行指定", "调离"]
    with pytest.raises(Conflict):
        d.dismiss(head, "health", why="调离")


def test_who_appoints_whom(town: Town) -> None:
    clerk = town["health clerk"].id
    for name in ("health clerk", "housing head", "bureau", "auditor", "cyberspace", "catalogue"):
        with pytest.raises(NotAllowed):
            d.appoint(town[name], "health", clerk)
    with pytest.raises(NotAllowed, match="自己"):
        d.appoint(town["health head"], "health", town["health head"].id)
    with pytest.raises(Invalid):
        d.appoint(town["health head"], "health", town["housing data"].id)
    with pytest.raises(NotFound):
        d.appoint(town["health head"], "no-such-unit", clerk)
    d.appoint(town["health data"], "health", clerk)
    with pytest.raises(Conflict):
        d.appoint(town["health head"], "health", clerk)


def test_vacant_units_come_first_and_others_are_not_told_of(town: Town) -> None:
    d.appoint(town["health head"], "health", town["health clerk"].id)
    everything = d.units(town["bureau"])
    assert len(everything) > 20
    assert everything[-1].org == "health"
    assert all(one.is_vacant for one in everything[:-1])
    assert [one.org for one in d.units(town["housing data"])] == ["housing"]
    with pytest.raises(NotFound):
        d.unit(town["housing data"], "health")
    assert {one.name for one in d.candidates(town["health head"], "health")} == {"health data"}
    assert d.candidates(town["bureau"], "health") == []


@pytest.mark.parametrize("register", list(d.Register))
def test_every_register_takes_a_line_and_says_its_article(town: Town, register: d.Register) -> None:
    actor = town["health data"]
    line = {
        column.id: {"date": "2026-05-01", "number": "12"}.get(column.kind, "内容")
        for column in register.sheet.columns
    }
    first = d.enter(actor, "health", register, line)
    assert register.sheet.article.endswith(("条", "号")), "an article, or the number of a document"
    second = d.enter(actor, "health", register, line, corrects=first)
    new, old = d.register_lines(actor, "health", register)
    assert (new.public_id, new.corrects, old.corrected) == (second, first, True)
    with pytest.raises(Conflict):
        d.enter(actor, "health", register, line, corrects=first)
    for column in register.sheet.columns:
        if column.required:
            with pytest.raises(Invalid) as refused:
                d.enter(actor, "health", register, {**line, column.id: "  "})
            assert refused.value.field == column.id
    with pytest.raises(Invalid, match="还没有到"):
        d.enter(actor, "health", register, {**line, "day": "2026-05-21"})
    for stranger in ("housing data", "bureau", "auditor", "health clerk"):
        with pytest.raises(NotAllowed):
            d.enter(town[stranger], "health", register, line)
    with pytest.raises(NotFound):
        d.register_lines(town["housing data"], "health", register)
    assert len(d.register_lines(town["bureau"], "health", register)) == 2


def test_a_line_is_never_changed_and_a_year_without_drill_is_lit(town: Town) -> None:
    actor = town["health data"]
    assert d.Register.DRILL in d.unit(actor, "health").missing
    line = {"day": "2026-03-01", "scene": "泄露", "people": "9", "result": "改进"}
    d.enter(actor, "health", d.Register.DRILL, line)
    assert d.Register.DRILL not in d.unit(actor, "health").missing
    assert d.Register.TRAINING in d.unit(actor, "health").missing
    row = RegisterLine.objects.get()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        RegisterLine.objects.all().delete()
    with pytest.raises(Invalid):
        d.enter(actor, "health", d.Register.DRILL, {**line, "people": "很多"})


def test_the_log_shows_ones_own_calls_and_calls_of_ones_own_data(town: Town) -> None:
    called(caller="o_a", case="A-1")
    called(NOON - dt.timedelta(days=2), caller="o_b", org="housing", provider="health")
    called(caller="o_c", org="education", provider="civil-affairs")

    def callers(name: str, **more: object) -> list[str]:
        page = d.read_log(town[name], d.LogQuery("检查", **more))  # type: ignore[arg-type]
        return [row.caller for row in page.rows]

    assert callers("health data") == ["o_b", "o_a"]
    assert callers("bureau") == ["o_c", "o_b", "o_a"]
    assert callers("auditor", case="A-1") == ["o_a"]
    assert callers("health data", first=NOON.date()) == ["o_a"]
    assert callers("health data", last=NOON.date() - dt.timedelta(days=1)) == ["o_b"]
    assert callers("bureau", org="education", caller="o_c") == ["o_c"]
    for name in ("health clerk", "health head", "catalogue", "auditor of a county"):
        with pytest.raises(NotAllowed):
            d.read_log(town[name], d.LogQuery("检查"))
    with pytest.raises(NotAllowed):
        d.read_log(town["housing data"], d.LogQuery("检查", org="health"))
    with pytest.raises(Invalid):
        d.read_log(town["health data"], d.LogQuery(" "))


def test_reading_the_log_is_logged(town: Town) -> None:
    called(case="A-1")
    d.read_log(town["health data"], d.LogQuery("群众投诉", case="A-1"))
    (entry,) = entries_of("data-security-log")
    assert (entry["actor"], entry["action"]) == (town["health data"].id, "data_security.log.read")
    assert entry["detail"] == {"orgs": ["health"], "rows": 1, "why": "群众投诉", "case": "A-1"}


def test_the_log_comes_page_by_page(town: Town) -> None:
    for n in range(53):
        called(caller=f"o_{n}")
    page = d.read_log(town["bureau"], d.LogQuery("检查"))
    assert (len(page.rows), page.before) == (50, page.rows[-1].id)
    rest = d.read_log(town["bureau"], d.LogQuery("检查", before=page.before))
    assert [row.caller for row in rest.rows] == ["o_2", "o_1", "o_0"]
    assert rest.before is None
