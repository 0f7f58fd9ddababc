# SPDX-License-Identifier: Apache-2.0
"""Is this a PDF that only shows something? Read by qpdf as a reader would; it fails closed.

1. It begins as a PDF and has an end.
2. It opens without a password, within limits of memory (a bomb does not unfold), and has a page.
3. No object in it acts: no script, no program, no form that sends itself, no attachment; opening
   it at most turns to a page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import settings

from .refusals import FileRefused

_MEGABYTE = 1024 * 1024
settings.set_qpdf_limits(
    doc_max_warnings=200,
    parser_max_container_size=1_000_000,
    flate_max_memory=64 * _MEGABYTE,
    run_length_max_memory=64 * _MEGABYTE,
    png_max_memory=64 * _MEGABYTE,
    tiff_max_memory=64 * _MEGABYTE,
)

_MOST_OBJECTS = 200_000
_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound"}
_ACTIONS |= {"/GoToE", "/GoToR", "/RichMediaExecute", "/SetOCGState", "/Hide", "/GoTo3DView"}
_PARTS = {"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/FileAttachment"}
_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent"}
_ATTACHED = {"/EmbeddedFiles", "/EF"}
_WATCHED = re.compile(
    "|".join(sorted(_ACTIONS | _PARTS | _KEYS | _ATTACHED | {"/OpenAction", "/AA"})).encode()
)
# Writers that pack their objects never use LZW for it, and qpdf has no limit of memory for it.
_LZW = re.compile(rb"/LZW(?:Decode)?(?![A-Za-z0-9])")
_PACKED = re.compile(rb"/(?:ObjStm|XRef)(?![A-Za-z0-9])")

_PRINT = "请用打印功能“另存为 PDF”后重新上传，或上传扫描件、照片。"


def check_pdf(content: bytes) -> None:
    """Raise FileRefused unless `content` is a PDF that only shows something."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:  # 1
        raise _broken()
    if _LZW.search(content) and _PACKED.search(content):
        raise FileRefused("这个 PDF 文件用了过时的压缩方式。", _PRINT)
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:  # 2
            _check_opened(pdf)
    except pikepdf.PasswordError:
        raise _encrypted() from None
    except FileRefused:
        raise
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, RecursionError, MemoryError):
        raise _broken() from None


def _check_opened(pdf: pikepdf.Pdf) -> None:
    if pdf.is_encrypted:
        raise _encrypted()
    if len(pdf.objects) > _MOST_OBJECTS:
        raise FileRefused("这个 PDF 文件太复杂，不能安全地检查。", _PRINT)
    for found in _dictionaries(pdf):  # 3
        _check_dictionary(found)


def _broken() -> FileRefused:
    return FileRefused("这个 PDF 文件不完整或已损坏，打不开。", _PRINT)


def _encrypted() -> FileRefused:
    return FileRefused(
        "这个 PDF 文件加了密码或编辑限制。", "请去掉密码和限制后重新上传，或上传打印后的扫描件、照片。"
    )


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary that may act: the trailer, each indirect object, and what lies directly in them.

    An object whose text, as qpdf writes it (names unescaped), has no word to watch is passed over.
    """
    for top in (pdf.trailer, *pdf.objects):
        waiting: list[Any] = [top.stream_dict if isinstance(top, pikepdf.Stream) else top]
        if not _WATCHED.search(waiting[0].unparse(resolved=True)):
            continue
        while waiting:
            one = waiting.pop()
            if isinstance(one, pikepdf.Dictionary):
                yield one
                waiting.extend(child for _, child in one.items() if _is_direct(child))
            elif isinstance(one, pikepdf.Array):
                waiting.extend(child for child in one if _is_direct(child))


def _is_direct(child: Any) -> bool:
    return isinstance(child, pikepdf.Dictionary | pikepdf.Array) and not child.is_indirect


def _check_dictionary(found: Any) -> None:
    keys = set(found.keys())
    if keys & _ATTACHED:
        raise FileRefused("这个 PDF 文件里带有附件。", f"请把附件单独上传；{_PRINT}")
    if keys & _KEYS or _name(found, "/S") in _ACTIONS or _name(found, "/Subtype") in _PARTS:
        raise _acting()
    if "/OpenAction" in keys and not _only_turns_pages(found["/OpenAction"]):
        raise _acting()
    if "/AA" in keys and not all(_only_turns_pages(action) for _, action in found["/AA"].items()):
        raise _acting()


def _acting() -> FileRefused:
    return FileRefused("这个 PDF 文件里有会自动运行的内容（脚本、程序或多媒体）。", _PRINT)


def _name(found: Any, key: str) -> str:
    value = found.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _only_turns_pages(action: Any) -> bool:
    """A destination, or the action of going to one."""
    if isinstance(action, pikepdf.Array):
        return True
    is_dictionary = isinstance(action, pikepdf.Dictionary)
    return is_dictionary and _name(action, "/S") == "/GoTo" and "/Next" not in action
