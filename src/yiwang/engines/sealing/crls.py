# SPDX-License-Identifier: Apache-2.0
"""Certificate revocation lists (GB/T 20518, X.509 version 2): read them, issue them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from yiwang.engines.sealing import der, names, pem
from yiwang.engines.sealing.certificates import (
    Certificate,
    Signer,
    algorithm,
    key_id,
    opened,
    read_algorithm,
    read_time,
    time,
)
from yiwang.engines.sealing.der import DerError, Reader
from yiwang.engines.sealing.errors import SealingError
from yiwang.engines.sealing.extensions import (
    AUTHORITY_KEY,
    SCOPE,
    Scope,
    extension,
    read_extensions,
    scope,
    scope_of,
    unknown_of,
)
from yiwang.engines.sealing.names import Name

_NUMBER, _REASON, _INVALID_FROM = "2.5.29.20", "2.5.29.21", "2.5.29.24"
_KNOWN = {AUTHORITY_KEY, _NUMBER, SCOPE}
_LABEL = "X509 CRL"
LONGEST = 16 * 1024 * 1024
_ENUMERATED = 0x0A


class Reason(IntEnum):
    """Why a certificate was revoked (RFC 5280, 5.3.1)."""

    UNSPECIFIED = 0
    KEY_COMPROMISE = 1
    CA_COMPROMISE = 2
    AFFILIATION_CHANGED = 3
    SUPERSEDED = 4
    CESSATION = 5
    HOLD = 6
    REMOVED = 8
    PRIVILEGE_WITHDRAWN = 9
    AA_COMPROMISE = 10


REASON_WORDS = {
    Reason.UNSPECIFIED: "未说明原因",
    Reason.KEY_COMPROMISE: "密钥泄露",
    Reason.CA_COMPROMISE: "发证机构密钥泄露",
    Reason.AFFILIATION_CHANGED: "单位变更",
    Reason.SUPERSEDED: "已换发新证书",
    Reason.CESSATION: "停止使用",
    Reason.HOLD: "暂停使用",
    Reason.REMOVED: "解除暂停",
    Reason.PRIVILEGE_WITHDRAWN: "权限被收回",
    Reason.AA_COMPROMISE: "属性机构密钥泄露",
}


@dataclass(frozen=True)
class Revoked:
    """One revoked certificate. `invalid_from`: when the key may have leaked, where the issuer says so."""

    serial: int
    at: dt.datetime
    reason: Reason = Reason.UNSPECIFIED
    invalid_from: dt.datetime | None = None


@dataclass(frozen=True)
class Crl:
    """A revocation list as it was read. Two are equal when their bytes are.

    `scope`: of which certificates it speaks. `unknown`: critical extensions that are not understood here.
    """

    der: bytes
    tbs: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)
    issuer_name: Name = field(compare=False)
    this_update: dt.datetime = field(compare=False)
    next_update: dt.datetime | None = field(compare=False)
    revoked: dict[int, Revoked] = field(compare=False, repr=False, default_factory=dict)
    scope: Scope = field(compare=False, default=Scope())
    unknown: tuple[str, ...] = field(compare=False, default=())

    @property
    def issuer(self) -> str:
        """The issuer in one line."""
        return str(self.issuer_name)


@dataclass(frozen=True)
class NewCrl:
    """What a list shall say. `number` grows with each list of an issuer.

    With `point` it speaks only of certificates that name this address among their `points`.
    """

    issuer: Certificate
    number: int
    this_update: dt.datetime
    next_update: dt.datetime
    revoked: tuple[Revoked, ...] = ()
    point: str = ""


def issue_crl(new: NewCrl, signer: Signer) -> Crl:
    """Make and sign a revocation list. Raises SealingError when the dates are the wrong way round."""
    if der.utc(new.this_update) >= der.utc(new.next_update):
        raise SealingError("撤销列表的下次更新时间不晚于本次。", mend="请核对时间。")
    rows = [_row(entry) for entry in new.revoked]
    says = [
        extension(AUTHORITY_KEY, der.sequence(der.field(0x80, key_id(new.issuer.public_key)))),
        extension(_NUMBER, der.integer(new.number)),
        *([scope(new.point)] if new.point else []),
    ]
    tbs = der.sequence(
        der.integer(1),
        algorithm(),
        new.issuer.subject_name.der,
        time(new.this_update),
        time(new.next_update),
        der.sequence(*rows) if rows else b"",
        der.field(der.CONTEXT_0, der.sequence(*says)),
    )
    return parse_crl(der.sequence(tbs, algorithm(), der.bits(signer(tbs))))


def _row(entry: Revoked) -> bytes:
    says = []
    if entry.reason is not Reason.UNSPECIFIED:
        says.append(extension(_REASON, der.field(_ENUMERATED, bytes((entry.reason,)))))
    if entry.invalid_from:
        says.append(extension(_INVALID_FROM, der.generalized_time(entry.invalid_from)))
    return der.sequence(der.integer(entry.serial), time(entry.at), der.sequence(*says) if says else b"")


def parse_crl(data: bytes) -> Crl:
    """Read one revocation list, DER or PEM. Raises SealingError."""
    found = parse_crls(data)
    if len(found) != 1:
        raise SealingError("文件里不止一份撤销列表。", mend="请分开提供。")
    return found[0]


def parse_crls(data: bytes) -> tuple[Crl, ...]:
    """Every revocation list of a PEM bundle, or the one of a DER file. Raises SealingError."""
    return tuple(map(_parse, pem.read(_LABEL, data) or [bytes(data)]))


@lru_cache(maxsize=64)
def _parse(whole: bytes) -> Crl:
    tbs, signature = opened(whole, LONGEST, "撤销列表")
    body = Reader.whole(tbs)
    if body.peek() == der.INTEGER and body.integer() != 1:
        raise DerError("不是第 2 版撤销列表。")
    read_algorithm(body)
    issuer, this_update = names.read(body), read_time(body)
    next_update = read_time(body) if body.peek() in (der.UTC_TIME, der.GENERALIZED_TIME) else None
    rows = _read_rows(body.sequence()) if body.peek() == der.SEQUENCE else []
    says = read_extensions(body.explicit(der.CONTEXT_0)) if body.more else {}
    body.end()
    unknown = [*unknown_of(says, _KNOWN), *(kind for _, kinds in rows for kind in kinds)]
    revoked = {entry.serial: entry for entry, _ in rows}
    if len(revoked) != len(rows):
        raise DerError("撤销列表里有证书出现了两次。")
    return Crl(
        whole, tbs, signature, issuer, this_update, next_update, revoked, scope_of(says), tuple(unknown)
    )


def _read_rows(rows: Reader) -> list[tuple[Revoked, tuple[str, ...]]]:
    found = []
    while rows.more:
        row = rows.sequence()
        serial, at = row.integer(), read_time(row)
        says = read_extensions(row.sequence()) if row.more else {}
        row.end()
        reason = _reason(says[_REASON][1]) if _REASON in says else Reason.UNSPECIFIED
        since = _moment(says[_INVALID_FROM][1]) if _INVALID_FROM in says else None
        unknown = unknown_of(says, {_REASON, _INVALID_FROM})
        found.append((Revoked(serial, at, reason, since), unknown))
    return found


def _moment(value: bytes) -> dt.datetime:
    reader = Reader(value)
    moment = reader.generalized_time()
    reader.end()
    return moment


def _reason(value: bytes) -> Reason:
    try:
        if len(value) == 3 and value[:2] == bytes((_ENUMERATED, 1)):
            return Reason(value[2])
    except ValueError:
        pass
    raise DerError("撤销原因读不出来。")
