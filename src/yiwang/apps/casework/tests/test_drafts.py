# SPDX-License-Identifier: Apache-2.0
"""Drafts: whoever begins one, the applicant goes on with it; nothing typed is lost."""

from __future__ import annotations

import pytest

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.models import Application, Document
from yiwang.apps.casework.tests import town as t
from yiwang.apps.casework.tests.small import EVENT
from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import entries_of
from yiwang.apps.materials.public import describe
from yiwang.engines.planning import BadAnswers
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

from .small import small_catalogue


def test_what_a_clerk_began_the_applicant_goes_on_with(town: t.Town) -> None:
    made = t.draft(town, t.Errand(by=town["clerk"]))
    cw.save_form(town["owner"], made, {"shop": "大店"})
    assert cw.draft_view(town["clerk"], made).typed["shop"] == "大店"
    assert Application.objects.get(public_id=made).channel == "counter"


def test_a_representative_can_go_on_with_the_draft_they_began(town: t.Town) -> None:
    made = t.draft(town, t.Errand(by=town["representative"]))
    cw.save_form(town["representative"], made, {"shop": "大店"})


def test_a_clerk_without_a_fixed_place_receives_where_it_is_handled(town: t.Town) -> None:
    roaming = t.officer("roaming", t.Post(t.Role.COUNTER, "", ""))
    made = t.draft(town, t.Errand(by=roaming, place=t.ELSEWHERE))
    row = Application.objects.get(public_id=made)
    assert (row.receiving_place, row.handling_place) == (t.ELSEWHERE, t.ELSEWHERE)


@pytest.mark.parametrize("place", ["henan", "nowhere"])
def test_only_a_place_with_a_service_centre_handles(town: t.Town, place: str) -> None:
    with pytest.raises(Invalid, match="没有这个办理地"):
        t.draft(town, t.Errand(place=place))


def test_what_is_typed_wrong_is_kept_and_complained_about(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    cw.save_form(town["owner"], made, {"seats": "很多"})
    view = cw.draft_view(town["owner"], made)
    assert view.typed["seats"] == "很多"
    assert "应当是数字" in view.problems["seats"]


def test_answers_that_cannot_be_read_are_refused_and_the_old_ones_stay(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    with pytest.raises(BadAnswers):
        cw.save_answers(town["owner"], made, {"area": "很大"})
    assert cw.draft_view(town["owner"], made).answers == {"area": "50"}


def test_an_empty_value_clears_and_what_is_not_named_stays(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    cw.save_form(town["owner"], made, {"shop": ""})
    typed = cw.draft_view(town["owner"], made).typed
    assert "shop" not in typed
    assert typed["phone"] == t.FORM["phone"]


def test_two_pages_of_one_draft_lose_nothing_unseen(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    version = cw.draft_view(town["owner"], made).version
    first = cw.save_form(town["owner"], made, {"shop": "甲店"}, version=version)
    second = cw.save_form(town["owner"], made, {"shop": "乙店", "site": "新路2号"}, version=version)
    assert first.overwritten == {}
    assert second.overwritten == {"shop": "甲店", "site": "雪松路1号"}
    assert cw.draft_view(town["owner"], made).typed["shop"] == "乙店"
    assert cw.save_form(town["owner"], made, {"shop": "丙店"}, version=second.version).overwritten == {}


def test_two_pages_of_answers_too(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    version = cw.draft_view(town["owner"], made).version
    cw.save_answers(town["owner"], made, {"area": "60"}, version=version)
    saved = cw.save_answers(town["owner"], made, {"area": "70"}, version=version)
    assert saved.overwritten == {"area": "60"}


def test_a_field_of_another_house_is_refused(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    with pytest.raises(Invalid, match="表单之外"):
        cw.save_form(town["owner"], made, {"salary": "1"})


def test_delivery_by_courier_needs_an_address(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    with pytest.raises(Invalid, match="地址"):
        cw.save_delivery(town["owner"], made, method="courier", address=" ")
    with pytest.raises(Invalid, match="领取方式"):
        cw.save_delivery(town["owner"], made, method="pigeon")


def test_a_draft_thrown_away_keeps_nothing_of_its_owner(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    file = cw.attach_file(town["owner"], made, "plan", name="a.pdf", content=t.pdf())
    cw.drop_draft(town["owner"], made)
    row = Application.objects.get(public_id=made)
    assert (row.form, row.answers, row.delivery_address) == ({}, {}, "")
    assert not Document.objects.filter(application=row).exists()
    assert describe([file]) == []
    with pytest.raises(Conflict):
        cw.submit(town["owner"], made, key="k" * 10)
    assert made not in [one.id for one in cw.applications_of(town["owner"])]


def test_a_draft_follows_the_catalogue_until_it_is_submitted(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    before = current().digest
    t.publish(small_catalogue("新版本"))
    assert cw.draft_view(town["owner"], made).release.digest == current().digest != before
    t.give_documents(town["owner"], made)
    cw.submit(town["owner"], made, key="follows-the-catalogue")
    assert Application.objects.get(public_id=made).release == current().digest


def test_the_journal_holds_no_personal_data(town: t.Town) -> None:
    made = t.submitted(town)
    t.bring(made)
    told = str([entry["detail"] for entry in entries_of(f"case:{made}")])
    for value in (*t.FORM.values(), "李owner"):
        assert value not in told


# -- who may


def test_who_may_begin_for_the_owner(town: t.Town) -> None:
    owner = town["owner"].id

    def begin(actor: Actor) -> None:
        cw.start_draft(actor, cw.NewDraft(EVENT, owner, owner, t.HERE))

    assert t.who_can(town, begin) == {"owner", "clerk", "clerk elsewhere", "representative"}


def test_who_may_begin_for_the_firm(town: t.Town) -> None:
    def begin(actor: Actor) -> None:
        cw.start_draft(actor, cw.NewDraft(EVENT, town.firm, actor.id, t.HERE))

    assert t.who_can(town, begin, among=("owner", "chief", "agent", "former agent")) == {"chief", "agent"}


def test_a_clerk_begins_only_for_somebody_who_may_act_for_the_firm(town: t.Town) -> None:
    def begin(persona: str) -> set[str]:
        new = cw.NewDraft(EVENT, town.firm, town[persona].id, t.HERE)
        return t.who_can(town, lambda actor: cw.start_draft(actor, new), among=("clerk",))

    assert begin("agent") == {"clerk"}
    assert begin("former agent") == set()


@pytest.mark.parametrize(
    "command",
    [
        lambda a, d: cw.save_form(a, d, {"shop": "x"}),
        lambda a, d: cw.save_answers(a, d, {"area": "1"}),
        lambda a, d: cw.save_delivery(a, d, method="electronic"),
        lambda a, d: cw.attach_file(a, d, "plan", name="a.pdf", content=t.pdf()),
        lambda a, d: cw.promise_later(a, d, "late-paper"),
        lambda a, d: cw.drop_draft(a, d),
        lambda a, d: cw.draft_view(a, d),
    ],
)
def test_who_may_touch_a_draft(town: t.Town, command: t.Callable[[Actor, str], object]) -> None:
    made = t.draft(town, t.Errand(items=("alpha", "delta")))
    assert t.who_can(town, lambda actor: command(actor, made)) == {"owner", "clerk"}


def test_who_may_touch_a_draft_of_the_firm(town: t.Town) -> None:
    made = t.draft(town, t.Errand(by=town["agent"], subject=town.firm))
    assert t.who_can(town, lambda actor: cw.draft_view(actor, made)) == {"chief", "agent", "clerk"}
