# SPDX-License-Identifier: Apache-2.0
"""The life of a seal, article by article: application, approval, key, making, filing, change, end."""

from __future__ import annotations

import datetime as dt
from unittest.mock import patch

import pytest
from django.utils import timezone

from yiwang.apps.journal.public import entries_of
from yiwang.apps.seals import plugs
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.adapters.demo_authority import DemoAuthority
from yiwang.apps.seals.domain.figures import WARN_DAYS, Figures
from yiwang.apps.seals.domain.passphrases import Limits
from yiwang.apps.seals.models import Seal, Step
from yiwang.apps.seals.public import FollowUp, SealKind, State
from yiwang.engines import sealing
from yiwang.engines.definitions.kinds import Setting
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .stage import (
    MAKER_PASSPHRASE,
    NAME,
    ORG,
    PASSPHRASE,
    PLACE,
    UNIT,
    Stage,
    application,
    approved_use,
    bring_into_force,
    png,
    record_imprint,
    seal_in_force,
)

pytestmark = [pytest.mark.storage, pytest.mark.django_db]


def apply(stage: Stage, **changed: object) -> str:
    return seals.apply_for_seal(stage.handler, application(stage, **changed))


def state(public_id: str) -> State:
    return State(Seal.objects.get(public_id=public_id).state)


def test_from_the_application_to_a_seal_that_verifies(stage: Stage) -> None:
    made = apply(stage)
    assert state(made) is State.APPLIED
    bring_into_force(stage, made)
    row = Seal.objects.get(public_id=made)
    assert State(row.state) is State.ACTIVE
    report = sealing.verify_seal(bytes(row.der), seals.trust(), at=timezone.now())
    assert report.ok, report.failed
    certificate = sealing.parse_certificate(bytes(row.certificate))
    parsed = sealing.parse_seal(bytes(row.der))
    assert (row.not_before, row.not_after) == (certificate.not_before, certificate.not_after)  # 第十条
    assert (parsed.not_before, parsed.not_after) == (certificate.not_before, certificate.not_after)
    assert (certificate.organization, parsed.name, parsed.picture.data) == (UNIT, NAME, png())
    assert [one.term for one in seals.steps_of(stage.auditor, made)] == [
        "申请新制",
        "审核同意",
        "生成密钥",
        "制作",
        "备案",
    ]
    actions = [entry["action"] for entry in entries_of(f"seal:{made}")]
    assert actions == ["seal.applied", "seal.approve", "seal.key", "seal.make", "seal.file"]
    assert seals.seal_of(ORG, SealKind.BUSINESS, place=PLACE, name="行政审批专用章").public_id == made  # type: ignore[union-attr]


def test_nobody_approves_their_own_application(stage: Stage) -> None:
    both = Actor(
        stage.administrator.kind,
        stage.administrator.id,
        stage.administrator.name,
        (*stage.administrator.posts, *stage.handler.posts),
    )
    made = seals.apply_for_seal(both, application(stage))
    with pytest.raises(NotAllowed, match="另一位"):
        seals.approve(both, made)
    seals.approve(stage.administrator_too, made)
    assert state(made) is State.APPROVED


