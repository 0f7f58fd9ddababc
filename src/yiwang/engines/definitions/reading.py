# SPDX-License-Identifier: Apache-2.0
"""Read a YAML file into values that know their line. Only the plain part of YAML is let in.

Refused, each with its line: anchors and aliases, merge keys, tags, several documents, keys that
stand twice, files over 1 MB, nesting over 20. So no file can grow in memory beyond its own size.
Numbers with a point become Decimal from their text, dates become dates; `yes`, `no`, `on`, `off`
and numbers with leading zeros are refused because readers of YAML disagree about them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml

from .problems import Problem, Where

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_DIGITS = 15  # beyond that, JSON readers disagree about an integer

Scalar = str | int | Decimal | bool | dt.date | None

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_CHINESE_COLON = re.compile(r"\s*(- )?\w+：")
_NULLS = frozenset({"", "~", "null"})
_UNSURE = frozenset({"yes", "no", "on", "off", "y", "n"})


@dataclass(slots=True)
class Node:
    """A value and the place where it stands (for the value of a key: the line of the key)."""

    value: Scalar | list[Node] | dict[str, Node]
    where: Where


class _Stop(Exception):
    """The rest of the file cannot be read."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read(raw: bytes, file: str) -> tuple[Node | None, list[Problem]]:
    """The content of a file and what is wrong with its YAML. No content when it cannot be read."""
    reader = _Reader(file)
    try:
        return reader.document(raw), reader.problems
    except _Stop as stop:
        return None, [*reader.problems, stop.problem]


