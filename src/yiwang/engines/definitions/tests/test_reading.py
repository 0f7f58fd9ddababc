# SPDX-License-Identifier: Apache-2.0
"""Only plain YAML is let in; each refusal names its line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines.definitions.reading import MAX_BYTES, MAX_DEPTH, locate, plain, read


def value(text: str) -> Any:
    node, problems = read(text.encode(), "a.yaml")
    assert not problems
    assert node is not None
    return plain(node)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", 10),
        ("-3", -3),
        ("0.10", Decimal("0.10")),
        ("1e5", "1e5"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("true", True),
        ("True", "True"),
        ("null", None),
        ("~", None),
        ("", None),
        ("2026-02-28", dt.date(2026, 2, 28)),
        ("'2026-02-28'", "2026-02-28"),
        ('"10"', "10"),
        ('"true"', "true"),
        ("'yes'", "yes"),
        ("|\n  甲\n  乙\n", "甲\n乙\n"),
    ],
)
def test_a_plain_scalar_has_one_meaning(text: str, expected: object) -> None:
    found = value(f"a: {text}")["a"]
    assert (type(found), found) == (type(expected), expected)


def test_a_decimal_keeps_the_digits_as_written() -> None:
    assert str(value("a: 0.10")["a"]) == "0.10"


@pytest.mark.parametrize(
    ("text", "line", "what", "mend"),
    [
        ("a: &x 1\nb: 2\n", 1, "锚点", "删去"),
        ("a: 1\nb: *x\n", 2, "别名", "直接写出来"),
        ("a: 1\n&x b: 2\n", 2, "锚点", "删去"),
        ("a: {x: 1}\nb:\n  <<: {y: 1}\n", 3, "合并键", "直接写出来"),
        ("a: !!python/object:os.system 1\n", 1, "类型标签", "删去标签"),
        ("a: 1\nb: !!str 5\n", 2, "类型标签", "删去标签"),
        ("a: 1\nb: 2\na: 3\n", 3, "键“a”写了两遍（第 1 行已有）", "删去一处"),
        ("a: 1\n---\nb: 2\n", 2, "几份文档", "列表"),
        ("", 1, "空的", "删去这个文件"),
        ("# 只有注释\n", 1, "空的", "删去这个文件"),
        ("a: 1\n? [x, y]\n: 2\n", 2, "键必须是一个词", "键: 值"),
        ("a: 1\nb: yes\n", 2, "“yes”含义不明", "true"),
        ("a: 1\nb: 0571\n", 2, "以 0 开头", "引号"),
        ("a: 1\nb: 410000199001011234\n", 2, "太长", "引号"),
        ("a: 1\nb: 2026-02-30\n", 2, "没有“2026-02-30”这一天", "核对"),
        ("a: 1\nb: c: d\n", 2, "冒号", "引号"),
        ("a:\n  b: 1\n c: 2\n", 3, "缩进", "同一列"),
        ("a: 1\n\tb: 2\n", 2, "制表符", "空格"),
        ("a: [1, 2\nb: 3\n", 2, "括号", "成对"),
        ("a: 1\nb: '甲\n", 3, "引号", "补上"),
        ("a: 1\nb：2\nc: 3\n", 2, "中文冒号", "英文冒号"),
        ("a: 1\nb: ]\n", 2, "括号", "成对"),
        ('a: 1\nb: "\\q"\n', 2, "反斜杠", "单引号"),
        ("a: 1\nb: @甲\n", 2, "不能开头", "引号"),
        ("a: 1\nb: \x07\n", 2, "控制字符", "删去"),
    ],
)
def test_a_refusal_names_its_line_and_the_mend(text: str, line: int, what: str, mend: str) -> None:
    _, problems = read(text.encode(), "a.yaml")
    assert [(problem.file, problem.line) for problem in problems] == [("a.yaml", line)]
    assert what in problems[0].what
    assert mend in problems[0].mend


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    node, problems = read(bomb.encode(), "a.yaml")
    assert node is None
    assert [problem.line for problem in problems] == [1]


@pytest.mark.parametrize("text", ["[" * 200_000, "- " * 200_000, "{a: " * 200_000])
def test_deep_nesting_is_refused_before_it_costs_anything(text: str) -> None:
    node, problems = read(text.encode(), "a.yaml")
    assert node is None
    assert f"超过 {MAX_DEPTH} 层" in problems[0].what


def test_the_deepest_allowed_nesting_is_read() -> None:
    assert value("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert read(("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).encode(), "a.yaml")[1]


def test_a_file_over_the_limit_is_refused_unread() -> None:
    node, problems = read(b"#" * (MAX_BYTES + 1), "a.yaml")
    assert node is None
    assert "超过 1 MB" in problems[0].what


def test_another_encoding_is_told_with_its_line() -> None:
    _, problems = read("a: 1\nb: 驻马店\n".encode("gb18030"), "a.yaml")
    assert problems[0].line == 2
    assert "UTF-8" in problems[0].what


def test_a_byte_order_mark_is_harmless() -> None:
    assert value("\ufeffa: 1") == {"a": 1}


def test_values_know_their_lines() -> None:
    node, _ = read(b"a:\n  - x: 1\n    y:\n      - 2\n      - 3\n", "a.yaml")
    assert node is not None
    assert locate(node, ("a", 0, "y", 1)).line == 5
    assert locate(node, ("a", 0, "y")).line == 3
    assert locate(node, ("a", 0, "missing")).line == 2
    assert locate(node, ("a", 0, "arm-of-a-choice", "y", 0)).line == 4


_scalars = st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.text(max_size=20)
_trees = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(_trees)
def test_what_is_written_by_a_yaml_writer_is_read_back(tree: object) -> None:
    dumper = type("NoAlias", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
    text = yaml.dump(tree, Dumper=dumper, allow_unicode=True, default_style='"' if tree == "" else None)
    node, problems = read(text.encode("utf-8", "surrogatepass"), "a.yaml")
    if problems:  # a writer leaves plain what readers disagree about, and controls as they are
        assert all(any(word in p.what for word in ("含义不明", "以 0 开头", "控制字符")) for p in problems)
    else:
        assert node is not None
        assert plain(node) == tree


@given(
    st.binary(max_size=300) | st.text(alphabet="ab:-[]{}&*!|>'\"#? \n\t,%@0.", max_size=80).map(str.encode)
)
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    node, problems = read(raw, "a.yaml")
    assert (node is not None) or problems
    for problem in problems:
        assert 1 <= problem.line <= raw.count(b"\n") + raw.count(b"\r") + raw.count(b"\x85") + 2