@pytest.mark.parametrize("who", ["handler", "custodian", "approver", "auditor"])
def test_who_does_not_administer_seals_decides_nothing(stage: Stage, who: str) -> None:
    made = apply(stage)
    actor = getattr(stage, who)
    for act in (
        lambda: seals.approve(actor, made),
        lambda: seals.refuse(actor, made, words="不行"),
        lambda: seals.make(actor, made, passphrase=MAKER_PASSPHRASE),
        lambda: seals.file_seal(actor, made),
        lambda: seals.cancel(actor, made),
        lambda: seals.resume(actor, made, words="找到了"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert state(made) is State.APPLIED


@pytest.mark.parametrize("who", ["elsewhere", "other_department"])
def test_a_seal_of_another_unit_does_not_exist(stage: Stage, who: str) -> None:
    made = apply(stage)
    actor = getattr(stage, who)
    said = set()
    for public_id in (made, "seal_nothing"):
        for act in (
            lambda one: seals.seal(actor, one),
            lambda one: seals.use_log(actor, one),
            lambda one: seals.picture_of(actor, one),
            lambda one: seals.withdraw(actor, one),
            lambda one: seals.make_key(actor, one, passphrase=PASSPHRASE),
            lambda one: seals.ask_cancellation(actor, one, reason="lost", words="丢了"),
        ):
            with pytest.raises(NotFound) as told:
                act(public_id)
            said.add(str(told.value))
    assert len(said) == 1
    assert seals.seals_of_unit(actor) == []


def test_a_move_out_of_turn_is_refused(stage: Stage) -> None:
    made = apply(stage)
    for act in (
        lambda: seals.make_key(stage.custodian, made, passphrase=PASSPHRASE),
        lambda: seals.make(stage.administrator, made, passphrase=MAKER_PASSPHRASE),
        lambda: seals.file_seal(stage.administrator, made),
        lambda: seals.ask_cancellation(stage.custodian, made, reason="lost", words="丢了"),
        lambda: seals.renew(stage.handler, made),
    ):
        with pytest.raises(Conflict, match="待审核"):
            act()
    seals.refuse(stage.administrator, made, words="材料不实")
    with pytest.raises(Conflict, match="不予制发"):
        seals.approve(stage.administrator, made)
    assert Step.objects.filter(seal__public_id=made).count() == 2


def test_only_the_custodian_makes_the_key_with_a_strong_passphrase(stage: Stage) -> None:
    made = apply(stage)
    seals.approve(stage.administrator, made)
    with pytest.raises(NotAllowed, match="保管人"):
        seals.make_key(stage.handler, made, passphrase=PASSPHRASE)
    for weak in ("短-1", "aaaaaaaaaaaaaaa1", "只有汉字的口令也不可以太简单啊"):
        with pytest.raises(Invalid) as told:
            seals.make_key(stage.custodian, made, passphrase=weak)
        assert weak not in str(told.value)
    assert state(made) is State.APPROVED


def test_the_certificate_is_the_keys_and_the_units_and_in_force(stage: Stage) -> None:
    made = apply(stage)
    seals.approve(stage.administrator, made)
    seals.make_key(stage.custodian, made, passphrase=PASSPHRASE)
    row, now = Seal.objects.get(public_id=made), timezone.now()
    year = now + dt.timedelta(days=365)
    other = sealing.generate().public.point
    ca = DemoAuthority()
    wrong = {
        "公钥": ca.issue(seals.Wanted(other, NAME, UNIT, now, year)),
        "名称": ca.issue(seals.Wanted(bytes(row.public_key), "别人", "别的单位", now, year)),
        "有效期": ca.issue(seals.Wanted(bytes(row.public_key), NAME, UNIT, now + dt.timedelta(days=1), year)),
        "发证机构": bytes(seals.trust().intermediates[0].der),
    }
    for words, certificate in wrong.items():
        with pytest.raises(Invalid, match=words if words != "发证机构" else "公钥"):
            seals.make(stage.administrator, made, passphrase=MAKER_PASSPHRASE, certificate=certificate)
    right = sealing.parse_certificate(ca.issue(seals.Wanted(bytes(row.public_key), NAME, UNIT, now, year)))
    seals.make(stage.administrator, made, passphrase=MAKER_PASSPHRASE, certificate=right.pem())
    assert Seal.objects.get(public_id=made).serial == f"{right.serial:x}"


def test_a_wrong_makers_passphrase_makes_nothing(stage: Stage) -> None:
    made = apply(stage)
    seals.approve(stage.administrator, made)
    seals.make_key(stage.custodian, made, passphrase=PASSPHRASE)
    with pytest.raises(seals.WrongPassphrase):
        seals.make(stage.administrator, made, passphrase="不是它")
    row = Seal.objects.get(public_id=made)
    assert (State(row.state), bytes(row.der)) == (State.KEYED, b"")


def test_a_renewal_brings_a_new_key_and_ends_the_old_seal_in_the_same_moment(stage: Stage) -> None:
    old = seal_in_force(stage)
    use = approved_use(stage, old)
    new = seals.renew(stage.handler, old)
    with pytest.raises(Conflict, match="已经有换领"):
        seals.renew(stage.handler, old)
    assert state(old) is State.ACTIVE
    bring_into_force(stage, new)
    assert (state(old), state(new)) == (State.CANCELLED, State.ACTIVE)
    rows = {row.public_id: row for row in Seal.objects.all()}
    assert bytes(rows[old].public_key) != bytes(rows[new].public_key)
    assert seals.seal(stage.handler, old).cancel_words == "更新延期"
    assert seals.use(stage.handler, use).standing == "已收回"


def test_a_change_ends_the_old_seal_when_the_new_one_is_filed(stage: Stage) -> None:
    """第十三条."""
    old = seal_in_force(stage)
    record_imprint("YX-2", picture=png(90))
    given = application(stage, picture=png(90), imprint_number="YX-2")
    for wrong in (FollowUp(old, "no-reason", "换了"), FollowUp(old, "physical", " ")):
        with pytest.raises(Invalid):
            seals.apply_for_seal(stage.handler, given, after=wrong)
    new = seals.apply_for_seal(stage.handler, given, after=FollowUp(old, "physical", "实物印章重新刻制"))
    with pytest.raises(Conflict, match="已经有换领"):
        seals.apply_for_seal(stage.handler, given, after=FollowUp(old, "physical", "再来一次"))
    bring_into_force(stage, new)
    assert state(old) is State.CANCELLED
    assert seals.seal(stage.handler, new).purpose.term == "变更换领"


def test_two_seals_of_one_name_are_never_in_force(stage: Stage) -> None:
    seal_in_force(stage)
    second = apply(stage)
    seals.approve(stage.administrator, second)
    seals.make_key(stage.custodian, second, passphrase=PASSPHRASE)
    seals.make(stage.administrator, second, passphrase=MAKER_PASSPHRASE)
    with pytest.raises(Conflict, match="同名"):
        seals.file_seal(stage.administrator, second)
    assert state(second) is State.MADE


def test_a_loss_suspends_at_once_and_is_then_cancelled(
    stage: Stage, django_capture_on_commit_callbacks: object
) -> None:
    """第十四条."""
    made = seal_in_force(stage)
    use = approved_use(stage, made)
    with pytest.raises(Conflict, match="书面"):
        seals.cancel(stage.administrator, made)
    with pytest.raises(Invalid):
        seals.ask_cancellation(stage.custodian, made, reason="key-leak", words="")
    seals.ask_cancellation(stage.custodian, made, reason="key-leak", words="电脑中了木马")
    assert state(made) is State.SUSPENDED
    with pytest.raises(Conflict, match="泄露"):
        seals.resume(stage.administrator, made, words="算了")
    row = Seal.objects.get(public_id=made)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        seals.cancel(stage.administrator, made)
    assert state(made) is State.CANCELLED
    assert seals.use(stage.handler, use).standing == "已收回"
    with pytest.raises(seals.NoSuchKey):
        seals.keeper().signer(row.key, PASSPHRASE, _limits())
    report = sealing.verify_seal(bytes(row.der), seals.trust(), at=timezone.now())
    assert report.ok  # the maker's chain is sound; what was sealed with the key is not
    revoked = {serial for crl in seals.trust().crls for serial in crl.revoked}
    assert int(row.serial, 16) in revoked
    anew = seals.apply_for_seal(stage.handler, application(stage), after=FollowUp(made, "", ""))
    assert seals.seal(stage.handler, anew).purpose.term == "重新办理"
    bring_into_force(stage, anew)


def _limits() -> Limits:
    return plugs.limits(plugs.figures())


def test_what_was_found_again_may_be_used_again(stage: Stage) -> None:
    made = seal_in_force(stage)
    seals.ask_cancellation(stage.handler, made, reason="lost", words="找不到了")
    seals.resume(stage.administrator, made, words="在抽屉里找到")
    assert state(made) is State.ACTIVE
    with pytest.raises(Conflict, match="书面"):
        seals.cancel(stage.administrator, made)


def test_an_application_taken_back_leaves_no_key(
    stage: Stage, django_capture_on_commit_callbacks: object
) -> None:
    made = apply(stage)
    seals.approve(stage.administrator, made)
    seals.make_key(stage.custodian, made, passphrase=PASSPHRASE)
    key = Seal.objects.get(public_id=made).key
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        seals.withdraw(stage.handler, made)
    with pytest.raises(seals.NoSuchKey):
        seals.keeper().signer(key, PASSPHRASE, _limits())


def test_the_round_reminds_once_before_the_end_and_once_at_it(stage: Stage) -> None:
    made = seal_in_force(stage)
    row = Seal.objects.get(public_id=made)
    assert row.not_after is not None
    sent: list[tuple[str, str]] = []

    def notify(to: str, title: str, body: str, *, about: str = "") -> None:
        sent.append((to, title))
        assert NAME in body

    def at(moment: dt.datetime) -> int:
        with patch.object(timezone, "now", return_value=moment):
            return seals.look_after(notify)

    assert at(row.not_after - dt.timedelta(days=31)) == 0
    assert [at(row.not_after - dt.timedelta(days=29)), at(row.not_after - dt.timedelta(days=3))] == [1, 0]
    assert [at(row.not_after + dt.timedelta(minutes=1)), at(row.not_after + dt.timedelta(days=2))] == [1, 0]
    assert sent == [(stage.custodian.id, "印章快到期了"), (stage.custodian.id, "印章已过有效期")]


def test_a_county_may_have_its_own_figures(stage: Stage) -> None:
    """第二十二条."""

    def setting(key: str, value: int) -> Setting:
        return Setting(id=key, name="提醒", value=value, why="试")

    own = {
        WARN_DAYS: setting(WARN_DAYS, 30),
        f"{WARN_DAYS}-in-yicheng": setting(f"{WARN_DAYS}-in-yicheng", 45),
        f"{WARN_DAYS}-of-health": setting(f"{WARN_DAYS}-of-health", 60),
        f"{WARN_DAYS}-of-health-in-xiping": setting(f"{WARN_DAYS}-of-health-in-xiping", 90),
    }
    asked = [("education", "xincai"), ("education", "yicheng"), ("health", "yicheng"), ("health", "xiping")]
    assert [Figures(own, *one).of(WARN_DAYS) for one in asked] == [30, 45, 60, 90]
