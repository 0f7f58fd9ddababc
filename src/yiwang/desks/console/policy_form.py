# SPDX-License-Identifier: Apache-2.0
"""The form of a policy's draft: its fields with what was typed and what is wrong beside each, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict

from yiwang.apps.catalogue.public import OpenDraft
from yiwang.engines.benefits.draft_checks import Draft
from yiwang.engines.benefits.drafting import CAP, CITE, MANY, MONEY, ROWS, SOURCE, TEXTS, Complaint
from yiwang.engines.benefits.example_lines import OUTCOMES
from yiwang.engines.benefits.kinds import PER_WORDS, For, View
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds.base import SourceKind

Choices = Sequence[tuple[str, str]]
BLANKS: Final = {"conditions": 2, "tiers": 2, "examples": 1}
"""Empty rows to type a new one into; asking for more gives `MORE`."""
MORE: Final = 4
FOR_WORDS = {For.FIRM: "企业", For.PERSON: "个人", For.BODY: "机关、事业单位、县区"}
_SOURCE_KINDS = {
    SourceKind.LAW: "法律", SourceKind.REGULATION: "行政法规", SourceKind.RULE: "规章、规范性文件",
    SourceKind.GAZETTE: "政府公报", SourceKind.STANDARD: "标准", SourceKind.PROCEDURE: "办事指南",
    SourceKind.SETTING: "本市自行设定",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field as its template shows it. `kind`: text, date, area, rule, select, radio, checks."""

    key: str
    label: str
    value: Any = ""
    hint: str = ""
    kind: str = "text"
    choices: Choices = ()
    wrong: Sequence[Complaint] = ()
    required: bool = False
    name: str = ""
    said: str = ""

    @property
    def sent_as(self) -> str:
        """The name under which it is sent."""
        return self.name or self.key


@dataclass(frozen=True)
class Row:
    """One of several of a kind: its fields, and what is wrong with it as a whole."""

    key: str
    number: int
    fields: Sequence[Field]
    wrong: Sequence[Complaint] = ()


@dataclass
class Page:
    """The whole form, section by section."""

    head: list[Field] = field(default_factory=list)
    conditions: list[Field] = field(default_factory=list)
    money: list[Field] = field(default_factory=list)
    scale: list[Field] = field(default_factory=list)
    tiers: list[Row] = field(default_factory=list)
    cap: list[Field] = field(default_factory=list)
    validity: list[Field] = field(default_factory=list)
    source: list[Field] = field(default_factory=list)
    new_source: list[Field] = field(default_factory=list)
    examples: list[Row] = field(default_factory=list)
    rest: list[Field] = field(default_factory=list)
    summary: Sequence[tuple[str, str, str]] = ()
    """What is wrong, all of it: the field, what it is called, the words."""


def typed_in(post: QueryDict) -> dict[str, Any]:
    """What a browser sent, by field."""
    typed: dict[str, Any] = {
        key: post.get(key, "") for key in (*TEXTS, *MONEY, *CAP, *CITE, "procedure", "rest")
    }
    typed |= {key: post.getlist(key) for key in (*MANY, "conditions")}
    for key, parts in ROWS.items():
        columns = [post.getlist(f"{key}-{part}") for part in parts]
        typed[key] = [dict(zip(parts, row, strict=True)) for row in zip(*columns, strict=False)]
    typed["source"] = {part: post.get(f"source-{part}", "") for part in SOURCE}
    return typed


def page_of(draft: OpenDraft, catalogue: Catalogue, *, more: str = "") -> Page:
    """The form of a draft; with more empty rows of one sort if asked for."""
    typed, checked = draft.typed, draft.checked
    page = Page(
        head=list(_head(draft, catalogue)),
        conditions=list(_conditions(typed, checked, BLANKS["conditions"] + MORE * (more == "conditions"))),
        money=list(_money(typed, checked)),
        scale=list(_scale(typed)),
        tiers=list(_tiers(typed, checked, BLANKS["tiers"] + MORE * (more == "tiers"))),
        cap=list(_cap(typed, checked, catalogue)),
        validity=[
            Field("valid_from", "从哪天起有效", typed["valid_from"], "含当天；不写为一直", "date"),
            Field("valid_to", "到哪天为止", typed["valid_to"], "含当天；不写为没有期限", "date"),
        ],
        source=list(_source(typed, catalogue)),
        new_source=list(_new_source(typed)),
        examples=list(_examples(typed, checked, BLANKS["examples"] + MORE * (more == "examples"))),
        rest=list(_rest(typed)),
    )
    for part in (page.head, page.money, page.scale, page.cap, page.validity, page.source, page.rest):
        part[:] = [_with_wrong(one, checked) for one in part]
    page.summary = list(_summary(page, checked))
    return page


