# SPDX-License-Identifier: Apache-2.0
"""A policy changed in the console by two officers, page by page, without a script."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.around_benefits import around_benefits
from support.city import City
from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.identity.public import register_firm
from yiwang.apps.journal.public import looks_at
from yiwang.engines.benefits.drafting import ROWS
from yiwang.kernel.actor import system
from yiwang.kernel.ids import make_uscc

At = Callable[[str], Client]
POLICY = "smart-factory-reward"
LIST = "/console/policies/"


def begun(browser: Client, policy: str = POLICY) -> str:
    """The address of a draft that was begun."""
    answer = browser.post(f"{LIST}begin", {"policy": policy})
    return str(answer["Location"]).removesuffix("/edit")


def sent(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser sends of the fields."""
    data: dict[str, Any] = {key: value for key, value in typed.items() if isinstance(value, str)}
    data |= {key: list(typed[key]) for key in ("views", "departments", "conditions")}
    for key, parts in ROWS.items():
        data |= {f"{key}-{part}": [row[part] for row in typed[key]] for part in parts}
    return data | {f"source-{part}": value for part, value in typed["source"].items()}


def typed_of(city: City, page: str) -> dict[str, Any]:
    """The fields of a draft as they are stored."""
    return dict(catalogue.policy_draft(city["catalogue"], page.rsplit("/", 1)[1]).typed)


def save(browser: Client, page: str, typed: Mapping[str, Any], **more: str) -> Any:
    version = re.search(r'name="version" value="(\d+)"', browser.get(f"{page}/edit").content.decode())
    assert version is not None
    given = {"version": version[1], "summary": "提高一倍", **more}
    return browser.post(f"{page}/edit", sent(typed) | given, follow=True)


def moved(browser: Client, page: str, move: str, **given: str) -> Any:
    version = re.search(r'name="version" value="(\d+)"', browser.get(page).content.decode())
    return browser.post(f"{page}/{move}", {"version": version[1] if version else "0", **given}, follow=True)


def doubled(city: City, page: str) -> dict[str, Any]:
    """Twice as much for everybody, and the examples with it."""
    typed = typed_of(city, page)
    examples = [dict(row) for row in typed["examples"]]
    for row in examples:
        row["value"] = str(int(row["value"]) * 2) if row["outcome"] == "gives" else row["value"]
    return typed | {"rule": f"({typed['rule']}) * 2", "examples": examples}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_policy_is_changed_by_two_officers_without_a_programmer(city: City, at: At) -> None:
    around_benefits(city)
    author, second = at("data"), at("catalogue")
    assert "起草修改" in text(author.get(LIST))
    assert "省级智能工厂、智能车间奖励" in text(author.get(LIST, {"q": "智能 车间"}))
    assert "没有找到“登月”" in text(author.get(LIST, {"q": "登月"}))
    page = begun(author)
    assert "检查没有问题" in text(save(author, page, doubled(city, page)))
    assert "还没有测试" in text(moved(author, page, "hand-in"))
    found = moved(author, page, "test", population="known", on="2026-11-22")
    assert "测试做完了" in text(found)
    assert "金额增加" in text(found)
    sample = author.get(f"{found.redirect_chain[-1][0]}/sample")
    assert city.firm not in text(sample)
    assert "成立" in text(sample)
    assert any(one["action"] == "policy.sample.look" for one in looks_at(city.firm))
    assert "已送审" in text(moved(author, page, "hand-in"))
    shown = text(second.get(page))
    assert "和现行的差别" in shown
    assert "提高一倍" in shown
    assert author.post(f"{page}/review", {}).status_code == 403
    assert "退回要写明理由" in text(moved(second, page, "review", verdict="reject"))
    assert "复核通过" in text(moved(second, page, "review", verdict="approve"))
    before = text(at("anonymous").get(f"/policies/{POLICY}"))
    assert "已发布" in text(moved(second, page, "publish"))
    assert text(at("anonymous").get(f"/policies/{POLICY}")) != before
    assert catalogue.amendments()[0].policy.id == POLICY
    late = moved(second, page, "review", verdict="reject", words="写得太晚")
    assert (late.status_code, "写得太晚" in text(late)) == (409, True)


def test_what_is_wrong_stands_beside_the_line_and_nothing_typed_is_lost(city: City, at: At) -> None:
    author = at("data")
    page = begun(author)
    wrong = typed_of(city, page) | {"conditions": ["省级智能工厂或车间 == 1", "省级智能厂 = 1"], "doc": ""}
    said = text(save(author, page, wrong))
    assert "还有" in said
    for typed in ("省级智能工厂或车间 == 1", "省级智能厂 = 1"):
        assert typed in said
    assert re.search(r'id="f-conditions-0_error">.*?第 \d+ 个字', said, re.S)
    assert re.search(r'id="f-conditions-1_error">.*?省级智能工厂或车间', said, re.S)
    assert "没有来源的规则不能定稿" in said
    assert "改好才能测试" in text(author.get(f"{page}/test"))


