# SPDX-License-Identifier: Apache-2.0
"""The demonstration itself: one restaurant from the search box to the licences, over HTTP."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from yiwang.apps.casework.public import ApplicationView, application_view
from yiwang.apps.identity.public import Subject, subject
from yiwang.apps.journal.public import seal_batch, verify
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.actor import system
from yiwang.kernel.ids import make_uscc

from .accounts import PASSWORD, tokens
from .applicant import Applicant, Errand, draft_of
from .browser import Browser, Page, Site, Stumbled
from .city import HOME, Cast, size_of_city
from .firm_asks import ask_for_help
from .keeping_credit import keep_credit
from .keeping_promises import keep_promises
from .officers import Office, ask_correction
from .policy_desk import publish_a_policy
from .report import Firms, Outcome
from .sealing import seal_and_check
from .settling import settle_by_month
from .sharing import agree_to_sharing
from .stage import Stage
from .story import Story
from .trust import trust_the_data
from .window import at_the_window

_READER = system("示例报告")
_ROUNDS = 6  # of items that wait for one another
_ANSWERS = {
    "has-licence": "否",
    "firm-kind": "个体工商户",
    "premises-county": HOME,
    "premises-area": "120",
    "seat-count": "40",
    "fire-check-way": "现场检查",
    "has-shop-sign": "是",
    "has-large-advertisement": "否",
    "drainage-way": "市政污水管网",
    "key-drainage-household": "否",
    "staff-count": "5",
}
_CORRECTED = "premises-use-proof"


def play(site: Site, catalogue: Catalogue, cast: Cast, story: Story) -> Outcome:
    """Play everything; returns what it came to. Raises StepFailed."""
    with ExitStack() as stack:
        stage = Stage(site, catalogue, cast, story, stack)
        resident = subject(cast.resident)
        story.chapter(f"居民：“{_errand(resident).words}”")
        home = stage.browser()
        application = _apply(stage, home, resident)
        story.chapter("各部门")
        _handle(stage, home, application, resident)
        story.chapter("电子证照")
        sealed = seal_and_check(stage, home, application)
        story.chapter("窗口")
        counter_number, pages = at_the_window(stage)
        story.chapter("数据共享")
        shared, looked = agree_to_sharing(stage)
        story.chapter("数据质量和安全")
        trusted = trust_the_data(stage, counter_number)
        story.chapter("按月结算的补贴")
        settled = settle_by_month(stage)
        story.chapter("企业诉求（万人助万企）")
        asked = ask_for_help(stage)
        story.chapter("政策管理台")
        published = publish_a_policy(stage)
        story.chapter("公共信用")
        kept = keep_credit(stage)
        story.chapter("告知承诺和容缺")
        promised = keep_promises(stage, application)
        story.chapter("核对")
        seen, problems = _check(story, application)
        return Outcome(
            seen,
            size_of_city(),
            problems,
            sealed,
            shared,
            trusted,
            Firms(settled, asked, published),
            kept,
            promised,
            counter_number,
            story.seconds,
            home.pages
            + pages
            + looked
            + trusted.pages
            + settled.pages
            + asked.pages
            + published.pages
            + kept.pages
            + promised.pages,
        )


def _errand(person: Subject) -> Errand:
    family_name = person.name[0]
    shop = "驻马店市驿城区雪松大道188号一楼东户"
    return Errand(
        words="我想开一家小饭馆",
        event="open-restaurant",
        place=HOME,
        answers=_ANSWERS,
        values={
            "firm-name": f"驻马店市驿城区老{family_name}饭馆",
            "business-scope": "餐饮服务；小餐饮",
            "premises-address": shop,
            "sign-text": f"老{family_name}饭馆",
            "resident-phone": person.phone,
        },
    )


def _apply(stage: Stage, home: Browser, person: Subject) -> str:
    """From the first page to the receipt; returns the application's public id."""
    somebody = Applicant(home, stage.catalogue, _errand(person), stage.story)
    step = stage.story.step
    with step("打开首页，用自己的话搜一搜") as note:
        page = somebody.find(home.open("/"))
        note(f"找到“{page.title}”")
    with step("回答引导问题，看办理方案（不用登录）"):
        page = somebody.plan(page)
    with step("点“开始办理”，登录"):
        page = page.follow("开始办理")
        page = page.form(having="password").put(username="jumin", password=PASSWORD).press()
        page = somebody.start(page)
    with step("填一张表") as note:
        page = somebody.fill_form(page)
        note(f"填了 {somebody.done.typed} 处，其余从证照带出或由前面的事项产生")
    with step("交一套材料") as note:
        page = somebody.upload(somebody.promise(somebody.commit(page)))
        note(f"上传 {somebody.done.uploaded} 份 PDF；{somebody.done.signed} 份签了承诺，不用交；1 份以后补")
    with step("选领取方式，核对，提交") as note:
        page = somebody.submit(somebody.deliver(page))
        note(_first_words(page))
    return draft_of(page)


