# SPDX-License-Identifier: Apache-2.0
"""Public credit: a file with a wrong row, publicity, what a record does to an application and to a public
matter, objection, repair, the end of a list, an evaluation, a report, a standard put up for
comments. What one run records, it ends."""

from __future__ import annotations

import csv
import datetime as dt
import io
import time
from dataclasses import dataclass, field

from django.utils import timezone

from yiwang.apps.casework.public import application_view, applications_of
from yiwang.apps.credit import public as credit
from yiwang.apps.identity.public import Subject, subject
from yiwang.kernel.actor import Actor, ActorKind, system

from .asking_public import ask_the_public
from .browser import Browser, Page, Stumbled
from .seals import CREDIT_NAME, CREDIT_SEAL
from .stage import Stage

HOME, LISTS, SEARCH = "/office/credit/", "/credit/lists", "/credit/"
_PENALTY, _RED, _BLACK = "credit-penalty", "credit-red", "credit-black-wages"
_CODE, _NUMBER = "统一社会信用代码", "公民身份号码"
_PENALISED, _LISTED = "行政处罚", "拖欠农民工工资"
_EVALUATION = "evaluation-firms"
_READER = system("示例信用")


@dataclass
class Kept:
    """What came of it. `pages`: how many were opened."""

    returned: str = ""
    measures: list[str] = field(default_factory=list)
    grade: str = ""
    report: str = ""
    asked: str = ""
    pages: int = 0


@dataclass
class _Play:
    """The officer and the firm's owner at their screens; `mark` makes this run's numbers its own."""

    stage: Stage
    officer: Browser
    owner: Browser
    firm: Subject
    mark: str
    today: dt.date

    def ago(self, days: int) -> str:
        """A day, as a file writes it."""
        return (self.today - dt.timedelta(days=days)).isoformat()

    def deliver(self, org: str, catalogue: str, *rows: dict[str, str]) -> Page:
        """Send a file of these rows on the page."""
        form = self.officer.open(HOME).form(having="catalogue").put(org=org, catalogue=catalogue)
        form.attach("file", ("报送.csv", _sheet(rows)))
        return form.press()


def keep_credit(stage: Stage) -> Kept:
    """Play it; returns what came of it. Raises StepFailed."""
    play = _Play(
        stage, stage.browser("shouli"), stage.browser("laoban"), subject(stage.cast.firm),
        str(int(time.time())), timezone.localdate(),
    )  # fmt: skip
    visitor, kept, step = stage.browser(), Kept(), stage.story.step
    with step("市场监管报送一份处罚文件，有一行写错") as note:
        kept.returned = _told(play)
        note(kept.returned)
    with step("公示：谁都可以按全称查到") as note:
        _require(_searched(visitor, play).shows(play.mark), "公示里没有刚报送的处罚。")
        note("决定、依据、公示到哪天；到期、修复后不再显示")
    with step("守信红名单，给一件在办的申请开“绿色通道”") as note:
        note(_green_lane(play))
    with step("评优评先前核查（逢报必查），按措施办，反馈") as note:
        kept.measures = _checked(play)
        note("、".join(kept.measures))
    with step("企业提异议，单位核查答复；改正后申请修复，单位同意"):
        _repaired(play)
    with step("公示和惩戒即时终止；欠薪名单所依据的决定撤销，移出"):
        _withdrawn(play)
        shown = [f"{title}{play.mark}" for title in (_PENALISED, _LISTED)]
        pages = (_searched(visitor, play), visitor.open(LISTS))
        _require(not any(page.shows(one) for page in pages for one in shown), "修复、撤销以后还在公示。")
    with step("公共信用综合评价，逐条说明") as note:
        told = credit.evaluate_subject(
            _READER, play.firm.public_id, _EVALUATION, on=play.today, purpose="示例评价"
        )
        kept.grade = f"{told.score:f}分，{told.grade.name}"
        note(kept.grade)
    with step("企业出具信用报告；收到的人用查验码核对") as note:
        kept.report = _reported(play, visitor)
        note(kept.report)
    kept.asked = ask_the_public(stage, play.officer, play.owner, visitor)
    with step("督查看各单位的报送率、及时率") as note:
        page = stage.browser("ducha").open("/office/credit/reporting")
        _require(page.shows("十公示"), "没有报送和公示情况。")
        note(page.title)
    kept.pages = play.officer.pages + play.owner.pages + visitor.pages + 2
    return kept


