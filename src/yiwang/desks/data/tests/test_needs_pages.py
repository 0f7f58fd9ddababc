# SPDX-License-Identifier: Apache-2.0
"""The pages of needs and of the census: from what a department types to what the bureau makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from support.city import City
from yiwang.engines.exchange.drafting import read_resource

At = Callable[[str], Client]
NEED = {"org": "health", "kind": "verify", "title": "核验婚姻状况", "wants": "申请人是否已婚", "place": ""}
DEPARTMENT, BUREAU = "data of a department", "data"


def text(answer: Any) -> str:
    """The page's words."""
    return str(answer.content.decode())


def listed(at: At, **more: str) -> str:
    """The address of a new need."""
    answer = at(DEPARTMENT).post("/data/needs/new", NEED | more)
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def test_a_need_goes_from_the_department_to_the_edition(city: City, at: At) -> None:
    url = listed(at)
    assert "转给供给部门" not in text(at(DEPARTMENT).get(url))
    page = text(at(BUREAU).get(url))
    assert "转给供给部门" in page
    sent = {"step": "match", "version": "1", "resource": "marriage-registration", "provider": ""}
    assert at(BUREAU).post(f"{url}/step", sent).status_code == 302
    assert "驻马店市民政局" in text(at(DEPARTMENT).get(url))
    assert "核验婚姻状况" in text(at("handler").get("/data/catalogue/marriage-registration"))
    answer = at(BUREAU).post("/data/needs/publish")
    assert answer["Location"] == "/data/needs/editions/1"
    assert "核验婚姻状况" in text(at("auditor").get(answer["Location"]))
    again = at(BUREAU)
    again.post("/data/needs/publish")
    assert "没有变化" in text(again.get("/data/needs/"))
    assert "核验婚姻状况" in text(at("handler").get("/data/needs/?state=matched"))
    assert "没有符合条件的需求" in text(at("handler").get("/data/needs/?state=closed"))


def test_what_was_typed_stays_when_it_is_not_complete(city: City, at: At) -> None:
    answer = at(DEPARTMENT).post("/data/needs/new", NEED | {"kind": "", "title": ""})
    assert answer.status_code == 400
    assert "申请人是否已婚" in text(answer)
    assert "请写需求名称" in text(answer)
    refused = at(DEPARTMENT).post("/data/needs/new", NEED | {"org": "education"})
    assert refused.status_code == 400
    url = listed(at)
    sent = {"step": "close", "version": "1", "words": ""}
    missing = at(DEPARTMENT).post(f"{url}/step", sent)
    assert missing.status_code == 400
    assert "要写明情况" in text(missing)
    stale = at(DEPARTMENT).post(f"{url}/step", sent | {"version": "9", "words": "不要了"})
    assert stale.status_code == 409
    assert "不要了" in text(stale)
    assert 'name="version" value="1"' in text(stale), "what was typed may be sent for what the page shows"
    closed = sent | {"words": "不要了"}
    assert at(DEPARTMENT).post(f"{url}/step", closed).status_code == 302
    late = at(DEPARTMENT).post(f"{url}/step", closed | {"words": "写得太晚"})
    assert (late.status_code, "您刚才写的" in text(late), "写得太晚" in text(late)) == (409, True, True)
    assert at(DEPARTMENT).post(f"{url}/step", {"step": "<x>"}).status_code == 400


def test_a_need_is_corrected_by_its_department(city: City, at: At) -> None:
    url = listed(at)
    assert f"{url}/correct" in text(at(DEPARTMENT).get(url))
    assert "申请人是否已婚" in text(at(DEPARTMENT).get(f"{url}/correct"))
    assert at(BUREAU).get(f"{url}/correct")["Location"] == url
    assert at(BUREAU).post(f"{url}/correct", NEED | {"version": "1"}).status_code == 403
    sent = NEED | {"title": "核验婚姻登记", "version": "1"}
    assert at(DEPARTMENT).post(f"{url}/correct", sent).status_code == 302
    stale = at(DEPARTMENT).post(f"{url}/correct", sent | {"title": "另一个"})
    assert stale.status_code == 409
    assert "另一个" in text(stale)
    assert "核验婚姻登记" in text(at(DEPARTMENT).get(url))


