# SPDX-License-Identifier: Apache-2.0
"""Deciding: grant with results that flow on, refuse with reason and remedy, send back, terminate."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.models import Application, Decision, Document, ItemCase
from yiwang.apps.casework.tests import town as t
from yiwang.apps.licences.public import Standing, change_standing, licence, licences
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import Actor, system
from yiwang.kernel.errors import Conflict, Invalid

DECIDERS = {"approver", "representative"}
CHAIN = t.Errand(items=("alpha", "beta"))


def proposed(town: t.Town, errand: t.Errand | None = None) -> tuple[str, str]:
    """(application, case of alpha) that waits for its decision."""
    made = t.submitted(town, errand)
    return made, t.bring(made, to="awaiting_decision")


def test_a_result_says_what_the_form_and_the_officer_say(town: t.Town) -> None:
    made, one = proposed(town)
    (issued,) = cw.grant(town["approver"], one, opinion="同意", states={"alpha-code": "甲0001"})
    result = licence(issued)
    assert result.fields == {"alpha-code": "甲0001", "shop": "小店"}
    assert (result.holder, result.case) == (town["owner"].id, one)
    assert Application.objects.get(public_id=made).form["alpha-code"] == "甲0001"


def test_results_flow_on_to_the_items_that_waited(town: t.Town) -> None:
    made, one = proposed(town, CHAIN)
    assert t.state(made, "beta") == "waiting_earlier"
    (issued,) = cw.grant(town["approver"], one, opinion="同意", states={"alpha-code": "甲0001"})
    assert t.state(made, "beta") == "submitted"
    assert Document.objects.get(application__public_id=made, material="alpha-licence").evidence == issued
    shown = cw.case_view(town["handler"], t.case(made, "beta")).documents[0]
    assert shown.licence is not None
    assert shown.licence.public_id == issued


def test_the_applicant_sees_a_result_before_it_is_delivered(town: t.Town) -> None:
    made, one = proposed(town, t.Errand(items=("alpha", "beta"), delivery="counter"))
    (issued,) = cw.grant(town["approver"], one, opinion="同意", states={"alpha-code": "甲0001"})
    seen = {i.item: i for i in cw.application_view(town["owner"], made).items}
    assert [r.public_id for r in seen["alpha"].results] == [issued]
    assert (seen["alpha"].state, seen["alpha"].granted) == ("result_made", True)
    assert cw.application_view(town["owner"], made).delivered_at is None


def test_the_day_of_delivery_follows_from_the_decision(town: t.Town, clock: time_machine.Traveller) -> None:
    made, one = proposed(town, t.Errand(items=("alpha", "beta"), delivery="counter"))
    cw.grant(town["approver"], one, opinion="同意", states={"alpha-code": "甲0001"})
    assert ItemCase.objects.get(public_id=one).deliver_by == dt.date(2026, 3, 16)
    assert cw.application_view(town["owner"], made).row.deliver_by == dt.date(2026, 3, 16)


@pytest.mark.parametrize("to", [Standing.REVOKED, Standing.SUSPENDED])
def test_evidence_that_fell_bars_the_grant(town: t.Town, to: Standing) -> None:
    made, one = proposed(town, CHAIN)
    (issued,) = cw.grant(town["approver"], one, opinion="同意", states={"alpha-code": "甲0001"})
    second = t.bring(made, "beta", to="awaiting_decision")
    change_standing(system("核发机关"), issued, to, reason="发现不符")
    with pytest.raises(Conflict, match="已经失效"):
        cw.grant(town["approver"], second, opinion="同意")
    cw.refuse(town["approver"], second, reason="甲证已失效", basis="第三十四条")
    assert t.state(made, "beta") == "archived"


def test_missing_evidence_bars_the_grant(town: t.Town) -> None:
    made, one = proposed(town, CHAIN)
    cw.grant(town["approver"], one, opinion="同意", states={"alpha-code": "甲0001"})
    second = t.bring(made, "beta", to="awaiting_decision")
    Document.objects.filter(material="alpha-licence").update(evidence="")
    with pytest.raises(Conflict, match="缺少"):
        cw.grant(town["approver"], second, opinion="同意")


def test_a_decision_is_made_once(town: t.Town) -> None:
    made, one = proposed(town)
    version = cw.case_view(town["approver"], one).version
    cw.grant(town["approver"], one, opinion="同意", states={"alpha-code": "甲0001"}, version=version)
    with pytest.raises(Conflict):
        cw.refuse(town["representative"], one, reason="不行", basis="第一条", version=version)
    assert Decision.objects.filter(item_case__application__public_id=made).count() == 1
    assert len(licences(Decision.objects.get().results)) == 1


def test_an_append_only_decision_cannot_be_changed(town: t.Town) -> None:
    _, one = proposed(town)
    cw.grant(town["approver"], one, opinion="同意", states={"alpha-code": "甲0001"})
    decision = Decision.objects.get(item_case__public_id=one)
    decision.granted = False
    with pytest.raises(TypeError):
        decision.save()


# -- 不予、退回、终止


def test_a_refusal_has_reason_basis_and_remedy_and_ends_what_waits(town: t.Town) -> None:
    made, one = proposed(town, CHAIN)
    for reason, basis in (("", "第一条"), ("不符合", " ")):
        with pytest.raises(Invalid):
            cw.refuse(town["approver"], one, reason=reason, basis=basis)
    cw.refuse(town["approver"], one, reason="不符合条件", basis="第三十八条")
    seen = {i.item: i for i in cw.application_view(town["owner"], made).items}
    assert seen["alpha"].granted is False
    assert "不符合条件" in seen["alpha"].reason
    assert "行政复议" in seen["alpha"].remedy
    assert seen["beta"].state == "terminated"
    assert t.stage(made) == "finished"


def test_sent_back_with_a_reason(town: t.Town) -> None:
    _, one = proposed(town)
    with pytest.raises(Invalid):
        cw.send_back(town["approver"], one, reason=" ")
    cw.send_back(town["approver"], one, reason="再核一次面积")
    assert ItemCase.objects.get(public_id=one).state == "technical_review"


def test_a_termination_tells_the_remedy(town: t.Town) -> None:
    made, one = proposed(town)
    with pytest.raises(Invalid):
        cw.terminate(town["approver"], one, reason="标的灭失", basis="")
    cw.terminate(town["approver"], one, reason="标的灭失", basis="第七十条")
    seen = cw.application_view(town["owner"], made).items[0]
    assert (seen.state, seen.open) == ("terminated", False)
    assert "标的灭失" in seen.reason
    assert "行政复议" in seen.remedy
    assert "行政复议" in box([town["owner"].id])[0].body


@pytest.mark.parametrize(
    "command",
    [
        lambda a, c: cw.grant(a, c, opinion="同意", states={"alpha-code": "甲0001"}),
        lambda a, c: cw.refuse(a, c, reason="不符合", basis="第一条"),
        lambda a, c: cw.send_back(a, c, reason="再看看"),
        lambda a, c: cw.terminate(a, c, reason="标的灭失", basis="第七十条"),
    ],
)
def test_who_may_decide(town: t.Town, command: t.Callable[[Actor, str], object]) -> None:
    _, one = proposed(town)
    assert t.who_can(town, lambda actor: command(actor, one)) == DECIDERS
