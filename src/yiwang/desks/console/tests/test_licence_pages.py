# SPDX-License-Identifier: Apache-2.0
"""The pages around licences: a department hands in, the bureau reviews, samples and sees what is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from support.around_licences import HEADINGS, MATERIAL, around_licences, template_text
from support.city import OFFICE, City
from yiwang.apps.licences import public as licences
from yiwang.apps.licences.tests.test_flow_back import packed, returned
from yiwang.kernel.ids import make_id_number

At = Callable[[str], Client]
PAGES = ("licences/", "licences/duties.csv", "templates/", "stock/", "sync/", "samplings/")


def sheet(*rows: str, headings: str = HEADINGS) -> SimpleUploadedFile:
    return SimpleUploadedFile("健康证明.csv", "\n".join([headings, *rows]).encode())


def good(serial: int) -> str:
    number = make_id_number("411702", dt.date(1990, 5, 6), serial)
    since, until = timezone.localdate() - dt.timedelta(days=9), timezone.localdate() + dt.timedelta(days=300)
    return f"食品从业人员健康证明,健{serial},人{serial},{number},{since},{until},人{serial}"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("licences/", {"data", "approver", "representative", "auditor"}),
        ("templates/", {"data", "approver", "representative", "auditor"}),
        ("stock/", {"data", "approver", "representative"}),
        ("sync/", {"data", "auditor", "operator"}),
        ("samplings/", {"data", "auditor"}),
    ],
)
def test_who_may_see_what(city: City, at: At, path: str, allowed: set[str]) -> None:
    personas = ("data", "approver", "representative", "auditor", "operator", "catalogue", "handler", "owner")
    assert {who for who in personas if at(who).get(f"/console/{path}").status_code == 200} == allowed


def test_a_sheet_is_handed_in_taken_and_its_wrong_rows_downloaded(city: City, at: At) -> None:
    client = at("approver")
    data = {"org": OFFICE, "purpose": "stock", "file": sheet(good(1), good(2).replace("健2", ""))}
    page = client.post("/console/stock/", data)["Location"]
    waiting = client.get(page).content.decode()
    assert "排队中" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert licences.work_on_stock() == 2
    text = client.get(page).content.decode()
    assert "已完成" in text
    assert "第 3 行" in text
    assert 'http-equiv="refresh"' not in text
    report = client.get(f"{page}/report")
    assert report["Content-Type"].startswith("text/csv")
    lines = report.content.decode("utf-8-sig").splitlines()
    assert lines[0] == f"问题,{HEADINGS},记录号"
    assert "【证照编号】没有填" in lines[1]
    again = client.post("/console/stock/", data | {"file": sheet(good(1), good(2).replace("健2", ""))})
    assert again["Location"] == page
    assert client.get("/console/stock/").content.decode().count("健康证明.csv") == 1


def test_a_sheet_that_does_not_fit_is_told_beside_the_field(city: City, at: At) -> None:
    client = at("approver")
    answer = client.post(
        "/console/stock/", {"org": OFFICE, "purpose": "stock", "file": sheet(headings="甲,乙")}
    )
    assert answer.status_code == 400
    assert "缺少“证照类型”列" in answer.content.decode()
    nothing = client.post("/console/stock/", {})
    assert nothing.status_code == 400
    assert "请选择文件" in nothing.content.decode()


def test_the_blank_sheet_has_the_headings_of_its_type(city: City, at: At) -> None:
    answer = at("approver").get(f"/console/stock/blank/{MATERIAL}")
    headings = answer.content.decode("utf-8-sig").strip().split(",")
    assert headings[:7] == HEADINGS.split(",")
    assert at("approver").get("/console/stock/blank/nothing").status_code == 404


def test_a_template_goes_from_the_department_to_the_download_area(city: City, at: At) -> None:
    file = SimpleUploadedFile("模板.yaml", template_text())
    page = at("approver").post("/console/templates/", {"org": OFFICE, "level": "city", "file": file})[
        "Location"
    ]
    bureau = at("data")
    assert "审核通过" in bureau.get(page).content.decode()
    sample = bureau.get(f"{page}/sample")
    assert sample.content.startswith(b"%PDF-")
    unsaid = bureau.post(f"{page}/review", {"verdict": "reject", "words": " "})
    assert (unsaid.status_code, 'id="said-review-wrong"' in unsaid.content.decode()) == (400, True)
    bureau.post(f"{page}/review", {"verdict": "approve"})
    bureau.post(f"{page}/publish")
    late = bureau.post(f"{page}/review", {"verdict": "reject", "words": "写得太晚"})
    assert (late.status_code, "写得太晚" in late.content.decode()) == (409, True)
    assert "在用" in at("approver").get(page).content.decode()
    text = bureau.get("/console/templates/").content.decode()
    assert f"{page}/file" in text
    assert at("auditor").get(f"{page}/file").content == template_text()


def test_what_is_wrong_in_a_template_is_listed_with_its_line(city: City, at: At) -> None:
    raw = template_text().replace(b"seal: {", b"sael: {")
    data = {"org": OFFICE, "level": "city", "file": SimpleUploadedFile("模板.yaml", raw)}
    answer = at("approver").post("/console/templates/", data)
    assert answer.status_code == 400
    assert "模板.yaml:" in answer.content.decode()
    assert "sael" in answer.content.decode()


def test_stock_is_reported_and_a_list_makes_it_due(city: City, at: At) -> None:
    approver, bureau = at("approver"), at("data")
    given = {"duty": f"{OFFICE}/{MATERIAL}", "count": "3", "span_from": "2019-01-01", "span_to": "2020-01-01"}
    assert approver.post("/console/licences/stock", given).status_code == 302
    wrong = approver.post("/console/licences/stock", given | {"span_to": "2018-01-01"})
    assert wrong.status_code == 400
    assert "时间跨度" in wrong.content.decode()
    expected = {"list_name": "第一批", "published_on": "2023-08-31", "materials": [MATERIAL]}
    assert bureau.post("/console/licences/lists", expected).status_code == 302
    text = bureau.get("/console/licences/").content.decode()
    assert "2024年2月29日" in text
    assert "已逾期" in text
    target = licences.targets(late_only=True)[0]
    approver.post(f"/console/licences/lists/{target.id}/finish")
    assert "还差 3 件没有入库" in approver.get("/console/licences/").content.decode()
    rows = bureau.get("/console/licences/duties.csv").content.decode("utf-8-sig")
    assert "2019-01-01,2020-01-01" in rows


def test_a_sample_is_drawn_a_fault_ordered_mended_and_closed(city: City, at: At) -> None:
    bureau, approver = at("data"), at("approver")
    given = {"name": "第四季度", "size": "2", "org": OFFICE, "material": ""}
    page = bureau.post("/console/samplings/", given)["Location"]
    _, (first, second) = licences.sampling_view(city["data"], page.rsplit("/", 1)[1])
    bureau.post(f"{page}/{first.id}", {"verdict": "fault", "fault": "姓名有错字"})
    bureau.post(f"{page}/{second.id}", {"verdict": "fine"})
    bureau.post(f"{page}/redraw")
    text = bureau.get(page).content.decode()
    assert "重抽的结果和记录的完全一样" in text
    assert "待整改" in text
    assert "姓名有错字" in approver.get("/office/mending").content.decode()
    empty = approver.post(f"/office/mending/{first.id}", {"words": " "})
    assert empty.status_code == 400
    assert "请写明怎样改的" in empty.content.decode()
    approver.post(f"/office/mending/{first.id}", {"words": "已更正"})
    bureau.post(f"{page}/{first.id}/close", {"verdict": "accept"})
    assert "已复核办结" in bureau.get(page).content.decode()
    assert at("handler").get("/office/mending").status_code == 403


def test_a_finding_without_words_is_asked_for(city: City, at: At) -> None:
    made = around_licences(city)
    bureau, page = at("data"), f"/console/samplings/{made['sampling']}"
    unsaid = bureau.post(f"{page}/{made['finding']}", {"verdict": "fault", "fault": " "})
    assert (unsaid.status_code, "没有写发现了什么问题" in unsaid.content.decode()) == (400, True)
    assert f'id="said-{made["finding"]}-wrong"' in unsaid.content.decode()
    bureau.post(f"{page}/{made['finding']}", {"verdict": "fine"})
    late = bureau.post(f"{page}/{made['finding']}", {"verdict": "fault", "fault": "写得太晚"})
    assert (late.status_code, "写得太晚" in late.content.decode()) == (409, True)


def test_the_bureau_lets_the_province_know_of_all(city: City, at: At) -> None:
    bureau = at("data")
    assert "省里已经收到" in bureau.get("/console/sync/").content.decode()
    assert bureau.post("/console/sync/announce").status_code == 302
    assert "已安排补推" in bureau.get("/console/sync/").content.decode()


def test_a_package_that_flows_back_is_taken_in(city: City, at: At) -> None:
    bureau = at("data")
    file = SimpleUploadedFile("回流.zip", packed([returned(1), returned(2, 证照颁发机构="火星局")]))
    assert bureau.post("/console/sync/packages", {"source": "国家平台", "file": file}).status_code == 302
    text = bureau.get("/console/sync/").content.decode()
    assert "新收 1 件" in text
    assert "火星局" in text
    bad = bureau.post("/console/sync/packages", {"source": "国家平台", "file": SimpleUploadedFile("a", b"x")})
    assert bad.status_code == 400
    assert "不是 ZIP" in bad.content.decode()
    assert at("auditor").post("/console/sync/packages", {}).status_code == 403


def test_what_was_told_of_a_licence_makes_it_likelier_to_be_drawn(city: City, at: At) -> None:
    bureau, holder = at("data"), at("owner")
    paper = licences.held_by([city["owner"].id])[0]
    said = {"said-type": "business-licence", "said-number": "测000001", "said-words": "地址印错了"}
    assert bureau.post("/console/samplings/complaints/new", said).status_code == 302
    wrong = bureau.post("/console/samplings/complaints/new", said | {"said-number": "没有"})
    assert wrong.status_code == 404
    assert "没有这个编号的证照" in wrong.content.decode()
    page = f"/my/licences/{paper.public_id}/problem"
    assert "哪里不对" in holder.get(page).content.decode()
    assert holder.post(page, {"words": " "}).status_code == 400
    assert holder.post(page, {"words": "名字有错"}).status_code == 302
    assert at("other").post(page, {"words": "名字有错"}).status_code == 404
    given = {"name": "全抽", "size": "100", "org": "", "material": ""}
    drawn = bureau.post("/console/samplings/", given)["Location"].rsplit("/", 1)[1]
    _, rows = licences.sampling_view(city["data"], drawn)
    assert sum(row.complaints for row in rows) == 2
