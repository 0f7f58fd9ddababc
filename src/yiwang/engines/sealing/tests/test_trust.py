# SPDX-License-Identifier: Apache-2.0
"""Chains of certificates, and what other programs say of ours."""

from __future__ import annotations

import datetime as dt
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import x509

from yiwang.engines.sealing import (
    Certificate,
    NewCertificate,
    PrivateKey,
    Reason,
    Revoked,
    SealingError,
    TrustStore,
    generate,
    issue_certificate,
    make_name,
    make_seal,
    parse_certificate,
    parse_certificates,
    parse_crl,
)
from yiwang.engines.sealing import trust as trusting
from yiwang.engines.sealing.tests.samples import END, NOW, START, World

W = World()
DAY = dt.timedelta(days=1)


def authority(
    name: str, issuer: Certificate, signer: PrivateKey, depth: int | None = None
) -> tuple[Certificate, PrivateKey]:
    """An authority under another."""
    key = generate()
    new = NewCertificate(make_name(name), key.public, START, END, issuer, authority=True, path_length=depth)
    return issue_certificate(new, signer.sign), key


def test_a_chain_over_an_authority_between() -> None:
    middle, key = authority("河南省电子认证机构", W.root, W.root_key)
    end = issue_certificate(
        NewCertificate(make_name("某局"), generate().public, START, END, middle), key.sign
    )
    store = TrustStore((W.root,), (), (middle,))
    assert trusting.chain_of(end, store) == (end, middle, W.root)
    with pytest.raises(SealingError, match="不是由受信任的机构签发"):
        trusting.chain_of(end, TrustStore((W.root,)))
    with pytest.raises(SealingError, match="一份也没有"):
        trusting.check_revocation(
            (end, middle, W.root), TrustStore((W.root,), (W.crl(),)), used_at=NOW, now=NOW
        )


def test_an_end_certificate_issues_nothing() -> None:
    end = issue_certificate(
        NewCertificate(make_name("某局"), generate().public, START, END, W.holder), W.holder_key.sign
    )
    for store in (TrustStore((W.root,), (), (W.holder,)), TrustStore((W.root, W.holder))):
        with pytest.raises(SealingError, match="没有签发证书的权限"):
            trusting.chain_of(end, store)


def test_an_anchor_does_not_vouch_for_itself_as_a_signer() -> None:
    with pytest.raises(SealingError, match="信任库里没有"):
        trusting.chain_of(W.holder, TrustStore((W.holder,)))


def test_an_authority_of_the_same_name_did_not_sign_it() -> None:
    with pytest.raises(SealingError, match="没有签过它"):
        trusting.chain_of(W.holder, TrustStore((World().root,)))


def test_a_path_length_is_kept() -> None:
    middle, key = authority("第一层", W.root, W.root_key, depth=0)
    below, below_key = authority("第二层", middle, key)
    end = issue_certificate(
        NewCertificate(make_name("某局"), generate().public, START, END, below), below_key.sign
    )
    with pytest.raises(SealingError, match="层数超过了限制"):
        trusting.chain_of(end, TrustStore((W.root,), (), (middle, below)))
    direct = issue_certificate(
        NewCertificate(make_name("某局"), generate().public, START, END, middle), key.sign
    )
    assert trusting.chain_of(direct, TrustStore((W.root,), (), (middle,)))


def test_a_circle_of_authorities_ends() -> None:
    key = generate()
    name = make_name("甲"), make_name("乙")
    first = NewCertificate(name[0], key.public, START, END, authority=True)
    a = issue_certificate(
        replace(first, issuer=issue_certificate(replace(first, subject=name[1]), key.sign)), key.sign
    )
    b = issue_certificate(replace(first, subject=name[1], issuer=a), key.sign)
    end = issue_certificate(NewCertificate(make_name("某局"), key.public, START, END, a), key.sign)
    with pytest.raises(SealingError):
        trusting.chain_of(end, TrustStore((W.root,), (), (a, b)))


# --- other programs -------------------------------------------------------------------------------


