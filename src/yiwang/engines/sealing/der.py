# SPDX-License-Identifier: Apache-2.0
"""Distinguished Encoding Rules (X.690), read strictly and written plainly.

A `Reader` walks over the contents of one SEQUENCE. It takes one encoding of each value and no other:
definite lengths in the fewest octets, one-octet tags, integers without padding, booleans 00 or FF, whole
octets in bit strings. What is not asked for is refused by `end`. So two different byte strings never read
as the same thing, and nothing hides behind the last field.
"""

from __future__ import annotations

import datetime as dt
import re

from yiwang.engines.sealing.errors import SealingError

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OID = 0x01, 0x02, 0x03, 0x04, 0x06
UTF8, PRINTABLE, IA5, UTC_TIME, GENERALIZED_TIME = 0x0C, 0x13, 0x16, 0x17, 0x18
SEQUENCE, CONTEXT_0 = 0x30, 0xA0

DEEPEST = 24
LONGEST_INTEGER, LONGEST_OID = 64, 64  # octets
_CONSTRUCTED, _HIGH_TAG = 0x20, 0x1F
_LONG, _LENGTH_OCTETS = 0x80, 4
_UTC = re.compile(rb"(\d{2})(\d{10})Z")
_GENERALIZED = re.compile(rb"(\d{14})Z")
_CENTURY_TURN = 50  # UTCTime: 50…99 are 1950…1999 (RFC 5280, 4.1.2.5.1)


class DerError(SealingError):
    """Bytes that are not the one DER encoding of what was expected."""


class Reader:
    """The fields of one SEQUENCE, in order. Every method raises DerError."""

    __slots__ = ("_at", "_data", "_stop")

    def __init__(self, data: bytes, start: int = 0, stop: int | None = None) -> None:
        self._data, self._at = data, start
        self._stop = len(data) if stop is None else stop

    @property
    def more(self) -> bool:
        """Whether a field follows."""
        return self._at < self._stop

    def peek(self) -> int | None:
        """The tag of the next field; None at the end."""
        return self._data[self._at] if self.more else None

    def end(self) -> None:
        """Refuse anything that follows."""
        if self.more:
            raise DerError(f"第 {self._at} 字节起有多余的内容。")

    def raw(self) -> bytes:
        """The next field whole, with tag and length."""
        start = self._at
        self._next(self.peek())
        return self._data[start : self._at]

    def sequence(self, tag: int = SEQUENCE) -> Reader:
        """A reader over the fields of the next SEQUENCE (or of an explicit tag)."""
        start, stop = self._next(tag)
        return Reader(self._data, start, stop)

    def explicit(self, tag: int) -> Reader:
        """A reader over the SEQUENCE that is all there is inside the next field, an explicit tag."""
        outer = self.sequence(tag)
        inner = outer.sequence()
        outer.end()
        return inner

    @classmethod
    def whole(cls, data: bytes) -> Reader:
        """A reader over the SEQUENCE that is all of `data`."""
        outer = cls(data)
        inner = outer.sequence()
        outer.end()
        return inner

    def integer(self) -> int:
        """An INTEGER."""
        content = self._content(INTEGER)
        if not 0 < len(content) <= LONGEST_INTEGER or (
            len(content) > 1 and content[0] in (0, 0xFF) and content[0] >> 7 == content[1] >> 7
        ):
            raise self._wrong("整数")
        return int.from_bytes(content, "big", signed=True)

    def boolean(self) -> bool:
        """A BOOLEAN."""
        content = self._content(BOOLEAN)
        if content not in (b"\x00", b"\xff"):
            raise self._wrong("布尔值")
        return content == b"\xff"

    def octets(self) -> bytes:
        """An OCTET STRING."""
        return self._content(OCTET_STRING)

    def bits(self) -> bytes:
        """A BIT STRING of whole octets."""
        content = self._content(BIT_STRING)
        if not content or content[0] != 0:
            raise self._wrong("比特串")
        return content[1:]

    def oid(self) -> str:
        """An OBJECT IDENTIFIER in dotted form."""
        content = self._content(OID)
        if not content or content[-1] & 0x80 or len(content) > LONGEST_OID:
            raise self._wrong("对象标识符")
        arcs, value, fresh = [], 0, True
        for octet in content:
            if fresh and octet == 0x80:
                raise self._wrong("对象标识符")
            value, fresh = value << 7 | octet & 0x7F, octet < 0x80
            if fresh:
                arcs.append(value)
                value = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))

    def utf8(self) -> str:
        """A UTF8String."""
        return self._text(UTF8, "utf-8")

    def ia5(self) -> str:
        """An IA5String."""
        return self._text(IA5, "ascii")

    def printable(self) -> str:
        """A PrintableString."""
        return self._text(PRINTABLE, "ascii")

    def generalized_time(self) -> dt.datetime:
        """A GeneralizedTime to the second, in UTC."""
        found = _GENERALIZED.fullmatch(self._content(GENERALIZED_TIME))
        if not found:
            raise self._wrong("时间")
        return self._moment(found[1])

    def utc_time(self) -> dt.datetime:
        """A UTCTime to the second."""
        found = _UTC.fullmatch(self._content(UTC_TIME))
        if not found:
            raise self._wrong("时间")
        return self._moment((b"19" if int(found[1]) >= _CENTURY_TURN else b"20") + found[1] + found[2])

    def _moment(self, digits: bytes) -> dt.datetime:
        try:
            month, day, hour, minute, second = (int(digits[at : at + 2]) for at in range(4, 14, 2))
            return dt.datetime(int(digits[:4]), month, day, hour, minute, second, tzinfo=dt.UTC)
        except ValueError:
            raise self._wrong("时间") from None

    def _text(self, tag: int, encoding: str) -> str:
        try:
            return self._content(tag).decode(encoding)
        except UnicodeDecodeError:
            raise self._wrong("文字") from None

    def _content(self, tag: int) -> bytes:
        start, stop = self._next(tag)
        return self._data[start:stop]

    def _next(self, tag: int | None) -> tuple[int, int]:
        at = self._at
        if self.peek() != tag or tag is None:
            raise DerError(f"第 {at} 字节处应当是标签 {tag or 0:#04x} 的字段。")
        start, stop = header(self._data, at, self._stop)
        self._at = stop
        return start, stop

    def _wrong(self, what: str) -> DerError:
        return DerError(f"第 {self._at} 字节之前的{what}不是规范的 DER 编码。")


