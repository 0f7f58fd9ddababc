# SPDX-License-Identifier: Apache-2.0
"""One small town, opened a restaurant in: what applies, what is asked, what waits, when it is done."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.evidence import Context, FactsProvider, Ground, HeldLicence, Look, Resolver
from yiwang.engines.planning import (
    AnswerSource,
    BoundItems,
    CycleFound,
    Facts,
    Inquiry,
    NotEligible,
    Supply,
    plan,
    to_json,
)
from yiwang.kernel.actor import ANONYMOUS
from yiwang.kernel.dates import BEIJING
from yiwang.kernel.errors import Invalid, NotFound

from .restaurant import BIG, make, restaurant
from .town import CALENDAR, LAW, MONDAY, element, event, item, material, town


def test_answers_decide_which_items_apply_and_why() -> None:
    made = make(restaurant(), BIG)
    assert [one.id for one in made.included] == ["setup", "food-permit", "fire-check"]
    reasons = {one.id: one.reason for one in made.items}
    assert reasons["fire-check"].startswith("法律要求（您的回答：经营面积300")
    assert "300" in reasons["fire-check"]
    assert reasons["sign-permit"].startswith("不设招牌（")
    assert reasons["seal"] == "可选服务，您没有选。"
    assert all(one.cite == LAW for one in made.items)


def test_an_undecided_item_is_kept_with_the_question_that_decides() -> None:
    made = make(restaurant(), {"sign": False})
    fire = next(one for one in made.items if one.id == "fire-check")
    assert fire.included
    assert not fire.decided
    assert fire.undecided_by == ("经营面积",)
    assert [one.element for one in made.questions] == ["area"]
    area = next(one for one in made.form.fields if one.element == "area")
    assert area.source is AnswerSource.GUIDING


def test_facts_do_not_decide_which_items_apply() -> None:
    made = make(restaurant(), {"sign": False}, facts=Facts({"area": Decimal(50)}))
    assert "fire-check" in [one.id for one in made.included]


def test_one_form_asks_each_question_once() -> None:
    made = make(restaurant(), BIG)
    fields = {one.element: one for one in made.form.fields}
    assert len(fields) == len(made.form.fields)
    assert fields["address"].asked_by == ("setup", "food-permit", "fire-check")
    assert fields["address"].source is AnswerSource.APPLICANT
    assert fields["area"].source is AnswerSource.ANSWERS
    assert fields["code"].source is AnswerSource.EARLIER_STEP
    assert "企业设立登记" in fields["code"].reason
    assert fields["name"].source is AnswerSource.APPLICANT  # setup itself asks for it
    assert [one.group for one in made.form.fields] == ["基本信息"] * 3 + ["场所"] * 2
    assert (made.form.savings.wanted, made.form.savings.given) == (9, 3)


def test_one_set_of_materials_and_how_each_comes() -> None:
    lines = {one.material: one for one in make(restaurant(), BIG).materials.lines}
    assert {code: line.resolution for code, line in lines.items()} == {
        "id-card": Supply.APPLICANT,
        "lease": Supply.APPLICANT,
        "form": Supply.GENERATED,
        "licence": Supply.EARLIER_STEP,
        "plan-drawing": Supply.APPLICANT,  # fire cannot wait for it
        "proof": Supply.COMMITMENT,
    }
    assert lines["lease"].required_by == ("setup", "food-permit")
    assert lines["licence"].produced_by == ("setup",)


def test_a_deferral_counts_when_every_asker_allows_it() -> None:
    lines = {
        one.material: one for one in make(restaurant(), {"area": Decimal(50), "sign": False}).materials.lines
    }
    assert lines["plan-drawing"].resolution is Supply.DEFERRED
    assert "10个工作日内补交" in lines["plan-drawing"].reason


def test_held_licences_and_shared_data_fill_in() -> None:
    held = HeldLicence("某人", "id-card", "X1", valid_until=dt.date(2026, 3, 2), fields={"boss": "王"})
    licence = HeldLicence("某人", "licence", "X2", fields={"boss": "张", "area": Decimal(1)})
    made = make(restaurant(), BIG, facts=Facts({"address": "某路1号"}, (held, licence)))
    lines = {one.material: one.resolution for one in made.materials.lines}
    assert lines["id-card"] is Supply.E_LICENCE
    fields = {one.element: (one.source, one.value) for one in made.form.fields}
    assert (
        fields["boss"][0] is AnswerSource.APPLICANT
    )  # id-card does not print it; the licence is issued anew
    assert fields["address"] == (AnswerSource.SHARED_DATA, "某路1号")
    assert fields["code"][0] is AnswerSource.EARLIER_STEP


def test_an_expired_licence_is_no_licence() -> None:
    held = HeldLicence("某人", "id-card", "X1", valid_until=dt.date(2026, 3, 1))
    made = make(restaurant(), BIG, facts=Facts({}, (held,)))
    assert {one.material: one.resolution for one in made.materials.lines}["id-card"] is Supply.APPLICANT


def test_the_applicant_takes_part_of_the_items() -> None:
    made = make(restaurant(), BIG, choice=["food-permit", "seal"])
    assert [one.id for one in made.included] == ["food-permit", "seal"]
    licence = next(one for one in made.materials.lines if one.material == "licence")
    assert licence.resolution is Supply.APPLICANT
    assert "这次没有办这一项" in licence.reason
    assert "“企业设立登记”" in licence.reason


def test_a_chosen_item_that_does_not_apply_says_so() -> None:
    made = make(restaurant(), BIG, choice=["setup", "sign-permit"])
    sign = next(one for one in made.items if one.id == "sign-permit")
    assert not sign.included
    assert sign.reason.startswith("您选了这一项，但它不适用：")


@pytest.mark.parametrize("choice", [["nothing-such"], ["sign-permit"], []])
def test_a_choice_that_leaves_nothing_is_refused(choice: list[str]) -> None:
    with pytest.raises(Invalid):
        make(restaurant(), BIG, choice=choice)


def bound() -> Catalogue:
    """Two items that the law binds together, and a third."""
    return town(
        *(item(code, name) for code, name in (("one", "甲"), ("two", "乙"), ("three", "丙"))),
        event(
            "whole",
            "某事",
            [{"item": "one", "bound_with": ["two"], "bound_cite": LAW}, "two", "three"],
            plain_names=["开饭店"],
        ),
    )


@pytest.mark.parametrize("choice", [["one"], ["two"], ["three", "two"]])
def test_what_the_law_binds_is_not_cut(choice: list[str]) -> None:
    with pytest.raises(BoundItems) as caught:
        make(bound(), {}, choice=choice)
    assert "《测试法》第一条" in str(caught.value)
    assert caught.value.cite == LAW


def test_bound_items_are_taken_together_or_left_together() -> None:
    assert len(make(bound(), {}, choice=["one", "two"]).included) == 2
    assert len(make(bound(), {}, choice=["three"]).included) == 1


def test_a_refusal_names_reason_clause_and_way_out() -> None:
    rule = {"when": "是否连锁 = false", "refusal": "连锁店请到市局办理。", "cite": LAW}
    catalogue = restaurant(eligibility=[rule])
    with pytest.raises(NotEligible) as caught:
        make(catalogue, {**BIG, "chain": True})
    (refusal,) = caught.value.refusals
    assert refusal.reason == "连锁店请到市局办理。"
    assert refusal.cite == LAW
    assert "是否连锁" in refusal.because or "连锁" in refusal.because
    assert make(catalogue, {**BIG, "chain": False}).open_conditions == ()
    assert make(catalogue, BIG).open_conditions[0].undecided_by == ("是否连锁",)


def test_items_that_wait_for_each_other_are_named() -> None:
    catalogue = town(
        material("p", "甲证", "licence"),
        material("q", "乙证", "licence"),
        item("one", "甲", needs=["q"], gives=["p"]),
        item("two", "乙", needs=["p"], gives=["q"]),
        item("three", "丙", needs=["p"]),
        event("whole", "某事", ["one", "two", "three"], plain_names=["开饭店"]),
    )
    with pytest.raises(CycleFound) as caught:
        make(catalogue, {})
    assert caught.value.members == (("one", "two"),)
    assert "“甲”需要“乙证”→由“乙”产生；“乙”需要“甲证”→由“甲”产生" in str(caught.value)


def test_law_may_order_items_without_papers() -> None:
    catalogue = town(
        item("one", "甲", after=["two", "elsewhere"]),
        item("two", "乙"),
        event("whole", "某事", ["one", "two"], plain_names=["开饭店"]),
    )
    assert [stage.items for stage in make(catalogue, {}).stages] == [("two",), ("one",)]


def test_an_item_out_of_force_is_left_out() -> None:
    catalogue = town(
        item("one", "甲", valid_to=dt.date(2026, 1, 1)),
        item("two", "乙"),
        event("whole", "某事", ["one", "two"], plain_names=["开饭店"]),
    )
    made = make(catalogue, {})
    assert [one.id for one in made.included] == ["two"]
    assert "到2026年1月1日为止" in made.items[0].reason


def test_wrong_names_are_told() -> None:
    with pytest.raises(NotFound):
        plan(restaurant(), "没有这件事", {}, start=MONDAY, calendar=CALENDAR)
    with pytest.raises(Invalid):
        make(restaurant(), {"nothing-such": True})


def test_the_same_inputs_give_the_same_plan() -> None:
    assert make(restaurant(), BIG) == make(restaurant(), BIG)


def test_a_resolver_is_asked_once_for_all_with_purpose_and_basis() -> None:
    at = dt.datetime(2026, 3, 2, 9, tzinfo=BEIJING)
    looks: list[Look] = []
    ground = Ground("某局", at, basis="测试法第一条")
    held = FactsProvider.licences([HeldLicence("P1", "id-card", "X1")], ground)
    known = FactsProvider.elements("P1", {"address": "某路1号"}, ground)
    asked = Inquiry(Resolver([known, held], looks.append), "P1", Context(ANONYMOUS, at))
    made = make(restaurant(), BIG, resolver=asked)
    assert {one.material: one.resolution for one in made.materials.lines}["id-card"] is Supply.E_LICENCE
    assert {one.element: one.source for one in made.form.fields}["address"] is AnswerSource.SHARED_DATA
    assert {look.purpose for look in looks} == {"办理“开办餐饮店”"}
    assert {look.basis for look in looks} == {"《测试法》第一条"}
    assert "area" not in {look.key.id for look in looks}, "what is answered is not looked up"


def test_json_hides_personal_values_unless_told() -> None:
    catalogue = town(
        element("phone", "联系电话", "phone", sensitive=True),
        item("one", "甲", asks=["phone"]),
        event("whole", "某事", ["one"], plain_names=["开饭店"]),
    )
    made = make(catalogue, {}, facts=Facts({"phone": "13800000000"}))
    (hidden,) = to_json(made, catalogue)["form"]["fields"]
    assert (hidden["known"], hidden["value"]) == (True, None)
    (shown,) = to_json(made, catalogue, reveal=True)["form"]["fields"]
    assert shown["value"] == "13800000000"
