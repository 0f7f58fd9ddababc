# SPDX-License-Identifier: Apache-2.0
"""XML from strangers: UTF-8, no document type, no entities, not deep; addresses inside a package."""

from __future__ import annotations

import posixpath
from typing import Any

from lxml import etree

from yiwang.engines.sealing import SealingError

NAMESPACE = "http://www.ofdspec.org/2016"
_LARGEST = 16 * 1024 * 1024
_MEND = "请向发给您文件的人要一份原件。"


def parsed(data: bytes, name: str) -> Any:
    """The root element of an XML file. Raises SealingError, naming the file."""
    if len(data) > _LARGEST:
        raise SealingError(f"包内文件 {name} 过大。", mend=_MEND)
    head = data[:200].upper()
    if b"\0" in data or b"<!DOCTYPE" in data.upper() or b"<!ENTITY" in data.upper():
        raise SealingError(f"包内文件 {name} 带有不允许的实体或文档类型声明。", mend=_MEND)
    if b"ENCODING" in head and b"UTF-8" not in head:
        raise SealingError(f"包内文件 {name} 不是 UTF-8 编码。", mend=_MEND)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SealingError(f"包内文件 {name} 不是规范的 XML，或层次太深。", mend=_MEND) from error
    return root


def tag(name: str) -> str:
    """The full name of an OFD element."""
    return f"{{{NAMESPACE}}}{name}"


def only(element: Any, path: str, where: str) -> Any:
    """The one element at `path` (names of OFD, joined by /). Raises SealingError for none or several."""
    found = element.findall("/".join(tag(step) for step in path.split("/")))
    if len(found) != 1:
        raise SealingError(f"包内文件 {where} 应有且只有一个 {path}，实有 {len(found)} 个。", mend=_MEND)
    return found[0]


def text_of(element: Any) -> str:
    """The text of an element without blanks around it."""
    return (element.text or "").strip()


def resolve(address: str, base: str) -> str:
    """The package path of an address written in the file `base`: absolute with /, else beside it."""
    folder = "" if address.startswith("/") else posixpath.dirname(base)
    path = posixpath.normpath(posixpath.join(folder, address.lstrip("/")))
    if path.startswith("..") or not address:
        raise SealingError("包内地址指向了包外。", mend=_MEND)
    return path
