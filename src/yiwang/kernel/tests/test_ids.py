# SPDX-License-Identifier: Apache-2.0
"""Identity numbers: all are made up here, by the module's own generators or by hand."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import (
    IdKind,
    Sex,
    check_id_number,
    check_phone,
    check_uscc,
    make_id_number,
    make_uscc,
    mask_id_number,
    mask_name,
    mask_phone,
    new_public_id,
)

TODAY = date(2026, 11, 21)
TEXTBOOK = "11010519491231002X"  # the example of GB 11643


def test_the_example_of_the_standard() -> None:
    found = check_id_number(" １１０１０５ 19491231 002x ", today=TODAY)
    assert (found.number, found.birth, found.sex) == (TEXTBOOK, date(1949, 12, 31), Sex.FEMALE)
    assert (found.kind, found.area) == (IdKind.RESIDENT, "北京市")


@pytest.mark.parametrize(
    ("area", "kind", "hint"),
    [
        ("411702", IdKind.RESIDENT, "河南省"),  # code younger than the birth: real in this city
        ("412801", IdKind.RESIDENT, "河南省"),  # code withdrawn before the birth
        ("990101", IdKind.FOREIGNER, ""),
        ("931156", IdKind.FOREIGNER, "上海市"),
        ("810000", IdKind.HONG_KONG, "香港特别行政区"),
        ("820000", IdKind.MACAU, "澳门特别行政区"),
        ("830000", IdKind.TAIWAN, "台湾省"),
        ("000000", IdKind.RESIDENT, ""),
    ],
)
def test_the_area_is_only_a_hint(area: str, kind: IdKind, hint: str) -> None:
    found = check_id_number(make_id_number(area, date(2010, 2, 3), 7), today=TODAY)
    assert (found.kind, found.area) == (kind, hint)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "应为18位，现在是0位"),
        (TEXTBOOK[:-1], "应为18位，现在是17位"),
        ("110105491231002", "15位的旧号码已经停用"),
        ("CHN110080010101", "旧版外国人永久居留"),
        ("1101O519491231002X", "第5位不是数字"),
        ("11010519490231002X", "第7至14位"),
        ("11010520991231002X", "今天之后"),
        ("11010517491231002X", "太早"),
        ("110105194912310021", "校验码"),
        ("X1010519491231002X", "第1位不是数字"),
    ],
)
def test_errors_say_which_digits_and_never_repeat_them(text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as caught:
        check_id_number(text, today=TODAY, field="id_number")
    assert caught.value.field == "id_number"
    assert not re.search(r"\d{4,}", str(caught.value))


@given(
    area=st.from_regex(r"[1-6][1-5][0-9]{4}", fullmatch=True),
    birth=st.dates(date(1900, 1, 1), TODAY),
    serial=st.integers(0, 999),
    place=st.integers(0, 16),
    shift=st.integers(1, 9),
)
def test_made_numbers_are_sound_and_one_wrong_digit_is_found(
    area: str, birth: date, serial: int, place: int, shift: int
) -> None:
    number = make_id_number(area, birth, serial)
    assert check_id_number(number, today=TODAY).birth == birth
    wrong = str((int(number[place]) + shift) % 10)
    with pytest.raises(Invalid):
        check_id_number(number[:place] + wrong + number[place + 1 :], today=TODAY)


def test_a_number_does_not_leak_through_repr() -> None:
    assert "1949" not in repr(check_id_number(TEXTBOOK, today=TODAY)).replace("1949, 12, 31", "")
    assert TEXTBOOK not in repr(check_id_number(TEXTBOOK, today=TODAY))


@given(serial=st.integers(0, 99_999_999), registry=st.sampled_from(["91", "92", "11", "52"]))
def test_made_codes_of_firms_are_sound(serial: int, registry: str) -> None:
    code = make_uscc("411700", serial, registry=registry)
    assert check_uscc(f" {code.lower()} ") == code


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("9111000060003734", "现在是16位"),
        ("A1110000600037341L", "前8位是数字"),
        ("91110000600037341O", "不用字母"),
        ("91110000600037342L", "校验码"),
    ],
)
def test_codes_of_firms_are_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        check_uscc(text)


def test_masks() -> None:
    assert mask_id_number(TEXTBOOK) == "1101************2X"
    assert mask_id_number("12345") == "*****"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("0396-2345678") == "039****5678"
    assert mask_phone("12345") == "*****"
    assert [mask_name(name) for name in ("王", "王明", "王小明", "欧阳小明", "")] == [
        "*",
        "王*",
        "王*明",
        "欧**明",
        "",
    ]


def test_bad_parts_are_refused() -> None:
    with pytest.raises(Invalid):
        make_id_number("4117", date(2000, 1, 1), 1)
    with pytest.raises(Invalid):
        make_id_number("411702", date(2000, 1, 1), 1000)
    with pytest.raises(Invalid):
        make_uscc("411700", 10**8)
    with pytest.raises(Invalid):
        make_uscc("4117x0", 1)


def test_public_ids_are_unique_sortable_and_fit_for_urls() -> None:
    with ThreadPoolExecutor(4) as pool:
        batches = list(pool.map(lambda _: [new_public_id("case") for _ in range(500)], range(4)))
    assert all(batch == sorted(batch) for batch in batches)
    ids = {one for batch in batches for one in batch}
    assert len(ids) == 2000
    assert all(re.fullmatch(r"case_[0-9a-hjkmnp-tv-z]{26}", one) for one in ids)
    for prefix in ("", "Case", "a-b", "案"):
        with pytest.raises(Invalid):
            new_public_id(prefix)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("13800000011", "13800000011"),
        ("138 0000 0011", "13800000011"),
        ("１３８００００００１１", "13800000011"),
        ("+86-13800000011", "13800000011"),
        ("0396-2345678", "03962345678"),
        ("（010）62345678", "01062345678"),
    ],
)
def test_phone_numbers_as_people_write_them(typed: str, plain: str) -> None:
    assert check_phone(typed) == plain


@pytest.mark.parametrize("typed", ["", "12345", "1380000001", "23456789012", "0396", "电话", "138000000111"])
def test_what_is_no_phone_number(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_phone(typed, field="phone")
    assert refused.value.field == "phone"
    assert "0396" in refused.value.mend
