# SPDX-License-Identifier: Apache-2.0
"""The masks of columns are the masks of single values."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.engines.exchange import Mask
from yiwang.engines.exchange.masking import mask
from yiwang.engines.exchange.masking_columns import mask_column
from yiwang.kernel.ids import make_id_number

_ADDRESSES = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(["", "河南省", "河南", "广西壮族自治区", "　河南省", "\n"]),
    st.sampled_from(["", "驻马店市", "临夏州", "驻马店"]),
    st.sampled_from(["", "驿城区", "西平县", "小王庄", "区县", "县", "市辖区"]),
    st.sampled_from(
        ["", "雪松路", "人民街道", "１２号", "12号", "٣号", "路", " ", "\u2028", "\x1c", "\u00a0"]
    ),
    st.text("路街村省市区县１２3号小区驻马店\n\t 　", max_size=6),
    st.sampled_from(["", "3号楼", " ", "\n", "\u3000", "\x85"]),
)
_TEXTS = st.one_of(
    st.none(),
    st.text(max_size=24),
    st.text("王甲乙丙丁龘𠮷·a ", max_size=6),
    st.text("0123456789Xx- １Ｘ", max_size=22),
    st.integers(0, 999).map(lambda n: make_id_number("411702", dt.date(1985, 3, 4), n)),
    st.from_regex(r"1[0-9]{10}", fullmatch=True),
    st.from_regex(r"[0-9A-Za-z]{6,24}", fullmatch=True),
    _ADDRESSES,
)


@settings(deadline=None)
@given(values=st.lists(_TEXTS, max_size=12))
def test_a_column_is_masked_as_its_values_are(values: list[str | None]) -> None:
    whole = pa.array(values, pa.string())
    chunked = pa.chunked_array([pa.array(values[:3], pa.string()), pa.array(values[3:], pa.string())])
    for how in Mask:
        expected = [None if value is None else mask(value, how) for value in values]
        assert mask_column(whole, how).to_pylist() == expected, how
        assert mask_column(chunked, how).to_pylist() == expected, how


_REGIONS = st.sampled_from(
    ["河南省驻马店市驿城区", "内蒙古自治区锡林郭勒盟正蓝旗", "河南省省直市区县市", "河南省驻马店市"]
)
_ALIKE = {
    Mask.NAME: st.from_regex(r"[\u4e00-\u9fff]{2,4}", fullmatch=True),
    Mask.ADDRESS: st.builds("{}{}".format, _REGIONS, st.text("路街村省市区县盟自治１2 ", max_size=8)),
}


@pytest.mark.parametrize("how", _ALIKE)
@settings(deadline=None)
@given(data=st.data())
def test_a_column_of_values_alike_is_masked_as_its_values_are(how: Mask, data: st.DataObject) -> None:
    odd = st.one_of(_ALIKE[how], _TEXTS) if data.draw(st.booleans()) else _ALIKE[how]
    values = data.draw(st.lists(odd, max_size=12))
    expected = [None if value is None else mask(value, how) for value in values]
    assert mask_column(pa.array([None, *values], pa.string())[1:], how).to_pylist() == expected


@pytest.mark.parametrize("how", [one for one in Mask if one is not Mask.NONE])
@pytest.mark.parametrize(
    "values", [[1, None, 20], [True, None], [dt.date(2026, 1, 2), None], [[None, "a"], None]]
)
def test_what_is_no_text_is_masked_as_its_text(how: Mask, values: list[Any]) -> None:
    expected = [None if value is None else mask(value, how) for value in values]
    assert mask_column(pa.array(values), how).to_pylist() == expected
