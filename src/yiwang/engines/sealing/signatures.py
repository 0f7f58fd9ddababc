# SPDX-License-Identifier: Apache-2.0
"""A document's seal signature as data (GB/T 38540-2020, clause 7; read also GM/T 0031-2014, clause 6.2)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from yiwang.engines.sealing import der, seals
from yiwang.engines.sealing.certificates import (
    SM2_WITH_SM3,
    Certificate,
    Signer,
    read_certificate,
)
from yiwang.engines.sealing.der import DerError, Reader
from yiwang.engines.sealing.errors import SealingError
from yiwang.engines.sealing.extensions import Extensions, read_extensions
from yiwang.engines.sealing.seals import Seal, parse_seal

DIGEST_LENGTH = 32
_TEXT_TIME = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
LONGEST = seals.LONGEST + 1024 * 1024


@dataclass(frozen=True)
class SealSignature:
    """A seal signature as it was read. Two are equal when their bytes are.

    Attributes:
        der: the whole. version: 4, or 1 for the older structure. seal: the one inside. at: when, as the
        signer says. digest: SM3 of the document's protected part. document_property: what is protected.
        certificate_der: the signer's. algorithm: OID. signed, signature: what the signer signed.
        extensions: own data: OID → (critical, value). time_stamp: a token over `signature`, not evaluated.
    """

    der: bytes
    version: int = field(compare=False)
    seal: Seal = field(compare=False, repr=False)
    at: dt.datetime = field(compare=False)
    digest: bytes = field(compare=False)
    document_property: str = field(compare=False)
    extensions: Extensions = field(compare=False, repr=False)
    certificate_der: bytes = field(compare=False, repr=False)
    algorithm: str = field(compare=False)
    signed: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)
    time_stamp: bytes | None = field(compare=False, repr=False, default=None)

    @property
    def certificate(self) -> Certificate:
        """The signer's certificate. Raises SealingError when it does not read."""
        return read_certificate(self.certificate_der)


def sign_document(
    *,
    seal: bytes,
    digest: bytes,
    document_property: str,
    at: dt.datetime,
    certificate: Certificate,
    signer: Signer,
) -> bytes:
    """Put a seal under a document: DER SES_Signature (7.2 b). Verify the seal before (7.2 a): `verify_seal`.

    Args:
        seal: DER SESeal. digest: SM3 of what is protected. document_property: ASCII, what is protected.
        at: with zone; cut to the second. certificate: the signer's, which the seal must name.

    Raises SealingError: the seal does not name the signer, or is not in force at that time.
    """
    parsed = parse_seal(seal)
    moment = der.utc(at)
    if parsed.version != seals.VERSION:
        raise SealingError("这是旧版结构的印章，不能再用来盖章。", mend="请重新制作第 4 版印章。")
    if not parsed.held_by(certificate):
        raise SealingError("印章里没有这张签章者证书。", mend="证书换过的，请重新制作印章。")
    if not parsed.not_before <= moment <= parsed.not_after:
        raise SealingError("盖章时间不在印章有效期内。", mend="请更新延期或换用有效的印章。")
    if len(digest) != DIGEST_LENGTH:
        raise SealingError("原文杂凑值应为 32 字节的 SM3 值。", mend="请用 SM3 计算。")
    signed = der.sequence(
        _VERSION, seal, der.generalized_time(moment), der.bits(digest), der.ia5(document_property)
    )
    return der.sequence(signed, der.octets(certificate.der), _ALGORITHM, der.bits(signer(signed)))


_VERSION, _ALGORITHM = der.integer(seals.VERSION), der.oid(SM2_WITH_SM3)


def parse_signature(data: bytes) -> SealSignature:
    """Read DER SES_Signature of version 4, or of GM/T 0031-2014. Raises SealingError; checks no signature."""
    if len(data) > LONGEST:
        raise SealingError("签章数据过大。", mend="请核对文件是不是电子签章。")
    body = Reader.whole(data)
    signed = body.raw()
    if body.peek() == der.BIT_STRING:
        return _read_old(data, signed, body)
    certificate, algorithm, signature = body.octets(), body.oid(), body.bits()
    stamp = body.sequence(der.CONTEXT_0) if body.peek() == der.CONTEXT_0 else None
    time_stamp = stamp.bits() if stamp else None
    if stamp:
        stamp.end()
    body.end()
    fields = Reader.whole(signed)
    version, seal = fields.integer(), parse_seal(fields.raw())
    at, digest, about = fields.generalized_time(), fields.bits(), fields.ia5()
    own = read_extensions(fields.explicit(der.CONTEXT_0)) if fields.more else {}
    fields.end()
    _same_version(version, seal)
    return SealSignature(
        data, version, seal, at, digest, about, own, certificate, algorithm, signed, signature, time_stamp
    )


def _read_old(data: bytes, signed: bytes, body: Reader) -> SealSignature:
    signature = body.bits()
    body.end()
    fields = Reader.whole(signed)
    version, seal = fields.integer(), parse_seal(fields.raw())
    at, digest, about = _old_time(fields.bits()), fields.bits(), fields.ia5()
    certificate, algorithm = fields.octets(), fields.oid()
    fields.end()
    _same_version(version, seal)
    return SealSignature(
        data, version, seal, at, digest, about, {}, certificate, algorithm, signed, signature
    )


def _same_version(version: int, seal: Seal) -> None:
    if version != seal.version:
        raise DerError(f"签章版本 {version} 与印章版本 {seal.version} 不一致。")


def _old_time(content: bytes) -> dt.datetime:
    """The time of GM/T 0031-2014, in a bit string: a DER time, or text in China's time. Raises DerError."""
    if _TEXT_TIME.fullmatch(content):
        try:
            return dt.datetime.strptime(content.decode() + "+0800", "%Y-%m-%d %H:%M:%S%z").astimezone(dt.UTC)
        except ValueError:
            raise DerError("签章时间读不出来。") from None
    reader = Reader(content)
    moment = reader.utc_time() if reader.peek() == der.UTC_TIME else reader.generalized_time()
    reader.end()
    return moment
