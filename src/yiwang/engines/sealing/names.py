# SPDX-License-Identifier: Apache-2.0
"""Names in certificates (X.501): who holds a key, who issued it."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.engines.sealing import der
from yiwang.engines.sealing.der import DerError, Reader
from yiwang.engines.sealing.errors import SealingError

COMMON_NAME, ORGANIZATION, UNIT, COUNTRY = "2.5.4.3", "2.5.4.10", "2.5.4.11", "2.5.4.6"
_SHORT = {
    COMMON_NAME: "CN",
    ORGANIZATION: "O",
    UNIT: "OU",
    COUNTRY: "C",
    "2.5.4.5": "SERIALNUMBER",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "1.2.840.113549.1.9.1": "E",
}
_SET = 0x31
_ENCODINGS = {
    der.UTF8: "utf-8",
    der.PRINTABLE: "ascii",
    der.IA5: "ascii",
    0x14: "latin-1",  # TeletexString, as every implementation reads it
    0x1E: "utf-16-be",  # BMPString
}


@dataclass(frozen=True)
class Name:
    """A distinguished name.

    Attributes:
        parts: (dotted type, text) in the order of the certificate. der: the encoding it was read from.
    """

    parts: tuple[tuple[str, str], ...]
    der: bytes

    def first(self, kind: str) -> str:
        """The first part of a type; empty when there is none."""
        return next((text for found, text in self.parts if found == kind), "")

    def __str__(self) -> str:
        return ", ".join(f"{_SHORT.get(kind, kind)}={text}" for kind, text in self.parts)


def make(common_name: str, *, organization: str = "", unit: str = "", country: str = "CN") -> Name:
    """A name of the usual parts; empty ones are left out. Raises SealingError for an empty common name."""
    if not common_name:
        raise SealingError("证书名称不能为空。", mend="请填写单位或个人名称。")
    parts = [(COUNTRY, country), (ORGANIZATION, organization), (UNIT, unit), (COMMON_NAME, common_name)]
    kept = [(kind, text) for kind, text in parts if text]
    rows = [der.field(_SET, der.sequence(der.oid(kind), _text(kind, text))) for kind, text in kept]
    return Name(tuple(kept), der.sequence(*rows))


def read(reader: Reader) -> Name:
    """The next field as a name. Raises DerError."""
    whole = reader.raw()
    rows, parts = Reader.whole(whole), []
    while rows.more:
        row = rows.sequence(_SET)
        while row.more:
            part = row.sequence()
            parts.append((part.oid(), _read_text(part)))
            part.end()
    return Name(tuple(parts), whole)


def _text(kind: str, text: str) -> bytes:
    return der.field(der.PRINTABLE, text.encode()) if kind == COUNTRY else der.utf8(text)


def _read_text(part: Reader) -> str:
    tag = part.peek()
    content = part.raw()
    try:
        start, stop = der.header(content, 0, len(content))
        return content[start:stop].decode(_ENCODINGS[tag or 0])
    except (KeyError, UnicodeDecodeError):
        raise DerError("证书名称里的文字读不出来。") from None
