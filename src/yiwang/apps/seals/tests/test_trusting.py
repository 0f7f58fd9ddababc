# SPDX-License-Identifier: Apache-2.0
"""Whom we trust: roots by fingerprint, others by who vouches; lists that arrive late are judged anew."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path
from unittest.mock import patch

import pytest
from django.utils import timezone

from yiwang.apps.seals import public as seals
from yiwang.apps.seals.adapters import demo_authority
from yiwang.apps.seals.adapters.demo_authority import DemoAuthority
from yiwang.apps.seals.models import Authority, RevocationList, Seal
from yiwang.apps.seals.public import SealRefused, State
from yiwang.engines import sealing
from yiwang.engines.sealing import NewCertificate, NewCrl, PrivateKey, Reason, Revoked, sm3
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, YiwangError

from .stage import PASSPHRASE, SETUP, UNIT, Stage, approved_use, png, record_imprint, seal_in_force

pytestmark = [pytest.mark.storage, pytest.mark.django_db]
DIGEST = sm3(b"document")
DAY = dt.timedelta(days=1)


def authority(
    name: str, key: PrivateKey, *, above: tuple[sealing.Certificate, PrivateKey] | None = None
) -> sealing.Certificate:
    now = timezone.now()
    issuer, signer = above or (None, key)
    new = NewCertificate(
        sealing.make_name(name), key.public, now - DAY, now + 900 * DAY, issuer=issuer, authority=True
    )
    return sealing.issue_certificate(new, signer.sign)


def demo_list(*entries: Revoked, at: dt.datetime | None = None) -> bytes:
    """A list of the demo authority, as it would come from outside."""
    issuer, signer = DemoAuthority()._open()
    now = at or timezone.now()
    return sealing.issue_crl(NewCrl(issuer, 99, now, now + 30 * DAY, entries), signer).der


def test_a_root_comes_with_its_fingerprint_and_others_with_a_voucher(stage: Stage) -> None:
    root_key, key = sealing.generate(), sealing.generate()
    root = authority("省电子认证根", root_key)
    below = authority("省电子认证", key, above=(root, root_key))
    with pytest.raises(Invalid, match="上级"):
        seals.import_authority(stage.administrator, below.der)
    for wrong in ("", "0" * 64):
        with pytest.raises(Invalid, match="指纹"):
            seals.import_authority(stage.administrator, root.der, fingerprint=wrong)
    printed = root.digest.hex().upper()
    spaced = " ".join(printed[at : at + 4] for at in range(0, 64, 4))
    seals.import_authority(stage.administrator, root.pem(), fingerprint=spaced)
    digest = seals.import_authority(stage.administrator, below.pem())
    assert below in seals.trust().intermediates
    assert root in seals.trust().anchors
    seals.distrust(stage.administrator, digest, words="机构停业")
    assert below not in seals.trust().intermediates
    for actor in (stage.custodian, stage.approver, stage.auditor, stage.elsewhere):
        with pytest.raises(NotAllowed):
            seals.import_authority(actor, below.der)
        with pytest.raises(NotAllowed):
            seals.import_crl(actor, b"")


def test_what_is_no_authority_is_not_trusted(stage: Stage) -> None:
    row = Seal.objects.get(public_id=seal_in_force(stage))
    key = sealing.generate()
    now = timezone.now()
    past = NewCertificate(sealing.make_name("旧根"), key.public, now - 9 * DAY, now - DAY, authority=True)
    old = sealing.issue_certificate(past, key.sign)
    before = Authority.objects.count()
    for rubbish in (
        b"",
        b"\x30\x03\x02\x01\x05",
        b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----",
    ):
        with pytest.raises(YiwangError):
            seals.import_authority(stage.administrator, rubbish)
        with pytest.raises(YiwangError):
            seals.import_crl(stage.administrator, rubbish)
    with pytest.raises(Invalid, match="不是发证机构"):
        seals.import_authority(stage.administrator, bytes(row.certificate))
    with pytest.raises(Invalid, match="过期"):
        seals.import_authority(stage.administrator, old.der, fingerprint=old.digest.hex())
    assert Authority.objects.count() == before


def test_a_late_list_suspends_the_seal_and_counts_what_was_sealed_since(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal)
    with seals.pressing(stage.custodian, seal, use=use, passphrase=PASSPHRASE) as press:
        made = press(DIGEST, "doc", about="doc_1")
    assert sealing.verify_signature(made, digest=DIGEST, trust=seals.trust(), at=timezone.now()).ok
    serial = int(Seal.objects.get(public_id=seal).serial, 16)
    revoked = Revoked(serial, timezone.now() - DAY, Reason.CESSATION)
    judged = seals.import_crl(stage.administrator, demo_list(revoked))
    assert (judged.suspended, judged.doubtful) == ((seal,), 1)
    assert Seal.objects.get(public_id=seal).state == State.SUSPENDED.value
    after = sealing.verify_signature(made, digest=DIGEST, trust=seals.trust(), at=timezone.now())
    assert after.failed is not None
    with pytest.raises(SealRefused), seals.pressing(stage.custodian, seal, use=use, passphrase=PASSPHRASE):
        raise AssertionError
    with pytest.raises(Conflict, match="吊销"):
        seals.resume(stage.administrator, seal, words="没事了")
    again = seals.import_crl(stage.administrator, demo_list(revoked))
    assert (again.suspended, again.doubtful) == ((), 1)


def test_a_revocation_after_the_impression_leaves_it_valid(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal)
    with seals.pressing(stage.custodian, seal, use=use, passphrase=PASSPHRASE) as press:
        made = press(DIGEST, "doc", about="doc_1")
    seals.ask_cancellation(stage.custodian, seal, reason="unused", words="机构合并")
    seals.cancel(stage.administrator, seal)
    later = timezone.now() + dt.timedelta(seconds=2)
    report = sealing.verify_signature(made, digest=DIGEST, trust=seals.trust(), at=later)
    assert report.ok, report.failed


def test_an_entry_that_a_newer_list_leaves_out_is_remembered(stage: Stage) -> None:
    seal = seal_in_force(stage)
    serial = int(Seal.objects.get(public_id=seal).serial, 16)
    seals.import_crl(stage.administrator, demo_list(Revoked(serial, timezone.now() - DAY)))
    newer = timezone.now() + dt.timedelta(seconds=0)
    seals.import_crl(stage.administrator, demo_list(at=newer))
    assert any(serial in crl.revoked for crl in seals.trust().crls)
    assert RevocationList.objects.filter(names_ours=True).count() == 1


def test_a_list_is_signed_by_its_authority_and_never_older_than_the_known_one(stage: Stage) -> None:
    issuer = sealing.parse_certificate(bytes(Authority.objects.exclude(key="").get().der))
    stranger, now = sealing.generate(), timezone.now()
    forged = sealing.issue_crl(NewCrl(issuer, 5, now, now + DAY), stranger.sign)
    with pytest.raises(Invalid, match="不是受信任"):
        seals.import_crl(stage.administrator, forged.der)
    with pytest.raises(Conflict, match="更新"):
        seals.import_crl(stage.administrator, demo_list(at=now - 5 * DAY))
    with pytest.raises(Invalid, match="将来"):
        seals.import_crl(stage.administrator, demo_list(at=now + 5 * DAY))
    newest = demo_list()
    assert not seals.import_crl(stage.administrator, newest).known
    assert seals.import_crl(stage.administrator, newest).known


def test_the_demo_authority_keeps_away_from_a_real_one(stage: Stage) -> None:
    demo_authority.found(SETUP)  # a second time: nothing happens
    assert Authority.objects.count() == 2
    with pytest.raises(NotAllowed):
        demo_authority.found(stage.administrator)
    Authority.objects.exclude(key="").update(key="")
    assert not DemoAuthority().ready()
    with pytest.raises(Conflict, match="真实"):
        demo_authority.found(SETUP)
    assert seals.issuer() is None


def test_the_round_renews_our_own_list_before_it_runs_out(stage: Stage) -> None:
    seal = seal_in_force(stage)
    seals.ask_cancellation(stage.custodian, seal, reason="lost", words="丢了")
    seals.cancel(stage.administrator, seal)
    before = RevocationList.objects.count()
    seals.look_after(lambda to, title, body, *, about="": None)
    assert RevocationList.objects.count() == before
    with patch.object(timezone, "now", return_value=timezone.now() + 350 * DAY):
        seals.look_after(lambda to, title, body, *, about="": None)
        seals.look_after(lambda to, title, body, *, about="": None)
        assert all(one.is_current for one in seals.revocation_lists())
    newest = sealing.parse_crl(bytes(RevocationList.objects.order_by("-pk")[0].der))
    assert RevocationList.objects.count() == before + 1
    assert int(Seal.objects.get(public_id=seal).serial, 16) in newest.revoked


@pytest.mark.skipif(
    shutil.which("openssl") is None, reason="the system has no openssl: make test installs it"
)
def test_openssl_accepts_our_request_for_a_certificate(stage: Stage, tmp_path: Path) -> None:
    _, asked = seals.make_maker_key(SETUP, name="市电子印章系统", passphrase="制章人的口令-2026-z")
    for body, accepted in ((asked, True), (asked[:-5] + bytes([asked[-5] ^ 1]) + asked[-4:], False)):
        file = tmp_path / "request.pem"
        file.write_text(seals.as_pem(body))
        found = subprocess.run(
            ["openssl", "req", "-in", file, "-noout", "-verify", "-vfyopt", "distid:1234567812345678"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ("verify OK" in found.stdout + found.stderr) is accepted


def test_two_cancellations_leave_both_on_the_list(stage: Stage) -> None:
    record_imprint("YX-2", picture=png(5))
    both = [
        seal_in_force(stage),
        seal_in_force(stage, name=f"{UNIT}公章", picture=png(5), imprint_number="YX-2"),
    ]
    for seal in both:
        seals.ask_cancellation(stage.custodian, seal, reason="lost", words="一起丢了")
        seals.cancel(stage.administrator, seal)
    newest = sealing.parse_crl(bytes(RevocationList.objects.order_by("-pk")[0].der))
    assert set(newest.revoked) == {int(Seal.objects.get(public_id=one).serial, 16) for one in both}