def _first_words(page: Page) -> str:
    numbers = page.tree.xpath('//*[contains(@class,"number")]')
    return f"回执：{numbers[0].text_content().strip()}" if numbers else page.title


def _handle(stage: Stage, home: Browser, application: str, person: Subject) -> None:
    """Correction, reviews, joint visit, decisions, until everything is delivered."""
    step, catalogue = stage.story.step, stage.catalogue
    number = home.json(f"/api/applications/{application}")["number"]
    with step("经办人看材料，一次性告知补正") as note:
        case = _item(home, application, "sole-trader-registration")
        ask_correction(stage.browser("shouli"), case, _CORRECTED, "租赁合同缺签字页，请补拍。")
        note(f"{catalogue.materials[_CORRECTED].name}：请补拍签字页")
    with step("居民收到通知，补正后提交"):
        page = home.open(f"/applications/{application}/correct")
        somebody = Applicant(home, catalogue, _errand(person), stage.story)
        somebody.correct(page, _CORRECTED)
    with tokens(f"demo-{int(time.time())}") as issued:
        office = Office(stage.site, catalogue, HOME, issued, stage.browser("shenpi"), _states(person))
        for _ in range(_ROUNDS):
            waiting = _waiting(home, application)
            if not waiting:
                break
            _one_round(stage, office, number, waiting)
    with step("统一出件，电子送达") as note:
        page = home.open(f"/applications/{application}/progress")
        seen = home.json(f"/api/applications/{application}")
        if seen["stage"] != "finished":
            raise Stumbled(f"还没有办结，现在是“{seen['stage']}”。")
        note(f"“我的办件”里有 {len(page.tree.find_class('licence'))} 件证照和结果")


def _one_round(stage: Stage, office: Office, number: str, waiting: Sequence[str]) -> None:
    """Every department that has something to do now, then the decisions."""
    items = stage.catalogue.items
    for org in dict.fromkeys(items[item].org for item in waiting):
        name = stage.catalogue.orgs[org].name
        before = len(office.visits)
        with stage.story.step(f"{name}：受理、审查、决定") as note:
            cases = office.handle(org, number)
            for case in cases:
                office.decide(case)
            visited = "，联合踏勘" if len(office.visits) > before else ""
            note("、".join(items[i].name for i in waiting if items[i].org == org) + f"：准予{visited}")


def _waiting(home: Browser, application: str) -> list[str]:
    items = home.json(f"/api/applications/{application}")["items"]
    return [item["item"] for item in items if item["state"] in ("submitted", "supplied")]


def _item(home: Browser, application: str, item: str) -> str:
    items = home.json(f"/api/applications/{application}")["items"]
    return str(next(one["id"] for one in items if one["item"] == item))


def _states(person: Subject) -> dict[str, Any]:
    """What the registrar states on the business licence: a new code, unlike any other."""
    serial = 10_000_000 + int(time.time()) % 80_000_000
    return {
        "firm-uscc": make_uscc("411702", serial, registry="92"),
        "legal-representative-name": person.name,
        "firm-address": "驻马店市驿城区雪松大道188号一楼东户",
    }


def _check(story: Story, application: str) -> tuple[ApplicationView, list[Any]]:
    with story.step("核对日志：每一行都连着前一行") as note:
        seal_batch()
        problems = list(verify())
        if problems:
            raise Stumbled(f"日志有 {len(problems)} 处问题：{problems[0]}")
        note("没有改动、缺失或者乱序")
    return application_view(_READER, application), problems
