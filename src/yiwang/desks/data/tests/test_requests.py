# SPDX-License-Identifier: Apache-2.0
"""Asking for data, reviewing, granting, revoking, projects and the province, on the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from support.city import OFFICE, City, pdf
from yiwang import wiring
from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import NewRequest
from yiwang.apps.journal.public import deliver_due

At = Callable[[str], Client]
RESOURCE, ASKER = "birth-certificate-record", "handler of another department"
ASK = f"/data/requests/ask/{RESOURCE}"


def typed(city: City, **more: Any) -> dict[str, Any]:
    """A good form; two items, one of them plain."""
    known = exchange.resource(RESOURCE)
    masked = next(one for one in known.fields if one.mask.value not in ("none", "hide"))
    today = timezone.localdate()
    return {
        "org": "education",
        "fields": [masked.id, known.fields[-1].id],
        "plain": [masked.id],
        f"why-{masked.id}": "要与报名表逐字核对",
        "purpose": "核对入学儿童的出生信息",
        "basis": "义务教育法第十一条",
        "per_minute": "60",
        "per_day": "600",
        "valid_from": today.isoformat(),
        "valid_until": (today + dt.timedelta(days=100)).isoformat(),
        "cache_seconds": "0",
        **more,
    }


def asked(city: City, **more: Any) -> str:
    """A request that waits for the health department's review."""
    known = exchange.resource(RESOURCE)
    today = timezone.localdate()
    base: dict[str, Any] = {
        **{"resource": RESOURCE, "org": "education", "fields": tuple(one.id for one in known.fields)},
        **{"purpose": "核对入学儿童的出生信息", "basis": "义务教育法第十一条"},
        **{"valid_from": today, "valid_until": today + dt.timedelta(days=100)},
        **{"per_minute": 60, "per_day": 600},
    }
    return exchange.ask(city[ASKER], NewRequest(**{**base, **more}))


def page(client: Client, url: str, status: int = 200) -> str:
    """A page's text."""
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode()


def test_ask_review_grant_revoke(city: City, at: At) -> None:
    client, reviewer = at(ASKER), at("data of a department")
    assert ASK in page(client, f"/data/catalogue/{RESOURCE}")
    assert "5 个工作日内" in page(client, ASK)
    wrong = client.post(ASK, typed(city, purpose="查", per_day="1", fields=[]))
    assert wrong.status_code == 400
    said = wrong.content.decode()
    assert "请至少勾选一个信息项" in said
    assert 'value="要与报名表逐字核对"' in said, "what was typed is there"
    answer = client.post(ASK, typed(city))
    assert answer.status_code == 302
    url = answer["Location"]
    assert "待审核" in page(client, url)
    assert RESOURCE in page(client, "/data/requests/") or "出生" in page(client, "/data/requests/")
    assert url in page(reviewer, "/data/reviews/")
    assert client.post(f"{url}/review", {"decision": "grant", "version": "1"}).status_code == 403
    back = reviewer.post(f"{url}/review", {**_review(reviewer, url), "decision": "return"})
    assert back.status_code == 400
    assert "退回要写明原因" in back.content.decode()
    more = reviewer.post(f"{url}/review", {**_review(reviewer, url), "decision": "grant", "per_day": "9999"})
    assert "给的比申请的多" in more.content.decode()
    reviewer.post(f"{url}/review", {**_review(reviewer, url), "decision": "return", "words": "请写清依据"})
    assert "请写清依据" in page(client, url)
    assert client.post(f"{url}/mend", typed(city, version="2")).status_code == 302
    stale = client.post(f"{url}/mend", typed(city, version="2"))
    assert stale.status_code == 409
    old = {**_review(reviewer, url), "version": "1", "decision": "grant"}
    assert "过时" in reviewer.post(f"{url}/review", old).content.decode()
    given = {**_review(reviewer, url), "plain": [], "words": "脱敏的就够用", "decision": "grant"}
    assert reviewer.post(f"{url}/review", given).status_code == 302
    (row,) = exchange.received(city[ASKER])
    grant = f"/data/grants/{row.grant.id}"
    assert "原值改为脱敏" in page(client, grant)
    assert grant in page(reviewer, "/data/grants/?side=given")
    assert reviewer.post(f"{grant}/revoke", {"words": ""}).status_code == 400
    assert client.post(f"{grant}/revoke", {"words": "不用了不用了"}).status_code == 403
    assert reviewer.post(f"{grant}/revoke", {"words": "超出用途使用"}).status_code == 302
    late = reviewer.post(f"{grant}/revoke", {"words": "写得太晚"})
    assert (late.status_code, "写得太晚" in late.content.decode()) == (409, True)
    assert "已收回" in page(client, "/data/grants/")


def _review(client: Client, url: str) -> dict[str, Any]:
    """The review form as it stands on the page."""
    context = client.get(url).context
    form = context["review_form"]
    first = {name: form[name].value() for name in ("version", "per_minute", "per_day", "cache_seconds")}
    first["valid_until"] = form["valid_until"].value().isoformat()
    lines = form.lines()
    chosen = {"fields": [one[0] for one in lines if one[2]], "plain": [one[0] for one in lines if one[3]]}
    return {**first, **chosen, "words": ""}


