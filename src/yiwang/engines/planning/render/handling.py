# SPDX-License-Identifier: Apache-2.0
"""The notice's part on handling: who does what when, how long, for how much, where, and remedies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words, duration_words
from yiwang.engines.definitions.kinds import Item
from yiwang.engines.definitions.kinds.items import SPECIAL_STEPS, Scope, StepKind
from yiwang.engines.planning.model import DueBy, Plan
from yiwang.kernel.dates import format_date
from yiwang.kernel.money import format_fen

from .document import Section, Table

SCOPES = {
    Scope.COUNTY: "本县区",
    Scope.CITY: "全市通办",
    Scope.PROVINCE: "全省通办",
    Scope.CROSS_PROVINCE: "跨省通办",
}
STEPS = {
    StepKind.SITE_SURVEY: "现场踏勘",
    StepKind.TECHNICAL_EXAMINATION: "技术审查",
    StepKind.EXPERT_REVIEW: "专家评审",
    StepKind.PUBLICITY: "公示",
    StepKind.HEARING: "听证",
    StepKind.TENDER: "招标",
    StepKind.AUCTION: "拍卖",
    StepKind.INSPECTION: "检验",
    StepKind.TESTING: "检测",
    StepKind.QUARANTINE: "检疫",
    StepKind.APPRAISAL: "鉴定",
}


def flow(plan: Plan, catalogue: Catalogue) -> Section:
    """Who does what, step by step, and the visits made together."""
    points = []
    for number, stage in enumerate(plan.stages, start=1):
        groups = [
            f"{department}办“{'”“'.join(catalogue.items[one].name for one in items)}”"
            for department, items in stage.departments
        ]
        together = "（几家同时办）" if len(groups) > 1 else ""
        points.append(f"第{number}步{together}：{'；'.join(groups)}。")
    for visit in plan.visits:
        names = "、".join(short(catalogue.items[one]) for one in visit.items)
        points.append(
            f"联合踏勘：{names}都要看“{visit.place_name}”，合并成一次，"
            f"在{format_date(visit.first_day)}至{format_date(visit.last_day)}之间上门。"
        )
    return Section("怎么办", points=tuple(points))


def limits(plan: Plan, catalogue: Catalogue) -> Section:
    """When everything is done, and each item's limits with their sources."""
    dates = plan.timetable
    sentences = [f"预计{format_date(dates.due_date)}前全部办好。"]
    if dates.due_by is DueBy.LIFE_EVENT:
        sentences[0] += f"（整件事的承诺时限；各事项依次推算是{format_date(dates.computed_due_date)}）"
    sentences.append(
        f"一件一件办要 {_plain(dates.serial)} 个工作日，几家同时办只要 {_plain(dates.planned)} 个工作日。"
        f"法定最晚{format_date(dates.legal_due_date)}。"
    )
    chain = "→".join(short(catalogue.items[one]) for one in dates.critical_path)
    sentences.append(f"时间主要花在：{chain}。")
    if dates.provisional:
        sentences.append("其中有的日期放假安排还没有公布，先按周一至周五上班推算，公布后会重新计算。")
    rows = []
    for window in dates.windows:
        item = catalogue.items[window.item]
        rows.append(
            (
                item.name,
                duration_words(item.promised_limit),
                duration_words(item.legal_limit),
                format_date(window.ends),
                cite_words(catalogue, item.legal_limit.cite),
            )
        )
    tables = [
        Table("各事项的办结时限", ("事项", "承诺时限", "法定时限", "预计办好", "法定时限依据"), tuple(rows))
    ]
    special = _special_rows(plan, catalogue)
    if special:
        tables.append(Table("其中的特殊环节", ("事项", "环节", "限时", "依据"), special))
    return Section("多久办好", tuple(sentences), tables=tuple(tables))


def _special_rows(plan: Plan, catalogue: Catalogue) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            item.name,
            step.name or STEPS[step.kind],
            duration_words(step.limit),
            cite_words(catalogue, step.cite),
        )
        for item in _taken(plan, catalogue)
        for step in item.steps
        if step.kind in SPECIAL_STEPS and step.limit and step.cite
    )


def _taken(plan: Plan, catalogue: Catalogue) -> list[Item]:
    return [catalogue.items[one.id] for one in plan.included]


def _plain(days: object) -> str:
    return format(days, "f").rstrip("0").rstrip(".") if "." in str(days) else str(days)


def fees(plan: Plan, catalogue: Catalogue) -> Section:
    """What is charged, by which standard and source."""
    if not plan.fees:
        return Section("收多少钱", ("这些事项都不收费。",))
    rows = tuple(
        (
            catalogue.items[one.item].name,
            one.name + ("（有这种情况才收）" if one.conditional else ""),
            f"{one.standard}（{format_fen(one.amount_fen)}）" if one.amount_fen is not None else one.standard,
            cite_words(catalogue, one.cite),
        )
        for one in plan.fees
    )
    return Section(
        "收多少钱",
        ("除下面列出的以外，其他事项不收费。",),
        tables=(Table("收费项目", ("事项", "收费项目", "标准", "依据"), rows),),
    )


def places(plan: Plan, catalogue: Catalogue) -> Section:
    """Where, how far from home, and whom to call."""
    rows = []
    for item in _taken(plan, catalogue):
        hall = item.hall
        counter = (hall.counter or "政务服务大厅") if hall.in_hall else f"不在大厅办：{hall.exempt_because}"
        visits = f"最多到现场{item.visits_to_hall}次" if item.visits_to_hall else "不用到现场"
        phone = (
            f"咨询{item.consult_phone}，投诉{item.complaint_phone}"
            if item.consult_phone
            else item.complaint_phone
        )
        rows.append((item.name, counter, SCOPES[item.scope], visits, phone))
    head = ("事项", "窗口", "通办范围", "跑几次", "电话")
    return Section("在哪里办", tables=(Table("各事项的办理地点", head, tuple(rows)),))


def remedies(plan: Plan, catalogue: Catalogue) -> Section:
    """What to do when not content."""
    items = _taken(plan, catalogue)
    points = []
    general = catalogue.settings.get("remedy")
    if general is not None:
        basis = f"（{cite_words(catalogue, general.cite)}）" if general.cite else ""
        points.append(f"{str(general.value).rstrip('。')}{basis}。")
    for item in items:
        if item.remedies:
            points.append(f"{item.name}：{_words(catalogue, item)}。")
    phones = dict.fromkeys(item.complaint_phone for item in items)
    return Section(
        "不满意怎么办", (f"可以打{'、'.join(phones)}投诉，办完可以评价（好差评）。",), tuple(points)
    )


def _words(catalogue: Catalogue, item: Item) -> str:
    return "、".join(_unique(cite_words(catalogue, cite) for cite in item.remedies))


def _unique(words: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(words))


def short(item: Item) -> str:
    """The short name of an item, if it has one."""
    return item.short_name or item.name
