# SPDX-License-Identifier: Apache-2.0
"""What these bytes are, and whether they are accepted. The name plays no part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Protocol

import filetype

from .images import check_image
from .ofd import check_ofd, looks_like_ofd
from .pdf import check_pdf
from .refusals import FileRefused

MEGABYTE: Final = 1024 * 1024
_CHUNK: Final = 256 * 1024
_CHECKS: Final[dict[str, Callable[[bytes], None]]] = {
    "pdf": check_pdf,
    "jpg": partial(check_image, kind="jpg"),
    "png": partial(check_image, kind="png"),
    "ofd": check_ofd,
}
MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "ofd": "application/ofd",
}
_SAME: Final = {"jpeg": "jpg"}
_HELP: Final = {
    "heic": "苹果手机的 HEIC 照片请先截图，或在“设置—相机—格式”中改为“兼容性最佳”后重拍。",
    "docx": "Word 文档请另存为 PDF。",
    "doc": "Word 文档请另存为 PDF。",
    "xlsx": "表格请另存为 PDF。",
    "xls": "表格请另存为 PDF。",
    "zip": "压缩包请解开后逐个上传。",
    "rar": "压缩包请解开后逐个上传。",
    "7z": "压缩包请解开后逐个上传。",
}


class Readable(Protocol):
    """Anything that gives its bytes in pieces: an uploaded file, an open file."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        ...


def read_all(content: bytes | Readable, *, max_megabytes: int) -> bytes:
    """The whole content, reading no further than the limit. Raises FileRefused: empty, too large."""
    limit = max_megabytes * MEGABYTE
    whole = content if isinstance(content, bytes) else _read(content, limit)
    if not whole:
        raise FileRefused("这个文件是空的。", "请重新选择文件；如果刚拍完照，请等保存完成后再选。")
    if len(whole) > limit:
        raise FileRefused(
            f"文件超过了 {max_megabytes} MB。", "请缩小照片，或把扫描件调低清晰度（200 dpi 足够）后再上传。"
        )
    return whole


def _read(content: Readable, limit: int) -> bytes:
    pieces, total = [], 0
    while total <= limit and (piece := content.read(_CHUNK)):
        pieces.append(piece)
        total += len(piece)
    return b"".join(pieces)


def judge(content: bytes, accepts: Sequence[str]) -> str:
    """The kind of `content` (`pdf`, `jpg`, `png`, `ofd`), checked through.

    Raises FileRefused: another kind than `accepts`, damaged, encrypted, acting, a bomb.
    """
    wanted = [_SAME.get(one.lower(), one.lower()) for one in accepts]
    kind = _kind_of(content)
    if kind not in wanted or kind not in _CHECKS:
        names = "、".join(one.upper() for one in wanted)
        what = f"这是 {kind.upper()} 文件" if kind else "认不出这是什么文件"
        raise FileRefused(
            f"{what}，这里只收 {names}。", _HELP.get(kind, f"请转成 {names} 后上传，或拍照上传。")
        )
    _CHECKS[kind](content)
    return kind


def _kind_of(content: bytes) -> str:
    if content.startswith(b"%PDF-"):
        return "pdf"
    guessed = filetype.guess_extension(content[:8192]) or ""
    if content.startswith(b"PK\x03\x04") and looks_like_ofd(content):
        return "ofd"
    return str(guessed)
