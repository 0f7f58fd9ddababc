# SPDX-License-Identifier: Apache-2.0
"""A sheet of existing licences: the good rows are put on record, each wrong one is told, nothing half."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from support.city import publish
from yiwang.apps.identity.public import people_by_number
from yiwang.apps.journal.public import entries_of
from yiwang.apps.licences.commands.standing import change_standing
from yiwang.apps.licences.domain.states import Standing
from yiwang.apps.licences.domain.stock_states import Purpose, SheetState, months_after
from yiwang.apps.licences.models import Licence, LicenceEvent, StockSheet
from yiwang.apps.licences.stock import (
    forget_sheets,
    hand_in_sheet,
    problems_of,
    report_of,
    sheet_view,
    sheets,
)
from yiwang.apps.licences.stock_run import run_sheet, work_on_stock
from yiwang.apps.licences.tests.stock_support import (
    BUREAU,
    HEADINGS,
    KEEPER,
    ORG,
    STRANGER,
    Cells,
    as_csv,
    as_xlsx,
    row,
)
from yiwang.apps.licences.types import expect_stock
from yiwang.apps.vault.public import RECORD_NUMBER, read_watermark
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound

pytestmark = [pytest.mark.storage, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def city(settings: object, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    publish()


def given(rows: list[Cells], *, purpose: Purpose = Purpose.STOCK) -> str:
    return hand_in_sheet(KEEPER, org=ORG, purpose=purpose, name="退休证.csv", content=as_csv(rows))


def taken(rows: list[Cells], *, purpose: Purpose = Purpose.STOCK) -> str:
    public_id = given(rows, purpose=purpose)
    list(run_sheet(public_id))
    return public_id


def told(public_id: str) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in problems_of(KEEPER, public_id)]


def test_good_rows_are_on_record_and_each_wrong_one_is_told_by_row_and_column() -> None:
    rows = [row(n) for n in range(12)]
    rows[1]["持证主体代码"] = "411702196001010010"
    rows[3]["有效期起始日期"] = "2020-02-30"
    rows[4]["证照类型"] = "飞行执照"
    rows[5]["证照编号"] = rows[0]["证照编号"]
    rows[6]["退休时间"] = ""
    rows[7]["有效期截止日期"] = "2021-01-01"
    rows[8]["证照状态"] = "丢了"
    rows[9]["有效期起始日期"] = timezone.localdate() + dt.timedelta(days=2)
    public_id = taken(rows)
    view = sheet_view(KEEPER, public_id)
    assert (view.state, view.total_rows, view.issued, view.wrong) == (SheetState.DONE, 12, 4, 8)
    assert told(public_id) == [
        *((3, "持证主体代码"), (5, "有效期起始日期"), (6, "证照类型"), (7, "证照编号")),
        *((8, "退休时间"), (9, "有效期截止日期"), (10, "证照状态"), (11, "有效期起始日期")),
    ]
    kept = Licence.objects.get(number=rows[0]["证照编号"])
    assert kept.fields == {
        "resident-name": "退休0号",
        "resident-id-number": rows[0]["公民身份号码"],
        "retirement-date": "2020-05-06",
    }
    assert (kept.issuer, kept.valid_from, kept.valid_until) == (ORG, dt.date(2020, 5, 6), None)
    assert LicenceEvent.objects.filter(licence=kept).count() == 1
    done = entries_of(f"stock:{public_id}")[-1]
    assert (done["action"], done["detail"]["issued"]) == ("stock.sheet.done", 4)
    assert "退休" not in str(done["detail"])


def test_the_report_holds_the_wrong_rows_and_may_be_handed_in_again_once_corrected() -> None:
    rows = [row(1), row(2, 退休时间="昨天"), row(3, 证照编号="=1+1", 姓名="")]
    public_id = taken(rows)
    headings, *wrong = report_of(KEEPER, public_id)
    assert headings == ("问题", *HEADINGS, RECORD_NUMBER)
    (trace,) = read_watermark(as_csv([dict(zip(headings, wrong[1], strict=True))], headings=headings))
    assert (trace.receipt, trace.receiver) == (public_id, ORG)
    assert [cells[0].split("：")[0] for cells in wrong] == [
        "第3行【退休时间】日期的写法不对",
        "第4行【姓名】没有填",
    ]
    assert wrong[1][2] == " =1+1"
    mended: list[Cells] = [dict(zip(headings, cells, strict=True)) for cells in wrong]
    mended[0]["退休时间"], mended[1]["姓名"] = "2020-05-06", "退休3号"
    again = hand_in_sheet(
        KEEPER, org=ORG, purpose=Purpose.STOCK, name="改.xlsx", content=as_xlsx(mended, headings=headings)
    )
    list(run_sheet(again))
    assert (sheet_view(KEEPER, again).issued, sheet_view(KEEPER, again).wrong) == (2, 0)
    assert Licence.objects.count() == 3


@pytest.mark.parametrize("stop_after", [1, 2, 3])
def test_a_stop_in_the_middle_loses_nothing_and_doubles_nothing(stop_after: int) -> None:
    rows = [row(n) for n in range(40)]
    rows[5]["退休时间"] = rows[25]["退休时间"] = "昨天"
    rows[31]["证照编号"] = rows[0]["证照编号"]
    public_id = given(rows)
    list(islice(run_sheet(public_id, step=10), stop_after))
    half = sheet_view(KEEPER, public_id)
    assert (half.state, half.done_rows) == (SheetState.RUNNING, stop_after * 10)
    assert Licence.objects.count() == half.issued == stop_after * 10 - half.wrong
    list(run_sheet(public_id, step=7))
    view = sheet_view(KEEPER, public_id)
    assert (view.state, view.done_rows, view.issued, view.wrong) == (SheetState.DONE, 40, 37, 3)
    assert told(public_id) == [(7, "退休时间"), (27, "退休时间"), (33, "证照编号")]


def test_a_step_that_breaks_off_leaves_the_step_before(monkeypatch: pytest.MonkeyPatch) -> None:
    public_id = given([row(n) for n in range(20)])
    working = run_sheet(public_id, step=10)
    next(working)
    monkeypatch.setattr(StockSheet, "save", lambda self, **_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        next(working)
    monkeypatch.undo()
    assert Licence.objects.count() == sheet_view(KEEPER, public_id).done_rows == 10
    list(run_sheet(public_id))
    assert Licence.objects.count() == 20


def test_the_same_sheet_and_the_same_licences_are_taken_once() -> None:
    first = taken([row(1), row(2)])
    assert given([row(1), row(2)]) == first
    second = taken([row(2), row(3)])
    view = sheet_view(KEEPER, second)
    assert (view.issued, view.known, view.wrong) == (1, 1, 0)
    assert Licence.objects.count() == 3


def test_a_periodic_sheet_brings_the_standing_up_to_date_and_a_batch_does_not() -> None:
    taken([row(1), row(2)])
    batch = taken([row(1, 证照状态="撤销")], purpose=Purpose.BATCH)
    assert sheet_view(KEEPER, batch).known == 1
    again = taken([row(1, 证照状态="暂停"), row(2)], purpose=Purpose.PERIODIC)
    view = sheet_view(KEEPER, again)
    assert (view.updated, view.known) == (1, 1)
    one = Licence.objects.get(number=row(1)["证照编号"])
    assert one.standing == Standing.SUSPENDED
    change_standing(system("测试"), one.public_id, Standing.REVOKED, reason="撤销")
    late = taken([row(1, 证照状态="有效"), row(9)], purpose=Purpose.PERIODIC)
    assert told(late) == [(2, "证照状态")]


def test_a_number_of_somebody_else_and_a_name_that_differs_are_told() -> None:
    taken([row(1)])
    other = taken([row(2, 证照编号=row(1)["证照编号"]), row(1, 证照编号="新1", 持证主体="别人")])
    assert sorted(told(other)) == [(2, "持证主体代码"), (3, "持证主体")]
    taken([row(2)])
    again = taken([row(2, 证照编号=row(1)["证照编号"])], purpose=Purpose.PERIODIC)
    assert told(again) == [(2, "持证主体")]


def test_a_holder_nobody_knew_is_a_record_without_a_login() -> None:
    cells = row(77)
    taken([cells])
    number = str(cells["持证主体代码"])
    person = people_by_number([number])[number]
    assert Licence.objects.get().holder == person.public_id
    assert (person.name, person.phone) == ("退休77号", "")


def test_a_number_that_a_spreadsheet_spoilt_is_told_as_such() -> None:
    content = as_xlsx([row(1, 持证主体代码=411702196001020010), row(2)])
    public_id = hand_in_sheet(KEEPER, org=ORG, purpose=Purpose.STOCK, name="a.xlsx", content=content)
    list(run_sheet(public_id))
    (problem,) = problems_of(KEEPER, public_id)
    assert problem.column == "持证主体代码"
    assert "后几位已经丢失" in problem.what


def test_gb18030_is_read_and_rare_characters_are_kept() -> None:
    rows = [row(1, 持证主体="𠮷田㐂", 姓名="𠮷田㐂")]
    public_id = hand_in_sheet(
        KEEPER, org=ORG, purpose=Purpose.STOCK, name="a.csv", content=as_csv(rows, encoding="gb18030")
    )
    list(run_sheet(public_id))
    assert Licence.objects.get().fields["resident-name"] == "𠮷田㐂"


def test_only_the_department_and_the_bureau_see_a_sheet() -> None:
    public_id = given([row(1)])
    assert [one.public_id for one in sheets(BUREAU)] == [public_id]
    assert sheets(STRANGER) == []
    with pytest.raises(NotFound):
        sheet_view(STRANGER, public_id)
    with pytest.raises(NotAllowed):
        hand_in_sheet(STRANGER, org=ORG, purpose=Purpose.STOCK, name="a", content=as_csv([row(1)]))


def test_a_file_that_disappears_stops_the_sheet_with_the_reason(tmp_path: Path) -> None:
    public_id = given([row(1)])
    for path in (tmp_path / "stock").rglob("?" * 64):
        path.write_bytes(b"changed")
    assert work_on_stock() == 0
    view = sheet_view(KEEPER, public_id)
    assert view.state is SheetState.REFUSED
    assert "重新上传" in view.fault


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "XLS"),
        (b"PK\x03\x04 not a package", "读不出来"),
        (b"\x81\x30\xff,\n", "编码"),
        (as_csv([], headings=("证照类型", "证照编号", "备注")), "缺少“持证主体”列"),
        (as_csv([], headings=(*HEADINGS, "证照编号")), "出现两次"),
    ],
)
def test_what_is_no_sheet_is_refused_at_once(content: bytes, word: str) -> None:
    with pytest.raises(Invalid, match=word):
        hand_in_sheet(KEEPER, org=ORG, purpose=Purpose.STOCK, name="a", content=content)
    assert StockSheet.objects.count() == 0


def test_months_end_on_the_same_day_or_the_last_of_the_month() -> None:
    assert months_after(dt.date(2023, 5, 31), 6) == dt.date(2023, 11, 30)
    assert months_after(dt.date(2023, 8, 15), 6) == dt.date(2024, 2, 15)


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_sheet_take_every_row_once() -> None:

    public_id = given([row(n) for n in range(60)])

    def work() -> None:
        try:
            for _ in range(4):
                list(run_sheet(public_id, step=5))
        finally:
            connections.close_all()

    workers: Iterator[threading.Thread] = (threading.Thread(target=work) for _ in range(2))
    started = list(workers)
    for one in started:
        one.start()
    for one in started:
        one.join()
    view = sheet_view(KEEPER, public_id)
    assert (view.state, view.done_rows, view.issued) == (SheetState.DONE, 60, 60)
    assert Licence.objects.count() == 60


def test_stock_is_to_be_sealed_by_the_target_of_its_list_and_a_batch_within_the_limit() -> None:
    published = timezone.localdate() - dt.timedelta(days=30)
    due = expect_stock(
        system("清单"), list_name="第一批", materials=["retirement-certificate"], published_on=published
    )
    taken([row(1)])
    assert Licence.objects.get().seal_due == due == months_after(published, 6)
    taken([row(2)], purpose=Purpose.BATCH)
    batch = Licence.objects.get(number=row(2)["证照编号"])
    assert batch.seal_due is not None
    assert timezone.localdate() < batch.seal_due < due
    taken([row(3)], purpose=Purpose.PERIODIC)
    assert Licence.objects.get(number=row(3)["证照编号"]).seal_asked_at is None


def test_the_file_of_a_finished_sheet_is_removed_in_the_end_and_its_counts_stay() -> None:
    public_id = taken([row(1), row(2, 退休时间="昨天")])
    assert forget_sheets() == 0
    StockSheet.objects.update(finished_at=timezone.now() - dt.timedelta(days=181))
    again = given([row(1), row(2, 退休时间="昨天")], purpose=Purpose.PERIODIC)  # the same file, still needed
    assert forget_sheets() == 0
    list(run_sheet(again))
    StockSheet.objects.update(finished_at=timezone.now() - dt.timedelta(days=181))
    assert forget_sheets() == 1
    assert forget_sheets() == 0
    assert sheet_view(KEEPER, public_id).wrong == len(problems_of(KEEPER, public_id)) == 1
    with pytest.raises(NotFound, match="重新上传"):
        list(report_of(KEEPER, public_id))
