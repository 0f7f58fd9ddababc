# SPDX-License-Identifier: Apache-2.0
"""SM2 certificates (GB/T 20518, X.509 version 3): read them, issue them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from yiwang.engines.sealing import der, names, pem
from yiwang.engines.sealing.der import DerError, Reader
from yiwang.engines.sealing.errors import SealingError
from yiwang.engines.sealing.extensions import (
    AUTHORITY_KEY,
    BASIC_CONSTRAINTS,
    KEY_USAGE,
    SUBJECT_KEY,
    Meaning,
    extension,
    meaning_of,
    points,
    read_extensions,
)
from yiwang.engines.sealing.names import Name
from yiwang.engines.sealing.sm2 import PublicKey, public_key, sm3

Signer = Callable[[bytes], bytes]
"""Message → DER signature under SIGNER_ID: how a key that is kept anywhere appears here."""

SM2_WITH_SM3, SM3 = "1.2.156.10197.1.501", "1.2.156.10197.1.401"
_EC, _SM2 = "1.2.840.10045.2.1", "1.2.156.10197.1.301"
LONGEST = 16 * 1024
_LAST_UTC_YEAR = 2049
_LABEL = "CERTIFICATE"


@dataclass(frozen=True)
class Certificate:
    """A certificate as it was read. Two are equal when their bytes are.

    Attributes:
        der: the whole. tbs, signature: what its issuer signed, and the signature.
        subject_name, issuer_name: whose key, who says so. not_before, not_after: UTC, both included.
        meaning: what its extensions say.
    """

    der: bytes
    tbs: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)
    serial: int = field(compare=False)
    subject_name: Name = field(compare=False)
    issuer_name: Name = field(compare=False)
    not_before: dt.datetime = field(compare=False)
    not_after: dt.datetime = field(compare=False)
    public_key: PublicKey = field(compare=False, repr=False)
    meaning: Meaning = field(compare=False, default=Meaning())

    @property
    def authority(self) -> bool:
        """Whether it may issue others."""
        return self.meaning.authority

    def may(self, usage: str) -> bool:
        """Whether its key usage names this; False when it says nothing."""
        return usage in (self.meaning.usage or ())

    @property
    def subject(self) -> str:
        """The subject in one line."""
        return str(self.subject_name)

    @property
    def issuer(self) -> str:
        """The issuer in one line."""
        return str(self.issuer_name)

    @cached_property
    def common_name(self) -> str:
        """The subject's common name."""
        return self.subject_name.first(names.COMMON_NAME)

    @property
    def organization(self) -> str:
        """The subject's organisation; empty when the certificate names none."""
        return self.subject_name.first(names.ORGANIZATION)

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer are the same name."""
        return self.subject_name.der == self.issuer_name.der

    @cached_property
    def digest(self) -> bytes:
        """SM3 of the whole."""
        return sm3(self.der)

    def pem(self) -> bytes:
        """The certificate as PEM."""
        return pem.write(_LABEL, self.der)


@dataclass(frozen=True)
class NewCertificate:
    """What a certificate shall say. Without `issuer` it is self-issued: the root of a chain.

    Attributes:
        subject: see `names.make`. key: the subject's. not_before, not_after: with zone; cut to the second.
        issuer: certificate of the signing authority. authority: may issue certificates and CRLs.
        path_length: of an authority. serial: a positive number; drawn at random when None.
        points: addresses where the issuer's revocation list is to be had.
    """

    subject: Name
    key: PublicKey
    not_before: dt.datetime
    not_after: dt.datetime
    issuer: Certificate | None = None
    authority: bool = False
    path_length: int | None = None
    serial: int | None = None
    points: tuple[str, ...] = ()


def issue_certificate(new: NewCertificate, signer: Signer) -> Certificate:
    """Make and sign a certificate. Raises SealingError when the dates are the wrong way round."""
    if der.utc(new.not_before) >= der.utc(new.not_after):
        raise SealingError("证书的起始时间不早于终止时间。", mend="请核对有效期。")
    serial = secrets.randbits(126) + (1 << 126) if new.serial is None else new.serial
    issuer = new.issuer.subject_name if new.issuer else new.subject
    tbs = der.sequence(
        der.field(der.CONTEXT_0, der.integer(2)),
        der.integer(serial),
        algorithm(),
        issuer.der,
        der.sequence(time(new.not_before), time(new.not_after)),
        new.subject.der,
        new.key.spki,
        der.field(0xA3, der.sequence(*_extensions(new))),
    )
    return parse_certificate(der.sequence(tbs, algorithm(), der.bits(signer(tbs))))


def _extensions(new: NewCertificate) -> list[bytes]:
    issuer_key = new.issuer.public_key if new.issuer else new.key
    rows = [
        extension(AUTHORITY_KEY, der.sequence(der.field(0x80, key_id(issuer_key)))),
        extension(SUBJECT_KEY, der.octets(key_id(new.key))),
    ]
    if new.authority:
        depth = b"" if new.path_length is None else der.integer(new.path_length)
        rows.append(extension(BASIC_CONSTRAINTS, der.sequence(der.field(der.BOOLEAN, b"\xff"), depth), True))
        rows.append(extension(KEY_USAGE, bytes.fromhex("03020106"), True))  # keyCertSign, cRLSign
    else:
        rows.append(extension(BASIC_CONSTRAINTS, der.sequence(), True))
        rows.append(extension(KEY_USAGE, bytes.fromhex("030206c0"), True))  # digitalSignature, nonRepudiation
    return [*rows, points(new.points)] if new.points else rows


def algorithm() -> bytes:
    """AlgorithmIdentifier of SM2 with SM3, without parameters."""
    return der.sequence(der.oid(SM2_WITH_SM3))


def time(moment: dt.datetime) -> bytes:
    """Time: UTCTime to 2049, GeneralizedTime after (RFC 5280, 4.1.2.5)."""
    moment = der.utc(moment)
    if moment.year > _LAST_UTC_YEAR:
        return der.generalized_time(moment)
    return der.field(der.UTC_TIME, f"{moment:%y%m%d%H%M%S}Z".encode())


def key_id(key: PublicKey) -> bytes:
    """The first 20 octets of SM3 of the point."""
    return sm3(key.point)[:20]


def parse_certificate(data: bytes) -> Certificate:
    """Read one certificate, DER or PEM. Raises SealingError, also for keys and algorithms other than SM2."""
    found = parse_certificates(data)
    if len(found) != 1:
        raise SealingError("文件里不止一张证书。", mend="请分开提供。")
    return found[0]


def parse_certificates(data: bytes) -> tuple[Certificate, ...]:
    """Every certificate of a PEM bundle, or the one of a DER file. Raises SealingError."""
    return tuple(map(read_certificate, pem.read(_LABEL, data) or [bytes(data)]))


@lru_cache(maxsize=1024)
def read_certificate(whole: bytes) -> Certificate:
    """Read a DER certificate, once. Raises SealingError."""
    tbs, signature = opened(whole, LONGEST, "证书")
    body = Reader.whole(tbs)
    version = body.sequence(der.CONTEXT_0)
    if version.integer() != 2:
        raise DerError("不是第 3 版证书。")
    version.end()
    serial = body.integer()
    read_algorithm(body)
    issuer = names.read(body)
    validity = body.sequence()
    not_before, not_after = read_time(validity), read_time(validity)
    validity.end()
    subject, key = names.read(body), _read_key(body)
    for unused in (0x81, 0x82):  # issuerUniqueID, subjectUniqueID
        if body.peek() == unused:
            body.raw()
    says = read_extensions(body.explicit(0xA3)) if body.more else {}
    body.end()
    return Certificate(
        whole, tbs, signature, serial, subject, issuer, not_before, not_after, key, meaning_of(says)
    )


def opened(whole: bytes, longest: int, what: str) -> tuple[bytes, bytes]:
    """What is signed and its signature, in the envelope that certificates and revocation lists share
    (RFC 5280, 4.1.1 and 5.1.1); `longest` in bytes. Raises SealingError."""
    if len(whole) > longest:
        raise SealingError(f"{what}过大。", mend=f"请核对文件是不是{what}。")
    der.check(whole)
    outer = Reader.whole(whole)
    tbs = outer.raw()
    read_algorithm(outer)
    signature = outer.bits()
    outer.end()
    return tbs, signature


def read_algorithm(reader: Reader) -> None:
    """Take the next field when it is SM2 with SM3. Raises SealingError for any other algorithm."""
    inner = reader.sequence()
    if (found := inner.oid()) != SM2_WITH_SM3:
        raise SealingError(f"签名算法 {found} 不是 SM2 配 SM3。", mend="请换用国密证书。")
    if inner.peek() == 0x05:
        inner.raw()
    inner.end()


def read_time(reader: Reader) -> dt.datetime:
    """The next field as a UTCTime or GeneralizedTime. Raises DerError."""
    return reader.utc_time() if reader.peek() == der.UTC_TIME else reader.generalized_time()


def _read_key(body: Reader) -> PublicKey:
    info = body.sequence()
    kind = info.sequence()
    if (kind.oid(), kind.oid()) != (_EC, _SM2):
        raise SealingError("证书里的公钥不是 SM2 公钥。", mend="请换用国密证书。")
    kind.end()
    point = info.bits()
    info.end()
    return public_key(point)
