# SPDX-License-Identifier: Apache-2.0
"""Promises: a letter stands for a death certificate, is compared by itself with the register, found untrue,
revoked, recorded and repaired, in one chain; a document that was promised for later comes in time."""

from __future__ import annotations

import csv
import datetime as dt
import time
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.casework.public import applications_of, drop_draft
from yiwang.apps.commitments import public as commitments
from yiwang.apps.exchange import public as exchange
from yiwang.apps.gateway import public as gateway
from yiwang.apps.identity.public import Subject, subject
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import Actor, ActorKind, system
from yiwang.kernel.ids import make_id_number

from .accounts import tokens
from .applicant import Applicant, Errand, draft_of
from .browser import Browser, Form, Page, Stumbled
from .city import HOME
from .grants import data_officer
from .officers import Office
from .papers import paper
from .stage import Stage

_EVENT, _ITEM, _PROOF = "after-death", "medical-account-inheritance", "death-certificate"
_REGISTER, _FILE = "household-cancellation", "cancellations.csv"
_MAKER = system("示例承诺")
_SAID, _TRUE = 3, 40  # days since the death: as the form says, as the register has it
_DAYS = 365
_ANSWERS = {
    "applicant-kinship": "子女",
    "death-circumstance": "在医院去世",
    "has-death-proof": "是",
    "body-handling": "火化",
    "already-cremated": "是",
    "decedent-household-here": "否",
    "decedent-pension-kind": "没有参加",
    "decedent-medical-account": "是",
    "decedent-housing-fund": "否",
    "decedent-driving-licence": "否",
    "decedent-deposits": "否",
    "decedent-house": "否",
}


@dataclass(frozen=True)
class Promised:
    """What came of it: what the comparison said, how long the chain is, until when the document was promised.
    `pages`: how many were opened."""

    compared: str
    links: int
    supplied: str
    pages: int


def keep_promises(stage: Stage, restaurant: str) -> Promised:
    """Play it; `restaurant`: the application in which a document is promised for later. Raises StepFailed."""
    person, step = subject(stage.cast.resident), stage.story.step
    home, handler = stage.browser("jumin"), stage.browser("shouli")
    number = make_id_number("411702", timezone.localdate().replace(year=1941), _serial())
    _tell_register(stage, number)
    with step("领去世老人医保卡里的钱：死亡证明用承诺代替，不用交") as note:
        application = _apply(stage, home, person, number)
        note("告知书、承诺书看过以后签署，视为已提供证明")
    with step("医保部门准予；这份承诺列入核查"):
        decided = _granted(stage, home, application)
        check = _check(stage, handler)
    with step("系统自动在线比对：公安的死亡注销登记") as note:
        commitments.compare_due()
        page = handler.open(f"/office/commitments/{check}")
        compared = _looked(page)
        note(compared)
    with step("不一致的由人核查：查实不实，撤销、责令整改、计入信用记录"):
        _untrue(handler, stage.browser("shenpi"), check)
    with step("整改、申请信用修复、同意：限制解除") as note:
        links = _repaired(home, handler, check)
        note(f"从出示告知到信用修复，一条链 {links} 个环节，本人和经办人都看得到")
    with step("先办后补的材料：看期限，按期补交") as note:
        supplied = _supplied(stage, home, handler, restaurant)
        note(supplied)
    return Promised(compared, links, supplied, home.pages + handler.pages + decided)


def _serial() -> int:
    return 1 + int(time.time()) % 900


def _tell_register(stage: Stage, number: str) -> None:
    """The register of public security knows another day of death; medical insurance is let ask it."""
    today = timezone.localdate()
    died = (today - dt.timedelta(days=_TRUE)).isoformat()
    known = resources(stage.catalogue)[_REGISTER]
    columns = {one.id: one.id.replace("-", "_") for one in known.fields}
    row = {
        "decedent-id-number": number, "decedent-name": "秦守业", "death-date": died, "cancelled": died,
        "reason": "死亡",
    }  # fmt: skip
    with (gateway.sources_folder() / _FILE).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(columns.values()), [row[name] for name in columns]])
    if gateway.source_view(_MAKER, _REGISTER) is None:
        config = {"path": _FILE, "format": "csv", "columns": columns, "encoding": "utf-8"}
        gateway.save_source(_MAKER, gateway.NewSource(_REGISTER, "file", config))
    org = stage.catalogue.items[_ITEM].org
    if exchange.active_grant(resource=_REGISTER, org=org, item=_ITEM, at=timezone.now()) is None:
        _grant(stage, org)


def _grant(stage: Stage, org: str) -> None:
    known, today = resources(stage.catalogue)[_REGISTER], timezone.localdate()
    fields = ("decedent-id-number", "decedent-name", "death-date")
    why = "要与承诺的内容逐字比对，脱敏后无法核对"
    asked = exchange.NewRequest(
        resource=_REGISTER, org=org, fields=fields, plain=dict.fromkeys(fields, why),
        purpose="核查告知承诺：核对承诺的死亡信息", basis="驻政办〔2021〕8号", item=_ITEM,
        valid_from=today, valid_until=today + dt.timedelta(days=_DAYS), per_minute=60, per_day=2_000,
    )  # fmt: skip
    request = exchange.ask(data_officer(stage.catalogue, org), asked)
    reviewer = data_officer(stage.catalogue, known.provider)
    exchange.review(reviewer, request, exchange.Decision(grant=True, words="符合共享条件，同意。"), version=1)