def header(data: bytes, at: int, stop: int) -> tuple[int, int]:
    """Where the contents of the field at `at` begin and end. Raises DerError."""
    if stop - at < 2 or data[at] & _HIGH_TAG == _HIGH_TAG:
        raise DerError(f"第 {at} 字节处的标签不完整或不在本格式之内。")
    length, start = data[at + 1], at + 2
    if length >= _LONG:
        octets = length - _LONG
        if not 1 <= octets <= _LENGTH_OCTETS or start + octets > stop:
            raise DerError(f"第 {at + 1} 字节处的长度不定或过长。")
        length = int.from_bytes(data[start : start + octets], "big")
        start += octets
        if length < _LONG or length >> 8 * (octets - 1) == 0:
            raise DerError(f"第 {at + 1} 字节处的长度没有用最短的写法。")
    if start + length > stop:
        raise DerError(f"第 {at + 1} 字节处的长度超出了数据。")
    return start, start + length


def check(data: bytes) -> None:
    """Whether the bytes are one DER value, to the last leaf. Raises DerError."""
    open_fields = [(0, len(data), 0)]
    if header(data, 0, len(data))[1] != len(data) if data else True:
        raise DerError("内容为空，或在结尾有多余的字节。")
    while open_fields:
        at, stop, depth = open_fields.pop()
        if depth > DEEPEST:
            raise DerError(f"嵌套超过 {DEEPEST} 层。")
        while at < stop:
            start, after = header(data, at, stop)
            if data[at] & _CONSTRUCTED:
                open_fields.append((start, after, depth + 1))
            else:
                _check_leaf(data, at, after)
            at = after


def _check_leaf(data: bytes, at: int, stop: int) -> None:
    reader = Reader(data, at, stop)
    match data[at]:
        case 0x01:
            reader.boolean()
        case 0x02:
            reader.integer()
        case 0x06:
            reader.oid()
        case 0x10 | 0x11:
            raise DerError(f"第 {at} 字节处的序列没有标作结构。")


def field(tag: int, content: bytes) -> bytes:
    """One field: tag, length, contents."""
    length = len(content)
    if length < _LONG:
        return bytes((tag, length)) + content
    octets = (length.bit_length() + 7) // 8
    return bytes((tag, _LONG + octets)) + length.to_bytes(octets, "big") + content


def sequence(*fields: bytes) -> bytes:
    """A SEQUENCE of fields that are encoded already."""
    return field(SEQUENCE, b"".join(fields))


def integer(value: int) -> bytes:
    """An INTEGER."""
    octets_needed = max(value, ~value).bit_length() // 8 + 1
    return field(INTEGER, value.to_bytes(octets_needed, "big", signed=True))


def octets(value: bytes) -> bytes:
    """An OCTET STRING."""
    return field(OCTET_STRING, value)


def bits(value: bytes) -> bytes:
    """A BIT STRING of whole octets."""
    return field(BIT_STRING, b"\x00" + value)


def utf8(value: str) -> bytes:
    """A UTF8String."""
    return field(UTF8, value.encode())


def ia5(value: str) -> bytes:
    """An IA5String. Raises SealingError for letters outside ASCII."""
    try:
        return field(IA5, value.encode("ascii"))
    except UnicodeEncodeError:
        raise SealingError(f"“{value}”只能用英文字母、数字和符号。", mend="请改用 ASCII 字符。") from None


def generalized_time(moment: dt.datetime) -> bytes:
    """A GeneralizedTime in UTC, to the second. Raises SealingError for a time without zone."""
    return field(GENERALIZED_TIME, f"{utc(moment):%Y%m%d%H%M%S}Z".encode())


def utc(moment: dt.datetime) -> dt.datetime:
    """The moment in UTC, cut to the second. Raises SealingError for a time without zone."""
    if moment.tzinfo is None:
        raise SealingError("时间没有时区。", mend="请给出带时区的时间。")
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    content = bytearray()
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        content += bytes(reversed(groups))
    return field(OID, bytes(content))
