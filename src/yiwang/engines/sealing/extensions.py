# SPDX-License-Identifier: Apache-2.0
"""Extensions of certificates, revocation lists and seals: write them, read them, say what they mean."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.engines.sealing import der
from yiwang.engines.sealing.der import DerError, Reader

Extensions = dict[str, tuple[bool, bytes]]
"""OID → (critical, value)."""

BASIC_CONSTRAINTS, KEY_USAGE, SUBJECT_KEY, AUTHORITY_KEY = "2.5.29.19", "2.5.29.15", "2.5.29.14", "2.5.29.35"
POINTS, SCOPE = "2.5.29.31", "2.5.29.28"
_HARMLESS = {
    SUBJECT_KEY,
    AUTHORITY_KEY,
    "2.5.29.37",
    "2.5.29.46",
    "2.5.29.32",
    "2.5.29.17",
    "1.3.6.1.5.5.7.1.1",
}
_KNOWN = _HARMLESS | {BASIC_CONSTRAINTS, KEY_USAGE, POINTS}
USAGES = (
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)
SIGNING = frozenset(USAGES[:2])
_NO_CONSTRAINTS = der.sequence()
MOST = 100
_URL, _TRUE = 0x86, b"\xff"
_USERS_ONLY, _AUTHORITIES_ONLY = 0x81, 0x82


@dataclass(frozen=True)
class Meaning:
    """What the extensions of a certificate say.

    Attributes:
        usage: names of `USAGES`; None when nothing is said. authority: may issue others.
        path_length: how many authorities may stand below; None for any number.
        points: where its revocation list is to be had, as encoded names; empty for anywhere.
        unknown: critical ones that are not understood here.
    """

    usage: frozenset[str] | None = None
    authority: bool = False
    path_length: int | None = None
    points: frozenset[bytes] = frozenset()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """Of which certificates a revocation list speaks: of all, where nothing is said.

    Attributes:
        points: of those that name one of these places; None for all. whole: False when the list leaves
        something out that cannot be told from outside (some reasons, another issuer's certificates).
    """

    points: frozenset[bytes] | None = None
    users_only: bool = False
    authorities_only: bool = False
    whole: bool = True

    def covers(self, meaning: Meaning) -> bool:
        """Whether a certificate of this meaning would stand on the list if it were revoked."""
        if not self.whole or (self.users_only and meaning.authority):
            return False
        if self.authorities_only and not meaning.authority:
            return False
        return self.points is None or bool(self.points & meaning.points)


def extension(kind: str, value: bytes, critical: bool = False) -> bytes:
    """One Extension."""
    flag = der.field(der.BOOLEAN, _TRUE) if critical else b""
    return der.sequence(der.oid(kind), flag, der.octets(value))


def read_extensions(reader: Reader) -> Extensions:
    """A SEQUENCE OF Extension. Raises DerError, also for one named twice and for too many."""
    found: Extensions = {}
    while reader.more:
        row = reader.sequence()
        kind = row.oid()
        critical = row.boolean() if row.peek() == der.BOOLEAN else False
        if kind in found or len(found) == MOST:
            raise DerError(f"扩展项 {kind} 出现了两次，或扩展项超过 {MOST} 个。")
        found[kind] = (critical, row.octets())
        row.end()
    return found


def unknown_of(says: Extensions, known: set[str]) -> tuple[str, ...]:
    """The critical ones that are not among the known."""
    return tuple(kind for kind, (critical, _) in says.items() if critical and kind not in known)


def meaning_of(says: Extensions) -> Meaning:
    """What the extensions of a certificate say. Raises DerError."""
    authority, depth = (
        _constraints(says[BASIC_CONSTRAINTS][1]) if BASIC_CONSTRAINTS in says else (False, None)
    )
    return Meaning(
        usage=_usage(says[KEY_USAGE][1]) if KEY_USAGE in says else None,
        authority=authority,
        path_length=depth,
        points=_points(says[POINTS][1]) if POINTS in says else frozenset(),
        unknown=unknown_of(says, _KNOWN),
    )


def scope_of(says: Extensions) -> Scope:
    """Of what a list speaks, by its issuingDistributionPoint (RFC 5280, 5.2.5). Raises DerError."""
    if SCOPE not in says:
        return Scope()
    fields = Reader.whole(says[SCOPE][1])
    points = _place(fields) if fields.peek() == der.CONTEXT_0 else None
    users, authorities = _flag(fields, _USERS_ONLY), _flag(fields, _AUTHORITIES_ONLY)
    return Scope(points, users, authorities, whole=not fields.more)


def _flag(fields: Reader, tag: int) -> bool:
    return fields.peek() == tag and fields.raw()[2:] == _TRUE


def _points(value: bytes) -> frozenset[bytes]:
    rows, found = Reader.whole(value), set[bytes]()
    while rows.more:
        row = rows.sequence()
        place = _place(row) if row.peek() == der.CONTEXT_0 else frozenset()
        found |= frozenset() if row.more else place  # with reasons or another issuer it is not ours to use
    return frozenset(found)


def _place(reader: Reader) -> frozenset[bytes]:
    """The full names of a DistributionPointName; none for a relative one."""
    choice = reader.sequence(der.CONTEXT_0)
    if choice.peek() != der.CONTEXT_0:
        return frozenset()
    names, found = choice.sequence(der.CONTEXT_0), set[bytes]()
    while names.more:
        found.add(names.raw())
    choice.end()
    return frozenset(found)


def _usage(value: bytes) -> frozenset[str]:
    der.check(value)
    if value[0] != der.BIT_STRING or not 3 <= len(value) <= 5 or value[2] > 7:
        raise DerError("证书的密钥用法读不出来。")
    bits = int.from_bytes(value[3:].ljust(2, b"\x00"), "big")
    return frozenset(name for at, name in enumerate(USAGES) if bits >> (15 - at) & 1)


def _constraints(value: bytes) -> tuple[bool, int | None]:
    fields = Reader.whole(value)
    authority = fields.boolean() if fields.peek() == der.BOOLEAN else False
    depth = fields.integer() if fields.peek() == der.INTEGER else None
    fields.end()
    return authority, depth


def points(urls: tuple[str, ...]) -> bytes:
    """The extension that says where the list is to be had."""
    return extension(POINTS, der.sequence(*(der.sequence(_written(url)) for url in urls)))


def scope(url: str) -> bytes:
    """The extension of a list that speaks only of certificates which name this place."""
    return extension(SCOPE, der.sequence(_written(url)), True)


def _written(url: str) -> bytes:
    return der.field(der.CONTEXT_0, der.field(der.CONTEXT_0, der.field(_URL, der.ia5(url)[2:])))
