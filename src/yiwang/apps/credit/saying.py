# SPDX-License-Identifier: Apache-2.0
"""An evaluation or a score in words: what each clause counted, by which rule; what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from yiwang.engines.credit.evaluation import Change, Line, Used, formula
from yiwang.engines.rules import names, words
from yiwang.engines.rules.nodes import Negative


def line_words(line: Line, counts: Mapping[str, int]) -> str:
    """The rule of a clause in words, and the numbers it was given."""
    used = [name for name in counts if name in names(formula(line.clause.gives))]
    told = "，".join(f"{name}{counts[name]}条" for name in used)
    return f"{rule_words(line.clause.gives)}（{told}）" if told else rule_words(line.clause.gives)


def points_words(points: Decimal) -> str:
    """Points with their sign; none is 0."""
    return f"{points:+f}" if points else "0"


def change_words(change: Change, title: str) -> str:
    """What would be without one record."""
    return f"如果“{title}”不再计算（到期、修复或者异议成立）：{change.score:f}分，{change.grade.name}。"


def counted_words(used: Used) -> str:
    """Where a record counted; or that a list rests because of it."""
    return "、".join(used.indicators) or "不计分，但是守信名单因此暂停"


def resting_words(title: str) -> str:
    """That a list for the clean alone rests."""
    return f"“{title}”暂停，不计分：有在使用期内的失信信息。它们结束后自动恢复。"


@dataclass(frozen=True)
class RuleLine:
    """One line of published rules: what is counted or given, in words, and its source."""

    name: str
    says: str
    cite: str


def condition_words(text: str | None) -> str:
    """A condition in words; the last grade has none."""
    return words(formula(text)) if text else "以上都不符合的"


def rule_words(text: str) -> str:
    """What a clause gives or takes, in words."""
    rule = formula(text)
    return f"扣{words(rule.of)}" if isinstance(rule, Negative) else f"加{words(rule)}"
