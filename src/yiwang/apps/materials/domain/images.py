# SPDX-License-Identifier: Apache-2.0
"""Is this a picture that can be shown, and not one that unfolds into gigabytes?"""

from __future__ import annotations

import io
import struct
import warnings

from PIL import Image

from .refusals import FileRefused

_MOST_PIXELS = 120_000_000
"""More than any phone's camera takes; a scan of A4 at 600 dpi has 35 million."""

_FORMATS = {"jpg": "JPEG", "png": "PNG"}
_AGAIN = "请重新拍照或截图后上传。"


def check_image(content: bytes, kind: str) -> None:
    """Raise FileRefused unless `content` is a whole picture of this kind, of a size that can be shown."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit is checked below
            with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as header:
                _check_size(*header.size)
                header.verify()  # PNG: every checksum; JPEG: the header only
            if kind == "jpg":
                _read_through(content)
    except FileRefused:
        raise
    except Image.DecompressionBombError:
        raise _too_large("") from None
    except (OSError, ValueError, SyntaxError, struct.error, MemoryError):
        raise FileRefused("这张图片不完整或已损坏，打不开。", _AGAIN) from None


def _check_size(width: int, height: int) -> None:
    if width * height > _MOST_PIXELS:
        raise _too_large(f"：{width}×{height} 像素")


def _too_large(size: str) -> FileRefused:
    return FileRefused(f"这张图片太大{size}。", "请用手机的普通照片模式重新拍摄，或缩小后上传。")


def _read_through(content: bytes) -> None:
    """Decode at an eighth of the size: quick, and it finds a file that was cut off."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
        width, height = picture.size
        picture.draft(None, (max(1, width // 8), max(1, height // 8)))
        picture.load()
