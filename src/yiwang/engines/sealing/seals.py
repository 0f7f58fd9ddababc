# SPDX-License-Identifier: Apache-2.0
"""The seal as data (GB/T 38540-2020, clause 6; read also GM/T 0031-2014, clause 6.1)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Any

from yiwang.engines.sealing import der, pictures
from yiwang.engines.sealing.certificates import (
    SM2_WITH_SM3,
    Certificate,
    Signer,
    read_certificate,
)
from yiwang.engines.sealing.der import DerError, Reader
from yiwang.engines.sealing.errors import SealingError
from yiwang.engines.sealing.extensions import Extensions, read_extensions
from yiwang.engines.sealing.pictures import Picture

VERSION = 4
OLD_VERSIONS = frozenset({1, 11})  # of GM/T 0031-2014, as its text and its implementations write it
LONGEST = 8 * 1024 * 1024
KEPT = 256 * 1024
"""Seals up to this size are kept once read: the same few are seen again and again."""

MOST_HOLDERS, LONGEST_TEXT = 200, 256
_ID = "ES"
_CERTIFICATES, _DIGESTS = 1, 2


class SealKind(IntEnum):
    """The seal's type: 1 and 2 are the values that GM/T 0031-2014, 6.1.1.1 b names as examples."""

    UNIT = 1
    PERSON = 2


@dataclass(frozen=True)
class NewSeal:
    """What a seal shall say.

    Attributes:
        seal_id, vendor: ASCII. name: as filed with the police. holders: who may use it.
        not_before, not_after, made_at: with zone; cut to the second.
    """

    seal_id: str
    name: str
    kind: SealKind
    holders: tuple[Certificate, ...]
    picture: Picture
    not_before: dt.datetime
    not_after: dt.datetime
    made_at: dt.datetime
    vendor: str = "YIWANG"


@dataclass(frozen=True)
class Seal:
    """A seal as it was read. Two are equal when their bytes are.

    Attributes:
        der: the whole. version: 4, or 1 for the older structure. signed, signature: what the maker signed.
        holders: certificates (DER) of those who may use it; empty when `digests` names them by SM3.
        maker: the maker's certificate (DER). algorithm: OID of the maker's signature.
        extensions: own data of the vendor: OID → (critical, value).
    """

    der: bytes
    version: int = field(compare=False)
    vendor: str = field(compare=False)
    seal_id: str = field(compare=False)
    kind: int = field(compare=False)
    name: str = field(compare=False)
    holders: tuple[bytes, ...] = field(compare=False, repr=False)
    digests: tuple[bytes, ...] = field(compare=False, repr=False)
    made_at: dt.datetime = field(compare=False)
    not_before: dt.datetime = field(compare=False)
    not_after: dt.datetime = field(compare=False)
    picture: Picture = field(compare=False, repr=False)
    extensions: Extensions = field(compare=False, repr=False)
    maker: bytes = field(compare=False, repr=False)
    algorithm: str = field(compare=False)
    signed: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)

    @property
    def maker_certificate(self) -> Certificate:
        """The certificate of who made the seal. Raises SealingError when it does not read."""
        return read_certificate(self.maker)

    def held_by(self, certificate: Certificate) -> bool:
        """Whether the seal names this certificate among those who may use it."""
        return certificate.der in self.holders or certificate.digest in self.digests


def make_seal(new: NewSeal, *, maker: Certificate, signer: Signer) -> bytes:
    """A seal, signed by its maker: DER SESeal. Raises SealingError when what it shall say is not sound."""
    pictures.check(new.picture)
    if not new.holders or not new.name or not new.seal_id:
        raise SealingError("印章标识、名称和签章者证书都不能为空。", mend="请补全后再制作。")
    if der.utc(new.not_before) >= der.utc(new.not_after):
        raise SealingError("印章有效期的起始不早于终止。", mend="请核对有效期。")
    info = der.sequence(
        der.sequence(der.ia5(_ID), der.integer(VERSION), der.ia5(new.vendor)),
        der.ia5(new.seal_id),
        der.sequence(
            der.integer(new.kind),
            der.utf8(new.name),
            der.integer(_CERTIFICATES),
            der.sequence(*(der.octets(holder.der) for holder in new.holders)),
            *map(der.generalized_time, (new.made_at, new.not_before, new.not_after)),
        ),
        der.sequence(
            der.ia5(new.picture.kind),
            der.octets(new.picture.data),
            der.integer(new.picture.width_mm),
            der.integer(new.picture.height_mm),
        ),
    )
    seal = der.sequence(info, der.octets(maker.der), der.oid(SM2_WITH_SM3), der.bits(signer(info)))
    parse_seal(seal)
    return seal