def _apply(stage: Stage, home: Browser, person: Subject, number: str) -> str:
    actor = Actor(ActorKind.PERSON, person.public_id, person.name)
    for row in applications_of(actor):
        if row.life_event == _EVENT and row.stage == "draft":
            drop_draft(actor, row.id)
    values = {
        "decedent-name": "秦守业", "decedent-id-number": number, "resident-phone": person.phone,
        "death-date": (timezone.localdate() - dt.timedelta(days=_SAID)).isoformat(),
    }  # fmt: skip
    errand = Errand("老人去世", _EVENT, HOME, _ANSWERS, values)
    somebody = Applicant(home, stage.catalogue, errand, stage.story)
    page = somebody.plan(home.open(f"/life-events/{_EVENT}")).follow("开始办理")
    page = somebody.upload(somebody.commit(somebody.fill_form(somebody.start(page))))
    if not somebody.done.signed:
        raise Stumbled("没有可以签的承诺书。", mend="；".join(page.complaints))
    return draft_of(somebody.submit(somebody.deliver(page)))


def _granted(stage: Stage, home: Browser, application: str) -> int:
    """The department handles and grants it; how many pages the approver opened."""
    number = home.json(f"/api/applications/{application}")["number"]
    approver = stage.browser("shenpi")
    with tokens(f"promises-{int(time.time())}") as issued:
        office = Office(stage.site, stage.catalogue, HOME, issued, approver, {})
        for case in office.handle(stage.catalogue.items[_ITEM].org, number):
            office.decide(case)
    return approver.pages


def _check(stage: Stage, handler: Browser) -> str:
    """The newest check of such a letter that waits, from the department's own list."""
    page = handler.open("/office/commitments/")
    name = stage.catalogue.materials[_PROOF].name
    rows = [
        str(link.get("href"))
        for line in page.tree.xpath("//tbody/tr")
        if name in line.text_content()
        for link in line.iter("a")
    ]
    if not rows:
        raise Stumbled("待核查的列表里没有这份承诺。", mend="；".join(page.complaints))
    return rows[-1].rpartition("/")[2]


def _looked(page: Page) -> str:
    for one in page.tree.iter("span"):
        words = (one.text_content() or "").strip()
        if words.startswith("“与") and "不一致" in words:
            return str(words.strip("“”"))
    raise Stumbled("自动比对的结果没有显示出来。", mend="；".join(page.complaints))


def _untrue(handler: Browser, approver: Browser, check: str) -> None:
    here = f"/office/commitments/{check}"
    form = handler.open(here).form(having="method")
    form.put(method="daily", found="untrue", words="死亡注销登记和医院的记录都早一个多月").press()
    form = approver.open(here).form(having="severity")
    page = form.put(words="去世日期与登记不一致，多领了一个月", severity="轻微").press()
    if not page.shows("责令整改"):
        raise Stumbled("没有办结。", mend="；".join(page.complaints))


def _repaired(home: Browser, handler: Browser, check: str) -> int:
    """Mended, repaired at whom it is about and at the unit; how many links the chain has."""
    page = handler.open(f"/office/commitments/{check}")
    page = _having(page, "act", "mended").put(words="多领的已经退回").press()
    letter = _link(home.open("/my/commitments/"), "/my/commitments/lt_")
    record = _link(home.open(letter), "/my/credit/cr_")
    form = home.open(record).form(to="/repair")
    form.put(r_words="多领的钱已经退回，情况已经改正", r_promise="以后如实承诺").press()
    waiting = [f for f in handler.open("/office/credit/").forms() if "/office/credit/repairs/" in f.action]
    if not waiting:
        raise Stumbled("单位的页面上没有修复申请。")
    waiting[-1].put(words="核实已改正，同意修复").press("grant", "yes")
    seen = home.open(letter)
    if not seen.shows("限制解除"):
        raise Stumbled("修复以后，链上看不到限制解除。")
    return len(seen.tree.xpath('//ol[contains(@class,"timeline")]/li'))


def _link(page: Page, to: str) -> str:
    """The first link of the page that leads there."""
    found = (str(one.get("href")) for one in page.tree.iter("a"))
    first = next((one for one in found if one.startswith(to)), "")
    if not first:
        raise Stumbled(f"页面“{page.title}”上没有要点的链接。", mend="；".join(page.complaints))
    return first


def _having(page: Page, name: str, value: str) -> Form:
    for form in page.forms():
        if name in form.controls and form.controls[name].values == [value]:
            return form
    raise Stumbled(f"页面上没有“{value}”。", mend="；".join(page.complaints))


def _supplied(stage: Stage, home: Browser, handler: Browser, application: str) -> str:
    """The document that was promised: until when it is due, at home and in the office; it comes."""
    page = home.open(f"/applications/{application}/later")
    wanted = [one.name for form in page.forms() for one in form.controls.values() if one.kind == "file"]
    if not wanted:
        return "没有要补交的材料"
    name = stage.catalogue.materials[wanted[0]].name
    if not handler.open("/office/promises").shows(name):
        raise Stumbled("跟进清单里没有这份材料。")
    form = page.form(to="/later")
    form.attach(wanted[0], paper(stage.catalogue.materials[wanted[0]]))
    page = form.press()
    return f"{name}：已按期补交"
