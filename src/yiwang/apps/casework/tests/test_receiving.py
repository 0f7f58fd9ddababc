# SPDX-License-Identifier: Apache-2.0
"""Receiving: accept, ask once and in full, refuse with reason and remedy, hand over to the handling place."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.models import ClockRow, Document, Handover, ItemCase
from yiwang.apps.casework.tests import town as t
from yiwang.apps.notices.public import box
from yiwang.engines.process import IllegalMove
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

POINTS = [cw.Point("shop", "写全称"), cw.Point("plan", "盖章后重新上传")]


def away(town: t.Town) -> str:
    """Handed in here by a clerk, handled elsewhere; its case."""
    return t.case(t.submitted(town, t.Errand(items=("alpha",), by=town["clerk"], place=t.ELSEWHERE)))


def asked(town: t.Town) -> tuple[str, str]:
    """(application, case) for which a correction is asked."""
    made = t.submitted(town)
    cw.ask_correction(town["clerk"], t.case(made), POINTS)
    return made, t.case(made)


# -- 受理


def test_acceptance_starts_the_clock(town: t.Town, clock: time_machine.Traveller) -> None:
    made = t.submitted(town)
    cw.accept(town["clerk"], t.case(made))
    row = ItemCase.objects.get(public_id=t.case(made))
    assert (row.state, row.due_on, row.provisional) == ("accepted", dt.date(2026, 3, 9), False)
    assert ClockRow.objects.get(item_case=row).kind == "start"


def test_a_stale_page_is_told_who_was_first(town: t.Town) -> None:
    made = t.submitted(town)
    version = cw.case_view(town["clerk"], t.case(made)).version
    cw.accept(town["handler"], t.case(made), version=version)
    with pytest.raises(Conflict, match="handler刚刚已经办理（受理）"):
        cw.ask_correction(town["clerk"], t.case(made), POINTS, version=version)


def test_who_may_accept(town: t.Town) -> None:
    one = t.case(t.submitted(town))
    assert t.who_can(town, lambda actor: cw.accept(actor, one)) == {"clerk", "handler", "representative"}


# -- 收件地与办理地


def test_the_handling_place_decides_on_acceptance(town: t.Town) -> None:
    one = away(town)
    for decide in (
        lambda: cw.accept(town["clerk"], one),
        lambda: cw.refuse_acceptance(town["clerk"], one, reason="不归这里", basis="第三十二条"),
    ):
        with pytest.raises(Conflict, match="西平县决定是否受理"):
            decide()
    cw.hand_over(town["clerk"], one, to_place=t.ELSEWHERE, words="材料齐全")
    assert t.who_can(town, lambda actor: cw.accept(actor, one)) == {"clerk elsewhere", "handler elsewhere"}
    kept = Handover.objects.get()
    assert (kept.from_place, kept.to_place, kept.words) == (t.HERE, t.ELSEWHERE, "材料齐全")


def test_the_worklists_follow_the_case(town: t.Town) -> None:
    one = away(town)
    assert [r.id for r in cw.intake(town["clerk"]).rows] == [one]
    assert cw.worklist(town["handler elsewhere"]).rows == []
    cw.hand_over(town["clerk"], one, to_place=t.ELSEWHERE)
    assert cw.intake(town["clerk"]).rows == []
    assert [r.id for r in cw.intake(town["clerk elsewhere"]).rows] == [one]
    assert [r.id for r in cw.worklist(town["handler elsewhere"]).rows] == [one]


def test_the_receiving_counter_may_ask_and_still_follows(town: t.Town) -> None:
    one = away(town)
    actions = {a.id for a in cw.case_view(town["clerk"], one).actions}
    assert actions == {"ask_correction", "hand_over"}
    cw.hand_over(town["clerk"], one, to_place=t.ELSEWHERE)
    assert [a.id for a in cw.case_view(town["clerk"], one).actions] == []
    assert {a.id for a in cw.case_view(town["clerk elsewhere"], one).actions} == {
        "accept",
        "ask_correction",
        "refuse_acceptance",
    }


@pytest.mark.parametrize("place", ["henan", "nowhere", t.HERE])
def test_nothing_is_handed_to_where_nobody_handles_it(town: t.Town, place: str) -> None:
    with pytest.raises(Invalid, match="不能转到这个地方"):
        cw.hand_over(town["clerk"], away(town), to_place=place)


def test_an_item_of_one_county_is_not_handed_over(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(items=("gamma",)))
    with pytest.raises(Invalid, match="丙备案"):
        cw.hand_over(town["clerk"], t.case(made, "gamma"), to_place=t.ELSEWHERE)


def test_who_may_hand_over(town: t.Town) -> None:
    one = away(town)

    def hand_over(actor: Actor) -> None:
        cw.hand_over(actor, one, to_place=t.ELSEWHERE)

    assert t.who_can(town, hand_over) == {"clerk", "handler", "representative"}


# -- 一次性补正


def test_everything_is_asked_once_and_in_full(town: t.Town, clock: time_machine.Traveller) -> None:
    made, one = asked(town)
    seen = cw.application_view(town["owner"], made).items[0]
    assert [p["name"] for p in seen.corrections] == ["字号", "材料plan"]
    assert seen.correction_until == dt.date(2026, 4, 14)  # thirty working days, 清明 taken out
    cw.attach_file(town["owner"], made, "plan", name="b.pdf", content=t.pdf())
    cw.supply_correction(town["owner"], made)
    with pytest.raises(IllegalMove):
        cw.ask_correction(town["clerk"], one, POINTS)
    assert "2026年4月14日前" in box([town["owner"].id])[0].body


@pytest.mark.parametrize(
    "points",
    [
        [],
        [cw.Point("shop", " ")],
        [cw.Point("area", "另一个事项的")],
        [cw.Point("sketch", "这次不用交的图")],
        [cw.Point("nothing", "没有的东西")],
    ],
)
def test_only_what_this_case_asks_for_can_be_asked_again(town: t.Town, points: list[cw.Point]) -> None:
    one = t.case(t.submitted(town))
    with pytest.raises(Invalid):
        cw.ask_correction(town["clerk"], one, points)


def test_only_what_was_asked_may_change(town: t.Town) -> None:
    made, _ = asked(town)
    with pytest.raises(Conflict):
        cw.save_form(town["owner"], made, {"phone": "13900000000"})
    cw.save_form(town["owner"], made, {"shop": "小店全称"})
    with pytest.raises(Conflict):
        cw.save_answers(town["owner"], made, {"area": "60"})


def test_a_correction_is_complete_or_refused(town: t.Town) -> None:
    made, _ = asked(town)
    cw.save_form(town["owner"], made, {"shop": ""})
    with pytest.raises(cw.NotComplete) as refused:
        cw.supply_correction(town["owner"], made)
    assert [target for target, _ in refused.value.problems] == ["shop"]
    cw.save_form(town["owner"], made, {"shop": "小店全称"})
    assert cw.supply_correction(town["owner"], made) == 1
    assert t.state(made) == "supplied"


def test_what_came_with_a_correction_stays_too(town: t.Town) -> None:
    made, _ = asked(town)
    new = cw.attach_file(town["owner"], made, "plan", name="b.pdf", content=t.pdf())
    old = Document.objects.get(application__public_id=made, material="plan").files[0]
    with pytest.raises(Conflict):
        cw.detach_file(town["owner"], made, "plan", old)
    cw.detach_file(town["owner"], made, "plan", new)
    again = cw.attach_file(town["owner"], made, "plan", name="c.pdf", content=t.pdf())
    cw.supply_correction(town["owner"], made)
    with pytest.raises(Conflict):
        cw.detach_file(town["owner"], made, "plan", again)


def test_who_may_ask(town: t.Town) -> None:
    one = t.case(t.submitted(town))
    allowed = t.who_can(town, lambda actor: cw.ask_correction(actor, one, POINTS))
    assert allowed == {"clerk", "handler", "representative"}


def test_who_may_put_right(town: t.Town) -> None:
    made, _ = asked(town)
    assert t.who_can(town, lambda actor: cw.supply_correction(actor, made)) == {"owner", "clerk"}
    assert t.who_can(town, lambda a: cw.save_form(a, made, {"shop": "x"})) == {"owner", "clerk"}


# -- 不予受理


def test_a_refusal_has_reason_basis_and_remedy(town: t.Town) -> None:
    made = t.submitted(town)
    with pytest.raises(Invalid):
        cw.refuse_acceptance(town["clerk"], t.case(made), reason="不需要许可", basis=" ")
    cw.refuse_acceptance(town["clerk"], t.case(made), reason="不需要许可", basis="第三十二条第一款第（一）项")
    seen = cw.application_view(town["owner"], made).items[0]
    assert (seen.state, seen.open) == ("not_accepted", False)
    assert "不需要许可" in seen.reason
    assert "行政复议" in seen.remedy
    assert "行政复议" in box([town["owner"].id])[0].body
    assert t.stage(made) == "finished"


def test_what_waits_for_a_refused_item_ends_with_the_reason(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(items=("alpha", "beta")))
    cw.refuse_acceptance(town["clerk"], t.case(made), reason="不需要许可", basis="第三十二条")
    assert t.state(made, "beta") == "terminated"
    seen = {i.item: i for i in cw.application_view(town["owner"], made).items}
    assert seen["beta"].reason == "“甲证”没有办成"
    assert "“乙证”办不下去了" in [letter.title for letter in box([town["owner"].id])]


def test_who_may_refuse_acceptance(town: t.Town) -> None:
    one = t.case(t.submitted(town))

    def refuse(actor: Actor) -> None:
        cw.refuse_acceptance(actor, one, reason="不需要许可", basis="第三十二条")

    assert t.who_can(town, refuse) == {"clerk", "handler", "representative"}
