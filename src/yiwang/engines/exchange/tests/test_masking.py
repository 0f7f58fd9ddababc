# SPDX-License-Identifier: Apache-2.0
"""What leaves the gateway: only granted items, masked unless granted plain."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines.exchange import Mask, Resource
from yiwang.engines.exchange.masking import HIDDEN, mask, screen
from yiwang.kernel.errors import Invalid

RESOURCE = Resource.model_validate(
    {
        "id": "people",
        "name": "常住人口",
        "provider": "police",
        "subject": "person",
        "library": "population",
        "summary": "测试",
        "sharing": "unconditional",
        "grade": "general_3",
        "cycle": "daily",
        "fields": [
            {"id": "name", "name": "姓名", "type": "text", "grade": "general_3", "mask": "name"},
            {
                "id": "number",
                "name": "身份号码",
                "type": "id_number",
                "grade": "general_3",
                "mask": "id_number",
                "key": True,
                "subject_id": True,
            },
            {"id": "home", "name": "住址", "type": "address", "grade": "general_3", "mask": "address"},
            {"id": "card", "name": "账号", "type": "text", "grade": "general_4", "mask": "account"},
            {"id": "illness", "name": "病情", "type": "text", "grade": "general_4", "mask": "hide"},
            {"id": "county", "name": "县区", "type": "text", "grade": "general_1"},
        ],
        "cite": {"doc": "setting", "at": "测试", "quote": "测试"},
        "valid_from": "2020-01-01",
    }
)
ROW = {
    "name": "王小明",
    "number": "411702198503040110",
    "home": "河南省驻马店市驿城区雪松路1号阳光小区3号楼",
    "card": "6222 0000 1111 2345",
    "illness": "无",
    "county": "驿城区",
}


@pytest.mark.parametrize(
    ("value", "how", "seen"),
    [
        ("王小明", Mask.NAME, "王*明"),
        ("411702198503040110", Mask.ID_NUMBER, "4117************10"),
        ("13800001234", Mask.PHONE, "138****1234"),
        ("河南省驻马店市驿城区雪松路1号", Mask.ADDRESS, "河南省驻马店市驿城区****"),
        ("驿城区雪松路小区3号", Mask.ADDRESS, "驿城区****"),
        ("雪松路阳光小区", Mask.ADDRESS, "****"),
        ("6222 0000 1111 2345", Mask.ACCOUNT, "************2345"),
        ("12345", Mask.ACCOUNT, "*****"),
        ("任何", Mask.HIDE, HIDDEN),
        ("原样", Mask.NONE, "原样"),
        (None, Mask.HIDE, ""),
        ("", Mask.NAME, ""),
        (12345678901, Mask.PHONE, "123****8901"),
    ],
)
def test_how_values_look(value: Any, how: Mask, seen: str) -> None:
    assert mask(value, how) == seen


def test_only_granted_items_leave_and_masked() -> None:
    seen = screen(ROW, fields=("county", "name", "illness"), plain=(), resource=RESOURCE)
    assert list(seen.items()) == [("county", "驿城区"), ("name", "王*明"), ("illness", HIDDEN)]


def test_what_is_granted_plain_is_plain() -> None:
    assert screen(ROW, fields=("number", "home"), plain={"number"}, resource=RESOURCE) == {
        "number": ROW["number"],
        "home": "河南省驻马店市驿城区****",
    }


def test_what_is_plain_but_not_asked_for_does_not_leave() -> None:
    assert screen(ROW, fields=("county",), plain={"number"}, resource=RESOURCE) == {"county": "驿城区"}


def test_nothing_stays_nothing() -> None:
    assert screen(ROW | {"name": None}, fields=("name",), plain=(), resource=RESOURCE) == {"name": None}


@pytest.mark.parametrize(("row", "field"), [(ROW, "salary"), ({"name": "王"}, "number")])
def test_unknown_and_missing_items_are_refused(row: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid):
        screen(row, fields=(field,), plain=(), resource=RESOURCE)


@given(st.text(min_size=1), st.sampled_from([one for one in Mask if one is not Mask.NONE]))
def test_a_mask_never_shows_the_whole(value: str, how: Mask) -> None:
    """Whatever is typed: nothing but blanks and stars stays as it was."""
    assert mask(value, how) != value or not value.strip() or set(value) <= {"*"} or value == HIDDEN
