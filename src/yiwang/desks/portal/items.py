# SPDX-License-Identifier: Apache-2.0
"""The service guide (办事指南) of one item: the seven fields people look for first, then all others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.waivers.public import waived
from yiwang.desks.access import access
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words, duration_words
from yiwang.engines.definitions.kinds import Item
from yiwang.engines.definitions.kinds.items import (
    SPECIAL_STEPS,
    Delivery,
    Intermediary,
    Level,
    MaterialUse,
    Step,
    StepKind,
)
from yiwang.engines.planning.render.notice import SCOPES, STEPS
from yiwang.engines.planning.waivers import free_words, reuse_words
from yiwang.engines.rules.parser import parse
from yiwang.engines.rules.words import words
from yiwang.kernel.errors import NotFound
from yiwang.kernel.money import format_fen

_ORDINARY_STEPS = {
    StepKind.ACCEPT: "受理",
    StepKind.COMPLIANCE_REVIEW: "合规审查",
    StepKind.TECHNICAL_REVIEW: "业务技术审核",
    StepKind.DECIDE: "决定",
    StepKind.ISSUE: "制证",
    StepKind.DELIVER: "送达",
}
_LEVELS = {Level.PROVINCE: "省级", Level.CITY: "市级", Level.COUNTY: "县级", Level.TOWNSHIP: "乡级"}
_DELIVERIES = {
    Delivery.ELECTRONIC: "电子送达",
    Delivery.COUNTER: "窗口领取",
    Delivery.COURIER: "邮寄",
}


@dataclass(frozen=True)
class MaterialLine:
    """A material in the guide. `free`: the applicant never has to bring it themselves (“免”字标签)."""

    name: str
    free: str
    notes: Sequence[str]
    cite: str


@dataclass(frozen=True)
class Fact:
    """A field of the guide: one or several sentences."""

    label: str
    lines: Sequence[str]


@access(public=True, why="办事指南是公开信息")
@require_safe
def item(request: HttpRequest, item: str) -> HttpResponseBase:
    """The guide of one item."""
    known = current().catalogue
    found = known.items.get(item)
    if found is None:
        raise NotFound("没有这个事项。", mend="请回到首页搜一搜，或拨打12345。")
    promised = [use for use in found.materials if use.commitment]
    return render(
        request,
        "desks/portal/item.html",
        {
            "item": found,
            "department": known.orgs[found.org].name,
            "basis": [(cite_words(known, cite), cite.quote or "") for cite in found.basis],
            "materials": _materials(known, found),
            "promises": [(use.material, known.materials[use.material].name) for use in promised],
            "promises_public": any(use.commitment and use.commitment.public for use in promised),
            "flow": [_step(known, step) for step in found.steps],
            "fees": [_fee(known, found, number) for number in range(len(found.fees))],
            "limits": _limits(known, found),
            "results": [_result(known, o.material, o.when) for o in found.outputs],
            "questions": [
                (known.elements[use.element].name, _only_when(use.when), use.required)
                for use in found.elements
            ],
            "facts": list(_facts(known, found)),
            "events": [e for e in known.life_events.values() if any(m.item == found.id for m in e.items)],
        },
    )


def _only_when(rule: str | None) -> str:
    return f"只在{words(parse(rule))}时" if rule else ""


def _materials(known: Catalogue, item: Item) -> list[MaterialLine]:
    marked = waived()
    return [
        _material(known, use, free_words(known, item.id, use.material, waived=marked))
        for use in item.materials
    ]


def _material(known: Catalogue, use: MaterialUse, free: str) -> MaterialLine:
    material = known.materials[use.material]
    again = reuse_words(known, use.material, on=timezone.localdate())
    notes = [_only_when(use.when) + "需要"] if use.when else []
    notes += [material.form] if material.form else [f"{use.copies}份"]
    notes += ["须核验纸质原件"] if use.paper_original else []
    notes += [f"审查要点：{'；'.join(use.review_points)}"] if use.review_points else []
    notes += [f"怎么准备：{material.sample}"] if material.sample else []
    notes += ["可以签告知承诺书代替"] if use.commitment else []
    if use.deferrable:
        who = "信用良好的" if use.deferrable.good_credit else ""
        notes.append(f"{who}可以先办后补：{duration_words(use.deferrable.within)}内补交（容缺受理）")
    notes += [again] if again else []
    return MaterialLine(material.name, free, notes, cite_words(known, use.cite))


def _step(known: Catalogue, step: Step) -> tuple[str, str]:
    term = step.name or (STEPS if step.kind in SPECIAL_STEPS else _ORDINARY_STEPS)[step.kind]
    notes = [_only_when(step.when)] if step.when else []
    notes += [f"限{duration_words(step.limit)}"] if step.limit else []
    notes += [f"依据{cite_words(known, step.cite)}"] if step.cite else []
    return term, "，".join(notes)


def _fee(known: Catalogue, item: Item, number: int) -> tuple[str, str]:
    fee = item.fees[number]
    amount = f"，{format_fen(fee.amount_fen)}" if fee.amount_fen is not None else ""
    when = f"（{_only_when(fee.when)}收）" if fee.when else ""
    return f"{fee.name}：{fee.standard}{amount}{when}", cite_words(known, fee.cite)


def _limits(known: Catalogue, item: Item) -> list[tuple[str, str, str]]:
    pairs = (("承诺办结时限", item.promised_limit), ("法定办结时限", item.legal_limit))
    found = [(label, duration_words(one), cite_words(known, one.cite)) for label, one in pairs]
    return [("即办件", "材料齐全，当场办结", ""), *found] if item.on_the_spot else found


def _result(known: Catalogue, material: str, when: str | None) -> str:
    name = known.materials[material].name
    validity = known.materials[material].validity
    term = f"（有效期{duration_words(validity)}）" if validity else ""
    return f"{name}{term}" + (f"（{_only_when(when)}）" if when else "")


def _facts(known: Catalogue, item: Item) -> Iterator[Fact]:
    """The other elements of the implementation list (实施清单)."""
    whom = [word for flag, word in ((item.for_persons, "个人"), (item.for_firms, "企业")) if flag]
    yield Fact("事项类型", [item.kind.term])
    yield Fact("实施主体", [known.orgs[item.org].name])
    yield Fact("行使层级", [_LEVELS[item.level]])
    yield Fact("基本目录编码", [item.catalogue_code or "以省政务服务事项库为准，尚未取得"])
    yield Fact("面向", whom)
    yield Fact("通办范围", [SCOPES[item.scope]])
    yield Fact("到现场次数", [f"最多{item.visits_to_hall}次" if item.visits_to_hall else "不用到现场"])
    yield Fact("办理地点", [_hall(item)])
    yield Fact("送达方式", [_DELIVERIES[one] for one in item.delivery])
    yield Fact("数量限制", [item.quantity_limit or "无"])
    yield Fact("年检要求", [item.annual_check or "无"])
    yield Fact("中介服务", [_intermediary(known, one) for one in item.intermediaries] or ["无"])
    yield Fact("须在其后办理", [known.items[one].name for one in item.after] or ["无"])
    if item.tacit:
        yield Fact("逾期不答复", [f"{item.tacit.meaning}（{cite_words(known, item.tacit.cite)}）"])
    yield Fact("咨询电话", [item.consult_phone or "12345"])
    yield Fact("投诉电话", [item.complaint_phone])
    yield Fact("不服怎么办", _remedies(known, item))
    for label, value in item.same_elements.items():
        yield Fact(label, [value])


def _hall(item: Item) -> str:
    if not item.hall.in_hall:
        return f"不在政务服务大厅办：{item.hall.exempt_because}"
    return f"政务服务中心“{item.hall.counter}”窗口" if item.hall.counter else "政务服务中心综合窗口"


def _intermediary(known: Catalogue, one: Intermediary) -> str:
    return f"{one.name}，{one.fee_standard}（{cite_words(known, one.cite)}）"


def _remedies(known: Catalogue, item: Item) -> list[str]:
    general = known.settings.get("remedy")
    found = [str(general.value)] if general else []
    return found + [cite_words(known, cite) for cite in item.remedies]
