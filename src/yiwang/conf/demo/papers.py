# SPDX-License-Identifier: Apache-2.0
"""Documents to upload: drawn here, real pictures and real PDFs, with nothing of anybody on them."""

from __future__ import annotations

import io
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

from yiwang.engines.definitions.kinds import Material
from yiwang.kernel.errors import Invalid

_SIZE = (1240, 877)  # a landscape A4 at 106 dots per inch
_FORMATS = {"pdf": "PDF", "png": "PNG", "jpg": "JPEG"}


def paper(material: Material) -> tuple[str, bytes]:
    """A file for this material: (name, content), of the first kind it accepts that we can draw.

    Raises Invalid when it accepts none of PDF, PNG and JPEG.
    """
    kind = next((kind for kind in material.accepts if kind in _FORMATS), None)
    if kind is None:
        raise Invalid(f"“{material.name}”不接受 PDF、PNG 和 JPG。", mend="请核对材料定义。")
    return f"{material.name}.{kind}", _drawn(material.id, kind)


def drawing(title: str) -> bytes:
    """A PDF of one sheet that belongs to no material."""
    return _drawn(title, "pdf")


def photograph(title: str) -> tuple[str, bytes]:
    """A picture as a telephone takes it: (name, content)."""
    return f"{title}.png", _drawn(title, "png")


@lru_cache(maxsize=256)
def _drawn(title: str, kind: str) -> bytes:
    """A sheet with a frame, a floor plan of its own and the material's id."""
    sheet = Image.new("RGB", _SIZE, "white")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((20, 20, _SIZE[0] - 20, _SIZE[1] - 20), outline="black", width=3)
    pen.text((60, 50), f"SAMPLE / {title}", fill="black", font_size=34)
    pen.text((60, 810), "Drawn for a demonstration. Not a real document.", fill="gray", font_size=20)
    dice = Random(title)  # noqa: S311  # nosec B311 - a drawing
    left, top = 80, 120
    for _ in range(dice.randint(5, 9)):
        width, height = dice.randint(150, 330), dice.randint(110, 300)
        if left + width > _SIZE[0] - 80:
            left, top = 80, top + 320
        pen.rectangle((left, top, left + width, top + height), outline="navy", width=2)
        pen.text((left + 8, top + 8), f"{width / 50:.1f} x {height / 50:.1f} m", fill="navy", font_size=18)
        left += width + 12
    content = io.BytesIO()
    sheet.save(content, format=_FORMATS[kind])
    return content.getvalue()
