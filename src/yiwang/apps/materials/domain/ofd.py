# SPDX-License-Identifier: Apache-2.0
"""Is this an OFD document (GB/T 33190)? A zip with OFD.xml in its root, that unfolds within limits."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from .refusals import FileRefused

_NAMESPACE = "{http://www.ofdspec.org/2016}"
_ENTRY = "OFD.xml"
_MOST_MEMBERS = 5_000
_MOST_BYTES = 300 * 1024 * 1024
_MOST_XML = 4 * 1024 * 1024

_AGAIN = "请从原来的系统重新下载，或转成 PDF 后上传。"


def _broken() -> FileRefused:
    return FileRefused("这个 OFD 文件不完整或已损坏，打不开。", _AGAIN)


def looks_like_ofd(content: bytes) -> bool:
    """Whether it is a zip whose list of members has OFD.xml in the root."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _ENTRY in archive.NameToInfo
    except (zipfile.BadZipFile, ValueError, OverflowError, OSError, NotImplementedError):
        return False


def check_ofd(content: bytes) -> None:
    """Raise FileRefused unless `content` is an OFD document that a reader can begin to show."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive)
            root = _root(archive.read(_ENTRY))
            _check_document(archive, root)
    except FileRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError, OSError, EOFError):
        raise _broken() from None
    except (RuntimeError, NotImplementedError):  # a password, or a method of compression nobody has
        raise FileRefused("这个 OFD 文件加了密码或用了不常见的压缩方式。", _AGAIN) from None


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS or sum(m.file_size for m in members) > _MOST_BYTES:
        raise FileRefused("这个 OFD 文件解开后太大，不能安全地检查。", _AGAIN)
    if any(m.flag_bits & 1 for m in members) or any(m.filename.endswith("Encryptions.xml") for m in members):
        raise FileRefused("这个 OFD 文件加了密码。", "请去掉密码后重新上传，或转成 PDF 后上传。")
    if any(m.filename.startswith("/") or ".." in m.filename.replace("\\", "/").split("/") for m in members):
        raise _broken()
    if archive.getinfo(_ENTRY).file_size > _MOST_XML:
        raise _broken()


def _root(text: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(text, parser)
    if root.getroottree().docinfo.doctype or root.tag != f"{_NAMESPACE}OFD":
        raise _broken()
    return root


def _check_document(archive: zipfile.ZipFile, root: etree._Element) -> None:
    documents = [e.text or "" for e in root.iter(f"{_NAMESPACE}DocRoot")]
    if not documents or any(path.strip().lstrip("/") not in archive.NameToInfo for path in documents):
        raise _broken()
