# SPDX-License-Identifier: Apache-2.0
"""The policy console (政策管理台): an officer writes a policy on a page, tries it on two thousand invented
firms, a second officer reviews and publishes it, and the policy list has it. Played once.

The policy is made for the demonstration and says so in its name and its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from yiwang.apps.catalogue import public as catalogue

from .browser import Browser, Form, Page, Stumbled
from .stage import Stage

POLICY = "demo-upgrade-reward"
_FIRMS = 2_000
_NAME = "技术改造奖励（示例，不是真政策）"
_FACTS = "技改项目总投资额"


@dataclass(frozen=True)
class Published:
    """What the trial found, in words. `pages`: how many were opened."""

    found: str
    pages: int


def publish_a_policy(stage: Stage) -> Published:
    """Play what is left of it; returns what came of it. Raises StepFailed."""
    step, anybody = stage.story.step, stage.browser()
    pages = 0
    if POLICY not in _published():
        writer, second = stage.browser("mulu"), stage.browser("fuhe")
        with step("起草一项新政策：条件、算式、例子、来源，都在页面上写") as note:
            draft = _draft(writer)
            note(f"{_NAME}：检查没有问题")
        if _offers(writer.open(draft), "/hand-in"):
            with step(f"在{_FIRMS}家虚构的企业身上测试，送审") as note:
                note(_tried(writer.open(f"{draft}/test")))
                writer.open(draft).form(to="/hand-in").press()
        with step("第二位目录管理员复核、发布"):
            page = second.open(draft)
            if not _offers(page, "/publish"):
                form = page.form(to="/review")
                page = form.put(verdict="approve", words="与来源一致，测试结果合理").press()
            page.form(to="/publish").press()
        pages = writer.pages + second.pages
    with step("政策清单里马上查得到") as note:
        page = anybody.open(f"/policies/{POLICY}")
        if not page.shows(_NAME):
            raise Stumbled("政策没有发布出来。")
        note(page.title)
    return Published(_NAME, pages + anybody.pages)


def _offers(page: Page, to: str) -> bool:
    return any(form.action.endswith(to) for form in page.forms())


def _draft(writer: Browser) -> str:
    """The path of the draft, written now unless an interrupted run left it."""
    page = writer.open("/console/policies/")
    if page.has_link(_NAME):
        return page.follow(_NAME).path
    return _written(page.form(to="/begin").press()).path.removesuffix("/edit")


def _published() -> set[str]:
    return {one.policy.id for one in catalogue.amendments()}


def _written(page: Page) -> Page:
    """The form filled in and saved."""
    form = page.form(having="brings")
    form.put(
        id=POLICY, name=_NAME, to="firm", views=["惠企"], field="技术改造", support="资金奖补",
        departments=["industry-it"], brings="投资100万元以上的技术改造，按投资的5%奖励，最高20万元",
        kind="rule", rule="min(技改项目总投资额 * 0.05, 200000)", valid_from="2026-01-01", doc="new",
        at="第一条", quote="示例",
        source_id="demo-notice", source_name="示例通知（演示用）", source_kind="setting",
        source_publisher="示例城市", source_published="2026-01-01",
        summary="演示：写一项新政策",
    )  # fmt: skip
    form.controls["conditions"].values[:1] = ["技改项目总投资额 >= 1000000"]
    _example(form, 0, "正好100万元", "技改项目总投资额 = 1000000", "50000")
    page = form.press("do", "save")
    if not page.shows("检查没有问题"):
        raise Stumbled("政策没有写好。", mend="；".join(page.complaints))
    return page


def _example(form: Form, at: int, says: str, facts: str, value: str) -> None:
    for part, words in (("says", says), ("facts", facts), ("value", value)):
        form.controls[f"examples-{part}"].values[at] = words


def _tried(page: Page) -> str:
    """What the trial on a file of invented firms found."""
    dice = Random(7)  # noqa: S311  # nosec B311 - invented
    rows = [str(dice.randrange(10, 600) * 10_000) for _ in range(_FIRMS)]
    form = page.form(having="population").put(population="file")
    form.attach("file", ("firms.csv", "\n".join([_FACTS, *rows]).encode()))
    found = form.press()
    rows_found = [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in found.tree.xpath("//table[1]//tbody/tr")
    ]
    if not rows_found:
        raise Stumbled("测试没有结果。", mend="；".join(found.complaints))
    return "；".join(f"{cells[0]}：{cells[-1]}" for cells in rows_found[:2])
