# SPDX-License-Identifier: Apache-2.0
"""Read XML from anybody: no entities, no network, no documents beyond a size; DMN 1.2 to 1.5 alike."""

from __future__ import annotations

from typing import Final, TypeAlias

from lxml import etree

from yiwang.engines.rules.errors import RuleError

MAX_BYTES: Final = 5_000_000
MAX_ELEMENTS: Final = 100_000
NAMESPACES: Final = {
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
Node: TypeAlias = etree._Element


def read_xml(data: bytes) -> Node:
    """The root of a DMN file. Raises RuleError for what is no DMN 1.2 to 1.5, too large or malformed."""
    if len(data) > MAX_BYTES:
        raise RuleError("DMN 文件太大。", mend=f"最多{MAX_BYTES // 1_000_000}兆字节，请拆成几个模型。")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise RuleError(f"DMN 文件不是完好的 XML：{error.msg}", mend="请重新导出这个文件。") from None
    if root.getroottree().docinfo.doctype:
        raise RuleError("DMN 文件里不能有 DOCTYPE。", mend="请去掉 DOCTYPE 后再试。")
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise RuleError("DMN 文件的元素太多。", mend="请拆成几个模型。")
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise RuleError("这不是 DMN 1.2 至 1.5 的文件。", mend="请从建模工具按 DMN 1.2 至 1.5 导出。")
    return root


def tag(node: Node) -> str:
    """The name of an element without its namespace; empty for what is not of DMN."""
    name = etree.QName(node)
    return name.localname if name.namespace in NAMESPACES else ""


def children(node: Node, name: str) -> list[Node]:
    """The elements of this name directly below."""
    return [each for each in node if tag(each) == name]


def child(node: Node, name: str) -> Node | None:
    """The first element of this name directly below."""
    return next(iter(children(node, name)), None)


def child_text(node: Node, name: str) -> str:
    """The text of the first element of this name; empty if there is none."""
    found = child(node, name)
    return "" if found is None else "".join(str(part) for part in found.itertext())
