# SPDX-License-Identifier: Apache-2.0
"""What waits for what, when it will be done, who goes together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from yiwang.engines.evidence import HeldLicence
from yiwang.engines.planning import (
    AnswerSource,
    DueBy,
    EdgeKind,
    Facts,
    Supply,
)

from .restaurant import BIG, make, restaurant
from .town import days, element, event, item, material, town


def test_order_follows_licences() -> None:
    made = make(restaurant(), {"area": Decimal(300), "sign": True})
    assert [stage.items for stage in made.stages] == [
        ("setup",),
        ("food-permit", "fire-check", "sign-permit"),
    ]
    assert made.stages[1].departments == (
        ("审批局", ("food-permit",)),
        ("消防队", ("fire-check", "sign-permit")),
    )
    assert {(edge.before, edge.after, edge.what) for edge in made.edges} == {
        ("setup", "food-permit", "licence"),
        ("setup", "fire-check", "licence"),
        ("setup", "sign-permit", "licence"),
    }


def test_a_licence_this_errand_issues_anew_is_not_the_one_in_hand() -> None:
    licence = HeldLicence("某人", "licence", "X2", fields={"code": "9144"})
    made = make(restaurant(), BIG, facts=Facts({}, (licence,)))
    lines = {one.material: one.resolution for one in made.materials.lines}
    assert lines["licence"] is Supply.EARLIER_STEP
    assert {one.element: one.source for one in made.form.fields}["code"] is AnswerSource.EARLIER_STEP
    assert [stage.items for stage in made.stages] == [("setup",), ("food-permit", "fire-check")]


def test_a_licence_in_hand_makes_the_others_independent() -> None:
    licence = HeldLicence("某人", "licence", "X2", fields={"code": "9144"})
    made = make(restaurant(), BIG, facts=Facts({}, (licence,)), choice=["food-permit", "fire-check"])
    assert made.edges == ()
    assert [stage.items for stage in made.stages] == [("food-permit", "fire-check")]


def test_a_number_that_only_an_item_gives_out_makes_others_wait() -> None:
    catalogue = town(
        element("project", "项目代码"),
        material("filing", "备案证明", "result", ["project"]),
        item("permit", "施工许可", asks=["project"]),
        item("file", "项目备案", gives=["filing"]),
        event("build", "建厂房", ["permit", "file"], plain_names=["开饭店"]),
    )
    made = make(catalogue, {})
    assert [stage.items for stage in made.stages] == [("file",), ("permit",)]
    assert made.edges[0].kind is EdgeKind.ELEMENT
    assert made.form.fields[0].source is AnswerSource.EARLIER_STEP
    known = make(catalogue, {}, facts=Facts({"project": "2026-01"}))
    assert known.edges == ()


def test_what_everybody_knows_makes_nobody_wait() -> None:
    """A name printed on one result is no reason to wait for it where another asks for the name."""
    catalogue = town(
        element("name", "企业名称"),
        element("born", "出生日期"),
        material("licence", "执照", "licence", ["name", "born"]),
        item("small", "个体登记", gives=["licence"]),
        item("firm", "公司登记", gives=["licence"], asks=["name"]),
        item("other", "其他", asks=["name", "born"]),
        event(
            "whole",
            "某事",
            ["small", "firm", "other"],
            plain_names=["开饭店"],
            questions=[{"element": "born", "why": "先问"}],
        ),
    )
    made = make(catalogue, {})
    assert made.edges == ()
    assert [one.source for one in made.form.fields] == [AnswerSource.APPLICANT, AnswerSource.GUIDING]


def test_dates_run_on_the_calendar() -> None:
    made = make(restaurant(), BIG).timetable
    assert (made.serial, made.planned) == (Decimal("13.5"), Decimal("8.5"))
    assert made.critical_path == ("setup", "food-permit")
    assert made.due_date == dt.date(2026, 3, 13)  # 8.5 working days after Monday
    assert made.due_by is DueBy.ITEMS
    assert not made.provisional
    assert [window.days for window in made.windows] == [Decimal("0.5"), Decimal(8), Decimal(5)]
    assert made.legal_due_date == dt.date(2026, 3, 17)


def test_a_shorter_promise_of_the_whole_is_the_due_date() -> None:
    made = make(restaurant(promised_limit=days(5)), BIG).timetable
    assert made.due_date == made.promised_due_date == dt.date(2026, 3, 9)
    assert made.due_by is DueBy.LIFE_EVENT
    assert made.computed_due_date == dt.date(2026, 3, 13)


def test_calendar_days_end_on_a_working_day() -> None:
    catalogue = town(
        item("one", "甲", limit=days(5, "calendar")),
        event("whole", "某事", ["one"], plain_names=["开饭店"]),
    )
    made = make(catalogue, {}).timetable
    assert made.due_date == dt.date(2026, 3, 9)  # the fifth day is a Saturday
    assert made.planned == Decimal(5)


def test_one_visit_serves_all_who_look_at_the_same_place() -> None:
    made = make(restaurant(), BIG)
    assert [visit.items for visit in made.visits] == [("food-permit", "fire-check")]
    assert made.visit_savings.saved == 1
    assert made.visits[0].first_day == dt.date(2026, 3, 3)
    assert made.visits[0].last_day == dt.date(2026, 3, 10)
