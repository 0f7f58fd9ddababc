# SPDX-License-Identifier: Apache-2.0
"""The pages that letters (站内信) lead to, told by how the public id of what they are about begins."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from yiwang.apps.notices.public import NoticeView
from yiwang.kernel.actor import Actor, ActorKind


@dataclass(frozen=True)
class Page:
    """A page by the name of its route and the words of the link; `one`: of that thing, else of all."""

    route: str
    words: str
    one: bool = True
    part: str = ""

    def address(self, about: str) -> str:
        """Where it is; `part` of the page, where it is long."""
        return reverse(self.route, args=[about] if self.one else []) + self.part


_CREDIT = Page("portal:my_credit", "去看我的信用", one=False)
_BENEFITS = Page("portal:benefits", "去看我的惠企惠民", one=False)
FOR_PEOPLE = {
    "a": Page("portal:application", "去看这个办件"),
    "bo": _BENEFITS,
    "ce": Page("portal:credit_hearing", "去看，可以申辩"),
    "cl": Page("portal:benefit", "去看这一项"),
    "cm": Page("portal:credit_hearing", "去看，可以申辩"),
    "co": _CREDIT,
    "cp": _CREDIT,
    "cr": Page("portal:credit_record", "去看这条记录"),
    "cv": Page("portal:credit_standard", "去看标准和答复", part="#h-mine"),
    "fr": Page("portal:firm_request", "去看这件诉求"),
    "grant": Page("portal:authorisation", "去看这次授权"),
    "obj": Page("portal:data_objection", "去看这件异议"),
    "po": _BENEFITS,
    "py": Page("portal:settlement", "去看结算"),
    "rc": _BENEFITS,
    "so": _BENEFITS,
    "ul": Page("portal:benefits", "去看依据、去申报", one=False, part="#unclaimed"),
    "un": _BENEFITS,
}
FOR_OFFICERS = {
    "alert": Page("data-security-alert", "去核查"),
    "cc": Page("office-credit-dealing", "去看这件"),
    "cd": Page("office-credit-rejects", "去看退回的"),
    "ce": Page("office-credit", "去看拟列入名单的", one=False, part="#listings"),
    "cm": Page("office-credit", "去看拟移出名单的", one=False, part="#removals"),
    "co": Page("office-credit", "去看待答复的异议", one=False, part="#objections"),
    "cp": Page("office-credit", "去看待决定的修复", one=False, part="#repairs"),
    "dg": Page("data-grant", "去看这份授权"),
    "dp": Page("data-project", "去看这个项目"),
    "dr": Page("data-request", "去看这份申请"),
    "ev": Page("office-credit-graded", "去看等级和名单", one=False),
    "fr": Page("office-firm-request", "去看这件诉求"),
    "good": Page("data-good-case", "去看这个案例"),
    "inc": Page("data-security-incident", "去看这件事"),
    "obj": Page("data-objection", "去看这件异议"),
    "qt": Page("data-quality", "去看数据质量", one=False),
    "seal": Page("office-seal", "去看这枚印章"),
    "sup": Page("data-security-case", "去看这件监管"),
}


@dataclass(frozen=True)
class Letter:
    """A letter and where it leads; `link` is empty where nothing more is to be seen."""

    notice: NoticeView
    link: str = ""
    words: str = ""


def letter(actor: Actor, notice: NoticeView) -> Letter:
    """The letter as this addressee's page shows it."""
    pages = FOR_PEOPLE if actor.kind is ActorKind.PERSON else FOR_OFFICERS
    page = pages.get(notice.about.partition("_")[0])
    return Letter(notice, page.address(notice.about), page.words) if page else Letter(notice)
