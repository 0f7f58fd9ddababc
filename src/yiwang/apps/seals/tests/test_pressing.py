# SPDX-License-Identifier: Apache-2.0
"""Pressing a seal: approved, by its custodian, logged; refused for every reason there is (第十二条)."""

from __future__ import annotations

import datetime as dt
from unittest.mock import patch

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from yiwang.apps.seals import public as seals
from yiwang.apps.seals.models import Pressing, Seal, Use
from yiwang.apps.seals.public import NewUse, Scope, SealRefused
from yiwang.engines import sealing
from yiwang.engines.sealing import sm3
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable, YiwangError

from .stage import (
    MAKER_PASSPHRASE,
    PASSPHRASE,
    PERSON,
    UNIT,
    Stage,
    approved_use,
    png,
    record_imprint,
    seal_in_force,
)

pytestmark = [pytest.mark.storage, pytest.mark.django_db]
DIGEST = sm3("食品经营许可证".encode())
TOMORROW = dt.timedelta(days=1)


def press(stage: Stage, seal: str, use: str, *, about: str = "doc_1", **more: str) -> bytes:
    with seals.pressing(stage.custodian, seal, use=use, passphrase=PASSPHRASE) as hand:
        return hand(DIGEST, "doc#1", about=about, **more)


def log(stage: Stage, seal: str) -> list[str]:
    return [one.refused for one in reversed(seals.use_log(stage.auditor, seal))]


def test_an_impression_verifies_and_is_logged(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal)
    made = press(stage, seal, use)
    report = sealing.verify_signature(made, digest=DIGEST, trust=seals.trust(), at=timezone.now())
    assert report.ok, report.failed
    row = Pressing.objects.get()
    assert (row.by, row.about, row.digest) == (stage.custodian.id, "doc_1", DIGEST.hex())
    assert row.signature_digest == sm3(made).hex()
    assert seals.use(stage.approver, use).taken == 1
    wrong = sealing.verify_signature(made, digest=sm3(b"!"), trust=seals.trust(), at=timezone.now())
    assert wrong.failed is not None


def test_the_three_files_of_one_document_are_one_document(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal)
    for _ in range(6):
        press(stage, seal, use)
    assert seals.use(stage.approver, use).taken == 1
    with pytest.raises(SealRefused, match="已经盖过 6 次"):
        press(stage, seal, use)


def test_a_standing_approval_covers_one_type_up_to_a_number(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal, scope=Scope.DECIDED, material="food-licence", limit=2)
    licence = {"material": "food-licence", "case": "i_1"}
    press(stage, seal, use, about="l_1", **licence)
    press(stage, seal, use, about="l_1", **licence)
    press(stage, seal, use, about="l_2", **licence)
    for words, about, facts in (
        ("2 份已经用完", "l_3", licence),
        ("不在批准用印的范围", "l_2", {**licence, "material": "health-licence"}),
        ("没有对应的办件", "l_2", {**licence, "case": ""}),
        ("没有写明", "", licence),
    ):
        with pytest.raises(SealRefused, match=words):
            press(stage, seal, use, about=about, **facts)
    assert [bool(one) for one in log(stage, seal)] == [False] * 3 + [True] * 4
    stock = approved_use(stage, seal, scope=Scope.STOCK, material="food-licence", limit=1)
    press(stage, seal, stock, about="l_9", material="food-licence")


def press_all(stage: Stage, seal: str, use: str, licences: list[str]) -> None:
    with seals.pressing(stage.custodian, seal, use=use, passphrase=PASSPHRASE) as hand:
        for licence in licences:
            hand(DIGEST, "doc", about=licence, material="food-licence")


def test_nothing_of_a_refused_batch_stays_but_the_refusal(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal, scope=Scope.STOCK, material="food-licence", limit=2)
    with pytest.raises(SealRefused):
        press_all(stage, seal, use, ["l_0", "l_1", "l_2"])
    assert [one != "" for one in log(stage, seal)] == [True]
    assert seals.use(stage.approver, use).left == 2


def test_a_seal_put_away_presses_nothing(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal)
    with seals.pressing(stage.custodian, seal, use=use, passphrase=PASSPHRASE) as hand:
        pass
    with pytest.raises(RuntimeError):
        hand(DIGEST, "doc", about="doc_1")


def refusal(
    stage: Stage, seal: str, use: str, actor: Actor | None = None, passphrase: str = PASSPHRASE
) -> YiwangError:
    """The error of one attempt; nothing was pressed, and the attempt is in the log with its reason."""
    before = Pressing.objects.filter(refused="").count()
    with (
        pytest.raises(YiwangError) as told,
        seals.pressing(actor or stage.custodian, seal, use=use, passphrase=passphrase) as hand,
    ):
        hand(DIGEST, "doc", about="doc_1")
    assert Pressing.objects.filter(refused="").count() == before
    if not isinstance(told.value, NotFound):
        assert Pressing.objects.order_by("-pk")[0].refused == told.value.message[:200]
    assert told.value.mend
    return told.value


