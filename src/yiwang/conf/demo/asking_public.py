# SPDX-License-Identifier: Apache-2.0
"""The public is asked before the standard of a list changes: a unit puts the new words up, somebody says what
they think of it, the unit answers, everybody reads the answer. Played once; the draft stays a draft."""

from __future__ import annotations

from yiwang.apps.catalogue.public import current, draft_release
from yiwang.apps.credit import public as credit
from yiwang.engines.credit import CreditEntry
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import system

from .browser import Browser, Stumbled
from .stage import Stage

_LIST, _STRICTER = "credit-watch", "一年内因同一问题受到两次行政处罚（示例）"
_WHY = "示例：原来的标准没有写明次数，各单位掌握不一致"
_COMMENT, _ANSWER = "请写明一年从哪天算起", "采纳：按作出处罚决定的日期计算，写进标准"
_DRAFTS, _PUBLIC = "/office/credit/standards", "/credit/standards"


def ask_the_public(stage: Stage, officer: Browser, citizen: Browser, visitor: Browser) -> str:
    """Play it, unless an earlier run did; what came of it. Raises StepFailed."""
    step = stage.story.step
    if not any(one.why == _WHY for one in credit.consultations()):
        with step("要改一份名单的列入标准：单位先向社会公开征求意见"):
            name = _drafted(current().catalogue)
            officer.open(_DRAFTS).form(having="why").put(why=_WHY).press()
        with step("群众在网上提意见，单位逐条答复，答复公开"):
            page = citizen.open(_PUBLIC).follow(name)
            page.form(having="comment").put(comment=_COMMENT).press()
            form = officer.open(_DRAFTS).follow(name).form(having="answer")
            form.put(taken="yes", answer=_ANSWER).press()
    with step("谁都看得到标准和答复；征求期满，新标准才能发布") as note:
        shown = next(one for one in credit.consultations() if one.why == _WHY)
        page = visitor.open(f"{_PUBLIC}/{shown.id}")
        if not page.shows(_ANSWER) or page.shows(_COMMENT):
            raise Stumbled("没有公开答复，或者公开了提意见的原话。")
        told = f"“{shown.name}”：{shown.comments}条意见，已答复{len(shown.answers)}条"
        note(f"{told}，{shown.until:%Y-%m-%d}截止")
    return told


def _drafted(known: Catalogue) -> str:
    """Draft a release in which the list has a stricter standard; what the list is called."""
    folders = {folder: dict(kept) for folder, kept in known.folders().items()}
    entry = folders["credit"][_LIST]
    if not isinstance(entry, CreditEntry) or entry.entering is None:
        raise Stumbled("目录里没有重点关注名单的列入标准。")
    entering = entry.entering.model_copy(update={"standard": [_STRICTER]})
    folders["credit"][_LIST] = entry.model_copy(update={"entering": entering})
    changed = Catalogue.of(folders, digest=digest_of(folders))
    draft_release(system("示例起草"), changed, summary="示例：收紧重点关注名单的列入标准")
    return entry.name
