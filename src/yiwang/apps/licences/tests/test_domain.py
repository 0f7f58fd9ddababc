# SPDX-License-Identifier: Apache-2.0
"""Identifiers against published ones; a row judged by itself; index records."""

from __future__ import annotations

import datetime as dt

import pytest

from yiwang.apps.licences.domain.identifiers import check_character, make_identifier, parse_identifier
from yiwang.apps.licences.domain.index_record import IndexRecord, is_newer
from yiwang.apps.licences.domain.stock_rows import RowProblem, StockRow, TypeSpec, read_row
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import Choice, ElementType, Subject
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import make_id_number, make_uscc

TODAY = dt.date(2026, 11, 21)
PUBLISHED = (
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
)
"""Two of the housing ministry's standards for certificates, and one of a land registry."""


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_identifiers_have_our_check_character(text: str) -> None:
    parsed = parse_identifier(text)
    assert str(parsed) == text
    assert parsed.version == int(text.split(".")[-2])


@pytest.mark.parametrize("text", PUBLISHED)
def test_one_changed_letter_anywhere_is_noticed(text: str) -> None:
    body = text.removeprefix("1.2.156.3005.2.")
    for place, char in enumerate(body):
        if char != ".":
            changed = body[:place] + ("A" if char != "A" else "B") + body[place + 1 :]
            with pytest.raises(Invalid):
                parse_identifier(f"1.2.156.3005.2.{changed}")


def test_two_neighbours_swapped_are_noticed() -> None:
    body = PUBLISHED[0].rsplit(".", 1)[0].removeprefix("1.2.156.3005.2.").replace(".", "")
    for place in range(len(body) - 1):
        swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
        assert swapped == body or check_character(swapped) != check_character(body)


@pytest.mark.parametrize("text", ["", "1.2.156", "1.2.156.3005.2.a.b.c.001.X", PUBLISHED[0][:-2]])
def test_what_is_no_identifier_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_identifier(text)


def test_a_chinese_licence_number_gives_its_letters_and_digits() -> None:
    made = make_identifier(
        type_code="11100000MB03271699001",
        issuer="114117000059000000",
        serial="豫（2026）驻马店市不动产权第0001234号",
    )
    assert made.serial == "20260001234"
    with pytest.raises(Invalid, match="流水号"):
        make_identifier(type_code="11100000MB03271699001", issuer="1", serial="无号")
    with pytest.raises(Invalid, match="21位"):
        make_identifier(type_code="MB0327169", issuer="1", serial="1")


def element(name: str, kind: ElementType, *choices: str) -> Element:
    options = [Choice(value=one) for one in choices]
    return Element(id=name, name=name, type=kind, subject=Subject.FIRM, question="问", choices=options)


TYPES = {
    "店证": TypeSpec(
        "shop",
        "店证",
        Subject.FIRM,
        {
            "面积": element("area", ElementType.DECIMAL),
            "项目": element("kinds", ElementType.CHOICES, "热食", "冷食"),
        },
        frozenset({"面积"}),
    ),
    "物证": TypeSpec("thing", "物证", Subject.THING, {}),
}
BASE = {
    "证照类型": "店证",
    "证照编号": "1",
    "持证主体": "甲店",
    "持证主体代码": make_uscc("411702", 5),
    "有效期起始日期": dt.datetime(2020, 5, 6),  # noqa: DTZ001 - so a spreadsheet gives it
    "有效期截止日期": "2030/5/5",
    "面积": 12.5,
    "项目": "热食、冷食",
}


def judged(**changed: object) -> StockRow | list[RowProblem]:
    cells = BASE | changed
    return read_row(7, list(cells), list(cells.values()), types=TYPES, today=TODAY)


def test_numbers_dates_and_lists_of_a_spreadsheet_are_understood() -> None:
    found = judged()
    assert isinstance(found, StockRow)
    assert found.fields == {"area": "12.5", "kinds": ["热食", "冷食"]}
    assert (found.valid_from, found.valid_until) == (dt.date(2020, 5, 6), dt.date(2030, 5, 5))


def test_everything_that_is_wrong_in_a_row_is_told_at_once() -> None:
    found = judged(证照编号="", 持证主体代码="91", 有效期截止日期="永远", 面积="很大", 项目="炭烤", 备注="x")
    assert isinstance(found, list)
    assert {one.column for one in found} == {
        "证照编号",
        "持证主体代码",
        "有效期截止日期",
        "面积",
        "项目",
        "备注",
    }
    assert all(one.row == 7 and one.mend for one in found)
    assert not any("很大" in one.what or "炭烤" in one.what for one in found)


def test_of_a_thing_the_holder_may_be_a_person_or_a_firm() -> None:
    person = make_id_number("411702", dt.date(1980, 1, 2), 3)
    for code, is_firm in ((person, False), (make_uscc("411702", 9), True)):
        found = judged(证照类型="物证", 持证主体代码=code, 面积="", 项目="")
        assert isinstance(found, StockRow)
        assert found.is_firm is is_firm


def test_a_firm_nobody_knows_needs_its_legal_representative_whole() -> None:
    person = make_id_number("411702", dt.date(1980, 1, 2), 3)
    whole = judged(
        法定代表人="王五", 法定代表人公民身份号码=person, 成立日期="2019-01-01", 市场主体类型="公司"
    )
    assert isinstance(whole, StockRow)
    assert whole.chief is not None
    half = judged(法定代表人公民身份号码=person)
    assert isinstance(half, list)
    assert {one.column for one in half} == {"法定代表人", "成立日期", "市场主体类型"}


def test_an_index_record_says_what_the_metadata_standard_names() -> None:
    record = IndexRecord(
        *("l_1", 2, "", "退休证", "", "1", "某局", "", "王五", "4117", False),
        *(TODAY, None, "暂停", TODAY),
    )
    told = record.as_metadata()
    assert (told["证照有效期截止日期"], told["持证主体代码类型代码"]) == ("长期", "111")
    assert len(record.digest()) == 64
    assert is_newer(told, None)
    assert not is_newer(told, told)