def _summary(page: Page, checked: Draft) -> Iterator[tuple[str, str, str]]:
    parts = (
        page.head,
        page.conditions,
        page.money,
        page.scale,
        page.cap,
        page.validity,
        page.source,
        page.rest,
    )
    labels = {one.key: one.label for part in parts for one in part}
    labels |= {row.key: f"第 {row.number} 档" for row in page.tiers} | {"source": "新的来源文件"}
    labels |= {row.key: f"例 {row.number}" for row in page.examples}
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
    yield Field("procedure", "怎么办", typed["procedure"], "一步一行；不用申请的不写", "area")
    yield Field("discretion", "还要由谁核定", typed["discretion"], "例如：经省审核认定；没有不写")


def _conditions(typed: Mapping[str, Any], checked: Draft, blanks: int) -> Iterator[Field]:
    lines = [*typed["conditions"], *[""] * blanks]
    said = [*checked.conditions, *[""] * blanks]
    for place, (line, words) in enumerate(zip(lines, said, strict=False)):
        key = f"conditions-{place}"
        wrong = checked.about(key)
        yield Field(key, f"条件 {place + 1}", line, kind="rule", name="conditions", wrong=wrong, said=words)


def _money(typed: Mapping[str, Any], checked: Draft) -> Iterator[Field]:
    ways = [("rule", "一个算式"), ("tiers", "分档"), ("none", "不给钱")]
    yield Field("kind", "怎么给钱", typed["kind"], kind="radio", choices=ways)
    hint = "得出多少元，例如：研发投入 * 0.1；百分之十写 0.1"
    yield Field(
        "rule", "算式", typed["rule"], hint, "rule", said=checked.amount if typed["kind"] == "rule" else ""
    )
    per = [(key.value, words) for key, words in PER_WORDS.items()]
    yield Field("per", "多久给一次", typed["per"] or "once", kind="select", choices=per)
    bound = [("", "就给这么多"), ("yes", "原文写的是“最高”，实际数额另行核定")]
    yield Field("upper_bound", "算出来的数", typed["upper_bound"], kind="select", choices=bound)


def _scale(typed: Mapping[str, Any]) -> Iterator[Field]:
    yield Field("tiers_of", "按什么分档", typed["tiers_of"], "一个数据项或算式，例如：总投资额", "rule")
    yield Field("otherwise", "各档之外给多少元", typed["otherwise"], "不写为不给；各档之间不能留空当", "rule")


def _tiers(typed: Mapping[str, Any], checked: Draft, blanks: int) -> Iterator[Row]:
    empty = [{"test": "", "gives": ""}] * blanks
    for place, row in enumerate([*typed["tiers"], *empty]):
        key, number = f"tiers-{place}", place + 1
        fields = [
            Field(f"{key}-test", f"第 {number} 档的范围", row["test"], name="tiers-test", kind="rule"),
            Field(f"{key}-gives", f"第 {number} 档给多少元", row["gives"], name="tiers-gives", kind="rule"),
        ]
        yield Row(key, number, fields, checked.about(key))


def _cap(typed: Mapping[str, Any], checked: Draft, catalogue: Catalogue) -> Iterator[Field]:
    yield Field("cap", "最高不超过（元）", typed["cap"], "没有上限不写", "rule")
    docs = [("", "和政策同一个文件"), *_docs(catalogue)]
    yield Field("cap_doc", "上限写在哪个文件", typed["cap_doc"], kind="select", choices=docs)
    yield Field("cap_at", "上限在哪一条", typed["cap_at"], "不写为和政策同一条")
    yield Field("cap_quote", "上限的原文", typed["cap_quote"])


def _docs(catalogue: Catalogue) -> list[tuple[str, str]]:
    named = [
        (key, f"{one.name}（{one.number}）" if one.number else one.name)
        for key, one in catalogue.sources.items()
    ]
    return sorted(named, key=lambda one: one[1])


def _source(typed: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Field]:
    docs = [("", "请选择"), ("new", "清单里没有，登记一个新的（写在下面）"), *_docs(catalogue)]
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
    hint = "市县分担、分期、就高不重复的组、免申即享等，照定义文件的写法；不懂的不要动"
    yield Field("rest", "其他内容", typed["rest"], hint, "area")
