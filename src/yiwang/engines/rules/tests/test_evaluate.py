# SPDX-License-Identifier: Apache-2.0
"""Running a rule: cases in the manner of the DMN compatibility kit, for the part we cover."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from yiwang.engines.rules import Months, Range, RuleError, evaluate, parse

T, F, N = True, False, None
D = Decimal


def d(text: str) -> date:
    return date.fromisoformat(text)


CASES: dict[str, list[tuple[str, Any]]] = {
    "arithmetic": [
        ("1 + 2 * 3", D(7)),
        ("(1 + 2) * 3", D(9)),
        ("10 - 3 - 2", D(5)),
        ("8 / 4 / 2", D(1)),
        ("0.1 + 0.2 = 0.3", T),
        ("1 / 3", D("0.3333333333333333333333333333333333")),
        ("2 ** 3 ** 2", D(64)),
        ("-2 ** 2", D(4)),
        ("2 ** -1", D("0.5")),
        ("-(1 + 2)", D(-3)),
        ("1 / 0", N),
        ("9 ** 9 ** 9 ** 9 ** 9", N),
        ("0 ** -1", N),
        ('1 + "1"', N),
        ("1 + null", N),
        ("-null", N),
        ('"甲" + "乙"', "甲乙"),
        ("1.10", D("1.10")),
    ],
    "comparison": [
        ("1 < 2", T),
        ("2 <= 2", T),
        ("2 > 2", F),
        ("1.0 = 1", T),
        ("1 != 2", T),
        ('"a" < "b"', T),
        ('"10" = 10', N),
        ("true = true", T),
        ("true < false", N),
        ("null = null", T),
        ("null != null", F),
        ("1 = null", F),
        ("1 != null", T),
        ("null < 1", N),
        ("[1, 2] = [1, 2]", T),
        ("[1, 2] = [2, 1]", F),
        ("[1..2] = [1..2]", T),
        ("[1..2] = [1..2)", F),
        ('date("2026-01-01") < date("2026-01-02")', T),
        ('@"P1Y" = @"P12M"', T),
        ('@"P1Y" = @"P365D"', N),
    ],
    "ranges and tests": [
        ("5 between 1 and 5", T),
        ("6 between 1 and 5", F),
        ("null between 1 and 5", N),
        ("1 in [1..10)", T),
        ("10 in [1..10)", F),
        ("1 in (1..10]", F),
        ("1 in ]0..10[", T),
        ("1 in (1, 2)", T),
        ("3 in (1, 2)", F),
        ("3 in [1, 2]", F),
        ("3 in ([1..2], [3..4])", T),
        ("4 in (> 3, < 1)", T),
        ("2 in (> 3, < 1)", F),
        ("4 in > 3", T),
        ("4 in (1 + 3)", T),
        ('"甲" in ("甲", "乙")', T),
        ('1 in ["甲", 1]', T),
        ('2 in ["甲", 1]', F),
        ("null in (1, 2)", F),
        ("null in (null, 1)", T),
        ("[1] in [[1], [2]]", T),
        ("[1, 2] in [1, 2]", T),
        ('@"2026-03-01" in [@"2026-01-01"..@"2026-12-31"]', T),
        ("5 in [10..1]", F),
    ],
    "dates": [
        ('date("2026-01-31") + duration("P1M")', d("2026-02-28")),
        ('date("2024-01-31") + duration("P1M")', d("2024-02-29")),
        ('date("2026-03-31") - duration("P1M")', d("2026-02-28")),
        ('date("2026-12-31") + duration("P1M")', d("2027-01-31")),
        ('date("2024-02-29") + duration("P1Y")', d("2025-02-28")),
        ('duration("P30D") + date("2026-01-01")', d("2026-01-31")),
        ('date("2026-03-01") - date("2026-02-01")', timedelta(days=28)),
        ('(date("2026-03-01") - date("2026-02-01")).days', D(28)),
        ('date("9999-12-31") + duration("P1D")', N),
        ('date("9999-12-31") + duration("P1M")', N),
        ('date("0001-01-01") - duration("P1D")', N),
        ('date("9999-12-01") + duration("P0M")', d("9999-12-01")),
        ('date("2026-11-22").weekday', D(7)),
        ('date("2026-11-22").year', D(2026)),
        ('duration("P18M").years', D(1)),
        ('duration("-P18M").months', D(-6)),
        ('duration("P10D") * 3', timedelta(days=30)),
        ('duration("P1Y") / duration("P6M")', D(2)),
        ('duration("P10D") / 0', N),
        ("date(2026, 2, 28)", d("2026-02-28")),
        ("date(2026, 2, 30)", N),
        ('years and months duration(date("2026-01-31"), date("2026-02-28"))', Months(0)),
        ('years and months duration(date("2026-01-15"), date("2027-03-15"))', Months(14)),
        ('years and months duration(date("2027-03-15"), date("2026-01-16"))', Months(-13)),
    ],
    "conditions": [
        ("if 1 < 2 then 10 else 20", D(10)),
        ("if null then 10 else 20", D(20)),
        ("not(true)", F),
        ("not(null)", N),
        ("not(1)", N),
        ("true and 1", N),
        ("false and 1", F),
        ("some x in [1, 2, 3] satisfies x > 2", T),
        ("every x in [1, 2, 3] satisfies x > 2", F),
        ("some x in [] satisfies x > 2", F),
        ("every x in [] satisfies x > 2", T),
        ("some x in [1, 2], y in [2, 3] satisfies x = y", T),
        ("every x in [1, 2], y in [2, 3] satisfies x <= y", T),
        ("some x in [[1], [2, 3]], y in x satisfies y = 3", T),
        ("some x in [null, 1] satisfies x > 1", N),
        ("some x in null satisfies x > 1", N),
        ("some x in 5 satisfies x > 1", T),
        ("some x in [1, 2] satisfies (every x in [5] satisfies x > 4) and x = 2", T),
    ],
    "functions": [
        ('contains("驻马店市", "马店")', T),
        ('starts with("驻马店市", "驻")', T),
        ('ends with("驻马店市", "县")', F),
        ('string length("驻马店")', D(3)),
        ('upper case("aß")', "ASS"),
        ('substring("驻马店市", 2)', "马店市"),
        ('substring("驻马店市", -2, 1)', "店"),
        ('substring("驻马店市", 0)', N),
        ('substring("驻马店市", 9)', N),
        ("count([])", D(0)),
        ("count([1, null])", D(2)),
        ("sum(1, 2, 3)", D(6)),
        ("sum([])", N),
        ("sum([1, null])", N),
        ('sum([duration("P1D"), duration("P2D")])', timedelta(days=3)),
        ("mean([1, 2])", D("1.5")),
        ("min(3, 1, 2)", D(1)),
        ('max("a", "b")', "b"),
        ('max(1, "b")', N),
        ("min([])", N),
        ("list contains([1, 2], 2)", T),
        ("list contains([1, null], null)", T),
        ('list contains([1, 2], "2")', F),
        ("all([true, null, false])", F),
        ("all([true, null])", N),
        ("any([false, null])", N),
        ("any([])", F),
        ("abs(-3)", D(3)),
        ("floor(-1.5)", D(-2)),
        ("ceiling(1.01)", D(2)),
        ("floor(1.57, 1)", D("1.5")),
        ("decimal(2.5, 0)", D(2)),
        ("round half up(2.5, 0)", D(3)),
        ("round half up(-2.5, 0)", D(-3)),
        ("round up(1.21, 1)", D("1.3")),
        ("round down(1.29, 1)", D("1.2")),
        ("decimal(1234, -2)", D(1200)),
        ("floor(1, 9999999999)", N),
        ("modulo(-12, 5)", D(3)),
        ("modulo(12, -5)", D(-3)),
        ("modulo(1, 0)", N),
        ("10 ** 40 = 10 ** 40 + 1", T),
        ('number("12.5")', D("12.5")),
        ('number("1e9")', N),
        ('number("١")', N),
        ("string(1.50)", "1.5"),
        ("string(true)", "true"),
        ("contains(null, 1)", N),
        ("contains(1, 2)", N),
        ('date("2026-01-" + "31")', d("2026-01-31")),
        ('duration("P" + "1D")', timedelta(days=1)),
    ],
}


@pytest.mark.parametrize(
    ("text", "expected"), [case for group in CASES.values() for case in group], ids=lambda x: str(x)[:60]
)
def test_a_rule_without_facts(text: str, expected: Any) -> None:
    value = evaluate(parse(text), {})
    assert value == expected
    assert type(value) is type(expected)


KLEENE = [True, False, None]


@pytest.mark.parametrize(("left", "right"), list(product(KLEENE, KLEENE)))
def test_three_valued_logic(left: bool | None, right: bool | None) -> None:
    """Unknown and null alike stand in the middle."""
    order = {False: 0, None: 1, True: 2}
    for absent in (False, True):
        facts = {k: v for k, v in {"a": left, "b": right}.items() if not (absent and v is None)}
        assert evaluate(parse("a and b"), facts) is min(left, right, key=lambda v: order[v])
        assert evaluate(parse("a or b"), facts) is max(left, right, key=lambda v: order[v])
        assert evaluate(parse("not(a)"), facts) is (None if left is None else not left)


OPEN: list[tuple[str, dict[str, Any], Any]] = [
    # an absent name is unknown, not null: nothing follows from it
    ("a = true", {}, N),
    ("a = null", {}, N),
    ("a = null", {"a": None}, T),
    ("a = true", {"a": None}, F),
    ("a != 1", {}, N),
    ("if a then 1 else 2", {}, N),
    ("if a then 1 else 1", {}, D(1)),
    ("if a then 1 else 2", {"a": None}, D(2)),
    # what is known may decide all the same
    ("a > 1 or b", {"b": True}, T),
    ("b and a > 1", {"b": False}, F),
    ("3 in (a, 3)", {}, T),
    ("3 in [a, 3]", {}, T),
    ("2 in [a, 3]", {}, N),
    ("2 in [3..a]", {}, F),
    ("4 in [3..a]", {}, N),
    ("2 between 3 and a", {}, F),
    ("list contains([1, a], 1)", {}, T),
    ("list contains([1, a], 2)", {}, N),
    ("count([1, a])", {}, D(2)),
    ("sum([1, a])", {}, N),
    ("all([false, a])", {}, F),
    ("any(true, a)", {}, T),
    ("some x in [1, a] satisfies x = 1", {}, T),
    ("every x in [1, a] satisfies x = 1", {}, N),
    ("some x in a satisfies true", {}, N),
    ("[1, a]", {}, (D(1), None)),
    # flat and nested facts
    ("项目.总投资额 > 5000", {"项目.总投资额": 6000}, T),
    ("项目.总投资额 > 5000", {"项目": {"总投资额": 6000}}, T),
    ("项目.总投资额 > 5000", {"项目": {}}, N),
    ("项目.日期.year", {"项目": {"日期": date(2026, 5, 1)}}, D(2026)),
    ("sum(项目.额)", {"项目": [{"额": 1}, {"额": 2}]}, D(3)),
    ("sum(项目.额)", {"项目": [{"额": 1}, {}]}, N),
    ("some p in 项目 satisfies p.额 > 1", {"项目": [{"额": 1}, {"额": 2}]}, T),
    ("a in b", {"a": 5, "b": Range(1, 9)}, T),  # type: ignore[arg-type]
    ("a + 1", {"a": 1}, D(2)),
    ("a", {"a": {"b": [1]}}, {"b": (D(1),)}),
]


@pytest.mark.parametrize(("text", "facts", "expected"), OPEN)
def test_unknown_facts(text: str, facts: dict[str, Any], expected: Any) -> None:
    assert evaluate(parse(text), facts) == expected


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (0.1, "二进制浮点数"),
        (datetime(2026, 1, 1), "带钟点的时间"),  # noqa: DTZ001
        (b"x", "bytes"),
        ({1}, "set"),
        ([1, [0.5]], "二进制浮点数"),
        (D("NaN"), "不是有限的数"),
        (D("1e99999"), "太大"),
        (10**4000, "太大"),
        (timedelta(hours=1), "不是整天"),
        (Months(10**9), "太长"),
    ],
)
def test_a_fact_the_language_cannot_hold_is_refused(value: object, what: str) -> None:
    with pytest.raises(RuleError, match="面积") as caught:
        evaluate(parse("面积 = 1"), {"面积": value})
    assert what in caught.value.message
    assert caught.value.mend


def test_a_fact_no_rule_asks_for_is_not_read() -> None:
    assert evaluate(parse("1 = 1"), {"面积": 0.1}) is True


@pytest.mark.parametrize(
    "text",
    [
        "some x in l, y in l, z in l satisfies x + y + z < 0",
        "some x in l satisfies list contains(m, -1)",
        "every x in l satisfies sum(m) > 0",
    ],
)
def test_work_is_bounded(text: str) -> None:
    facts = {"l": list(range(1000)), "m": list(range(20_000))}
    with pytest.raises(RuleError, match="步数太多"):
        evaluate(parse(text), facts)
