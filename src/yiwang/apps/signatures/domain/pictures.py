# SPDX-License-Identifier: Apache-2.0
"""The picture of a handwritten signature: drawn on the page, photographed, or written by the machine.

Whatever comes in, what leaves is one small PNG: dark ink on nothing, cropped, without metadata.
"""

from __future__ import annotations

import base64
import binascii
import io
import random
import warnings
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

from yiwang.kernel.errors import Invalid
from yiwang.kernel.termed import Termed

WIDTH, HEIGHT = 720, 240
"""Pixels of the finished picture: three times as wide as high."""
WIDTH_MM, HEIGHT_MM = 45, 15
"""Millimetres it takes on a document."""
INK = (16, 24, 64)

_MOST_PIXELS = 30_000_000
_LARGEST = 2_000_000  # bytes; a photograph of a signature needs less
_FAINTEST = 90  # of 255: what is fainter is paper, not ink
_LEAST_INK = 300  # pixels of the finished picture; a dot is no signature
_MOST_INK = 0.45  # of the whole; a photograph of a dark table is no signature either
_LONGEST_NAME = 30
_DATA_URL = "data:image/png;base64,"


class Way(Termed):
    """How a signature came to its picture."""

    DRAWN = "drawn", "手写"
    UPLOADED = "uploaded", "上传图片"
    TYPED = "typed", "按姓名生成"


def from_canvas(data_url: str) -> bytes:
    """The picture drawn on the page. Raises Invalid when there is none, or it is no picture."""
    if not data_url.startswith(_DATA_URL):
        raise Invalid("还没有签名。", mend="请在框里写上名字，或改用上传、按姓名生成。", field="drawing")
    try:
        content = base64.b64decode(data_url.removeprefix(_DATA_URL), validate=True)
    except (binascii.Error, ValueError):
        raise _broken("drawing") from None
    return _finished(_open(content, "drawing"), "drawing")


def from_upload(content: bytes) -> bytes:
    """A photograph or scan of a signature on light paper. Raises Invalid."""
    return _finished(_open(content, "picture"), "picture")


FontOf = Callable[[str], tuple[Path, int]]
"""Character → the font file that has it, and its number in the file."""


def from_name(name: str, font_of: FontOf) -> bytes:
    """The name in leaning, uneven strokes; the same name gives the same picture. Raises Invalid, and
    what `font_of` raises for a character that no font has."""
    text = name.strip()
    if not text or len(text) > _LONGEST_NAME:
        raise Invalid("姓名是空的，或者太长。", mend="请改用手写或上传图片。", field="way")
    luck = random.Random(text)  # noqa: S311 - for looks only, and the same each time
    size = 150
    faces = [_face(font_of(one), size) for one in text]
    wide = int(sum(face.getlength(one) for one, face in zip(text, faces, strict=True))) + size * 2
    sheet = Image.new("L", (wide, size * 3), 0)
    at = float(size)
    for one, face in zip(text, faces, strict=True):
        sheet = ImageChops.lighter(sheet, _stroke(sheet.size, one, face, (at, size * 0.6), luck))
        at += face.getlength(one) * luck.uniform(0.82, 0.92)
    lean = sheet.transform(sheet.size, Image.Transform.AFFINE, (1, 0.28, -size * 0.4, 0.05, 1, 0), 3)
    return _save(_fitted(lean, "way"))


def _face(font: tuple[Path, int], size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font[0]), size, index=font[1])


def _stroke(
    size: tuple[int, int],
    text: str,
    face: ImageFont.FreeTypeFont,
    at: tuple[float, float],
    luck: random.Random,
) -> Image.Image:
    """One character on its own sheet, turned and shifted a little."""
    layer = Image.new("L", size, 0)
    ImageDraw.Draw(layer).text((at[0], at[1] + luck.uniform(-12, 12)), text, fill=255, font=face)
    middle = (at[0] + face.size / 2, at[1] + face.size / 2)
    return layer.rotate(luck.uniform(-7, 5), resample=Image.Resampling.BICUBIC, center=middle)


def _open(content: bytes, field: str) -> Image.Image:
    """The picture, whole and of a sane size. Raises Invalid."""
    if len(content) > _LARGEST:
        raise Invalid("图片太大。", mend="请裁剪到只剩签名，2 MB 以内。", field=field)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit is checked below
            picture = Image.open(io.BytesIO(content), formats=["PNG", "JPEG"])
            if picture.width * picture.height > _MOST_PIXELS:
                raise Invalid("图片的像素太多。", mend="请缩小后再上传。", field=field)
            picture.load()
    except Invalid:
        raise
    except Image.DecompressionBombError:
        raise Invalid("图片的像素太多。", mend="请缩小后再上传。", field=field) from None
    except Exception:  # whatever a decoder says of rubbish
        raise _broken(field) from None
    return ImageOps.exif_transpose(picture)


def _finished(picture: Image.Image, field: str) -> bytes:
    """Ink apart from paper: by what covers (a drawing has a clear ground), else by what is dark."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        picture = Image.alpha_composite(white, rgba)
    grey = ImageOps.autocontrast(ImageOps.invert(picture.convert("L")), cutoff=1)
    ink = grey.point(lambda v: 0 if v < _FAINTEST else min(255, int((v - _FAINTEST) * 2.2)))
    return _save(_fitted(ink, field))


def _fitted(ink: Image.Image, field: str) -> Image.Image:
    """Cropped to the ink and put in the middle of the finished size. Raises Invalid when it is blank."""
    box = ink.point(lambda v: 255 if v > _FAINTEST else 0).getbbox()
    if box is None:
        raise _blank(field)
    cropped = ink.crop(box)
    cropped.thumbnail((WIDTH - 24, HEIGHT - 24), Image.Resampling.LANCZOS)
    sheet = Image.new("L", (WIDTH, HEIGHT), 0)
    sheet.paste(cropped, ((WIDTH - cropped.width) // 2, (HEIGHT - cropped.height) // 2))
    covered = sum(sheet.histogram()[128:])
    if covered < _LEAST_INK:
        raise _blank(field)
    if covered > _MOST_INK * WIDTH * HEIGHT:
        mend = "请写在白纸上，光线均匀地拍，只留签名。"
        raise Invalid("看不出哪里是签名。", mend=mend, field=field)
    return sheet


def _save(ink: Image.Image) -> bytes:
    picture = Image.new("RGBA", ink.size, (*INK, 0))
    picture.putalpha(ink)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _blank(field: str) -> Invalid:
    return Invalid("签名是空白的，或者太淡。", mend="请重新写一次，笔画清楚一些。", field=field)


def _broken(field: str) -> Invalid:
    return Invalid("这张图片打不开。", mend="请用 PNG 或 JPG 图片，或改在页面上手写。", field=field)
