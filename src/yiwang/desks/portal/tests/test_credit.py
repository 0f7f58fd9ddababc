# SPDX-License-Identifier: Apache-2.0
"""Public credit on pages: found by everybody, seen by whom it is about, objected to, repaired, decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from support import city as small
from support.around_credit import around_credit
from yiwang.apps.casework import public as casework
from yiwang.apps.credit import public as credit
from yiwang.kernel.actor import system
from yiwang.kernel.ids import make_uscc

At = Callable[[str], Client]
BOSS = "representative of the firm"


@pytest.fixture
def told(city: small.City) -> dict[str, str]:
    """What there is of the firm."""
    return around_credit(city)


def read(client: Client, name: str, *args: str, **query: str) -> str:
    """A page that is there."""
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_everybody_finds_the_public_part_and_nothing_else(city: small.City, told: dict[str, str]) -> None:
    visitor = Client()
    name = credit.own_records(city[BOSS], city.firm)[0].subject_name
    page = visitor.post("/credit/", {"q": name}).content.decode()
    assert "行政处罚1" in page
    assert "异议核查中" in page
    assert visitor.post("/credit/", {"q": "没有这家公司"}).status_code == 404
    person = visitor.post("/credit/", {"q": "411702199001011234"})
    assert person.status_code == 400
    assert "411702199001011234" not in person.content.decode()
    page = read(visitor, "portal:credit_lists")
    assert "没有公示中的名单" in page
    assert "没有在使用期内的失信信息" in page
    assert visitor.get("/my/credit/").status_code == 302


def test_whom_it_is_about_sees_all_and_may_object_and_repair(
    city: small.City, told: dict[str, str], at: At
) -> None:
    boss = at(BOSS)
    page = read(boss, "portal:my_credit", subject=city.firm)
    assert "行政处罚2" in page
    assert "去陈述申辩" in page
    assert "行政处罚" not in read(boss, "portal:my_credit")
    one = told["credit_record"]
    assert "已经改正" not in read(boss, "portal:credit_record", one)
    wrong = boss.post(
        reverse("portal:credit_repair", args=[one]), {"r-way": "申请延期", "r-words": "改好了吗"}
    )
    assert wrong.status_code == 400
    assert "改好了吗" in wrong.content.decode()
    assert 'id="id_r-promise_error"' in wrong.content.decode(), "its conditions ask for a commitment"
    proof = SimpleUploadedFile("凭证.pdf", small.pdf(), "application/pdf")
    sent = {"r-way": "申请延期", "r-words": "已经全部改正", "r-promise": "守法", "r-proof": proof}
    assert boss.post(reverse("portal:credit_repair", args=[one]), sent).status_code == 302
    listing = reverse("portal:credit_hearing", args=[told["credit_listing"]])
    assert boss.post(listing, {"words": "我们同意列入红名单"}).status_code == 302
    assert at("owner").get(reverse("portal:credit_record", args=[one])).status_code == 404


def test_the_unit_answers_and_the_effects_end(city: small.City, told: dict[str, str], at: At) -> None:
    handler = at("handler")
    page = read(handler, "office-credit")
    assert "这条记录不对" in page
    assert "下载退回的" in page
    kinds = page.count('<option value="credit-permit">行政许可信息</option>')
    assert kinds == 2, "to send, and as a template"
    objection = told["credit_objection"]
    answer = reverse("office-credit-answer", args=[objection])
    short = handler.post(answer, {"outcome": "removed", "words": "属实"})
    kept = [f'id="said-{objection}-wrong"', f'href="#said-{objection}"', ">属实</textarea>"]
    assert (short.status_code, [one in short.content.decode() for one in kept]) == (400, [True] * 3)
    assert (
        handler.post(answer, {"outcome": "removed", "words": "核查属实，撤下"}, follow=True).status_code
        == 200
    )
    late = handler.post(answer, {"outcome": "removed", "words": "另一位同事也来答复"})
    assert (late.status_code, "另一位同事也来答复" in late.content.decode()) == (409, True)
    repair = reverse("office-credit-repair", args=[told["credit_repair"]])
    handler.post(repair, {"grant": "yes", "words": "核实已缴清"})
    against = [one for one in credit.own_records(city[BOSS], city.firm) if one.entry.sort.is_against]
    assert [one.counts for one in against] == [False, False]
    back = handler.get(reverse("office-credit-rejects", args=[told["credit_delivery"]]))
    assert "退回原因" in back.content.decode("utf-8-sig")
    assert at("handler of another department").get(back.request["PATH_INFO"]).status_code == 404


def test_an_officer_looks_up_with_a_purpose(city: small.City, told: dict[str, str], at: At) -> None:
    handler, boss = at("handler"), at(BOSS)
    number = credit.own_records(city[BOSS], city.firm)[0].subject_number
    look = reverse("office-credit-look")
    assert handler.post(look, {"number": number}).status_code == 400
    page = handler.post(look, {"number": number, "purpose": "审查许可申请"}).content.decode()
    assert "适当提高抽查比例" in page
    assert "审查许可申请" in read(boss, "portal:my_credit", subject=city.firm)


def test_a_file_is_sent_and_what_is_wrong_is_said(city: small.City, at: At) -> None:
    handler = at("handler")
    empty = handler.get(reverse("office-credit-template"), {"entry": "credit-permit"}).content
    file = SimpleUploadedFile("许可.csv", empty.replace("合计,0".encode(), b""), "text/csv")
    sent = {"org": small.OFFICE, "catalogue": "credit-permit", "file": file}
    answer = handler.post(reverse("office-credit"), sent)
    assert answer.status_code == 400
    assert "文件不完整" in answer.content.decode()


def test_the_case_page_shows_the_check_and_takes_feedback(city: small.City, at: At) -> None:
    application = small.submitted(city)
    case = small.item_of(city, application)
    item = casework.case_view(city["handler"], case).item.item
    day, owner = timezone.localdate(), city["owner"].id
    told = credit.record(
        system("处罚机关"),
        credit.NewRecord(
            "credit-licence-by-fraud", owner, "骗取许可", "第七十九条", day, day, "housing",
            {"违法事实": "提供假材料", "处罚内容": "警告", "事项": item}, reference="骗1号", item=item,
        ),
    )  # fmt: skip
    handler = at("handler")
    page = read(handler, "office-case", case)
    assert "期限内不得再次申请该行政许可" in page
    assert told in page
    said = {"record": told, "measure": "期限内不得再次申请该行政许可", "applied": "yes"}
    done = handler.post(reverse("office-case-credit", args=[case]), said, follow=True).content.decode()
    assert "已反馈：已实施" in done
    assert "公共信用核查" not in read(at("counter"), "counter-intake")


def test_the_unit_tells_reads_evidence_and_withdraws(city: small.City, told: dict[str, str], at: At) -> None:
    handler = at("handler")
    proof = handler.get(reverse("office-credit-evidence", args=[told["credit_matter"]]))
    assert proof.content.startswith(b"%PDF")
    assert (
        handler.get(reverse("office-credit-evidence", args=[told["credit_matter"]]), {"n": "7"}).status_code
        == 404
    )
    number = credit.own_records(city[BOSS], city.firm)[0].subject_number
    given = {
        "org": small.OFFICE, "catalogue": "credit-red", "code": number, "reference": "拟红2号",
        "title": "守信典型",
        "why": "连续三年守信", "basis": "行业标准", "happened_on": "2026-01-05",
    }  # fmt: skip
    assert handler.post(reverse("office-credit-tell"), given | {"code": "91"}).status_code == 400
    stained = handler.post(reverse("office-credit-tell"), given)
    assert "在使用期内的失信信息" in stained.content.decode()
    record = reverse("office-credit-record", args=[told["credit_record"]])
    assert "撤下这条信息" in read(handler, "office-credit-record", told["credit_record"])
    unsaid = handler.post(f"{record}/withdraw", {"reason": " "})
    assert (unsaid.status_code, f"said-{told['credit_record']}-wrong" in unsaid.content.decode()) == (
        400,
        True,
    )
    handler.post(f"{record}/withdraw", {"reason": "复议撤销"})
    assert "原决定已撤销" in read(handler, "office-credit-record", told["credit_record"])
    codes = {"code": "4117001", "firm": number, "since": "2020-01-01", "why": "注册号"}
    refused = handler.post(reverse("office-credit-codes"), codes)
    assert "牵头单位" in refused.content.decode()


def test_the_unit_corrects_on_a_page_and_takes_off_the_list(
    city: small.City, told: dict[str, str], at: At
) -> None:
    handler, boss = at("handler"), at(BOSS)
    page = reverse("office-credit-correct", args=[told["credit_record"]])
    given = {
        "version": "1", "title": "行政处罚1（更正）", "basis": "第一条", "happened_on": "2026-01-05",
        "decided_on": "2026-01-06", "severity": "轻微", "f-违法事实": "未公示", "f-处罚依据": "第一条",
        "f-处罚种类": "警告", "f-处罚内容": "警告", "reason": "",
    }  # fmt: skip
    shown = handler.get(page).content.decode()
    assert "第1版" in shown
    assert f'value="{timezone.localdate() - dt.timedelta(days=100)}"' in shown
    refused = handler.post(page, given)
    assert refused.status_code == 400
    assert "行政处罚1（更正）" in refused.content.decode()
    given |= {"reason": "程度写错了"}
    done = handler.post(page, given, follow=True).content.decode()
    assert "更正原因：程度写错了" in done
    again = handler.post(page, given | {"title": "另一个人也来更正"})
    assert "第2版" in again.content.decode()
    assert at("handler of another department").get(page).status_code == 404
    assert "去陈述申辩" in read(boss, "portal:my_credit", subject=city.firm)
    removal = reverse("portal:credit_hearing", args=[told["credit_removal"]])
    assert boss.post(removal, {"words": "处罚正在复议"}).status_code == 302
    assert "处罚正在复议" in read(handler, "office-credit")
    decide = reverse("office-credit-removal", args=[told["credit_removal"]])
    early = handler.post(decide, {"remove": "yes", "words": "标准要求移出"}, follow=True).content.decode()
    assert "期限还没有到" in early


def test_a_units_system_sends_by_call(city: small.City, at: At) -> None:
    handler = at("handler")
    row = {"统一社会信用代码": "", "决定文书号": "1号", "标题": "准予", "依据": "第一条",
           "发生日期": "2026-01-05",
           "决定日期": "2026-01-05", "许可内容": "经营"}  # fmt: skip
    body = {"org": small.OFFICE, "catalogue": "credit-permit", "count": 1, "rows": [row]}
    answer = handler.post("/api/credit/v1/deliveries", body, content_type="application/json")
    assert answer.json() | {"id": ""} == {
        "id": "", "rows": 1, "taken": 0, "corrected": 0, "repeated": 0, "rejected": 1, "waiting": 0,
        "again": False,
    }  # fmt: skip
    again = handler.post("/api/credit/v1/deliveries", body, content_type="application/json")
    assert again.json()["again"]
    back = handler.get(f"/api/credit/v1/deliveries/{answer.json()['id']}").json()
    assert "必要条件" in back["rejects"][0]["why"]
    assert back["rejects"][0]["cells"] == row
    new = make_uscc("411702", 901)
    body["rows"] = [row | {"统一社会信用代码": new}, row | {"统一社会信用代码": new, "决定文书号": ""}]
    waits = handler.post("/api/credit/v1/deliveries", body | {"count": 2}, content_type="application/json")
    assert (waits.json()["waiting"], waits.json()["rejected"]) == (1, 1)
    assert new in read(handler, "office-credit-codes")


def test_a_trading_system_runs_the_loop_by_call_and_an_officer_on_pages(
    city: small.City, told: dict[str, str], at: At
) -> None:
    handler, day = at("handler"), timezone.localdate()
    listed = credit.record(
        system("认定机关"),
        credit.NewRecord(
            "credit-black-wages", city.firm, "拖欠工资", "办法第五条", day, day, "hrss",
            {"列入事由": "拖欠"}, reference="欠1号", told_on=day - dt.timedelta(days=30),
        ),
    )  # fmt: skip
    number = credit.own_records(city[BOSS], city.firm)[0].subject_number
    asked = {"org": small.OFFICE, "dealing": "评优评先", "matter": "文明单位2026", "number": number}
    found = handler.post("/api/credit/v1/checks", asked, content_type="application/json").json()
    (effect,) = found["effects"]
    assert (effect["record"], effect["kind"], found["closed"]) == (listed, "bar", False)
    url = f"/api/credit/v1/checks/{found['id']}"
    said = {"record": listed, "measure": effect["measure"], "applied": False}
    refused = handler.post(f"{url}/feedback", said, content_type="application/json")
    assert refused.status_code == 400
    page = reverse("office-credit-dealing", args=[found["id"]])
    form = {"record": listed, "measure": effect["measure"], "applied": "yes"}
    assert "取消参加评先评优资格" in handler.get(page).content.decode()
    assert "已实施" in handler.post(f"{page}/feedback", form, follow=True).content.decode()
    assert handler.get(url).json()["closed"]
    started = handler.post(reverse("office-credit-dealings"), asked | {"number": "91"})
    assert started.status_code == 400
    assert "文明单位2026" in started.content.decode()
    started = handler.post(reverse("office-credit-dealings"), asked | {"matter": "文明单位2027"}, follow=True)
    assert "文明单位2027" in started.content.decode()
    assert at("handler of another department").get(page).status_code == 404


def test_a_month_is_read_printed_and_downloaded(city: small.City, told: dict[str, str], at: At) -> None:
    page = read(at("handler"), "office-credit-reporting")
    assert "十公示" in page
    assert "几项目标" not in page
    page = read(at("auditor"), "office-credit-reporting", month="2020-01")
    assert "失信信息公示率力争不低于50%" in page
    sheet = at("auditor").get(reverse("office-credit-reporting"), {"as": "csv"})
    assert "及时率%" in sheet.content.decode("utf-8-sig")
    assert "市卫健体委,3," in sheet.content.decode("utf-8-sig")