def test_what_is_not_shared_says_so_and_nobody_elses_requests_are_seen(city: City, at: At) -> None:
    closed = next(one for one in exchange.resources() if one.resource.sharing.value == "not_shared")
    assert "不予共享，不能申请" in page(at(ASKER), f"/data/requests/ask/{closed.id}")
    url = f"/data/requests/{asked(city)}"
    page(at("auditor"), url)
    page(at("auditor elsewhere"), url, 404)
    page(at(ASKER), "/data/requests/dr_00000000000000000000000000", 404)
    page(at("counter"), url, 403)
    assert at(ASKER).post(f"{url}/withdraw").status_code == 302
    assert "已撤回" in page(at(ASKER), url)


def test_a_third_party_needs_the_leaders_consent(city: City, at: At) -> None:
    url = f"/data/requests/{asked(city, third_party='某某学校', third_party_why='由其代为核对，用后删除')}"
    reviewer, leader = at("data of a department"), at("approver")
    assert "还没有书面同意" in page(reviewer, url)
    given = {**_review(reviewer, url), "third_party": "on", "decision": "grant"}
    assert "须先有本部门的书面同意" in reviewer.post(f"{url}/review", given).content.decode()
    assert leader.post(f"{url}/consent", {"words": ""}).status_code == 400
    bad = SimpleUploadedFile("同意.pdf", b"MZ")
    assert leader.post(f"{url}/consent", {"words": "同意仅用于核对", "file": bad}).status_code == 400
    file = SimpleUploadedFile("同意.pdf", pdf())
    assert leader.post(f"{url}/consent", {"words": "同意仅用于核对", "file": file}).status_code == 302
    seen = exchange.request_view(city[ASKER], url.rsplit("/", 1)[1])
    document = at(ASKER).get(f"{url}/consents/{seen.consents[0].public_id}")
    assert document.content.startswith(b"%PDF")
    assert "attachment" in document["Content-Disposition"]
    assert reviewer.post(f"{url}/review", given).status_code == 302


def test_the_gate_for_projects(city: City, at: At) -> None:
    client, bureau = at("handler"), at("data")
    form = {
        **{"org": OFFICE, "name": "健康证明管理系统", "stage": "new", "year": str(timezone.localdate().year)},
        **{"yuan": "350000", "summary": "办理健康证明的系统", "it-project-secret": "no"},
        **{"it-project-catalogued": "no", "it-project-own-platform": "no", "it-project-connected": "yes"},
        **{"it-project-extends-old": "no", "it-project-own-network": "no"},
    }
    assert client.post("/data/projects/new", {**form, "name": ""}).status_code == 400
    secret = client.post("/data/projects/new", {**form, "it-project-secret": "yes"})
    assert "保密规定" in secret.content.decode()
    url = client.post("/data/projects/new", form)["Location"]
    assert "没有编入政务数据目录" in page(client, url)
    assert client.post(f"{url}/opinion", {"version": "1"}).status_code == 403
    assert bureau.post(f"{url}/opinion", {"version": "1"}).status_code == 302
    late = bureau.post(f"{url}/opinion", {"version": "1", "words": "写得太晚"})
    assert (late.status_code, "写得太晚" in late.content.decode()) == (409, True)
    assert "不予安排运维经费" in page(client, url)
    assert "不符合数据共享要求" in page(client, "/data/projects/")
    mended = client.post(f"{url}/amend", {**form, "it-project-catalogued": "yes", "version": "2"})
    assert mended.status_code == 302
    assert bureau.post(f"{url}/opinion", {"version": "3"}).status_code == 302
    assert "符合数据共享要求" in page(bureau, url)
    page(client, f"{url}/amend", 409)
    page(at(ASKER), url, 404)


def test_a_user_whom_the_province_proposes_is_confirmed(city: City, at: At) -> None:
    platform, bureau = wiring.provincial_platform(), at("data")
    told = {"number": "n1", "user": "u1", "name": "钱省派", "role": "数据管理员", "org": {"name": "市教育局"}}
    platform.tell(exchange.Feed.USERS, told)  # type: ignore[attr-defined]
    exchange.read_province(platform)
    assert "本市还没有任命" in page(bureau, "/data/cascade/")
    assert "钱省派" not in page(at("handler"), "/data/cascade/"), "of another department"
    for who, status in (("handler", 403), ("data of a department", 403), ("data", 302), ("data", 409)):
        assert at(who).post("/data/cascade/users", {"user": "u1"}).status_code == status, who
    assert "已对应" in page(bureau, "/data/cascade/")


def test_the_province(city: City, at: At) -> None:
    wiring.read_province()
    client, bureau = at("handler"), at("data")
    assert "省级学历信息" in page(client, "/data/cascade/?q=学历")
    ask = "/data/cascade/ask/demo-degree"
    form = {
        **{"org": OFFICE, "fields_": ["school"], "purpose": "核对从业人员学历", "basis": "执业医师法第九条"},
        "valid_until": (timezone.localdate() + dt.timedelta(days=30)).isoformat(),
    }
    assert client.post(ask, {**form, "fields_": [], "purpose": ""}).status_code == 400
    assert client.post(ask, {**form, "purpose": "查"}).status_code == 400
    url = client.post(ask, form)["Location"]
    assert "还没有送到" in page(client, url)
    assert "等上报的 1 条" in page(bureau, "/data/cascade/")
    platform = wiring.provincial_platform()
    deliver_due({exchange.CASCADE: exchange.push_up(platform)}, give_up_after=dt.timedelta(days=1))
    exchange.read_province(platform, now=timezone.now() + dt.timedelta(hours=1))
    said = page(client, url)
    assert "省平台已同意" in said
    assert "加密保存" in said
    assert bureau.post("/data/cascade/announce", {"what": "users"}).status_code == 302
    assert client.post("/data/cascade/announce", {"what": "users"}).status_code == 403
    page(at(ASKER), url, 404)
