# SPDX-License-Identifier: Apache-2.0
"""How a policy's draft differs from what is published: in words, and line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.condition_lines import lines_of
from yiwang.engines.benefits.kinds import FORM_WORDS, PER_WORDS, Example, Form
from yiwang.engines.benefits.settlement_kinds import Budget
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.definitions.kinds import Citation
from yiwang.engines.definitions.writing import as_yaml, content_of
from yiwang.engines.rules import RuleError, parse, words
from yiwang.kernel.dates import format_date

from .policy_form import FOR_WORDS

_STEPS: Final = {
    "policy.begun": "开始起草", "policy.saved": "保存", "policy.tested": "测试", "policy.handed_in": "送审",
    "policy.reviewed": "复核", "policy.withdrawn": "作废", "policy.scheduled": "定期发布",
    "policy.held": "到期没有发布成", "policy.published": "发布",
}  # fmt: skip
_NAMES: Final = {
    "name": "名称", "to": "给谁", "level": "哪一级的政策", "views": "清单",
    "field": "支持领域", "support": "支持方式",
    "departments": "责任部门", "brings": "给什么", "valid_from": "从哪天起", "valid_to": "到哪天止",
    "discretion": "还要核定", "procedure": "怎么办", "claw_back": "追回", "not_with": "就高不重复",
    "automatic": "免申即享", "item": "申领事项", "note": "说明", "takes": "办理时限", "papers": "申请材料",
    "conditions": "给谁（文字）", "late_claims": "到期以后补报",
}  # fmt: skip
_APART: Final = ("id", "when", "money", "cite", "examples")
_MOST_STEPS: Final = 40


@dataclass(frozen=True)
class Difference:
    """One thing that is other than it was; nothing before: it is new."""

    what: str
    before: Sequence[str]
    after: Sequence[str]


def differences(before: Policy | None, after: Policy | None, catalogue: Catalogue) -> list[Difference]:
    """What the draft changes, in words; all of it for a new policy."""
    if after is None:
        return []
    found = [_conditions(before, after), _money(before, after, catalogue), _cited(before, after, catalogue)]
    was, now = (_rest(one, catalogue) for one in (before, after))
    found += [
        Difference(_NAMES.get(key, key), was.get(key, ()), now.get(key, ()))
        for key in dict.fromkeys((*was, *now))
    ]
    found.append(_examples(before, after))
    return [one for one in found if list(one.before) != list(one.after)]


def _conditions(before: Policy | None, after: Policy) -> Difference:
    was, now = (
        [_said(line) for line in lines_of(one.when)] if one and one.when else [] for one in (before, after)
    )
    return Difference("条件", was, now)


def _said(rule: str) -> str:
    try:
        return f"{words(parse(rule))}　[{rule}]"
    except RuleError:
        return rule


def _money(before: Policy | None, after: Policy, known: Catalogue) -> Difference:
    return Difference("给多少", *(list(_money_of(one, known)) if one else [] for one in (before, after)))


def _money_of(policy: Policy, known: Catalogue) -> Iterator[str]:
    money = policy.money
    if money is None:
        yield "不给钱"
        return
    form = "" if money.form is Form.PAID else f"{FORM_WORDS[money.form]}，"
    yield f"{PER_WORDS[money.per]}，{form}{'算出来的是最高限' if money.upper_bound else '算出多少给多少'}"
    if money.rule:
        yield f"{words(parse(money.rule))}（元）　[{money.rule}]"
    for row in money.tiers.rows if money.tiers else ():
        yield f"按{money.tiers.of if money.tiers else ''}，{row.test}：{row.gives} 元"
    if money.cap:
        yield f"上限：{money.cap.most}（{_placed(known, money.cap.cite)}）"
    yield from (f"{one.who}承担 {_percent(one.share)}" for one in money.payers)
    yield from (f"第 {one.year} 年付 {_percent(one.share)}" for one in money.instalments)
    if money.budget:
        yield from _budget_of(money.budget, known)


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


def _budget_of(budget: Budget, known: Catalogue) -> Iterator[str]:
    yield f"一年的预算 {budget.yuan:f} 元，{budget.order}（{_placed(known, budget.cite)}）"
    if budget.rank:
        yield f"排先后：{_said(budget.rank)}"
    yield f"不够时每年 {budget.closes} 一起按比例分" if budget.closes else "不够时按次序给，用完为止"


def _placed(known: Catalogue, cite: Citation) -> str:
    """The citation, and the line of the full text: who drafts looks it up there."""
    line = "" if cite.at in cite_words(known, cite) else f"　[{cite.at}]"
    return cite_words(known, cite) + line


def _cited(before: Policy | None, after: Policy, catalogue: Catalogue) -> Difference:
    def told(one: Policy) -> list[str]:
        lines = [_placed(catalogue, one.cite)]
        return lines + ([f"“{one.cite.quote}”"] if one.cite.quote else [])

    return Difference("来源", told(before) if before else [], told(after))


def _rest(policy: Policy | None, catalogue: Catalogue) -> Mapping[str, Sequence[str]]:
    if policy is None:
        return {}
    content = {key: value for key, value in content_of(policy).items() if key not in _APART}
    content["to"] = FOR_WORDS[policy.to]
    content["departments"] = [catalogue.orgs[one].name for one in policy.departments if one in catalogue.orgs]
    for key, day in (("valid_from", policy.valid_from), ("valid_to", policy.valid_to)):
        if day is not None:
            content[key] = format_date(day)
    return {key: _lines(value) for key, value in content.items()}


def _lines(value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    return as_yaml({"": value}).splitlines()[1:] if isinstance(value, dict | list) else [str(value)]


def _examples(before: Policy | None, after: Policy) -> Difference:
    was, now = ([_example(each) for each in one.examples] if one else [] for one in (before, after))
    return Difference("例子", was, now)


def _example(each: Example) -> str:
    if each.gives is not None:
        return f"{each.says}：{each.gives} 元"
    if each.needs:
        return f"{each.says}：还缺{'、'.join(each.needs)}"
    return f"{each.says}：{'符合' if each.fits else '不符合'}"


def text_difference(before: str, after: str) -> list[tuple[str, str]]:
    """The two files line by line: (+, − or a blank; the line), a few lines round each change."""
    if not before:
        return [("+", line) for line in after.splitlines()]
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return [("−" if line[0] == "-" else line[0], line[1:]) for line in list(found)[2:]]


def steps_of(history: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What happened, in words; of savings one after another by one person the last."""
    kept: list[Mapping[str, Any]] = []
    for entry in history:
        again = kept and entry["action"] == "policy.saved" == kept[-1]["action"]
        if again and kept[-1]["actor_name"] == entry["actor_name"]:
            kept[-1] = entry
        else:
            kept.append(entry)
    return [
        {"term": _term(entry), "who": entry["actor_name"], "at": entry["at"]} for entry in kept[-_MOST_STEPS:]
    ]


def _term(entry: Mapping[str, Any]) -> str:
    if entry["action"] == "policy.reviewed":
        return "复核同意" if entry["detail"].get("approved") else "复核退回"
    return _STEPS.get(entry["action"], entry["action"])