def test_who_is_not_of_the_part_is_refused(city: City, at: At) -> None:
    url = listed(at)
    assert at("handler").post(f"{url}/step", {"step": "close"}).status_code == 403
    assert "由部门的数据管理员提出" in text(at(BUREAU).get("/data/needs/new"))
    assert at(BUREAU).post("/data/needs/new", NEED).status_code == 403
    assert at("handler").post("/data/needs/new", NEED).status_code == 403
    assert at(BUREAU).get("/data/needs/need_nothing").status_code == 404
    assert at(BUREAU).get("/data/needs/editions/9").status_code == 404
    client = at(DEPARTMENT)
    client.post("/data/needs/publish")
    assert "由市政务服务和大数据管理局办理" in text(client.get("/data/needs/"))


ROW = {"type": "uscc", "grade": "general_1", "mask": "none", "key": "on", "subject_id": "on"}
ENTRY = {
    "version": "0",
    "name": "医疗机构执业登记信息",
    "summary": "医疗机构的名称、地址。",
    "subject": "firm",
    "library": "department",
    "sharing": "unconditional",
    "grade": "general_1",
    "cycle": "monthly",
    "form": "database",
    "answers": "营业执照",
    "form-TOTAL_FORMS": "2",
    "form-INITIAL_FORMS": "0",
    "form-0-name": "登记号",
    **{f"form-0-{name}": value for name, value in ROW.items()},
}


def test_a_draft_is_filled_in_taken_and_downloaded(city: City, at: At) -> None:
    department, bureau = at(DEPARTMENT), at(BUREAU)
    saved = department.post("/data/census/new", ENTRY | {"do": "save", "grade": ""})
    url = str(saved["Location"])
    assert "登记号" in text(department.get(url))
    short = department.post(url, ENTRY | {"do": "hand_in", "version": "1", "grade": ""})
    assert short.status_code == 400
    assert "填的内容已经保存" in text(short)
    assert department.post(url, ENTRY | {"do": "hand_in", "version": "2"}).status_code == 302
    assert "library: department" in text(bureau.get(url))
    sent = {"version": "4", "do": "take", "resource": "tax-returns", "words": ""}
    taken = bureau.post(f"{url}/answer", sent)
    assert taken.status_code == 400
    assert "已经用过" in text(taken)
    assert bureau.post(f"{url}/answer", sent | {"resource": "medical-institutions"}).status_code == 302
    file = bureau.get(f"{url}.yaml")
    resource = read_resource(file.content, city.catalogue, file="x.yaml")
    assert (resource.id, resource.answers) == ("medical-institutions", ["business-licence"])
    assert "等目录版本发布" in text(department.get("/data/census/"))


def test_a_draft_is_its_departments_own(city: City, at: At) -> None:
    department = at(DEPARTMENT)
    url = str(department.post("/data/census/new", ENTRY | {"do": "save"})["Location"])
    more = department.post(url, ENTRY | {"do": "more", "version": "1", "form-0-name": "刚打的字"})
    assert more.status_code == 200
    assert "刚打的字" in text(more)
    assert "第 7 项" in text(more)
    wrong = department.post(url, ENTRY | {"do": "save", "version": "1", "answers": "没有的证"})
    assert wrong.status_code == 400
    assert "没有叫“没有的证”的材料" in text(wrong)
    assert department.post(f"{url}/answer", {"version": "1", "do": "take"}).status_code == 403
    assert at("handler").get(url).status_code == 403
    assert "由部门的数据管理员填写" in text(at(BUREAU).get("/data/census/new"))
    assert at(BUREAU).post("/data/census/new", ENTRY).status_code == 403
    assert at(BUREAU).get("/data/census/census_nothing").status_code == 404
    back = at(BUREAU).post(f"{url}/answer", {"version": "1", "do": "return", "words": "x"})
    assert back.status_code == 409
