# SPDX-License-Identifier: Apache-2.0
"""A signature's life: applied for, used, verified, revoked (申请、应用、验证、注销)."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest
import time_machine

from yiwang.apps.journal.public import deliver_due, entries_of, verify
from yiwang.apps.signatures.adapters.demo import DemoSigning, wire
from yiwang.apps.signatures.adapters.outside import OutsideSigning
from yiwang.apps.signatures.models import Signature, Signing
from yiwang.apps.signatures.plugs import use_trust
from yiwang.apps.signatures.public import (
    TOPIC,
    Reason,
    State,
    ToSign,
    check_document,
    my_signature,
    picture_of,
    revoke_at_service,
    revoke_signature,
    sign,
    signed_by,
    signed_document,
    signings_of,
    verify_signing,
)
from yiwang.engines.sealing import TrustStore, parse_signature, sm3
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Post, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable

from .support import SECRET, applied, person, plug

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

FORM = ToSign("申请表\n经营面积：120平方米\n".encode(), "application-form.txt", "申请表", "a_1")
CLERK = Actor(ActorKind.OFFICER, "o_1", "窗口", (Post(Role.COUNTER),))


@pytest.fixture
def service() -> DemoSigning:
    """A service plugged in."""
    made = DemoSigning()
    plug(made)
    return made


def signed(actor: Actor, wanted: ToSign = FORM, *, passphrase: str = SECRET, method: str = "password") -> str:
    """Sign."""
    return sign(actor, wanted, passphrase=passphrase, method=method)


def test_from_application_to_verification(service: DemoSigning) -> None:
    wang = person()
    assert my_signature(wang) is None
    applied(wang)
    mine = my_signature(wang)
    assert mine is not None
    assert (mine.name, mine.state, mine.way, mine.auth_term) == (
        "王小明",
        State.ACTIVE,
        "上传图片",
        "登录方式2",
    )
    made = signed(wang)
    (use,) = signings_of(wang)
    assert (use.public_id, use.about, use.digest) == (made, "a_1", FORM.digest.hex())
    assert (use.auth_level, use.signer) == (2, "王小明")
    report = verify_signing(wang, made)
    assert report.ok, report.failed
    assert report.steps[-1].name == "原文杂凑值"
    kept = signed_document(wang, made)
    assert kept.document == FORM.document
    inside = parse_signature(kept.der)
    assert inside.certificate.common_name == "王小明"
    assert inside.seal.picture.data == picture_of(wang)
    assert signed_by(wang.id, "a_1", FORM.document) is not None
    assert list(verify()) == []


def test_one_changed_byte_is_not_what_was_signed(service: DemoSigning) -> None:
    wang = person()
    applied(wang)
    kept = signed_document(wang, signed(wang))
    for at in range(len(kept.document)):
        changed = bytearray(kept.document)
        changed[at] ^= 1
        report = check_document(bytes(changed), kept.der)
        assert report.failed is not None
        assert report.failed.name == "原文杂凑值"
    assert signed_by(wang.id, "a_1", FORM.document + b" ") is None
    assert signed_by(wang.id, "a_2", FORM.document) is None


def test_what_was_signed_before_a_revocation_stays_signed_and_nothing_new_is(service: DemoSigning) -> None:
    wang = person()
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        applied(wang)
        made = signed(wang)
        clock.shift(dt.timedelta(hours=1))
        revoke_signature(wang, reason=Reason.LEAKED)
        deliver_due({TOPIC: revoke_at_service}, give_up_after=dt.timedelta(hours=1))
        clock.shift(dt.timedelta(hours=1))
        mine = my_signature(wang)
        assert mine is not None
        assert (mine.state, mine.reason) == (State.REVOKED, "签名口令泄露或怀疑被盗用")
        assert verify_signing(wang, made).ok
        with pytest.raises(NotFound, match="还没有电子签名"):
            signed(wang, ToSign(b"new", "new.txt", "另一份", "a_2"))
        with pytest.raises(NotFound):
            revoke_signature(wang, reason=Reason.LEAKED)
        order = Signature.objects.get()
        assert service._people[order.seal].revoked is not None
    assert list(verify()) == []


def test_a_certificate_that_its_authority_revoked_signs_nothing_here(service: DemoSigning) -> None:
    """Revoked by the authority, not by the signer: what the service still answers does not verify."""
    wang = person()
    applied(wang)
    seal = Signature.objects.get().seal
    kept = service._people[seal]
    kept.revoked = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=10)
    crl = service.trust()
    kept.revoked = None
    plug(service, crl)
    with pytest.raises(Unavailable, match="没有通过验证"):
        signed(wang)
    assert Signing.objects.count() == 0


def test_redrawing_ends_the_one_before(service: DemoSigning) -> None:
    wang = person()
    first = applied(wang)
    made = signed(wang)
    second = applied(wang, key="k2")
    assert first != second
    assert list(Signature.objects.order_by("id").values_list("reason", flat=True)) == ["redrawn", ""]
    assert verify_signing(wang, made).ok
    assert signed(wang) != made


def test_applying_twice_with_one_key_is_one_application(service: DemoSigning) -> None:
    wang = person()
    assert applied(wang) == applied(wang)
    assert Signature.objects.count() == 1
    assert service.acts == 1


def test_the_same_form_is_signed_once(service: DemoSigning) -> None:
    wang = person()
    applied(wang)
    assert signed(wang) == signed(wang)
    assert Signing.objects.count() == 1


@pytest.mark.parametrize("trouble", ["fail_next", "forget_next"])
def test_a_service_that_does_not_answer_is_asked_again_with_the_same_key(
    service: DemoSigning, trouble: str
) -> None:
    wang = person()
    setattr(service, trouble, 1)
    with pytest.raises(Unavailable):
        applied(wang)
    assert my_signature(wang) is None
    applied(wang)
    setattr(service, trouble, 1)
    with pytest.raises(Unavailable):
        signed(wang)
    assert signings_of(wang) == []
    signed(wang)
    assert service.acts == 2


def test_an_expired_signature_signs_nothing_and_its_documents_stay_good(service: DemoSigning) -> None:
    wang = person()
    applied(wang)
    made = signed(wang)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=400), tick=False):
        mine = my_signature(wang)
        assert mine is not None
        assert mine.state is State.EXPIRED
        with pytest.raises(Conflict, match="已到期"):
            signed(wang, ToSign(b"new", "new.txt", "另一份", "a_2"))
        assert verify_signing(wang, made).ok
        applied(wang, key="k2")
        signed(wang)


def test_a_wrong_passphrase_signs_nothing(service: DemoSigning) -> None:
    wang = person()
    applied(wang)
    with pytest.raises(Invalid, match="口令"):
        signed(wang, passphrase="别的")
    assert Signing.objects.count() == 0


@pytest.mark.parametrize("method", ["token", "unheard-of", ""])
def test_a_weak_login_neither_applies_nor_signs(service: DemoSigning, method: str) -> None:
    wang = person()
    applied(wang)
    with pytest.raises(NotAllowed, match="登录方式"):
        signed(wang, method=method)


def test_a_document_may_ask_for_a_stronger_login(service: DemoSigning) -> None:
    wang = person()
    applied(wang)
    strict = ToSign(b"x", "x.txt", "合同", "a_9", level=3)
    with pytest.raises(NotAllowed, match="更高的实名等级"):
        signed(wang, strict)


@pytest.mark.parametrize("somebody", [CLERK, ANONYMOUS], ids=["clerk", "visitor"])
def test_nobody_signs_for_somebody_else(service: DemoSigning, somebody: Actor) -> None:
    with pytest.raises(NotAllowed, match="本人"):
        applied(somebody)
    with pytest.raises(NotAllowed, match="本人"):
        signed(somebody)


def test_nobody_sees_somebody_elses_signature(service: DemoSigning) -> None:
    wang, li = person(), person("李四", 2)
    applied(wang)
    made = signed(wang)
    assert my_signature(li) is None
    for look in (lambda: picture_of(li), lambda: signed_document(li, made), lambda: verify_signing(li, made)):
        with pytest.raises(NotFound):
            look()


def test_a_service_that_signs_something_else_is_not_believed(service: DemoSigning) -> None:
    wang = person()
    applied(wang)
    real = service._sign

    def other(order: object) -> bytes:
        return real(type(order)(**{**vars(order), "digest": sm3(b"something else")}))  # type: ignore[arg-type]

    service._sign = other  # type: ignore[method-assign]
    with pytest.raises(Unavailable, match="没有通过验证"):
        signed(wang)


def test_a_service_that_signs_with_somebody_elses_seal_is_not_believed(service: DemoSigning) -> None:
    wang, li = person(), person("李四", 2)
    applied(wang)
    applied(li)
    mine, theirs = Signature.objects.order_by("id")
    Signature.objects.filter(pk=mine.pk).update(seal=theirs.seal)
    with pytest.raises(Unavailable, match="别的签名"):
        signed(wang)


def test_without_whom_to_trust_nothing_is_signed(service: DemoSigning) -> None:
    wang = person()
    applied(wang)
    plug(service, TrustStore(()))
    with pytest.raises(Unavailable, match="没有通过验证"):
        signed(wang)


def test_the_journal_names_the_document_and_never_the_passphrase(service: DemoSigning) -> None:
    wang = person()
    entries = f"signature:{applied(wang)}"
    signed(wang)
    said = entries_of(entries)
    assert [one["action"] for one in said] == ["signature.applied", "signature.used"]
    assert said[1]["detail"]["document"] == FORM.digest.hex()
    assert SECRET not in str(said)


# -- the same over the wire


def test_an_outside_service_over_http_does_the_same() -> None:
    twin = DemoSigning()
    outside = OutsideSigning("https://sign.example", "t0ken", transport=wire(twin))
    plug(outside)
    use_trust(twin.trust)
    wang = person()
    applied(wang)
    made = signed(wang)
    assert verify_signing(wang, made).ok
    with pytest.raises(Invalid, match="口令不对"):
        signed(wang, ToSign(b"x", "x.txt", "另一份", "a_2"), passphrase="别的")
    twin.fail_next = 1
    with pytest.raises(Unavailable, match="超时"):
        signed(wang, ToSign(b"x", "x.txt", "另一份", "a_2"))
    revoke_signature(wang, reason=Reason.NOT_WANTED)
    assert deliver_due({TOPIC: revoke_at_service}, give_up_after=dt.timedelta(hours=1)) == 1
    assert all(one.revoked for one in twin._people.values())


UNREADABLE_SEAL = (
    b'{"seal":"1","seal_der":"AAAA","serial":"1",'
    b'"not_before":"2026-01-01T00:00:00+08:00","not_after":"2027-01-01T00:00:00+08:00"}'
)


@pytest.mark.parametrize(
    ("status", "content", "what"),
    [
        (500, b"oops", "出错"),
        (302, b"", "出错"),
        (200, b"<html>", "读不懂"),
        (200, b"[]", "读不懂"),
        (200, b"{}", "读不懂"),
        (200, b'{"seal":"1","seal_der":"%%","serial":"1","not_before":"x","not_after":"y"}', "读不懂"),
        (200, UNREADABLE_SEAL, "读不出来"),
    ],
)  # fmt: skip
def test_an_outside_service_that_answers_rubbish_changes_nothing(
    status: int, content: bytes, what: str
) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(status, content=content))
    plug(OutsideSigning("https://sign.example", "t", transport=transport), TrustStore(()))
    wang = person()
    with pytest.raises(Unavailable, match=what):
        applied(wang)
    assert my_signature(wang) is None