def test_shares_instalments_and_the_budget_have_fields_and_come_back_as_typed(city: City, at: At) -> None:
    author = at("data")
    page = begun(author)
    shares = [{"who": "市财政", "share": "50"}, {"who": "受益财政", "share": "40%"}]
    typed = typed_of(city, page) | {"payers": shares, "budget": "二百万", "budget_order": "按名单先后"}
    said = text(save(author, page, typed))
    assert re.search(r'id="f-payers-0_error">.*?加起来是90，不是100', said, re.S)
    assert re.search(r'id="f-budget_error">.*?不是数', said, re.S)
    assert all(f'value="{one}"' in said for one in ("50", "40%", "二百万", "按名单先后"))
    assert 'href="#f-payers-0"' in said, "the summary leads to the row"
    more = {"instalments": [{"year": "1", "share": "40"}, {"year": "2", "share": "60"}]}
    right = typed | more | {"payers": [shares[0], shares[1] | {"share": "50"}], "budget": "2000000"}
    assert "检查没有问题" in text(save(author, page, right))
    file = text(author.get(f"{page}/file"))
    assert "share: 0.5" in file
    assert "yuan: 2000000" in file
    assert "市财政承担 50%" in text(author.get(page)), "the reviewer reads it in words"


def test_everybody_registered_can_be_the_population(city: City, at: At) -> None:
    for number in (81, 82):
        register_firm(
            system("登记机关"),
            name=f"第{number}号商店",
            uscc=make_uscc("411702", number),
            kind="个体工商户",
            representative=city["representative of the firm"].id,
            founded=dt.date(2024, 1, 2),
        )
    author = at("catalogue")
    page = begun(author, "cross-border-freight")
    found = text(moved(author, page, "test", population="registered", on="2021-01-01"))
    assert "全市登记的 3 个企业，其中 0 个部门另有认定" in found
    known = re.findall(r'row">([^<]+)</th><td data-label="知道的">(\d+)</td><td[^>]+>(\d+)</td>', found)
    assert ("是否本地注册独立法人", "3", "0") in known, "from the registration"
    assert ("年进出口运费总额", "0", "3") in known
    assert re.search(r"还不能确定的</th><td[^>]+>1</td>", found), (
        "shops are no legal persons, the company may be"
    )


def test_looking_up_a_fact_keeps_what_is_typed(city: City, at: At) -> None:
    author = at("data")
    page = begun(author)
    typed = typed_of(city, page) | {"brings": "还没有保存的一句话"}
    said = text(save(author, page, typed, do="find", q="总投资"))
    assert "还没有保存的一句话" in said
    assert "物流项目总投资额" in said
    assert "还没有保存的一句话" in text(save(author, page, typed, do="more-examples"))
    assert typed_of(city, page)["brings"] != "还没有保存的一句话"


def test_the_second_of_two_authors_keeps_what_they_wrote(city: City, at: At) -> None:
    author, other = at("data"), at("catalogue")
    page = begun(author)
    typed = typed_of(city, page)
    stale = {"version": "1", "summary": "", **sent(typed | {"brings": "我写的"})}
    save(other, page, typed | {"brings": "别人写的"})
    answer = author.post(f"{page}/edit", stale)
    assert answer.status_code == 409
    assert "另一个人" in text(answer)
    assert "我写的" in text(answer)
    author.post(f"{page}/edit", stale | {"do": "anyway"})
    assert typed_of(city, page)["brings"] == "我写的"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "空"),
        (b"PAR1" + b"x" * 40, "不是完整的 Parquet"),
        (b"\x89PNG\0\0", "不是 CSV"),
        ("别的列\n1".encode(), "没有这项政策用到的列"),
        ("省级智能工厂或车间\n智能工厂,多一列\n".encode(), "不是完整的 CSV"),
    ],
)
def test_a_wrong_file_is_told(city: City, at: At, content: bytes, told: str) -> None:
    author = at("data")
    page = begun(author)
    given = {"version": "1", "population": "file", "on": "2026-11-22"}
    answer = author.post(f"{page}/test", {**given, "file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 400
    assert told in text(answer)


def test_a_file_with_wrong_values_is_counted_all_the_same(city: City, at: At) -> None:
    author = at("data")
    page = begun(author)
    rows = "省级智能工厂或车间\n智能工厂\n乱写的\n智能车间\n".encode("gb18030")
    given = {"version": "1", "population": "file", "on": "2026-11-22"}
    file = SimpleUploadedFile("x.csv", rows)
    said = text(author.post(f"{page}/test", {**given, "file": file}, follow=True))
    assert "共 3 个对象" in said
    assert "1 个值读不懂" in said


def test_the_file_of_a_draft_is_what_the_engine_reads(city: City, at: At) -> None:
    author = at("data")
    page = begun(author)
    answer = author.get(f"{page}/file")
    assert answer["Content-Type"].startswith("application/yaml")
    assert text(answer).startswith(f"id: {POLICY}\n")


@pytest.mark.parametrize(
    ("persona", "status"), [("handler", 403), ("owner", 403), ("data of a department", 404)]
)
def test_a_draft_is_nobody_elses(city: City, at: At, persona: str, status: int) -> None:
    page = begun(at("data"))
    for path in ("", "/edit", "/test", "/file"):
        assert at(persona).get(page + path).status_code == status
    assert at("auditor").get(page).status_code == 200
    assert at("auditor").get(f"{page}/edit").status_code == 403
