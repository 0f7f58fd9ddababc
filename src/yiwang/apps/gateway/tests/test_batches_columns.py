# SPDX-License-Identifier: Apache-2.0
"""The checks of columns are the checks of single values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.apps.gateway.batches_columns import check_table, clean_column, doubtful
from yiwang.apps.gateway.domain.answers import clean, doubt_about
from yiwang.apps.gateway.public import SourceMalformed
from yiwang.engines.exchange.masking import screen
from yiwang.engines.exchange.masking_columns import screen_table

from .sourcing import FIELDS, number, people, resource

TODAY = dt.date(2026, 11, 21)
PEOPLE = resource()
_TEXTS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(-(10**19), 10**19).map(str),
    st.decimals(-1000, 1000, places=2).map(str),
    st.dates(dt.date(1890, 1, 1)).map(dt.date.isoformat),
    st.sampled_from(
        ["", " ", "是", "0", "TRUE", "否", "１２", "-0", "1.", "2026-02-30", "2026-11-21T08:00:00", "a\0b"]
    ),
    st.integers(0, 300_000).map(number),
    st.from_regex(r"[1-9][0-9]{5}(19|20)[0-9]{9}[0-9Xx]", fullmatch=True),
)
_COLUMNS = st.one_of(
    st.lists(_TEXTS, max_size=8).map(lambda found: pa.array(found, pa.string())),
    st.lists(st.one_of(st.none(), st.integers(-(2**62), 2**62)), max_size=6).map(
        lambda v: pa.array(v, pa.int64())
    ),
    st.lists(st.one_of(st.none(), st.booleans()), max_size=4).map(lambda v: pa.array(v, pa.bool_())),
    st.lists(st.floats(), max_size=4).map(pa.array),
    st.lists(st.one_of(st.none(), st.dates()), max_size=4).map(lambda v: pa.array(v, pa.date32())),
    st.lists(st.decimals(-999, 999, places=3), max_size=4).map(lambda v: pa.array(v, pa.decimal128(9, 3))),
)


@pytest.mark.parametrize("name", FIELDS)
@given(column=_COLUMNS)
def test_a_column_is_read_as_its_values_are(name: str, column: Any) -> None:
    field = PEOPLE.field(name)
    assert field is not None
    try:
        expected = [clean(field, value) for value in column.to_pylist()]
    except SourceMalformed:
        with pytest.raises(SourceMalformed):
            clean_column(field, column)
        return
    found = clean_column(field, column)
    assert found.to_pylist() == expected
    if name == "person-id":
        assert doubtful(field, found, TODAY) == sum(bool(doubt_about(field, one, TODAY)) for one in expected)


def test_rows_come_out_of_columns_as_they_come_out_of_rows() -> None:
    rows = people(60)
    table = pa.table({name: [row[name] for row in rows] for name in FIELDS})
    checked, doubts = check_table(PEOPLE, table, FIELDS, TODAY)
    assert doubts == {}
    plain = {"person-name", "months"}
    wanted = ("person-name", "person-id", "address", "months", "note", "active", "base")
    expected = [screen(row, fields=wanted, plain=plain, resource=PEOPLE) for row in rows]
    assert screen_table(checked, fields=wanted, plain=plain, resource=PEOPLE).to_pylist() == expected


def test_wrong_check_digits_are_counted_and_not_corrected() -> None:
    wrong = [
        number(1)[:-1] + ("0" if number(1)[-1] != "0" else "1"),
        number(2),
        None,
        "411702",
        number(3)[:-4],
    ]
    table = pa.table({"person-id": wrong})
    checked, doubts = check_table(PEOPLE, table, ("person-id",), TODAY)
    assert checked.column("person-id").to_pylist() == wrong
    assert doubts == {"person-id": 3}


def test_decimals_keep_every_digit() -> None:
    field = PEOPLE.field("base")
    assert field is not None
    assert clean(field, Decimal("1234567890123456.78")) == "1234567890123456.78"
    with pytest.raises(SourceMalformed):
        clean(field, float("nan"))
