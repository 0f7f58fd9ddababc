# SPDX-License-Identifier: Apache-2.0
"""Money, dates, canonical JSON."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.canonical import canonical_digest, canonical_json
from yiwang.kernel.dates import format_date, format_weekday, parse_date
from yiwang.kernel.errors import Invalid
from yiwang.kernel.money import fen, format_fen, parse_yuan


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("1234.5", 123450),
        ("￥1,234.50", 123450),
        ("¥ 1234.50 元", 123450),
        ("-0.01", -1),
        ("５００万元", 500_000_000),
        ("0.5万元", 500_000),
        ("1.23456789亿元", 12_345_678_900),
    ],
)
def test_amounts_are_read_exactly(text: str, amount: int) -> None:
    assert parse_yuan(text) == amount


@pytest.mark.parametrize(
    "text", ["", "1.234", "0.0000001万元", "1,23", "1e3", "一百", "NaN", "1.", "--1", "1\n2"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_yuan(text, field="amount")


@pytest.mark.parametrize("value", [1.0, True, "1", None, Decimal(1)])
def test_money_is_an_int(value: Any) -> None:
    with pytest.raises(Invalid):
        fen(value)


@given(st.integers(-(10**15), 10**15))
def test_what_is_written_is_read_back(amount: int) -> None:
    assert parse_yuan(format_fen(amount)) == amount


def test_money_is_written_in_yuan() -> None:
    assert format_fen(123450) == "￥1,234.50"
    assert format_fen(-5) == "-￥0.05"


def test_dates_are_read_and_written() -> None:
    assert parse_date(" ２０２６-01-04 ") == date(2026, 1, 4)
    assert format_date(date(2026, 1, 4)) == "2026年1月4日"
    assert format_weekday(date(2026, 1, 4)) == "星期日"
    with pytest.raises(Invalid, match="写法不对"):
        parse_date("2026/1/4")
    with pytest.raises(Invalid, match="没有这一天"):
        parse_date("2026-02-30")


def test_keys_stand_in_utf16_order() -> None:
    # RFC 8785, section 3.2.3
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical_json(dict.fromkeys(keys)))) == ordered


def test_text_is_escaped_as_the_standard_says() -> None:
    # RFC 8785, section 3.2.2.2
    assert canonical_json('\u20ac$\u000f\nA\'B"\\\\"/') == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'
    assert canonical_json("\x7f\b\t\f\r") == b'"\x7f\\b\\t\\f\\r"'


def test_values_without_blanks() -> None:
    value = {"乙": [1, True, None, ()], "a": {}}
    assert canonical_json(value) == '{"a":{},"乙":[1,true,null,[]]}'.encode()
    assert canonical_digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        {"a": [0.5]},
        2**53,
        -(2**53),
        Decimal(1),
        date(2026, 1, 4),
        {1: 2},
        Colour.RED,
        {Colour.RED: 1},
        b"x",
        {1, 2},
        "\ud800",
        {"\ud800": 1},
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(Invalid):
        canonical_json(value)


def test_endless_nesting_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(Invalid, match="层次太深"):
        canonical_json(value)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES)
def test_the_bytes_say_the_value_and_nothing_of_its_making(value: Any) -> None:
    written = canonical_json(value)
    read = json.loads(written)
    assert read == value
    assert canonical_json(read) == written
    if isinstance(value, dict):
        assert canonical_json(dict(reversed(value.items()))) == written
