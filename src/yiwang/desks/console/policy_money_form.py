# SPDX-License-Identifier: Apache-2.0
"""The form of a policy's money: rule or scale, cap, who pays which share, instalments, budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from yiwang.engines.benefits.draft_checks import Draft
from yiwang.engines.benefits.kinds import FORM_WORDS, PER_WORDS, Form
from yiwang.engines.definitions import Catalogue

from .policy_parts import Field, Row, docs_of

_FORMS: Final = {
    Form.PAID: "财政拨付的钱",
    Form.SAVED: "少缴、少付的钱（免费、减税、打折）",
    Form.DEDUCTED: "计税时少算的所得",
}
assert set(_FORMS) == set(FORM_WORDS)


def money_fields(typed: Mapping[str, Any], checked: Draft) -> Iterator[Field]:
    """How much, how often, in what form."""
    ways = [("rule", "一个算式"), ("tiers", "分档"), ("none", "不给钱")]
    yield Field("kind", "怎么给钱", typed["kind"], kind="radio", choices=ways)
    hint = "得出多少元，例如：研发投入 * 0.1；百分之十写 0.1"
    yield Field(
        "rule", "算式", typed["rule"], hint, "rule", said=checked.amount if typed["kind"] == "rule" else ""
    )
    per = [(key.value, words) for key, words in PER_WORDS.items()]
    yield Field("per", "多久给一次", typed["per"] or "once", kind="select", choices=per)
    forms = [(key.value, words) for key, words in _FORMS.items()]
    yield Field("form", "算出来的是什么", typed["form"] or "paid", kind="select", choices=forms)
    bound = [("", "就给这么多"), ("yes", "原文写的是“最高”，实际数额另行核定")]
    yield Field("upper_bound", "算出来的数", typed["upper_bound"], kind="select", choices=bound)


def scale_fields(typed: Mapping[str, Any]) -> Iterator[Field]:
    """What a scale goes by."""
    yield Field("tiers_of", "按什么分档", typed["tiers_of"], "一个数据项或算式，例如：总投资额", "rule")
    yield Field("otherwise", "各档之外给多少元", typed["otherwise"], "不写为不给；各档之间不能留空当", "rule")


def tier_rows(typed: Mapping[str, Any], checked: Draft, blanks: int) -> Iterator[Row]:
    """The steps of a scale, and some empty ones."""
    empty = [{"test": "", "gives": ""}] * blanks
    for place, row in enumerate([*typed["tiers"], *empty]):
        key, number = f"tiers-{place}", place + 1
        fields = [
            Field(f"{key}-test", f"第 {number} 档的范围", row["test"], name="tiers-test", kind="rule"),
            Field(f"{key}-gives", f"第 {number} 档给多少元", row["gives"], name="tiers-gives", kind="rule"),
        ]
        yield Row(key, number, fields, checked.about(key))


def cap_fields(typed: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Field]:
    """The most that is given, by which clause."""
    yield Field("cap", "最高不超过（元）", typed["cap"], "没有上限不写", "rule")
    yield from cite_fields("cap", "上限", typed, catalogue)


def payer_rows(typed: Mapping[str, Any], checked: Draft, blanks: int) -> Iterator[Row]:
    """Who pays which share, and some empty rows."""
    for place, row in enumerate([*typed["payers"], *[{"who": "", "share": ""}] * blanks]):
        key, number = f"payers-{place}", place + 1
        fields = [
            Field(f"{key}-who", f"第 {number} 方", row["who"], name="payers-who"),
            Field(f"{key}-share", f"第 {number} 方承担百分之几", row["share"], name="payers-share"),
        ]
        yield Row(key, number, fields, checked.about(key))


def instalment_rows(typed: Mapping[str, Any], checked: Draft, blanks: int) -> Iterator[Row]:
    """In which year which share, and some empty rows."""
    for place, row in enumerate([*typed["instalments"], *[{"year": "", "share": ""}] * blanks]):
        key, number = f"instalments-{place}", place + 1
        fields = [
            Field(f"{key}-year", f"第 {number} 次在第几年付", row["year"], name="instalments-year"),
            Field(f"{key}-share", f"第 {number} 次付百分之几", row["share"], name="instalments-share"),
        ]
        yield Row(key, number, fields, checked.about(key))


def budget_fields(typed: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Field]:
    """What there is in a year, who is served first, what happens when it runs out."""
    yield Field("budget", "一年一共多少元", typed["budget"], "没有总额限制不写，下面几栏也不用写")
    yield Field("budget_order", "先给谁", typed["budget_order"], "例如：按市里复核通过的先后")
    ways = [("queue", "按次序给，用完为止，后面的等下一年"), ("share", "到那一天一起按同一比例分")]
    yield Field("budget_short", "不够的时候", typed["budget_short"] or "queue", kind="select", choices=ways)
    yield Field(
        "budget_closes", "每年哪一天一起分", typed["budget_closes"], "月-日，例如：12-20；按次序给的不写"
    )
    hint = "数大的在前，例如：研发投入；不写为按先后时间"
    yield Field("budget_rank", "按什么排先后", typed["budget_rank"], hint, "rule")
    yield from cite_fields("budget", "预算", typed, catalogue)


def cite_fields(of: str, words: str, typed: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Field]:
    """By which document and clause something else than the policy itself is said."""
    docs = [("", "和政策同一个文件"), *docs_of(catalogue)]
    yield Field(f"{of}_doc", f"{words}写在哪个文件", typed[f"{of}_doc"], kind="select", choices=docs)
    yield Field(f"{of}_at", f"{words}在哪一条", typed[f"{of}_at"], "不写为和政策同一条")
    yield Field(f"{of}_quote", f"{words}的原文", typed[f"{of}_quote"])
