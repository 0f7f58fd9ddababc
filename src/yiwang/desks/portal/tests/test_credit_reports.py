# SPDX-License-Identifier: Apache-2.0
"""Credit reports on pages: one's own, a firm's public one, an officer's; checked at /verify by anybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser

from support import city as small
from support.around_credit import around_credit
from support.credit_reports import sealing
from support.pages import HOST, barriers, browsing
from support.sealed import stage_of
from yiwang.apps.credit import public as credit
from yiwang.apps.credit.facts import export_facts
from yiwang.apps.identity.public import firms_of
from yiwang.desks.portal import credit_reports
from yiwang.desks.slowing import PerMinute
from yiwang.kernel.actor import system
from yiwang.kernel.ids import make_uscc

At = Callable[[str], Client]
BOSS = "representative of the firm"


@pytest.fixture
def office(
    city: small.City, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[small.City]:
    """The city, with records of the firm and a seal on credit reports."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(credit_reports, "_tries", PerMinute())
    around_credit(city)
    with sealing(stage_of(city)):
        yield city


def text(answer: Any, status: int = 200) -> str:
    """What a page says."""
    assert answer.status_code == status
    return str(answer.content.decode())


def test_own_and_public_reports_are_drawn_downloaded_and_checked_by_anybody(
    office: small.City, at: At
) -> None:
    boss, visitor, firm = at(BOSS), Client(), office.firm
    assert "出具公共信用报告（自查版）" in text(boss.get("/my/credit/reports", {"subject": firm}))
    drawn = boss.post("/my/credit/reports", {"subject": firm, "report": "credit-report-own"})
    own = text(boss.get(drawn.headers["Location"]))
    assert "行政处罚1" in own
    assert "公共信用综合评价" in own
    assert visitor.get(drawn.headers["Location"]).status_code == 302
    assert at("other").get(drawn.headers["Location"]).status_code == 404
    assert "没有这种信用报告" in text(boss.post("/my/credit/reports", {"report": "x"}), 400)
    (one,) = credit.reports_of(office[BOSS], firm)
    told = text(visitor.get(f"/verify/{one.code}"))
    assert "这份信用报告是真的" in told
    number = firms_of(office[BOSS])[0].number
    assert number not in told
    assert "行政处罚1" not in told
    file = boss.get(f"{drawn.headers['Location']}/pdf").content
    sent = SimpleUploadedFile("报告.pdf", file)
    assert "一字未改" in text(visitor.post("/verify", {"file": sent}))
    changed = SimpleUploadedFile("报告.pdf", file.replace(b"Producer", b"producer"))
    assert "一字未改" not in text(visitor.post("/verify", {"file": changed}))

    public = visitor.post("/credit/reports", {"code": number})
    page = text(visitor.get(public.headers["Location"]))
    assert "行政处罚1" in page
    assert "得分" not in page
    assert visitor.get(f"{public.headers['Location']}/ofd").content.startswith(b"PK")
    assert visitor.get(f"/credit/reports/{one.id}").status_code == 404
    assert "代码" in text(visitor.post("/credit/reports", {"code": "1"}), 400)
    for _ in range(4):
        answer = visitor.post("/credit/reports", {"code": number})
    assert "太快" in text(answer, 429)


def test_an_officers_report_needs_use_and_matter_and_is_shown_to_the_firm(office: small.City, at: At) -> None:
    handler, number = at("handler"), firms_of(office[BOSS])[0].number
    asked = {"report": "credit-report-officer", "number": number, "use": "招标投标", "case": "某项目招标"}
    assert "请写明办理的事项" in text(handler.post("/office/credit/reports", asked | {"case": ""}), 400)
    nobody = make_uscc("411702", 999)
    assert "没有登记过" in text(handler.post("/office/credit/reports", asked | {"number": nobody}), 400)
    drawn = handler.post("/office/credit/reports", asked)
    assert "某项目招标" in text(handler.get(drawn.headers["Location"]))
    assert handler.get(f"{drawn.headers['Location']}/pdf").content.startswith(b"%PDF")
    assert at("approver").get(drawn.headers["Location"]).status_code == 404
    assert "某项目招标" in text(handler.get("/office/credit/reports"))
    page = text(at(BOSS).get("/my/credit/reports", {"subject": office.firm}))
    assert "招标投标，某项目招标" in page
    assert "出具公共信用报告（单位查询版）：招标投标" in text(
        at(BOSS).get("/my/credit/", {"subject": office.firm})
    )


def test_nobody_is_kept_out_of_these_pages(
    office: small.City, at: At, browser: Browser, tmp_path: Path
) -> None:
    clerk, firm = system("测试导出"), office.firm
    export_facts(clerk, tmp_path / "store", now=timezone.now(), lag=dt.timedelta(0))
    credit.run_for_pages(clerk, tmp_path / "store", "evaluation-firms", on=timezone.localdate())
    own = credit.draw_report(office[BOSS], credit.NewReport(firm, "credit-report-own"))
    credit.agree_to_score(office[BOSS])
    used = credit.use_score(office[BOSS], "scene-travel")
    pages = {
        BOSS: (f"my/credit/reports/{own.id}", "my/credit/score", f"my/credit/file?subject={firm}"),
        "anonymous": ("credit/rules/evaluation-firms", f"verify/{used.code}"),
    }
    for who, addresses in pages.items():
        with browsing(browser, at(who)) as page:
            for address in addresses:
                page.goto(f"{HOST}/{address}")
                assert barriers(page) == [], address
    with browsing(browser, at("auditor")) as page:
        page.goto(f"{HOST}/office/credit/evaluations")
        page.get_by_label("等级").select_option("B级")
        page.get_by_label("用途").first.fill("编制抽查计划")
        page.get_by_role("button", name="列出").press("Enter")
        page.get_by_text("分数低的在前").wait_for()
        assert barriers(page) == []
        page.get_by_label("统一社会信用代码").fill(firms_of(office[BOSS])[0].number)
        page.get_by_label("用途").last.fill("编制抽查计划")
        page.get_by_role("button", name="查看").press("Enter")
        page.get_by_text("分数怎样来的").wait_for()
        assert barriers(page) == []


def test_evaluation_score_and_file_are_for_whom_they_are_about(office: small.City, at: At) -> None:
    boss, other = at(BOSS), at("other")
    assert "没有它会怎样" in text(boss.get("/my/credit/evaluation"))
    assert "没有可以代表的单位" in text(other.get("/my/credit/evaluation", {"subject": office.firm}))
    assert "行政处罚1" in text(boss.get("/my/credit/file", {"subject": office.firm}))
    assert "行政处罚1" not in text(other.get("/my/credit/file", {"subject": office.firm}))
    assert "我同意，看我的分数" in text(other.get("/my/credit/score"))
    page = text(other.post("/my/credit/score", {"do": "use", "scene": "scene-rent"}, follow=True))
    assert "照常办理" in page
    assert "良，70分" in text(other.post("/my/credit/score", {"do": "agree"}, follow=True))
    page = text(other.post("/my/credit/score", {"do": "use", "scene": "scene-travel"}, follow=True))
    assert "已经领取信易行凭证" in page
    page = text(other.post("/my/credit/score", {"do": "withdraw"}, follow=True))
    assert "已失效" in page
    handler = at("handler")
    page = text(handler.get("/office/credit/evaluations"))
    assert "编制抽查计划的单位查看" in page
    assert "查一家企业" not in page
    assert Client().get("/credit/rules/no-such").status_code == 404
    assert "个人信用分" in text(Client().get("/credit/rules/"))
