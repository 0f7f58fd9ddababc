# SPDX-License-Identifier: Apache-2.0
"""A seal in a PDF: an incremental update with a signature field, its picture and the SES_Signature.

The signature dictionary has SubFilter `GM.sm2seal` and in Contents the DER of GB/T 38540. Its ByteRange
covers every byte but Contents; SM3 over these is what the seal signs. One revision, nothing after it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from yiwang.engines.papers.pdf_update import Base, base_of, written
from yiwang.engines.papers.placing import ASK, Place, SealPress, of_size, same_property, seal_steps
from yiwang.engines.papers.stamps import pdf_image
from yiwang.engines.sealing import (
    Picture,
    Report,
    SealingError,
    SealSignature,
    TrustStore,
    parse_signature,
    sm3,
)
from yiwang.engines.sealing.report import walk

_SPARE = 16 * 1024
"""Room in Contents beside the picture: certificates, names, signatures."""

_POINTS = 72 / 25.4
_RANGE = b"/ByteRange[0 %10d %10d %10d]/Contents<"
_FOUND = re.compile(rb"/ByteRange\s*\[([0-9\s]{1,80})\]\s*/Contents\s*<")
_ANY = re.compile(rb"/ByteRange\b")
_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s{0,2}\Z")


def seal_pdf(pdf: bytes, picture: Picture, place: Place, press: SealPress) -> bytes:
    """The PDF with a seal on its first page. `press` is called once.

    Raises SealingError: the PDF has a signature field already, or the signature is larger than expected.
    """
    base = base_of(pdf)
    room = len(picture.data) + _SPARE
    update = written(base, _objects(base, picture, place, room))
    start = update.index(_RANGE_MARK) + len(_RANGE_MARK) + len(_RANGE % (0, 0, 0)) - 1
    end = start + 2 * room + 2
    first = len(base.data) + start
    ranges = (first, first + 2 * room + 2, len(update) - end)
    filled = update.replace(_RANGE_MARK + _RANGE % (0, 0, 0), b" " * len(_RANGE_MARK) + _RANGE % ranges, 1)
    before, after = base.data + filled[:start], filled[end:]
    der = press(sm3(before + after), _property(*ranges))
    if len(der) > room:
        raise SealingError("签章数据超出预留的位置，没有盖章。", mend="请减小印模图像后再盖。")
    return before + b"<" + der.hex().encode().ljust(2 * room, b"0") + b">" + after


_RANGE_MARK = b"%RANGE%\n"  # a comment until the numbers are known, blanks after


def _property(first: int, second: int, length: int) -> str:
    return f"ByteRange 0 {first} {second} {length}"


def _objects(base: Base, picture: Picture, place: Place, room: int) -> dict[int, bytes]:
    widget, signature, form, image, mask = range(base.size, base.size + 5)
    wide, high = picture.width_mm * _POINTS, picture.height_mm * _POINTS
    left = float(place.x) * _POINTS - wide / 2
    bottom = base.height - float(place.y) * _POINTS - high / 2
    drawing = b"q /G gs %.3f 0 0 %.3f 0 0 cm /I Do Q" % (wide, high)
    look = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 %.3f %.3f]/Resources<</XObject<</I %d 0 R>>"
        b"/ExtGState<</G<</BM/Multiply>>>>>>/Length %d>>"  # ink lets the words under it show
    )
    seal = (
        b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/F 132/P %d 0 R/Rect[%.3f %.3f %.3f %.3f]/V %d 0 R"
        b"/AP<</N %d 0 R>>>>"
    )
    value = b"<</Type/Sig/Filter/GM.PKILite/SubFilter/GM.sm2seal\n" + _RANGE_MARK + _RANGE % (0, 0, 0)
    pixels, shade = pdf_image(picture, mask)
    return {
        base.root: base.with_form(widget),
        base.page: base.with_annotation(widget),
        widget: seal % (base.page, left, bottom, left + wide, bottom + high, signature, form),
        signature: value + b"0" * (2 * room) + b">>>",
        form: look % (wide, high, image, len(drawing)) + b"stream\n" + drawing + b"\nendstream",
        image: pixels,
        mask: shade,
    }


@dataclass
class _Case:
    """A PDF under check, and what was found so far."""

    data: bytes
    ranges: tuple[int, int, int] = (0, 0, 0)
    der: bytes = b""
    signature: SealSignature | None = field(default=None, repr=False)


def check_pdf(data: bytes, trust: TrustStore, *, at: dt.datetime) -> Report:
    """Numbered steps: the file, then the seal in it. Never raises; anything unexpected fails its step."""
    case = _Case(data)
    steps = walk(
        case,
        [
            ("文件是完整的 PDF", _whole),
            ("只有一个电子签章，覆盖全文，其后没有追加", _covered),
            ("签章数据完整", _contents),
            ("签章的保护范围与文件一致", _same),
        ],
    )
    report = Report(steps, "PDF 文件")
    protected = _protected(case) if report.ok else b""
    return report.merge(seal_steps(case.der, sm3(protected), trust, at))


def protected_pdf(data: bytes) -> tuple[bytes, bytes]:
    """What the seal of a sealed PDF protects, and the SES_Signature. Raises SealingError."""
    case = _Case(data)
    for step in (_whole, _covered, _contents, _same):
        step(case)
    return _protected(case), case.der


def _whole(case: _Case) -> str:
    of_size(case.data)
    if not case.data.startswith(b"%PDF-") or not _END.search(case.data[-64:]):
        raise SealingError("文件不是 PDF，或不完整、末尾另有内容。", mend=ASK)
    return f"PDF，{len(case.data)} 字节。"


def _covered(case: _Case) -> str:
    found = list(_FOUND.finditer(case.data))
    if not found and not _ANY.search(case.data):
        raise SealingError("文件里没有电子签章。", mend=ASK)
    if len(found) != 1 or len(_ANY.findall(case.data)) != 1:
        raise SealingError("文件里不止一个签章，或签章写法不合规。", mend=ASK)
    numbers = [int(number) for number in found[0].group(1).split()]
    if len(numbers) != 4 or numbers[0] != 0:
        raise SealingError("签章的保护范围不是从文件开头起。", mend=ASK)
    _, first, second, length = numbers
    if first != found[0].end() - 1 or second + length != len(case.data) or not first < second:
        raise SealingError("签章没有覆盖整个文件：盖章以后文件被追加或改动过。", mend=ASK)
    case.ranges = (first, second, length)
    return "除签章数据本身外，文件的每个字节都在保护范围内。"


def _contents(case: _Case) -> str:
    first, second, _ = case.ranges
    gap = case.data[first:second]
    inner = gap[1:-1]
    if gap[:1] != b"<" or gap[-1:] != b">" or not re.fullmatch(rb"(?:[0-9a-f]{2})+", inner):
        raise SealingError("签章数据的位置上有别的内容。", mend=ASK)
    raw = bytes.fromhex(inner.decode())
    length = _der_length(raw)
    if length > len(raw) or raw[length:].strip(b"\0"):
        raise SealingError("签章数据残缺，或其后另有内容。", mend=ASK)
    case.der = raw[:length]
    case.signature = parse_signature(case.der)
    return f"签章数据 {length} 字节，其后没有别的内容。"


def _same(case: _Case) -> str:
    assert case.signature is not None
    return same_property(case.signature, _property(*case.ranges))


def _protected(case: _Case) -> bytes:
    first, second, _ = case.ranges
    return case.data[:first] + case.data[second:]


def _der_length(raw: bytes) -> int:
    """How long the DER value at the beginning is, its head included. Raises SealingError."""
    if len(raw) < 6 or raw[0] != 0x30:
        raise SealingError("签章数据不是电子签章。", mend=ASK)
    if raw[1] < 0x80:
        return 2 + raw[1]
    octets = raw[1] & 0x7F
    if not 1 <= octets <= 4:
        raise SealingError("签章数据不是电子签章。", mend=ASK)
    return 2 + octets + int.from_bytes(raw[2 : 2 + octets], "big")
