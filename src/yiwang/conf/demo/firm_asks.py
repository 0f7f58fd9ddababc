# SPDX-License-Identifier: Apache-2.0
"""Requests of firms (万人助万企): a firm asks for help, its officer is named, the department answers, the
firm says whether that settles it. Played once: a second run tells what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.apps.firms import public as firms
from yiwang.apps.identity import public as identity
from yiwang.apps.identity.public import subject
from yiwang.kernel.actor import Post, Role, system

from .accounts import PASSWORD, DemoAccount
from .browser import Browser, Stumbled
from .city import HOME
from .offices import BUREAU
from .stage import Stage
from .village import owner_of

_TITLE = "门前道路施工围挡，客人和货车进不来"
_WORDS = "围挡从本月初开始，没有留通道。找过施工单位，说要看批复。希望先留一条三米宽的通道。"
_CATEGORY, _ANSWERS = "utilities", "natural-resources"  # what has no department of its own is dispatched

_MAKER, _NAME = system("示例城市"), "企服小助"
WINDOW = DemoAccount("qifu", "企业服务窗口（万人助万企）", "/office/firm-requests/")


@dataclass(frozen=True)
class Asked:
    """What became of it. `pages`: how many were opened."""

    row: firms.RequestRow
    pages: int


def ask_for_help(stage: Stage) -> Asked:
    """Play what is left of it; returns what became of it. Raises StepFailed."""
    step, pages, home = stage.story.step, 0, stage.browser("laoban")
    if _own(stage) is None:
        with step("企业在“企业服务总入口”提一件诉求") as note:
            _raise(home, stage.cast.firm)
            known = _required(stage)
            note(f"{known.number}，{known.due_on:%m月%d日}前交办")
    if (known := _required(stage)).state in (firms.State.RAISED, firms.State.HANDLING):
        with step("企业服务窗口安排包联干部、交办，责任部门答复") as note:
            pages += _answer(stage, known)
            note(f"{_required(stage).org}已答复")
        with step("企业看到答复，评价满意"):
            page = home.open(f"/my/firm-requests/{known.id}")
            page.form(having="words").press("satisfied", "yes")
    with step("诉求办结，件数对外公布") as note:
        known = _required(stage)
        if known.state is not firms.State.CLOSED:
            raise Stumbled("诉求没有办结。")
        home.open("/firms/figures")
        note(f"{known.number}  {known.title}：{known.state.term}")
    return Asked(known, pages + home.pages)


def _own(stage: Stage) -> firms.RequestRow | None:
    rows = firms.requests(owner_of(stage.cast), firm=stage.cast.firm)
    return next((one for one in rows if one.title == _TITLE), None)


def _required(stage: Stage) -> firms.RequestRow:
    if (found := _own(stage)) is None:
        raise Stumbled("诉求没有登记上。")
    return found


def _raise(home: Browser, firm: str) -> None:
    page = home.open("/my/firm/")
    if page.path != f"/my/firm/{firm}":
        page = home.open(f"/my/firm/{firm}")
    form = page.follow("提一件诉求").form(having="category")
    form.put(category=_CATEGORY, title=_TITLE, words=_WORDS).press()


def _answer(stage: Stage, row: firms.RequestRow) -> int:
    """The window names an officer and dispatches; the department replies. How many pages."""
    _open_window()
    window, officer = stage.browser(WINDOW.username), stage.browser("shouli")
    form = window.open("/office/firm-requests/officers").form(having="uscc")
    form.put(uscc=subject(stage.cast.firm).number, org=BUREAU, officer=_NAME, phone="0396-2900000").press()
    window.open(f"/office/firm-requests/{row.id}").form(having="org").put(org=_ANSWERS).press()
    form = officer.open(f"/office/firm-requests/{row.id}").form(having="done")
    form.put(
        done="当天到现场，和施工单位商定留出三米通道，明早八点前打开。",
        words="通道明早八点前打开，施工到月底结束。没有按时打开的，请直接打包联干部的电话。",
    ).press()
    return window.pages + officer.pages


def _open_window() -> None:
    if any(one.name == _NAME for one in identity.officers_of(BUREAU, HOME, Role.HANDLER)):
        return
    posts = [Post(Role.HANDLER, BUREAU, HOME)]
    officer = identity.appoint_officer(_MAKER, name=_NAME, org=BUREAU, posts=posts)
    identity.open_account(_MAKER, username=WINDOW.username, password=PASSWORD, owner=officer)