def _sheet(rows: tuple[dict[str, str], ...]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return f"{out.getvalue()}合计,{len(rows)}\n".encode()


def _row(play: _Play, number: str, title: str, **more: str) -> dict[str, str]:
    return {
        _CODE: play.firm.number, "名称": play.firm.name, "决定文书号": f"示例{play.mark}{number}",
        "标题": f"{title}{play.mark}", "依据": "示例依据", "发生日期": play.ago(130),
        "决定日期": play.ago(120),
    } | more  # fmt: skip


def _told(play: _Play) -> str:
    """One row right, one without a code; the wrong one comes back with its reason."""
    fields = {"违法事实": "示例事实", "处罚依据": "示例依据", "处罚种类": "罚款", "处罚内容": "罚款五百元"}
    right = _row(play, "罚1", _PENALISED, 失信程度="一般", **fields)
    page = play.deliver("market-regulation", _PENALTY, right, right | {_CODE: "", "决定文书号": "示例罚2"})
    link = next((a for a in page.tree.iter("a") if "下载退回的" in (a.text or "")), None)
    if link is None:
        raise Stumbled("写错的一行没有退回。", mend="；".join(page.complaints))
    back = play.officer.fetch(link.get("href")).decode("utf-8-sig")
    _require("必要条件" in back, "退回的一行没有写明原因。")
    return "入库1条；退回1条：没有统一社会信用代码"


def _searched(visitor: Browser, play: _Play) -> Page:
    return visitor.open(SEARCH).form(having="q").put(q=play.firm.name).press()


def _green_lane(play: _Play) -> str:
    """Whoever came to the window is on the red list; the officer sees it on the page of the case."""
    person = subject(play.stage.cast.walk_in)
    row = _row(play, "红1", "守信典型", 列入事由="示例志愿者")
    del row["名称"]
    number = {_NUMBER: person.number} | {name: text for name, text in row.items() if name != _CODE}
    play.deliver("market-regulation", _RED, number)
    actor = Actor(ActorKind.PERSON, person.public_id, person.name)
    open_ones = [one for one in applications_of(actor) if one.number]
    if not open_ones:
        raise Stumbled("窗口的那件申请不见了。")
    case = application_view(_READER, open_ones[0].id).items[0].id
    page = play.officer.open(f"/office/cases/{case}")
    _require(page.shows("行政审批“绿色通道”"), "办件页上没有信用核查的结果。")
    return f"{open_ones[0].number}：“绿色通道”、容缺受理"


def _checked(play: _Play) -> list[str]:
    """The firm is on a list; a check before an award finds what follows, and each is fed back."""
    listed = _row(play, "欠1", _LISTED, 列入事由="示例欠薪", 告知日期=play.ago(140))
    play.deliver("hrss", _BLACK, listed)
    form = play.officer.open("/office/credit/dealings/").form(having="matter")
    page = form.put(
        org="market-regulation", dealing="评优评先", matter=f"示例评选{play.mark}", number=play.firm.number
    ).press()
    done = []
    while any("measure" in one.controls for one in page.forms()):
        form = page.form(having="measure")
        done.append(form.controls["measure"].values[0])
        page = form.put(words="已按措施办理").press("applied", "yes")
    _require(bool(done) and page.shows("已完成反馈"), "核查没有完成反馈。")
    return done


def _record(play: _Play, words: str) -> str:
    """The id of this run's record, from the owner's own page."""
    page = play.owner.open(f"/my/credit/?subject={play.firm.public_id}")
    for link in page.tree.iter("a"):
        if f"{words}{play.mark}" in (link.text or ""):
            return str(link.get("href")).rstrip("/").rpartition("/")[2]
    raise Stumbled("“我的信用”里没有这条记录。")


def _repaired(play: _Play) -> None:
    record = _record(play, _PENALISED)
    page = play.owner.open(f"/my/credit/{record}").form(to="/object")
    page.put(o_words="处罚金额过高，请核查").press()
    _pressed(play, "/office/credit/objections/", ("outcome", "dismissed"), "处罚决定合法，维持")
    form = play.owner.open(f"/my/credit/{record}").form(to="/repair")
    form.put(r_words="罚款已经缴清，问题已经改正", r_promise="以后守法经营").press()
    _pressed(play, "/office/credit/repairs/", ("grant", "yes"), "核实已缴清，同意修复")


def _pressed(play: _Play, address: str, button: tuple[str, str], words: str) -> None:
    """Answer the newest of what waits on the unit's page."""
    waiting = [one for one in play.officer.open(HOME).forms() if address in one.action]
    if not waiting:
        raise Stumbled("单位的页面上没有待办的事。")
    waiting[-1].put(words=words).press(*button)


def _withdrawn(play: _Play) -> None:
    record = _record(play, _LISTED)
    play.officer.open(f"/office/credit/records/{record}").form(to="/withdraw").put(
        reason="示例：所依据的处理决定已经撤销"
    ).press()


def _reported(play: _Play, visitor: Browser) -> str:
    """A sealed report, drawn by the firm; a stranger finds that it is genuine, nothing of what it says."""
    form = play.owner.open(f"/my/credit/reports?subject={play.firm.public_id}").form(having="report")
    page = form.press()
    code = page.tree.find_class("code")[0].text_content().strip()
    checked = visitor.open("/verify").form(having="code").put(code=code).press()
    _require(checked.shows("这份信用报告是真的"), "用查验码核对不到这份报告。")
    _require(not checked.shows(play.firm.name), "核验页说出了报告是谁的。")
    link = next(a.get("href") for a in page.tree.iter("a") if "PDF" in (a.text or ""))
    told = visitor.open("/verify").form(having="file")
    told.attach("file", ("信用报告.pdf", play.owner.fetch(link)))
    _require(told.press().shows(f"{CREDIT_NAME}{CREDIT_SEAL}"), "报告上不是公共信用信息专用章。")
    return f"查验码 {code} 核对一致，盖{CREDIT_NAME}{CREDIT_SEAL}"


def _require(found: bool, otherwise: str) -> None:
    if not found:
        raise Stumbled(otherwise)
