# SPDX-License-Identifier: Apache-2.0
"""The counter: a clerk begins for somebody who came in; they go on at home and submit."""

from __future__ import annotations

from yiwang.apps.identity.public import subject

from .accounts import PASSWORD
from .applicant import Applicant, Errand, draft_of
from .city import HOME
from .stage import Stage

_ANSWERS = {"newborn-parents-married": "是", "newborn-settle-here": "是"}


def at_the_window(stage: Stage) -> tuple[str, int]:
    """Play it; returns the case number and how many pages were opened. Raises StepFailed."""
    step, visitor = stage.story.step, subject(stage.cast.walk_in)
    errand = Errand("孩子刚出生", "newborn", HOME, _ANSWERS, {"resident-phone": visitor.phone})
    desk = stage.browser("chuangkou")
    clerk = Applicant(desk, stage.catalogue, errand, stage.story)
    with step("来人出示身份证，窗口核对") as note:
        card = desk.open("/counter/").form(to="/counter/meet")
        shown = card.put(name=visitor.name, id_number=visitor.number).press()
        note(shown.title)
    with step("窗口帮他找事、答问题、开始办") as note:
        page = clerk.plan(clerk.find(shown))
        page = clerk.start(page.follow("开始办理"))
        application = draft_of(page)
        note(page.title)
    home = stage.browser()
    somebody = Applicant(home, stage.catalogue, errand, stage.story)
    with step("来人回家，登录后接着填"):
        home.log_in("laike", PASSWORD)
        page = somebody.fill_form(home.open(f"/applications/{application}/form"))
    with step("上传、核对、提交") as note:
        page = somebody.submit(somebody.deliver(somebody.upload(somebody.commit(page)), "counter"))
        number = str(home.json(f"/api/applications/{application}")["number"])
        note(f"回执：{number}")
    return number, desk.pages + home.pages