def plain(node: Node) -> Any:
    """The value without places."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


def follow(node: Node, path: tuple[int | str, ...]) -> Iterator[tuple[int | str, Node]]:
    """The steps of `path` that are there, with the value each leads to.

    A step that is not there is passed over: it names an arm of a choice of types, or a missing key.
    """
    for step in path:
        value: Any = node.value
        if isinstance(value, dict) and step in value:
            node = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            node = value[step]
        else:
            continue
        yield step, node


def locate(node: Node, path: tuple[int | str, ...]) -> Where:
    """Where the value at `path` stands; where it is absent, the nearest value around it."""
    return [node, *(child for _, child in follow(node, path))][-1].where


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.events: Iterator[Any] = iter(())

    def document(self, raw: bytes) -> Node:
        text = self._text(raw)
        try:
            self.events = yaml.parse(text, Loader=_Loader)
            next(self.events)  # the stream begins
            start = next(self.events)
            if not isinstance(start, yaml.DocumentStartEvent):
                raise self._stop(1, "文件是空的", "写上定义，或删去这个文件")
            node = self._node(next(self.events), depth=0)
            next(self.events)  # the document ends
            if isinstance(after := next(self.events), yaml.DocumentStartEvent):
                raise self._stop(_line(after), "一个文件里有几份文档（---）", "删去 ---；多条定义请写成列表")
            return node
        except yaml.YAMLError as error:
            raise _Stop(_translate(error, self.file, text)) from None

    def _text(self, raw: bytes) -> str:
        if len(raw) > MAX_BYTES:
            raise self._stop(1, f"文件超过 {MAX_BYTES // 1_000_000} MB", "请按主题拆成几个文件")
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            raise self._stop(line, "文件不是 UTF-8 编码", "请用编辑器另存为 UTF-8") from None
        if bad := _CONTROL.search(text):
            line = text.count("\n", 0, bad.start()) + 1
            raise self._stop(line, f"有不可见的控制字符（U+{ord(bad.group()):04X}）", "请删去这个字符")
        return text

    def _stop(self, line: int, what: str, mend: str) -> _Stop:
        return _Stop(Problem(self.file, line, what, mend))

    def _node(self, event: Any, depth: int, where: Where | None = None) -> Node:
        where = where or Where(self.file, _line(event))
        self._refuse_special(event)
        if isinstance(event, yaml.ScalarEvent):
            return Node(self._scalar(event), where)
        if depth >= MAX_DEPTH:
            raise self._stop(_line(event), f"嵌套超过 {MAX_DEPTH} 层", "请减少缩进层次")
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(child := next(self.events), yaml.SequenceEndEvent):
                items.append(self._node(child, depth + 1))
            return Node(items, where)
        return Node(self._mapping(depth), where)

    def _mapping(self, depth: int) -> dict[str, Node]:
        found: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            self._refuse_special(event)
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._stop(line, "键必须是一个词", "请写成“键: 值”")
            key = str(event.value)
            if key == "<<" and event.implicit[0]:
                raise self._stop(line, "不能用合并键（<<）", "请把要合并的内容直接写出来")
            node = self._node(next(self.events), depth + 1, Where(self.file, line))
            if key in found:
                first = found[key].where.line
                self._add(line, f"键“{key}”写了两遍（第 {first} 行已有）", "请删去一处")
                continue
            found[key] = node
        return found

    def _refuse_special(self, event: Any) -> None:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            raise self._stop(line, f"不能用别名（*{event.anchor}）", "请把内容直接写出来")
        if event.anchor:
            raise self._stop(line, f"不能用锚点（&{event.anchor}）", "请删去锚点，需要的地方各写一遍")
        if event.tag:
            raise self._stop(line, f"不能用类型标签（{event.tag}）", "请删去标签；需要文字时加引号")

    def _scalar(self, event: Any) -> Scalar:
        text = str(event.value)
        if not event.implicit[0]:  # quoted or a block of text
            return text
        if text in _NULLS:
            return None
        if text in ("true", "false"):
            return text == "true"
        if _INTEGER.fullmatch(text):
            return self._integer(text, _line(event))
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        if _DATE.fullmatch(text):
            return self._date(text, _line(event))
        if text.lower() in _UNSURE:
            self._add(_line(event), f"“{text}”含义不明", "是否请写 true 或 false；要作文字请加引号")
        elif _LEADING_ZERO.fullmatch(text):
            self._add(_line(event), f"数字“{text}”以 0 开头", "编号、代码、电话请加引号")
        return text

    def _integer(self, text: str, line: int) -> Scalar:
        if len(text.lstrip("+-")) <= MAX_DIGITS:
            return int(text)
        self._add(line, f"整数“{text[:20]}…”太长", "编号、代码、证件号请加引号")
        return text

    def _date(self, text: str, line: int) -> Scalar:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self._add(line, f"没有“{text}”这一天", "日期写成 2026-01-31 的样子，请核对年月日")
            return text

    def _add(self, line: int, what: str, mend: str) -> None:
        self.problems.append(Problem(self.file, line, what, mend))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


_YAML_WORDS = (
    (
        "mapping values are not allowed",
        "这一行冒号的用法不对",
        "检查缩进；文字里有英文冒号加空格时整句加引号",
    ),
    ("could not find expected ':'", "键后面缺少冒号", "写成“键: 值”，英文冒号后空一格"),
    ("did not find expected key", "缩进不对齐", "同一层的键要从同一列开始；引号要成对"),
    ("did not find expected '-' indicator", "列表缩进不对齐", "同一列表的“- ”要从同一列开始"),
    ("did not find expected ',' or", "括号没有配对", "检查 [ ] 和 { } 是否成对，各项以英文逗号隔开"),
    ("did not find expected node content", "括号没有配对", "检查 [ ] 和 { } 是否成对"),
    ("did not find expected <document start>", "后面有多余的内容", "检查括号和引号是否成对"),
    ("a tab character", "缩进用了制表符", "缩进请用空格"),
    ("cannot start any token", "有不能开头的字符（如制表符、@、%）", "缩进用空格；文字以符号开头时加引号"),
    ("escape", "双引号里的反斜杠用法不对", "不需要转义时改用单引号"),
    ("unexpected end of stream", "引号没有配对", "补上结尾的引号"),
    ("block sequence entries are not allowed", "“- ”不能写在这里", "列表另起一行，并比上一层缩进两格"),
)


def _translate(error: yaml.YAMLError, file: str, text: str) -> Problem:
    """The parser's complaint in Chinese, with its line."""
    english = str(getattr(error, "problem", "") or error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = min(int(mark.line) + 1 if mark else 1, text.count("\n") + 1)
    for number in (line - 1, line):
        if number and _CHINESE_COLON.match(text.split("\n")[number - 1]):
            return Problem(file, number, "键后面用了中文冒号", "请用英文冒号并空一格，写成“键: 值”")
    for part, what, mend in _YAML_WORDS:
        if part in english:
            return Problem(file, line, what, mend)
    return Problem(file, line, "YAML 写法有误", "检查这一行和上一行的缩进、冒号和引号")
