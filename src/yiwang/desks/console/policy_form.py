# SPDX-License-Identifier: Apache-2.0
"""The form of a policy's draft: its fields with what was typed and what is wrong beside each, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict

from yiwang.apps.catalogue.public import OpenDraft
from yiwang.engines.benefits.draft_checks import Draft
from yiwang.engines.benefits.drafting import MANY, ROWS, SINGLE, SOURCE
from yiwang.engines.benefits.example_lines import OUTCOMES
from yiwang.engines.benefits.kinds import For, Level, View
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds.base import SourceKind

from .policy_money_form import (
    budget_fields,
    cap_fields,
    cite_fields,
    instalment_rows,
    money_fields,
    payer_rows,
    scale_fields,
    tier_rows,
)
from .policy_parts import Field, Row, docs_of

BLANKS: Final = {"conditions": 2, "tiers": 2, "payers": 2, "instalments": 3, "examples": 1}
"""Empty rows to type a new one into; asking for more gives `MORE`."""
MORE: Final = 4
FOR_WORDS = {For.FIRM: "企业", For.PERSON: "个人", For.BODY: "机关、事业单位、县区"}
_SOURCE_KINDS = {
    SourceKind.LAW: "法律", SourceKind.REGULATION: "行政法规", SourceKind.RULE: "规章、规范性文件",
    SourceKind.GAZETTE: "政府公报", SourceKind.STANDARD: "标准", SourceKind.PROCEDURE: "办事指南",
    SourceKind.SETTING: "本市自行设定",
}  # fmt: skip


@dataclass
class Page:
    """The whole form, section by section."""

    head: list[Field] = field(default_factory=list)
    conditions: list[Field] = field(default_factory=list)
    money: list[Field] = field(default_factory=list)
    scale: list[Field] = field(default_factory=list)
    tiers: list[Row] = field(default_factory=list)
    cap: list[Field] = field(default_factory=list)
    payers: list[Row] = field(default_factory=list)
    instalments: list[Row] = field(default_factory=list)
    budget: list[Field] = field(default_factory=list)
    claiming: list[Field] = field(default_factory=list)
    together: list[Field] = field(default_factory=list)
    validity: list[Field] = field(default_factory=list)
    source: list[Field] = field(default_factory=list)
    new_source: list[Field] = field(default_factory=list)
    examples: list[Row] = field(default_factory=list)
    rest: list[Field] = field(default_factory=list)
    summary: Sequence[tuple[str, str, str]] = ()
    """What is wrong, all of it: the field, what it is called, the words."""

    @property
    def plain(self) -> Sequence[list[Field]]:
        """The sections of fields that each stand alone."""
        first = (self.head, self.money, self.scale, self.cap, self.budget, self.claiming)
        return (*first, self.together, self.validity, self.source, self.rest)

    @property
    def rows(self) -> Sequence[tuple[str, list[Row]]]:
        """What a row is called, and the rows."""
        shares = (("承担", self.payers), ("分期", self.instalments))
        return (("分档", self.tiers), *shares, ("例", self.examples))


def typed_in(post: QueryDict) -> dict[str, Any]:
    """What a browser sent, by field."""
    typed: dict[str, Any] = {key: post.get(key, "") for key in SINGLE}
    typed |= {key: post.getlist(key) for key in (*MANY, "conditions")}
    for key, parts in ROWS.items():
        columns = [post.getlist(f"{key}-{part}") for part in parts]
        typed[key] = [dict(zip(parts, row, strict=True)) for row in zip(*columns, strict=False)]
    typed["source"] = {part: post.get(f"source-{part}", "") for part in SOURCE}
    return typed


def page_of(draft: OpenDraft, catalogue: Catalogue, *, more: str = "") -> Page:
    """The form of a draft; with more empty rows of one sort if asked for."""
    typed, checked = draft.typed, draft.checked
    blanks = {key: number + MORE * (more == key) for key, number in BLANKS.items()}
    blanks |= {key: max(1, blanks[key] - len(typed[key])) for key in ("payers", "instalments") if key != more}
    page = Page(
        head=list(_head(draft, catalogue)),
        conditions=list(_conditions(typed, checked, blanks["conditions"])),
        money=list(money_fields(typed, checked)),
        scale=list(scale_fields(typed)),
        tiers=list(tier_rows(typed, checked, blanks["tiers"])),
        cap=list(cap_fields(typed, catalogue)),
        payers=list(payer_rows(typed, checked, blanks["payers"])),
        instalments=list(instalment_rows(typed, checked, blanks["instalments"])),
        budget=list(budget_fields(typed, catalogue)),
        claiming=list(_claiming(typed, catalogue)),
        together=list(_together(draft, catalogue)),
        validity=list(_validity(typed, catalogue)),
        source=list(_source(typed, catalogue)),
        new_source=list(_new_source(typed)),
        examples=list(_examples(typed, checked, blanks["examples"])),
        rest=list(_rest(typed)),
    )
    for part in page.plain:
        part[:] = [_with_wrong(one, checked) for one in part]
    page.summary = list(_summary(page, checked))
    return page


def _summary(page: Page, checked: Draft) -> Iterator[tuple[str, str, str]]:
    labels = {one.key: one.label for part in (*page.plain, page.conditions) for one in part}
    labels |= {row.key: f"{words} {row.number}" for words, rows in page.rows for row in rows}
    labels |= {"source": "新的来源文件"}
    for one in checked.complaints:
        yield one.field if one.field in labels else "", labels.get(one.field, ""), one.what


def _with_wrong(one: Field, checked: Draft) -> Field:
    return Field(**{**vars(one), "wrong": checked.about(one.key)})


def _head(draft: OpenDraft, catalogue: Catalogue) -> Iterator[Field]:
    typed = draft.typed
    if draft.view.is_new:
        hint = "小写字母、数字、连字符，发布以后不能再改"
        yield Field("id", "编号", typed["id"], hint, required=True)
    yield Field("name", "名称", typed["name"], required=True)
    yield Field("to", "给谁", typed["to"], kind="radio", choices=[(k.value, v) for k, v in FOR_WORDS.items()])
    yield Field(
        "views", "列入哪些清单", typed["views"], kind="checks", required=True,
        choices=[(one.value, one.value) for one in View],
    )  # fmt: skip
    yield Field("field", "支持领域", typed["field"], "例如：科技创新", required=True)
    yield Field("support", "支持方式", typed["support"], "例如：资金奖补、税收优惠、用地", required=True)
    orgs = sorted(
        ((key, org.name) for key, org in catalogue.orgs.items()),
        key=lambda one: (one[0] not in typed["departments"], one[1]),
    )
    yield Field("departments", "责任部门", typed["departments"], kind="checks", choices=orgs, required=True)
    yield Field(
        "brings", "一句话说给什么", typed["brings"], "例如：按研发投入的10%奖励，最高50万元", required=True
    )
    levels = [(one.value, one.value) for one in Level]
    hint = "谁的政策、谁的钱；市里转发省里的，选省"
    yield Field("level", "哪一级的政策", typed["level"] or Level.CITY.value, hint, "select", levels)


def _claiming(typed: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Field]:
    """How it is claimed, as far as the source tells."""
    yield Field(
        "procedure", "怎么办", typed["procedure"], "一步一行；来源没有写的空着，页面会说“来源未规定”", "area"
    )
    yield Field("papers", "申请材料", typed["papers"], "一份一行；来源没有写的空着，不要自己加", "area")
    yield Field("takes", "办理时限", typed["takes"], "例如：每月结算一次；来源没有写的空着")
    policies: Mapping[str, Any] = catalogue.others.get("policies", {})
    used = {one.item for one in policies.values()}
    named = ((key, one.name) for key, one in catalogue.items.items())
    items = sorted(named, key=lambda one: (one[0] not in used, one[1]))
    choices = [("", "没有，照“怎么办”"), *items]
    yield Field("item", "在网上用哪个事项申领", typed["item"], kind="select", choices=choices)
    yield Field("discretion", "还要由谁核定", typed["discretion"], "例如：经省审核认定；没有不写")
    yield Field("claw_back", "什么情况下追回", typed["claw_back"], "一种情况一行；没有不写", "area")
    hint = "只作指引、不能计算的政策写在这里，一条一行；能计算的由上面的“条件”说"
    yield Field("guide", "给谁（文字）", typed["guide"], hint, "area")
    yield Field("note", "说明", typed["note"], "读法、推断，给看政策的人", "area")


def _together(draft: OpenDraft, catalogue: Catalogue) -> Iterator[Field]:
    """With which other policies it is not added up."""
    groups: dict[str, list[str]] = {}
    policies: Mapping[str, Any] = catalogue.others.get("policies", {})
    for one in policies.values():
        for each in one.not_with if one.id != draft.typed["id"] else ():
            groups.setdefault(each.group, []).append(one.name)
    given = draft.typed["group"]
    choices = [(key, f"{'、'.join(names)}") for key, names in sorted(groups.items())]
    if given and given not in groups:
        choices.append((given, f"组“{given}”"))
    hint = "和这些政策都符合的，只给最高的一项"
    yield Field("group", "不和哪些政策同时享受", given, hint, "select", [("", "没有"), *choices])
    yield from cite_fields("group", "这一条", draft.typed, catalogue)


def _validity(typed: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Field]:
    yield Field("valid_from", "从哪天起有效", typed["valid_from"], "含当天；不写为一直", "date")
    yield Field("valid_to", "到哪天为止", typed["valid_to"], "含当天；不写为没有期限", "date")
    hint = "到期以前符合条件的，收补报到哪一天，含当天；来源没有写的空着，就是不收"
    yield Field("late", "到期以后补报", typed["late"], hint, "date")
    yield from cite_fields("late", "补报", typed, catalogue)


def _conditions(typed: Mapping[str, Any], checked: Draft, blanks: int) -> Iterator[Field]:
    lines = [*typed["conditions"], *[""] * blanks]
    said = [*checked.conditions, *[""] * blanks]
    for place, (line, words) in enumerate(zip(lines, said, strict=False)):
        key = f"conditions-{place}"
        wrong = checked.about(key)
        yield Field(key, f"条件 {place + 1}", line, kind="rule", name="conditions", wrong=wrong, said=words)


def _source(typed: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Field]:
    docs = [("", "请选择"), ("new", "清单里没有，登记一个新的（写在下面）"), *docs_of(catalogue)]
    yield Field("doc", "来源文件", typed["doc"], kind="select", choices=docs, required=True)
    yield Field("at", "条、款或行号", typed["at"], "例如：第三条第（二）项", required=True)
    yield Field("quote", "原文摘录", typed["quote"], "一两句，复核的人要对照", "area")


def _new_source(typed: Mapping[str, Any]) -> Iterator[Field]:
    given = typed["source"]
    kinds = [("", "请选择"), *((key.value, words) for key, words in _SOURCE_KINDS.items())]
    yield Field("source-id", "文件编号", given["id"], "小写字母、数字、连字符，例如：zhu-zheng-2026-12")
    yield Field("source-name", "文件名称", given["name"])
    yield Field("source-number", "文号", given["number"], "例如：驻政〔2026〕12号")
    yield Field("source-kind", "种类", given["kind"], kind="select", choices=kinds)
    yield Field("source-publisher", "发文单位", given["publisher"])
    yield Field("source-published", "发文日期", given["published"], kind="date")


def _examples(typed: Mapping[str, Any], checked: Draft, blanks: int) -> Iterator[Row]:
    outcomes = list(OUTCOMES.items())
    empty = {"says": "", "facts": "", "on": "", "outcome": "gives", "value": ""}
    for place, row in enumerate([*typed["examples"], *[empty] * blanks]):
        key = f"examples-{place}"
        facts_hint, value_hint = "一行一个，例如：研发投入 = 100000", "元数；“还缺”的写数据项名称，用顿号隔开"
        fields = [
            Field(f"{key}-says", "这是谁", row["says"], "一句话，例如：正好10万元", name="examples-says"),
            Field(f"{key}-facts", "情况", row["facts"], facts_hint, "area", name="examples-facts"),
            Field(
                f"{key}-outcome",
                "应当",
                row["outcome"],
                kind="select",
                choices=outcomes,
                name="examples-outcome",
            ),
            Field(f"{key}-value", "多少", row["value"], value_hint, name="examples-value"),
            Field(
                f"{key}-on", "按哪一天算", row["on"], "不写为政策有效期的第一天", "date", name="examples-on"
            ),
        ]
        yield Row(key, place + 1, fields, checked.about(key))


def _rest(typed: Mapping[str, Any]) -> Iterator[Field]:
    hint = "免申即享、按月结算、信用限制，照定义文件的写法；不懂的不要动"
    yield Field("rest", "其他内容", typed["rest"], hint, "area")
