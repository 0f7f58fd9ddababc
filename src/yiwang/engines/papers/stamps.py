# SPDX-License-Identifier: Apache-2.0
"""Pictures of seals: drawn red on nothing, and made ready for a PDF.

Round seals after 国发〔1999〕25号: a five-pointed star in the middle, the unit's name around it from left
to right in simplified Song type (宋体); departments, institutions and their inner units at most 4.5 cm.
Special seals (专用章) differ from the formal one in name and look (第二十二条): their purpose stands in a
line below the star. The national emblem, which governments' own seals carry, is not drawn here.
"""

from __future__ import annotations

import io
import math
import zlib
from functools import lru_cache

from PIL import Image

from yiwang.engines.definitions.kinds.templates import Face
from yiwang.engines.papers.fonts import Fonts, system_fonts
from yiwang.engines.papers.typeset import compiled, literal, number
from yiwang.engines.sealing import Picture, SealingError, SealKind
from yiwang.kernel.errors import Invalid

LARGEST_MM = 45
"""国发〔1999〕25号: no department, institution or inner unit has a seal wider than 4.5 cm."""

_DIAMETER, _SQUARE = 42, 20
_DPI = 600
_MOST_PIXELS = 16_000_000  # 6 cm at 1,600 dots an inch
_RED = "#d7000f"
_LONGEST = 36
_RIM = 0.026  # of the diameter: 1.1 mm of 42
_HEAD = """\
#set page(width: {side}mm, height: {high}mm, margin: 0mm, fill: none)
#set text(font: {font}, weight: {weight}, fill: rgb("{red}"), top-edge: "baseline",
  bottom-edge: "baseline", fallback: false, kerning: false, cjk-latin-spacing: none)
#let glyph(x, y, s, turn, wide, k) = place(top + left, dx: x * 1mm, dy: y * 1mm,
  rotate(turn * 1deg, origin: top + left, scale(x: wide * 100%, y: 100%, origin: top + left,
    box(width: 200mm, text(size: s * 1mm, k)))))
"""


def draw_seal(
    kind: SealKind,
    unit_name: str,
    purpose_line: str = "",
    *,
    size_mm: int | None = None,
    fonts: Fonts | None = None,
) -> Picture:
    """The picture of a seal: transparent PNG of 600 dots an inch.

    UNIT: round, `size_mm` across (42; at most 45), name on the arc, star, purpose below the star.
    PERSON: square, a frame with the name in it (20 mm). Raises Invalid, CharacterMissing.
    """
    name = unit_name.strip()
    if not 2 <= len(name) <= _LONGEST or len(purpose_line) > 16:
        raise Invalid(
            f"印章上的名称应为 2 到 {_LONGEST} 个字，用途不超过 16 个字。", mend="请用规范简称，或核对名称。"
        )
    found = fonts or system_fonts()
    if kind is SealKind.PERSON:
        side = size_mm or _SQUARE
        return Picture("PNG", _png(_square(name, side, found), found), side, side)
    side = size_mm or _DIAMETER
    if not 20 <= side <= LARGEST_MM:
        raise Invalid(f"印章直径应为 20 到 {LARGEST_MM} 毫米。", mend="按国发〔1999〕25号的规格填写。")
    return Picture("PNG", _png(_round(name, purpose_line.strip(), side, found), found), side, side)


def _png(source: str, fonts: Fonts) -> bytes:
    """One colour, sixteen degrees of opaqueness: a fifth of the size, as it goes into every signature."""
    with Image.open(io.BytesIO(compiled(source, fonts, format="png", ppi=_DPI))) as drawn:
        levels = drawn.getchannel("A").point([round(value / 17) for value in range(256)])
    small = Image.frombytes("P", levels.size, levels.tobytes())
    red = bytes.fromhex(_RED[1:])
    small.putpalette(red * 16)
    file = io.BytesIO()
    opaque = bytes(level * 17 for level in range(16))
    small.save(file, "PNG", bits=4, transparency=opaque, dpi=(_DPI, _DPI), optimize=True)
    return file.getvalue()


def _head(side: float, face: Face, fonts: Fonts) -> str:
    font = fonts.file(face)
    return _HEAD.format(side=side, high=side, font=literal(font.family), weight=font.weight, red=_RED)


def _round(name: str, purpose: str, side: float, fonts: Fonts) -> str:
    radius, rim = side / 2, side * _RIM
    parts = [
        _head(side, Face.SONG_BOLD, fonts),
        f"#place(top + left, dx: {rim / 2}mm, dy: {rim / 2}mm, circle(radius: {radius - rim / 2}mm, "
        f'stroke: {rim}mm + rgb("{_RED}")))',
        _star(radius, radius * (0.92 if purpose else 1.0), side * 0.155),
    ]
    parts += _arc(name, radius - rim, 205.0 if purpose else 255.0, fonts)
    if purpose:
        size = min(side * 0.105, side * 0.66 / _wide(purpose, fonts))
        left = radius - _wide(purpose, fonts) * size / 2
        parts.append(_glyph(left, radius * 1.5 + size * 0.38, size, 0.0, 1.0, purpose))
    return "\n".join(parts)