def test_each_reason_to_refuse_says_so(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal)
    asked = seals.request_use(
        stage.custodian, seal, NewUse(Scope.ONE, "发函", timezone.localdate() + TOMORROW, document="doc_1")
    )
    assert "待审批" in refusal(stage, seal, asked).message
    assert isinstance(refusal(stage, seal, use, stage.handler), NotAllowed)
    assert isinstance(refusal(stage, seal, use, stage.elsewhere), NotFound)
    assert isinstance(refusal(stage, seal, use, PERSON), NotFound)
    assert isinstance(refusal(stage, seal, "use_nothing"), NotFound)
    assert isinstance(refusal(stage, seal, use, passphrase="不对的口令-123"), seals.WrongPassphrase)
    no_longer = Actor(stage.custodian.kind, stage.custodian.id, "保管乙", ())
    assert isinstance(refusal(stage, seal, use, no_longer), NotFound)
    seals.end_use(stage.approver, use, words="不用了")
    assert "已收回" in refusal(stage, seal, use).message


def test_a_seal_that_is_not_in_force_presses_nothing(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal, until=timezone.localdate() + dt.timedelta(days=300))
    row = Seal.objects.get(public_id=seal)
    assert row.not_after is not None
    with patch.object(timezone, "now", return_value=row.not_after + dt.timedelta(seconds=1)):
        assert "有效期" in refusal(stage, seal, use).message
        assert seals.usable_seals(stage.custodian) == []
    later = timezone.now() + dt.timedelta(days=301)
    with patch.object(timezone, "now", return_value=later):
        assert "期限已经过了" in refusal(stage, seal, use).message
    seals.ask_cancellation(stage.handler, seal, reason="lost", words="丢了")
    assert "暂停使用" in refusal(stage, seal, use).message
    seals.resume(stage.administrator, seal, words="找到了")
    press(stage, seal, use)
    seals.ask_cancellation(stage.handler, seal, reason="unused", words="不用了")
    seals.cancel(stage.administrator, seal)
    assert "已注销" in refusal(stage, seal, use).message


def test_wrong_passphrases_lock_the_key_even_though_each_attempt_is_rolled_back(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal)
    for _ in range(5):
        assert isinstance(refusal(stage, seal, use, passphrase="不对的口令-123"), seals.WrongPassphrase)
    assert isinstance(refusal(stage, seal, use), seals.KeyLocked)


def test_an_approval_is_for_its_own_seal(stage: Stage) -> None:
    first = seal_in_force(stage)
    record_imprint("YX-2", picture=png(5))
    second = seal_in_force(stage, name=f"{UNIT}公章", picture=png(5), imprint_number="YX-2")
    use = approved_use(stage, first)
    assert "不是这枚印章" in refusal(stage, second, use).message


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"purpose": " "}, "purpose"),
        ({"document": ""}, "document"),
        ({"until": timezone.localdate() - TOMORROW}, "until"),
        ({"until": timezone.localdate() + dt.timedelta(days=400)}, "until"),
        ({"scope": Scope.DECIDED, "limit": 5}, "material"),
        ({"scope": Scope.DECIDED, "material": "food-licence", "limit": 0}, "limit"),
        ({"scope": Scope.STOCK, "material": "food-licence", "limit": 10**7}, "limit"),
    ],
)
def test_a_request_that_lacks_something_is_not_taken(
    stage: Stage, changed: dict[str, object], field: str
) -> None:
    seal = seal_in_force(stage)
    with pytest.raises(Invalid) as told:
        approved_use(stage, seal, **changed)
    assert told.value.field == field
    assert not Use.objects.exists()


def test_who_asks_does_not_approve_and_who_is_elsewhere_knows_nothing(stage: Stage) -> None:
    seal = seal_in_force(stage)
    new = NewUse(Scope.ONE, "发函", timezone.localdate(), document="doc_1")
    own = seals.request_use(stage.approver, seal, new)
    with pytest.raises(NotAllowed, match="自己"):
        seals.approve_use(stage.approver, own)
    for actor in (stage.custodian, stage.handler, stage.administrator, stage.auditor):
        with pytest.raises(NotAllowed):
            seals.approve_use(actor, own)
    for actor in (stage.elsewhere, stage.other_department):
        for act in (
            lambda who: seals.approve_use(who, own),
            lambda who: seals.use(who, own),
            lambda who: seals.request_use(who, seal, new),
        ):
            with pytest.raises(NotFound):
                act(actor)
    seals.approve_use(stage.approver_too, own)
    with pytest.raises(Conflict, match="已同意"):
        seals.refuse_use(stage.approver_too, own, words="改主意了")
    refused = seals.request_use(stage.handler, seal, new)
    with pytest.raises(Invalid):
        seals.refuse_use(stage.approver, refused, words="")
    seals.refuse_use(stage.approver, refused, words="没有依据")
    gone = seals.request_use(stage.handler, seal, new)
    with pytest.raises(NotAllowed):
        seals.withdraw_use(stage.custodian, gone)
    seals.withdraw_use(stage.handler, gone)
    assert [u.standing for u in seals.uses_of_unit(stage.approver)] == ["已撤回", "不同意", "已同意"]
    assert [u.public_id for u in seals.approved_uses(stage.custodian, document="doc_1")] == [own]


