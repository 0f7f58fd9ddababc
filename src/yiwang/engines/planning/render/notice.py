# SPDX-License-Identifier: Apache-2.0
"""The one-time notice (一次告知单): everything for the chosen items, told once, in plain words.

What, under which conditions, what to fill in and to hand in; how, when, for how much and where is
handling.py's part.
"""

from __future__ import annotations

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.planning.model import (
    AnswerSource,
    MaterialLine,
    Plan,
    PlannedItem,
    Supply,
)
from yiwang.engines.planning.waivers import MARK
from yiwang.kernel.dates import format_date

from .document import Notice, Section, Table
from .handling import SCOPES, STEPS, fees, flow, limits, places, remedies, short

__all__ = ["SCOPES", "STEPS", "Notice", "Section", "Table", "make_notice"]


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
        flow(plan, catalogue),
        limits(plan, catalogue),
        fees(plan, catalogue),
        places(plan, catalogue),
        remedies(plan, catalogue),
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
        cells = [(_marked(one), _form_of(catalogue, one), _for(catalogue, one), _told(one)) for one in handed]
        tables.append(Table("要您交的材料", ("材料", "要求", "哪些事项要", "说明"), tuple(cells)))
    if promised:
        rows = tuple((_marked(one), _for(catalogue, one), _told(one)) for one in promised)
        tables.append(Table("可以用承诺代替的材料", ("材料", "哪些事项要", "说明"), rows))
    if spared:
        rows = tuple((one.name, _for(catalogue, one), one.reason) for one in spared)
        tables.append(Table("不用您交的材料", ("材料", "哪些事项要", "从哪里来"), rows))
    return Section("交什么", (sentence,), tables=tuple(tables))


def _marked(line: MaterialLine) -> str:
    """Its name, with the mark that guides give it."""
    return f"【{MARK}】{line.name}" if line.free else line.name


def _form_of(catalogue: Catalogue, line: MaterialLine) -> str:
    material = catalogue.materials[line.material]
    parts = [material.form or f"{line.copies}份"]
    parts += ["须带纸质原件核验"] if line.paper_original else []
    parts += [] if line.required else ["非必交"]
    return "；".join(parts)


def _told(line: MaterialLine) -> str:
    checks = "；".join(line.review_points)
    free = f"{line.free}。" if line.free else ""
    return f"{free}{line.reason}" + (f"审查要点：{checks}。" if checks else "")


def _for(catalogue: Catalogue, line: MaterialLine) -> str:
    return "、".join(short(catalogue.items[one]) for one in line.required_by)