def parse_seal(data: bytes) -> Seal:
    """Read DER SESeal of version 4, or of GM/T 0031-2014. Raises SealingError; looks at no signature."""
    if len(data) > LONGEST:
        raise SealingError("印章数据过大。", mend="请核对文件是不是电子印章。")
    return _kept(data) if len(data) <= KEPT else _read(data)


@lru_cache(maxsize=64)
def _kept(data: bytes) -> Seal:
    return _read(data)


def _read(data: bytes) -> Seal:
    body = Reader.whole(data)
    info = body.raw()
    old = body.peek() == der.SEQUENCE
    said = _read_info(info, old)
    tail = body.sequence() if old else body
    maker = tail.raw()
    algorithm = tail.raw()
    signature = tail.bits()
    tail.end()
    body.end()
    return Seal(
        der=data,
        maker=Reader(maker).octets(),
        algorithm=Reader(algorithm).oid(),
        signed=der.sequence(info, maker, algorithm) if old else info,
        signature=signature,
        **said,
    )


def _read_info(info: bytes, old: bool) -> dict[str, Any]:
    fields = Reader.whole(info)
    header = fields.sequence()
    if header.ia5() != _ID:
        raise DerError("印章头标识不是 ES。")
    version, vendor = header.integer(), _short(header.ia5())
    header.end()
    if version not in (OLD_VERSIONS if old else {VERSION}):
        raise DerError(f"不认识的印章版本 {version}（能验证第 4 版和 GM/T 0031-2014 的结构）。")
    said = {
        "version": version,
        "vendor": vendor,
        "seal_id": _short(fields.ia5()),
        **_read_properties(fields.sequence(), old),
        "picture": _read_picture(fields.sequence()),
        "extensions": _read_own(fields, old),
    }
    fields.end()
    return said


def _read_properties(fields: Reader, old: bool) -> dict[str, Any]:
    kind, name = fields.integer(), _short(fields.utf8())
    listed = _CERTIFICATES if old else fields.integer()
    holders, digests = _read_holders(fields.sequence(), listed)
    moment = fields.utc_time if old else fields.generalized_time
    said = {"kind": kind, "name": name, "holders": holders, "digests": digests}
    said |= {key: moment() for key in ("made_at", "not_before", "not_after")}
    fields.end()
    return said


def _short(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise DerError(f"印章里有文字超过 {LONGEST_TEXT} 个字。")
    return text


def _read_holders(rows: Reader, listed: int) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    found: list[bytes] = []
    while rows.more and len(found) < MOST_HOLDERS:
        if listed == _DIGESTS:
            row = rows.sequence()
            row.printable()
            found.append(row.octets())
            row.end()
        else:
            found.append(rows.octets())
            read_certificate(found[-1])
    rows.end()
    if listed not in (_CERTIFICATES, _DIGESTS) or not found:
        raise DerError("签章者证书列表为空，或类型不是 1、2。")
    return (tuple(found), ()) if listed == _CERTIFICATES else ((), tuple(found))


def _read_picture(fields: Reader) -> Picture:
    picture = Picture(fields.ia5(), fields.octets(), fields.integer(), fields.integer())
    fields.end()
    return picture


def _read_own(fields: Reader, old: bool) -> Extensions:
    if old and fields.peek() == der.CONTEXT_0:
        return read_extensions(fields.explicit(der.CONTEXT_0))
    return read_extensions(fields.sequence()) if fields.more else {}
