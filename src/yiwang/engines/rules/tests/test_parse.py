# SPDX-License-Identifier: Apache-2.0
"""Reading a rule: what it becomes, and how a wrong one is refused."""

from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest

from yiwang.engines.rules import Months, Position, RuleError, names, parse
from yiwang.engines.rules.nodes import And, Call, Compare, Expr, Literal, Name, Or, walk


def n(value: int) -> Literal:
    return Literal(Decimal(value))


a, b, c = Name("a"), Name("b"), Name("c")

TREES: list[tuple[str, Expr]] = [
    ("a or b and c", Or((a, And((b, c))))),
    ("(a or b) and c", And((Or((a, b)), c))),
    ("a and b and c", And((a, b, c))),
    ("a and (b and c)", And((a, And((b, c))))),
    ("a = 1", Compare("=", a, n(1))),
    ("a=-1", Compare("=", a, n(-1))),
    ("true", Literal(True)),
    ('"a\\"b\\n\\u4e00\\uD83D\\uDE00"', Literal('a"b\n一😀')),
    ('date("2026-01-31")', Literal(date(2026, 1, 31))),
    ('@"2026-01-31"', Literal(date(2026, 1, 31))),
    ('@"P10D"', Literal(timedelta(days=10))),
    ('duration("-P1Y6M")', Literal(Months(-18))),
    ("string  length(a)", Call("string length", (a,))),
    ("项目.总投资额", Name("项目.总投资额")),
    ("项目 . 总投资额", Name("项目.总投资额")),
    ("/* 说明 */ a // 到行尾", a),
    ("null", Literal(None)),
    ("0.30", Literal(Decimal("0.3"))),
    ("or1", Name("or1")),
    ("某些in", Name("某些in")),
]


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_a_text_becomes_a_tree(text: str, tree: Expr) -> None:
    assert parse(text) == tree


def test_one_is_not_true() -> None:
    assert parse("1") != parse("true")


def test_nodes_know_where_they_stand() -> None:
    tree = parse("经营面积 >= 200\n  and 是否设招牌 = true")
    found = {node.path: node.at for node in walk(tree) if isinstance(node, Name)}
    assert found == {"经营面积": Position(1, 1), "是否设招牌": Position(2, 7)}


def test_free_names_come_once_in_reading_order_without_bound_ones() -> None:
    text = "项目.金额 > 1 and some 人 in 股东 satisfies 人.年龄 > 最小年龄 and 项目.金额 < 9"
    assert names(parse(text)) == ("项目.金额", "股东", "最小年龄")


def test_a_binding_hides_a_name_only_inside() -> None:
    assert names(parse("x = 1 and (some x in y satisfies x = 1)")) == ("x", "y")


REFUSED = [
    ("", 1, 1, "规则是空的", "例如"),
    ("经营面积 >=", 1, 8, "没有写完", "补全"),
    ("(a", 1, 3, "没有写完", "补上缺少的“)”"),
    ("a in [1, 2", 1, 11, "没有写完", "补上缺少的“]”"),
    ("a == 1", 1, 4, "读到“=”", "只写一个"),
    ("a > 1 > 2", 1, 7, "读到“>”", "between"),
    ("a ≥ 1", 1, 3, "“≥”", ">="),
    ("a，b", 1, 2, "“，”", "英文逗号"),
    ("a = “甲”", 1, 5, "““”", "英文双引号"),
    ("a = '甲'", 1, 5, "“'”", "英文双引号"),
    ('a = "甲', 1, 5, '“"”', "结尾的双引号"),
    ("a and\nb 且 c", 2, 3, "读到“且”", "and"),
    ("a 大于 3", 1, 3, "读到“大于”", ">"),
    ("经营 面积 > 3", 1, 4, "读到“面积”", "空格"),
    ("a * 30%", 1, 7, "“%”", "0.3"),
    ("string lenght(a)", 1, 8, "读到“lenght”", "string length"),
    ("coutn(a)", 1, 1, "没有名为“coutn”的函数", "count"),
    ("contains(a)", 1, 1, "参数个数不对", "2个"),
    ("date(2026, 1)", 1, 1, "参数个数不对", "3个"),
    ("not(a, b)", 1, 1, "not(…)", "and"),
    ('date("2026-02-30")', 1, 1, "“2026-02-30”不是日期", "2026-01-31"),
    ('@"10:30:00"', 1, 1, "不是日期", "duration"),
    ('duration("P1M1D")', 1, 1, "不是日期", "duration"),
    ("for = 1", 1, 1, "保留字", "换一个"),
    ("+ 1", 1, 1, "不能写“+”", "删去"),
    ("1" * 35, 1, 1, "位数太多", "34"),
    ('"\\q"', 1, 1, "“\\q”", "反斜杠"),
    ('"\\uD83D"', 1, 1, "半个字符", "成对"),
    ("a and and b", 1, 7, "读到“and”", "请检查"),
]


@pytest.mark.parametrize(("text", "line", "column", "what", "mend"), REFUSED)
def test_a_wrong_text_is_refused_with_its_place_and_what_to_do(
    text: str, line: int, column: int, what: str, mend: str
) -> None:
    with pytest.raises(RuleError) as caught:
        parse(text, source="items/food.yaml")
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert what in error.message
    assert mend in error.mend
    assert str(error).startswith(f"items/food.yaml，第{line}行第{column}个字：")


HOSTILE = {
    "brackets": "(" * 4000 + "1" + ")" * 4000,
    "open brackets": "(" * 9999,
    "nots": "not(" * 2000 + "a" + ")" * 2000,
    "lists": "[" * 4000 + "]" * 4000,
    "ifs": "if a then 1 else " * 500 + "1",
    "minuses": "-" * 9000 + "1",
    "a long sum": "1" + "+1" * 4999,
    "open comments": "/*" * 5000,
    "open text": '"' + "\\" * 9998,
    "too long": "a" * 10_001,
    "powers": "9**" * 3000 + "9",
    "bindings": "some x in x satisfies " * 400 + "true",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_texts_are_refused_quickly(case: str) -> None:
    started = time.monotonic()
    with pytest.raises(RuleError):
        parse(HOSTILE[case])
    assert time.monotonic() - started < 5


def test_a_long_but_flat_rule_is_fine() -> None:
    tree = parse(" and ".join(f"a{number} = {number}" for number in range(600)))
    assert len(names(tree)) == 600


def test_the_same_text_is_read_once() -> None:
    assert parse("经营面积 >= 201") is parse("经营面积 >= 201")
