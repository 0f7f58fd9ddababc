# SPDX-License-Identifier: Apache-2.0
"""Deliveries: each row checked, wrong ones sent back with reasons; twice, cut, corrected, an old code."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import time_machine
from openpyxl import Workbook

from yiwang.apps.credit import public as credit
from yiwang.apps.credit.domain.sheets import read_sheet
from yiwang.apps.credit.models import Record, Version
from yiwang.apps.identity import public as identity
from yiwang.apps.vault.public import read_watermark
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Invalid, NotAllowed
from yiwang.kernel.ids import make_id_number, make_uscc

from .conftest import UNIT, Town

HEADING = (
    "统一社会信用代码,名称,决定文书号,标题,依据,发生日期,决定日期,失信程度,"
    "违法事实,处罚依据,处罚种类,处罚内容,更正版本,更正原因"
)


def line(town: Town, which: int, number: str, **changed: str) -> str:
    """A line about a firm."""
    given = {
        "code": town.codes[which], "name": f"测试企业{which}有限公司", "number": number,
        "title": "虚假宣传处罚",
        "basis": "反不正当竞争法", "happened": "2026-11-01", "decided": "2026-12-20", "degree": "一般",
        "fact": "虚假宣传", "law": "第二十条", "sort": "罚款", "what": "二万元", "version": "", "reason": "",
    }  # fmt: skip
    return ",".join((given | changed).values())


def sent(town: Town, *lines: str, total: int | None = None) -> credit.Received:
    """A file of these lines sent by the unit."""
    text = "\n".join([HEADING, *lines, f"合计,{len(lines) if total is None else total}"])
    return credit.deliver_file(town.officer, text.encode(), org=UNIT, catalogue="credit-penalty")


def test_good_rows_are_taken_and_wrong_ones_sent_back_with_reasons(town: Town) -> None:
    stranger = "91411702MA40000001"
    got = sent(
        town,
        line(town, 0, "1号"),
        line(town, 1, "2号", code=""),
        line(town, 1, "3号", code=town.codes[1][:-1] + "0"),
        line(town, 1, "4号", name="别的公司", degree="很重"),
        line(town, 1, "5号", decided="2027-01-05", fact=""),
        line(town, 0, "1号"),
        line(town, 0, "1号", title="另一说法"),
    )
    assert (got.rows, got.taken, got.repeated, got.rejected) == (7, 1, 1, 5)
    back = credit.rejects_file(town.officer, got.id).decode("utf-8-sig")
    for word in ("必要条件", "校验", "与登记的不一致", "晚于今天", "“违法事实”没有填写", "出现两次"):
        assert word in back, word
    assert stranger not in back
    assert Record.objects.count() == 1
    with pytest.raises(credit.NoSuchRecord):
        credit.rejects_file(town.other, got.id)


def test_the_file_sent_back_is_mended_and_sent_again(town: Town) -> None:
    got = sent(town, line(town, 0, "1号", sort=""))
    sheet = credit.rejects_file(town.officer, got.id).decode("utf-8-sig")
    assert [one.receiver for one in read_watermark(sheet.encode())] == [UNIT]
    mended = sheet.replace("虚假宣传,第二十条,,", "虚假宣传,第二十条,罚款,")
    again = credit.deliver_file(town.officer, mended.encode(), org=UNIT, catalogue="credit-penalty")
    assert (again.taken, again.rejected) == (1, 0)


def test_the_same_file_twice_is_one_delivery(town: Town) -> None:
    first = sent(town, line(town, 0, "1号"))
    again = sent(town, line(town, 0, "1号"))
    assert again.again
    assert again.id == first.id
    assert Version.objects.count() == 1


def test_a_file_cut_in_the_middle_is_refused_whole(town: Town) -> None:
    whole = "\n".join([HEADING, line(town, 0, "1号"), line(town, 0, "2号"), "合计,2"]).encode()
    for cut in (whole[:-6], whole[: len(whole) // 2], whole.replace("合计,2".encode(), "合计,3".encode())):
        with pytest.raises(Invalid, match="不完整"):
            credit.deliver_file(town.officer, cut, org=UNIT, catalogue="credit-penalty")
    assert not Record.objects.exists()


@pytest.mark.storage
def test_corrections_by_file_of_two_senders_have_one_outcome(town: Town) -> None:
    sent(town, line(town, 0, "1号"))
    first = sent(town, line(town, 0, "1号", what="一万元", version="1", reason="数额写错"))
    second = sent(town, line(town, 0, "1号", what="三万元", version="1", reason="数额写错"))
    same = sent(town, line(town, 0, "1号", what="一万元", version="1", reason="和别人说的一样"))
    assert (first.corrected, second.rejected, same.repeated) == (1, 1, 1)
    assert "第2版" in credit.rejects_file(town.officer, second.id).decode()
    assert Version.objects.get(number=2).fields["处罚内容"] == "一万元"


def test_a_code_that_changed_its_owner_stands_for_who_had_it_then(town: Town) -> None:
    old = "411700100001234"
    with pytest.raises(NotAllowed):
        credit.map_code(town.officer, old, firm=town.codes[0], since=dt.date(2010, 1, 1), why="注册号")
    ended = dt.date(2020, 12, 31)
    credit.map_code(
        town.lead, old, firm=town.codes[0], since=dt.date(2010, 1, 1), until=ended, why="注册号"
    )  # fmt: skip
    credit.map_code(town.lead, old, firm=town.codes[1], since=dt.date(2021, 1, 1), why="重新分配")
    moved = town.codes[1]  # today the register says firm 1; before 2026-11-10 it was firm 0's
    credit.map_code(town.lead, moved, firm=town.codes[0], since=dt.date(2020, 1, 1),
                    until=dt.date(2026, 11, 9), why="迁出后代码变更")  # fmt: skip
    got = sent(
        town,
        line(town, 0, "1号", code=old, happened="2019-05-01"),
        line(town, 0, "2号", code=old, happened="2022-05-01"),
        line(town, 0, "3号", code=moved, happened="2026-11-09"),
        line(town, 1, "4号", code=moved, happened="2026-11-10"),
        line(town, 1, "5号", code=old, happened="2009-05-01"),
    )
    assert (got.taken, got.rejected) == (4, 1)
    owners = dict(Record.objects.values_list("reference", "subject"))
    assert [owners[f"{n}号"] for n in (1, 2, 3, 4)] == [town.firms[n] for n in (0, 1, 0, 1)]


@pytest.mark.storage
def test_a_row_about_a_firm_not_registered_yet_waits_for_it(
    town: Town, clock: time_machine.Traveller
) -> None:
    new, never = make_uscc("411702", 501), make_uscc("411702", 502)
    got = sent(
        town,
        line(town, 0, "1号", code=new, name="新办企业有限公司", decided="2026-12-28"),
        line(town, 0, "2号", code=never, name=""),
        line(town, 0, "3号", code=new, name="新办企业有限公司", fact=""),
    )
    assert (got.taken, got.waiting, got.rejected) == (0, 2, 1)
    assert [one.code for one in credit.waiting_codes(town.lead)] == sorted([new, never])
    assert credit.waiting_codes(town.other) == []
    clock.shift(dt.timedelta(days=14))  # beyond the last day of publicity, within that of waiting
    assert credit.look_after_credit() == 0
    (boss,) = [one.id for one in town.bosses if town.firms[0] in one.firms]
    firm = identity.register_firm(
        system("登记"), name="新办企业有限公司", uscc=new, kind="公司", representative=boss,
        founded=dt.date(2026, 12, 1), address="驿城区",
    )  # fmt: skip
    assert credit.look_after_credit() == 2  # and the figures of the half-year
    (row,) = Record.objects.filter(subject=firm)
    assert (row.arrived_on, row.published_on) == (dt.date(2026, 12, 28), dt.date(2027, 1, 11))
    assert [(one.published, one.late) for one in credit.late_units(town.lead)] == [(1, 0)]
    again = sent(town, line(town, 0, "9号", code=never, name=""))
    clock.shift(dt.timedelta(days=25))
    assert credit.look_after_credit() == 1
    assert credit.look_after_credit() == 0
    receipt = credit.delivery_view(town.officer, got.id)
    assert (receipt.receipt.taken, receipt.receipt.waiting, receipt.receipt.rejected) == (1, 0, 2)
    assert "等到期限" in receipt.rejects[1][1]
    credit.map_code(town.lead, never, firm=town.codes[1], since=dt.date(2020, 1, 1), why="迁入换码")
    assert credit.delivery_view(town.officer, again.id).receipt.taken == 1
    with pytest.raises(credit.NoSuchRecord):
        credit.delivery_view(town.other, again.id)


def test_a_persons_number_never_waits(town: Town) -> None:
    sheet = HEADING.replace("统一社会信用代码", "公民身份号码")
    number = make_id_number("411702", dt.date(1991, 1, 2), 77)
    text = "\n".join([sheet, line(town, 0, "1号", code=number, name=""), "合计,1"])
    got = credit.deliver_file(town.officer, text.encode(), org=UNIT, catalogue="credit-penalty")
    assert (got.waiting, got.rejected) == (0, 1)


def test_rows_by_call_say_how_many_they_are(town: Town) -> None:
    cells = dict(zip(HEADING.split(","), line(town, 0, "1号").split(","), strict=True))
    with pytest.raises(Invalid, match="收到1条"):
        credit.deliver_rows(town.officer, [cells], org=UNIT, catalogue="credit-penalty", count=2)
    got = credit.deliver_rows(town.officer, [cells], org=UNIT, catalogue="credit-penalty", count=1)
    assert got.taken == 1


def test_excel_is_read_as_text_and_long_numbers_are_not_believed() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["代码", "日期"], ["91X", dt.date(2026, 1, 4)], ["合计", 1]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    assert read_sheet(out.getvalue(), most_rows=9).rows == [("91X", "2026-01-04")]
    with pytest.raises(Invalid, match="打不开"):
        read_sheet(out.getvalue()[:900], most_rows=9)
    sheet.cell(2, 1, 411702198001021234)
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Invalid, match="很长的数字"):
        read_sheet(out.getvalue(), most_rows=9)