def test_the_system_presses_only_what_it_was_given(stage: Stage) -> None:
    seal = seal_in_force(stage)
    approved_use(stage, seal, scope=Scope.SYSTEM, document="journal-day", limit=2)
    assert seals.system_press("journal-day") is None
    with override_settings(ENV={**settings.ENV, "SYSTEM_SEAL_PASSPHRASE": PASSPHRASE}):
        assert seals.system_press("receipt") is None
        hand = seals.system_press("journal-day")
        assert hand is not None
        made = hand(DIGEST, "journal")
        assert sealing.verify_signature(made, digest=DIGEST, trust=seals.trust(), at=timezone.now()).ok
        hand(DIGEST, "journal")
        with pytest.raises(SealRefused, match="2 次已经用完"):
            hand(DIGEST, "journal")
    with (
        override_settings(ENV={**settings.ENV, "SYSTEM_SEAL_PASSPHRASE": "不对的口令-123"}),
        pytest.raises(seals.WrongPassphrase),
    ):
        hand(DIGEST, "journal")


def test_a_person_has_one_signature_of_their_own(stage: Stage) -> None:
    picture = sealing.Picture("PNG", png(3), 30, 15)
    own = "我自己的签名口令-2026"
    with pytest.raises(Unavailable):
        seals.issue_personal_seal(PERSON, picture=picture, passphrase=own)
    with override_settings(ENV={**settings.ENV, "SEAL_MAKER_PASSPHRASE": MAKER_PASSPHRASE}):
        made = seals.issue_personal_seal(PERSON, picture=picture, passphrase=own)
        with pytest.raises(Conflict, match="已经有"):
            seals.issue_personal_seal(PERSON, picture=picture, passphrase=own)
        with pytest.raises(NotAllowed):
            seals.issue_personal_seal(stage.handler, picture=picture, passphrase=own)
    with seals.personal_press(PERSON, made, passphrase=own) as hand:
        signed = hand(DIGEST, "form", about="a_1")
    report = sealing.verify_signature(signed, digest=DIGEST, trust=seals.trust(), at=timezone.now())
    assert report.ok, report.failed
    certificate = sealing.parse_signature(signed).certificate
    assert (certificate.common_name, certificate.organization) == ("王一", "")
    other = Actor(PERSON.kind, "p_other", "王二")
    for somebody in (other, stage.administrator, stage.auditor, stage.custodian):
        with pytest.raises(NotFound), seals.personal_press(somebody, made, passphrase=own):
            raise AssertionError
        with pytest.raises(NotFound):
            seals.revoke_signature(somebody, made)
    seals.change_passphrase(PERSON, made, old=own, new="换了以后的签名口令-123")
    seals.revoke_signature(PERSON, made)
    assert seals.personal_seal_of(PERSON) is None
    with pytest.raises(SealRefused), seals.personal_press(PERSON, made, passphrase=own):
        raise AssertionError
    again = sealing.verify_signature(signed, digest=DIGEST, trust=seals.trust(), at=timezone.now())
    assert again.ok, again.failed  # what was signed before stays signed


def test_a_signature_that_ran_out_gives_way_to_a_new_one(stage: Stage) -> None:
    picture, own = sealing.Picture("PNG", png(3), 30, 15), "我自己的签名口令-2026"
    with override_settings(ENV={**settings.ENV, "SEAL_MAKER_PASSPHRASE": MAKER_PASSPHRASE}):
        first = seals.issue_personal_seal(PERSON, picture=picture, passphrase=own)
        with patch.object(timezone, "now", return_value=timezone.now() + dt.timedelta(days=366)):
            assert seals.personal_seal_of(PERSON) is None
            second = seals.issue_personal_seal(PERSON, picture=picture, passphrase=own)
            assert seals.seal(PERSON, first).state.term == "已注销"
            assert seals.personal_seal_of(PERSON).public_id == second  # type: ignore[union-attr]


def test_the_passphrase_changes_and_only_the_custodian_changes_it(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal)
    new = "换过以后的保管口令-987"
    for wrong, given in (
        (NotAllowed, (stage.handler, PASSPHRASE, new)),
        (NotAllowed, (stage.administrator, PASSPHRASE, new)),
        (seals.WrongPassphrase, (stage.custodian, new, "又一个足够长的口令-123")),
        (Invalid, (stage.custodian, PASSPHRASE, "短")),
        (Invalid, (stage.custodian, PASSPHRASE, PASSPHRASE)),
    ):
        actor, old, wanted = given
        with pytest.raises(wrong):
            seals.change_passphrase(actor, seal, old=old, new=wanted)
    press(stage, seal, use)
    seals.change_passphrase(stage.custodian, seal, old=PASSPHRASE, new=new)
    assert isinstance(refusal(stage, seal, use), seals.WrongPassphrase)
