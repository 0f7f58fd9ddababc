# SPDX-License-Identifier: Apache-2.0
"""Authorising a clerk: exactly these licences, for this counter, once or for one case, and revocable."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from yiwang.apps.identity.public import revoke_mandate
from yiwang.apps.journal.public import entries_of
from yiwang.apps.licences.public import Standing
from yiwang.apps.notices.public import box
from yiwang.apps.presentment import public as present
from yiwang.apps.presentment.models import Authorisation, Use
from yiwang.apps.presentment.public import NewAuthorisation
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .shop import NUMBER, Shop, given, stand

pytestmark = pytest.mark.django_db


def why(subject: str) -> str:
    """Why the last refusal on record was one."""
    entry = entries_of(f"uses:{subject}")[-1]
    assert entry["action"] == "present.refused"
    return str(entry["detail"]["why"])


def test_the_clerk_sees_exactly_these_licences(shop: Shop) -> None:
    _, code = given(shop)
    used = present.use_by_code(shop["counter"], f" {code[:4]}-{code[4:]} ", subjects=[shop["owner"].id])
    view = present.use(shop["counter"], used)
    assert [one.licence for one in view.seen] == [shop.card]
    assert {line.label: line.value for line in view.seen[0].lines}["公民身份号码"] == NUMBER
    assert not view.by_scan


def test_the_file_is_given_where_the_purpose_shows_everything(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = "yiwang.apps.presentment.commands.fetching.file_of"
    monkeypatch.setattr(files, lambda licence, form: f"{licence} as {form}".encode())
    clerk, owner = shop["counter"], shop["owner"].id
    used = present.use_by_code(clerk, given(shop)[1], subjects=[owner])
    assert present.fetch_file(clerk, used, shop.card, "pdf") == (
        "照900001.pdf",
        f"{shop.card} as pdf".encode(),
    )
    entry = entries_of(f"uses:{owner}")[-1]
    assert (entry["action"], entry["about"], entry["detail"]["form"]) == (
        "authorisation.file.look",
        shop.card,
        "pdf",
    )
    check = NewAuthorisation([shop.card], "counter-check", "yicheng")
    narrow = present.use_by_code(clerk, present.authorise(shop["owner"], check).code, subjects=[owner])
    for actor, tried, licence in (
        (clerk, narrow, shop.card),
        (clerk, used, shop.trade),
        (shop["counter elsewhere"], used, shop.card),
    ):
        with pytest.raises(NotFound):
            present.fetch_file(actor, tried, licence, "pdf")
    stand(shop.card, Standing.SUSPENDED)
    with pytest.raises(NotFound):
        present.fetch_file(clerk, used, shop.card, "pdf")


def test_there_is_no_file_before_the_seal(shop: Shop) -> None:
    clerk = shop["counter"]
    used = present.use_by_code(clerk, given(shop)[1], subjects=[shop["owner"].id])
    with pytest.raises(NotFound, match="还没有签章"):
        present.fetch_file(clerk, used, shop.card, "pdf")


def test_a_use_is_on_record_and_told_to_the_holder(shop: Shop) -> None:
    public_id, code = given(shop)
    present.use_by_code(shop["counter"], code, subjects=[shop["owner"].id])
    entry = entries_of(f"uses:{shop['owner'].id}")[-1]
    assert (entry["action"], entry["about"]) == ("authorisation.look", shop.card)
    assert entry["purpose"] == "授权窗口调用证照办事"
    assert "第十一条" in entry["basis"]
    assert entry["detail"] == {"authorisation": public_id, "application": ""}
    letter = box([shop["owner"].id])[0]
    assert letter.title == "您授权的证照刚刚被窗口调用"
    assert NUMBER not in letter.body


def test_an_authorisation_is_used_once(shop: Shop) -> None:
    _, code = given(shop)
    present.use_by_code(shop["counter"], code, subjects=[shop["owner"].id])
    with pytest.raises(Conflict, match="只能用一次"):
        present.use_by_code(shop["counter"], code, subjects=[shop["owner"].id])
    assert why(shop["owner"].id) == "used"
    assert Use.objects.count() == 1


def test_one_for_a_case_is_used_again_by_the_same_clerk_only(shop: Shop) -> None:
    public_id, code = given(shop, application=shop.application)
    present.use_by_code(shop["counter"], code, subjects=[shop["owner"].id])
    assert present.use(shop["counter"], present.use_as_named(shop["counter"], public_id)).application
    assert [one.public_id for one in present.addressed_to(shop["counter"])] == [public_id]
    with pytest.raises(NotAllowed, match="另一位工作人员"):
        present.use_by_code(shop["counter elsewhere"], code, subjects=[shop["owner"].id])
    assert why(shop["owner"].id) == "taken"
    with pytest.raises(NotFound):
        present.use_as_named(shop["counter elsewhere"], public_id)


def test_one_for_a_case_is_no_use_to_who_does_not_handle_it(shop: Shop) -> None:
    nowhere, code = given(shop, application="a_that_nobody_knows")
    with pytest.raises(Conflict, match="不在您这里办"):
        present.use_by_code(shop["counter"], code, subjects=[shop["owner"].id])
    assert why(shop["owner"].id) == "case"
    assert present.authorisation(shop["owner"], nowhere).used_at is None


def test_an_expired_one_is_refused(shop: Shop) -> None:
    _, code = given(shop)
    hours = shop.city.catalogue.settings["authorisation-once-hours"].value
    assert isinstance(hours, int)
    over = timezone.now() + dt.timedelta(hours=hours)
    with time_machine.travel(over, tick=False), pytest.raises(Conflict, match="过期"):
        present.use_by_code(shop["counter"], code, subjects=[shop["owner"].id])
    assert why(shop["owner"].id) == "expired"


def test_a_revoked_one_is_refused(shop: Shop) -> None:
    public_id, code = given(shop)
    present.revoke_authorisation(shop["owner"], public_id)
    with pytest.raises(Conflict, match="撤回"):
        present.use_by_code(shop["counter"], code, subjects=[shop["owner"].id])
    assert why(shop["owner"].id) == "revoked"
    with pytest.raises(Conflict, match="已经撤回"):
        present.revoke_authorisation(shop["owner"], public_id)


def test_a_used_one_cannot_be_taken_back_but_one_for_a_case_can(shop: Shop) -> None:
    once, code = given(shop)
    present.use_by_code(shop["counter"], code, subjects=[shop["owner"].id])
    with pytest.raises(Conflict, match="已经用过"):
        present.revoke_authorisation(shop["owner"], once)
    lasting, code = given(shop, application=shop.application)
    present.use_by_code(shop["counter"], code, subjects=[shop["owner"].id])
    present.revoke_authorisation(shop["owner"], lasting)
    with pytest.raises(Conflict, match="撤回"):
        present.use_as_named(shop["counter"], lasting)


@pytest.mark.parametrize("persona", ["counter elsewhere", "handler", "operator", "auditor"])
def test_a_clerk_of_another_counter_is_refused(shop: Shop, persona: str) -> None:
    _, code = given(shop)
    with pytest.raises(NotAllowed, match="不是给您这个窗口"):
        present.use_by_code(shop[persona], code, subjects=[shop["owner"].id])
    assert why(shop["owner"].id) == "clerk"
    assert Authorisation.objects.get().used_at is None


def test_one_that_names_a_clerk_needs_no_code_and_is_nobody_elses(shop: Shop) -> None:
    clerk = shop["counter"]
    public_id, code = given(shop, officer=clerk.id)
    with pytest.raises(NotFound):
        present.use_as_named(shop["representative"], public_id)
    with pytest.raises(NotAllowed, match="不是给您这个窗口"):
        present.use_by_code(shop["counter elsewhere"], code, subjects=[shop["owner"].id])
    assert present.addressed_to(shop["counter elsewhere"]) == []
    assert [one.public_id for one in present.addressed_to(clerk)] == [public_id]
    assert present.use_as_named(clerk, public_id)
    assert present.addressed_to(clerk) == []


def test_a_code_of_somebody_who_is_not_here_opens_nothing(shop: Shop) -> None:
    _, code = given(shop)
    with pytest.raises(Conflict, match="授权码不对"):
        present.use_by_code(shop["counter"], code, subjects=[shop["other"].id])


def test_too_many_wrong_codes_void_it_until_the_holder_takes_another(shop: Shop) -> None:
    public_id, code = given(shop)
    tries = shop.city.catalogue.settings["authorisation-code-tries"].value
    assert isinstance(tries, int)
    wrong = "00000000" if code != "00000000" else "11111111"
    for number in range(1, tries + 1):
        words = "授权码不对" if number < tries else "输错次数太多"
        with pytest.raises(Conflict, match=words):
            present.use_by_code(shop["counter"], wrong, subjects=[shop["owner"].id])
    with pytest.raises(Conflict, match="输错次数太多"):
        present.use_by_code(shop["counter"], code, subjects=[shop["owner"].id])
    tried = [e for e in entries_of(f"uses:{shop['owner'].id}") if e["action"] == "authorisation.code.wrong"]
    assert len(tried) == tries
    fresh = present.renew_code(shop["owner"], public_id)
    assert present.use_by_code(shop["counter"], fresh.code, subjects=[shop["owner"].id])


def test_a_code_is_kept_as_a_slow_hash(shop: Shop) -> None:
    _, code = given(shop)
    kept = Authorisation.objects.get().code_hash
    assert code not in kept
    assert "$" in kept


def test_another_code_ends_the_one_before(shop: Shop) -> None:
    public_id, code = given(shop)
    present.renew_code(shop["owner"], public_id)
    with pytest.raises(Conflict, match="授权码不对"):
        present.use_by_code(shop["counter"], code, subjects=[shop["owner"].id])


def test_a_licence_that_fell_after_the_authorisation_is_shown_as_fallen(shop: Shop) -> None:
    _, code = given(shop)
    stand(shop.card, Standing.REVOKED)
    used = present.use_by_code(shop["counter"], code, subjects=[shop["owner"].id])
    seen = present.use(shop["counter"], used).seen[0]
    assert (seen.standing, seen.lines) == ("撤销", ())


def test_a_mandate_that_ended_ends_what_it_gave(shop: Shop) -> None:
    new = NewAuthorisation([shop.trade], "counter-errand", "yicheng")
    code = present.authorise(shop["agent"], new).code
    revoke_mandate(shop["representative of the firm"], shop.city.firm, shop["agent"].id)
    with pytest.raises(Conflict, match="不能代表持证的企业"):
        present.use_by_code(shop["counter"], code, subjects=[shop.city.firm])


def test_what_can_be_authorised(shop: Shop) -> None:
    owner, city = shop["owner"], shop.city
    wrong = {
        "licences": [
            NewAuthorisation([], "counter-errand", "yicheng"),
            NewAuthorisation([shop.trade, card_of_agent(shop)], "counter-errand", "yicheng"),
        ],
        "purpose": [
            NewAuthorisation([shop.card], "adult-proof", "yicheng"),
            NewAuthorisation([shop.card], "no-such", "yicheng"),
        ],
        "clerk": [
            NewAuthorisation([shop.card], "counter-errand", "nowhere"),
            NewAuthorisation([shop.card], "counter-errand", "yicheng", city["counter elsewhere"].id),
            NewAuthorisation([shop.card], "counter-errand", "yicheng", city["operator"].id),
        ],
    }
    for field, tried in wrong.items():
        for new in tried:
            giver = shop["agent"] if shop.trade in new.licences else owner
            with pytest.raises(Invalid) as told:
                present.authorise(giver, new)
            assert told.value.field == field
    stand(shop.card, Standing.SUSPENDED)
    with pytest.raises(Invalid, match="暂停"):
        given(shop)


def card_of_agent(shop: Shop) -> str:
    """The agent's own identity card."""
    held = present.own_licences(shop["agent"])
    return next(one.public_id for one in held if one.holder == shop["agent"].id and one.material == "id-card")


def test_somebody_elses_licences_and_authorisations_do_not_exist(shop: Shop) -> None:
    public_id, _ = given(shop)
    with pytest.raises(NotFound):
        present.authorise(shop["other"], NewAuthorisation([shop.card], "counter-errand", "yicheng"))
    for use in (present.authorisation, present.revoke_authorisation, present.renew_code):
        for persona in ("other", "agent", "counter"):
            with pytest.raises(NotFound):
                use(shop[persona], public_id)
    assert present.authorisations_of(shop["other"]) == []
    assert [one.public_id for one in present.authorisations_of(shop["owner"])] == [public_id]


def test_nothing_typed_is_said(shop: Shop) -> None:
    with pytest.raises(Invalid) as told:
        present.use_by_code(shop["counter"], " ", subjects=[shop["owner"].id])
    assert told.value.field == "code"
