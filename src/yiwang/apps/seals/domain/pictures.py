# SPDX-License-Identifier: Apache-2.0
"""What a picture of a seal must be: a PNG of a sensible size."""

from __future__ import annotations

import struct

from yiwang.kernel.errors import Invalid

_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_BYTES = 2_000_000
_PIXELS = range(40, 4001)
_MILLIMETRES = range(5, 81)
_MEND = "请用公安机关备案回执中的印模图像（PNG）。"


def check_picture(picture: bytes, width_mm: int, height_mm: int) -> None:
    """Raises Invalid when the bytes are no PNG, are too large, or the size in mm is none of a seal."""
    if not picture.startswith(_PNG) or len(picture) < 33 or picture[12:16] != b"IHDR":
        raise Invalid("印模图像不是 PNG 图片。", mend=_MEND, field="picture")
    if len(picture) > _MOST_BYTES:
        raise Invalid("印模图像太大。", mend="请不要超过 2 MB。", field="picture")
    width, height = struct.unpack(">II", picture[16:24])
    if width not in _PIXELS or height not in _PIXELS or b"IEND" not in picture[-12:]:
        raise Invalid("印模图像不完整，或者尺寸不对。", mend=_MEND, field="picture")
    if width_mm not in _MILLIMETRES or height_mm not in _MILLIMETRES:
        raise Invalid("印章规格不对。", mend="宽和高以毫米计，在 5 到 80 之间。", field="width_mm")
