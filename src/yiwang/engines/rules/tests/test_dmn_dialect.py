# SPDX-License-Identifier: Apache-2.0
"""All of FEEL, as DMN models have it; and that policy rules keep to their part."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines.rules import Dialect, RuleError, check, evaluate, explain, parse, to_feel, words
from yiwang.engines.rules.dialect import LONG_NAMES
from yiwang.engines.rules.nodes import Expr
from yiwang.engines.rules.tests.strategies import VALUES, amounts, rules
from yiwang.engines.rules.tests.wide_strategies import models
from yiwang.engines.rules.wide_functions import BUILTINS
from yiwang.engines.rules.wide_parts import PARTS
from yiwang.engines.rules.wide_run import evaluate_wide


def run(text: str, names: frozenset[str] = frozenset(), **facts: Any) -> Any:
    return evaluate_wide(parse(text, dialect=Dialect.DMN, names=names), facts)


def n(*values: int) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values))


VALUES_OF: list[tuple[str, Any]] = [
    ("{a: 1, b c: a + 1}.b c", 2),
    ('{"a-b": 1}', {"a-b": 1}),
    ("{a: 1, a: 2}", None),
    ("[1, 2, 3][item > 1]", n(2, 3)),
    ("[1, 2, 3][-1]", 3),
    ("[1, 2, 3][4]", None),
    ("[{a: 1}, {a: 2}][a = 2].a", n(2)),
    ("for i in 1..3, j in [10] return i * j", n(10, 20, 30)),
    ("for i in 3..1 return i", n(3, 2, 1)),
    ("for i in 1..4 return if i = 1 then 1 else partial[-1] * i", n(1, 2, 6, 24)),
    ('for d in @"2026-01-30"..@"2026-02-01" return d.day', n(30, 31, 1)),
    ("(function(x: number, y) x - y)(5, 3)", 2),
    ("(function(x: number, y) x - y)(y: 5, x: 3)", -2),
    ('(function(x: number) x)("a")', None),
    ('substring(string: "foobar", start position: 3)', "obar"),
    ("sort([3, 1, 2], function(a, b) a > b)", n(3, 2, 1)),
    ('1 instance of number and not("a" instance of number)', True),
    ("[1, 2] instance of list<number>", True),
    ("null instance of Any", False),
    ("5 in (> 3)", True),
    ("5 in (? > 3 and ? < 5)", False),
    ("[1..3[ = [1..3)", True),
    ("2 in ]1..3[", True),
    ("(> 5) = (5..null)", False),
    ("1.5e3", 1500),
    ('@"2026-03-29T01:30:00@Europe/Paris".timezone', "Europe/Paris"),
    ('date and time("2026-01-01T23:00:00Z") + duration("PT2H30M")',
     datetime(2026, 1, 2, 1, 30, tzinfo=UTC)),
    ('time("23:30:00") + duration("PT1H") = time("00:30:00")', True),
    ('string(duration("P1DT2H"))', "P1DT2H"),
    ('@"2026-01-31" + duration("P1M")', date(2026, 2, 28)),
    ('@"PT90M".hours', 1),
    ('@"P1DT1H" / 5', timedelta(hours=5)),
    ('replace("2026-05", "(\\d+)-(\\d+)", "$2/$1")', "05/2026"),
    ('matches("abc", "A.C", "i")', True),
    ('split("a;b;;c", ";")', ("a", "b", "", "c")),
    ('string join(["a", null, "b"], "-")', "a-b"),
    ("append([1], 2, 3)", n(1, 2, 3)),
    ("union([1, 2], [2, 3])", n(1, 2, 3)),
    ("median([8, 2, 5, 3, 4])", 4),
    ("mode([6, 3, 9, 6, 6])", n(6)),
    ("stddev([2, 4, 7, 5])", Decimal("2.081665999466132735282297706979931")),
    ("list replace([1, 2, 3], function(old, new) old < new, 3)", n(3, 3, 3)),
    ("round half down(5.5, 0)", 5),
    ("sqrt(-1)", None),
    ('context put({a: {b: 1}}, ["a", "c"], 2)', {"a": {"b": 1, "c": 2}}),
    ('get value({a: 1}, "a")', 1),
    ("before([1..5), 5)", True),
    ("overlaps([1..5], [5..9))", True),
    ("meets([1..5], (5..9])", False),
    ('is(time("10:00:00+00:00"), time("10:00:00@Etc/UTC"))', False),
    ("if 1 then 2 else 3", None),
    ("nobody(1)", None),
    ("[0, 1 + 1 in [2]]", (Decimal(0), True)),
    ("count([3, for x in [3] return 3])", 2),
    ("not(3 instance of context<a: number>)", True),
    ("for my x in [1], x 2 in [2] return my x + x 2", n(3)),
    ("nobody.at.all", None),
    ('day of week(@"2026-01-01")', "Thursday"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), VALUES_OF)
def test_an_expression_of_a_model(text: str, value: Any) -> None:
    assert run(text) == value


def test_the_longest_known_name_wins() -> None:
    names = frozenset({"a-b", "a", "b", "first name", "🐎 of mine", "the function"})
    facts = {"a-b": Decimal(10), "a": Decimal(5), "b": Decimal(3), "first name": "甲", "🐎 of mine": "马"}
    assert run("a-b + 1", names, **facts) == 11
    assert run("a - b", names, **facts) == 2
    assert run("first  name", names, **facts) == "甲"
    assert run("🐎 of mine", names, **facts) == "马"


def test_a_closure_keeps_the_names_it_was_made_with() -> None:
    assert run("{f: (function(a) function(b) a - b)(10), a: 1, b: f(3)}.b") == 7


def test_local_names_end_where_they_end() -> None:
    assert run("[(for x in [1] return x), x]", x=Decimal(9)) == (n(1), 9)


WIDE = [
    ("[1, 2][item > 1]", 8),
    ("for i in [1] return i", 5),
    ("{a: 1}", 1),
    ("(> 5)", 2),
    ("甲 instance of number", 3),
    ("(甲)(1)", 1),
    ("some x in 1..3 satisfies x = 1", 12),
    ("date(from: 1)", 10),
    ("now()", 1),
]


@pytest.mark.parametrize(("text", "column"), WIDE)
def test_a_policy_rule_refuses_what_only_models_have(text: str, column: int) -> None:
    parse(text, dialect=Dialect.DMN)
    with pytest.raises(RuleError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (1, column)
    assert caught.value.mend


@pytest.mark.parametrize("text", ["[1][1]", "for i in [1] return i", "{a: 1}", "f(1)", '@"10:00:00"'])
def test_what_works_on_policy_rules_refuses_other_trees(text: str) -> None:
    tree = parse(text, dialect=Dialect.DMN)
    with pytest.raises(RuleError, match="DMN"):
        check(tree, {})
    if text.startswith("@"):
        return
    for work in (lambda: words(tree), lambda: explain(tree, {}), lambda: evaluate(tree, {})):
        with pytest.raises(RuleError, match="DMN"):
            work()


@given(models())
def test_what_is_written_back_reads_the_same(expr: Expr) -> None:
    assert parse(to_feel(expr), dialect=Dialect.DMN) == expr


@given(models())
def test_every_expression_runs(expr: Expr) -> None:
    evaluate_wide(expr, {"a": Decimal(1), "b": (Decimal(1), None), "c": {"d": "e"}})


@given(rules() | amounts(), st.fixed_dictionaries(VALUES))
def test_a_policy_rule_means_the_same_in_a_model(expr: Expr, given_facts: dict[str, Any]) -> None:
    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in given_facts.items()}
    again = parse(to_feel(expr), dialect=Dialect.DMN)
    assert evaluate_wide(again, facts) == evaluate(expr, facts)


SYLLABLES = (
    "for return function external instance of in a b-c { } ( ) [ ] : , .. . ? -> < > = + - * 1 2.5 "
    '"x" @"P1D" list number if then else some satisfies and or not null true'
)


@given(st.lists(st.sampled_from(SYLLABLES.split(" ")), max_size=20).map(" ".join) | st.text(max_size=40))
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    read = _read(text)
    if isinstance(read, RuleError):
        assert read.at is not None
        assert read.mend
        return
    evaluate_wide(read, {})


def _read(text: str) -> Expr | RuleError:
    try:
        return parse(text, dialect=Dialect.DMN, names=frozenset({"b-c", "for a"}))
    except RuleError as error:
        return error


def test_every_long_name_of_a_function_or_part_is_known_to_the_lexer() -> None:
    named = {*BUILTINS, *(part for parts in PARTS.values() for part in parts)}
    missing = {name for name in named if " " in name} - set(LONG_NAMES)
    assert missing == set()


def test_work_without_end_is_refused() -> None:
    started = time.monotonic()
    with pytest.raises(RuleError, match="步数太多"):
        run("count(for i in 1..999999999 return i)")
    assert run("{f: function(g, x) g(g, x), r: f(f, 1)}.r") is None
    assert run('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")') is None
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a+b?)*$", "((a*))+$", "(?:a{2,}b*){1,}$", "(x(a*)y?)*$"])
def test_a_repeated_repetition_is_not_tried(pattern: str) -> None:
    assert run(f'matches("{"a" * 40}!", "{pattern}")') is None


@pytest.mark.parametrize("pattern", ["^(ab)+a*$", "^a+(b|a)*$", "^[(a+)]+$", "^(a{1,3})+$", "^(a\\\\+|a)+$"])
def test_other_repetitions_are_tried(pattern: str) -> None:
    assert run(f'matches("aaa", "{pattern}")') in (True, False)
