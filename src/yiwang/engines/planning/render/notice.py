# SPDX-License-Identifier: Apache-2.0
"""The one-time notice (一次告知单): everything for the chosen items, told once, in plain words.

Here it becomes a small document of sections; text.py and html.py write it down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Item
from yiwang.engines.definitions.kinds.items import SPECIAL_STEPS, Scope, StepKind
from yiwang.engines.planning.citations import cite_words, duration_words
from yiwang.engines.planning.model import (
    AnswerSource,
    DueBy,
    MaterialLine,
    Plan,
    PlannedItem,
    Supply,
)
from yiwang.kernel.dates import format_date
from yiwang.kernel.money import format_fen

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


@dataclass(frozen=True)
class Table:
    """Rows under a head; the first cell of a row names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A heading with sentences, points and tables, in this order; empty parts are left out."""

    heading: str
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Notice:
    """The whole notice."""

    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]


def make_notice(plan: Plan, catalogue: Catalogue) -> Notice:
    """The notice of a plan. Headings are numbered here, so that absent sections leave no gap."""
    event = catalogue.life_events[plan.life_event]
    lead = catalogue.orgs.get(event.lead)
    lead_name = lead.name if lead else event.lead
    sections = [
        _items(plan, catalogue),
        _open(plan, catalogue),
        _conditions(plan, catalogue),
        _form(plan),
        _materials(plan, catalogue),
        _flow(plan, catalogue),
        _limits(plan, catalogue),
        _fees(plan, catalogue),
        _places(plan, catalogue),
        _remedies(plan, catalogue),
    ]
    numbered = [section for section in sections if section is not None]
    return Notice(
        title=f"{plan.name} 一次告知单",
        lead=(
            event.summary,
            f"按您{format_date(plan.start)}开始办理编排。牵头部门：{lead_name}。"
            "不会上网的，可以到窗口办理，提交纸质材料也可以。",
        ),
        sections=tuple(
            Section(f"{_NUMERALS[index]}、{one.heading}", one.sentences, one.points, one.tables)
            for index, one in enumerate(numbered)
        ),
    )


_NUMERALS = "一二三四五六七八九十"


def _items(plan: Plan, catalogue: Catalogue) -> Section:
    taken = Table(
        "要办的事项",
        ("事项", "办理部门", "为什么要办", "办好后得到"),
        tuple((one.name, one.department, one.reason, _results(catalogue, one)) for one in plan.included),
    )
    left = [one for one in plan.items if not one.included]
    tables = [taken]
    if left:
        rows = tuple((one.name, one.reason) for one in left)
        tables.append(Table("这次不办的事项", ("事项", "原因"), rows))
    return Section(f"办哪些事（{len(plan.included)}项）", tables=tuple(tables))


def _results(catalogue: Catalogue, item: PlannedItem) -> str:
    outputs = catalogue.items[item.id].outputs
    return "、".join(catalogue.materials[one.material].name for one in outputs)


def _open(plan: Plan, catalogue: Catalogue) -> Section | None:
    points = [f"{one.question}（{one.why}）" for one in plan.questions]
    points += [
        f"要符合：{one.reason}（{cite_words(catalogue, one.cite)}）。还要看“{'、'.join(one.undecided_by)}”。"
        for one in plan.open_conditions
    ]
    if not points:
        return None
    return Section("还要您回答", ("回答后，要办的事项和材料可能减少。",), tuple(points))


def _conditions(plan: Plan, catalogue: Catalogue) -> Section:
    rows = []
    for one in plan.included:
        item = catalogue.items[one.id]
        basis = "、".join(cite_words(catalogue, cite) for cite in item.basis)
        rows.append((item.name, "；".join(text.rstrip("。；") for text in item.conditions) + "。", basis))
    return Section("受理条件", tables=(Table("各事项的受理条件", ("事项", "条件", "依据"), tuple(rows)),))


def _form(plan: Plan) -> Section:
    savings = plan.form.savings
    asked = [field for field in plan.form.fields if field.source is AnswerSource.APPLICANT]
    groups: dict[str, list[str]] = {}
    for field in asked:
        note = "" if field.required else "（选填）"
        note = "（有这种情况才填）" if field.conditional else note
        groups.setdefault(field.group, []).append(f"{field.name}{note}")
    sentence = (
        f"只填一张表。各事项一共要 {savings.wanted} 处信息，您只需要填 {savings.given} 处，"
        f"省去 {savings.saved} 处：相同的只填一次，已经有的不再问。"
    )
    return Section(
        "填什么", (sentence,), tuple(f"{group}：{'、'.join(names)}" for group, names in groups.items())
    )


def _materials(plan: Plan, catalogue: Catalogue) -> Section:
    savings = plan.materials.savings
    handed = [one for one in plan.materials.lines if one.resolution.submitted]
    promised = [one for one in plan.materials.lines if one.resolution is Supply.COMMITMENT]
    spared = [one for one in plan.materials.lines if one not in handed and one not in promised]
    sentence = (
        f"只交一套材料。各事项一共要 {savings.wanted} 份，您只需要交 {savings.given} 份，"
        f"省去 {savings.saved} 份。"
    )
    tables = []
    if handed:
        rows = tuple((one.name, _form_of(catalogue, one), _for(catalogue, one), _told(one)) for one in handed)
        tables.append(Table("要您交的材料", ("材料", "要求", "哪些事项要", "说明"), rows))
    if promised:
        rows = tuple((one.name, _for(catalogue, one), _told(one)) for one in promised)
        tables.append(Table("可以用承诺代替的材料", ("材料", "哪些事项要", "说明"), rows))
    if spared:
        rows = tuple((one.name, _for(catalogue, one), one.reason) for one in spared)
        tables.append(Table("不用您交的材料", ("材料", "哪些事项要", "从哪里来"), rows))
    return Section("交什么", (sentence,), tables=tuple(tables))


def _form_of(catalogue: Catalogue, line: MaterialLine) -> str:
    material = catalogue.materials[line.material]
    parts = [material.form or f"{line.copies}份"]
    parts += ["须带纸质原件核验"] if line.paper_original else []
    parts += [] if line.required else ["非必交"]
    return "；".join(parts)


def _told(line: MaterialLine) -> str:
    checks = "；".join(line.review_points)
    return f"{line.reason}审查要点：{checks}。" if checks else line.reason


def _for(catalogue: Catalogue, line: MaterialLine) -> str:
    return "、".join(_short(catalogue.items[one]) for one in line.required_by)


def _short(item: Item) -> str:
    return item.short_name or item.name


def _flow(plan: Plan, catalogue: Catalogue) -> Section:
    points = []
    for number, stage in enumerate(plan.stages, start=1):
        groups = [
            f"{department}办“{'”“'.join(catalogue.items[one].name for one in items)}”"
            for department, items in stage.departments
        ]
        together = "（几家同时办）" if len(groups) > 1 else ""
        points.append(f"第{number}步{together}：{'；'.join(groups)}。")
    for visit in plan.visits:
        names = "、".join(_short(catalogue.items[one]) for one in visit.items)
        points.append(
            f"联合踏勘：{names}都要看“{visit.place_name}”，合并成一次，"
            f"在{format_date(visit.first_day)}至{format_date(visit.last_day)}之间上门。"
        )
    return Section("怎么办", points=tuple(points))


def _limits(plan: Plan, catalogue: Catalogue) -> Section:
    dates = plan.timetable
    sentences = [f"预计{format_date(dates.due_date)}前全部办好。"]
    if dates.due_by is DueBy.LIFE_EVENT:
        sentences[0] += f"（整件事的承诺时限；各事项依次推算是{format_date(dates.computed_due_date)}）"
    sentences.append(
        f"一件一件办要 {_plain(dates.serial)} 个工作日，几家同时办只要 {_plain(dates.planned)} 个工作日。"
        f"法定最晚{format_date(dates.legal_due_date)}。"
    )
    chain = "→".join(_short(catalogue.items[one]) for one in dates.critical_path)
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


def _fees(plan: Plan, catalogue: Catalogue) -> Section:
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


def _places(plan: Plan, catalogue: Catalogue) -> Section:
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


def _remedies(plan: Plan, catalogue: Catalogue) -> Section:
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