def _arc(name: str, radius: float, most: float, fonts: Fonts) -> list[str]:
    """The name on an arc of at most `most` degrees inside `radius`, feet inwards; many letters are made
    narrower, as engravers do."""
    span = math.radians(min(most, 25.0 * (len(name) - 1)))
    step = span / (len(name) - 1)
    high = radius * 0.33
    foot = radius * 0.93 - high * 0.86
    wide = min(0.86, step * (foot + high * 0.2) / high * 0.97)
    middle = radius / (1 - 2 * _RIM)
    parts: list[str] = []
    for index, letter in enumerate(fonts.letters(Face.SONG_BOLD, name, where="印章名称")):
        turn = -span / 2 + index * step
        half = letter.advance * high * wide / 2
        x = middle + foot * math.sin(turn) - half * math.cos(turn)
        y = middle - foot * math.cos(turn) - half * math.sin(turn)
        parts.append(_glyph(x, y, high, math.degrees(turn), wide, letter.character))
    return parts


def _star(x: float, y: float, reach: float) -> str:
    points = []
    for corner in range(10):
        length = reach if corner % 2 == 0 else reach * 0.381966
        turn = corner * math.pi / 5
        points.append(f"({number(x + length * math.sin(turn))}mm, {number(y - length * math.cos(turn))}mm)")
    return f'#place(top + left, polygon(fill: rgb("{_RED}"), {", ".join(points)}))'


def _square(name: str, side: float, fonts: Fonts) -> str:
    """A name seal: characters in columns from right to left, as on a carved seal."""
    rim, letters = side * 0.045, fonts.letters(Face.SONG_BOLD, _carved(name), where="印章名称")
    columns = max(1, math.ceil(math.sqrt(len(letters))))
    rows = math.ceil(len(letters) / columns)
    room = side - 2 * rim - side * 0.1
    wide, high = room / columns, room / rows
    size = high * 0.96
    parts = [
        _head(side, Face.SONG_BOLD, fonts),
        f"#place(top + left, dx: {rim / 2}mm, dy: {rim / 2}mm, rect(width: {side - rim}mm, "
        f'height: {side - rim}mm, radius: {side * 0.03}mm, stroke: {rim}mm + rgb("{_RED}")))',
    ]
    for index, letter in enumerate(letters):
        column, row = divmod(index, rows)
        stretch = wide * 0.96 / (letter.advance * size)
        x = side - rim - side * 0.05 - (column + 1) * wide + wide * 0.02
        y = rim + side * 0.05 + row * high + size * 0.91
        parts.append(_glyph(x, y, size, 0.0, min(stretch, 1.6), letter.character))
    return "\n".join(parts)


def _carved(name: str) -> str:
    """Two or three characters get 印 or 之印, as name seals have it, so that they fill a square."""
    bare = name.replace("·", "").replace(" ", "")
    return {2: bare + "之印", 3: bare + "印"}.get(len(bare), bare)


def _wide(text: str, fonts: Fonts) -> float:
    return sum(letter.advance for letter in fonts.letters(Face.SONG_BOLD, text, where="印章用途"))


def _glyph(x: float, y: float, size: float, turn: float, wide: float, text: str) -> str:
    numbers = ", ".join(map(number, (x, y, size, turn, wide)))
    return f"#glyph({numbers}, {literal(text)})"


@lru_cache(maxsize=256)
def _pixels(picture: Picture) -> tuple[int, int, bytes, bytes]:
    if picture.kind.upper() != "PNG":
        raise SealingError("只有 PNG 印模图像能盖在 PDF 上。", mend="请把印模图像换成 PNG。")
    try:
        with Image.open(io.BytesIO(picture.data), formats=["PNG"]) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ValueError("too many pixels")
            whole = image.convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise SealingError("印模图像打不开。", mend="请换用清晰、大小合适的 PNG 图像。") from error
    colours, shade = whole.convert("RGB").tobytes(), whole.getchannel("A").tobytes()
    return whole.width, whole.height, zlib.compress(colours, 9), zlib.compress(shade, 9)


def pdf_image(picture: Picture, mask: int) -> tuple[bytes, bytes]:
    """The picture as two PDF objects: its colours, and (object `mask`) how opaque they are.

    Decoded once for each picture. Raises SealingError when it is not a PNG.
    """
    width, height, colours, shade = _pixels(picture)
    head = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/Filter/FlateDecode" % (
        width,
        height,
    )
    first = head + b"/ColorSpace/DeviceRGB/SMask %d 0 R/Length %d>>stream\n" % (mask, len(colours))
    second = head + b"/ColorSpace/DeviceGray/Length %d>>stream\n" % len(shade)
    return first + colours + b"\nendstream", second + shade + b"\nendstream"
