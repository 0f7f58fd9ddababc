# SPDX-License-Identifier: Apache-2.0
"""What other departments know fills the form and spares documents: by consent, for one application, for a
while; without consent nothing is asked and nothing changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction

from support.sharing import FakeExchange, consents, kept_values, plugged, stored_values
from yiwang.apps.casework import public as cw
from yiwang.apps.casework.models import Document
from yiwang.apps.casework.tests import shared as s
from yiwang.apps.casework.tests import town as t
from yiwang.apps.journal.public import entries_of
from yiwang.apps.lookups import plugs
from yiwang.apps.lookups import public as lookups
from yiwang.apps.lookups.public import Offer, State
from yiwang.apps.quality import public as quality
from yiwang.engines.exchange import Mask
from yiwang.engines.exchange.masking import mask
from yiwang.engines.planning import AnswerSource, Supply
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound, Unavailable

ERRAND = t.Errand(items=("delta", "epsilon"))


@pytest.fixture
def exchange(town: t.Town) -> Iterator[FakeExchange]:
    """The exchange, asked one after another in this thread."""
    t.publish(s.shared_catalogue())
    with plugged(FakeExchange(s.theirs, orgs=frozenset({"health", "taxation", "hrss"}))) as made:
        yield made


def begun(town: t.Town, errand: t.Errand = ERRAND) -> str:
    """A draft of which nothing is filled in."""
    actor = errand.by or town["owner"]
    agent = actor.id if actor.kind == "person" else town["owner"].id
    new = cw.NewDraft(
        "small-errand", errand.subject or agent, agent, errand.place, t.SMALL_AREA, errand.items
    )
    made = cw.start_draft(actor, new)
    cw.save_delivery(actor, made, method="electronic")
    return made


def offers(actor: Actor, draft: str) -> list[Offer]:
    """What this person may agree to now."""
    view = cw.draft_view(actor, draft)
    now = dt.datetime.now(dt.UTC)
    person = cw.person_of(actor, view.agent.public_id)
    return lookups.offers(view.release.catalogue, view.still_open, view.asking(person, now))


def agree(actor: Actor, draft: str) -> int:
    """Agree to everything that is offered."""
    return cw.consent_to_sharing(actor, draft, [one.digest for one in offers(actor, draft)])


def source(actor: Actor, draft: str, element: str = "site") -> AnswerSource:
    """Where the value of an element of a draft comes from."""
    fields = cw.draft_view(actor, draft).plan.form.fields
    return next(one.source for one in fields if one.element == element)


def states(draft: str) -> list[State]:
    """How what was agreed to stands."""
    return [one.state for one in lookups.consented(draft, now=dt.datetime.now(dt.UTC))]


def test_nothing_is_asked_and_nothing_changes_without_consent(town: t.Town, exchange: FakeExchange) -> None:
    draft = begun(town)
    before = cw.draft_view(town["owner"], draft)
    assert [one.resource for one in offers(town["owner"], draft)] == ["people"]
    assert cw.draft_view(town["owner"], draft).plan == before.plan
    assert exchange.asked == []
    assert lookups.NAME not in str(entries_of(f"case:{draft}"))
    t.give_documents(town["owner"], draft)
    cw.save_form(town["owner"], draft, t.FORM)
    assert cw.submit(town["owner"], draft, key="none").number
    assert exchange.asked == []


def test_by_consent_the_form_fills_itself_and_the_document_falls_away(
    town: t.Town, exchange: FakeExchange
) -> None:
    owner, draft = town["owner"], begun(town)
    (offer,) = offers(owner, draft)
    assert (offer.fields, offer.materials) == (("number", "home"), ("proof",))
    asked_before = cw.draft_view(owner, draft).plan
    assert agree(owner, draft) == 1
    after = cw.draft_view(owner, draft)
    assert source(owner, draft) is AnswerSource.SHARED_DATA
    assert after.plan.form.savings.given < asked_before.form.savings.given
    assert after.plan.materials.savings.given <= asked_before.materials.savings.given
    ways = {one.material: one.resolution for one in after.plan.materials.lines}
    assert ways["proof"] is Supply.SHARED_DATA
    assert states(draft) == [State.FOUND]
    assert offers(owner, draft) == []
    (request,) = exchange.asked
    assert request.fields == ("number", "home")
    assert (request.subject, request.case, request.purpose) == (owner.id, draft, "办理“小小一件事”")
    t.give_documents(owner, draft)
    cw.submit(owner, draft, key="with")
    row = Document.objects.get(application__public_id=draft, material="proof")
    (kept,) = lookups.consented(draft, now=dt.datetime.now(dt.UTC))
    assert (row.resolution, row.evidence) == ("shared_data", kept.lookup)
    assert kept.receipt == "receipt-1"
    assert cw.application_view(owner, draft).form["site"] == "自家路9号"


def test_officers_see_the_source_of_each_value_and_document(town: t.Town, exchange: FakeExchange) -> None:
    owner, draft = town["owner"], begun(town)
    agree(owner, draft)
    t.give_documents(owner, draft)
    cw.submit(owner, draft, key="with")
    seen = cw.case_view(t.both("delta"), t.case(draft, "delta"))
    (site,) = [one for one in seen.fields if one.element == "site"]
    assert "人口信息" in site.source
    (proof,) = [one for one in seen.documents if one.material == "proof"]
    assert proof.shared is not None
    assert (proof.shared.receipt, proof.shared.resource) == ("receipt-1", "people")
    assert proof.shared.given_by == owner.id
    assert (site.mark, proof.mark) == ("", "")
    quality.object_to(owner, quality.NewObjection("people", "home", "新路1号", "搬家了", subject=owner.id))
    marked = cw.case_view(t.both("delta"), t.case(draft, "delta"))
    assert {one.element: one.mark for one in marked.fields if one.mark} == {"site": "有异议，核查中"}
    assert {one.material: one.mark for one in marked.documents if one.mark} == {"proof": "有异议，核查中"}


def test_values_are_locked_at_rest_and_gone_when_the_application_ends(
    town: t.Town, exchange: FakeExchange
) -> None:
    owner, draft = town["owner"], begun(town)
    agree(owner, draft)
    assert kept_values() == [{"site": "自家路9号"}]
    assert "自家" not in str(stored_values())
    t.give_documents(owner, draft)
    cw.submit(owner, draft, key="with")
    for item in ("delta", "epsilon"):
        cw.refuse_acceptance(t.both(item), t.case(draft, item), reason="不属于本机关", basis="第一条")
    assert t.stage(draft) == "finished"
    assert stored_values() == [None]
    assert lookups.consented(draft, now=dt.datetime.now(dt.UTC))[0].receipt == "receipt-1"


def test_a_dropped_draft_keeps_nothing(town: t.Town, exchange: FakeExchange) -> None:
    draft = begun(town)
    agree(town["owner"], draft)
    cw.drop_draft(town["owner"], draft)
    assert stored_values() == [None]


def test_whoever_withdraws_fills_in_themselves(town: t.Town, exchange: FakeExchange) -> None:
    owner, draft = town["owner"], begun(town)
    agree(owner, draft)
    (one,) = lookups.consented(draft, now=dt.datetime.now(dt.UTC))
    cw.withdraw_sharing(owner, draft, one.id)
    cw.withdraw_sharing(owner, draft, one.id)
    assert source(owner, draft) is AnswerSource.APPLICANT
    assert stored_values() == [None]
    assert states(draft) == [State.WITHDRAWN]
    with pytest.raises(Conflict):
        cw.ask_sharing_again(owner, draft, one.id)
    assert len(offers(owner, draft)) == 1  # and may agree again
    assert agree(owner, draft) == 1
    assert source(owner, draft) is AnswerSource.SHARED_DATA


def test_an_answer_that_comes_after_the_withdrawal_is_thrown_away(
    town: t.Town, exchange: FakeExchange
) -> None:
    owner, draft = town["owner"], begun(town)

    def withdrawing(request: lookups.Request) -> list[dict[str, object]]:
        cw.withdraw_sharing(owner, draft, request.consent)
        return s.theirs(request)

    exchange.answer = withdrawing
    agree(owner, draft)
    assert stored_values() == [None]
    assert source(owner, draft) is AnswerSource.APPLICANT


@pytest.mark.parametrize("error", [Unavailable("坏了"), TimeoutError("慢"), KeyError("怪")])
def test_a_dead_provider_costs_its_line_only(town: t.Town, exchange: FakeExchange, error: Exception) -> None:
    def dead(request: lookups.Request) -> list[dict[str, object]]:
        raise error

    exchange.answer = dead
    owner, draft = town["owner"], begun(town)
    assert agree(owner, draft) == 1
    (one,) = lookups.consented(draft, now=dt.datetime.now(dt.UTC))
    assert (one.state, one.words) == (State.UNAVAILABLE, "暂时查不到，请自己填")
    assert source(owner, draft) is AnswerSource.APPLICANT
    exchange.answer = s.theirs
    assert cw.ask_sharing_again(owner, draft, one.id) == 1
    assert cw.ask_sharing_again(owner, draft, one.id) == 0  # it is there already
    assert source(owner, draft) is AnswerSource.SHARED_DATA


def test_what_is_under_way_is_not_asked_twice_and_ends_by_itself(
    town: t.Town, exchange: FakeExchange, clock: time_machine.Traveller
) -> None:
    def nobody(jobs: plugs.Jobs, patience: float) -> None:
        """Killed before it began to ask."""

    lookups.use_exchange(exchange, runner=nobody)
    owner, draft = town["owner"], begun(town)
    agree(owner, draft)
    (one,) = lookups.consented(draft, now=dt.datetime.now(dt.UTC))
    assert one.state is State.ASKING
    assert cw.ask_sharing_again(owner, draft, one.id) == 0
    clock.shift(dt.timedelta(minutes=1))
    assert states(draft) == [State.UNAVAILABLE]
    lookups.use_exchange(exchange, runner=lookups.one_by_one)
    assert cw.ask_sharing_again(owner, draft, one.id) == 1
    assert states(draft) == [State.FOUND]


@pytest.mark.parametrize(
    "rows",
    [
        [{"number": "411702198503040119", "home": "别人家"}],
        [{"home": "没有说是谁"}],
        [{"number": None, "home": "没有说是谁"}],
    ],
)
def test_a_row_about_somebody_else_never_counts(
    town: t.Town, exchange: FakeExchange, rows: list[dict[str, object]]
) -> None:
    exchange.answer = lambda request: [*s.theirs(request), *rows]
    owner, draft = town["owner"], begun(town)
    agree(owner, draft)
    assert source(owner, draft) is AnswerSource.APPLICANT
    assert stored_values() == [None]
    assert states(draft) == [State.UNAVAILABLE]


def test_a_number_masked_by_the_gateway_is_known_again(town: t.Town, exchange: FakeExchange) -> None:
    owner, draft = town["owner"], begun(town)

    def masked(request: lookups.Request) -> list[dict[str, object]]:
        (row,) = s.theirs(request)
        number = str(row["number"])
        return [row | {"number": mask(number, Mask.ID_NUMBER)}]

    exchange.answer = masked
    agree(owner, draft)
    assert source(owner, draft) is AnswerSource.SHARED_DATA


def test_several_records_or_none_answer_nothing(town: t.Town, exchange: FakeExchange) -> None:
    owner, draft = town["owner"], begun(town)
    exchange.answer = lambda request: [*s.theirs(request), *s.theirs(request, home="另一处")]
    agree(owner, draft)
    (one,) = lookups.consented(draft, now=dt.datetime.now(dt.UTC))
    assert (one.state, "不止一条" in one.words) == (State.NOT_FOUND, True)
    exchange.answer = lambda request: []
    cw.ask_sharing_again(owner, draft, one.id)
    assert "没有查到" in lookups.consented(draft, now=dt.datetime.now(dt.UTC))[0].words
    assert source(owner, draft) is AnswerSource.APPLICANT


def test_an_expired_answer_counts_no_longer_and_is_deleted(
    town: t.Town, exchange: FakeExchange, clock: time_machine.Traveller
) -> None:
    owner, draft = town["owner"], begun(town)
    agree(owner, draft)
    clock.shift(dt.timedelta(hours=71))
    assert source(owner, draft) is AnswerSource.SHARED_DATA
    assert lookups.forget_expired(dt.datetime.now(dt.UTC)) == 0
    clock.shift(dt.timedelta(hours=2))
    assert source(owner, draft) is AnswerSource.APPLICANT
    assert states(draft) == [State.EXPIRED]
    with pytest.raises(cw.NotComplete):
        cw.submit(owner, draft, key="late")
    assert lookups.forget_expired(dt.datetime.now(dt.UTC)) == 1
    assert stored_values() == [None]
    (one,) = lookups.consented(draft, now=dt.datetime.now(dt.UTC))
    assert cw.ask_sharing_again(owner, draft, one.id) == 1
    assert source(owner, draft) is AnswerSource.SHARED_DATA


def test_a_stale_page_agrees_to_nothing_it_did_not_show(town: t.Town, exchange: FakeExchange) -> None:
    owner, draft = town["owner"], begun(town)
    (shown,) = offers(owner, draft)
    cw.save_form(owner, draft, {"site": "雪松路1号"})
    assert shown.digest not in {one.digest for one in offers(owner, draft)}
    with pytest.raises(Conflict, match="刚有变化"):
        cw.consent_to_sharing(owner, draft, [shown.digest])
    assert exchange.asked == []
    assert consents() == []


def test_pressing_twice_asks_once(town: t.Town, exchange: FakeExchange) -> None:
    owner, draft = town["owner"], begun(town)
    chosen = [one.digest for one in offers(owner, draft)]
    assert cw.consent_to_sharing(owner, draft, chosen) == 1
    assert cw.consent_to_sharing(owner, draft, chosen) == 0
    assert len(exchange.asked) == 1


def test_nobody_agrees_for_somebody_elses_application(town: t.Town, exchange: FakeExchange) -> None:
    draft = begun(town)
    digests = [one.digest for one in offers(town["owner"], draft)]
    for persona in ("stranger", "handler", "auditor", "visitor"):
        with pytest.raises((NotFound, NotAllowed)):
            cw.consent_to_sharing(town[persona], draft, digests)
    with pytest.raises(NotFound):
        cw.withdraw_sharing(town["stranger"], draft, "sc_1")
    assert exchange.asked == []


def test_a_clerk_writes_down_what_the_person_in_front_says(town: t.Town, exchange: FakeExchange) -> None:
    draft = begun(town)
    assert agree(town["clerk"], draft) == 1
    (row,) = consents()
    assert (row.given_by, row.recorded_by) == (town["owner"].id, town["clerk"].id)
    assert source(town["owner"], draft) is AnswerSource.SHARED_DATA


def test_one_agent_does_not_agree_for_another(town: t.Town, exchange: FakeExchange) -> None:
    """Whoever acts for the firm agrees about the firm, and about themselves alone."""
    draft = begun(town, t.Errand(by=town["agent"], subject=town.firm, items=("alpha",)))
    for persona in ("agent", "chief"):
        assert {one.subject for one in offers(town[persona], draft)} == {town.firm}
    (offer,) = offers(town["agent"], draft)
    with pytest.raises(NotAllowed):
        lookups.agree(
            town["stranger"], draft, [offer], given_by=town["stranger"].id, now=dt.datetime.now(dt.UTC)
        )


def test_a_grant_that_is_too_small_offers_nothing(town: t.Town, exchange: FakeExchange) -> None:
    owner, draft = town["owner"], begun(town)
    exchange.plain = frozenset()  # masked values fill no form; the document still falls away
    (offer,) = offers(owner, draft)
    assert (offer.elements, offer.materials) == ((), ("proof",))
    exchange.fields = frozenset({"home"})  # nobody could tell whom a row is about
    assert offers(owner, draft) == []
    exchange.fields, exchange.orgs = None, frozenset({"education"})
    assert offers(owner, draft) == []


def test_what_is_wrong_can_be_typed_anew_where_the_rules_allow(town: t.Town, exchange: FakeExchange) -> None:
    owner, draft = town["owner"], begun(town)
    agree(owner, draft)
    cw.correct_known(owner, draft, "site")
    cw.save_form(owner, draft, {"site": "真的地址1号"})
    assert source(owner, draft) is AnswerSource.APPLICANT
    cw.hand_in_myself(owner, draft, "proof")
    ways = {one.material: one.resolution for one in cw.draft_view(owner, draft).plan.materials.lines}
    assert ways["proof"] is not Supply.SHARED_DATA


def test_everything_asked_is_in_the_journal_without_values(town: t.Town, exchange: FakeExchange) -> None:
    owner, draft = town["owner"], begun(town)
    agree(owner, draft)
    cw.draft_view(owner, draft)
    rows = entries_of(f"case:{draft}")
    actions = [row["action"] for row in rows]
    assert actions.count("shared_data.consented") == actions.count("shared_data.answered") == 1
    assert lookups.NAME in str(rows)
    assert "自家路" not in str(rows)


def test_nobody_waits_for_a_partner_inside_a_transaction(town: t.Town, exchange: FakeExchange) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        lookups.carry_out([])
