# SPDX-License-Identifier: Apache-2.0
"""The picture of a seal: what kind it is by its content, and how big it may be. It is never decoded here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yiwang.engines.sealing.errors import SealingError

LARGEST = 2 * 1024 * 1024
LONGEST_SIDE = 200  # millimetres: five times the largest official seal
_MOST_PIXELS = 10_000  # along one side
_MEND = "请换用清晰、大小合适的印模图像。"
_MAGIC = {
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "JPG": (b"\xff\xd8\xff",),
    "JPEG": (b"\xff\xd8\xff",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "BMP": (b"BM",),
    "OFD": (b"PK\x03\x04",),
}
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?+(?:<!--(?:(?!-->).)*+-->\s*+)*+<svg[\s>]", re.DOTALL
)
_ACTIVE = re.compile(
    rb"<!DOCTYPE|<!ENTITY|<script|<foreignObject|<iframe|@import|javascript:|[\s\"'/]on\w+\s*="
    rb"|href\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)|encoding\s*=\s*[\"'](?!utf-8[\"'])",
    re.IGNORECASE,
)
_WIDTH_AT, _HEIGHT_AT = slice(16, 20), slice(20, 24)


@dataclass(frozen=True)
class Picture:
    """A seal's picture. `kind`: PNG, SVG or OFD (others are read, not made); sides in millimetres."""

    kind: str
    data: bytes
    width_mm: int
    height_mm: int


def check(picture: Picture) -> None:
    """Whether kind, content and size agree. Raises SealingError."""
    if not 0 < len(picture.data) <= LARGEST:
        raise SealingError(f"印模图像应在 1 字节到 {LARGEST // 1024} KB 之间。", mend=_MEND)
    if not (0 < picture.width_mm <= LONGEST_SIDE and 0 < picture.height_mm <= LONGEST_SIDE):
        raise SealingError(f"印模图像的宽和高应在 1 到 {LONGEST_SIDE} 毫米之间。", mend=_MEND)
    kind = picture.kind.upper()
    if kind == "SVG":
        good = bool(_SVG.match(picture.data)) and not _ACTIVE.search(picture.data)
    else:
        good = picture.data.startswith(_MAGIC.get(kind, ())) and (kind != "PNG" or _small(picture.data))
    if not good:
        raise SealingError(f"印模图像的内容不是可用的 {picture.kind[:8]} 图像。", mend=_MEND)


def _small(png: bytes) -> bool:
    width, height = int.from_bytes(png[_WIDTH_AT], "big"), int.from_bytes(png[_HEIGHT_AT], "big")
    return png[12:16] == b"IHDR" and 0 < width <= _MOST_PIXELS and 0 < height <= _MOST_PIXELS
