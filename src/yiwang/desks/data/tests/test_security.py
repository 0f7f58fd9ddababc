# SPDX-License-Identifier: Apache-2.0
"""Pages of data security and use analysis: main path, mistakes keep what was typed, foreign units see 404."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from support.around_security import MISSING, around_security, on_record, some_calls
from support.city import OFFICE, City
from yiwang.apps.data_security import public as security
from yiwang.apps.vault.public import read_watermark

At = Callable[[str], Client]
SECURITY = "/data/security/"


@pytest.fixture
def things(city: City) -> dict[str, str]:
    """An alert, an incident, a case, a line of the ledger, a good case of `OFFICE`."""
    made = around_security(city)
    return made | on_record(city, made["supervision"])


def test_the_front_page_shows_what_waits(at: At, things: dict[str, str]) -> None:
    page = at("security").get(SECURITY).content.decode()
    for words in ("短时间查询多人", "机房门禁失灵", "日志不全", "还没有指定政务数据安全管理员", "操作日志"):
        assert words in page
    other = at("handler of another department").get(SECURITY).content.decode()
    for words in ("短时间查询多人", "机房门禁失灵", "日志不全"):
        assert words not in other


def test_an_alert_is_answered_and_becomes_an_incident(at: At, things: dict[str, str]) -> None:
    address = f"{SECURITY}alerts/{things['alert']}"
    client = at("security")
    assert "26个不同的人" in client.get(address).content.decode()
    wrong = client.post(address, {"verdict": "harmless", "words": ""})
    assert wrong.status_code == 400
    assert "请写核查情况" in wrong.content.decode()
    answer = client.post(address, {"verdict": "incident", "words": "与办件无关"}, follow=True)
    page = answer.content.decode()
    assert "第一时间" in page
    assert "与办件无关" in page
    again = client.post(address, {"verdict": "harmless", "words": "改主意"})
    assert (again.status_code, "改主意" in again.content.decode()) == (409, True)
    assert at("data").post(address, {"verdict": "harmless", "words": "x"}).status_code == 403


def test_an_incident_from_entry_to_end(at: At, city: City) -> None:
    unit, bureau = at("data of a department"), at("data")
    now = timezone.localtime()
    typed = {
        **{"org": OFFICE, "kind": "incident", "stage": "use", "title": "账号外借", "description": ""},
        **{"found_day": now.date().isoformat(), "found_time": "00:00"},
    }
    wrong = unit.post(f"{SECURITY}incidents/new", typed)
    assert wrong.status_code == 400
    assert "账号外借" in wrong.content.decode()
    typed["description"] = "借给外包人员使用"
    address = unit.post(f"{SECURITY}incidents/new", typed)["Location"]
    assert unit.post(f"{address}/move", {"move": "report", "words": " "}).status_code == 400
    for client, move in ((unit, "report"), (unit, "remedy"), (bureau, "close")):
        assert client.post(f"{address}/move", {"move": move, "words": "已处理"}).status_code == 302
    assert "已办结" in bureau.get(address).content.decode()
    late = unit.post(f"{address}/move", {"move": "remedy", "words": "打了很多字"})
    assert (late.status_code, "打了很多字" in late.content.decode()) == (409, True)
    assert at("handler").get(address).status_code == 404


def test_an_incident_typed_for_tomorrow_stays_in_the_form(at: At) -> None:
    typed = {
        **{"org": OFFICE, "kind": "hazard", "stage": "use", "title": "标题在此", "description": "经过"},
        **{"found_day": "2999-01-01", "found_time": "09:00"},
    }
    page = at("security").post(f"{SECURITY}incidents/new", typed)
    assert page.status_code == 400
    assert "标题在此" in page.content.decode()
    assert "发现时间还没有到" in page.content.decode()


@pytest.mark.parametrize("kind", ["alerts", "incidents", "cases"])
def test_a_foreign_units_matter_is_answered_like_nothing(at: At, things: dict[str, str], kind: str) -> None:
    name = {"alerts": "alert", "incidents": "incident", "cases": "supervision"}[kind]
    for persona in ("handler of another department", "auditor elsewhere", "representative"):
        foreign = at(persona).get(f"{SECURITY}{kind}/{things[name]}")
        nothing = at(persona).get(f"{SECURITY}{kind}/{MISSING[name]}")
        assert (foreign.status_code, nothing.status_code) == (404, 404)
    assert at("anonymous").get(f"{SECURITY}{kind}/{things[name]}").status_code == 302


def test_a_case_is_supervised_and_the_ledger_read(at: At, things: dict[str, str]) -> None:
    bureau, unit = at("data"), at("approver")
    address = f"{SECURITY}cases/{things['supervision']}"
    refused = bureau.post(f"{address}/move", {"move": "talk", "words": "谈了很久"})
    assert refused.status_code == 400
    assert "谈了很久" in refused.content.decode()
    steps = (
        (bureau, {"move": "talk", "words": "谈话", "talked_with": "主任 张某"}),
        (bureau, {"move": "order", "words": "限期建立日志"}),
        (unit, {"move": "mended", "words": "已建立"}),
        (bureau, {"move": "remove", "words": "已核实"}),
    )
    for client, typed in steps:
        assert client.post(f"{address}/move", typed).status_code == 302
    again = bureau.post(f"{address}/move", {"move": "talk", "words": "又谈了", "talked_with": "副主任 李某"})
    assert (again.status_code, "又谈了" in again.content.decode()) == (409, True)
    assert "副主任 李某" in again.content.decode(), "the form is gone, not what was typed"
    assert "主任 张某" in unit.get(address).content.decode()
    assert at("data of a department").get(f"{SECURITY}cases/new").status_code == 200
    page = at("handler of another department").get(f"{SECURITY}ledger").content.decode()
    assert "第 1 号" in page
    assert "逾期没有改正" in page
    back = f"{SECURITY}ledger/{things['ledger_entry']}"
    assert bureau.post(back, {"why": " "}).status_code == 400
    assert bureau.post(back, {"why": "记错单位"}).status_code == 302
    late = bureau.post(back, {"why": "写得太晚"})
    assert (late.status_code, "写得太晚" in late.content.decode()) == (409, True)
    assert "撤回第 1 号" in bureau.get(f"{SECURITY}ledger").content.decode()


def test_an_administrator_is_appointed_and_a_register_kept(at: At, city: City) -> None:
    client, unit = at("approver"), f"{SECURITY}units/{OFFICE}"
    assert "没有指定" in client.get(unit).content.decode()
    assert client.post(unit, {"officer": city["handler"].id}).status_code == 302
    assert at("handler").get(f"{SECURITY}log").status_code == 200
    assert client.post(unit, {"dismiss": "1", "why": ""}).status_code == 400
    drill = f"{unit}/drill"
    line = {
        "day": timezone.localdate().isoformat(),
        "scene": "数据泄露演练",
        "people": "十二",
        "result": "改进",
    }
    wrong = client.post(drill, line)
    assert wrong.status_code == 400
    assert "数据泄露演练" in wrong.content.decode()
    assert client.post(drill, line | {"people": "12"}).status_code == 302
    assert "数据泄露演练" in client.get(drill).content.decode()
    assert client.get(f"{unit}/no-such").status_code == 404
    assert at("representative").get(drill).status_code == 404


def test_the_log_asks_why_and_shows_the_units_calls(at: At) -> None:
    some_calls()
    client = at("security")
    assert "工作人员3" not in client.get(f"{SECURITY}log").content.decode()
    assert client.post(f"{SECURITY}log", {"why": ""}).status_code == 400
    page = client.post(f"{SECURITY}log", {"why": "例行审计"}).content.decode()
    assert "核对申请人情况" in page
    assert "已拒绝" in page
    assert at("approver").post(f"{SECURITY}log", {"why": "看看"}).status_code == 403


def test_figures_are_shown_and_taken_along_marked(at: At) -> None:
    some_calls()
    page = at("data").get("/data/use/").content.decode()
    for words in ("综合分析评价", "信息查询", "<rect", "成功"):
        assert words in page
    assert "市住建局" not in at("security").get("/data/use/").content.decode()
    book = at("data").get("/data/use.xlsx").content
    first = next(load_workbook(BytesIO(book)).active.iter_rows(values_only=True))
    assert str(first[0]).startswith("应用分析")
    sheet = at("data").get("/data/use.csv").content
    assert "水印" in sheet.decode("utf-8-sig")
    assert [one.rows > 0 for one in read_watermark(sheet)] == [True]
    wrong = at("data").get("/data/use/?first=2026-05-02&last=2026-05-01")
    assert wrong.status_code == 400


def test_good_cases_are_nominated_chosen_published(at: At, city: City, things: dict[str, str]) -> None:
    address = f"/data/use/cases/{things['good_case']}"
    unit, bureau = at("data of a department"), at("data")
    wrong = unit.post("/data/use/cases/", {"org": OFFICE, "title": "写好的标题", "story": "做法"})
    assert wrong.status_code == 400
    assert "写好的标题" in wrong.content.decode()
    assert unit.post(address, {"verdict": "choose", "words": "好"}).status_code == 403
    assert bureau.post(address, {"verdict": "choose", "words": " "}).status_code == 400
    assert (
        "开餐馆不用交身份证"
        not in at("handler of another department").get("/data/use/cases/").content.decode()
    )
    for typed in ({"verdict": "choose", "words": "成效明显"}, {"verdict": "publish"}):
        assert bureau.post(address, typed).status_code == 302
    late = bureau.post(address, {"verdict": "choose", "words": "写得太晚"})
    assert (late.status_code, "写得太晚" in late.content.decode()) == (409, True)
    assert (
        "开餐馆不用交身份证" in at("handler of another department").get("/data/use/cases/").content.decode()
    )
    assert security.good_cases(city["handler"])[0].words == "成效明显"