def test_asn1crypto_reads_the_same_certificate() -> None:
    read = x509.Certificate.load(W.holder.der, strict=True)
    assert read.serial_number == W.holder.serial
    assert read.subject.native["common_name"] == W.holder.common_name
    assert read.subject.native["organization_name"] == W.holder.organization
    assert read.not_valid_after == W.holder.not_after
    assert read.key_usage_value.native == {"digital_signature", "non_repudiation"}
    assert read.dump(force=True) == W.holder.der


@pytest.mark.parametrize("year", [2030, 2049, 2050, 2080])
def test_dates_to_2049_and_after(year: int) -> None:
    end = dt.datetime(year, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
    certificate = W.issue("某局", generate(), not_after=end)
    assert certificate.not_after == end == x509.Certificate.load(certificate.der).not_valid_after


def openssl(*arguments: str | Path, at: Path) -> str:
    """What OpenSSL prints; raises when it ends badly."""
    done = subprocess.run(
        ["openssl", *map(str, arguments)], cwd=at, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_openssl_believes_our_chain(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(W.root.pem())
    (tmp_path / "holder.pem").write_bytes(W.holder.pem())
    arguments = (
        "verify",
        "-vfyopt",
        "distid:1234567812345678",
        "-attime",
        str(int(NOW.timestamp())),
        "-CAfile",
    )
    assert "OK" in openssl(*arguments, "root.pem", "holder.pem", at=tmp_path)
    (tmp_path / "twin.pem").write_bytes(World().root.pem())
    with pytest.raises(subprocess.CalledProcessError):
        openssl(*arguments, "twin.pem", "holder.pem", at=tmp_path)


def test_openssl_reads_our_list_and_its_signature(tmp_path: Path) -> None:
    # `openssl verify -crl_check` of OpenSSL 3 cannot be told a signer id for lists; `pkeyutl` can.
    crl = W.crl(Revoked(W.holder.serial, NOW, Reason.KEY_COMPROMISE, START))
    for name, content in (("list.der", crl.der), ("list.tbs", crl.tbs), ("list.sig", crl.signature)):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "root.pem").write_bytes(W.root.pem())
    text = openssl("crl", "-inform", "DER", "-in", "list.der", "-noout", "-text", at=tmp_path)
    for word in ("Key Compromise", f"{W.holder.serial:X}", "Jun  1 04:00:00 2026 GMT", "Invalidity Date"):
        assert word in text
    openssl("x509", "-in", "root.pem", "-pubkey", "-noout", "-out", "root.key", at=tmp_path)
    check = (
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "root.key",
        "-rawin",
        "-digest",
        "sm3",
        "-in",
        "list.tbs",
    )
    openssl(*check, "-sigfile", "list.sig", "-pkeyopt", "distid:1234567812345678", at=tmp_path)


def test_files_of_either_form() -> None:
    both = W.root.pem() + b"# comment\n" + W.holder.pem()
    assert parse_certificates(both) == (W.root, W.holder)
    assert parse_certificate(W.root.der) == parse_certificate(W.root.pem()) == W.root
    assert hash(W.root) == hash(parse_certificate(W.root.pem()))
    assert parse_crl(W.crl().der).issuer == W.root.subject
    for wrong in (both, b"", b"-----BEGIN CERTIFICATE-----\nAA=A\n-----END CERTIFICATE-----", W.crl().der):
        with pytest.raises(SealingError):
            parse_certificate(wrong)
    for wrong in (b"", W.root.der, b"\x30\x00"):
        with pytest.raises(SealingError):
            parse_crl(wrong)


def test_a_certificate_of_another_curve_is_refused_with_its_reason() -> None:
    from cryptography import x509 as other
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding

    key = ec.generate_private_key(ec.SECP256R1())
    name = other.Name([other.NameAttribute(other.NameOID.COMMON_NAME, "x")])
    made = (
        other.CertificateBuilder(name, name, key.public_key(), 1, START, END)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
    with pytest.raises(SealingError, match="不是 SM2 配 SM3"):
        parse_certificate(made)


def test_dates_the_wrong_way_round_are_not_issued() -> None:
    with pytest.raises(SealingError):
        W.issue("某局", generate(), not_after=START - DAY)
    with pytest.raises(SealingError):
        W.crl(at=END, until=START)
    with pytest.raises(SealingError):
        make_seal(W.new_seal(not_after=START), maker=W.maker, signer=W.maker_key.sign)
    with pytest.raises(SealingError):
        make_name("")
